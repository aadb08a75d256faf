/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle_key.h"

#include <string.h>

static const struct plan *of_handle(const struct plans *plans, const struct handle *handle,
                                    const char *name)
{
    const struct plan *plan = plans_find(plans, name);

    return plan && plan->kind == PLAN_PLANNED && plan_self(plan) == handle ? plan : NULL;
}

static const struct plan *kept_text(const struct plans *plans, const struct handle *handle,
                                    const char *name)
{
    const struct plan *plan = of_handle(plans, handle, name);

    return plan && plan->step_count == 1 && plan->result.pattern == PATTERN_BORROWED_STRING ? plan
                                                                                            : NULL;
}

/* Something in a buffer of the caller's. */
static const struct plan *filled_in(const struct plans *plans, const struct handle *handle,
                                    const char *name, enum pattern pattern)
{
    const struct plan *plan = of_handle(plans, handle, name);

    return plan && plan->step_count == 2 && plan->steps[1].pattern == pattern ? plan : NULL;
}

static const struct plan *looked_up_by(const struct plans *plans, const struct handle *handle)
{
    const char *prefix = arena_printf("%sLookupBy", handle->name);

    for (size_t i = 0; i < plans->plan_count; i++) {
        const char *name = plans->plans[i].function->name;
        const struct plan *plan;

        if (!text_starts(name, prefix))
            continue;
        plan =
            kept_text(plans, handle, arena_printf("%sGet%s", handle->name, name + strlen(prefix)));
        if (plan)
            return plan;
    }
    return NULL;
}

const struct plan *handle_key(const struct plans *plans, const struct handle *handle)
{
    const struct plan *plan = kept_text(plans, handle, arena_printf("%sGetName", handle->name));

    if (!plan)
        plan = filled_in(plans, handle, arena_printf("%sGetUUIDString", handle->name),
                         PATTERN_OUT_TEXT);
    return plan ? plan : looked_up_by(plans, handle);
}

const struct plan *handle_identity(const struct plans *plans, const struct handle *handle)
{
    const struct plan *plan =
        filled_in(plans, handle, arena_printf("%sGetUUID", handle->name), PATTERN_OUT_UUID);

    if (!plan)
        plan = kept_text(plans, handle, arena_printf("%sGetKey", handle->name));
    if (!plan)
        plan = handle_key(plans, handle);
    return plan && plan->step_count == 2 && plan->steps[1].pattern != PATTERN_OUT_UUID ? NULL
                                                                                       : plan;
}
