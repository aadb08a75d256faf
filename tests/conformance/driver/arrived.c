/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arrived.h"

#include <string.h>

#include "base.h"
#include "value.h"

struct comparison {
    struct buffer path;
    const char *difference;
};

static bool compare(struct comparison *comparison, struct json_object *wanted,
                    struct json_object *got);

static bool differ(struct comparison *comparison, struct json_object *wanted,
                   struct json_object *got)
{
    comparison->difference = arena_printf("%s is %s, not %s", buffer_text(&comparison->path),
                                          value_shown(got), value_shown(wanted));
    return false;
}

static bool compare_below(struct comparison *comparison, const char *format, const char *step,
                          struct json_object *wanted, struct json_object *got)
{
    const size_t length = comparison->path.length;
    bool same;

    buffer_printf(&comparison->path, format, step);
    same = compare(comparison, wanted, got);
    comparison->path.length = length;
    comparison->path.data[length] = '\0';
    return same;
}

/* What the number is, nobody can say beforehand. */
static bool compare_handles(struct comparison *comparison, struct json_object *wanted,
                            struct json_object *got)
{
    if (value_is_handle(got) &&
        json_object_equal(value_field(wanted, "$handle"), value_field(got, "$handle")) &&
        json_object_equal(value_field(wanted, "key"), value_field(got, "key")))
        return true;
    return differ(comparison, wanted, got);
}

static bool compare_records(struct comparison *comparison, struct json_object *wanted,
                            struct json_object *got)
{
    if (!json_object_is_type(got, json_type_object) ||
        json_object_object_length(wanted) != json_object_object_length(got))
        return differ(comparison, wanted, got);
    json_object_object_foreach(wanted, name, field)
    {
        if (!value_has(got, name))
            return differ(comparison, wanted, got);
        if (!compare_below(comparison, ".%s", name, field, value_field(got, name)))
            return false;
    }
    return true;
}

/* The length without the CPUs at the end that are not set, which C cannot tell from nothing; the
 * whole length where it is no CPU map. */
static size_t length_of_map(struct json_object *list)
{
    size_t length = json_object_array_length(list);

    for (size_t i = 0; i < length; i++)
        if (!json_object_is_type(json_object_array_get_idx(list, i), json_type_boolean))
            return length;
    while (length && !json_object_get_boolean(json_object_array_get_idx(list, length - 1)))
        length--;
    return length;
}

static bool compare_lists(struct comparison *comparison, struct json_object *wanted,
                          struct json_object *got)
{
    const size_t length = length_of_map(wanted);

    if (!got && !json_object_array_length(wanted))
        return true;
    if (!json_object_is_type(got, json_type_array) || length_of_map(got) != length)
        return differ(comparison, wanted, got);
    for (size_t i = 0; i < length; i++)
        if (!compare_below(comparison, "[%s]", arena_printf("%zu", i),
                           json_object_array_get_idx(wanted, i), json_object_array_get_idx(got, i)))
            return false;
    return true;
}

static bool is_empty_list(struct json_object *value)
{
    return json_object_is_type(value, json_type_array) && !json_object_array_length(value);
}

static bool compare(struct comparison *comparison, struct json_object *wanted,
                    struct json_object *got)
{
    const enum json_type type = json_object_get_type(wanted);

    if (value_has(wanted, "$left-out"))
        return true;
    if (value_has(wanted, "$any"))
        return json_object_is_type(got, json_type_int) || differ(comparison, wanted, got);
    if (value_is_handle(wanted))
        return compare_handles(comparison, wanted, got);
    if (type == json_type_object)
        return compare_records(comparison, wanted, got);
    if (type == json_type_array)
        return compare_lists(comparison, wanted, got);
    if (!wanted && is_empty_list(got))
        return true;
    return (json_object_is_type(got, type) && json_object_equal(wanted, got)) ||
           differ(comparison, wanted, got);
}

const char *arrived_difference(const char *what, struct json_object *wanted,
                               struct json_object *got)
{
    struct comparison comparison = {0};

    buffer_add(&comparison.path, what);
    compare(&comparison, wanted, got);
    return comparison.difference;
}

static struct json_object *items_in_shape(struct json_object *wanted, struct json_object *shape)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < json_object_array_length(wanted); i++) {
        struct json_object *item = json_object_array_get_idx(wanted, i);
        json_object_array_add(list, arrived_in_shape(item, shape, item));
    }
    return list;
}

