/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares plans with the prose, function by function. Where the plan knows more than the prose
 * says (NULL may be passed, something is to be freed, a result is an error), silence is a
 * disagreement too. */
#include "prose.h"

#include "doc.h"

struct comparer {
    const struct plans *plans;
    const struct plan *plan;
    struct sentences text, result; /* of the function, of its result */
    struct prose_comparison *comparison;
};

bool prose_is_documented(const struct function *function)
{
    bool documented = *function->documentation || *function->result.documentation;

    for (size_t i = 0; i < function->parameter_count; i++)
        documented = documented || *function->parameters[i].documentation;
    return documented;
}

static struct sentences paragraph_sentences(const char *paragraph)
{
    struct sentences sentences = {0};

    sentences_add(&sentences, paragraph);
    return sentences;
}

/* Examples in C state nothing. */
static struct sentences text_sentences(const char *text)
{
    const struct doc doc = doc_parse(text);
    struct sentences sentences = {0};

    for (size_t i = 0; i < doc.count; i++)
        if (doc.blocks[i].kind != DOC_CODE)
            sentences_add(&sentences, doc.blocks[i].text);
    return sentences;
}

const char *prose_subject(const struct prose_disagreement *disagreement)
{
    return disagreement->step->position ? disagreement->step->parameter->name : "result";
}

/* One line an argument and aspect: the first says it. */
static void disagree(struct comparer *comparer, const struct step *step, enum prose_aspect aspect,
                     const char *plan_says, const char *words)
{
    struct prose_comparison *comparison = comparer->comparison;

    for (size_t i = 0; i < comparison->disagreement_count; i++)
        if (comparison->disagreements[i].step == step &&
            comparison->disagreements[i].aspect == aspect)
            return;
    *VECTOR_ADD(comparison->disagreements, comparison->disagreement_count) =
        (struct prose_disagreement){.plan = comparer->plan,
                                    .step = step,
                                    .aspect = aspect,
                                    .plan_says = plan_says,
                                    .words = words};
}

/* ---- NULL ---- */

static bool is_pointer(const struct step *step)
{
    return step->parameter->type.pointers || step->parameter->type.kind == TYPE_CALLBACK;
}

static bool compare_nullable(struct comparer *comparer, const struct step *step,
                             const struct sentence *sentence, struct prose_statement statement)
{
    if (statement.answer == PROSE_SILENT)
        return false;
    comparer->comparison->statements++;
    if (step->nullable != (statement.answer == PROSE_YES))
        disagree(comparer, step, PROSE_NULLABLE, step->nullable ? "yes" : "no",
                 sentence_quote(sentence, statement.words));
    return true;
}

/* What is handed through, and what may be left undone, is nobody's business but the caller's. */
static bool may_be_silent(const struct step *step)
{
    return !step->nullable || step->pattern == PATTERN_OPAQUE ||
           step->pattern == PATTERN_FREE_CALLBACK;
}

static void compare_argument(struct comparer *comparer, const struct step *step)
{
    const struct sentences own = paragraph_sentences(step->parameter->documentation);
    const char *name = step->parameter->name;
    bool is_stated = false;

    if (!is_pointer(step))
        return;
    for (size_t i = 0; i < own.count; i++)
        is_stated |= compare_nullable(comparer, step, &own.items[i],
                                      prose_own_nullable(&own.items[i], name));
    for (size_t i = 0; i < comparer->text.count; i++)
        is_stated |= compare_nullable(comparer, step, &comparer->text.items[i],
                                      prose_nullable(&comparer->text.items[i], name));
    if (!is_stated && !may_be_silent(step))
        disagree(comparer, step, PROSE_NULLABLE, "yes", NULL);
}

/* ---- who frees ---- */

/* Handles that are passed in are freed too, where the prose is about their references. */
static const char *free_function(const struct comparer *comparer, const struct step *step)
{
    if (step->free_function || step->direction != DIRECTION_IN || !step->handle)
        return step->free_function;
    return plans_handle(comparer->plans, step->handle)->release;
}

/* What a sentence about freeing is about: an argument that it names, the result, or the argument
 * that something is returned in. */
static const struct step *subject_of(const struct comparer *comparer,
                                     const struct sentence *sentence)
{
    const struct plan *plan = comparer->plan;
    const struct step *subject = NULL;

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        if (pattern_role(step->pattern) != ROLE_OUT)
            continue;
        if (phrase_in(sentence, "@", step->parameter->name))
            return step;
        if (!subject || (!subject->free_function && step->free_function))
            subject = step;
    }
    if (is_pointer(&plan->result))
        return &plan->result;
    return subject || !plan->step_count ? subject : &plan->steps[0];
}

