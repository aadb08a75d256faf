/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cases.h"

#include <stdio.h>

#include "base.h"
#include "clock.h"
#include "judge.h"
#include "play.h"
#include "shown.h"
#include "value.h"

/* A case, while it is played in one language after the other. */
struct playing {
    struct session *session;
    const struct case_file *file;
    const struct case_steps *steps;
    const char *name;
    const char *at;
    struct recording c;
    struct json_object *c_problems;
};

/* Steps are numbered through the set-up and the case. */
static const struct step *step_at(const struct playing *playing, size_t index)
{
    const struct case_steps *set_up = &playing->file->set_up;

    return index < set_up->count ? set_up->steps[index]
                                 : playing->steps->steps[index - set_up->count];
}

static void add_end_problem(struct json_object *problems, const struct recording *recording,
                            const char *who, bool of_c)
{
    const struct judged judged = {.c = of_c ? &recording->end : NULL,
                                  .got = of_c ? NULL : &recording->end};

    if (recording->end.state == RECORD_BROKE)
        json_object_array_add(
            problems, problem_new(&judged, arena_printf("%s, when all was forgotten at the end: %s",
                                                        who, recording->end.trouble)));
}

static const char *place_of(const struct step *step)
{
    return arena_printf("%s:%d", step->location.file, step->location.line);
}

static void note_c(const struct playing *playing, const struct step *step,
                   const struct record *record)
{
    const enum finding finding = judge_c_finding(step, record);

    if (finding != FINDING_COUNT)
        matrix_note(playing->session->matrix, playing->session->leg, "C", step->name, finding,
                    place_of(step));
}

static struct json_object *judge_c_steps(const struct playing *playing)
{
    struct json_object *problems = json_object_new_array();

    for (size_t i = 0; i < playing->c.count; i++) {
        const struct judged judged = {.step = step_at(playing, i), .c = &playing->c.records[i]};
        const char *problem = judge_c(judged.step, judged.c);

        note_c(playing, judged.step, judged.c);
        if (problem)
            json_object_array_add(problems, problem_new(&judged, problem));
    }
    add_end_problem(problems, &playing->c, "C", true);
    return problems;
}

static struct json_object *judge_language_steps(const struct playing *playing,
                                                const struct recording *recording,
                                                const struct language *language,
                                                struct json_object *used)
{
    struct json_object *problems = json_object_new_array();

    for (size_t i = 0; i < recording->count; i++) {
        const struct judged judged = {.step = step_at(playing, i),
                                      .c = &playing->c.records[i],
                                      .got = &recording->records[i],
                                      .language = language};
        const char *problem = judge_language(&judged);
        const size_t place = problem ? judge_decided(&judged, problem) : 0;
        const bool decided = problem && place < language->difference_count;
        const enum finding finding = decided ? FINDING_DECIDED : judge_finding(&judged, problem);

        if (decided)
            json_object_array_add(used, json_object_new_int64((int64_t)place));
        else if (problem)
            json_object_array_add(problems, problem_new(&judged, problem));
        if (finding != FINDING_COUNT)
            matrix_note(playing->session->matrix, playing->session->leg, language->name,
                        judge_subject(judged.step), finding,
                        arena_printf("%s%s%s", place_of(judged.step), problem ? ": " : "",
                                     problem ? problem : ""));
    }
    add_end_problem(problems, recording, language->name, false);
    return problems;
}

static const char *record_line(const struct record *record)
{
    enum { LONG = 4000 };

    if (record->outcome)
        return shown(value_line(record->outcome), LONG);
    return record->trouble ? record->trouble : "not played";
}

/* What came, for people. */
static struct json_object *steps_in_words(const struct playing *playing,
                                          const struct recording *recording)
{
    struct json_object *steps = json_object_new_array();

    for (size_t i = 0; i < playing->c.count; i++) {
        const struct step *step = step_at(playing, i);
        struct json_object *words = json_object_new_object();

        json_object_object_add(words, "at", json_object_new_string(place_of(step)));
        json_object_object_add(words, "step", json_object_new_string(step->text));
        json_object_object_add(words, "C",
                               json_object_new_string(record_line(&playing->c.records[i])));
        if (recording)
            json_object_object_add(words, "got",
                                   json_object_new_string(record_line(&recording->records[i])));
        json_object_array_add(steps, words);
    }
    return steps;
}

