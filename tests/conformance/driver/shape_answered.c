/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shape_answered.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base.h"
#include "value.h"

/* A shape's function makes a value of it, false where the value does not have the shape. */
typedef bool make_value(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made);

static bool is_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) || value_has(value, "$text");
}

/* ---- values without a shape ---- */

/* What the language does not tell apart: text, and the same as bytes. */
static struct json_object *either(struct json_object *value, bool bytes)
{
    return json_object_get(value_item(value_field(value, "$either"), bytes));
}

/* A map that has other keys than text, which are text in JSON. */
static struct json_object *with_text_keys(struct json_object *pairs)
{
    struct json_object *map = json_object_new_object();

    for (size_t i = 0; i < value_count(pairs); i++) {
        struct json_object *pair = value_item(pairs, i);
        struct json_object *key = value_item(pair, 0);
        struct json_object *digits = value_field(key, "$text");
        const char *name = json_object_get_string(digits ? digits : key);

        json_object_object_add(map, name ? name : "", json_object_get(value_item(pair, 1)));
    }
    return map;
}

struct json_object *shape_plain(struct json_object *value)
{
    struct json_object *plain;

    if (value_is_list(value)) {
        plain = json_object_new_array();
        for (size_t i = 0; i < value_count(value); i++)
            json_object_array_add(plain, shape_plain(value_item(value, i)));
        return plain;
    }
    if (value_has(value, "$either"))
        return either(value, false);
    if (!value_is_record(value))
        return json_object_get(value);
    if (value_has(value, "$map")) {
        struct json_object *map = with_text_keys(value_field(value, "$map"));

        plain = shape_plain(map);
        json_object_put(map);
        return plain;
    }
    const bool object = value_has(value, "$object");
    plain = json_object_new_object();
    json_object_object_foreach(value, name, field)
    {
        if (!object || !text_equal(name, "readers"))
            json_object_object_add(plain, name, shape_plain(field));
    }
    return plain;
}

/* ---- values of one word ---- */

static bool is_number(struct json_object *value, int64_t number)
{
    return json_object_is_type(value, json_type_int) && json_object_get_int64(value) == number;
}

static struct json_object *answered_word(struct json_object *value, struct json_object *shape)
{
    if (value_is(shape, "bytes") && value_has(value, "$either"))
        return either(value, true);
    if (value_is(shape, "switch") && json_object_is_type(value, json_type_boolean))
        return json_object_new_int(json_object_get_boolean(value));
    if (value_is(shape, "zero-or-one") && (is_number(value, 0) || is_number(value, 1)))
        return json_object_new_boolean(is_number(value, 1));
    return shape_plain(value);
}

/* ---- values that are made of others ---- */

static bool make_list(struct json_object *value, struct json_object *part,
                      struct json_object *shape, struct json_object **made)
{
    if (value ? !value_is_list(value) : !value_has(shape, "empty"))
        return false;
    *made = json_object_new_array();
    for (size_t i = 0; i < value_count(value); i++)
        json_object_array_add(*made, shape_answered(value_item(value, i), part));
    return true;
}

static bool make_map(struct json_object *value, struct json_object *part, struct json_object *shape,
                     struct json_object **made)
{
    (void)part;
    (void)shape;
    *made = shape_plain(value);
    return true;
}

/* The fields; those of which only the presence counts are left out, and what was not read. */
static struct json_object *made_of_fields(struct json_object *value, struct json_object *shapes)
{
    struct json_object *record = json_object_new_object();

    json_object_object_foreach(value, name, field)
    {
        struct json_object *shape = value_field(shapes, name);

        if (!value_is(shape, "null") && !value_is(shape, "filled") &&
            !(value_is(shape, "bytes") && !field))
            json_object_object_add(record, name, shape_answered(field, shape));
    }
    return record;
}

/* Whether the value may be of this shape, among several. */
static bool fits(struct json_object *value, struct json_object *shape)
{
    if (value_is(shape, "integer"))
        return json_object_is_type(value, json_type_int) || value_has(value, "$integer");
    if (value_is(shape, "text"))
        return is_text(value) || value_has(value, "$either");
    if (value_is(shape, "bytes"))
        return value_has(value, "$bytes") || value_has(value, "$either");
    return true;
}

