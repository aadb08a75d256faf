/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which exception a function raises, and what it says has failed:
 *
 *     virDomainRestore
 *         error RetrieveError      # another class than the rule gives
 *         reported-as virDomainX   # another name
 */
#include <string.h>

#include "emit.h"

static bool has_pattern(const struct plan *plan, enum pattern pattern)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == pattern)
            return true;
    return false;
}

static bool has_out_step(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (pattern_role(plan->steps[i].pattern) == ROLE_OUT)
            return true;
    return false;
}

/* What is opened, defined and made fails otherwise than what is looked up. */
static const char *error_of_handle(const struct plan *plan)
{
    if (!plan_self(plan))
        return "ConnectionError";
    if (strstr(plan->function->name, "Define"))
        return "DefinitionError";
    return strstr(plan->function->name, "Create") ? "Error" : "RetrieveError";
}

static bool sets_parameters(const struct plan *plan)
{
    return has_pattern(plan, PATTERN_PARAMS) && strstr(plan->function->name, "Set");
}

/* Numbers, structs and lists are retrieved; actions, predicates and single strings just fail. */
static const char *error_by_rule(const struct plan *plan)
{
    switch (plan->result.pattern) {
    case PATTERN_OWNED_HANDLE:
        return error_of_handle(plan);
    case PATTERN_YES_NO:
    case PATTERN_OWNED_STRING:
    case PATTERN_BORROWED_STRING:
        return has_out_step(plan) ? "RetrieveError" : "Error";
    default:
        return has_out_step(plan) || plan_result_is_value(plan) || sets_parameters(plan)
                   ? "RetrieveError"
                   : "Error";
    }
}

const char *ruby_error_class(const struct surface *surface, const struct plan *plan)
{
    return names_text(surface->emission->names, plan->function->name, "error", error_by_rule(plan));
}

const char *ruby_reported_name(const struct surface *surface, const struct plan *plan)
{
    return names_text(surface->emission->names, plan->function->name, "reported-as",
                      plan->function->name);
}