static bool frees_alike(const char *by_plan, const struct sentence *sentence,
                        enum prose_answer answer)
{
    const char *by_prose = prose_free_function(sentence);

    if (answer == PROSE_NO)
        return !by_plan;
    return by_plan && (!by_prose || text_equal(by_plan, by_prose));
}

static void compare_freed(struct comparer *comparer, const struct step *step,
                          const struct sentence *sentence, bool *is_stated)
{
    const struct prose_statement statement = prose_freed(sentence);

    if (statement.answer == PROSE_SILENT)
        return;
    if (!step)
        step = subject_of(comparer, sentence);
    if (!step)
        return;
    comparer->comparison->statements++;
    is_stated[step->position] = true;
    const char *by_plan = free_function(comparer, step);
    if (!frees_alike(by_plan, sentence, statement.answer))
        disagree(comparer, step, PROSE_FREED, by_plan ? by_plan : step_owner_text(step),
                 sentence_quote(sentence, statement.words));
}

static void compare_all_freed(struct comparer *comparer)
{
    const struct plan *plan = comparer->plan;
    bool *is_stated = arena_allocate(plan->step_count + 1);

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct sentences own = paragraph_sentences(plan->steps[i].parameter->documentation);

        for (size_t j = 0; j < own.count; j++)
            compare_freed(comparer, &plan->steps[i], &own.items[j], is_stated);
    }
    for (size_t i = 0; i < comparer->result.count; i++)
        compare_freed(comparer, NULL, &comparer->result.items[i], is_stated);
    for (size_t i = 0; i < comparer->text.count; i++)
        compare_freed(comparer, NULL, &comparer->text.items[i], is_stated);
    for (size_t i = 0; i <= plan->step_count; i++) {
        const struct step *step = i ? &plan->steps[i - 1] : &plan->result;

        if (step->free_function && !is_stated[i])
            disagree(comparer, step, PROSE_FREED, step_owner_text(step), NULL);
    }
}

/* ---- results ---- */

/* The plan's failures that a value stands for. */
static unsigned failures_of(const struct prose_value *value)
{
    if (text_equal(value->text, "NULL"))
        return FAILURE_NULL | FAILURE_IF_STORED;
    if (text_equal(value->text, "0"))
        return FAILURE_ZERO;
    return value->text[0] == '-' ? FAILURE_MINUS_ONE | FAILURE_ALL_ONES : FAILURE_NONE;
}

static const char *failure_words(const struct plan *plan)
{
    return plan->failure & FAILURE_IF_STORED ? "NULL where an error is stored"
                                             : plan_failure_text(plan);
}

static bool compare_value(struct comparer *comparer, const struct sentence *sentence,
                          const struct prose_value *value)
{
    const struct plan *plan = comparer->plan;
    const unsigned failures = plan->failure & failures_of(value);
    const enum prose_answer by_plan = failures & FAILURE_IF_STORED ? PROSE_BOTH
                                      : failures                   ? PROSE_YES
                                                                   : PROSE_NO;

    if (value->answer == PROSE_SILENT)
        return false;
    comparer->comparison->statements++;
    if (value->answer != by_plan)
        disagree(comparer, &plan->result, PROSE_FAILURE, failure_words(plan),
                 sentence_quote(sentence, value->words));
    return value->answer != PROSE_NO;
}

static void compare_failure(struct comparer *comparer)
{
    bool is_stated = false;

    for (size_t i = 0; i < comparer->result.count; i++) {
        const struct sentence *sentence = &comparer->result.items[i];
        struct prose_value *values;
        const size_t count = prose_values(sentence, &values);

        for (size_t j = 0; j < count; j++)
            is_stated |= compare_value(comparer, sentence, &values[j]);
    }
    if (!is_stated && comparer->plan->failure != FAILURE_NONE)
        disagree(comparer, &comparer->plan->result, PROSE_FAILURE, failure_words(comparer->plan),
                 NULL);
}

struct prose_comparison prose_compare(const struct plans *plans)
{
    struct prose_comparison comparison = {0};

    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];
        const struct function *function = plan->function;

        if (!prose_is_documented(function))
            continue;
        struct comparer comparer = {plans, plan, text_sentences(function->documentation),
                                    paragraph_sentences(function->result.documentation),
                                    &comparison};
        comparison.functions++;
        for (size_t j = 0; j < plan->step_count; j++)
            compare_argument(&comparer, &plan->steps[j]);
        compare_all_freed(&comparer);
        compare_failure(&comparer);
    }
    return comparison;
}