static struct json_object *made_of_one(struct json_object *value, const char *name,
                                       struct json_object *shape)
{
    struct json_object *record = json_object_new_object();

    json_object_object_add(record, name, shape_answered(value, shape));
    return record;
}

/* Of the fields only one is there. */
static struct json_object *made_of_value(struct json_object *value, struct json_object *shapes)
{
    const char *first = NULL;
    const char *found = NULL;

    json_object_object_foreach(shapes, name, shape)
    {
        first = first ? first : name;
        found = !found && fits(value, shape) ? name : found;
    }
    found = found ? found : first;
    return made_of_one(value, found, value_field(shapes, found));
}

static bool make_of_readers(struct json_object *value, struct json_object *shapes,
                            struct json_object *attributes, struct json_object **made)
{
    struct json_object *readers = value_field(value, "readers");

    *made = json_object_new_object();
    json_object_object_foreach(attributes, name, reader)
    {
        const char *word = json_object_get_string(reader);

        if (!value_has(readers, word))
            return false;
        json_object_object_add(
            *made, name, shape_answered(value_field(readers, word), value_field(shapes, name)));
    }
    return true;
}

static bool make_of_list(struct json_object *value, struct json_object *shapes,
                         struct json_object **made)
{
    struct json_object *named;
    size_t place = 0;

    if (!value_is_list(value) || value_count(value) != (size_t)json_object_object_length(shapes))
        return false;
    named = json_object_new_object();
    json_object_object_foreach(shapes, name, shape)
    {
        (void)shape;
        json_object_object_add(named, name, json_object_get(value_item(value, place++)));
    }
    *made = made_of_fields(named, shapes);
    json_object_put(named);
    return true;
}

/* The fields of a record whose keys may have other names. */
static struct json_object *renamed(struct json_object *value, struct json_object *keys)
{
    struct json_object *record = json_object_new_object();

    json_object_object_foreach(value, key, field)
    {
        const char *found = key;

        if (keys) {
            json_object_object_foreach(keys, name, other)
            {
                if (text_equal(json_object_get_string(other), key))
                    found = name;
            }
        }
        json_object_object_add(record, found, json_object_get(field));
    }
    return record;
}

static bool make_record(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made)
{
    struct json_object *as = value_field(shape, "as");
    const char *alone = value_text(value_field(shape, "alone"));

    if (alone && !value_is_list(value))
        *made = made_of_one(value, alone, value_field(part, alone));
    else if (value_is(as, "value"))
        *made = made_of_value(value, part);
    else if (value_is(as, "object"))
        return make_of_readers(value, part, value_field(shape, "attributes"), made);
    else if (value_is(as, "list"))
        return make_of_list(value, part, made);
    else if (value_is_record(value)) {
        struct json_object *named = renamed(value, value_field(shape, "keys"));

        *made = made_of_fields(named, part);
        json_object_put(named);
    } else
        return false;
    return true;
}

static void add_fields(struct json_object *record, struct json_object *others)
{
    json_object_object_foreach(others, name, field)
    {
        json_object_object_add(record, name, json_object_get(field));
    }
}

/* One of the records of a map whose keys are one of the fields. */
static bool add_keyed(struct json_object *records, struct json_object *key, struct json_object *one,
                      struct json_object *part, struct json_object *shape)
{
    const char *rest = value_text(value_field(shape, "value"));
    struct json_object *record;

    if (!rest && !value_is_record(one))
        return false;
    record = json_object_new_object();
    json_object_object_add(record, value_text(value_field(shape, "key")), json_object_get(key));
    if (rest)
        json_object_object_add(record, rest, json_object_get(one));
    else
        add_fields(record, one);
    json_object_array_add(records, made_of_fields(record, part));
    json_object_put(record);
    return true;
}

static bool make_records(struct json_object *value, struct json_object *part,
                         struct json_object *shape, struct json_object **made)
{
    struct json_object *pairs = value_field(value, "$map");

