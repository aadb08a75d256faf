/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "answers.h"

static const struct {
    const char *word;
    enum answers_form form;
} forms[] = {
    {"tuple", ANSWERS_TUPLE},
    {"dict", ANSWERS_DICT},
    {"merge", ANSWERS_MERGED},
};

static bool has_word(const struct surface *surface, const struct plan *plan, const char *word)
{
    return surface_has_fact(surface, plan->function->name, "result", word, NULL);
}

static bool gives_result(const struct surface *surface, const struct plan *plan, bool is_found)
{
    const bool is_value = plan_result_is_value(plan) || has_word(surface, plan, "keep");

    return is_value && !is_found && !has_word(surface, plan, "drop");
}

static void add(struct answers *answers, const struct plan *plan, const struct step *step)
{
    if (answers->count == ANSWERS_MAXIMUM)
        bug("%s has too many answers", plan->function->name);
    answers->steps[answers->count++] = step;
}

struct answers answers_of(const struct surface *surface, const struct plan *plan)
{
    const bool is_zeroed = has_word(surface, plan, "zeroed");
    const bool is_found = has_word(surface, plan, "found") || is_zeroed;
    struct answers answers = {.form = is_zeroed  ? ANSWERS_ZEROED
                                      : is_found ? ANSWERS_FOUND
                                                 : ANSWERS_LIST};

    if (gives_result(surface, plan, is_found))
        add(&answers, plan, &plan->result);
    for (size_t i = 0; i < plan->step_count; i++)
        if (pattern_role(plan->steps[i].pattern) == ROLE_OUT)
            add(&answers, plan, &plan->steps[i]);
    for (size_t i = 0; answers.count > 1 && i < sizeof forms / sizeof *forms; i++)
        if (has_word(surface, plan, forms[i].word))
            answers.form = forms[i].form;
    return answers;
}

const char *answer_name(const struct step *step)
{
    return step->position ? step->parameter->name : "result";
}

const struct step *answers_dict(const struct plan *plan, const struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->steps[i]->pattern == PATTERN_OUT_PARAMS ||
            answers->steps[i]->pattern == PATTERN_OUT_NEW_PARAMS)
            return answers->steps[i];
    bug("%s: result merge, but there is no dict", plan->function->name);
}

static const struct constant *stated_code(const struct surface *surface, const struct fact *fact)
{
    const struct api *api = surface->emission->plans->api;

    for (size_t i = 0; i < api->constant_count; i++)
        if (text_equal(api->constants[i].name, fact->words[1]))
            return &api->constants[i];
    fact_error(fact, "there is no %s", fact->words[1]);
    return NULL;
}

struct failure_answer answer_of_failure(const struct surface *surface, const struct plan *plan)
{
    const struct fact *fact = names_fact(surface->emission->names, plan->function->name, "failure");

    if (!fact)
        return (struct failure_answer){NULL, NULL};
    return (struct failure_answer){fact->words[0],
                                   fact->word_count > 1 ? stated_code(surface, fact) : NULL};
}
