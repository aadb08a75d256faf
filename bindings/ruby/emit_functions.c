/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of glue, one a class and one a module's functions, each with the table that Ruby's
 * methods are made from. */
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "rows.h"

const char *ruby_owner(const struct bound_function *function)
{
    return function->class_name ? function->class_name : function->module;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **ruby_owners(const struct surface *surface, size_t *count)
{
    const char **owners = NULL;
    size_t kept = 0;

    *count = 0;
    for (size_t i = 0; i < surface->function_count; i++)
        *VECTOR_ADD(owners, *count) = ruby_owner(&surface->functions[i]);
    sort_items(owners, *count, sizeof *owners, by_text);
    for (size_t i = 0; i < *count; i++)
        if (!kept || !text_equal(owners[kept - 1], owners[i]))
            owners[kept++] = owners[i];
    *count = kept;
    return owners;
}

static bool is_method(const struct surface *surface, const struct bound_function *function)
{
    return !ruby_is_merged(surface, function->plan);
}

/* Called by a name of the other kind than a setter's, or the other way round. */
static bool is_otherwise(const struct surface *surface, const struct bound_function *function)
{
    const struct bound_function *main = surface_find(surface, function->plan->function->name);

    return ruby_is_setter(main) != ruby_is_setter(function);
}

char *ruby_glue_name(const struct surface *surface, const struct bound_function *function)
{
    return arena_printf("%s_%s%s", function->by_hand ? "override" : "call",
                        function->plan->function->name,
                        is_otherwise(surface, function) ? "_one_by_one" : "");
}

struct bound_function ruby_renamed(const struct bound_function *function, const char *name)
{
    struct bound_function copy = *function;

    copy.name = name;
    return copy;
}

bool ruby_takes_one_by_one(const struct surface *surface, const struct bound_function *function,
                           struct bound_function *other)
{
    size_t count;
    const char *const *names = ruby_other_names(surface, function, &count);

    for (size_t i = 0; i < count; i++) {
        *other = ruby_renamed(function, names[i]);
        if (is_otherwise(surface, other))
            return true;
    }
    return false;
}

static int by_c_name(const void *a, const void *b)
{
    return strcmp((*(const struct bound_function *const *)a)->plan->function->name,
                  (*(const struct bound_function *const *)b)->plan->function->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct bound_function *)a)->name,
                  ((const struct bound_function *)b)->name);
}

static const struct bound_function **group_of(const struct surface *surface, const char *owner,
                                              size_t *count)
{
    const struct bound_function **group = NULL;

    *count = 0;
    for (size_t i = 0; i < surface->function_count; i++)
        if (text_equal(ruby_owner(&surface->functions[i]), owner) &&
            is_method(surface, &surface->functions[i]))
            *VECTOR_ADD(group, *count) = &surface->functions[i];
    sort_items(group, *count, sizeof *group, by_c_name);
    return group;
}

/* Under all their names. */
static struct bound_function *methods_of(const struct surface *surface,
                                         const struct bound_function *const *group,
                                         size_t group_count, size_t *count)
{
    struct bound_function *methods = NULL;

    *count = 0;
    for (size_t i = 0; i < group_count; i++) {
        size_t others;
        const char *const *names = ruby_other_names(surface, group[i], &others);

        *VECTOR_ADD(methods, *count) = *group[i];
        for (size_t j = 0; j < others; j++)
            *VECTOR_ADD(methods, *count) = ruby_renamed(group[i], names[j]);
    }
    sort_items(methods, *count, sizeof *methods, by_name);
    return methods;
}

/* The same name twice in one class: somebody has to give way. */
static void check_names(const struct bound_function *methods, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (text_equal(methods[i - 1].name, methods[i].name) &&
            !methods[i - 1].class_name == !methods[i].class_name)
            error_at(methods[i].plan->function->location, "%s and %s would both be %s in Ruby",
                     methods[i - 1].plan->function->name, methods[i].plan->function->name,
                     ruby_path(&methods[i]));
}

static void add_row(struct buffer *buffer, const struct surface *surface,
                    const struct bound_function *function)
{
    const struct plan *plain = ruby_plain(surface, function->plan);

    buffer_printf(buffer, "{\"%s\", \"%s\",\n FUNCTION(%s), %d, %s},\n",
                  plain ? plain->function->name : function->plan->function->name, function->name,
                  ruby_glue_name(surface, function), ruby_arity(function),
                  function->class_name ? "false" : "true");
}

static void emit_group(const struct surface *surface, struct output *output, const char *owner)
{
    size_t count, method_count;
    const struct bound_function **group = group_of(surface, owner, &count);
    const struct bound_function *methods = methods_of(surface, group, count, &method_count);
    const char *name = ruby_file_name(owner);
    struct buffer file = {0}, glue = {0}, rows = {0};

    check_names(methods, method_count);
    for (size_t i = 0; i < count; i++)
        if (!group[i]->by_hand) {
            rows_add_keys(&glue, surface->emission->plans->api, group[i]->plan);
            ruby_emit_glue(&glue, surface, group[i]);
        }
    for (size_t i = 0; i < method_count; i++)
        add_row(&rows, surface, &methods[i]);
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: the methods of @owner@. */\n"
              "#include \"glue.h\"\n"
              "\n"
              "#include <stdlib.h>\n"
              "#include <string.h>\n"
              "\n"
              "#include \"collect.h\"\n"
              "#include \"records.h\"\n"
              "\n"
              "@glue@\n"
              "const struct function_definition functions_@name@[] = {\n"
              "    @rows@\n"
              "    {NULL, NULL, NULL, 0, false},\n"
              "};\n",
              "owner", owner, "name", name, "glue", buffer_text(&glue), "rows", buffer_text(&rows),
              NULL);
    buffer_fit(&file);
    output_add(output, arena_printf("glue_%s.c", name), &file);
}

static void add_declarations(struct buffer *declarations, const struct surface *surface,
                             const struct bound_function *function)
{
    struct bound_function other;

    buffer_printf(declarations, "VALUE %s(%s);\n", ruby_glue_name(surface, function),
                  ruby_glue_parameters(function));
    if (ruby_takes_one_by_one(surface, function, &other))
        buffer_printf(declarations, "VALUE %s(%s);\n", ruby_glue_name(surface, &other),
                      ruby_glue_parameters(&other));
}

static void emit_header(const struct surface *surface, struct output *output)
{
    struct buffer file = {0}, declarations = {0};

    for (size_t i = 0; i < surface->function_count; i++)
        if (is_method(surface, &surface->functions[i]))
            add_declarations(&declarations, surface, &surface->functions[i]);
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: one glue function a method, those written by hand\n"
              " * included. */\n"
              "#pragma once\n"
              "\n"
              "#include \"runtime.h\"\n"
              "\n"
              "#define FUNCTION(function) ((VALUE (*)(ANYARGS))(void (*)(void))function)\n"
              "\n"
              "@declarations@\n",
              "declarations", buffer_text(&declarations), NULL);
    buffer_fit(&file);
    output_add(output, "glue.h", &file);
}

void ruby_emit_functions(const struct surface *surface, struct output *output)
{
    size_t count;
    const char **owners = ruby_owners(surface, &count);

    emit_header(surface, output);
    for (size_t i = 0; i < count; i++)
        emit_group(surface, output, owners[i]);
}
