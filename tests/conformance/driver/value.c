/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "value.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "place.h"
#include "shown.h"

static struct json_object *kept;

struct json_object *value_keep(struct json_object *value)
{
    if (!kept)
        kept = json_object_new_array();
    json_object_array_add(kept, value);
    return value;
}

void values_release(void)
{
    json_object_put(kept);
    kept = NULL;
}

bool value_is_record(struct json_object *value)
{
    return json_object_is_type(value, json_type_object);
}

bool value_is_list(struct json_object *value)
{
    return json_object_is_type(value, json_type_array);
}

struct json_object *value_field(struct json_object *value, const char *name)
{
    struct json_object *field = NULL;

    if (json_object_is_type(value, json_type_object))
        json_object_object_get_ex(value, name, &field);
    return field;
}

bool value_has(struct json_object *value, const char *name)
{
    return json_object_is_type(value, json_type_object) &&
           json_object_object_get_ex(value, name, NULL);
}

const char *value_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

size_t value_count(struct json_object *value)
{
    return json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
}

struct json_object *value_item(struct json_object *value, size_t place)
{
    return place < value_count(value) ? json_object_array_get_idx(value, place) : NULL;
}

bool value_is(struct json_object *value, const char *text)
{
    return json_object_is_type(value, json_type_string) &&
           text_equal(json_object_get_string(value), text);
}

const char *value_line(struct json_object *value)
{
    return json_object_to_json_string_ext(value,
                                          JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
}

const char *value_shown(struct json_object *value)
{
    enum { LONG = 300 };

    return shown(value_line(value), LONG);
}

bool value_is_handle(struct json_object *value)
{
    return value_has(value, "$handle");
}

static bool is_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) || value_has(value, "$text");
}

static bool holds_handle(struct json_object *value)
{
    if (!json_object_is_type(value, json_type_object) || value_is_handle(value))
        return false;
    json_object_object_foreach(value, key, field)
    {
        (void)key;
        if (value_is_handle(field))
            return true;
    }
    return false;
}

static bool all(struct json_object *list, bool (*holds)(struct json_object *))
{
    const size_t count = json_object_array_length(list);

    for (size_t i = 0; i < count; i++)
        if (!holds(json_object_array_get_idx(list, i)))
            return false;
    return true;
}

static bool has_no_order(struct json_object *list)
{
    return all(list, is_text) || all(list, value_is_handle) || all(list, holds_handle);
}

struct json_object *value_sent(struct json_object *value)
{
    struct json_object *sent;

    if (value_is_handle(value) && value_has(value, "number")) {
        sent = json_object_new_object();
        json_object_object_add(sent, "$handle", json_object_get(value_field(value, "number")));
        return sent;
    }
    if (json_object_is_type(value, json_type_array)) {
        sent = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(value); i++)
            json_object_array_add(sent, value_sent(json_object_array_get_idx(value, i)));
        return sent;
    }
    if (json_object_is_type(value, json_type_object)) {
        sent = json_object_new_object();
        json_object_object_foreach(value, key, field)
        {
            json_object_object_add(sent, key, value_sent(field));
        }
        return sent;
    }
    return json_object_get(value);
}

/* The text with `name` wherever `word` stood; NULL where it does not occur. */
static const char *replaced(const char *text, const char *word, const char *name)
{
    const char *found = strstr(text, word);
    struct buffer changed = {0};

    if (!found)
        return NULL;
    for (; found; found = strstr(text, word)) {
        buffer_add_length(&changed, text, (size_t)(found - text));
        buffer_add(&changed, name);
        text = found + strlen(word);
    }
    buffer_add(&changed, text);
    return buffer_text(&changed);
}

/* A UUID's bytes as they stand in "$bytes". */
static const char *digits_alone(const char *uuid)
{
    struct buffer digits = {0};

    for (; *uuid; uuid++)
        if (*uuid != '-')
            buffer_add_length(&digits, uuid, 1);
    return buffer_text(&digits);
}

/* What each run has of its own is written as cases write it. */
static struct json_object *without_place(struct json_object *value, const char *folder)
{
    const char *uuid = place_uuid(folder);
    const struct {
        const char *word;
        const char *name;
    } words[] = {{folder, "$folder"},
                 {place_word(folder), "$run"},
                 {uuid, "$run_uuid"},
                 {digits_alone(uuid), "$run_uuid"}};
    const char *text = json_object_get_string(value);
    bool changed = false;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *found = replaced(text, words[i].word, words[i].name);

        changed |= found != NULL;
        text = found ? found : text;
    }
    return changed ? json_object_new_string(text) : json_object_get(value);
}

