/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge.h"

#include <string.h>

#include "base.h"
#include "differences.h"
#include "shown.h"
#include "text.h"
#include "value.h"

const char *outcome_in_words(struct json_object *outcome)
{
    struct json_object *error = value_field(outcome, "error");
    struct json_object *refusal = value_field(outcome, "wrong-use");

    if (error)
        return arena_printf("failed: %s (code %ld, domain %ld)",
                            json_object_get_string(value_field(error, "message")),
                            (long)json_object_get_int64(value_field(error, "code")),
                            (long)json_object_get_int64(value_field(error, "domain")));
    if (refusal)
        return arena_printf("refused: %s: %s", value_text(value_field(refusal, "class")),
                            value_text(value_field(refusal, "message")));
    if (value_has(outcome, "absent"))
        return arena_printf("does not have it: %s", value_text(value_field(outcome, "absent")));
    return arena_printf("answered %s", value_shown(value_field(outcome, "answer")));
}

static const char *judge_answer(struct json_object *wanted, const char *wanted_by,
                                struct json_object *got, const char *got_by)
{
    struct buffer differences = {0};

    return value_compare("answer", wanted, wanted_by, got, got_by, &differences)
               ? NULL
               : buffer_text(&differences);
}

/* The error that a step says that there must be. */
static const char *judge_failure(const struct step *step, const char *who,
                                 struct json_object *outcome)
{
    struct json_object *error = value_field(outcome, "error");
    const char *message = value_text(value_field(error, "message"));

    if (!error)
        return arena_printf("%s must fail, it %s", who, outcome_in_words(outcome));
    if (!json_object_equal(step->code, value_field(error, "code")) ||
        (step->domain && !json_object_equal(step->domain, value_field(error, "domain"))))
        return arena_printf("%s must fail otherwise, it %s", who, outcome_in_words(outcome));
    if (step->part && (!message || !strstr(message, step->part)))
        return arena_printf("%s must fail with \"%s\" in the message, it %s", who, step->part,
                            outcome_in_words(outcome));
    return NULL;
}

static const char *judge_refusal(const struct step *step, const char *who,
                                 struct json_object *outcome)
{
    struct json_object *refusal = value_field(outcome, "wrong-use");

    if (!refusal)
        return arena_printf("%s must refuse this, it %s", who, outcome_in_words(outcome));
    if (step->part && !strstr(value_text(value_field(refusal, "message")), step->part))
        return arena_printf("%s must say \"%s\", it %s", who, step->part,
                            outcome_in_words(outcome));
    return NULL;
}

static const char *judge_part(const struct step *step, const char *who, struct json_object *outcome)
{
    const char *text = value_text(value_field(outcome, "answer"));

    return text && strstr(text, step->part)
               ? NULL
               : arena_printf("%s must answer text with \"%s\" in it, it %s", who, step->part,
                              outcome_in_words(outcome));
}

/* What the step itself says. Where the answer varies, so may whether there is one. */
static const char *judge_expectation(const struct step *step, const char *who,
                                     const struct record *record)
{
    switch (step->expectation) {
    case EXPECT_ERROR:
        return judge_failure(step, who, record->outcome);
    case EXPECT_WRONG_USE:
        return judge_refusal(step, who, record->outcome);
    case EXPECT_PART:
        return judge_part(step, who, record->outcome);
    case EXPECT_ANSWER:
    case EXPECT_WORKS:
        break;
    }
    if (step->expectation == EXPECT_WORKS && step->extent == EXTENT_NOTHING &&
        value_has(record->outcome, "error"))
        return NULL;
    if (!value_has(record->outcome, "answer"))
        return arena_printf("%s %s", who, outcome_in_words(record->outcome));
    if (step->expectation == EXPECT_WORKS)
        return NULL;
    return judge_answer(record->wanted, "the case", value_field(record->outcome, "answer"), who);
}

bool judge_holds(const struct step *step, const struct record *record)
{
    return !judge_expectation(step, "", record);
}

static const char *trouble_of(const char *who, const struct record *record)
{
    return arena_printf("%s: %s", who, record->trouble);
}

