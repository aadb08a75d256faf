/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "called.h"

#include "base.h"
#include "value.h"

/* A callable in the arguments of a vector. */
struct callable {
    struct json_object *value;
    struct json_object *facts; /* the manifest's, about its type; NULL: nothing is said */
};

static struct json_object *function_of(const struct language *language, struct json_object *line)
{
    return value_field(language->functions, value_text(value_field(line, "function")));
}

/* The type of a member of the record that an argument is: what is made from it has a shape. */
static const char *type_of_member(struct json_object *function, struct json_object *argument,
                                  const char *member)
{
    struct json_object *parameters = value_field(function, "parameters");
    const char *type = NULL;

    for (size_t i = 0; !type && i < json_object_array_length(parameters); i++) {
        struct json_object *parameter = json_object_array_get_idx(parameters, i);
        struct json_object *shape = value_field(parameter, "shape");
        const char *only = value_text(value_field(parameter, "member"));

        if (!json_object_equal(value_field(parameter, "from"), value_field(argument, "name")))
            continue;
        if (!only)
            shape = value_field(value_field(shape, "record"), member);
        if (!only || text_equal(only, member))
            type = value_text(value_field(shape, "callback"));
    }
    return type;
}

static bool is_called(struct json_object *value, const char *name)
{
    const char *callback = value_text(value_field(value, "$callback"));

    return callback && text_equal(callback, name);
}

/* The one with this name. */
static struct callable find(const struct language *language, struct json_object *line,
                            const char *name)
{
    struct json_object *function = function_of(language, line);
    struct json_object *described = value_field(function, "arguments");
    struct json_object *given = value_field(line, "arguments");
    struct json_object *types = value_field(language->manifest, "callbacks");

    for (size_t i = 0; i < json_object_array_length(described); i++) {
        struct json_object *argument = json_object_array_get_idx(described, i);
        struct json_object *value = json_object_array_get_idx(given, i);

        if (is_called(value, name))
            return (struct callable){value,
                                     value_field(types, value_text(value_field(argument, "kind")))};
        if (!json_object_is_type(value, json_type_object))
            continue;
        json_object_object_foreach(value, member, inner)
        {
            const char *type =
                is_called(inner, name) ? type_of_member(function, argument, member) : NULL;
            if (type)
                return (struct callable){inner, value_field(types, type)};
        }
    }
    return (struct callable){NULL, NULL};
}

static bool is_left_out(struct json_object *left_out, size_t place)
{
    for (size_t i = 0; left_out && i < json_object_array_length(left_out); i++)
        if ((size_t)json_object_get_int64(json_object_array_get_idx(left_out, i)) == place)
            return true;
    return false;
}

static void add_event(struct json_object *events, struct json_object *event,
                      struct json_object *arguments)
{
    struct json_object *copy = json_object_new_object();

    json_object_object_add(copy, "callback", json_object_get(value_field(event, "callback")));
    json_object_object_add(copy, "arguments", arguments);
    json_object_array_add(events, copy);
}

static void add_without(struct json_object *events, struct json_object *event,
                        struct json_object *left_out)
{
    struct json_object *all = value_field(event, "arguments");
    struct json_object *arguments = json_object_new_array();

    for (size_t i = 0; i < json_object_array_length(all); i++)
        if (!is_left_out(left_out, i))
            json_object_array_add(arguments, json_object_get(json_object_array_get_idx(all, i)));
    add_event(events, event, arguments);
}

/* One for each of the list that is its first argument. */
static void add_each(struct json_object *events, struct json_object *event)
{
    struct json_object *all = value_field(event, "arguments");
    struct json_object *list = json_object_array_get_idx(all, 0);

    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *one = json_object_new_array();
        struct json_object *arguments = json_object_new_array();

        json_object_array_add(one, json_object_get(json_object_array_get_idx(list, i)));
        json_object_array_add(arguments, one);
        for (size_t j = 1; j < json_object_array_length(all); j++)
            json_object_array_add(arguments, json_object_get(json_object_array_get_idx(all, j)));
        add_event(events, event, arguments);
    }
}

struct json_object *called_events(const struct language *language, struct json_object *line)
{
    struct json_object *wanted = value_field(line, "events");
    struct json_object *events = json_object_new_array();

    for (size_t i = 0; wanted && i < json_object_array_length(wanted); i++) {
        struct json_object *event = json_object_array_get_idx(wanted, i);
        const char *name = value_text(value_field(event, "callback"));
        const struct callable callable = find(language, line, name);

        if (value_has(callable.facts, "each"))
            add_each(events, event);
        else
            add_without(events, event, value_field(callable.facts, "left-out"));
    }
    return events;
}

bool called_has_no_answer(const struct language *language, struct json_object *line)
{
    struct json_object *wanted = value_field(line, "events");

    for (size_t i = 0; wanted && i < json_object_array_length(wanted); i++) {
        const char *name =
            value_text(value_field(json_object_array_get_idx(wanted, i), "callback"));
        const struct callable callable = find(language, line, name);

        if (value_has(callable.facts, "each") && value_has(callable.value, "returns") &&
            !json_object_is_type(value_field(callable.value, "returns"), json_type_array))
            return true;
    }
    return false;
}
