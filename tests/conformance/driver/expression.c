/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "place.h"
#include "value.h"

#define ELLIPSIS "…"

enum expression_kind {
    EXPRESSION_VALUE,     /* as it stands */
    EXPRESSION_TEXT,      /* with names in it */
    EXPRESSION_REFERENCE, /* $name, and a path from there */
    EXPRESSION_LIST,
    EXPRESSION_RECORD,
};

struct path_part {
    const char *key; /* NULL: the index */
    size_t index;
};

struct expression {
    enum expression_kind kind;
    struct json_object *value;
    const char *text; /* or the reference's name */
    struct path_part *path;
    size_t path_count;
    struct expression **items;
    const char **keys; /* of records, beside the items */
    size_t count;
    size_t key_count;
};

static struct expression *read_value(struct cursor *cursor);

static bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool is_name_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool expression_is_variable(const char *name)
{
    static const char *const names[] = {
        "uri",   "uri_read_only", "uri_tcp",        "uri2",   "uri2_tcp", "admin",
        "image", "image_qcow2",   "migration_port", "kernel", "initrd",   "agent_disk"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(names[i], name))
            return true;
    return false;
}

bool expression_is_place(const char *name)
{
    return text_equal(name, "folder") || text_equal(name, "run") || text_equal(name, "run_uuid");
}

static const char *place_text(const char *name, const char *folder)
{
    if (text_equal(name, "run"))
        return place_word(folder);
    return text_equal(name, "run_uuid") ? place_uuid(folder) : folder;
}

static void skip_blanks(struct cursor *cursor)
{
    while (*cursor->at == ' ')
        cursor->at++;
}

bool cursor_at_end(struct cursor *cursor)
{
    const char *before = cursor->at;

    skip_blanks(cursor);
    return !*cursor->at || (*cursor->at == '#' && (cursor->at > before || cursor->at[-1] == ' '));
}

const char *cursor_name(struct cursor *cursor)
{
    const char *start = cursor->at;

    if (!is_name_start(*start))
        return NULL;
    while (is_name_part(*cursor->at))
        cursor->at++;
    return arena_copy_length(start, (size_t)(cursor->at - start));
}

/* Reports what stands at the cursor. */
static struct expression *unexpected(struct cursor *cursor, const char *wanted)
{
    if (cursor_at_end(cursor))
        error_at(cursor->location, "%s is missing at the line's end", wanted);
    else
        error_at(cursor->location, "%s is wanted here: %s", wanted, cursor->at);
    return NULL;
}

static struct expression *new_expression(enum expression_kind kind)
{
    struct expression *expression = arena_allocate(sizeof *expression);

    expression->kind = kind;
    return expression;
}

static struct expression *of_value(struct json_object *value)
{
    struct expression *expression = new_expression(EXPRESSION_VALUE);

    expression->value = value_keep(value);
    return expression;
}

/* True where steps may name it; notes what that says of the file. */
static bool is_known(struct scope *scope, const char *name)
{
    if (expression_is_place(name) || value_has(scope->answers, name))
        return true;
    if (expression_is_variable(name)) {
        if (!value_has(scope->texts, name))
            scope->missing = name;
        return true;
    }
    return value_has(scope->texts, name);
}

/* In text a name begins behind '$'; "$$" is a '$'. Yields the next one and where it ends. */
static const char *next_name(const char *text, const char **name_end)
{
    for (const char *at = strchr(text, '$'); at; at = strchr(at, '$')) {
        if (at[1] == '$') {
            at += 2;
        } else if (is_name_start(at[1])) {
            *name_end = at + 1;
            while (is_name_part(**name_end))
                (*name_end)++;
            return at;
        } else {
            at++;
        }
    }
    return NULL;
}

