/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vectors.h"

#include <string.h>

#include "arrived.h"
#include "clock.h"
#include "judge.h"
#include "judge_vector.h"
#include "orders.h"
#include "play.h"
#include "shown.h"
#include "stage.h"
#include "value.h"

enum {
    EVENT_SECONDS = 2,
    ENOUGH_BREAKS = 3, /* of a function, whose runner is then not started any more */
};

enum verdict_of_vector { VECTOR_PASSED, VECTOR_FAILED, VECTOR_LEFT_OUT, VECTOR_BROKE };

/* A function's vectors, while they are played in a language. */
struct playing {
    struct session *session;
    const struct language *language;
    const struct vector_group *group;
    struct stage *stage;
    struct json_object *problems;
    struct json_object *steps; /* NULL: nobody wants them */
    struct json_object *accepted;
    unsigned counts[VECTOR_BROKE + 1];
    bool answered; /* a vector that is no wrong use was played */
    const char *absent;
    const char *first_problem;
};

static const char *field_text(const struct vector *vector, const char *name)
{
    return value_text(value_field(vector->line, name));
}

/* "vector 3 (too large nvcpus)" */
static const char *name_of(const struct vector *vector)
{
    const char *wrong = field_text(vector, "wrong");
    const char *argument = field_text(vector, "argument");
    const char *kind = value_has(vector->line, "fails") ? "failure" : "success";

    return arena_printf("vector %s (%s%s%s)",
                        json_object_get_string(value_field(vector->line, "vector")),
                        wrong ? wrong : kind, argument ? ": " : "", argument ? argument : "");
}

static const char *call_of(const struct vector *vector)
{
    enum { LONG = 400 };
    struct json_object *arguments = value_field(vector->line, "arguments");
    struct buffer text = {0};

    buffer_add(&text, field_text(vector, "function"));
    for (size_t i = 0; i < json_object_array_length(arguments); i++)
        buffer_printf(&text, " %s", value_line(json_object_array_get_idx(arguments, i)));
    if (value_has(vector->line, "surplus"))
        buffer_printf(&text, " surplus %s", value_line(value_field(vector->line, "surplus")));
    return shown(buffer_text(&text), LONG);
}

static void add_text(struct json_object *record, const char *name, const char *text)
{
    json_object_object_add(record, name, json_object_new_string(text));
}

/* The place, the step, and what it must be and was. */
static struct json_object *in_words(const struct vector *vector, struct json_object *outcome)
{
    enum { LONG = 1000 };
    struct json_object *words = json_object_new_object();

    add_text(words, "at", arena_printf("%s:%d", vector->location.file, vector->location.line));
    add_text(words, "step", call_of(vector));
    add_text(words, "C", shown(value_line(value_field(vector->line, "outcome")), LONG));
    if (outcome)
        add_text(words, "got", shown(value_line(outcome), LONG));
    return words;
}

