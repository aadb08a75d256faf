/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "results.h"

#include "base.h"
#include "matrix.h"
#include "text.h"
#include "value.h"

void results_add_test(struct results *results, struct json_object *test)
{
    const char *verdict = value_text(value_field(test, "verdict"));

    for (enum verdict i = 0; i <= VERDICT_SKIPPED; i++)
        if (text_equal(verdict_name(i), verdict))
            results->counts[i]++;
    json_object_array_add(results->tests, test);
    tap_test((unsigned)json_object_array_length(results->tests), test);
}

bool results_add_line(struct results *results, struct json_object *line)
{
    struct json_object *test = value_field(line, "test");
    struct json_object *matrix = value_field(line, "matrix");

    if (test)
        results_add_test(results, json_object_get(test));
    if (matrix)
        matrix_add(results->matrix, matrix);
    return test || matrix;
}

enum standing results_standing(const struct results *results, const struct language *language,
                               const char *function)
{
    const char *kind = value_text(value_field(value_field(language->functions, function), "kind"));

    if (kind && text_equal(kind, "helper"))
        return STANDING_HELPER;
    for (size_t i = 0; i < json_object_array_length(results->legs); i++) {
        const enum finding finding =
            matrix_finding(results->matrix, value_text(json_object_array_get_idx(results->legs, i)),
                           language->name, function);
        if (finding == FINDING_PROVED || finding == FINDING_FAILED)
            return STANDING_REACHED;
    }
    return value_has(results->setting->functions, function) ? STANDING_BLANK : STANDING_ELSEWHERE;
}

/* A test of all that was played in a language; it fails where there is a problem. */
static void add_test_of_all(struct results *results, const struct language *language,
                            const char *name, const char *problem, const char *reason)
{
    struct json_object *test = json_object_new_object();
    struct json_object *problems = json_object_new_array();
    const enum verdict verdict = reason    ? VERDICT_SKIPPED
                                 : problem ? VERDICT_FAILED
                                           : VERDICT_PASSED;

    if (problem && !reason) {
        struct json_object *record = json_object_new_object();
        json_object_object_add(record, "problem", json_object_new_string(problem));
        json_object_array_add(problems, record);
    }
    json_object_object_add(test, "leg", json_object_new_string("all"));
    json_object_object_add(test, "language", json_object_new_string(language->name));
    json_object_object_add(test, "name", json_object_new_string(name));
    json_object_object_add(test, "verdict", json_object_new_string(verdict_name(verdict)));
    if (reason)
        json_object_object_add(test, "reason", json_object_new_string(reason));
    json_object_object_add(test, "problems", problems);
    results_add_test(results, test);
}

/* "3 functions: a, b, c"; NULL where there are none. */
static const char *counted(const char *what, const struct buffer *names, unsigned count)
{
    return count ? arena_printf("%u %s: %s", count, what, buffer_text(names)) : NULL;
}

void results_add_completeness(struct results *results, const char *reason)
{
    for (size_t i = 0; i < results->setting->language_count; i++) {
        const struct language *language = &results->setting->languages[i];
        struct buffer missing = {0};
        unsigned count = 0;

        json_object_object_foreach(language->functions, function, entry)
        {
            (void)entry;
            if (results_standing(results, language, function) == STANDING_BLANK)
                buffer_printf(&missing, "%s%s", count++ ? ", " : "", function);
        }
        add_test_of_all(results, language, "all: some leg reached every function",
                        counted("functions", &missing, count), reason);
    }
}

static bool was_seen(const struct results *results, const struct language *language,
                     const char *function)
{
    for (size_t i = 0; i < json_object_array_length(results->legs); i++)
        if (matrix_has(results->matrix, value_text(json_object_array_get_idx(results->legs, i)),
                       language->name, function, FINDING_DECIDED))
            return true;
    return false;
}

void results_add_seen(struct results *results, const char *reason)
{
    for (size_t i = 0; i < results->setting->language_count; i++) {
        const struct language *language = &results->setting->languages[i];
        struct buffer unseen = {0};
        unsigned count = 0;

        json_object_object_foreach(language->differences, function, entry)
        {
            (void)entry;
            if (!was_seen(results, language, function))
                buffer_printf(&unseen, "%s%s", count++ ? ", " : "", function);
        }
        add_test_of_all(results, language, "all: every known difference was seen",
                        counted("were not", &unseen, count), reason);
    }
}