bool expression_check_text(struct cursor *cursor, const char *text)
{
    bool good = true;
    const char *end = text;

    for (const char *at = next_name(text, &end); at; at = next_name(end, &end)) {
        const char *name = arena_copy_length(at + 1, (size_t)(end - at - 1));

        if (!is_known(cursor->scope, name)) {
            error_at(cursor->location, "nothing above is named $%s; \"$$\" is a '$' in text", name);
            good = false;
        }
    }
    return good;
}

/* One JSON token, by json-c. */
static struct json_object *parse_token(const char *start, size_t length)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *value;

    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    value = json_tokener_parse_ex(tokener, arena_copy_length(start, length), (int)length + 1);
    json_tokener_free(tokener);
    return value;
}

static struct json_object *read_string(struct cursor *cursor)
{
    const char *start = cursor->at;
    const char *end = start + 1;
    struct json_object *string;

    while (*end && *end != '"')
        end += end[0] == '\\' && end[1] ? 2 : 1;
    if (!*end) {
        error_at(cursor->location, "the text has no closing quote: %s", start);
        return NULL;
    }
    end++;
    string = parse_token(start, (size_t)(end - start));
    if (!string)
        error_at(cursor->location, "this is no JSON text: %.*s", (int)(end - start), start);
    else
        cursor->at = end;
    return string;
}

static struct expression *read_text(struct cursor *cursor)
{
    struct json_object *string = read_string(cursor);
    struct expression *expression;

    if (!string)
        return NULL;
    if (!strchr(json_object_get_string(string), '$'))
        return of_value(string);
    expression = new_expression(EXPRESSION_TEXT);
    expression->text = arena_copy(json_object_get_string(string));
    json_object_put(string);
    return expression_check_text(cursor, expression->text) ? expression : NULL;
}

static bool is_too_large(const char *token)
{
    errno = 0;
    if (*token == '-')
        strtoll(token, NULL, 10);
    else
        strtoull(token, NULL, 10);
    return errno == ERANGE;
}

static struct expression *read_number(struct cursor *cursor)
{
    const size_t length = strspn(cursor->at, "+-0123456789.eE");
    const char *token = arena_copy_length(cursor->at, length);
    struct json_object *value = parse_token(token, length);

    if (!value) {
        error_at(cursor->location, "this is no number: %s", token);
        return NULL;
    }
    if (json_object_is_type(value, json_type_int) && is_too_large(token)) {
        error_at(cursor->location, "%s has more than 64 bits: write {\"$integer\": \"%s\"}", token,
                 token);
        json_object_put(value);
        return NULL;
    }
    cursor->at += length;
    return of_value(value);
}

/* A constant, or several or-ed with '|'. */
static struct expression *read_constants(struct cursor *cursor)
{
    struct json_object *value = NULL;
    int64_t bits = 0;
    unsigned count = 0;

    do {
        const char *name = cursor_name(cursor);

        if (!name)
            return unexpected(cursor, "a constant");
        if (!json_object_object_get_ex(cursor->scope->constants, name, &value)) {
            error_at(cursor->location, "no constant is named %s", name);
            return NULL;
        }
        count++;
        if ((count > 1 || *cursor->at == '|') && !json_object_is_type(value, json_type_int)) {
            error_at(cursor->location, "%s is no number that can be or-ed", name);
            return NULL;
        }
        bits |= json_object_get_int64(value);
    } while (*cursor->at == '|' && cursor->at++);
    return of_value(count > 1 ? json_object_new_int64(bits) : json_object_get(value));
}

static struct expression *read_word(struct cursor *cursor)
{
    static const char *const words[] = {"null", "true", "false"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);

        if (strncmp(cursor->at, words[i], length) == 0 && !is_name_part(cursor->at[length])) {
            cursor->at += length;
            return of_value(i ? json_object_new_boolean(i == 1) : NULL);
        }
    }
    return read_constants(cursor);
}

static bool add_key(struct cursor *cursor, struct expression *reference)
{
    struct json_object *string = read_string(cursor);

    if (!string)
        return false;
    VECTOR_ADD(reference->path, reference->path_count)->key =
        arena_copy(json_object_get_string(string));
    json_object_put(string);
    return true;
}

