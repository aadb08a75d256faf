/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be said only when all was played: that nothing is missing. */
#include "base.h"
#include "matrix.h"
#include "results.h"
#include "text.h"
#include "value.h"
#include "vectors.h"

/* Names, to be shown as one problem. */
struct names {
    unsigned count;
    struct buffer text;
};

static void add_name(struct names *names, const char *name)
{
    buffer_printf(&names->text, "%s%s", names->count++ ? ", " : "", name);
}

static void add_problem(struct json_object *problems, const char *text)
{
    struct json_object *problem = json_object_new_object();

    json_object_object_add(problem, "problem", json_object_new_string(text));
    json_object_array_add(problems, problem);
}

static void add_names(struct json_object *problems, const char *what, const struct names *names)
{
    if (names->count)
        add_problem(problems, arena_printf("%s, %u functions: %s", what, names->count,
                                           buffer_text(&names->text)));
}

/* Passed where there are no problems, skipped where there is a reason; takes the problems over. */
static void add_test(struct results *results, const char *language, const char *name,
                     struct json_object *problems, const char *reason)
{
    struct json_object *test = json_object_new_object();
    enum verdict verdict = VERDICT_PASSED;

    if (reason)
        verdict = VERDICT_SKIPPED;
    else if (json_object_array_length(problems))
        verdict = VERDICT_FAILED;
    json_object_object_add(test, "leg", json_object_new_string("all"));
    json_object_object_add(test, "language", json_object_new_string(language));
    json_object_object_add(test, "name", json_object_new_string(arena_printf("all: %s", name)));
    json_object_object_add(test, "verdict", json_object_new_string(verdict_name(verdict)));
    if (reason) {
        json_object_object_add(test, "reason", json_object_new_string(reason));
        json_object_put(problems);
        problems = json_object_new_array();
    }
    json_object_object_add(test, "problems", problems);
    results_add_test(results, test);
}

static const char *leg_at(const struct results *results, size_t place)
{
    return value_text(json_object_array_get_idx(results->legs, place));
}

static bool has_reached(const struct results *results, const char *leg, const char *language,
                        const char *function)
{
    return finding_is_as_in_c(matrix_finding(results->matrix, leg, language, function));
}

/* A leg other than the stand-in's in which C got something from the function; NULL: none. */
static const char *leg_that_supports(const struct results *results, const char *function)
{
    for (size_t i = 0; i < json_object_array_length(results->legs); i++) {
        const char *leg = leg_at(results, i);
        const enum finding finding = matrix_finding(results->matrix, leg, "C", function);

        if (!text_equal(leg, STAND_IN_LEG) &&
            (finding == FINDING_PROVED || finding == FINDING_FAILED))
            return leg;
    }
    return NULL;
}

static bool only_stand_in_reached(const struct results *results, const char *language,
                                  const char *function)
{
    for (size_t i = 0; i < json_object_array_length(results->legs); i++)
        if (!text_equal(leg_at(results, i), STAND_IN_LEG) &&
            has_reached(results, leg_at(results, i), language, function))
            return false;
    return true;
}

static void judge_language(struct results *results, const struct language *language,
                           const char *reason)
{
    struct json_object *problems = json_object_new_array();
    struct names nowhere = {0};
    struct names only_there = {0};

    json_object_object_foreach(language->functions, function, entry)
    {
        const enum standing standing = results_standing(results, language, function);
        const char *leg = leg_that_supports(results, function);

        (void)entry;
        if (standing == STANDING_BLANK)
            add_name(&nowhere, function);
        else if (standing == STANDING_REACHED && leg &&
                 only_stand_in_reached(results, language->name, function))
            add_name(&only_there, arena_printf("%s (%s)", function, leg));
    }
    add_names(problems, "reached by no leg", &nowhere);
    add_names(problems, "reached on the stand-in alone, though another leg supports it",
              &only_there);
    add_test(results, language->name, "every function is reached where it is supported", problems,
             reason);
}

/* Those of all manifests that programs of a language call, name to true. */
static struct json_object *all_functions(const struct results *results)
{
    struct json_object *functions = json_object_new_object();

    for (size_t i = 0; i < results->setting->language_count; i++) {
        const struct language *language = &results->setting->languages[i];

        json_object_object_foreach(language->functions, function, entry)
        {
            (void)entry;
            if (results_standing(results, language, function) != STANDING_HELPER)
                json_object_object_add(functions, function, json_object_new_boolean(true));
        }
    }
    return functions;
}

