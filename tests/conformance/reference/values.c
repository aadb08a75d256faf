/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "values.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void give_up(const char *format, ...)
{
    va_list arguments;

    fputs("reference: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);

    if (!memory)
        give_up("out of memory");
    return memory;
}

void *enlarge(void *memory, size_t count, size_t size)
{
    void *larger = reallocarray(memory, count, size);

    if (!larger)
        give_up("out of memory");
    return larger;
}

/* ---- to JSON ---- */

struct json_object *signed_out(long long value)
{
    return json_object_new_int64(value);
}

struct json_object *unsigned_out(unsigned long long value)
{
    return json_object_new_uint64(value);
}

static struct json_object *marked(const char *word, struct json_object *value)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, word, value);
    return object;
}

/* The shortest text that is read as the same number. */
struct json_object *double_out(double value)
{
    char text[64];

    if (isnan(value))
        return marked("$double", json_object_new_string("nan"));
    if (isinf(value))
        return marked("$double", json_object_new_string(value < 0 ? "-inf" : "inf"));
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    if (!strpbrk(text, ".e"))
        strcat(text, ".0");
    return json_object_new_double_s(value, text);
}

struct json_object *boolean_out(bool value)
{
    return json_object_new_boolean(value);
}

/* How many bytes the character at the start has; 0 where it is not UTF-8. */
static size_t utf8_length(const unsigned char *text, size_t left)
{
    static const struct {
        unsigned char mask, lead;
        unsigned least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

    for (size_t length = 1; length <= 4; length++) {
        unsigned character = text[0] & (unsigned char)~forms[length - 1].mask;

        if ((text[0] & forms[length - 1].mask) != forms[length - 1].lead)
            continue;
        if (length > left)
            return 0;
        for (size_t i = 1; i < length; i++) {
            if ((text[i] & 0xc0) != 0x80)
                return 0;
            character = character << 6 | (text[i] & 0x3f);
        }
        return character < forms[length - 1].least || character > 0x10ffff ||
                       (character >= 0xd800 && character <= 0xdfff)
                   ? 0
                   : length;
    }
    return 0;
}

static bool is_utf8(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < length;) {
        const size_t step = utf8_length(bytes + i, length - i);

        if (!step)
            return false;
        i += step;
    }
    return true;
}

static struct json_object *hexadecimal_out(const char *word, const void *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *text = allocate(count + 1, 2);
    struct json_object *value;

    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[from[i] >> 4];
        text[2 * i + 1] = digits[from[i] & 15];
    }
    value = marked(word, json_object_new_string(text));
    free(text);
    return value;
}

struct json_object *text_out(const char *text)
{
    if (!text)
        return NULL;
    return is_utf8(text, strlen(text)) ? json_object_new_string(text)
                                       : hexadecimal_out("$text", text, strlen(text));
}

struct json_object *bytes_out(const void *bytes, size_t count)
{
    return bytes ? hexadecimal_out("$bytes", bytes, count) : NULL;
}

struct json_object *texts_out(char *const *texts, size_t count)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, text_out(texts[i]));
    return list;
}

struct json_object *ints_out(const int *numbers, size_t count)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, signed_out(numbers[i]));
    return list;
}

struct json_object *uints_out(const unsigned int *numbers, size_t count)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, unsigned_out(numbers[i]));
    return list;
}

struct json_object *ullongs_out(const unsigned long long *numbers, size_t count)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, unsigned_out(numbers[i]));
    return list;
}

int cpu_map_bytes(int cpus)
{
    return (cpus + CHAR_BIT - 1) / CHAR_BIT;
}

struct json_object *cpu_map_out(const unsigned char *map, int cpus)
{
    struct json_object *list;

    if (!map)
        return NULL;
    list = json_object_new_array();
    for (int i = 0; i < cpus; i++)
        json_object_array_add(list, boolean_out(VIR_CPU_USED(map, i)));
    return list;
}

