/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "folder.h"
#include "value.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PASSED] = "passed", [VERDICT_FAILED] = "failed", [VERDICT_SKIPPED] = "skipped"};

    return names[verdict];
}

bool session_wants(const struct session *session, const char *name)
{
    return !session->setting->part || strstr(name, session->setting->part);
}

/* Hands a line over to whoever collects. */
static void send_line(int results, const char *kind, struct json_object *content)
{
    struct json_object *line = json_object_new_object();
    const char *text;

    json_object_object_add(line, kind, content);
    text = arena_printf("%s\n", json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN));
    for (size_t left = strlen(text); left;) {
        const ssize_t written = write(results, text, left);
        if (written < 0)
            bug("cannot report a result");
        text += written;
        left -= (size_t)written;
    }
    json_object_put(line);
}

void session_report(struct session *session, const struct test_report *report)
{
    struct json_object *test = json_object_new_object();

    json_object_object_add(test, "leg", json_object_new_string(session->leg));
    json_object_object_add(test, "language", json_object_new_string(report->language));
    json_object_object_add(test, "name", json_object_new_string(report->name));
    json_object_object_add(test, "at", json_object_new_string(report->at));
    json_object_object_add(test, "verdict", json_object_new_string(verdict_name(report->verdict)));
    if (report->reason)
        json_object_object_add(test, "reason", json_object_new_string(report->reason));
    json_object_object_add(test, "problems",
                           report->problems ? report->problems : json_object_new_array());
    if (report->steps)
        json_object_object_add(test, "steps", report->steps);
    if (report->vectors)
        json_object_object_add(test, "vectors", report->vectors);
    if (report->accepted)
        json_object_object_add(test, "accepted", report->accepted);
    if (report->decided)
        json_object_object_add(test, "decided", report->decided);
    json_object_object_add(test, "seconds", json_object_new_double(report->seconds));
    send_line(session->results, "test", test);
}

void session_report_ending(struct session *session, const struct batch *batch,
                           const struct runner *runner, const char *name, const char *problem)
{
    struct test_report report = {
        .language = runner_language(runner)->name,
        .name = arena_printf("%s: %s", batch->name, name),
        .at = batch->name,
        .verdict = problem ? VERDICT_FAILED : VERDICT_PASSED,
        .problems = json_object_new_array(),
    };

    if (problem) {
        struct json_object *entry = json_object_new_object();
        json_object_object_add(entry, "problem", json_object_new_string(problem));
        json_object_array_add(report.problems, entry);
    }
    session_report(session, &report);
}

void session_end(struct session *session, const struct batch *batch, struct runner *runner)
{
    /* How established bindings end is theirs. */
    if (runner_language(runner)->established)
        runner_kill(runner);
    else if (!runner_end(runner))
        session_report_ending(session, batch, runner, "the runner ends well",
                              arena_printf("%s%s%s", runner_trouble(runner),
                                           *runner_output(runner) ? "\n" : "",
                                           runner_output(runner)));
}

static struct runner *new_runner(const struct batch *batch, const struct setting *setting,
                                 const struct language *language, const char *folder)
{
    return runner_new(language, arena_printf("%s/%s.log", folder, language->name), setting->seconds,
                      batch->environment);
}

void batch_play(const struct batch *batch, const struct setting *setting, int results)
{
    const char *folder = folder_make(setting->folder, arena_printf("%d", (int)getpid()));
    struct session session = {
        .setting = setting,
        .leg = batch->leg,
        .c = new_runner(batch, setting, setting->c, folder),
        .runners = arena_allocate(setting->language_count * sizeof *session.runners),
        .folder = folder,
        .matrix = json_object_new_object(),
        .results = results,
    };

    for (size_t i = 0; i < setting->language_count; i++)
        session.runners[i] = new_runner(batch, setting, &setting->languages[i], folder);
    batch->play(batch, &session);
    session_end(&session, batch, session.c);
    runner_free(session.c);
    for (size_t i = 0; i < setting->language_count; i++) {
        session_end(&session, batch, session.runners[i]);
        runner_free(session.runners[i]);
    }
    send_line(results, "matrix", session.matrix);
    folder_remove(folder);
}