    if (!value_is_record(value))
        return false;
    *made = json_object_new_array();
    for (size_t i = 0; i < value_count(pairs); i++)
        if (!add_keyed(*made, value_item(value_item(pairs, i), 0),
                       value_item(value_item(pairs, i), 1), part, shape))
            return false;
    if (pairs)
        return true;
    json_object_object_foreach(value, name, one)
    {
        struct json_object *key = json_object_new_string(name);
        const bool added = add_keyed(*made, key, one, part, shape);

        json_object_put(key);
        if (!added)
            return false;
    }
    return true;
}

/* The number for which the language has this word; NULL: there is none. */
static const char *number_of(struct json_object *words, const char *word)
{
    json_object_object_foreach(words, number, one)
    {
        if (text_equal(json_object_get_string(one), word))
            return number;
    }
    return NULL;
}

static bool make_tagged(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made)
{
    if (!value_is_record(value))
        return false;
    *made = json_object_new_array();
    json_object_object_foreach(value, word, one)
    {
        const char *number = number_of(part, word);
        struct json_object *record = json_object_new_object();

        json_object_array_add(*made, record);
        if (!number)
            return false;
        json_object_object_add(record, value_text(value_field(shape, "key")),
                               json_object_new_int64(strtoll(number, NULL, 10)));
        json_object_object_add(record, value_text(value_field(shape, "value")), shape_plain(one));
    }
    return true;
}

static bool make_scaled(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made)
{
    const int64_t by = json_object_get_int64(value_field(shape, "by"));
    const bool negative = json_object_get_int64(value) < 0;
    uint64_t whole = 0;
    int64_t whole_negative = 0;
    struct json_object *product;

    if (!json_object_is_type(value, json_type_int) ||
        __builtin_mul_overflow(json_object_get_uint64(value), (uint64_t)by, &whole) ||
        __builtin_mul_overflow(negative ? json_object_get_int64(value) : 0, by, &whole_negative))
        return false;
    product = negative ? json_object_new_int64(whole_negative) : json_object_new_uint64(whole);
    *made = shape_answered(product, part);
    json_object_put(product);
    return true;
}

/* Fields that are entries of the map that is one of them. */
static bool make_merged(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made)
{
    struct json_object *with = value_field(part, "with");
    struct json_object *rest;

    (void)shape;
    if (!value_is_record(value))
        return false;
    *made = json_object_new_object();
    rest = json_object_new_object();
    json_object_object_foreach(value, name, one)
    {
        if (!value_has(with, name))
            json_object_object_add(rest, name, json_object_get(one));
    }
    json_object_object_foreach(with, field, field_shape)
    {
        if (!value_has(value, field)) {
            json_object_put(rest);
            return false;
        }
        json_object_object_add(*made, field,
                               shape_answered(value_field(value, field), field_shape));
    }
    json_object_object_add(*made, value_text(value_field(part, "field")),
                           shape_answered(rest, value_field(part, "into")));
    json_object_put(rest);
    return true;
}

/* A value that may be missing, which a field may say. */
static bool make_found(struct json_object *value, struct json_object *part,
                       struct json_object *shape, struct json_object **made)
{
    const char *by = value_text(value_field(shape, "by"));
    const bool found = !json_object_equal(value, value_field(shape, "empty"));
    struct json_object *answered = found ? shape_answered(value, part) : NULL;

    if (!by) {
        *made = answered;
        return true;
    }
    *made = json_object_new_object();
    json_object_object_add(*made, by, json_object_new_boolean(found));
    if (answered && !value_is_record(answered)) {
        json_object_put(answered);
        return false;
    }
    if (answered)
        add_fields(*made, answered);
    json_object_put(answered);
    return true;
}

static bool make_same(struct json_object *value, struct json_object *part,
                      struct json_object *shape, struct json_object **made)
{
    (void)shape;
    *made = shape_answered(value, part);
    return true;
}

/* Adds what a map holds. */
static bool add_items(struct json_object *list, struct json_object *map, struct json_object *part)
{
    if (!value_is_record(map))
        return false;
    json_object_object_foreach(map, key, one)
    {
        (void)key;
        json_object_array_add(list, shape_answered(one, part));
    }
    return true;
}

