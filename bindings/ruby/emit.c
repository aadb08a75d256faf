/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ruby as a backend of the generator. */
#include "emit.h"

static void emit(const struct emission *emission, struct output *output)
{
    const struct surface *surface = ruby_surface(emission);

    ruby_emit_functions(surface, output);
    ruby_emit_records(surface, output);
    ruby_emit_events(surface, output);
    ruby_emit_constants(surface, output);
    ruby_emit_modules(surface, output);
    ruby_emit_documentation(surface, output);
    ruby_emit_signatures(surface, output);
    surface_manifest(surface, output);
}

static char *explain(const struct emission *emission, const struct plan *plan)
{
    const struct surface *surface = ruby_surface(emission);
    const struct bound_function *function = surface_find(surface, plan->function->name);

    if (plan->kind == PLAN_HELPER)
        return NULL;
    if (!function) /* lent handles are what the objects' own methods give */
        return arena_printf("%s: an attribute of the object", plan->function->name);
    return arena_printf("%s(%s)", ruby_path(function), bound_parameters(function, NULL));
}

const struct backend ruby_backend = {
    .name = "ruby",
    .title = "Ruby",
    .has_row = ruby_has_row,
    .emit = emit,
    .explain = explain,
};
