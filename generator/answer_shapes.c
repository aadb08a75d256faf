/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shapes of what functions and callables return. */
#include "answers.h"
#include "manifest.h"
#include "shapes.h"

static bool is_answer(const struct plan *plan, const struct step *step)
{
    return step == &plan->result || pattern_role(step->pattern) == ROLE_OUT;
}

/* How many answers C gives. */
static size_t answer_count(const struct plan *plan)
{
    size_t count = plan_result_is_value(plan);

    for (size_t i = 0; i < plan->step_count; i++)
        count += pattern_role(plan->steps[i].pattern) == ROLE_OUT;
    return count;
}

/* `switch ARGUMENT`: true or false, where C has 1 and 0 */
static const char *shape_alone(const struct surface *surface, const struct plan *plan,
                               const struct step *step)
{
    if (step->position &&
        surface_has_fact(surface, plan->function->name, "switch", step->parameter->name, NULL))
        return json_string("switch");
    return step_shape(surface, step);
}

/* The number of an array that C returns besides it is no answer of its own. */
static const char *shape_in_answer(const struct surface *surface, const struct plan *plan,
                                   const struct step *step)
{
    return step == &plan->result && !plan_result_is_value(plan) ? json_string("null")
                                                                : shape_alone(surface, plan, step);
}

static struct buffer answer_fields(const struct surface *surface, const struct plan *plan,
                                   const struct answers *answers, const struct step *without)
{
    struct buffer fields = {0};

    for (size_t i = 0; i < answers->count; i++)
        if (answers->steps[i] != without)
            json_member(&fields, answer_name(answers->steps[i]),
                        shape_in_answer(surface, plan, answers->steps[i]));
    return fields;
}

static const char *merged_shape(const struct surface *surface, const struct plan *plan,
                                const struct answers *answers)
{
    const struct step *dict = answers_dict(plan, answers);
    const struct buffer others = answer_fields(surface, plan, answers, dict);
    struct buffer members = {0}, outer = {0};

    json_member(&members, "into", step_shape(surface, dict));
    json_member(&members, "field", json_string(answer_name(dict)));
    json_member(&members, "with", json_object(&others));
    json_member(&outer, "merged", json_object(&members));
    return json_object(&outer);
}

/* C's result says whether there is an answer. */
static const char *found_shape(const struct buffer *fields, const char *empty)
{
    struct buffer members = {0};

    json_member(&members, "found", manifest_record(fields, "value"));
    json_member(&members, "empty", empty);
    json_member(&members, "by", json_string("result"));
    return json_object(&members);
}

/* The same, which does not show in the answer. */
static const char *zeroed_shape(const struct buffer *fields)
{
    struct buffer members = {0};

    json_member(&members, "zeroed", manifest_record(fields, "value"));
    return json_object(&members);
}

static const char *shape_by_rule(const struct surface *surface, const struct plan *plan)
{
    const struct answers answers = answers_of(surface, plan);
    const struct buffer fields = answer_fields(surface, plan, &answers, NULL);

    if (!answers.count)
        return json_string("null");
    if (answers.form == ANSWERS_FOUND)
        return found_shape(&fields, "{}");
    if (answers.form == ANSWERS_ZEROED)
        return zeroed_shape(&fields);
    if (answers.form == ANSWERS_MERGED)
        return merged_shape(surface, plan, &answers);
    if (answers.count == 1 && answer_count(plan) == 1)
        return shape_alone(surface, plan, answers.steps[0]);
    return manifest_record(&fields, answers.count == 1             ? "value"
                                    : answers.form == ANSWERS_DICT ? "map"
                                                                   : "list");
}

/* ---- what the names file states ---- */

static const struct step *stated_step(const struct plan *plan, const struct fact *fact, size_t word)
{
    const struct step *step = plan_step(plan, fact->words[word]);

    if (!step && text_equal(fact->words[word], "result"))
        step = &plan->result;
    if (!step || !is_answer(plan, step))
        fact_error(fact, "%s has no answer %s", plan->function->name, fact->words[word]);
    return step;
}

static bool is_among(const struct fact *fact, const char *name)
{
    for (size_t i = 0; i < fact->word_count; i++)
        if (text_equal(fact->words[i], name))
            return true;
    return false;
}

/* Of what an object's reader gives. */
static const char *read_shape(const char *reader, const char *shape)
{
    struct buffer members = {0};

    if (!reader)
        return shape;
    json_member(&members, "reader", json_string(reader));
    json_member(&members, "of", shape);
    return json_object(&members);
}

static const char *stated_fields(const struct surface *surface, const struct plan *plan,
                                 const struct fact *fact)
{
    const char *form = fact_option(fact, "as");
    const char *alone = fact_option(fact, "alone");
    const char *reader = fact_option(fact, "reader");
    struct buffer fields = {0}, members = {0};

    for (size_t i = 0; i < fact->word_count; i++) {
        const struct step *step = stated_step(plan, fact, i);
        if (step)
            json_member(&fields, fact->words[i], read_shape(reader, step_shape(surface, step)));
    }
    json_member(&members, "record", json_object(&fields));
    json_member(&members, "as", json_string(form ? form : "list"));
    if (alone && !is_among(fact, alone))
        fact_error(fact, "alone=%s is none of the answers", alone);
    if (alone)
        json_member(&members, "alone", json_string(alone));
    return json_object(&members);
}

/* Of what a list holds. */
static const char *item_shape(const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_NEW_CPU_MAP:
        return json_string("boolean");
    case PATTERN_OUT_PARAMS_BY_CPU:
        return "{\"map\": \"parameter\"}";
    default:
        return manifest_number(step->scalar);
    }
}