/* Why the rest was left out; NULL where all was played. */
static const char *left_out(const struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++)
        if (recording->records[i].state == RECORD_LEFT_OUT)
            return recording->records[i].trouble;
    return NULL;
}

static enum verdict verdict_of(struct json_object *problems, const char *reason)
{
    if (json_object_array_length(problems))
        return VERDICT_FAILED;
    return reason ? VERDICT_SKIPPED : VERDICT_PASSED;
}

/* Where C is wrong there is nothing to compare with. */
static void play_language(const struct playing *playing, struct runner *runner)
{
    const struct session *session = playing->session;
    const struct language *language = runner_language(runner);
    const bool compared = !json_object_array_length(playing->c_problems);
    struct recording recording = {0};
    struct test_report report = {.language = language->name,
                                 .name = playing->name,
                                 .at = playing->at,
                                 .reason = left_out(&playing->c)};
    const double start = monotonic_now();

    if (compared) {
        recording = play_case(runner, playing->file, playing->steps, session->folder,
                              session->setting->functions, true);
        report.decided = json_object_new_array();
        report.problems = judge_language_steps(playing, &recording, language, report.decided);
    } else {
        report.problems = json_object_get(playing->c_problems);
    }
    report.verdict = verdict_of(report.problems, report.reason);
    if (session->setting->verbose)
        report.steps = steps_in_words(playing, compared ? &recording : NULL);
    report.seconds = monotonic_now() - start;
    session_report(playing->session, &report);
    recording_release(&recording);
}

/* Nothing can be said of the functions that are called. */
static void note_skipped(const struct playing *playing, const struct case_steps *steps,
                         const char *language, const char *reason)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->steps[i]->kind == STEP_CALL)
            matrix_note(playing->session->matrix, playing->session->leg, language,
                        steps->steps[i]->name, FINDING_SKIPPED, reason);
}

static void skip(struct playing *playing, const char *reason)
{
    const struct setting *setting = playing->session->setting;

    note_skipped(playing, playing->steps, "C", reason);
    for (size_t i = 0; i < setting->language_count; i++) {
        note_skipped(playing, playing->steps, setting->languages[i].name, reason);
        session_report(playing->session, &(struct test_report){
                                             .language = setting->languages[i].name,
                                             .name = playing->name,
                                             .at = playing->at,
                                             .verdict = VERDICT_SKIPPED,
                                             .reason = reason,
                                         });
    }
}

static void play(struct playing *playing)
{
    const struct session *session = playing->session;

    playing->c = play_case(session->c, playing->file, playing->steps, session->folder,
                           session->setting->functions, false);
    playing->c_problems = judge_c_steps(playing);
    for (size_t i = 0; i < session->setting->language_count; i++)
        play_language(playing, session->runners[i]);
    recording_release(&playing->c);
    json_object_put(playing->c_problems);
}

static const char *why_missing(const struct session *session, const char *variable)
{
    const char *why = value_text(value_field(session->setting->without, variable));

    return why ? why : arena_printf("the file needs --variable %s=…", variable);
}

static void play_file(const struct batch *batch, struct session *session)
{
    const struct case_file *file = batch->material;

    for (size_t i = 0; i < file->count; i++) {
        const struct case_steps *steps = &file->cases[i];
        struct playing playing = {
            .session = session,
            .file = file,
            .steps = steps,
            .name = arena_printf("%s: %s", file->name, steps->name),
            .at = arena_printf("%s:%d", steps->location.file, steps->location.line),
        };

        if (!session_wants(session, playing.name))
            continue;
        if (file->missing)
            skip(&playing, why_missing(session, file->missing));
        else
            play(&playing);
    }
}

struct batch cases_batch(const struct case_file *file)
{
    return (struct batch){.leg = file->leg,
                          .name = file->name,
                          .alone = file->alone,
                          .material = file,
                          .play = play_file};
}
