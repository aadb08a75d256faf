/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "matrix.h"

#include "base.h"
#include "value.h"

static const char *const names[] = {
    [FINDING_PROVED] = "proved",           [FINDING_FAILED] = "failed",
    [FINDING_UNSUPPORTED] = "unsupported", [FINDING_DECIDED] = "decided",
    [FINDING_DIFFERS] = "differs",         [FINDING_ABSENT] = "absent",
    [FINDING_SKIPPED] = "skipped",
};

const char *finding_name(enum finding finding)
{
    return names[finding];
}

bool finding_is_as_in_c(enum finding finding)
{
    return finding == FINDING_PROVED || finding == FINDING_FAILED || finding == FINDING_UNSUPPORTED;
}

/* The record below a name, made where there is none. */
static struct json_object *below(struct json_object *record, const char *name)
{
    struct json_object *found = value_field(record, name);

    if (!found) {
        found = json_object_new_object();
        json_object_object_add(record, name, found);
    }
    return found;
}

static void add_finding(struct json_object *cell, const char *name, int64_t count,
                        struct json_object *why)
{
    struct json_object *finding = below(cell, name);
    const int64_t before = json_object_get_int64(value_field(finding, "count"));

    json_object_object_add(finding, "count", json_object_new_int64(before + count));
    if (!before)
        json_object_object_add(finding, "why", json_object_get(why));
}

void matrix_note(struct json_object *matrix, const char *leg, const char *language,
                 const char *function, enum finding finding, const char *why)
{
    struct json_object *text = json_object_new_string(why);

    add_finding(below(below(below(matrix, leg), language), function), names[finding], 1, text);
    json_object_put(text);
}

void matrix_add(struct json_object *matrix, struct json_object *other)
{
    json_object_object_foreach(other, leg, languages)
    {
        json_object_object_foreach(languages, language, functions)
        {
            json_object_object_foreach(functions, function, cell)
            {
                json_object_object_foreach(cell, name, finding)
                {
                    add_finding(below(below(below(matrix, leg), language), function), name,
                                json_object_get_int64(value_field(finding, "count")),
                                value_field(finding, "why"));
                }
            }
        }
    }
}

bool matrix_has(struct json_object *matrix, const char *leg, const char *language,
                const char *function, enum finding finding)
{
    return value_has(value_field(value_field(value_field(matrix, leg), language), function),
                     names[finding]);
}

enum finding matrix_finding(struct json_object *matrix, const char *leg, const char *language,
                            const char *function)
{
    for (enum finding i = 0; i < FINDING_COUNT; i++)
        if (matrix_has(matrix, leg, language, function, i))
            return i;
    return FINDING_COUNT;
}