/* A list that has become something else, in its own form. */
static const char *formed_shape(const struct plan *plan, const struct fact *fact, const char *form)
{
    const struct step *step = stated_step(plan, fact, 0);
    struct buffer fields = {0}, members = {0};

    if (!step)
        return "";
    json_member(&members, form, item_shape(step));
    if (answer_count(plan) == 1)
        return json_object(&members);
    json_member(&fields, fact->words[0], json_object(&members));
    return manifest_record(&fields, "value");
}

/* Objects that each have a record of a list, and what is beside it in another. */
static const char *zipped_shape(const struct surface *surface, const struct plan *plan,
                                const struct fact *fact)
{
    const struct step *records = stated_step(plan, fact, 0);
    const struct step *beside = stated_step(plan, fact, 1);
    const char *reader = fact_option(fact, "reader");
    struct buffer members = {0}, outer = {0};

    if (!records || !beside || !records->record || !reader)
        return "";
    json_member(&members, fact->words[0],
                record_readers(surface, plans_record(surface->emission->plans, records->record)));
    json_member(&members, fact->words[1], json_string(reader));
    json_member(&outer, "zipped", json_object(&members));
    return json_object(&outer);
}

/* Maps within a map; lists by another key; a map with the places as keys. */
static const char *const list_forms[] = {"flattened", "transposed", "indexed", NULL};
/* Bytes behind their number; how many of those given were taken. */
static const char *const plain_forms[] = {"counted", "consumed", NULL};

static bool is_among_texts(const char *text, const char *const *texts)
{
    while (*texts && !text_equal(*texts, text))
        texts++;
    return *texts;
}

static const char *stated_shape(const struct surface *surface, const struct plan *plan,
                                const struct fact *fact)
{
    const char *form = fact_option(fact, "as");

    if (form && is_among_texts(form, list_forms))
        return formed_shape(plan, fact, form);
    if (form && is_among_texts(form, plain_forms))
        return json_string(form);
    if (form && text_equal(form, "zipped"))
        return zipped_shape(surface, plan, fact);
    if (form && !text_equal(form, "value"))
        fact_error(fact,
                   "as=%s is none of value, zipped, flattened, transposed, indexed, counted, "
                   "consumed",
                   form);
    if (fact->word_count == 1 && !form) {
        const struct step *step = stated_step(plan, fact, 0);
        return step ? step_shape(surface, step) : "";
    }
    return stated_fields(surface, plan, fact);
}

/* The shape of the fact `answer`, which must differ from the rule's. */
static const char *stated_or(const struct surface *surface, const struct plan *plan,
                             const char *by_rule)
{
    const struct fact *fact =
        notes_last(surface->emission->names->notes, plan->function->name, "answer");
    const char *stated;

    if (!fact)
        return by_rule;
    stated = stated_shape(surface, plan, fact);
    names_settled(fact, !text_equal(stated, by_rule));
    return stated;
}

const char *answer_shape(const struct surface *surface, const struct bound_function *function)
{
    const struct plan *plan = function->plan;
    const char *by_rule = shape_by_rule(surface, plan);
    const char *shape = function->by_hand ? stated_or(surface, plan, by_rule) : by_rule;
    const struct failure_answer failure = answer_of_failure(surface, plan);
    struct buffer members = {0};

    if (!failure.value)
        return shape;
    json_member(&members, "returned-failure", shape);
    if (text_equal(failure.value, "*"))
        json_member(&members, "any", json_boolean(true));
    else
        json_member(&members, "value",
                    text_equal(failure.value, surface->rules->nothing) ? "null" : failure.value);
    if (failure.code)
        json_member(&members, "code", json_number(failure.code->value));
    return json_object(&members);
}

static bool tells(const struct answers *answers, const struct step *step)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->steps[i] == step)
            return true;
    return false;
}

/* True for an answer that is always there. */
static bool is_told(const struct surface *surface, const struct bound_function *function,
                    const struct step *step)
{
    const struct plan *plan = function->plan;
    const struct answers answers = answers_of(surface, plan);
    const struct fact *fact = function->by_hand ? notes_last(surface->emission->names->notes,
                                                             plan->function->name, "answer")
                                                : NULL;
    const char *form = fact ? fact_option(fact, "as") : NULL;
    const char *alone = fact ? fact_option(fact, "alone") : NULL;

    if (alone)
        return text_equal(alone, answer_name(step));
    if (fact)
        return is_among(fact, answer_name(step)) &&
               !(form && text_equal(form, "value") && fact->word_count > 1);
    return answers.form == ANSWERS_FOUND ? step == &plan->result : tells(&answers, step);
}

char *untold_answers(const struct surface *surface, const struct bound_function *function)
{
    const struct plan *plan = function->plan;
    struct buffer items = {0};

    if (plan_result_is_value(plan) && !is_told(surface, function, &plan->result))
        json_item(&items, json_string("result"));
    for (size_t i = 0; i < plan->step_count; i++)
        if (pattern_role(plan->steps[i].pattern) == ROLE_OUT &&
            !is_told(surface, function, &plan->steps[i]))
            json_item(&items, json_string(plan->steps[i].parameter->name));
    return json_array(&items);
}

const char *callback_answer_shape(const struct surface *surface, const struct plan *plan)
{
    return stated_or(surface, plan,
                     plan->result.pattern == PATTERN_NOTHING
                         ? json_string("null")
                         : manifest_number(plan->function->result.type.scalar));
}
