/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shape_given.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callable.h"
#include "value.h"

static struct json_object *marked(const char *mark, struct json_object *value)
{
    struct json_object *record = json_object_new_object();

    json_object_object_add(record, mark, json_object_get(value));
    return record;
}

/* ---- values that are marked ---- */

static bool is_marked(struct json_object *value)
{
    if (!value_is_record(value))
        return false;
    json_object_object_foreach(value, name, field)
    {
        (void)field;
        if (*name == '$')
            return true;
    }
    return false;
}

static struct json_object *given_marked(struct json_object *value, struct json_object *shape,
                                        struct json_object *callbacks, const char *type)
{
    if (value_has(value, "$callback")) {
        const char *own = value_text(value_field(shape, "callback"));

        return callable_given(value, callbacks, type ? type : own);
    }
    if (value_is_handle(value))
        return marked("$handle",
                      value_field(value, value_has(value, "number") ? "number" : "$handle"));
    return json_object_get(value);
}

/* ---- values of one word ---- */

/* Bytes, none where there are none. */
static struct json_object *given_counted(struct json_object *value)
{
    struct json_object *digits = value_field(value, "$bytes");
    struct json_object *pair = json_object_new_array();
    struct json_object *bytes = digits ? json_object_get(digits) : json_object_new_string("");

    json_object_array_add(pair, json_object_new_int(json_object_get_string_len(bytes) / 2));
    json_object_array_add(pair, marked("$bytes", bytes));
    json_object_put(bytes);
    return pair;
}

static bool is_cpu_map(struct json_object *value)
{
    if (!value_is_list(value))
        return false;
    for (size_t i = 0; i < value_count(value); i++)
        if (!json_object_is_type(value_item(value, i), json_type_boolean))
            return false;
    return true;
}

static bool is_switch(struct json_object *value)
{
    return json_object_is_type(value, json_type_int) && (uint64_t)json_object_get_int64(value) <= 1;
}

/* ---- values that are made of others ---- */

static struct json_object *given_list(struct json_object *value, struct json_object *item,
                                      struct json_object *callbacks)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < value_count(value); i++)
        json_object_array_add(list, shape_given(value_item(value, i), item, callbacks, NULL));
    return list;
}

static struct json_object *given_map(struct json_object *value, struct json_object *item,
                                     struct json_object *callbacks)
{
    struct json_object *map = json_object_new_object();

    json_object_object_foreach(value, name, one)
    {
        json_object_object_add(map, name, shape_given(one, item, callbacks, NULL));
    }
    return map;
}

static struct json_object *given_record(struct json_object *value, struct json_object *shape,
                                        struct json_object *callbacks)
{
    struct json_object *as = value_field(shape, "as");
    struct json_object *fields = value_field(shape, "record");
    struct json_object *record = json_object_new_object();
    struct json_object *list = json_object_new_array();

    json_object_object_foreach(fields, name, one)
    {
        struct json_object *field = shape_given(value_field(value, name), one, callbacks, NULL);

        json_object_object_add(record, name, field);
        json_object_array_add(list, json_object_get(field));
    }
    if (value_is(as, "map")) {
        json_object_put(list);
        return record;
    }
    json_object_put(record);
    if (!value_is(as, "value"))
        return list;
    struct json_object *first = json_object_get(value_item(list, 0));
    json_object_put(list);
    return first;
}

static struct json_object *given_scaled(struct json_object *value, struct json_object *shape)
{
    const int64_t by = json_object_get_int64(value_field(shape, "by"));

    if (json_object_get_int64(value) < 0)
        return json_object_new_int64(json_object_get_int64(value) / by);
    return json_object_new_uint64(json_object_get_uint64(value) / (uint64_t)by);
}

struct json_object *shape_given(struct json_object *value, struct json_object *shape,
                                struct json_object *callbacks, const char *type)
{
    if (value_is(shape, "counted"))
        return given_counted(value);
    if (!value || value_is(shape, "opaque"))
        return json_object_get(value);
    if (is_marked(value))
        return given_marked(value, shape, callbacks, type);
    if (value_is(shape, "cpu-map") && is_cpu_map(value))
        return marked("$cpu-map", value);
    if (value_is(shape, "boolean") && is_switch(value))
        return json_object_new_boolean(json_object_get_int64(value) == 1);
    if (value_has(shape, "record") && value_is_record(value))
        return given_record(value, shape, callbacks);
    if (value_has(shape, "scaled") && json_object_is_type(value, json_type_int))
        return given_scaled(value, shape);
    if (value_is_list(value))
        return given_list(value, value_field(shape, "list"), callbacks);
    if (value_is_record(value))
        return given_map(value, value_field(shape, "map"), callbacks);
    return json_object_get(value);
}