static bool add_index(struct cursor *cursor, struct expression *reference)
{
    char *end = NULL;

    if (!isdigit((unsigned char)*cursor->at))
        return unexpected(cursor, "a number or a text");
    VECTOR_ADD(reference->path, reference->path_count)->index = strtoul(cursor->at, &end, 10);
    cursor->at = end;
    return true;
}

/* .field, [0] or ["key"] */
static bool read_path_part(struct cursor *cursor, struct expression *reference)
{
    if (*cursor->at++ == '.') {
        const char *field = cursor_name(cursor);
        if (!field)
            return unexpected(cursor, "a field's name");
        VECTOR_ADD(reference->path, reference->path_count)->key = field;
        return true;
    }
    if (*cursor->at == '"' ? !add_key(cursor, reference) : !add_index(cursor, reference))
        return false;
    if (*cursor->at != ']')
        return unexpected(cursor, "']'");
    cursor->at++;
    return true;
}

static struct expression *read_reference(struct cursor *cursor)
{
    struct expression *reference = new_expression(EXPRESSION_REFERENCE);

    cursor->at++;
    reference->text = cursor_name(cursor);
    if (!reference->text)
        return unexpected(cursor, "a name");
    if (!is_known(cursor->scope, reference->text)) {
        error_at(cursor->location, "nothing above is named $%s", reference->text);
        return NULL;
    }
    while (*cursor->at == '.' || *cursor->at == '[')
        if (!read_path_part(cursor, reference))
            return NULL;
    return reference;
}

static bool skip_mark(struct cursor *cursor)
{
    if (strncmp(cursor->at, ELLIPSIS, strlen(ELLIPSIS)) != 0)
        return false;
    cursor->at += strlen(ELLIPSIS);
    return true;
}

/* "key": value, or … */
static bool read_member(struct cursor *cursor, struct expression *record)
{
    struct expression *key;
    struct expression *item;

    if (cursor->marks && skip_mark(cursor)) {
        *VECTOR_ADD(record->keys, record->key_count) = VALUE_REST;
        *VECTOR_ADD(record->items, record->count) = of_value(json_object_new_boolean(true));
        return true;
    }
    if (*cursor->at == '"') {
        struct json_object *string = read_string(cursor);
        key = string ? of_value(string) : NULL;
    } else {
        key = is_name_start(*cursor->at) ? read_constants(cursor) : unexpected(cursor, "a key");
    }
    if (!key)
        return false;
    if (!value_text(key->value)) {
        error_at(cursor->location, "a key is text, %s is none", value_shown(key->value));
        return false;
    }
    skip_blanks(cursor);
    if (*cursor->at != ':')
        return unexpected(cursor, "':'");
    cursor->at++;
    item = read_value(cursor);
    if (!item)
        return false;
    *VECTOR_ADD(record->keys, record->key_count) = arena_copy(value_text(key->value));
    *VECTOR_ADD(record->items, record->count) = item;
    return true;
}

static bool read_item(struct cursor *cursor, struct expression *list)
{
    struct expression *item = read_value(cursor);

    if (item)
        *VECTOR_ADD(list->items, list->count) = item;
    return item;
}

/* A list or a record, behind its opening bracket. */
static struct expression *read_items(struct cursor *cursor, enum expression_kind kind,
                                     const char *closing)
{
    struct expression *whole = new_expression(kind);

    cursor->at++;
    skip_blanks(cursor);
    if (*cursor->at == *closing) {
        cursor->at++;
        return whole;
    }
    for (;;) {
        skip_blanks(cursor);
        if (!(kind == EXPRESSION_LIST ? read_item : read_member)(cursor, whole))
            return NULL;
        skip_blanks(cursor);
        if (*cursor->at == *closing) {
            cursor->at++;
            return whole;
        }
        if (*cursor->at != ',')
            return unexpected(cursor, arena_printf("',' or '%s'", closing));
        cursor->at++;
    }
}