/* Those fields that a shape has for records. */
static struct json_object *fields_in_shape(struct json_object *wanted, struct json_object *fields)
{
    struct json_object *record = json_object_new_object();

    json_object_object_foreach(wanted, name, field)
    {
        if (value_has(fields, name))
            json_object_object_add(record, name,
                                   arrived_in_shape(field, value_field(fields, name), field));
    }
    return record;
}

static bool has_only(struct json_object *record, const char *name)
{
    return name && value_has(record, name) && json_object_object_length(record) == 1;
}

static struct json_object *record_in_shape(struct json_object *wanted, struct json_object *shape,
                                           struct json_object *got)
{
    const char *as = value_text(value_field(shape, "as"));
    struct json_object *record = fields_in_shape(wanted, value_field(shape, "record"));
    const bool one_of_several =
        has_only(got, value_text(value_field(shape, "alone"))) ||
        (as && text_equal(as, "value") && json_object_is_type(got, json_type_object) &&
         json_object_object_length(got) == 1);

    json_object_object_foreach(wanted, name, field)
    {
        (void)field;
        if (one_of_several && !value_has(got, name))
            json_object_object_del(record, name);
    }
    return record;
}

static struct json_object *found_in_shape(struct json_object *wanted, struct json_object *shape,
                                          struct json_object *got)
{
    const char *by = value_text(value_field(shape, "by"));
    struct json_object *result = value_field(wanted, "result");
    const bool is_there =
        !json_object_is_type(result, json_type_boolean) || json_object_get_boolean(result);
    struct json_object *found;

    if (is_there)
        found = arrived_in_shape(wanted, value_field(shape, "found"), got);
    else
        found = by ? json_object_new_object() : NULL;
    if (by && json_object_is_type(found, json_type_object))
        json_object_object_add(found, by, json_object_get(value_field(wanted, by)));
    return found;
}

/* A language has words for some tags alone. */
static struct json_object *tagged_in_shape(struct json_object *wanted, struct json_object *shape)
{
    struct json_object *list = json_object_new_array();
    const char *key = value_text(value_field(shape, "key"));

    for (size_t i = 0; i < json_object_array_length(wanted); i++) {
        struct json_object *item = json_object_array_get_idx(wanted, i);

        if (value_has(value_field(shape, "tagged"), json_object_get_string(value_field(item, key))))
            json_object_array_add(list, json_object_get(item));
    }
    return list;
}

/* To whole units, downwards. */
static struct json_object *scaled(struct json_object *wanted, int64_t by)
{
    const int64_t number = json_object_get_int64(wanted);
    const int64_t rest = number % by;

    if (number == INT64_MAX) {
        const uint64_t large = json_object_get_uint64(wanted);
        return json_object_new_uint64(large - large % (uint64_t)by);
    }
    return json_object_new_int64(number - rest - (rest < 0 ? by : 0));
}

struct json_object *arrived_in_shape(struct json_object *wanted, struct json_object *shape,
                                     struct json_object *got)
{
    const enum json_type type = json_object_get_type(wanted);
    const char *name = value_text(shape);

    if (name && text_equal(name, "null"))
        return NULL;
    if (name && text_equal(name, "boolean") && type == json_type_int)
        return json_object_new_boolean(json_object_get_int64(wanted) != 0);
    if (name && text_equal(name, "switch") && type == json_type_int)
        return json_object_new_int64(json_object_get_int64(wanted) != 0);
    if (value_has(shape, "zeroed"))
        return arrived_in_shape(wanted, value_field(shape, "zeroed"), got);
    if (value_has(shape, "found"))
        return found_in_shape(wanted, shape, got);
    if (value_has(shape, "record") && type == json_type_object && !value_is_handle(wanted))
        return record_in_shape(wanted, shape, got);
    if (type == json_type_array && value_has(shape, "list"))
        return items_in_shape(wanted, value_field(shape, "list"));
    if (type == json_type_array && value_has(shape, "records")) {
        struct json_object *item = json_object_new_object();
        struct json_object *list;

        json_object_object_add(item, "record", json_object_get(value_field(shape, "records")));
        list = items_in_shape(wanted, item);
        json_object_put(item);
        return list;
    }
    if (type == json_type_array && value_has(shape, "tagged"))
        return tagged_in_shape(wanted, shape);
    if (value_has(shape, "scaled") && type == json_type_int)
        return scaled(wanted, json_object_get_int64(value_field(shape, "by")));
    return json_object_get(wanted);
}
