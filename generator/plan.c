/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the plans together, one a function, one a callback type, and finds them again. */
#include "plan.h"

#include <string.h>

#include "plan_internal.h"

static struct plan new_plan(const struct function *function)
{
    struct plan plan = {
        .function = function,
        .steps = arena_allocate((function->parameter_count + 1) * sizeof *plan.steps),
        .step_count = function->parameter_count,
    };

    for (size_t i = 0; i < plan.step_count; i++) {
        plan.steps[i].parameter = &function->parameters[i];
        plan.steps[i].position = i + 1;
    }
    plan.result.parameter = &function->result;
    return plan;
}

/* `override GROUP`, `helper REASON …`; the later one wins. */
static void plan_kind(struct planner *planner, struct plan *plan)
{
    const struct fact *override = notes_last(planner->notes, plan->function->name, "override");
    const struct fact *helper = notes_last(planner->notes, plan->function->name, "helper");
    const struct fact *fact = helper ? helper : override;

    if (override && helper)
        fact_error(helper, "%s is an override and a helper at once", plan->function->name);
    if (!fact)
        return;
    if (!fact->word_count)
        fact_error(fact, "%s: give %s", fact->key, helper ? "the reason" : "the group");
    fact_used(fact);
    plan->kind = helper ? PLAN_HELPER : PLAN_OVERRIDE;
    plan->reason = fact_text(fact, 0);
}

static void plan_lock(struct planner *planner, struct plan *plan)
{
    const struct fact *fact = notes_last(planner->notes, plan->function->name, "keeps-lock");

    if (!fact)
        return;
    fact_used(fact);
    plan->keeps_lock = true;
}

/* `keys ARGUMENT GLOB …`: the string macros that name the parameters an argument takes. */
static void plan_keys(struct planner *planner, struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];
        const struct fact *fact = argument_fact(planner, plan, "keys", step->parameter->name);

        if (!fact)
            continue;
        fact_used(fact);
        step->keys = fact_text(fact, 1);
        if (step->pattern != PATTERN_PARAMS)
            fact_error(fact, "%s of %s does not take typed parameters", step->parameter->name,
                       plan->function->name);
    }
}

static bool plan_function(struct planner *planner, struct plan *plan)
{
    plan_kind(planner, plan);
    plan_lock(planner, plan);
    if (!plan_arguments(planner, plan) || !plan_result(planner, plan))
        return false;
    plan_attributes(planner, plan);
    plan_keys(planner, plan);
    return plan_memory(planner, plan);
}

/* Keys of typed parameters whose documentation does not state their type. */
static void apply_parameter_types(struct planner *planner)
{
    for (size_t i = 0; i < planner->api->constant_count; i++) {
        struct constant *constant = (struct constant *)&planner->api->constants[i];
        const struct fact *fact = notes_last(
            planner->notes, arena_printf("constant %s", constant->name), "parameter-type");

        if (!fact)
            continue;
        if (fact->word_count != 1) {
            fact_error(fact, "parameter-type takes a type such as ULLONG");
            continue;
        }
        fact_applied(fact, 0,
                     !constant->parameter_type ||
                         !text_equal(constant->parameter_type, fact->words[0]));
        constant->parameter_type = fact->words[0];
    }
}

struct plans *plans_make(const struct api *api, struct notes *notes)
{
    struct plans *plans = arena_allocate(sizeof *plans);
    struct planner planner = {.api = api, .notes = notes, .plans = plans};

    plans->api = api;
    apply_parameter_types(&planner);
    plan_types(&planner);
    for (size_t i = 0; i < api->function_count; i++) {
        struct plan plan = new_plan(&api->functions[i]);
        plan_function(&planner, &plan);
        *VECTOR_ADD(plans->plans, plans->plan_count) = plan;
    }
    for (size_t i = 0; i < api->callback_count; i++) {
        struct plan plan = new_plan(&api->callbacks[i].signature);
        if (plan_callback_arguments(&planner, &plan) && plan_result(&planner, &plan))
            plan_attributes(&planner, &plan);
        *VECTOR_ADD(plans->callback_plans, plans->callback_plan_count) = plan;
    }
    /* The result's address as a step changes when a plan is copied. */
    for (size_t i = 0; i < plans->plan_count; i++)
        for (size_t j = 0; j < plans->plans[i].step_count; j++)
            if (plans->plans[i].result.pair == &plans->plans[i].steps[j])
                plans->plans[i].steps[j].length_of = &plans->plans[i].result;
    return plans;
}

static const struct plan *find_plan(const struct plan *list, size_t count, const char *name)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(name, list[middle].function->name);

        if (order == 0)
            return &list[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct plan *plans_find(const struct plans *plans, const char *function)
{
    return find_plan(plans->plans, plans->plan_count, function);
}

const struct plan *plans_callback(const struct plans *plans, const char *callback)
{
    return find_plan(plans->callback_plans, plans->callback_plan_count, callback);
}

const struct record_plan *plans_record(const struct plans *plans, const struct record *record)
{
    for (size_t i = 0; i < plans->record_plan_count; i++)
        if (plans->record_plans[i].record == record)
            return &plans->record_plans[i];
    return NULL;
}

const struct handle_plan *plans_handle(const struct plans *plans, const struct handle *handle)
{
    for (size_t i = 0; i < plans->handle_plan_count; i++)
        if (plans->handle_plans[i].handle == handle)
            return &plans->handle_plans[i];
    return NULL;
}

bool step_comes_along(const struct step *step)
{
    return step->pattern == PATTERN_LENGTH && step->length_of && step->length_of->asked;
}
