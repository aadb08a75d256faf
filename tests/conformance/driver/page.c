/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page that shows the matrix function by function. Its parts (page.html, .css, .js) are built
 * in; what they show is JSON. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "matrix.h"
#include "page_parts.h"
#include "results.h"
#include "text.h"
#include "value.h"
#include "vectors.h"

static const char *standing_name(enum standing standing)
{
    static const char *const names[] = {[STANDING_REACHED] = "reached",
                                        [STANDING_BLANK] = "blank",
                                        [STANDING_ELSEWHERE] = "elsewhere",
                                        [STANDING_HELPER] = "helper"};

    return names[standing];
}

static void add_text(struct json_object *record, const char *name, const char *text)
{
    json_object_object_add(record, name, json_object_new_string(text ? text : ""));
}

static const char *release(int64_t since)
{
    return arena_printf("%d.%d.0", (int)(since / 1000), (int)(since % 1000));
}

/* Why a leg has no finding; NULL: it could have one. */
static const char *reason(const struct results *results, const struct language *language,
                          const char *function, const char *leg)
{
    const bool real = !text_equal(leg, STAND_IN_LEG);
    const struct untried *untried =
        untried_find(results->untried, results->untried_count, function, leg);

    if (results_standing(results, language, function) == STANDING_HELPER)
        return "what it is for, the language does by itself";
    if (real && !value_has(results->setting->functions, function))
        return arena_printf("needs libvirt %s, this is %s",
                            release(json_object_get_int64(
                                value_field(value_field(language->functions, function), "since"))),
                            release(results->libvirt / 1000));
    return untried ? untried->reason : NULL;
}

static struct json_object *new_cell(const char *state, const char *why)
{
    struct json_object *cell = json_object_new_object();

    add_text(cell, "state", state);
    add_text(cell, "why", why);
    return cell;
}

static struct json_object *cell_of(const struct results *results, const struct language *language,
                                   const char *function, const char *leg)
{
    const enum finding finding = matrix_finding(results->matrix, leg, language->name, function);
    const enum standing standing = results_standing(results, language, function);
    const char *why = reason(results, language, function, leg);
    struct json_object *known;

    if (finding == FINDING_COUNT && standing == STANDING_HELPER)
        return new_cell("helper", why);
    if (finding == FINDING_COUNT && why && !text_equal(leg, STAND_IN_LEG) &&
        !value_has(results->setting->functions, function))
        return new_cell("elsewhere", why);
    if (finding == FINDING_COUNT)
        return new_cell(why ? "untried" : "blank", why ? why : "no step of the leg calls it");
    known = value_field(value_field(value_field(results->matrix, leg), language->name), function);
    return new_cell(finding_name(finding),
                    value_text(value_field(value_field(known, finding_name(finding)), "why")));
}

static struct json_object *legs_of(const struct results *results, const struct language *language,
                                   const char *function)
{
    struct json_object *legs = json_object_new_object();

    for (size_t i = 0; i < json_object_array_length(results->legs); i++) {
        const char *leg = value_text(json_object_array_get_idx(results->legs, i));

        json_object_object_add(legs, leg, cell_of(results, language, function, leg));
    }
    return legs;
}

static struct json_object *of_language(const struct results *results,
                                       const struct language *language, const char *function)
{
    struct json_object *entry = value_field(language->functions, function);
    const enum standing standing = results_standing(results, language, function);
    struct json_object *shown;

    if (!entry)
        return NULL;
    shown = json_object_new_object();
    add_text(shown, "signature", value_text(value_field(entry, "signature")));
    add_text(shown, "standing", standing_name(standing));
    json_object_object_add(shown, "legs", legs_of(results, language, function));
    return shown;
}

static struct json_object *of_function(const struct results *results, const char *name,
                                       struct json_object *entry)
{
    static const char *const copied[] = {"library", "kind", "prototype"};
    struct json_object *function = json_object_new_object();
    struct json_object *languages = json_object_new_array();

    add_text(function, "name", name);
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        add_text(function, copied[i], value_text(value_field(entry, copied[i])));
    json_object_object_add(function, "since", json_object_get(value_field(entry, "since")));
    for (size_t i = 0; i < results->setting->language_count; i++)
        json_object_array_add(languages,
                              of_language(results, &results->setting->languages[i], name));
    json_object_object_add(function, "languages", languages);
    return function;
}

static int compare_names(const void *a, const void *b)
{
    const char *const names[] = {value_text(value_field(*(struct json_object *const *)a, "name")),
                                 value_text(value_field(*(struct json_object *const *)b, "name"))};

    return strcmp(names[0], names[1]);
}

/* Those of all manifests. */
static struct json_object *all_functions(const struct results *results)
{
    struct json_object *functions = json_object_new_array();
    struct json_object *seen = json_object_new_object();

    for (size_t i = 0; i < results->setting->language_count; i++) {
        json_object_object_foreach(results->setting->languages[i].functions, name, entry)
        {
            if (value_has(seen, name))
                continue;
            json_object_object_add(seen, name, NULL);
            json_object_array_add(functions, of_function(results, name, entry));
        }
    }
    json_object_put(seen);
    json_object_array_sort(functions, compare_names);
    return functions;
}

static struct json_object *page_data(const struct results *results)
{
    struct json_object *data = json_object_new_object();
    struct json_object *languages = json_object_new_array();

    for (size_t i = 0; i < results->setting->language_count; i++) {
        struct json_object *language = json_object_new_object();
        add_text(language, "name", results->setting->languages[i].name);
        json_object_array_add(languages, language);
    }
    json_object_object_add(data, "libvirt", json_object_new_int64(results->libvirt));
    for (enum verdict i = 0; i <= VERDICT_SKIPPED; i++)
        json_object_object_add(data, verdict_name(i), json_object_new_int64(results->counts[i]));
    json_object_object_add(data, "legs", json_object_get(results->legs));
    json_object_object_add(data, "languages", languages);
    json_object_object_add(data, "functions", all_functions(results));
    return data;
}

/* In a page no '<' may stand in a script's text that could end it; in JSON it is only in strings.
 */
static const char *embeddable(const char *json)
{
    struct buffer text = {0};

    while (*json) {
        const size_t length = strcspn(json, "<");

        buffer_add_length(&text, json, length);
        json += length;
        if (*json) {
            buffer_add(&text, "\\u003c");
            json++;
        }
    }
    return buffer_text(&text);
}

bool page_write(const struct results *results, const char *path)
{
    struct json_object *data = page_data(results);
    struct buffer page = {0};
    FILE *stream = fopen(path, "w");

    text_fill(&page, page_html, "style", page_css, "script", page_js, "data",
              embeddable(json_object_to_json_string_ext(data, JSON_C_TO_STRING_PLAIN)), NULL);
    json_object_put(data);
    if (!stream || fputs(buffer_text(&page), stream) < 0 || fclose(stream) != 0) {
        error_at((struct location){0}, "cannot write %s: %s", path, strerror(errno));
        return false;
    }
    return true;
}