static int compare_values(const void *a, const void *b)
{
    return strcmp(value_line(*(struct json_object *const *)a),
                  value_line(*(struct json_object *const *)b));
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct json_object *normalised_record(struct json_object *record, const char *folder)
{
    struct json_object *normalised = json_object_new_object();
    const bool handle = value_is_handle(record);
    const char **keys = NULL;
    size_t count = 0;

    json_object_object_foreach(record, name, field)
    {
        (void)field;
        if (!handle || !text_equal(name, "number"))
            *VECTOR_ADD(keys, count) = name;
    }
    sort_items(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        json_object_object_add(normalised, keys[i],
                               value_normalised(value_field(record, keys[i]), folder));
    return normalised;
}

/* Each item by itself, the list in its order. */
/* libvirt's CPU maps end with a byte, a language's may end with the last CPU. */
static void cut_missing_cpus(struct json_object *list)
{
    for (size_t i = json_object_array_length(list); i > 0; i--) {
        struct json_object *last = json_object_array_get_idx(list, i - 1);

        if (!json_object_is_type(last, json_type_boolean) || json_object_get_boolean(last))
            return;
        json_object_array_del_idx(list, i - 1, 1);
    }
}

static struct json_object *each_normalised(struct json_object *list, const char *folder)
{
    const size_t count = json_object_array_length(list);
    struct json_object *normalised = json_object_new_array_ext((int)count);

    for (size_t i = 0; i < count; i++)
        json_object_array_add(normalised,
                              value_normalised(json_object_array_get_idx(list, i), folder));
    return normalised;
}

struct json_object *value_normalised(struct json_object *value, const char *folder)
{
    struct json_object *normalised;

    switch (json_object_get_type(value)) {
    case json_type_string:
        return folder ? without_place(value, folder) : json_object_get(value);
    case json_type_object:
        return normalised_record(value, folder);
    case json_type_array:
        normalised = each_normalised(value, folder);
        cut_missing_cpus(normalised);
        if (has_no_order(normalised))
            json_object_array_sort(normalised, compare_values);
        return normalised;
    case json_type_null:
    case json_type_boolean:
    case json_type_double:
    case json_type_int:
        break;
    }
    return json_object_get(value);
}

struct json_object *value_normalised_calls(struct json_object *calls, const char *folder)
{
    struct json_object *normalised = json_object_new_array();

    if (!json_object_is_type(calls, json_type_array)) {
        json_object_put(normalised);
        return value_normalised(calls, folder);
    }
    for (size_t i = 0; i < json_object_array_length(calls); i++) {
        struct json_object *call = json_object_array_get_idx(calls, i);

        json_object_array_add(normalised, json_object_is_type(call, json_type_array)
                                              ? each_normalised(call, folder)
                                              : value_normalised(call, folder));
    }
    return normalised;
}

static struct json_object *record_shape(struct json_object *record)
{
    static const struct {
        const char *key;
        const char *shape;
    } tagged[] = {
        {"$bytes", "(bytes)"},
        {"$text", "(text)"},
        {"$integer", "(integer)"},
        {"$double", "(double)"},
    };
    struct json_object *shape;

    for (size_t i = 0; i < sizeof tagged / sizeof *tagged; i++)
        if (value_has(record, tagged[i].key))
            return json_object_new_string(tagged[i].shape);
    shape = json_object_new_object();
    if (value_is_handle(record)) {
        json_object_object_add(shape, "$handle", json_object_get(value_field(record, "$handle")));
        return shape;
    }
    json_object_object_foreach(record, key, field)
    {
        json_object_object_add(shape, key, value_shape(field));
    }
    return shape;
}

struct json_object *value_shape(struct json_object *value)
{
    struct json_object *shape;

    switch (json_object_get_type(value)) {
    case json_type_null:
        break;
    case json_type_boolean:
        return json_object_new_string("(boolean)");
    case json_type_double:
        return json_object_new_string("(double)");
    case json_type_int:
        return json_object_new_string("(integer)");
    case json_type_string:
        return json_object_new_string("(text)");
    case json_type_object:
        return record_shape(value);
    case json_type_array:
        shape = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(value); i++)
            json_object_array_add(shape, value_shape(json_object_array_get_idx(value, i)));
        if (has_no_order(value))
            json_object_array_sort(shape, compare_values);
        return shape;
    }
    return NULL;
}

struct comparison {
    const char *wanted_by;
    const char *got_by;
    struct buffer *differences; /* NULL: only whether there are any */
    struct buffer path;
    unsigned count;
};

static void compare(struct comparison *comparison, struct json_object *wanted,
                    struct json_object *got);

static void add_difference(struct comparison *comparison, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_difference(struct comparison *comparison, const char *format, ...)
{
    enum { FEW = 5 };
    va_list arguments;
    char *text = NULL;

    if (++comparison->count > FEW || !comparison->differences)
        return;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        bug("out of memory");
    va_end(arguments);
    buffer_printf(comparison->differences, "%s%s: %s", comparison->differences->length ? "\n" : "",
                  buffer_text(&comparison->path), text);
    free(text);
}

static void compare_below(struct comparison *comparison, const char *step,
                          struct json_object *wanted, struct json_object *got)
{
    const size_t length = comparison->path.length;

    buffer_add(&comparison->path, step);
    compare(comparison, wanted, got);
    comparison->path.length = length;
    comparison->path.data[length] = '\0';
}

static bool is_name(const char *key)
{
    return *key && !key[strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_$")];
}

static const char *field_step(const char *key)
{
    return is_name(key) ? arena_printf(".%s", key) : arena_printf("[\"%s\"]", key);
}

static void compare_records(struct comparison *comparison, struct json_object *wanted,
                            struct json_object *got)
{
    const bool open = value_has(wanted, VALUE_REST);

    json_object_object_foreach(wanted, key, field)
    {
        if (text_equal(key, VALUE_REST))
            continue;
        if (value_has(got, key))
            compare_below(comparison, field_step(key), field, value_field(got, key));
        else
            add_difference(comparison, "%s has no %s", comparison->got_by, key);
    }
    json_object_object_foreach(got, other, unwanted)
    {
        if (!open && !value_has(wanted, other))
            add_difference(comparison, "%s has %s as well: %s", comparison->got_by, other,
                           value_shown(unwanted));
    }
}

static bool has_marks(struct json_object *value)
{
    if (json_object_is_type(value, json_type_object)) {
        if (value_has(value, VALUE_REST) || value_has(value, VALUE_ANY))
            return true;
        json_object_object_foreach(value, key, field)
        {
            (void)key;
            if (has_marks(field))
                return true;
        }
    }
    for (size_t i = 0;
         json_object_is_type(value, json_type_array) && i < json_object_array_length(value); i++)
        if (has_marks(json_object_array_get_idx(value, i)))
            return true;
    return false;
}

struct assignment {
    struct json_object *wanted;
    struct json_object *got;
    size_t *holder; /* of each item got: the item wanted, from 1 */
    bool *tried;
};

/* Gives a wanted item one that was got, moving others where need be. */
static bool assign(struct assignment *assignment, size_t item)
{
    for (size_t i = 0; i < json_object_array_length(assignment->got); i++) {
        struct comparison silent = {0};

        if (assignment->tried[i])
            continue;
        compare(&silent, json_object_array_get_idx(assignment->wanted, item),
                json_object_array_get_idx(assignment->got, i));
        if (silent.count)
            continue;
        assignment->tried[i] = true;
        if (!assignment->holder[i] || assign(assignment, assignment->holder[i] - 1)) {
            assignment->holder[i] = item + 1;
            return true;
        }
    }
    return false;
}

/* Lists that have no order and marks, so that sorting did not bring like beside like. */
static void compare_unordered(struct comparison *comparison, struct json_object *wanted,
                              struct json_object *got, size_t count)
{
    struct assignment assignment = {wanted, got, arena_allocate((count + 1) * sizeof(size_t)),
                                    arena_allocate(count + 1)};

    for (size_t i = 0; i < count; i++) {
        memset(assignment.tried, 0, count);
        if (!assign(&assignment, i))
            add_difference(comparison, "%s has nothing like %s", comparison->got_by,
                           value_shown(json_object_array_get_idx(wanted, i)));
    }
}

static void compare_lists(struct comparison *comparison, struct json_object *wanted,
                          struct json_object *got)
{
    const size_t count = json_object_array_length(wanted);

    if (json_object_array_length(got) != count)
        add_difference(comparison, "%s has %zu items %s, %s has %zu %s", comparison->wanted_by,
                       count, value_shown(wanted), comparison->got_by,
                       json_object_array_length(got), value_shown(got));
    else if (has_marks(wanted) && has_no_order(got))
        compare_unordered(comparison, wanted, got, count);
    else
        for (size_t i = 0; i < count; i++)
            compare_below(comparison, arena_printf("[%zu]", i),
                          json_object_array_get_idx(wanted, i), json_object_array_get_idx(got, i));
}

static void compare(struct comparison *comparison, struct json_object *wanted,
                    struct json_object *got)
{
    const enum json_type type = json_object_get_type(wanted);

    if (value_has(wanted, VALUE_ANY))
        return;
    if (type == json_type_object && json_object_is_type(got, type) &&
        value_is_handle(wanted) == value_is_handle(got))
        compare_records(comparison, wanted, got);
    else if (type == json_type_array && json_object_is_type(got, type))
        compare_lists(comparison, wanted, got);
    else if (!json_object_is_type(got, type) || !json_object_equal(wanted, got))
        add_difference(comparison, "%s has %s, %s has %s", comparison->wanted_by,
                       value_shown(wanted), comparison->got_by, value_shown(got));
}

bool value_compare(const char *what, struct json_object *wanted, const char *wanted_by,
                   struct json_object *got, const char *got_by, struct buffer *differences)
{
    struct comparison comparison = {
        .wanted_by = wanted_by, .got_by = got_by, .differences = differences};

    buffer_add(&comparison.path, what);
    compare(&comparison, wanted, got);
    return !comparison.count;
}
