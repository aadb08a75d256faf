/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Test Anything Protocol, version 13. */
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "matrix.h"
#include "results.h"
#include "text.h"
#include "value.h"

/* A scalar in YAML. */
static void print_scalar(const char *indent, const char *name, const char *text)
{
    printf("%s%s: ", indent, name);
    if (strchr(text, '\n')) {
        printf("|-\n");
        for (const char *line = text; line;) {
            const size_t length = strcspn(line, "\n");
            printf("      %.*s\n", (int)length, line);
            line = line[length] ? line + length + 1 : NULL;
        }
        return;
    }
    putchar('\'');
    for (; *text; text++)
        printf(*text == '\'' ? "''" : "%c", *text);
    printf("'\n");
}

static void print_problem(struct json_object *problem, const char *language)
{
    const char *indent = "  - ";

    json_object_object_foreach(problem, name, text)
    {
        print_scalar(indent, text_equal(name, "got") ? language : name, value_text(text));
        indent = "    ";
    }
}

/* The first ones with all that is known. */
static void print_problems(struct json_object *problems, const char *language)
{
    enum { ENOUGH = 10 };
    const size_t count = json_object_array_length(problems);

    if (!count)
        return;
    printf("  ---\n");
    for (size_t i = 0; i < count && i < ENOUGH; i++)
        print_problem(json_object_array_get_idx(problems, i), language);
    for (size_t i = ENOUGH; i < count; i++)
        print_scalar("  - ", "problem",
                     value_text(value_field(json_object_array_get_idx(problems, i), "problem")));
    printf("  ...\n");
}

static void print_steps(struct json_object *steps, const char *language)
{
    for (size_t i = 0; i < json_object_array_length(steps); i++) {
        struct json_object *step = json_object_array_get_idx(steps, i);
        const char *got = value_text(value_field(step, "got"));

        printf("# %s: %s\n", value_text(value_field(step, "at")),
               value_text(value_field(step, "step")));
        printf("#     C: %s\n", value_text(value_field(step, "C")));
        if (got)
            printf("#     %s: %s\n", language, got);
    }
}

/* A '#' in a name would begin a directive. */
static void print_name(const char *name)
{
    for (; *name; name++)
        printf(*name == '#' || *name == '\\' ? "\\%c" : "%c", *name);
}

void tap_test(unsigned number, struct json_object *test)
{
    const char *language = value_text(value_field(test, "language"));
    const char *verdict = value_text(value_field(test, "verdict"));
    struct json_object *steps = value_field(test, "steps");

    printf("%sok %u - ", text_equal(verdict, verdict_name(VERDICT_FAILED)) ? "not " : "", number);
    print_name(value_text(value_field(test, "name")));
    printf(" [%s]", language);
    if (text_equal(verdict, verdict_name(VERDICT_SKIPPED)))
        printf(" # SKIP %s", value_text(value_field(test, "reason")));
    printf("\n");
    print_problems(value_field(test, "problems"), language);
    if (steps)
        print_steps(steps, language);
}

struct tally {
    unsigned findings[FINDING_COUNT];
    unsigned standings[STANDING_HELPER + 1];
};

static struct tally count(const struct results *results, const struct language *language,
                          const char *leg)
{
    struct tally tally = {0};

    json_object_object_foreach(language->functions, function, entry)
    {
        const enum standing standing = results_standing(results, language, function);
        const enum finding finding =
            leg ? matrix_finding(results->matrix, leg, language->name, function) : FINDING_COUNT;

        (void)entry;
        tally.standings[standing]++;
        if (standing != STANDING_HELPER && finding != FINDING_COUNT)
            tally.findings[finding]++;
    }
    return tally;
}

static void print_row(const char *language, const char *leg, const struct tally *tally)
{
    printf("# %-10s %-10s", language, leg);
    for (enum finding i = 0; i < FINDING_COUNT; i++)
        printf(" %11u", tally->findings[i]);
    printf("\n");
}

/* Where vectors were played, how many. */
static void print_vectors(const struct results *results, const char *language)
{
    static const char *const names[] = {"passed", "failed", "left out", "decided"};
    int64_t sums[sizeof names / sizeof *names] = {0};
    bool any = false;

    for (size_t i = 0; i < json_object_array_length(results->tests); i++) {
        struct json_object *test = json_object_array_get_idx(results->tests, i);
        struct json_object *vectors = value_field(test, "vectors");

        if (!vectors || !text_equal(value_text(value_field(test, "language")), language))
            continue;
        any = true;
        for (size_t j = 0; j < sizeof names / sizeof *names; j++)
            sums[j] += json_object_get_int64(value_field(vectors, names[j]));
    }
    if (any)
        printf("# %s: %lld vectors passed, %lld failed, %lld are not for this language\n", language,
               (long long)sums[0], (long long)sums[1], (long long)sums[2]);
    if (sums[3])
        printf("# %s: %lld vectors differ, as is known\n", language, (long long)sums[3]);
}

void tap_matrix(const struct results *results)
{
    printf("#\n# Functions\n# %-10s %-10s", "language", "leg");
    for (enum finding i = 0; i < FINDING_COUNT; i++)
        printf(" %11s", finding_name(i));
    printf("\n");
    for (size_t i = 0; i < results->setting->language_count; i++) {
        const struct language *language = &results->setting->languages[i];
        const struct tally all = count(results, language, NULL);

        for (size_t j = 0; j < json_object_array_length(results->legs); j++) {
            const char *leg = value_text(json_object_array_get_idx(results->legs, j));
            const struct tally tally = count(results, language, leg);
            print_row(language->name, leg, &tally);
        }
        printf("# %s: %u of %u functions reached; %u are not in this libvirt\n", language->name,
               all.standings[STANDING_REACHED],
               all.standings[STANDING_REACHED] + all.standings[STANDING_BLANK],
               all.standings[STANDING_ELSEWHERE]);
        print_vectors(results, language->name);
    }
}