static struct expression *read_mark(struct cursor *cursor)
{
    struct json_object *mark;

    if (!skip_mark(cursor))
        return NULL;
    if (!cursor->marks) {
        error_at(cursor->location, "\"" ELLIPSIS "\" stands only below a step, in what it is");
        return NULL;
    }
    mark = json_object_new_object();
    json_object_object_add(mark, VALUE_ANY, json_object_new_boolean(true));
    return of_value(mark);
}

static struct expression *read_value(struct cursor *cursor)
{
    if (cursor_at_end(cursor))
        return unexpected(cursor, "a value");
    switch (*cursor->at) {
    case '"':
        return read_text(cursor);
    case '[':
        return read_items(cursor, EXPRESSION_LIST, "]");
    case '{':
        return read_items(cursor, EXPRESSION_RECORD, "}");
    case '$':
        return read_reference(cursor);
    default:
        if (is_name_start(*cursor->at))
            return read_word(cursor);
        if (*cursor->at == '-' || isdigit((unsigned char)*cursor->at))
            return read_number(cursor);
        if (strncmp(cursor->at, ELLIPSIS, strlen(ELLIPSIS)) == 0)
            return read_mark(cursor);
        return unexpected(cursor, "a value");
    }
}

struct expression *cursor_expression(struct cursor *cursor)
{
    struct expression *expression = read_value(cursor);

    if (expression && *cursor->at && *cursor->at != ' ')
        return unexpected(cursor, "a blank");
    return expression;
}

bool cursor_integer(struct cursor *cursor, const char *what, struct json_object **value)
{
    const struct expression *expression;

    if (cursor_at_end(cursor))
        return unexpected(cursor, what);
    expression = cursor_expression(cursor);
    if (!expression)
        return false;
    if (expression->kind != EXPRESSION_VALUE ||
        !json_object_is_type(expression->value, json_type_int)) {
        error_at(cursor->location, "%s is a number or a constant that is one", what);
        return false;
    }
    *value = expression->value;
    return true;
}

const char *expression_is_reference(const struct expression *expression)
{
    return expression->kind == EXPRESSION_REFERENCE ? expression->text : NULL;
}

bool expression_is_in_folder(const struct expression *expression)
{
    return expression->kind == EXPRESSION_TEXT && text_starts(expression->text, "$folder/");
}

static bool fill_text(const char *text, const struct store *store, struct buffer *filled,
                      const char **trouble);

/* What a name in text stands for. */
static bool add_named(const char *name, const struct store *store, struct buffer *filled,
                      const char **trouble)
{
    struct json_object *value = NULL;

    if (expression_is_place(name)) {
        buffer_add(filled, place_text(name, store->folder));
        return true;
    }
    if (json_object_object_get_ex(store->texts, name, &value))
        return fill_text(json_object_get_string(value), store, filled, trouble);
    if (!json_object_object_get_ex(store->answers, name, &value)) {
        *trouble = arena_printf("$%s has no answer", name);
        return false;
    }
    if (!value || json_object_is_type(value, json_type_object) ||
        json_object_is_type(value, json_type_array)) {
        *trouble = arena_printf("$%s is no text: %s", name, value_shown(value));
        return false;
    }
    buffer_add(filled, json_object_get_string(value));
    return true;
}

static void add_plain(struct buffer *filled, const char *text, size_t length)
{
    for (const char *end = text + length; text < end; text++) {
        buffer_add_length(filled, text, 1);
        if (text[0] == '$' && text + 1 < end && text[1] == '$')
            text++;
    }
}

