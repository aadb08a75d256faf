/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glob.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "case.h"
#include "cases.h"
#include "folder.h"
#include "language.h"
#include "options.h"
#include "results.h"
#include "runner.h"
#include "translate.h"
#include "value.h"
#include "vectors.h"
#include "workers.h"

#define CASES "tests/conformance/cases/"

struct run {
    struct options options;
    struct language c;
    struct setting setting;
    struct results results;
    struct case_words words;
    struct batch *batches;
    size_t batch_count;
};

/* Adds entries of `from` that `to` does not have. */
static void add_entries(struct json_object *to, struct json_object *from)
{
    if (!from)
        return;
    json_object_object_foreach(from, name, entry)
    {
        if (!value_has(to, name))
            json_object_object_add(to, name, json_object_get(entry));
    }
}

/* What cases may name is what the manifests have, the first language's before the others'. */
static void collect_words(struct run *run)
{
    run->words = (struct case_words){
        .functions = json_object_new_object(),
        .constants = json_object_new_object(),
        .variables = run->options.variables,
    };
    for (size_t i = 0; i < run->setting.language_count; i++) {
        const struct language *language = &run->setting.languages[i];

        add_entries(run->words.functions, language->functions);
        json_object_object_foreach(value_field(language->manifest, "constants"), name, constant)
        {
            if (value_has(constant, "value") && !value_has(run->words.constants, name))
                json_object_object_add(run->words.constants, name,
                                       json_object_get(value_field(constant, "value")));
        }
    }
}

static bool wants_leg(const struct options *options, const char *leg)
{
    for (size_t i = 0; i < options->leg_count; i++)
        if (text_equal(options->legs[i], leg))
            return true;
    return !options->leg_count;
}

/* cases/LEG/NAME.cases */
static void read_case_file(struct run *run, const char *path)
{
    const char *name = path + strlen(run->options.source_prefix) + strlen(CASES);
    const char *leg = arena_copy_length(name, strcspn(name, "/"));
    const struct case_file *file;

    if (!wants_leg(&run->options, leg))
        return;
    file = case_file_read(path, leg, arena_copy_length(name, strlen(name) - strlen(".cases")),
                          &run->words);
    if (!file)
        return;
    if (!results_have_leg(&run->results, leg))
        json_object_array_add(run->results.legs, json_object_new_string(leg));
    *VECTOR_ADD(run->batches, run->batch_count) = cases_batch(file);
}

/* BUILD/stand-in/vectors.jsonl, where it is built or asked for. */
static void read_vectors(struct run *run)
{
    const char *path = arena_printf("%s/stand-in/vectors.jsonl", run->options.build);
    const struct vectors *vectors;

    if (!wants_leg(&run->options, STAND_IN_LEG) ||
        (!run->options.leg_count && access(path, F_OK) != 0))
        return;
    vectors = vectors_read(path);
    if (!vectors)
        return;
    json_object_array_add(run->results.legs, json_object_new_string(STAND_IN_LEG));
    vectors_add_batches(vectors, run->options.build, &run->batches, &run->batch_count);
}

/* All that is played comes from here. */
static void collect_batches(struct run *run)
{
    glob_t found = {0};

    glob(arena_printf("%s" CASES "*/*.cases", run->options.source_prefix), 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++)
        read_case_file(run, found.gl_pathv[i]);
    globfree(&found);
    read_vectors(run);
    for (size_t i = 0; i < run->options.leg_count; i++)
        if (!error_count() && !results_have_leg(&run->results, run->options.legs[i]))
            error_at((struct location){0}, "there are no cases of the leg %s",
                     run->options.legs[i]);
}

static void print_hello(struct json_object *hello)
{
    printf("#");
    json_object_object_foreach(hello, name, value)
    {
        printf(" %s %s", name, json_object_get_string(value));
    }
    printf("\n");
}

static struct runner *new_runner(const struct run *run, const struct language *language)
{
    return runner_new(language, arena_printf("%s/%s.log", run->setting.folder, language->name),
                      run->options.seconds, NULL);
}

/* Which libvirt that is, and what it has; false where C does not say. */
static bool ask_c(struct run *run)
{
    struct runner *runner = new_runner(run, &run->c);
    struct json_object *hello = runner_hello(runner);
    struct json_object *request = json_object_new_object();
    struct json_object *answer = NULL;
    struct json_object *names = NULL;

    run->setting.functions = json_object_new_object();
    json_object_object_add(request, "do", json_object_new_string("functions"));
    if (hello) {
        print_hello(hello);
        run->results.libvirt = json_object_get_int64(value_field(hello, "libvirt"));
    }
    answer = runner_ask(runner, request, 0);
    names = value_field(answer, "functions");
    if (!names)
        printf("Bail out! C: %s\n%s%s",
               answer ? "it does not say its functions" : runner_trouble(runner),
               runner_output(runner), *runner_output(runner) ? "\n" : "");
    for (size_t i = 0; names && i < json_object_array_length(names); i++)
        json_object_object_add(run->setting.functions,
                               value_text(json_object_array_get_idx(names, i)),
                               json_object_new_boolean(true));
    const bool said = names;
    json_object_put(answer);
    runner_free(runner);
    return said;
}

