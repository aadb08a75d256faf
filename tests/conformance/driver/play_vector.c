/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play_vector.h"

#include "arrived.h"
#include "called.h"
#include "differences.h"
#include "judge.h"
#include "judge_vector.h"
#include "orders.h"
#include "play.h"
#include "shown.h"
#include "value.h"

enum { EVENT_SECONDS = 2 };

const char *vector_text(const struct vector *vector, const char *name)
{
    return value_text(value_field(vector->line, name));
}

/* "vector 3 (too large nvcpus)" */
static const char *name_of(const struct vector *vector)
{
    const char *wrong = vector_text(vector, "wrong");
    const char *argument = vector_text(vector, "argument");
    const char *kind = value_has(vector->line, "fails") ? "failure" : "success";

    return arena_printf("vector %s (%s%s%s)",
                        json_object_get_string(value_field(vector->line, "vector")),
                        wrong ? wrong : kind, argument ? ": " : "", argument ? argument : "");
}

static const char *call_of(const struct vector *vector)
{
    struct json_object *arguments = value_field(vector->line, "arguments");
    struct buffer text = {0};

    buffer_add(&text, vector_text(vector, "function"));
    for (size_t i = 0; i < json_object_array_length(arguments); i++)
        buffer_printf(&text, " %s", value_line(json_object_array_get_idx(arguments, i)));
    if (value_has(vector->line, "surplus"))
        buffer_printf(&text, " surplus %s", value_line(value_field(vector->line, "surplus")));
    return buffer_text(&text);
}

static void add_text(struct json_object *record, const char *name, const char *text)
{
    json_object_object_add(record, name, json_object_new_string(text));
}

/* The place, the step, and what it must be and was. */
static struct json_object *in_words(const struct vector *vector, struct json_object *outcome)
{
    enum { LONG_CALL = 400, LONG = 1000 };
    struct json_object *words = json_object_new_object();

    add_text(words, "at", arena_printf("%s:%d", vector->location.file, vector->location.line));
    add_text(words, "step", shown(call_of(vector), LONG_CALL));
    add_text(words, "C", shown(value_line(value_field(vector->line, "outcome")), LONG));
    if (outcome)
        add_text(words, "got", shown(value_line(outcome), LONG));
    return words;
}

void playing_add_problem(struct playing *playing, const struct vector *vector, const char *text,
                         struct json_object *outcome)
{
    struct json_object *problem = json_object_new_object();
    struct json_object *words = in_words(vector, outcome);
    const char *named = arena_printf("%s: %s", name_of(vector), text);

    add_text(problem, "problem", named);
    json_object_object_foreach(words, name, value)
    {
        json_object_object_add(problem, name, json_object_get(value));
    }
    json_object_put(words);
    json_object_array_add(playing->problems, problem);
    if (!playing->first_problem)
        playing->first_problem = named;
}

/* What came within the call, and then in the loop; NULL: the runner is gone. */
static struct json_object *events_of(struct stage *stage, size_t wanted)
{
    struct json_object *events = stage_events(stage, 0, 0);
    const size_t count = events ? json_object_array_length(events) : 0;
    struct json_object *more;

    if (!events || count >= wanted)
        return events;
    more = stage_events(stage, wanted - count, EVENT_SECONDS);
    for (size_t i = 0; more && i < json_object_array_length(more); i++)
        json_object_array_add(events, json_object_get(json_object_array_get_idx(more, i)));
    if (!more) {
        json_object_put(events);
        events = NULL;
    }
    json_object_put(more);
    return events;
}

/* What the callbacks were called with; false: the runner is gone. */
static bool play_events(struct playing *playing, const struct vector *vector,
                        struct buffer *problems)
{
    struct json_object *wanted = called_events(playing->language, vector->line);
    struct json_object *events = events_of(playing->stage, json_object_array_length(wanted));
    const char *difference = NULL;

    if (events) {
        stage_note_handles(playing->stage, events);
        if (value_has(vector->line, "events"))
            difference = arrived_difference("events", wanted, events);
    }
    json_object_put(wanted);
    if (!events)
        return false;
    json_object_put(events);
    if (difference)
        add_line(problems, "%s", difference);
    return true;
}