static bool fill_text(const char *text, const struct store *store, struct buffer *filled,
                      const char **trouble)
{
    const char *end = text;

    for (const char *at = next_name(text, &end); at; at = next_name(text, &end)) {
        add_plain(filled, text, (size_t)(at - text));
        if (!add_named(arena_copy_length(at + 1, (size_t)(end - at - 1)), store, filled, trouble))
            return false;
        text = end;
    }
    add_plain(filled, text, strlen(text));
    return true;
}

static bool evaluate_text(const char *text, const struct store *store, struct json_object **value,
                          const char **trouble)
{
    struct buffer filled = {0};

    if (!fill_text(text, store, &filled, trouble))
        return false;
    *value = json_object_new_string(buffer_text(&filled));
    return true;
}

static bool handle_has_key(struct json_object *handle, const char *key)
{
    const char *text = value_is_handle(handle) ? value_text(value_field(handle, "key")) : NULL;

    return text && text_equal(text, key);
}

/* The item that is a handle with this key, or a record that holds one. */
static bool find_in_list(struct json_object *list, const char *key, struct json_object **found)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);

        *found = item;
        if (handle_has_key(item, key))
            return true;
        if (!json_object_is_type(item, json_type_object))
            continue;
        json_object_object_foreach(item, name, field)
        {
            (void)name;
            if (handle_has_key(field, key))
                return true;
        }
    }
    return false;
}

static bool follow(const char *name, const struct path_part *part, struct json_object **value,
                   const char **trouble)
{
    struct json_object *from = *value;
    const bool list = json_object_is_type(from, json_type_array);

    if (!part->key) {
        if (list && part->index < json_object_array_length(from)) {
            *value = json_object_array_get_idx(from, part->index);
            return true;
        }
        *trouble = arena_printf("$%s has no item %zu: %s", name, part->index, value_shown(from));
        return false;
    }
    if (list ? find_in_list(from, part->key, value)
             : json_object_is_type(from, json_type_object) &&
                   json_object_object_get_ex(from, part->key, value))
        return true;
    *trouble = arena_printf("$%s has no %s: %s", name, part->key, value_shown(from));
    return false;
}

static bool evaluate_reference(const struct expression *reference, const struct store *store,
                               struct json_object **value, const char **trouble)
{
    struct json_object *found = NULL;

    if (expression_is_place(reference->text) || value_has(store->texts, reference->text))
        return evaluate_text(arena_printf("$%s", reference->text), store, value, trouble);
    if (!json_object_object_get_ex(store->answers, reference->text, &found)) {
        *trouble = arena_printf("$%s has no answer", reference->text);
        return false;
    }
    for (size_t i = 0; i < reference->path_count; i++)
        if (!follow(reference->text, &reference->path[i], &found, trouble))
            return false;
    *value = json_object_get(found);
    return true;
}

static bool evaluate_items(const struct expression *expression, const struct store *store,
                           struct json_object **value, const char **trouble)
{
    const bool list = expression->kind == EXPRESSION_LIST;
    struct json_object *whole = list ? json_object_new_array() : json_object_new_object();

    for (size_t i = 0; i < expression->count; i++) {
        struct json_object *item = NULL;

        if (!expression_evaluate(expression->items[i], store, &item, trouble)) {
            json_object_put(whole);
            return false;
        }
        if (list)
            json_object_array_add(whole, item);
        else
            json_object_object_add(whole, expression->keys[i], item);
    }
    *value = whole;
    return true;
}

bool expression_evaluate(const struct expression *expression, const struct store *store,
                         struct json_object **value, const char **trouble)
{
    switch (expression->kind) {
    case EXPRESSION_VALUE:
        *value = json_object_get(expression->value);
        return true;
    case EXPRESSION_TEXT:
        return evaluate_text(expression->text, store, value, trouble);
    case EXPRESSION_REFERENCE:
        return evaluate_reference(expression, store, value, trouble);
    case EXPRESSION_LIST:
    case EXPRESSION_RECORD:
        return evaluate_items(expression, store, value, trouble);
    }
    bug("no such expression");
}
