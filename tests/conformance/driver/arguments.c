/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arguments.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"
#include "shape_given.h"
#include "value.h"

/* A call that is translated. */
struct call {
    struct json_object *manifest;
    struct json_object *facts;
    struct json_object *given; /* by C's names, without what is left out */
};

/* What a parameter is made of: the names of arguments, one or several. */
struct origin {
    struct json_object *from;
    size_t count;
};

static struct origin origin_of(struct json_object *parameter)
{
    struct json_object *from = value_field(parameter, "from");
    const bool several = value_is_list(from);

    return (struct origin){from, several ? value_count(from) : 1};
}

static const char *origin_name(struct origin origin, size_t place)
{
    return json_object_get_string(value_is_list(origin.from) ? value_item(origin.from, place)
                                                             : origin.from);
}

static struct json_object *plainly(struct json_object *value)
{
    return shape_given(value, NULL, NULL, NULL);
}

/* ---- callback types ---- */

/* The callback type that an event's id has; NULL: none. */
static const char *event_type(const struct call *call, struct json_object *argument,
                              struct json_object *number)
{
    struct json_object *kind = value_field(argument, "kind");
    struct json_object *constants = value_field(call->manifest, "constants");

    if (!json_object_is_type(number, json_type_int) || !json_object_get_string_len(kind))
        return NULL;
    json_object_object_foreach(constants, name, constant)
    {
        (void)name;
        if (value_has(constant, "callback") &&
            json_object_equal(value_field(constant, "enum"), kind) &&
            json_object_equal(value_field(constant, "value"), number))
            return value_text(value_field(constant, "callback"));
    }
    return NULL;
}

/* The one that an event's id asks for, or the argument's own; NULL: it is no callback. */
static const char *callback_type(const struct call *call, const char *name)
{
    struct json_object *arguments = value_field(call->facts, "arguments");
    const char *own = NULL;

    for (size_t i = 0; i < value_count(arguments); i++) {
        struct json_object *argument = value_item(arguments, i);

        if (value_is(value_field(argument, "name"), name) &&
            value_is(value_field(argument, "pattern"), "callback"))
            own = value_text(value_field(argument, "kind"));
    }
    for (size_t i = 0; own && i < value_count(arguments); i++) {
        struct json_object *argument = value_item(arguments, i);
        const char *other = json_object_get_string(value_field(argument, "name"));
        const char *type = event_type(call, argument, value_field(call->given, other));

        if (type)
            return type;
    }
    return own;
}

/* ---- what a parameter is made of ---- */

static struct json_object *made_length(struct json_object *value)
{
    return json_object_new_int64(value_is_list(value) ? (int64_t)value_count(value) : 0);
}

static struct json_object *made_negative(struct json_object *value)
{
    return json_object_is_type(value, json_type_int)
               ? json_object_new_boolean(json_object_get_int64(value) < 0)
               : plainly(value);
}

/* A map of several arguments. */
static struct json_object *made_record(const struct call *call, struct json_object *parameter)
{
    const struct origin origin = origin_of(parameter);
    struct json_object *keys = value_field(parameter, "keys");
    struct json_object *record = json_object_new_object();

    for (size_t i = 0; i < origin.count; i++)
        if (value_has(call->given, origin_name(origin, i)))
            json_object_object_add(record, json_object_get_string(value_item(keys, i)),
                                   plainly(value_field(call->given, origin_name(origin, i))));
    return record;
}

/* A list of several arguments. */
static struct json_object *made_list(const struct call *call, struct origin origin)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < origin.count; i++)
        json_object_array_add(list, plainly(value_field(call->given, origin_name(origin, i))));
    return list;
}

static bool are_lists_of_one_length(struct json_object *lists)
{
    for (size_t i = 0; i < value_count(lists); i++) {
        struct json_object *list = value_item(lists, i);

        if (!value_is_list(list) || value_count(list) != value_count(value_item(lists, 0)))
            return false;
    }
    return true;
}

/* The n-th items of lists, as a list or, with keys, as a map. */
static struct json_object *items_at(struct json_object *lists, size_t place,
                                    struct json_object *keys)
{
    struct json_object *items = keys ? json_object_new_object() : json_object_new_array();

    for (size_t i = 0; i < value_count(lists); i++) {
        struct json_object *list = value_item(lists, i);
        struct json_object *item = json_object_get(value_item(list, place));

        if (keys)
            json_object_object_add(items, json_object_get_string(value_item(keys, i)), item);
        else
            json_object_array_add(items, item);
    }
    return items;
}

/* One after the other what the lists have; what does not go together is for the binding to
 * refuse, and does not `fit`. */
static struct json_object *made_of_lists(const struct call *call, struct json_object *parameter,
                                         bool *fit)
{
    struct json_object *lists = made_list(call, origin_of(parameter));
    struct json_object *keys = value_field(parameter, "keys");
    struct json_object *first = value_item(lists, 0);
    struct json_object *items;

    *fit = are_lists_of_one_length(lists);
    if (!*fit)
        return lists;
    items = json_object_new_array();
    for (size_t i = 0; i < value_count(first); i++)
        json_object_array_add(items, items_at(lists, i, keys));
    json_object_put(lists);
    return items;
}

/* A map from one list to the other. */
static struct json_object *made_zip(const struct call *call, struct json_object *parameter)
{
    bool fit;
    struct json_object *pairs = made_of_lists(call, parameter, &fit);
    struct json_object *map;

    if (!fit)
        return pairs;
    map = json_object_new_object();
    json_object_object_add(map, "$map", pairs);
    return map;
}

static struct json_object *made_itself(const struct call *call, struct json_object *parameter)
{
    const char *name = origin_name(origin_of(parameter), 0);