const char *judge_c(const struct step *step, const struct record *record)
{
    switch (record->state) {
    case RECORD_MISSED:
    case RECORD_LEFT_OUT:
        return NULL;
    case RECORD_UNPLAYED:
    case RECORD_BROKE:
        return trouble_of("C", record);
    case RECORD_PLAYED:
        break;
    }
    if (value_has(record->outcome, "absent"))
        return arena_printf("C: %s; say \"needs %s\" above the step",
                            value_text(value_field(record->outcome, "absent")), step->name);
    return judge_expectation(step, "C", record);
}

static const char *judge_error(struct json_object *wanted, const char *wanted_by,
                               struct json_object *got, const char *got_by, enum extent extent)
{
    struct json_object *all = value_field(wanted, "error");
    struct json_object *compared = json_object_new_object();
    struct buffer differences = {0};
    bool same;

    json_object_object_foreach(all, name, value)
    {
        const bool main = text_equal(name, "code") || text_equal(name, "domain");

        if (extent == EXTENT_ALL || main)
            json_object_object_add(compared, name, json_object_get(value));
    }
    json_object_object_add(compared, VALUE_REST, json_object_new_boolean(true));
    same = value_compare("error", compared, wanted_by, value_field(got, "error"), got_by,
                         &differences);
    json_object_put(compared);
    return same ? NULL : buffer_text(&differences);
}

static const char *judge_shape(struct json_object *wanted, const char *wanted_by,
                               struct json_object *got, const char *got_by)
{
    struct json_object *wanted_shape = value_shape(wanted);
    struct json_object *got_shape = value_shape(got);
    const char *problem = judge_answer(wanted_shape, wanted_by, got_shape, got_by);

    json_object_put(wanted_shape);
    json_object_put(got_shape);
    return problem;
}

/* Compares an outcome with what it must be. */
static const char *judge_outcome(struct json_object *wanted, const char *wanted_by,
                                 struct json_object *got, const char *got_by, enum extent extent)
{
    struct json_object *wanted_answer = value_field(wanted, "answer");
    struct json_object *got_answer = value_field(got, "answer");

    if (value_has(wanted, "error") && value_has(got, "error"))
        return judge_error(wanted, wanted_by, got, got_by, extent);
    if (!value_has(wanted, "answer") || !value_has(got, "answer"))
        return arena_printf("%s %s, %s %s", wanted_by, outcome_in_words(wanted), got_by,
                            outcome_in_words(got));
    switch (extent) {
    case EXTENT_ALL:
        return judge_answer(wanted_answer, wanted_by, got_answer, got_by);
    case EXTENT_SHAPE:
        return judge_shape(wanted_answer, wanted_by, got_answer, got_by);
    case EXTENT_NOTHING:
        break;
    }
    return NULL;
}

/* What the manifest says of the step's function; NULL for steps that call none. */
static struct json_object *function_of(const struct judged *judged)
{
    return judged->step->kind == STEP_CALL
               ? value_field(judged->language->functions, judged->step->name)
               : NULL;
}

static bool has_no_result(struct json_object *facts)
{
    const char *shape = value_text(value_field(facts, "result"));

    return shape && text_equal(shape, "null");
}

/* Where C found nothing, and the language answers a record of zeros. */
static bool is_zeroed(const struct judged *judged, struct json_object *answer)
{
    struct json_object *shape = value_field(value_field(function_of(judged), "result"), "zeroed");
    struct json_object *fields = value_field(shape, "record");

    if (!fields)
        return false;
    json_object_object_foreach(fields, name, field)
    {
        (void)field;
        if (value_has(answer, name))
            return false;
    }
    return true;
}

/* An answer without what this language does not tell of it. */
static struct json_object *told(const struct judged *judged, struct json_object *answer)
{
    struct json_object *untold = value_field(function_of(judged), "untold");
    struct json_object *got = value_field(judged->got->outcome, "answer");
    struct json_object *less = NULL;