/* A list by its places. */
static bool make_indexed(struct json_object *value, struct json_object *part,
                         struct json_object *shape, struct json_object **made)
{
    (void)shape;
    *made = json_object_new_array();
    return add_items(*made, value, part);
}

static bool make_flattened(struct json_object *value, struct json_object *part,
                           struct json_object *shape, struct json_object **made)
{
    (void)shape;
    if (!value_is_record(value))
        return false;
    *made = json_object_new_array();
    json_object_object_foreach(value, outer, inner)
    {
        (void)outer;
        if (!add_items(*made, inner, part))
            return false;
    }
    return true;
}

/* The n-th of a list, or of a value that stands for a list of one. */
static bool item_at(struct json_object *value, size_t place, struct json_object **item)
{
    const size_t length = value_is_list(value) ? value_count(value) : 1;

    if (place < length)
        *item = value_is_list(value) ? value_item(value, place) : value;
    return place < length;
}

/* Lists by the other of two keys. */
static bool make_transposed(struct json_object *value, struct json_object *part,
                            struct json_object *shape, struct json_object **made)
{
    bool more = value_is_record(value) && json_object_object_length(value);

    (void)shape;
    if (!value_is_record(value))
        return false;
    *made = json_object_new_array();
    for (size_t place = 0; more; place++) {
        size_t found = 0;

        json_object_object_foreach(value, key, list)
        {
            struct json_object *item = NULL;

            (void)key;
            if (item_at(list, place, &item)) {
                json_object_array_add(*made, shape_answered(item, part));
                found++;
            }
        }
        more = found;
        if (found && found != (size_t)json_object_object_length(value))
            return false;
    }
    return true;
}

static bool make_reader(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made)
{
    struct json_object *readers = value_field(value, "readers");
    const char *reader = value_text(part);

    if (!value_has(readers, reader))
        return false;
    *made = shape_answered(value_field(readers, reader), value_field(shape, "of"));
    return true;
}

/* Objects with the readers of a record, and one besides. */
static bool make_zipped(struct json_object *value, struct json_object *part,
                        struct json_object *shape, struct json_object **made)
{
    (void)shape;
    if (!value_is_list(value))
        return false;
    *made = json_object_new_object();
    json_object_object_foreach(part, name, of)
    {
        struct json_object *list = json_object_new_array();

        json_object_object_add(*made, name, list);
        for (size_t i = 0; i < value_count(value); i++) {
            struct json_object *one = value_item(value, i);
            struct json_object *item = NULL;
            const bool there = value_is_record(of) ? make_of_readers(one, NULL, of, &item)
                                                   : make_reader(one, of, NULL, &item);

            json_object_array_add(list, item);
            if (!there)
                return false;
        }
    }
    return true;
}

/* By the one word that says how. */
static const struct {
    const char *word;
    make_value *make;
} makers[] = {
    {"list", make_list},
    {"map", make_map},
    {"record", make_record},
    {"records", make_records},
    {"tagged", make_tagged},
    {"scaled", make_scaled},
    {"merged", make_merged},
    {"found", make_found},
    {"zeroed", make_same},
    {"returned-failure", make_same},
    {"indexed", make_indexed},
    {"flattened", make_flattened},
    {"reader", make_reader},
    {"zipped", make_zipped},
    {"transposed", make_transposed},
};

static struct json_object *answered_parts(struct json_object *value, struct json_object *shape)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (value_has(shape, makers[i].word)) {
            struct json_object *made = NULL;

            if (makers[i].make(value, value_field(shape, makers[i].word), shape, &made))
                return made;
            json_object_put(made);
            break;
        }
    return shape_plain(value);
}

/* Shapes in which nothing stands for something. */
static bool stands_for_nothing(struct json_object *shape)
{
    return value_has(shape, "empty") || value_has(shape, "found") ||
           (value_has(shape, "record") && value_is(value_field(shape, "as"), "value"));
}

struct json_object *shape_answered(struct json_object *value, struct json_object *shape)
{
    if (value_is(shape, "null") || (!value && !stands_for_nothing(shape)))
        return NULL;
    return value_is_record(shape) ? answered_parts(value, shape) : answered_word(value, shape);
}
