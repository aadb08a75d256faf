/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python as a backend of the generator. */
#include "emit.h"

static void emit(const struct emission *emission, struct output *output)
{
    const struct surface *surface = python_surface(emission);

    python_emit_functions(surface, output);
    python_emit_records(surface, output);
    python_emit_events(surface, output);
    python_emit_constants(surface, output);
    python_emit_modules(surface, output);
    surface_manifest(surface, output);
}

/* "dom.setVcpus(nvcpus, flags)": what must be given, and where it is called on. */
static const char *example(const struct bound_function *function)
{
    struct buffer buffer = {0};

    if (function->class_name)
        buffer_printf(&buffer, "%s.%s(",
                      function->self_is_argument ? function->plan->steps[0].parameter->name
                                                 : "conn",
                      function->name);
    else
        buffer_printf(&buffer, "%s.%s(", function->module, function->name);
    for (size_t i = 0; i < function->required; i++)
        buffer_printf(&buffer, "%s%s", i ? ", " : "", function->parameters[i].name);
    buffer_add(&buffer, ")");
    return buffer_text(&buffer);
}

static char *explain(const struct emission *emission, const struct plan *plan)
{
    const struct surface *surface = python_surface(emission);
    const struct bound_function *function = surface_find(surface, plan->function->name);

    if (plan->kind == PLAN_HELPER)
        return NULL;
    if (!function) /* lent handles are what the objects' own methods give */
        return arena_printf("%s: an attribute of the object", plan->function->name);
    return arena_printf("%s(%s)\n    %s", python_path(function, true),
                        bound_parameters(function, function->class_name ? "self" : NULL),
                        example(function));
}

const struct backend python_backend = {
    .name = "python",
    .title = "Python",
    .has_row = python_has_row,
    .emit = emit,
    .explain = explain,
};