    if (untold && has_no_result(function_of(judged)))
        return NULL;
    if (is_zeroed(judged, answer))
        return json_object_get(got);
    if (!untold || !json_object_is_type(answer, json_type_object))
        return json_object_get(answer);
    json_object_deep_copy(answer, &less, NULL);
    for (size_t i = 0; i < json_object_array_length(untold); i++) {
        const char *field = value_text(json_object_array_get_idx(untold, i));

        if (!value_has(got, field))
            json_object_object_del(less, field);
    }
    return less;
}

bool judge_is_answered(struct json_object *shape, struct json_object *outcome)
{
    struct json_object *code = value_field(shape, "code");

    return value_has(shape, "returned-failure") && value_has(outcome, "error") &&
           (!code || json_object_equal(code, value_field(value_field(outcome, "error"), "code")));
}

/* True where C failed, and the language answered what it answers then. */
static bool is_returned_failure(const struct judged *judged)
{
    struct json_object *shape = value_field(function_of(judged), "result");

    return judge_is_answered(shape, judged->c->outcome) &&
           value_has(judged->got->outcome, "answer") &&
           (value_has(shape, "any") ||
            json_object_equal(value_field(judged->got->outcome, "answer"),
                              value_field(shape, "value")));
}

/* What this language tells of the function that failed: another name, or the one that says how much
 * there is, which it asks first. NULL: its name. */
static struct json_object *reported_name(const struct judged *judged)
{
    struct json_object *first = value_field(function_of(judged), "asks-first");
    struct json_object *got = value_field(value_field(judged->got->outcome, "error"), "function");

    return first && json_object_equal(first, got) ? first
                                                  : value_field(function_of(judged), "reported-as");
}

static struct json_object *reported(const struct judged *judged, struct json_object *error)
{
    struct json_object *name = reported_name(judged);
    struct json_object *renamed =
        language_tells(judged->language, error, value_field(judged->got->outcome, "error"));

    if (name && value_has(renamed, "function"))
        json_object_object_add(renamed, "function", json_object_get(name));
    return renamed;
}

static const char *judge_call(const struct judged *judged)
{
    struct json_object *answer = told(judged, value_field(judged->c->outcome, "answer"));
    struct json_object *wanted = json_object_new_object();
    const char *problem;

    json_object_object_foreach(judged->c->outcome, name, value)
    {
        json_object_object_add(wanted, name,
                               text_equal(name, "answer")  ? json_object_get(answer)
                               : text_equal(name, "error") ? reported(judged, value)
                                                           : json_object_get(value));
    }
    problem = judge_outcome(wanted, "C", judged->got->outcome, judged->language->name,
                            judged->step->extent);
    json_object_put(answer);
    json_object_put(wanted);
    return problem;
}

static const char *judge_own_expectation(const struct judged *judged)
{
    struct record record = *judged->got;
    const char *problem;

    record.wanted = told(judged, record.wanted);
    problem = judge_expectation(judged->step, judged->language->name, &record);
    json_object_put(record.wanted);
    return problem;
}

/* A language has all that C has but for what its manifest leaves out, and what it has besides, the
 * ends of enums for example, is as the manifest says. */
static const char *judge_constants(const struct judged *judged)
{
    struct json_object *manifest = value_field(judged->language->manifest, "constants");
    struct json_object *c = value_field(judged->c->outcome, "answer");
    struct json_object *wanted = json_object_new_object();
    struct json_object *got = value_field(judged->got->outcome, "answer");
    const char *problem;

    json_object_object_foreach(c, name, value)
    {
        if (!value_has(value_field(manifest, name), "left-out"))
            json_object_object_add(wanted, name, json_object_get(value));
    }
    json_object_object_foreach(got, own, number)
    {
        (void)number;
        if (!value_has(c, own) && value_has(value_field(manifest, own), "value"))
            json_object_object_add(
                wanted, own, json_object_get(value_field(value_field(manifest, own), "value")));
    }
    problem = judge_answer(wanted, "C", got, judged->language->name);
    json_object_put(wanted);
    return problem;
}

const char *judge_subject(const struct step *step)
{
    return step->kind == STEP_CALL ? step->name : step->kind == STEP_CONSTANTS ? "constants" : "";
}