static struct json_object *parameter_out(const virTypedParameter *parameter)
{
    switch (parameter->type) {
    case VIR_TYPED_PARAM_INT:
        return signed_out(parameter->value.i);
    case VIR_TYPED_PARAM_UINT:
        return unsigned_out(parameter->value.ui);
    case VIR_TYPED_PARAM_LLONG:
        return signed_out(parameter->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return unsigned_out(parameter->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return double_out(parameter->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        return boolean_out(parameter->value.b);
    case VIR_TYPED_PARAM_STRING:
        return text_out(parameter->value.s);
    default:
        give_up("parameter %s is of the type %d, which is unknown", parameter->field,
                parameter->type);
    }
}

static size_t times_named(const virTypedParameter *params, size_t count, const char *name)
{
    size_t times = 0;

    for (size_t i = 0; i < count; i++)
        times += strcmp(params[i].field, name) == 0;
    return times;
}

struct json_object *params_out(const virTypedParameter *params, size_t count)
{
    struct json_object *map = json_object_new_object();

    for (size_t i = 0; i < count; i++) {
        const char *name = params[i].field;
        struct json_object *list = NULL;

        if (times_named(params, count, name) == 1) {
            json_object_object_add(map, name, parameter_out(&params[i]));
            continue;
        }
        if (!json_object_object_get_ex(map, name, &list)) {
            list = json_object_new_array();
            json_object_object_add(map, name, list);
        }
        json_object_array_add(list, parameter_out(&params[i]));
    }
    return map;
}

void params_clear(virTypedParameterPtr params, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (params[i].type == VIR_TYPED_PARAM_STRING) {
            free(params[i].value.s);
            params[i].value.s = NULL;
        }
}

struct json_object *files_out(const int *files, size_t count)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++) {
        json_object_array_add(list, marked("$file", NULL));
        close(files[i]);
    }
    return list;
}

struct json_object *record_out(const void *record, record_encoder *encode)
{
    return record ? encode(record) : NULL;
}

struct json_object *records_out(const void *records, size_t count, size_t size,
                                record_encoder *encode)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, encode((const char *)records + i * size));
    return list;
}

struct json_object *record_list_out(const void *list, size_t count, record_encoder *encode)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < count; i++) {
        const void *record;

        memcpy(&record, (const char *)list + i * sizeof record, sizeof record);
        json_object_array_add(array, encode(record));
    }
    return array;
}

/* ---- from JSON ---- */

bool marked_in(struct json_object *value, const char *word, struct json_object **inside)
{
    return json_object_is_type(value, json_type_object) &&
           json_object_object_get_ex(value, word, inside);
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) : -1;
}

static char *hexadecimal_in(struct json_object *value, size_t *length)
{
    const char *text = json_object_get_string(value);
    char *bytes;

    if (!json_object_is_type(value, json_type_string) || strlen(text) % 2)
        return NULL;
    *length = strlen(text) / 2;
    bytes = allocate(*length + 1, 1);
    for (size_t i = 0; i < *length; i++) {
        const int high = digit(text[2 * i]);
        const int low = digit(text[2 * i + 1]);

        if (high < 0 || low < 0) {
            free(bytes);
            return NULL;
        }
        bytes[i] = (char)(high << 4 | low);
    }
    return bytes;
}

char *text_in(struct json_object *value, size_t *length)
{
    struct json_object *inside;
    char *text;

    if (marked_in(value, "$text", &inside))
        return hexadecimal_in(inside, length);
    if (!json_object_is_type(value, json_type_string))
        return NULL;
    *length = (size_t)json_object_get_string_len(value);
    text = allocate(*length + 1, 1);
    memcpy(text, json_object_get_string(value), *length);
    return text;
}

char *bytes_in(struct json_object *value, size_t *length)
{
    struct json_object *inside;

    return marked_in(value, "$bytes", &inside) ? hexadecimal_in(inside, length) : NULL;
}
