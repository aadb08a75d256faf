/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vectors.h"

#include "clock.h"
#include "matrix.h"
#include "orders.h"
#include "play_vector.h"
#include "stage.h"
#include "value.h"

/* Times that a function's runner may end; it is not started any more then. */
enum { ENOUGH_BREAKS = 3 };

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
    again.decided = json_object_new_array();
    for (size_t i = 0; before && i < playing->group->count; i++) {
        const struct vector *vector = &playing->group->vectors[i];
        struct json_object *after;
        const char *left;

        play_vector(&again, vector);
        after = balance(playing->stage);
        left = after ? what_is_left(before, after) : NULL;
        if (left) {
            playing_add_problem(playing, vector, arena_printf("left behind: %s", left), NULL);
            playing->counts[VECTOR_FAILED]++;
        }
        json_object_put(before);
        before = after;
    }
    json_object_put(before);
    json_object_put(again.problems);
    json_object_put(again.accepted);
    json_object_put(again.decided);
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
    if (before && after && !playing->counts[VECTOR_BROKE] && !playing->language->established &&
        !json_object_equal(before, after))
        find_what_is_left(playing);
    json_object_put(before);
    json_object_put(after);
}

static void note(const struct playing *playing, const char *language, const char *function,
                 enum finding finding, const char *why)
{
    matrix_note(playing->session->matrix, STAND_IN_LEG, language, function, finding, why);
}

/* What the vectors say takes the place of what C gets; wrong use alone says nothing. */
static bool says_what_c_gets(const struct vector_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        if (!vector_text(&group->vectors[i], "wrong"))
            return true;
    return false;
}

static void note_findings(const struct playing *playing)
{
    const char *function = playing->group->function;
    const char *language = playing->language->name;

    if (says_what_c_gets(playing->group))
        note(playing, "C", function, FINDING_PROVED, "vectors");
    if (playing->first_problem)
        note(playing, language, function, FINDING_DIFFERS, playing->first_problem);
    else if (playing->answered)
        note(playing, language, function, FINDING_PROVED,
             arena_printf("%u vectors", playing->counts[VECTOR_PASSED]));
    else if (playing->absent)
        note(playing, language, function, FINDING_ABSENT, playing->absent);
    if (playing->first_decided)
        note(playing, language, function, FINDING_DECIDED, playing->first_decided);
    /* What takes callbacks back is called by the vectors of what gives them. */
    if (playing->undone) {
        note(playing, "C", playing->undone, FINDING_PROVED, "vectors");
        note(playing, language, playing->undone, FINDING_PROVED,
             arena_printf("vectors of %s", function));
    }
}

static struct json_object *numbers_of(struct playing *playing)
{
    struct json_object *numbers = json_object_new_object();
    const unsigned *counts = playing->counts;

    json_object_object_add(numbers, "passed", json_object_new_int64(counts[VECTOR_PASSED]));
    json_object_object_add(numbers, "decided", json_object_new_int64(counts[VECTOR_DECIDED]));
    json_object_object_add(numbers, "failed",
                           json_object_new_int64(counts[VECTOR_FAILED] + counts[VECTOR_BROKE]));
    json_object_object_add(numbers, "left out", json_object_new_int64(counts[VECTOR_LEFT_OUT]));
    return numbers;
}

static const char *why_left_out(const struct playing *playing)
{
    if (playing->absent)
        return playing->absent;
    return playing->first_decided ? playing->first_decided : "nothing of it is in the language";
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
        .decided = json_object_new_array(),
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
        json_object_put(playing.decided);
        return;
    }
    for (size_t i = 0; i < group->count; i++)
        group->vectors[i].line = json_tokener_parse(group->vectors[i].text);
    play_all(&playing);
    note_findings(&playing);
    report.problems = playing.problems;
    report.steps = playing.steps;
    report.vectors = numbers_of(&playing);
    report.accepted = playing.accepted;
    report.decided = playing.decided;
    if (json_object_array_length(playing.problems)) {
        report.verdict = VERDICT_FAILED;
    } else if (!playing.counts[VECTOR_PASSED] && !playing.counts[VECTOR_DECIDED]) {
        report.verdict = VERDICT_SKIPPED;
        report.reason = why_left_out(&playing);
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
    session_report_ending(session, batch, stage->runner, "nothing is alive at the end",
                          alive_at_the_end(stage));
}

static void play_language(const struct batch *batch, struct session *session, struct runner *runner)
{
    const struct vector_range *range = batch->material;
    struct stage stage = {.runner = runner, .makers = range->vectors->makers};

    for (size_t i = 0; i < range->count; i++)
        play_group(session, &stage, &range->vectors->groups[range->first + i]);
    /* What established bindings leak is theirs. */
    if (stage.kept && !session->setting->part && !runner_language(runner)->established)
        report_end(batch, session, &stage);
    stage_broke(&stage);
    /* The next language's runner has the stand-in's file for itself. */
    session_end(session, batch, runner);
}

void vectors_play(const struct batch *batch, struct session *session)
{
    orders_open(arena_printf("%s/control", session->folder));
    for (size_t i = 0; i < session->setting->language_count; i++)
        play_language(batch, session, session->runners[i]);
}