/* Takes a callback back; false: the runner is gone. */
static bool play_then(struct playing *playing, const struct vector *vector,
                      struct json_object *outcome, struct buffer *problems)
{
    struct stage *stage = playing->stage;
    struct json_object *then = value_field(vector->line, "then");
    struct json_object *arguments;
    struct json_object *undone;

    if (!then || !value_has(outcome, "answer"))
        return true;
    arguments = stage_given(stage, value_field(then, "arguments"));
    for (size_t i = 0; arguments && i < json_object_array_length(arguments); i++)
        if (value_has(json_object_array_get_idx(arguments, i), "$answer"))
            json_object_array_put_idx(arguments, i,
                                      json_object_get(value_field(outcome, "answer")));
    undone = arguments ? play_call(stage->runner, value_text(value_field(then, "function")),
                                   arguments, NULL)
                       : NULL;
    if (undone && (!value_has(undone, "answer") || value_field(undone, "answer")))
        add_line(problems, "%s %s", value_text(value_field(then, "function")),
                 outcome_in_words(undone));
    else if (undone)
        playing->undone = arena_copy(value_text(value_field(then, "function")));
    json_object_put(undone);
    return undone;
}

/* Notes that the language accepts this wrong use on purpose; false: it does not. */
static bool is_accepted(struct playing *playing, const struct vector *vector,
                        struct json_object *outcome, struct json_object *calls)
{
    const struct language *language = playing->language;
    const char *wrong = vector_text(vector, "wrong");
    size_t place;

    /* libvirt may refuse what the language took, or the language find out later. */
    if (!wrong || (value_has(outcome, "wrong-use") && !json_object_array_length(calls)))
        return false;
    place = accepted_find(language->accepted, language->accepted_count, playing->group->function,
                          vector_text(vector, "argument"), wrong);
    if (place == language->accepted_count)
        return false;
    json_object_array_add(playing->accepted, json_object_new_int64((int64_t)place));
    return true;
}

/* Callbacks may have been called. */
static bool fires(const struct vector *vector, struct json_object *outcome)
{
    return value_has(vector->line, "events") ||
           (value_has(vector->line, "then") && value_has(outcome, "answer"));
}

/* All that is wrong with what came, a line each; false: the runner is gone. */
static bool judge(struct playing *playing, const struct vector *vector, struct json_object *outcome,
                  struct buffer *problems)
{
    struct arrival arrival = {.language = playing->language,
                              .line = vector->line,
                              .outcome = outcome,
                              .calls = orders_calls()};
    const bool accepted = is_accepted(playing, vector, outcome, arrival.calls);
    struct json_object *faults;
    bool alive;

    if (!accepted) {
        judge_calls(&arrival, problems);
        judge_vector_outcome(&arrival, problems);
    }
    json_object_put(arrival.calls);
    alive = (!fires(vector, outcome) || play_events(playing, vector, problems)) &&
            play_then(playing, vector, outcome, problems);
    faults = orders_faults();
    /* What libvirt refused then, it may have called a fault. */
    for (size_t i = 0; i < json_object_array_length(faults); i++)
        if (!accepted || value_has(outcome, "answer"))
            add_line(problems, "%s", json_object_get_string(json_object_array_get_idx(faults, i)));
    json_object_put(faults);
    orders_none();
    return alive;
}

/* The outcome; NULL: the runner is gone. */
static struct json_object *call(struct stage *stage, const struct vector *vector)
{
    const char *function = vector_text(vector, "function");
    struct json_object *arguments;

    if (value_has(vector->line, "events")) {
        /* What came earlier. */
        struct json_object *events = stage_events(stage, 0, 0);
        if (!events)
            return NULL;
        json_object_put(events);
    }
    orders_none();
    arguments = stage_given(stage, value_field(vector->line, "arguments"));
    if (!arguments)
        return NULL;
    orders_begin(function, (unsigned)json_object_get_int64(value_field(vector->line, "vector")),
                 value_has(vector->line, "fails"));
    return play_call(stage->runner, function, arguments,
                     json_object_get(value_field(vector->line, "surplus")));
}

static void note_step(struct playing *playing, const struct vector *vector,
                      struct json_object *outcome)
{
    if (playing->steps)
        json_object_array_add(playing->steps, in_words(vector, outcome));
}

static void note_decided(struct playing *playing, size_t place, const char *problem)
{
    json_object_array_add(playing->decided, json_object_new_int64((int64_t)place));
    if (!playing->first_decided)
        playing->first_decided = arena_copy(problem);
}