static size_t known_crash(const struct judged *judged)
{
    const struct language *language = judged->language;

    return differences_find_crash(language->differences, language->difference_count,
                                  judge_subject(judged->step), judged->step->text);
}

static bool is_known_to_crash(const struct judged *judged)
{
    return known_crash(judged) < judged->language->difference_count;
}

size_t judge_decided(const struct judged *judged, const char *problem)
{
    const struct language *language = judged->language;

    if (is_known_to_crash(judged))
        return known_crash(judged);
    return differences_find(language->differences, language->difference_count,
                            judge_subject(judged->step), problem);
}

/* What is not asked of an established binding: what it lacks, what comes after that, and that it
 * refuses what ours refuses. */
static bool is_let_off(const struct judged *judged)
{
    return judged->language->established && (judged->got->state == RECORD_UNPLAYED ||
                                             judged->step->expectation == EXPECT_WRONG_USE ||
                                             value_has(judged->got->outcome, "absent"));
}

const char *judge_language(const struct judged *judged)
{
    const char *problem = NULL;

    if (is_let_off(judged))
        return is_known_to_crash(judged) ? "not called: it crashes" : NULL;

    switch (judged->got->state) {
    case RECORD_MISSED:
    case RECORD_LEFT_OUT:
        return NULL;
    case RECORD_UNPLAYED:
    case RECORD_BROKE:
        return trouble_of(judged->language->name, judged->got);
    case RECORD_PLAYED:
        break;
    }
    if (judged->step->kind == STEP_CONSTANTS)
        return judge_constants(judged);
    if (is_returned_failure(judged))
        return NULL;
    if (judged->step->expectation != EXPECT_WRONG_USE)
        problem = judge_call(judged);
    if (!problem)
        problem = judge_own_expectation(judged);
    /* What another function does otherwise, its own steps tell. */
    return judged->got->calls_plain ? NULL : problem;
}

enum finding judge_finding(const struct judged *judged, const char *problem)
{
    if (judged->step->kind != STEP_CALL || judged->step->expectation == EXPECT_WRONG_USE ||
        judged->got->state == RECORD_MISSED || judged->got->state == RECORD_UNPLAYED)
        return FINDING_COUNT;
    if (value_has(judged->got->outcome, "absent"))
        return FINDING_ABSENT;
    if (problem)
        return FINDING_DIFFERS;
    if (judged->got->calls_plain && !value_has(judged->got->outcome, "answer"))
        return FINDING_COUNT;
    return judge_c_finding(judged->step, judged->c);
}

enum finding judge_c_finding(const struct step *step, const struct record *record)
{
    enum { VIR_ERR_NO_SUPPORT = 3 };
    struct json_object *error = value_field(record->outcome, "error");

    if (step->kind != STEP_CALL || record->state != RECORD_PLAYED)
        return FINDING_COUNT;
    if (value_has(record->outcome, "answer"))
        return FINDING_PROVED;
    if (!error)
        return FINDING_COUNT;
    return json_object_get_int64(value_field(error, "code")) == VIR_ERR_NO_SUPPORT
               ? FINDING_UNSUPPORTED
               : FINDING_FAILED;
}

static void add_text(struct json_object *problem, const char *name, const char *text)
{
    if (text)
        json_object_object_add(problem, name, json_object_new_string(text));
}

static const char *outcome_line(const struct record *record)
{
    enum { LONG = 1000 };

    return record && record->outcome ? shown(value_line(record->outcome), LONG) : NULL;
}

struct json_object *problem_new(const struct judged *judged, const char *text)
{
    struct json_object *problem = json_object_new_object();
    const struct step *step = judged->step;
    const struct record *broke = judged->got ? judged->got : judged->c;

    add_text(problem, "problem", text);
    if (step) {
        add_text(problem, "at", arena_printf("%s:%d", step->location.file, step->location.line));
        add_text(problem, "step", step->text);
    }
    add_text(problem, "C", outcome_line(judged->c));
    add_text(problem, "got", outcome_line(judged->got));
    if (broke && broke->output && *broke->output)
        add_text(problem, "output", broke->output);
    return problem;
}
