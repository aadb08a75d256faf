/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of glue, one a class and one a module's functions, each with the table that Python's
 * types and modules are built from; and the tables of the modules under C's names. */
#include <stdlib.h>
#include <string.h>

#include "emit_rows.h"

static const char *glue_name(const struct python_function *function)
{
    return arena_printf("%s_%s", function->by_hand ? "override" : "call",
                        function->plan->function->name);
}

static const char *method_flags(const struct python_function *function)
{
    return function->parameter_count ? "METH_FASTCALL | METH_KEYWORDS" : "METH_NOARGS";
}

static int by_python_name(const void *a, const void *b)
{
    return strcmp((*(const struct python_function *const *)a)->name,
                  (*(const struct python_function *const *)b)->name);
}

/* Those of one class, or of a module outside its classes. */
static const struct python_function **group_of(const struct surface *surface, const char *module,
                                               const char *class_name, size_t *count)
{
    const struct python_function **group = NULL;

    *count = 0;
    for (size_t i = 0; i < surface->function_count; i++)
        if (belongs_to(&surface->functions[i], module, class_name))
            *VECTOR_ADD(group, *count) = &surface->functions[i];
    if (*count)
        sort_items(group, *count, sizeof *group, by_python_name);
    return group;
}

/* The same name twice in one class: somebody has to give way. */
static void check_names(const struct python_function *const *group, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (text_equal(group[i - 1]->name, group[i]->name))
            error_at(group[i]->plan->function->location, "%s and %s would both be %s in Python",
                     group[i - 1]->plan->function->name, group[i]->plan->function->name,
                     python_path(group[i], true));
}

static const char parameter_type_text[] = "VIR_TYPED_PARAM_";

/* The keys that an argument knows, with their types. */
static void add_keys(struct buffer *buffer, const struct surface *surface, const struct plan *plan,
                     const struct step *step)
{
    const struct api *api = surface->emission->plans->api;
    struct buffer rows = {0};
    const struct constant **found = NULL;
    size_t count = 0;
    size_t row_count = 0;
    char *globs = arena_copy(step->keys ? step->keys : "");
    char *rest = NULL;

    for (char *glob = strtok_r(globs, " ", &rest); glob; glob = strtok_r(NULL, " ", &rest))
        for (size_t i = 0; i < api->constant_count; i++)
            if (api->constants[i].kind == CONSTANT_STRING && api->constants[i].parameter_type &&
                glob_match(glob, api->constants[i].name, NULL))
                *VECTOR_ADD(found, count) = &api->constants[i];
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (strcmp(found[i]->string, found[j]->string) > 0) {
                const struct constant *swap = found[i];
                found[i] = found[j];
                found[j] = swap;
            }
    for (size_t i = 0; i < count; i++)
        if (!i || !text_equal(found[i - 1]->string, found[i]->string)) {
            buffer_printf(&rows, "{%s, %s%s},\n", text_c_string(found[i]->string),
                          parameter_type_text, found[i]->parameter_type);
            row_count++;
        }
    if (!count) {
        text_fill(buffer, "static const struct params_keys @name@ = {NULL, 0};\n\n", "name",
                  keys_name(plan, step), NULL);
        return;
    }
    text_fill(buffer,
              "static const struct params_key @name@_rows[] = {\n"
              "    @rows@\n"
              "};\n"
              "static const struct params_keys @name@ = {\n"
              "    @name@_rows, @count@};\n"
              "\n",
              "name", keys_name(plan, step), "rows", buffer_text(&rows), "count",
              arena_printf("%zu", row_count), NULL);
}

static void add_function(struct buffer *buffer, const struct surface *surface,
                         const struct python_function *function)
{
    if (function->by_hand)
        return;
    for (size_t i = 0; i < function->plan->step_count; i++)
        if (function->plan->steps[i].pattern == PATTERN_PARAMS)
            add_keys(buffer, surface, function->plan, &function->plan->steps[i]);
    emit_glue(buffer, surface, function);
}

static void add_row(struct buffer *buffer, const struct surface *surface,
                    const struct python_function *function)
{
    buffer_printf(buffer, "{\"%s\", \"%s\",\n FUNCTION(%s), %s,\n %s},\n",
                  function->plan->function->name, function->name, glue_name(function),
                  method_flags(function), text_c_string(python_documentation(surface, function)));
}

static void emit_group(const struct surface *surface, struct output *output, const char *module,
                       const char *class_name)
{
    size_t count;
    const struct python_function **group = group_of(surface, module, class_name, &count);
    const char *name = class_name ? class_name : module;
    struct buffer file = {0}, glue = {0}, rows = {0};

    if (!count)
        return;
    check_names(group, count);
    for (size_t i = 0; i < count; i++) {
        add_function(&glue, surface, group[i]);
        add_row(&rows, surface, group[i]);
    }
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: @what@ @name@. */\n"
              "#include \"glue.h\"\n"
              "\n"
              "#include <stdlib.h>\n"
              "#include <string.h>\n"
              "\n"
              "#include \"collect.h\"\n"
              "#include \"overrides/overrides.h\"\n"
              "#include \"pack.h\"\n"
              "#include \"records.h\"\n"
              "\n"
              "@glue@\n"
              "const struct function_definition functions_@name@[] = {\n"
              "    @rows@\n"
              "};\n",
              "what", class_name ? "the methods of" : "the functions of", "name", name, "glue",
              buffer_text(&glue), "rows", buffer_text(&rows), NULL);
    output_add(output, arena_printf("glue_%s.c", name), &file);
}

