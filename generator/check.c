/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check.h"

static void check_step(const struct plan *plan, const struct step *step)
{
    const struct location location = step->parameter->location;
    const char *name = step->position ? step->parameter->name : "the result";

    if (step->pattern == PATTERN_OUT_PARAMS_BY_CPU && !plan->collected_by_hand)
        error_at(location, "%s: %s needs a collector written by hand: add `by-hand`",
                 plan->function->name, name);
    if (step->pattern == PATTERN_FLAGS && step->parameter->type.pointers)
        error_at(location, "%s: %s cannot be flags behind a pointer", plan->function->name, name);
}

/* Calls like virDomainGetName must have one owner of each thing on every path; so what a plan
 * hands out twice, or cannot count, is a mistake in the notes. */
static void check_counts_are_known(const struct plan *plan, const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_HANDLES:
    case PATTERN_OUT_STRINGS:
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_NUMBERS:
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_FILE_DESCRIPTORS:
    case PATTERN_OUT_NEW_CPU_MAP:
    case PATTERN_OUT_NEW_PARAMS:
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_BYTES:
    case PATTERN_OUT_STATS:
    case PATTERN_OUT_CPU_MAP:
        if (!step->count && plan->kind == PLAN_PLANNED) {
            error_at(step->parameter->location, "%s: nothing tells how many items '%s' has",
                     plan->function->name, step->parameter->name);
            hint("add to the notes:\n%s\n    count %s EXPRESSION", plan->function->name,
                 step->parameter->name);
        }
        return;
    default:
        return;
    }
}

/* Glue would leave an object whose handle is gone. */
static void check_release(const struct plans *plans, const struct handle_plan *handle)
{
    const struct plan *plan = plans_find(plans, handle->release);

    if (!plan || plan->kind != PLAN_PLANNED)
        return;
    error_at(plan->function->location,
             "%s ends its handle: that is an override's business, or the binding's own",
             handle->release);
    hint("add to the notes:\n%s\n    override GROUP", handle->release);
}

void check_plans(const struct plans *plans)
{
    for (size_t i = 0; i < plans->handle_plan_count; i++)
        check_release(plans, &plans->handle_plans[i]);
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        check_step(plan, &plan->result);
        for (size_t j = 0; j < plan->step_count; j++) {
            check_step(plan, &plan->steps[j]);
            check_counts_are_known(plan, &plan->steps[j]);
        }
    }
}

static void need_row(const struct backend *backend, const struct plan *plan, enum pattern pattern,
                     bool *reported)
{
    if (backend->has_row(pattern) || reported[pattern])
        return;
    reported[pattern] = true;
    error_at(plan->function->location, "%s has no row for the pattern %s, which %s uses",
             backend->title, pattern_name(pattern), plan->function->name);
}

void check_backend(const struct plans *plans, const struct backend *backend)
{
    bool reported[PATTERN_TOTAL] = {false};

    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        if (plan->kind != PLAN_PLANNED)
            continue;
        need_row(backend, plan, plan->result.pattern, reported);
        for (size_t j = 0; j < plan->step_count; j++)
            need_row(backend, plan, plan->steps[j].pattern, reported);
    }
}

struct check_counts check_count(const struct plans *plans)
{
    struct check_counts counts = {
        .records = plans->api->record_count,
        .callbacks = plans->api->callback_count,
        .handles = plans->api->handle_count,
    };

    for (size_t i = 0; i < plans->plan_count; i++) {
        counts.planned += plans->plans[i].kind == PLAN_PLANNED;
        counts.overridden += plans->plans[i].kind == PLAN_OVERRIDE;
        counts.helpers += plans->plans[i].kind == PLAN_HELPER;
    }
    for (size_t i = 0; i < plans->api->constant_count; i++) {
        counts.enumerators += plans->api->constants[i].kind == CONSTANT_ENUMERATOR;
        counts.strings += plans->api->constants[i].kind == CONSTANT_STRING;
        counts.numbers += plans->api->constants[i].kind == CONSTANT_NUMBER;
    }
    return counts;
}