static void greet_languages(const struct run *run)
{
    for (size_t i = 0; i < run->setting.language_count; i++) {
        const struct language *language = &run->setting.languages[i];
        struct runner *runner = new_runner(run, language);
        struct json_object *hello = runner_hello(runner);

        if (hello)
            print_hello(hello);
        else
            printf("# %s: %s\n", language->name, runner_trouble(runner));
        runner_free(runner);
    }
}

/* That every function was reached can be said only where all was played. */
static const char *incomplete(const struct run *run)
{
    const struct options *options = &run->options;

    if (options->part || options->leg_count || options->language_count)
        return "only a part was played";
    if (options->established)
        return "the established bindings need not have all";
    if (!results_have_leg(&run->results, STAND_IN_LEG))
        return "the leg stand-in was not played";
    return NULL;
}

static void print_end(const struct run *run)
{
    const unsigned *counts = run->results.counts;

    printf("1..%zu\n", json_object_array_length(run->results.tests));
    tap_matrix(&run->results);
    printf("%u passed, %u failed, %u skipped\n", counts[VERDICT_PASSED], counts[VERDICT_FAILED],
           counts[VERDICT_SKIPPED]);
}

static int play(struct run *run)
{
    bool good;

    printf("TAP version 13\n");
    if (!ask_c(run))
        return 2;
    greet_languages(run);
    fflush(stdout);
    if (!workers_play(run->batches, run->batch_count, run->options.jobs, &run->results)) {
        printf("Bail out! stopped by a signal\n");
        return 2;
    }
    if (!json_object_array_length(run->results.tests)) {
        error_at((struct location){0}, "no case has \"%s\" in its name", run->options.part);
        return 2;
    }
    results_add_completeness(&run->results, incomplete(run));
    if (run->options.established)
        results_add_seen(&run->results, run->options.part || run->options.leg_count
                                            ? "only a part was played"
                                            : NULL);
    good = !run->options.junit || junit_write(&run->results, run->options.junit);
    good = (!run->options.html || page_write(&run->results, run->options.html)) && good;
    print_end(run);
    return run->results.counts[VERDICT_FAILED] || !good;
}

static void release(struct run *run)
{
    json_object_put(run->setting.functions);
    json_object_put(run->results.tests);
    json_object_put(run->results.legs);
    json_object_put(run->results.matrix);
    json_object_put(run->words.functions);
    json_object_put(run->words.constants);
    json_object_put(run->options.variables);
    json_object_put(run->options.without);
    values_release();
    arena_release();
}

/* The status to end with. */
static int play_all(struct run *run)
{
    int status = 2;

    run->c = language_c(run->options.build);
    run->setting = (struct setting){.c = &run->c,
                                    .without = run->options.without,
                                    .part = run->options.part,
                                    .seconds = run->options.seconds,
                                    .verbose = run->options.verbose};
    run->results = (struct results){.setting = &run->setting,
                                    .legs = json_object_new_array(),
                                    .tests = json_object_new_array(),
                                    .matrix = json_object_new_object()};
    run->setting.languages = languages_find(run->options.source, run->options.build,
                                            run->options.languages, run->options.language_count,
                                            run->options.established, &run->setting.language_count);
    run->results.untried =
        untried_read(arena_printf("%s" CASES "untried", run->options.source_prefix),
                     &run->results.untried_count);
    if (run->setting.languages) {
        collect_words(run);
        collect_batches(run);
    }
    if (!error_count() && !run->batch_count)
        error_at((struct location){0}, "there are no cases in %s/tests/conformance/cases",
                 run->options.source);
    if (!error_count()) {
        run->setting.folder = folder_temporary();
        status = play(run);
        folder_remove(run->setting.folder);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct run run = {.options = options_read(argc, argv)};
    int status;

    /* Numbers are read and written as in C. */
    setlocale(LC_ALL, "C");
    /* A runner that has ended is seen where its answer is read. */
    signal(SIGPIPE, SIG_IGN);
    if (run.options.translate)
        status = translate_lines(run.options.translate) ? 0 : 2;
    else
        status = play_all(&run);
    fflush(stdout);
    release(&run);
    return status;
}
