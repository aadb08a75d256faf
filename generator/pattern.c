/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The closed list of patterns, and plans in words. */
#include <string.h>

#include "plan.h"
#include "text.h"

static const struct {
    const char *name;
    enum pattern_role role;
} patterns[PATTERN_TOTAL] = {
#define PATTERN_ROW(id, text, role) [PATTERN_##id] = {text, ROLE_##role},
    PATTERNS(PATTERN_ROW)
#undef PATTERN_ROW
};

const char *pattern_name(enum pattern pattern)
{
    return patterns[pattern].name;
}

enum pattern_role pattern_role(enum pattern pattern)
{
    return patterns[pattern].role;
}

bool pattern_is_number(enum pattern pattern)
{
    return pattern >= PATTERN_INT && pattern <= PATTERN_FLAGS;
}

enum pattern pattern_by_name(const char *name)
{
    enum pattern pattern = 0;

    while (pattern < PATTERN_TOTAL && !text_equal(patterns[pattern].name, name))
        pattern++;
    return pattern;
}

const struct step *plan_step(const struct plan *plan, const char *parameter)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (text_equal(plan->steps[i].parameter->name, parameter))
            return &plan->steps[i];
    return NULL;
}

bool plan_lacks(const struct plan *plain, const struct plan *plan, const struct step *step)
{
    size_t shared = 0;

    for (size_t i = 0; i < plan->step_count; i++) {
        const bool both =
            shared < plain->step_count && text_equal(plain->steps[shared].parameter->type.text,
                                                     plan->steps[i].parameter->type.text);

        if (&plan->steps[i] == step)
            return !both;
        shared += both;
    }
    return true;
}

const struct handle *plan_self(const struct plan *plan)
{
    return plan->step_count && plan->steps[0].pattern == PATTERN_HANDLE ? plan->steps[0].handle
                                                                        : NULL;
}

bool plan_result_is_value(const struct plan *plan)
{
    switch (plan->result.pattern) {
    case PATTERN_NOTHING:
    case PATTERN_STATUS:
        return false;
    case PATTERN_COUNT:
        for (size_t i = 0; i < plan->step_count; i++)
            if (plan->steps[i].count && text_equal(plan->steps[i].count, "result"))
                return false;
        return true;
    default:
        return true;
    }
}

static const struct {
    unsigned bit;
    const char *text;
} failures[] = {
    {FAILURE_MINUS_ONE, "-1"}, {FAILURE_NULL, "NULL"},         {FAILURE_IF_STORED, "NULL"},
    {FAILURE_ZERO, "0"},       {FAILURE_ALL_ONES, "all-ones"},
};

const char *plan_failure_text(const struct plan *plan)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (plan->failure & failures[i].bit)
            buffer_printf(&buffer, "%s%s", buffer.length ? "," : "", failures[i].text);
    return buffer.length ? buffer_text(&buffer) : "none";
}

const char *plan_failed_condition(const struct plan *plan, const char *result)
{
    switch (plan->failure) {
    case FAILURE_NONE:
        return "false";
    case FAILURE_MINUS_ONE:
        return scalar_is_signed(plan->function->result.type.scalar)
                   ? arena_printf("%s < 0", result)
                   : arena_printf("%s == (%s) -1", result,
                                  scalar_c_name(plan->function->result.type.scalar));
    case FAILURE_NULL:
        return arena_printf("!%s", result);
    case FAILURE_IF_STORED:
        return arena_printf("!%s && vir.virGetLastErrorCode() != 0", result);
    case FAILURE_ZERO:
        return arena_printf("%s == 0", result);
    case FAILURE_ALL_ONES:
        return arena_printf("%s == (%s) -1", result,
                            scalar_c_name(plan->function->result.type.scalar));
    default:
        bug("%s: more than one value of the result is an error", plan->function->name);
    }
}

const char *step_owner_text(const struct step *step)
{
    const bool is_list = step->parameter->type.pointers == 3;

    switch (step->owner) {
    case OWNER_NONE:
        return "-";
    case OWNER_BORROWED:
        return "borrowed";
    case OWNER_CALLER:
        return arena_printf("caller %s", step->free_function);
    case OWNER_CALLER_EACH:
        return arena_printf("caller %s each", step->free_function);
    case OWNER_HANDLE:
        return arena_printf("%s %s", is_list ? "handles" : "handle", step->free_function);
    case OWNER_CALLER_BUFFER:
        return "caller-buffer";
    case OWNER_CALLER_BUFFER_EACH:
        return arena_printf("caller-buffer %s each", step->free_function);
    }
    bug("an owner without words");
}
