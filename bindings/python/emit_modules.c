/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants, kinds of handles, classes and modules as tables.
 *
 *     handle virDomainSnapshot
 *         parent-attribute _dom
 *         text A snapshot of a domain.
 */
#include <string.h>

#include "emit.h"
#include "handle_kinds.h"

static size_t add_constants(struct buffer *buffer, const struct surface *surface,
                            enum library library)
{
    const struct api *api = surface->emission->plans->api;
    size_t count = 0;

    for (size_t i = 0; i < api->constant_count; i++) {
        const struct constant *constant = &api->constants[i];

        if (constant->library != library || !surface_has_constant(surface, constant))
            continue;
        buffer_printf(buffer, "{\"%s\", %u, %s, %lld%s},\n", constant->name, constant->version,
                      constant->kind == CONSTANT_STRING ? text_c_string(constant->string) : "NULL",
                      constant->kind == CONSTANT_STRING ? 0 : constant->value,
                      constant->kind != CONSTANT_STRING && constant->value > 2147483647 ? "LL"
                                                                                        : "");
        count++;
    }
    return count;
}

static size_t constants_in(const struct surface *surface, enum library library)
{
    const struct api *api = surface->emission->plans->api;
    size_t count = 0;

    for (size_t i = 0; i < api->constant_count; i++)
        count += api->constants[i].library == library &&
                 surface_has_constant(surface, &api->constants[i]);
    return count;
}

static size_t functions_in(const struct surface *surface, const char *module,
                           const char *class_name)
{
    size_t count = 0;

    for (size_t i = 0; i < surface->function_count; i++)
        count += belongs_to(&surface->functions[i], module, class_name);
    return count;
}

static const char *functions_table(const char *name, size_t count)
{
    return count ? arena_printf("functions_%s, %zu", name, count) : "NULL, 0";
}

/* ---- kinds of handles ---- */

static const char *kind_members(const struct surface *surface, const struct handle_plan *plan)
{
    const char *subject = arena_printf("handle %s", plan->handle->name);
    const char *attribute = plan->parent
                                ? text_c_string(names_text(surface->emission->names, subject,
                                                           "parent-attribute", "_conn"))
                                : "NULL";

    return arena_printf(".name = \"%s\",\n"
                        ".parent_attribute = %s,",
                        plan->handle->name, attribute);
}

static const struct kind_rules kind_rules = {
    .class_type = "PyTypeObject *",
    .class_word = "type",
    .members = kind_members,
    .list_end = "};\n"
                "const size_t handle_kind_count = sizeof handle_kinds / sizeof *handle_kinds;\n",
};

/* ---- modules ---- */

struct module_text {
    struct buffer externs, classes, modules;
};

static void add_classes(struct module_text *text, const struct surface *surface, const char *module,
                        size_t *count)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer rows = {0};

    *count = 0;
    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const char *name = plans->handle_plans[i].handle->name;
        const char *subject = arena_printf("handle %s", name);
        const size_t functions = functions_in(surface, module, name);

        if (!text_equal(python_module_of(plans->handle_plans[i].handle->library), module))
            continue;
        if (functions)
            buffer_printf(&text->externs,
                          "extern const struct function_definition functions_%s[];\n", name);
        buffer_printf(&rows, "{&handle_kind_%s,\n %s,\n %s},\n", name,
                      text_c_string(surface_fact(surface, subject, "text")),
                      functions_table(name, functions));
        ++*count;
    }
    if (*count)
        text_fill(&text->classes,
                  "static const struct class_definition classes_@module@[] = {\n"
                  "    @rows@\n"
                  "};\n"
                  "\n",
                  "module", module, "rows", buffer_text(&rows), NULL);
}

static void add_module(struct module_text *text, const struct surface *surface,
                       enum library library, const char *enumerator)
{
    const char *module = python_module_of(library);
    const size_t functions = functions_in(surface, module, NULL);
    const size_t constants = constants_in(surface, library);
    size_t classes;

    add_classes(text, surface, module, &classes);
    if (functions)
        buffer_printf(&text->externs, "extern const struct function_definition functions_%s[];\n",
                      module);
    if (constants)
        buffer_printf(&text->externs, "extern const struct constant_definition constants_%s[];\n",
                      module);
    buffer_printf(&text->modules, "{\"%s\",\n %s,\n %s,\n %s,\n %s,\n %s},\n", module, enumerator,
                  text_c_string(surface_fact(surface, arena_printf("module %s", module), "text")),
                  classes ? arena_printf("classes_%s, %zu", module, classes) : "NULL, 0",
                  functions_table(module, functions),
                  constants ? arena_printf("constants_%s, %zu", module, constants) : "NULL, 0");
}

void python_emit_modules(const struct surface *surface, struct output *output)
{
    struct buffer file = {0};
    struct module_text text = {0};

    emit_handle_kinds(surface, &kind_rules, output);
    add_module(&text, surface, LIBRARY_LIBVIRT, "VIR_LIBRARY_LIBVIRT");
    add_module(&text, surface, LIBRARY_ADMIN, "VIR_LIBRARY_ADMIN");
    add_module(&text, surface, LIBRARY_LXC, "VIR_LIBRARY_LXC");
    add_module(&text, surface, LIBRARY_QEMU, "VIR_LIBRARY_QEMU");
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: Python's modules and classes. */\n"
              "#include \"runtime.h\"\n"
              "\n"
              "@externs@\n"
              "\n"
              "@classes@\n"
              "const struct module_definition module_definitions[] = {\n"
              "    @modules@\n"
              "};\n"
              "const size_t module_definition_count =\n"
              "    sizeof module_definitions / sizeof *module_definitions;\n",
              "externs", buffer_text(&text.externs), "classes", buffer_text(&text.classes),
              "modules", buffer_text(&text.modules), NULL);
    output_add(output, "module_tables.c", &file);
}

void python_emit_constants(const struct surface *surface, struct output *output)
{
    struct buffer file = {0}, tables = {0};

    for (int library = 0; library < LIBRARY_COUNT; library++) {
        struct buffer rows = {0};

        if (add_constants(&rows, surface, (enum library)library))
            text_fill(&tables,
                      "const struct constant_definition constants_@module@[] = {\n"
                      "    @rows@\n"
                      "};\n"
                      "\n",
                      "module", python_module_of((enum library)library), "rows", buffer_text(&rows),
                      NULL);
    }
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: libvirt's constants. */\n"
              "#include \"runtime.h\"\n"
              "\n"
              "@tables@\n",
              "tables", buffer_text(&tables), NULL);
    buffer_fit(&file);
    output_add(output, "constant_tables.c", &file);
}
