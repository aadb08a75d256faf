/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "origins.h"

static const char *const ways[] = {"member", "negative", "record", "records", "zip"};

static bool is_way(const char *as)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (text_equal(ways[i], as))
            return true;
    return false;
}

/* What a caller gives in C, or how many items something given has. */
static const struct step *given_step(const struct plan *plan, const char *name)
{
    const struct step *step = plan_step(plan, name);
    const bool is_length =
        step && step->pattern == PATTERN_LENGTH && step->length_of && step->length_of->asked;

    return step && (step->asked || is_length) ? step : NULL;
}

/* The argument itself; for a length that the language takes, how many the array has. */
static struct origin origin_of(const struct step *step)
{
    struct origin origin = {.steps = {step}, .count = 1};

    if (step->pattern == PATTERN_OPAQUE)
        origin.as = "opaque";
    if (step->pattern == PATTERN_LENGTH) {
        origin.steps[0] = step->length_of;
        origin.as = "length";
    }
    return origin;
}

static struct origin stated_origin(const struct bound_function *function,
                                   const struct bound_parameter *parameter, const struct fact *fact)
{
    struct origin origin = {.count = 0};
    const char *as = fact_option(fact, "as");

    if (as && !is_way(as))
        fact_error(fact, "as=%s is none of member, negative, record, records, zip", as);
    for (size_t i = 1; i < fact->word_count && origin.count < ORIGINS_MAXIMUM; i++) {
        const struct step *step = given_step(function->plan, fact->words[i]);
        if (step)
            origin.steps[origin.count++] = step;
        else
            fact_error(fact, "%s has no argument %s", function->plan->function->name,
                       fact->words[i]);
    }
    if (origin.count == 1 && !as)
        origin = origin_of(origin.steps[0]);
    else
        origin.as = as;
    origin.member = fact_option(fact, "member");
    origin.keys = fact_option(fact, "keys");
    names_settled(fact, as || origin.count != 1 || !text_equal(parameter->name, fact->words[1]));
    return origin;
}

static const struct fact *fact_from(const struct surface *surface, const char *subject,
                                    const char *parameter)
{
    size_t count;
    const struct fact *facts = notes_find(surface->emission->names->notes, subject, "from", &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i].word_count > 1 && text_equal(facts[i].words[0], parameter))
            return &facts[i];
    return NULL;
}

struct origin parameter_origin(const struct surface *surface, const struct bound_function *function,
                               const struct bound_parameter *parameter)
{
    const char *subject = function->plan->function->name;
    const struct fact *fact;
    const struct step *step = parameter->step;

    if (step)
        return origin_of(step);
    fact = fact_from(surface, subject, parameter->name);
    if (fact)
        return stated_origin(function, parameter, fact);
    step = given_step(function->plan, parameter->name);
    if (step)
        return origin_of(step);
    error_at(function->plan->function->location,
             "%s has no argument %s, which %s takes: names says which, with from %s ARGUMENT",
             subject, parameter->name, surface->rules->title, parameter->name);
    return (struct origin){.count = 0};
}