    return shape_given(value_field(call->given, name), value_field(parameter, "shape"),
                       value_field(call->manifest, "callbacks"), callback_type(call, name));
}

/* The first parameter that is made of the record; whether the record has any of these members. */
static struct json_object *first_member(const struct call *call, struct json_object *from,
                                        struct json_object *value, bool *any)
{
    struct json_object *parameters = value_field(call->facts, "parameters");
    struct json_object *first = NULL;

    *any = false;
    for (size_t i = 0; i < value_count(parameters); i++) {
        struct json_object *one = value_item(parameters, i);
        const char *member = value_text(value_field(one, "member"));

        if (member && json_object_equal(value_field(one, "from"), from)) {
            first = first ? first : one;
            *any = *any || value_has(value, member);
        }
    }
    return first;
}

/* A member of a record; what is no such record is for the binding to refuse. False: left out. */
static bool make_member(const struct call *call, struct json_object *parameter,
                        struct json_object **made)
{
    struct json_object *value = value_field(call->given, origin_name(origin_of(parameter), 0));
    const char *member = value_text(value_field(parameter, "member"));
    bool any;
    struct json_object *first = first_member(call, value_field(parameter, "from"), value, &any);

    if (any) {
        *made = shape_given(value_field(value, member), value_field(parameter, "shape"),
                            value_field(call->manifest, "callbacks"), NULL);
        return value_has(value, member);
    }
    *made = parameter == first ? plainly(value) : NULL;
    return *made;
}

/* False: left out. */
static bool make_parameter(const struct call *call, struct json_object *parameter,
                           struct json_object **made)
{
    const struct origin origin = origin_of(parameter);
    struct json_object *as = value_field(parameter, "as");
    size_t there = 0;
    bool fit;

    while (there < origin.count && !value_has(call->given, origin_name(origin, there)))
        there++;
    if (there == origin.count)
        return false;
    struct json_object *value = value_field(call->given, origin_name(origin, there));
    if (value_is(as, "member"))
        return make_member(call, parameter, made);
    if (value_is(as, "opaque"))
        *made = json_object_get(value);
    else if (value_is(as, "length"))
        *made = made_length(value);
    else if (value_is(as, "negative"))
        *made = made_negative(value);
    else if (value_is(as, "record"))
        *made = made_record(call, parameter);
    else if (value_is(as, "records"))
        *made = made_of_lists(call, parameter, &fit);
    else if (value_is(as, "zip"))
        *made = made_zip(call, parameter);
    else
        *made = made_itself(call, parameter);
    return true;
}

/* ---- the request ---- */

/* Arguments by C's names, without those that are left out. */
static struct json_object *named(struct json_object *facts, struct json_object *values)
{
    struct json_object *arguments = value_field(facts, "arguments");
    struct json_object *given = json_object_new_object();

    for (size_t i = 0; i < value_count(values); i++) {
        struct json_object *value = value_item(values, i);
        struct json_object *argument = value_item(arguments, i);

        if (!value_has(value, "$left-out"))
            json_object_object_add(given, json_object_get_string(value_field(argument, "name")),
                                   json_object_get(value));
    }
    return given;
}

/* By position, and by name behind what is left out; with surplus values all are by position. */
static void add_parameters(const struct call *call, struct json_object *surplus,
                           struct json_object *request)
{
    struct json_object *parameters = value_field(call->facts, "parameters");
    struct json_object *positional = json_object_new_array();
    struct json_object *keywords = json_object_new_object();
    bool by_name = false;

    for (size_t i = 0; i < value_count(parameters); i++) {
        struct json_object *parameter = value_item(parameters, i);
        struct json_object *value = NULL;
        bool there = make_parameter(call, parameter, &value);

        if (!there && surplus && value_has(parameter, "default")) {
            value = json_object_get(value_field(parameter, "default"));
            there = true;
        }
        if (json_object_get_boolean(value_field(parameter, "block"))) {
            if (there)
                json_object_object_add(request, "block", value);
        } else if (!there)
            by_name = true;
        else if (by_name)
            json_object_object_add(keywords, value_text(value_field(parameter, "name")), value);
        else
            json_object_array_add(positional, value);
    }
    for (size_t i = 0; i < value_count(surplus); i++)
        json_object_array_add(positional, plainly(value_item(surplus, i)));
    json_object_object_add(request, "positional", positional);
    if (json_object_object_length(keywords))
        json_object_object_add(request, "keywords", json_object_get(keywords));
    json_object_put(keywords);
}

/* Whether values of this shape are files, or have some. */
static bool has_files(struct json_object *shape)
{
    if (!value_is_record(shape))
        return value_is(shape, "file");
    json_object_object_foreach(shape, name, part)
    {
        (void)name;
        if (has_files(part))
            return true;
    }
    return false;
}

struct json_object *arguments_given(struct json_object *manifest, struct json_object *facts,
                                    struct json_object *request)
{
    const char *self = value_text(value_field(facts, "self"));
    struct json_object *surplus = value_field(request, "surplus");
    struct json_object *made = json_object_new_object();
    const struct call call = {manifest, facts, named(facts, value_field(request, "arguments"))};

    json_object_object_add(made, "do", json_object_get(value_field(request, "do")));
    json_object_object_add(made, "function", json_object_get(value_field(request, "function")));
    if (self && value_has(call.given, self))
        json_object_object_add(made, "receiver", plainly(value_field(call.given, self)));
    if (has_files(value_field(facts, "result")))
        json_object_object_add(made, "files", json_object_new_boolean(true));
    add_parameters(&call, surplus && value_count(surplus) ? surplus : NULL, made);
    json_object_put(call.given);
    return made;
}