/* ---- modules under C's names ---- */

struct raw_row {
    const char *name;
    const struct python_function *function;
};

static int by_raw_name(const void *a, const void *b)
{
    return strcmp(((const struct raw_row *)a)->name, ((const struct raw_row *)b)->name);
}

/* `raw-name NAME`: where the established modules do not use C's name. */
static const char *raw_name(const struct surface *surface, const struct python_function *function)
{
    const char *c_name = function->plan->function->name;

    return names_text(surface->emission->names, c_name, "raw-name", c_name);
}

static void add_raw_module(struct buffer *tables, struct buffer *modules,
                           const struct surface *surface, enum library library, const char *module,
                           const char *library_enumerator)
{
    struct buffer items = {0};
    struct raw_row *rows = NULL;
    size_t count = 0;

    for (size_t i = 0; i < surface->function_count; i++)
        if (surface->functions[i].plan->function->library == library)
            *VECTOR_ADD(rows, count) =
                (struct raw_row){raw_name(surface, &surface->functions[i]), &surface->functions[i]};
    if (!count)
        return;
    sort_items(rows, count, sizeof *rows, by_raw_name);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&items, "{\"%s\", \"%s\",\n FUNCTION(%s),\n %s, %s},\n", rows[i].name,
                      rows[i].function->plan->function->name, glue_name(rows[i].function),
                      method_flags(rows[i].function),
                      rows[i].function->class_name ? "true" : "false");
    text_fill(tables,
              "static const struct raw_function_definition functions_@name@[] = {\n"
              "    @items@\n"
              "};\n"
              "\n",
              "name", module, "items", buffer_text(&items), NULL);
    buffer_printf(modules, "{\"%s\", %s, functions_%s, %zu},\n", module, library_enumerator, module,
                  count);
}

static void emit_raw_modules(const struct surface *surface, struct output *output)
{
    static const struct {
        enum library library;
        const char *name;
        const char *enumerator;
    } raw_modules[] = {
        {LIBRARY_LIBVIRT, "libvirtmod", "VIR_LIBRARY_LIBVIRT"},
        {LIBRARY_LXC, "libvirtmod_lxc", "VIR_LIBRARY_LXC"},
        {LIBRARY_QEMU, "libvirtmod_qemu", "VIR_LIBRARY_QEMU"},
    };
    struct buffer file = {0}, rows = {0}, modules = {0};

    for (size_t i = 0; i < sizeof raw_modules / sizeof *raw_modules; i++)
        add_raw_module(&rows, &modules, surface, raw_modules[i].library, raw_modules[i].name,
                       raw_modules[i].enumerator);
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: the same glue under C's names. */\n"
              "#include \"glue.h\"\n"
              "\n"
              "#include \"overrides/overrides.h\"\n"
              "\n"
              "@rows@\n"
              "const struct raw_module_definition raw_module_definitions[] = {\n"
              "    @modules@\n"
              "};\n"
              "const size_t raw_module_definition_count =\n"
              "    sizeof raw_module_definitions / sizeof *raw_module_definitions;\n",
              "rows", buffer_text(&rows), "modules", buffer_text(&modules), NULL);
    output_add(output, "raw_module_tables.c", &file);
}

static void emit_header(const struct surface *surface, struct output *output)
{
    struct buffer file = {0}, declarations = {0};

    for (size_t i = 0; i < surface->function_count; i++)
        buffer_printf(&declarations, "%s(%s);\n",
                      surface->functions[i].parameter_count ? "GLUE" : "GLUE_PLAIN",
                      glue_name(&surface->functions[i]));
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: one glue function a function of libvirt. */\n"
              "#pragma once\n"
              "\n"
              "#include \"runtime.h\"\n"
              "\n"
              "#define GLUE(name)                                                            \\\n"
              "    PyObject *name(PyObject *self, PyObject *const *arguments,                \\\n"
              "                   Py_ssize_t argument_count, PyObject *keywords)\n"
              "#define GLUE_PLAIN(name) PyObject *name(PyObject *self, PyObject *unused)\n"
              "#define FUNCTION(function) ((PyCFunction)(void (*)(void))function)\n"
              "\n"
              "@declarations@\n",
              "declarations", buffer_text(&declarations), NULL);
    output_add(output, "glue.h", &file);
}

void emit_functions(const struct surface *surface, struct output *output)
{
    const struct plans *plans = surface->emission->plans;

    emit_header(surface, output);
    for (int library = 0; library < LIBRARY_COUNT; library++)
        emit_group(surface, output, python_module_of((enum library)library), NULL);
    for (size_t i = 0; i < plans->handle_plan_count; i++)
        emit_group(surface, output, python_module_of(plans->handle_plans[i].handle->library),
                   plans->handle_plans[i].handle->name);
    emit_raw_modules(surface, output);
}
