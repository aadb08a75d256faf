/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canonical.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_length(struct canonical *text, const char *added, size_t length)
{
    if (text->length + length + 1 > text->capacity) {
        text->capacity = 2 * (text->length + length + 1);
        text->data = realloc(text->data, text->capacity);
        if (!text->data)
            abort();
    }
    memcpy(text->data + text->length, added, length);
    text->length += length;
    text->data[text->length] = '\0';
}

static void add(struct canonical *text, const char *added)
{
    add_length(text, added, strlen(added));
}

static void begin_value(struct canonical *text)
{
    if (text->wants_comma)
        add(text, ", ");
    text->wants_comma = true;
}

void canonical_open(struct canonical *text, char bracket)
{
    begin_value(text);
    add_length(text, &bracket, 1);
    text->wants_comma = false;
}

void canonical_close(struct canonical *text, char bracket)
{
    add_length(text, &bracket, 1);
    text->wants_comma = true;
}

void canonical_key(struct canonical *text, const char *key)
{
    canonical_text(text, key, strlen(key));
    add(text, ": ");
    text->wants_comma = false;
}

void canonical_raw(struct canonical *text, const char *json)
{
    begin_value(text);
    add(text, json);
}

void canonical_null(struct canonical *text)
{
    canonical_raw(text, "null");
}

void canonical_boolean(struct canonical *text, bool value)
{
    canonical_raw(text, value ? "true" : "false");
}

void canonical_signed(struct canonical *text, long long value)
{
    char number[32];

    snprintf(number, sizeof number, "%lld", value);
    canonical_raw(text, number);
}

void canonical_unsigned(struct canonical *text, unsigned long long value)
{
    char number[32];

    snprintf(number, sizeof number, "%llu", value);
    canonical_raw(text, number);
}

void canonical_double(struct canonical *text, double value)
{
    char number[40];

    if (isnan(value) || isinf(value)) {
        canonical_raw(text, isnan(value)  ? "{\"$double\": \"nan\"}"
                            : value > 0.0 ? "{\"$double\": \"inf\"}"
                                          : "{\"$double\": \"-inf\"}");
        return;
    }
    snprintf(number, sizeof number, "%.17g", value);
    canonical_raw(text, number);
    if (!strpbrk(number, ".e"))
        add(text, ".0");
}

/* Bytes of the sequence that begins here; 0: none that is well-formed. */
static size_t sequence_length(const unsigned char *byte, size_t left)
{
    const size_t length = byte[0] < 0x80                       ? 1
                          : byte[0] >= 0xc2 && byte[0] <= 0xdf ? 2
                          : byte[0] >= 0xe0 && byte[0] <= 0xef ? 3
                          : byte[0] >= 0xf0 && byte[0] <= 0xf4 ? 4
                                                               : 0;

    if (!length || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
    if ((byte[0] == 0xe0 && byte[1] < 0xa0) || (byte[0] == 0xed && byte[1] > 0x9f) ||
        (byte[0] == 0xf0 && byte[1] < 0x90) || (byte[0] == 0xf4 && byte[1] > 0x8f))
        return 0;
    return length;
}

bool canonical_is_utf8(const char *value, size_t length)
{
    for (size_t i = 0; i < length;) {
        const size_t step = sequence_length((const unsigned char *)value + i, length - i);
        if (!step)
            return false;
        i += step;
    }
    return true;
}

static void add_hexadecimal(struct canonical *text, const char *tag, const void *value,
                            size_t length)
{
    const unsigned char *bytes = value;
    char digits[3];

    begin_value(text);
    add(text, tag);
    for (size_t i = 0; i < length; i++) {
        snprintf(digits, sizeof digits, "%02x", bytes[i]);
        add(text, digits);
    }
    add(text, "\"}");
}

void canonical_text(struct canonical *text, const char *value, size_t length)
{
    char escape[8];

    if (!canonical_is_utf8(value, length)) {
        add_hexadecimal(text, "{\"$text\": \"", value, length);
        return;
    }
    begin_value(text);
    add(text, "\"");
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)value[i];

        if (byte == '"' || byte == '\\') {
            snprintf(escape, sizeof escape, "\\%c", byte);
            add(text, escape);
        } else if (byte < 0x20 || byte == 0x7f) {
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            add(text, escape);
        } else {
            add_length(text, value + i, 1);
        }
    }
    add(text, "\"");
}

void canonical_string(struct canonical *text, const char *value)
{
    if (value)
        canonical_text(text, value, strlen(value));
    else
        canonical_null(text);
}

void canonical_bytes(struct canonical *text, const void *value, size_t length)
{
    add_hexadecimal(text, "{\"$bytes\": \"", value, length);
}

void canonical_release(struct canonical *text)
{
    free(text->data);
    *text = (struct canonical){0};
}
