/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "callable.h"

#include <stdbool.h>
#include <stddef.h>

#include "base.h"
#include "shape_answered.h"
#include "shape_given.h"
#include "value.h"

static struct json_object *parameter_field(struct json_object *parameters, size_t place,
                                           const char *name)
{
    return value_field(value_item(parameters, place), name);
}

/* ---- what it is to answer ---- */

/* The place in the records of the first argument that is to be filled in; -1: none. */
static int filled_place(struct json_object *parameters)
{
    struct json_object *record =
        value_field(value_field(parameter_field(parameters, 0, "shape"), "list"), "record");
    int place = 0;

    if (record) {
        json_object_object_foreach(record, name, shape)
        {
            (void)name;
            if (value_is(shape, "filled"))
                return place;
            place++;
        }
    }
    return -1;
}

/* Answers one after the other: a list has them, but a list that fills in records, or is one
 * record's, is one answer. */
static struct json_object *in_turn(struct json_object *returns, bool fills, bool each)
{
    const bool list = value_is_list(returns) && value_count(returns);
    struct json_object *answers = json_object_new_array();

    for (size_t i = 0; list && i < value_count(returns); i++) {
        struct json_object *one = value_item(returns, i);

        if (each && value_is_list(one))
            for (size_t j = 0; j < value_count(one); j++)
                json_object_array_add(answers, json_object_get(value_item(one, j)));
        else if (fills && !value_is_list(value_item(returns, 0)))
            break;
        else
            json_object_array_add(answers, json_object_get(one));
    }
    if (!value_count(answers))
        json_object_array_add(answers, json_object_get(returns));
    else if (each)
        json_object_array_add(answers, NULL);
    return answers;
}

/* What is returned where nothing is said: that there is no more, or that it worked. */
static struct json_object *nothing(struct json_object *shape, struct json_object *callbacks)
{
    struct json_object *fields = value_field(shape, "record");
    struct json_object *zeros;
    struct json_object *given;

    if (value_is(shape, "integer"))
        return json_object_new_int(0);
    zeros = json_object_new_object();
    if (value_is(shape, "bytes"))
        json_object_object_add(zeros, "$bytes", json_object_new_string(""));
    else if (fields) {
        json_object_object_foreach(fields, name, field)
        {
            (void)field;
            json_object_object_add(zeros, name, json_object_new_int(0));
        }
    } else if (!value_is(shape, "counted")) {
        json_object_put(zeros);
        return NULL;
    }
    given = shape_given(zeros, shape, callbacks, NULL);
    json_object_put(zeros);
    return given;
}

struct json_object *callable_given(struct json_object *value, struct json_object *callbacks,
                                   const char *type)
{
    struct json_object *facts = type ? value_field(callbacks, type) : NULL;
    struct json_object *result = value_field(facts, "result");
    struct json_object *given = json_object_new_object();
    const int place = filled_place(value_field(facts, "parameters"));

    json_object_object_foreach(value, name, field)
    {
        if (!text_equal(name, "returns"))
            json_object_object_add(given, name, json_object_get(field));
    }
    json_object_object_add(given, "type", type ? json_object_new_string(type) : NULL);
    json_object_object_add(given, "otherwise", nothing(result, callbacks));
    if (place >= 0)
        json_object_object_add(given, "fills", json_object_new_int(place));
    if (value_has(value, "returns")) {
        struct json_object *answers =
            in_turn(value_field(value, "returns"), place >= 0, value_has(facts, "each"));

        json_object_object_add(given, "answers", json_object_new_array());
        for (size_t i = 0; i < value_count(answers); i++)
            json_object_array_add(value_field(given, "answers"),
                                  shape_given(value_item(answers, i), result, callbacks, NULL));
        json_object_put(answers);
    }
    return given;
}

/* ---- how it was called ---- */

/* What C's was called with, where the language's was called for an item of C's list: a list of it
 * alone, and the opaque value that came with it. */
static struct json_object *arguments_of_each(struct json_object *arguments,
                                             struct json_object *each)
{
    struct json_object *item = value_item(arguments, 0);
    const char *opaque = value_text(value_field(each, "opaque"));
    const char *filled = value_text(value_field(each, "filled"));
    struct json_object *list = json_object_new_array();
    struct json_object *rest = json_object_new_object();
    struct json_object *both = json_object_new_array();

    json_object_object_foreach(item, name, field)
    {
        if (!text_equal(name, opaque) && !text_equal(name, filled))
            json_object_object_add(rest, name, json_object_get(field));
    }
    json_object_array_add(list, rest);
    json_object_array_add(both, list);
    json_object_array_add(both, json_object_get(value_field(item, opaque)));
    return both;
}

/* In C's order, but opaque values last. */
static struct json_object *ordered(struct json_object *arguments, struct json_object *parameters)
{
    const size_t count = value_count(arguments);
    const bool known = count == value_count(parameters);
    struct json_object *ordered = json_object_new_array();

    for (int opaque = 0; opaque <= 1; opaque++)
        for (size_t i = 0; i < count; i++) {
            struct json_object *shape = known ? parameter_field(parameters, i, "shape") : NULL;
            const bool last =
                known && value_is(parameter_field(parameters, i, "pattern"), "opaque");

            if (last == (bool)opaque && !value_is(shape, "null"))
                json_object_array_add(ordered, shape_answered(value_item(arguments, i), shape));
        }
    return ordered;
}

struct json_object *callable_answered(struct json_object *event, struct json_object *callbacks)
{
    const char *type = value_text(value_field(event, "type"));
    struct json_object *facts = type ? value_field(callbacks, type) : NULL;
    struct json_object *each = value_field(facts, "each");
    struct json_object *arguments = value_field(event, "arguments");
    struct json_object *answered;

    /* It is for the driver to refuse. */
    if (!value_text(value_field(event, "callback")) || !value_is_list(arguments))
        return shape_plain(event);
    answered = json_object_new_object();
    /* What is no map is shown as it is. */
    if (!value_is_record(value_item(arguments, 0)))
        each = NULL;
    arguments = each ? arguments_of_each(arguments, each) : json_object_get(arguments);
    json_object_object_add(answered, "callback", json_object_get(value_field(event, "callback")));
    json_object_object_add(answered, "arguments",
                           ordered(arguments, value_field(facts, "parameters")));
    json_object_put(arguments);
    return answered;
}
