/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json.h"

#include "base.h"

static void add_character(struct buffer *buffer, char character)
{
    if (character == '"' || character == '\\')
        buffer_printf(buffer, "\\%c", character);
    else if ((unsigned char)character < ' ')
        buffer_printf(buffer, "\\u%04x", (unsigned char)character);
    else
        buffer_add_length(buffer, &character, 1);
}

char *json_string(const char *text)
{
    struct buffer buffer = {0};

    if (!text)
        return arena_copy("null");
    buffer_add(&buffer, "\"");
    for (; *text; text++)
        add_character(&buffer, *text);
    buffer_add(&buffer, "\"");
    return arena_copy(buffer_text(&buffer));
}

const char *json_boolean(bool value)
{
    return value ? "true" : "false";
}

char *json_number(long long value)
{
    return arena_printf("%lld", value);
}

void json_member(struct buffer *members, const char *name, const char *value)
{
    json_item(members, arena_printf("%s: %s", json_string(name), value));
}

void json_item(struct buffer *items, const char *value)
{
    buffer_printf(items, "%s%s", items->length ? ", " : "", value);
}

char *json_object(const struct buffer *members)
{
    return arena_printf("{%s}", buffer_text(members));
}

char *json_array(const struct buffer *items)
{
    return arena_printf("[%s]", buffer_text(items));
}