/* True where all that is wrong with the vector is known of an established binding. */
static bool is_decided(struct playing *playing, const char *problem)
{
    const struct language *language = playing->language;
    const size_t place = differences_find(language->differences, language->difference_count,
                                          playing->group->function, problem);

    if (place < language->difference_count)
        note_decided(playing, place, problem);
    return place < language->difference_count;
}

/* True where a handle is to have been ended, which programs of the language cannot do. */
static bool is_unending(const struct playing *playing, const struct vector *vector)
{
    struct json_object *arguments = value_field(vector->line, "arguments");

    for (size_t i = 0; i < json_object_array_length(arguments); i++) {
        struct json_object *value = json_object_array_get_idx(arguments, i);
        const char *kind = value_text(value_field(value, "$handle"));

        if (kind && value_has(value, "ended") &&
            !value_has(playing->language->functions, stage_release_of(playing->stage, kind)))
            return true;
    }
    return false;
}

/* An established binding need not refuse what ours refuses, nor have all kinds of handles. */
static bool is_left_out(struct playing *playing, const struct vector *vector)
{
    const struct language *language = playing->language;
    const size_t crash = differences_find_crash(language->differences, language->difference_count,
                                                playing->group->function, call_of(vector));
    const char *lack;

    if (!vector_concerns(language, vector->line) || is_unending(playing, vector) ||
        called_has_no_answer(language, vector->line) ||
        (language->established && vector_text(vector, "wrong")))
        return true;
    if (crash < language->difference_count) {
        note_decided(playing, crash, "not called: it crashes");
        return true;
    }
    lack = playing->stage->kept
               ? stage_lacks(playing->stage, value_field(vector->line, "arguments"))
               : NULL;
    if (lack)
        playing->absent = lack;
    return lack;
}

/* The runner is gone. */
static enum verdict_of_vector judge_break(struct playing *playing, const struct vector *vector)
{
    const struct runner *runner = playing->stage->runner;
    const char *trouble = runner_trouble(runner);
    const char *output = runner_output(runner);
    const bool decided = is_decided(playing, trouble);

    if (!decided)
        playing_add_problem(playing, vector, trouble, NULL);
    if (!decided && *output)
        add_text(json_object_array_get_idx(playing->problems,
                                           json_object_array_length(playing->problems) - 1),
                 "output", output);
    stage_broke(playing->stage);
    return decided ? VECTOR_DECIDED : VECTOR_BROKE;
}

static enum verdict_of_vector play_on_stage(struct playing *playing, const struct vector *vector)
{
    struct json_object *outcome = NULL;
    struct buffer problems = {0};
    enum verdict_of_vector verdict = VECTOR_BROKE;
    const bool set_up = stage_set_up(playing->stage);

    if (is_left_out(playing, vector))
        return VECTOR_LEFT_OUT;
    if (set_up)
        outcome = call(playing->stage, vector);
    note_step(playing, vector, outcome);
    if (outcome && value_has(outcome, "absent")) {
        playing->absent = arena_copy(value_text(value_field(outcome, "absent")));
        verdict = VECTOR_LEFT_OUT;
    } else if (outcome) {
        stage_note_handles(playing->stage, outcome);
        if (judge(playing, vector, outcome, &problems)) {
            verdict = VECTOR_PASSED;
        }
    }
    if (problems.length && is_decided(playing, buffer_text(&problems))) {
        verdict = verdict == VECTOR_PASSED ? VECTOR_DECIDED : verdict;
    } else if (problems.length) {
        verdict = verdict == VECTOR_PASSED ? VECTOR_FAILED : verdict;
        playing_add_problem(playing, vector, buffer_text(&problems), outcome);
    }
    if (verdict == VECTOR_PASSED)
        playing->answered |= !vector_text(vector, "wrong");
    if (verdict == VECTOR_BROKE)
        verdict = judge_break(playing, vector);
    json_object_put(outcome);
    return verdict;
}

enum verdict_of_vector play_vector(struct playing *playing, const struct vector *vector)
{
    const bool is_alone = value_has(vector->line, "alone");
    enum verdict_of_vector verdict;

    if (is_alone)
        stage_end(playing->stage);
    verdict = play_on_stage(playing, vector);
    if (is_alone)
        stage_end(playing->stage);
    return verdict;
}
