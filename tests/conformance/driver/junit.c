/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit's XML, as continuous integration reads it: a suite a language. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "results.h"
#include "text.h"
#include "value.h"

static const char *escaped(const char *text)
{
    static const struct {
        char character;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\n', "&#10;"}};
    struct buffer result = {0};

    for (; *text; text++) {
        const char *entity = NULL;

        for (size_t i = 0; !entity && i < sizeof entities / sizeof *entities; i++)
            if (entities[i].character == *text)
                entity = entities[i].entity;
        /* XML has no other control characters. */
        if (entity)
            buffer_add(&result, entity);
        else
            buffer_add_length(&result, (unsigned char)*text < ' ' ? "?" : text, 1);
    }
    return buffer_text(&result);
}

static const char *field(struct json_object *record, const char *name)
{
    const char *text = value_text(value_field(record, name));

    return text ? text : "";
}

static void add_problems(struct buffer *xml, struct json_object *problems)
{
    for (size_t i = 0; i < json_object_array_length(problems); i++) {
        struct json_object *problem = json_object_array_get_idx(problems, i);

        text_fill(xml,
                  "      <failure message=\"@problem@\">@at@: @step@&#10;C: @c@&#10;"
                  "got: @got@&#10;@output@</failure>\n",
                  "problem", escaped(field(problem, "problem")), "at",
                  escaped(field(problem, "at")), "step", escaped(field(problem, "step")), "c",
                  escaped(field(problem, "C")), "got", escaped(field(problem, "got")), "output",
                  escaped(field(problem, "output")), NULL);
    }
}

static void add_test(struct buffer *xml, struct json_object *test)
{
    struct buffer inside = {0};
    const char *reason = value_text(value_field(test, "reason"));

    if (text_equal(field(test, "verdict"), verdict_name(VERDICT_SKIPPED)))
        text_fill(&inside, "      <skipped message=\"@reason@\"/>\n", "reason",
                  escaped(reason ? reason : ""), NULL);
    add_problems(&inside, value_field(test, "problems"));
    text_fill(xml,
              "    <testcase classname=\"@language@.@leg@\" name=\"@name@\" time=\"@time@\">\n",
              "language", escaped(field(test, "language")), "leg", escaped(field(test, "leg")),
              "name", escaped(field(test, "name")), "time",
              arena_printf("%.3f", json_object_get_double(value_field(test, "seconds"))), NULL);
    buffer_add(xml, buffer_text(&inside));
    buffer_add(xml, "    </testcase>\n");
}

static unsigned count_tests(const struct results *results, const char *language,
                            const char *verdict)
{
    unsigned count = 0;

    for (size_t i = 0; i < json_object_array_length(results->tests); i++) {
        struct json_object *test = json_object_array_get_idx(results->tests, i);
        count += text_equal(field(test, "language"), language) &&
                 (!verdict || text_equal(field(test, "verdict"), verdict));
    }
    return count;
}

static void add_suite(struct buffer *xml, const struct results *results, const char *language)
{
    text_fill(
        xml,
        "  <testsuite name=\"@language@\" tests=\"@tests@\" failures=\"@failed@\" "
        "errors=\"0\" skipped=\"@skipped@\">\n",
        "language", escaped(language), "tests",
        arena_printf("%u", count_tests(results, language, NULL)), "failed",
        arena_printf("%u", count_tests(results, language, verdict_name(VERDICT_FAILED))), "skipped",
        arena_printf("%u", count_tests(results, language, verdict_name(VERDICT_SKIPPED))), NULL);
    for (size_t i = 0; i < json_object_array_length(results->tests); i++) {
        struct json_object *test = json_object_array_get_idx(results->tests, i);
        if (text_equal(field(test, "language"), language))
            add_test(xml, test);
    }
    buffer_add(xml, "  </testsuite>\n");
}

bool junit_write(const struct results *results, const char *path)
{
    struct buffer xml = {0};
    FILE *stream = fopen(path, "w");

    buffer_add(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (size_t i = 0; i < results->setting->language_count; i++)
        add_suite(&xml, results, results->setting->languages[i].name);
    if (count_tests(results, "driver", NULL))
        add_suite(&xml, results, "driver");
    buffer_add(&xml, "</testsuites>\n");
    if (!stream || fputs(buffer_text(&xml), stream) < 0 || fclose(stream) != 0) {
        error_at((struct location){0}, "cannot write %s: %s", path, strerror(errno));
        return false;
    }
    return true;
}