static void add_problem(struct playing *playing, const struct vector *vector, const char *text,
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

static void add_break(struct playing *playing, const struct vector *vector)
{
    const struct runner *runner = playing->stage->runner;
    const char *output = runner_output(runner);

    add_problem(playing, vector, runner_trouble(runner), NULL);
    if (*output)
        add_text(json_object_array_get_idx(playing->problems,
                                           json_object_array_length(playing->problems) - 1),
                 "output", output);
    stage_broke(playing->stage);
}

/* What the callback was called with, and taking it back; false: the runner is gone. */
static bool play_events(struct stage *stage, const struct vector *vector,
                        struct json_object *outcome, struct buffer *problems)
{
    struct json_object *wanted = value_field(vector->line, "events");
    struct json_object *then = value_field(vector->line, "then");
    struct json_object *events;
    struct json_object *arguments;
    struct json_object *undone;
    const char *difference;

    if (!wanted || !value_has(outcome, "answer"))
        return true;
    events = stage_events(stage, json_object_array_length(wanted), EVENT_SECONDS);
    if (!events)
        return false;
    stage_note_handles(stage, events);
    difference = arrived_difference("events", wanted, events);
    json_object_put(events);
    if (difference)
        add_line(problems, "%s", difference);
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
    json_object_put(undone);
    return undone;
}

/* Notes that the language accepts this wrong use on purpose; false: it does not. */
static bool is_accepted(struct playing *playing, const struct vector *vector,
                        struct json_object *outcome)
{
    const struct language *language = playing->language;
    const char *wrong = field_text(vector, "wrong");
    size_t place;

    if (!wrong || !value_has(outcome, "answer"))
        return false;
    place = accepted_find(language->accepted, language->accepted_count, playing->group->function,
                          field_text(vector, "argument"), wrong);
    if (place == language->accepted_count)
        return false;
    json_object_array_add(playing->accepted, json_object_new_int64((int64_t)place));
    return true;
}

/* All that is wrong with what came, a line each; false: the runner is gone. */
static bool judge(struct playing *playing, const struct vector *vector, struct json_object *outcome,
                  struct buffer *problems)
{
    struct arrival arrival = {.language = playing->language,
                              .line = vector->line,
                              .outcome = outcome,
                              .calls = orders_calls()};
    struct json_object *faults;
    bool alive;

    if (!is_accepted(playing, vector, outcome)) {
        judge_calls(&arrival, problems);
        judge_vector_outcome(&arrival, problems);
    }
    json_object_put(arrival.calls);
    alive = play_events(playing->stage, vector, outcome, problems);
    faults = orders_faults();
    for (size_t i = 0; i < json_object_array_length(faults); i++)
        add_line(problems, "%s", json_object_get_string(json_object_array_get_idx(faults, i)));
    json_object_put(faults);
    orders_none();
    return alive;
}

/* The outcome; NULL: the runner is gone. */
static struct json_object *call(struct stage *stage, const struct vector *vector)
{
    const char *function = field_text(vector, "function");
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

static enum verdict_of_vector play_vector(struct playing *playing, const struct vector *vector)
{
    struct json_object *outcome = NULL;
    struct buffer problems = {0};
    enum verdict_of_vector verdict = VECTOR_BROKE;

    if (!vector_concerns(playing->language, vector->line))
        return VECTOR_LEFT_OUT;
    if (stage_set_up(playing->stage))
        outcome = call(playing->stage, vector);
    note_step(playing, vector, outcome);
    if (outcome && value_has(outcome, "absent")) {
        playing->absent = arena_copy(value_text(value_field(outcome, "absent")));
        verdict = VECTOR_LEFT_OUT;
    } else if (outcome) {
        stage_note_handles(playing->stage, outcome);
        if (judge(playing, vector, outcome, &problems)) {
            verdict = problems.length ? VECTOR_FAILED : VECTOR_PASSED;
            playing->answered |= !field_text(vector, "wrong");
        }
    }
    if (problems.length)
        add_problem(playing, vector, buffer_text(&problems), outcome);
    if (verdict == VECTOR_BROKE)
        add_break(playing, vector);
    json_object_put(outcome);
    return verdict;
}

/* "blocks: 3 became 4" */
static const char *what_is_left(struct json_object *before, struct json_object *after)
{
    struct buffer text = {0};

    json_object_object_foreach(after, name, count)
    {
        if (!json_object_equal(count, value_field(before, name))) {
            const char *earlier = arena_copy(value_line(value_field(before, name)));
            buffer_printf(&text, "%s%s: %s became %s", text.length ? ", " : "", name, earlier,
                          value_line(count));
        }
    }
    return text.length ? buffer_text(&text) : NULL;
}

/* What there is when all that was answered is forgotten; NULL: the runner is gone. */
static struct json_object *balance(struct stage *stage)
{
    return stage_set_up(stage) && stage_forget(stage) ? orders_balance() : NULL;
}

/* Something is left: plays one by one once more to see of which vectors. */
static void find_what_is_left(struct playing *playing)
{
    struct playing again = *playing;
    struct json_object *before = balance(playing->stage);

    again.problems = json_object_new_array();
    again.steps = NULL;
    again.accepted = json_object_new_array();
    for (size_t i = 0; before && i < playing->group->count; i++) {
        const struct vector *vector = &playing->group->vectors[i];
        struct json_object *after;
        const char *left;

        play_vector(&again, vector);
        after = balance(playing->stage);
        left = after ? what_is_left(before, after) : NULL;
        if (left) {
            add_problem(playing, vector, arena_printf("left behind: %s", left), NULL);
            playing->counts[VECTOR_FAILED]++;
        }
        json_object_put(before);
        before = after;
    }
    json_object_put(before);
    json_object_put(again.problems);
    json_object_put(again.accepted);
}

static void play_all(struct playing *playing)
{
    struct json_object *before = stage_set_up(playing->stage) ? orders_balance() : NULL;
    struct json_object *after = NULL;

    for (size_t i = 0; i < playing->group->count; i++) {
        if (playing->counts[VECTOR_BROKE] == ENOUGH_BREAKS) {
            playing->counts[VECTOR_LEFT_OUT]++;
            continue;
        }
        playing->counts[play_vector(playing, &playing->group->vectors[i])]++;
    }
    if (playing->stage->kept)
        after = balance(playing->stage);
    if (before && after && !playing->counts[VECTOR_BROKE] && !json_object_equal(before, after))
        find_what_is_left(playing);
    json_object_put(before);
    json_object_put(after);
}

static void note_finding(const struct playing *playing, const char *function)
{
    const bool failed = json_object_array_length(playing->problems);
    enum finding finding = FINDING_COUNT;

    if (failed)
        finding = FINDING_DIFFERS;
    else if (playing->answered)
        finding = FINDING_PROVED;
    else if (playing->absent)
        finding = FINDING_ABSENT;
    if (finding != FINDING_COUNT)
        matrix_note(playing->session->matrix, STAND_IN_LEG, playing->language->name, function,
                    finding,
                    failed            ? playing->first_problem
                    : playing->absent ? playing->absent
                                      : arena_printf("%u vectors", playing->counts[VECTOR_PASSED]));
}

/* What the vectors say takes the place of what C gets; wrong use alone says nothing. */
static bool says_what_c_gets(const struct vector_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        if (!field_text(&group->vectors[i], "wrong"))
            return true;
    return false;
}

static void note_findings(const struct playing *playing)
{
    const struct vector_group *group = playing->group;
    struct json_object *matrix = playing->session->matrix;

    if (says_what_c_gets(group))
        matrix_note(matrix, STAND_IN_LEG, "C", group->function, FINDING_PROVED, "vectors");
    note_finding(playing, group->function);
    /* What takes callbacks back is called by the vectors of what gives them. */
    for (size_t i = 0; i < group->count; i++) {
        const char *then =
            value_text(value_field(value_field(group->vectors[i].line, "then"), "function"));
        if (then) {
            matrix_note(matrix, STAND_IN_LEG, "C", then, FINDING_PROVED, "vectors");
            note_finding(playing, then);
            return;
        }
    }
}

static struct json_object *numbers_of(struct playing *playing)
{
    struct json_object *numbers = json_object_new_object();
    const unsigned *counts = playing->counts;

    json_object_object_add(numbers, "passed", json_object_new_int64(counts[VECTOR_PASSED]));
    json_object_object_add(numbers, "failed",
                           json_object_new_int64(counts[VECTOR_FAILED] + counts[VECTOR_BROKE]));
    json_object_object_add(numbers, "left out", json_object_new_int64(counts[VECTOR_LEFT_OUT]));
    json_object_object_add(numbers, "accepted", playing->accepted);
    return numbers;
}

static void play_group(struct session *session, struct stage *stage,
                       const struct vector_group *group)
{
    const double start = monotonic_now();
    struct playing playing = {
        .session = session,
        .language = runner_language(stage->runner),
        .group = group,
        .stage = stage,
        .problems = json_object_new_array(),
        .steps = session->setting->verbose ? json_object_new_array() : NULL,
        .accepted = json_object_new_array(),
    };
    struct test_report report = {
        .language = playing.language->name,
        .name = arena_printf("%s/%s: %zu vectors", STAND_IN_LEG, group->function, group->count),
        .at = arena_printf("%s:%d", group->vectors->location.file, group->vectors->location.line),
    };

    if (!session_wants(session, report.name)) {
        json_object_put(playing.problems);
        json_object_put(playing.steps);
        json_object_put(playing.accepted);
        return;
    }
    for (size_t i = 0; i < group->count; i++)
        group->vectors[i].line = json_tokener_parse(group->vectors[i].text);
    play_all(&playing);
    note_findings(&playing);
    report.problems = playing.problems;
    report.steps = playing.steps;
    report.vectors = numbers_of(&playing);
    if (json_object_array_length(playing.problems)) {
        report.verdict = VERDICT_FAILED;
    } else if (!playing.counts[VECTOR_PASSED]) {
        report.verdict = VERDICT_SKIPPED;
        report.reason = playing.absent ? playing.absent : "nothing of it is in the language";
    }
    report.seconds = monotonic_now() - start;
    session_report(session, &report);
    for (size_t i = 0; i < group->count; i++)
        json_object_put(group->vectors[i].line);
}

/* What is alive when all is forgotten, as text; NULL: nothing is. */
static const char *alive_at_the_end(struct stage *stage)
{
    struct json_object *nothing = json_tokener_parse("[0, 0]");
    struct json_object *balance;
    struct buffer text = {0};

    orders_begin("", 0, false);
    if (!stage_clear(stage)) {
        json_object_put(nothing);
        return runner_trouble(stage->runner);
    }
    balance = orders_balance();
    json_object_object_foreach(balance, name, count)
    {
        if (!json_object_equal(count, nothing) && json_object_get_int64(count))
            buffer_printf(&text, "%s%s: %s", text.length ? ", " : "", name, value_line(count));
    }
    json_object_put(balance);
    json_object_put(nothing);
    return text.length ? buffer_text(&text) : NULL;
}

static void report_end(const struct batch *batch, struct session *session, struct stage *stage)
{
    const char *alive = alive_at_the_end(stage);
    struct test_report report = {
        .language = runner_language(stage->runner)->name,
        .name = arena_printf("%s: nothing is alive at the end", batch->name),
        .at = batch->name,
        .verdict = alive ? VERDICT_FAILED : VERDICT_PASSED,
        .problems = json_object_new_array(),
    };

    if (alive) {
        struct json_object *problem = json_object_new_object();
        add_text(problem, "problem", alive);
        json_object_array_add(report.problems, problem);
    }
    session_report(session, &report);
}

static void play_language(const struct batch *batch, struct session *session, struct runner *runner)
{
    const struct vector_range *range = batch->material;
    struct stage stage = {.runner = runner, .makers = range->vectors->makers};

    for (size_t i = 0; i < range->count; i++)
        play_group(session, &stage, &range->vectors->groups[range->first + i]);
    if (stage.kept && !session->setting->part)
        report_end(batch, session, &stage);
    stage_broke(&stage);
    /* The next language's runner has the stand-in's file for itself. */
    runner_end(runner);
}

void vectors_play(const struct batch *batch, struct session *session)
{
    orders_open(arena_printf("%s/control", session->folder));
    for (size_t i = 0; i < session->setting->language_count; i++)
        play_language(batch, session, session->runners[i]);
}
