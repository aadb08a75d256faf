/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of an argument its type does not say: whether NULL may be passed, whether it may be left
 * out, whether libvirt reads what it fills in, which enum's values it takes. */
#include "plan_internal.h"

struct step *step_or_result(struct plan *plan, const char *name)
{
    /* An argument may be called so too. */
    for (size_t i = 0; i < plan->step_count; i++)
        if (text_equal(plan->steps[i].parameter->name, name))
            return &plan->steps[i];
    return text_equal(name, "result") ? &plan->result : NULL;
}

static bool is_pointer(const struct step *step)
{
    return step->parameter->type.pointers > 0 || step->parameter->type.kind == TYPE_CALLBACK;
}

/* NULL by the nature of the pattern: nothing to hand on, or the question how much there is. */
static bool nullable_by_pattern(enum pattern pattern)
{
    return pattern == PATTERN_OPAQUE || pattern == PATTERN_FREE_CALLBACK ||
           pattern == PATTERN_OUT_PARAMS || pattern == PATTERN_OUT_RECORDS_TWO_CALLS;
}

static void set_nullable(struct step *step, struct reason reason)
{
    step->nullable = true;
    step->nullable_reason = reason;
    if (step->pattern == PATTERN_HANDLE)
        step->pattern = PATTERN_NULLABLE_HANDLE;
    else if (step->pattern == PATTERN_STRING)
        step->pattern = PATTERN_NULLABLE_STRING;
}

/* Calls `apply` for every word of every such fact that names an argument here. */
static void each_named(struct planner *planner, struct plan *plan, const char *key,
                       void (*apply)(struct step *step, const struct fact *fact, size_t word))
{
    size_t count;
    const struct fact *facts = notes_find(planner->notes, plan->function->name, key, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t word = 0; word < facts[i].word_count; word++) {
            struct step *step = step_or_result(plan, facts[i].words[word]);
            if (step)
                apply(step, &facts[i], word);
        }
}

static void apply_nullable(struct step *step, const struct fact *fact, size_t word)
{
    fact_applied(fact, word, is_pointer(step) && !step->nullable);
    if (is_pointer(step))
        set_nullable(step, (struct reason){.location = fact->location});
}

static void apply_not_null(struct step *step, const struct fact *fact, size_t word)
{
    fact_applied(fact, word, step->nullable);
    step->nullable = false;
    step->nullable_reason = (struct reason){.location = fact->location};
    if (step->pattern == PATTERN_NULLABLE_HANDLE)
        step->pattern = PATTERN_HANDLE;
    else if (step->pattern == PATTERN_NULLABLE_STRING)
        step->pattern = PATTERN_STRING;
}

static void apply_optional(struct step *step, const struct fact *fact, size_t word)
{
    fact_applied(fact, word, !step->optional);
    step->optional = true;
    if (is_pointer(step) && !step->nullable)
        set_nullable(step, (struct reason){.location = fact->location});
}

/* Read by libvirt before it is filled in. */
static void apply_inout(struct step *step, const struct fact *fact, size_t word)
{
    fact_applied(fact, word, step->direction != DIRECTION_INOUT);
    step->direction = DIRECTION_INOUT;
}

/* `enum ARGUMENT ENUM`, or `enum ARGUMENT none`. */
static void apply_enumerations(struct planner *planner, struct plan *plan)
{
    size_t count;
    const struct fact *facts = notes_find(planner->notes, plan->function->name, "enum", &count);

    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i];
        struct step *step = fact->word_count ? step_or_result(plan, fact->words[0]) : NULL;

        if (fact->word_count != 2) {
            fact_error(fact, "enum takes an argument and the name of an enum, or none");
            continue;
        }
        if (!step)
            continue;
        const struct enumeration *enumeration = api_enumeration(planner->api, fact->words[1]);
        if (!enumeration && !text_equal(fact->words[1], "none")) {
            fact_error(fact, "no enum is named %s", fact->words[1]);
            continue;
        }
        fact_applied(fact, 0, step->enumeration != enumeration);
        fact_applied(fact, 1, step->enumeration != enumeration);
        step->enumeration = enumeration;
        step->enum_reason = (struct reason){.location = fact->location};
        if (enumeration && (step->pattern == PATTERN_INT || step->pattern == PATTERN_UINT))
            step->pattern = enumeration->is_flags ? PATTERN_FLAGS : PATTERN_ENUM;
        else if (!enumeration && step->pattern == PATTERN_ENUM)
            step->pattern = scalar_is_signed(step->scalar) ? PATTERN_INT : PATTERN_UINT;
    }
}

void plan_attributes(struct planner *planner, struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];

        step->nullable_reason = (struct reason){.rule = "not said to be nullable"};
        /* What libvirt lends to a callback is there. */
        if (step->owner != OWNER_BORROWED && nullable_by_pattern(step->pattern))
            set_nullable(step, (struct reason){.rule = "the pattern"});
        if (step->enumeration)
            step->enum_reason = (struct reason){.rule = "the documentation names it"};
    }
    each_named(planner, plan, "optional", apply_optional);
    each_named(planner, plan, "nullable", apply_nullable);
    each_named(planner, plan, "not-null", apply_not_null);
    each_named(planner, plan, "inout", apply_inout);
    apply_enumerations(planner, plan);
}