static bool can_be_tried(const struct results *results, const char *leg, const char *function)
{
    return text_equal(leg, STAND_IN_LEG) || value_has(results->setting->functions, function);
}

static bool is_tried(const struct results *results, const char *leg, const char *function)
{
    return matrix_finding(results->matrix, leg, "C", function) != FINDING_COUNT;
}

static void judge_leg(const struct results *results, const char *leg, struct json_object *functions,
                      struct json_object *problems)
{
    struct names missing = {0};

    json_object_object_foreach(functions, function, yes)
    {
        (void)yes;
        if (can_be_tried(results, leg, function) && !is_tried(results, leg, function) &&
            !untried_find(results->untried, results->untried_count, function, leg))
            add_name(&missing, function);
    }
    add_names(problems, arena_printf("not tried on the leg %s", leg), &missing);
}

/* What is said to be untried is so, and is a function. */
static void judge_untried(const struct results *results, const struct untried *entry,
                          struct json_object *functions, struct json_object *problems)
{
    struct names tried = {0};
    bool known = false;

    json_object_object_foreach(functions, function, yes)
    {
        (void)yes;
        if (!glob_match(entry->function, function, NULL))
            continue;
        known = true;
        if (is_tried(results, entry->leg, function))
            add_name(&tried, function);
    }
    add_names(problems,
              arena_printf("%s:%d: tried on the leg %s after all", entry->location.file,
                           entry->location.line, entry->leg),
              &tried);
    if (!known)
        add_problem(problems, arena_printf("%s:%d: no function is named %s", entry->location.file,
                                           entry->location.line, entry->function));
}

static void judge_legs(struct results *results, const char *reason)
{
    struct json_object *problems = json_object_new_array();
    struct json_object *functions = all_functions(results);

    for (size_t i = 0; i < json_object_array_length(results->legs); i++)
        judge_leg(results, leg_at(results, i), functions, problems);
    for (size_t i = 0; i < results->untried_count; i++)
        judge_untried(results, &results->untried[i], functions, problems);
    json_object_put(functions);
    add_test(results, "driver", "every leg tries every function", problems, reason);
}

/* True where a test of the language used this place of its list "accepted" or "decided". */
static bool is_used(const struct results *results, const char *language, const char *list,
                    size_t place)
{
    for (size_t i = 0; i < json_object_array_length(results->tests); i++) {
        struct json_object *test = json_object_array_get_idx(results->tests, i);
        struct json_object *used = value_field(test, list);

        if (!used || !text_equal(value_text(value_field(test, "language")), language))
            continue;
        for (size_t j = 0; j < json_object_array_length(used); j++)
            if (json_object_get_int64(json_object_array_get_idx(used, j)) == (int64_t)place)
                return true;
    }
    return false;
}

static void judge_accepted(struct results *results, const struct language *language,
                           const char *reason)
{
    struct json_object *problems = json_object_new_array();

    for (size_t i = 0; i < language->accepted_count; i++) {
        const struct accepted *entry = &language->accepted[i];

        if (!is_used(results, language->name, "accepted", i))
            add_problem(problems, arena_printf("%s:%d: no vector is accepted because of this line",
                                               entry->location.file, entry->location.line));
    }
    add_test(results, language->name, "what the language accepts on purpose occurs", problems,
             reason);
}

static void judge_differences(struct results *results, const struct language *language,
                              const char *reason)
{
    struct json_object *problems = json_object_new_array();

    for (size_t i = 0; i < language->difference_count; i++) {
        const struct difference *entry = &language->differences[i];

        if (!is_used(results, language->name, "decided", i))
            add_problem(problems, arena_printf("%s:%d: this difference was not seen",
                                               entry->location.file, entry->location.line));
    }
    add_test(results, language->name, "every known difference is seen", problems, reason);
}

void results_add_seen(struct results *results, const char *reason)
{
    for (size_t i = 0; i < results->setting->language_count; i++)
        judge_differences(results, &results->setting->languages[i], reason);
}

void results_add_completeness(struct results *results, const char *reason)
{
    for (size_t i = 0; i < results->setting->language_count; i++) {
        const struct language *language = &results->setting->languages[i];

        judge_language(results, language, reason);
        if (language->accepted_count)
            judge_accepted(results, language, reason);
    }
    judge_legs(results, reason);
}
