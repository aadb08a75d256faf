/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

static void reserve(struct buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->length > more)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity - buffer->length <= more)
        capacity *= 2;
    char *larger = arena_allocate(capacity);
    if (buffer->length)
        memcpy(larger, buffer->data, buffer->length);
    buffer->data = larger;
    buffer->capacity = capacity;
}

void buffer_add_length(struct buffer *buffer, const char *text, size_t length)
{
    reserve(buffer, length);
    memcpy(buffer->data + buffer->length, text, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_add(struct buffer *buffer, const char *text)
{
    buffer_add_length(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;

    for (bool fits = false; !fits;) {
        reserve(buffer, 1);
        const size_t room = buffer->capacity - buffer->length;
        va_start(arguments, format);
        const int length = vsnprintf(buffer->data + buffer->length, room, format, arguments);
        va_end(arguments);
        fits = (size_t)length < room;
        if (fits)
            buffer->length += (size_t)length;
        else
            reserve(buffer, (size_t)length);
    }
}

void buffer_add_line(struct buffer *buffer, const char *text)
{
    if (!*text)
        return;
    buffer_add(buffer, text);
    buffer_add(buffer, "\n");
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

struct hole {
    const char *name;
    const char *value;
};

struct holes {
    struct hole items[40];
    size_t count;
    const char *template;
};

static const char *hole_value(const struct holes *holes, const char *name, size_t length)
{
    for (size_t i = 0; i < holes->count; i++)
        if (strlen(holes->items[i].name) == length &&
            strncmp(holes->items[i].name, name, length) == 0)
            return holes->items[i].value;
    bug("no value for @%.*s@ in the template:\n%s", (int)length, name, holes->template);
}

/* The length of a hole's name at text, which points behind an '@'; 0: not a hole. */
static size_t hole_length(const char *text)
{
    size_t length = 0;

    while ((text[length] >= 'a' && text[length] <= 'z') || text[length] == '_' ||
           (length && text[length] >= '0' && text[length] <= '9'))
        length++;
    return text[length] == '@' ? length : 0;
}

static void trim_blanks(struct buffer *buffer, size_t start)
{
    while (buffer->length > start &&
           (buffer->data[buffer->length - 1] == ' ' || buffer->data[buffer->length - 1] == '\t'))
        buffer->data[--buffer->length] = '\0';
}

/* A value of several lines, each indented, preprocessor lines and blank lines not. */
static void add_indented(struct buffer *buffer, const char *value, size_t indent)
{
    while (*value) {
        const char *end = strchr(value, '\n');
        const size_t length = end ? (size_t)(end - value) : strlen(value);
        const size_t start = buffer->length;

        if (length && *value != '#')
            for (size_t i = 0; i < indent; i++)
                buffer_add_length(buffer, " ", 1);
        buffer_add_length(buffer, value, length);
        trim_blanks(buffer, start);
        buffer_add(buffer, "\n");
        if (!end)
            break;
        value = end + 1;
    }
}

static void fill_line(struct buffer *buffer, const struct holes *holes, const char *line,
                      size_t length)
{
    const size_t start = buffer->length;
    size_t indent = 0;
    size_t hole_count = 0;
    bool only_holes = true;
    bool all_empty = true;

    while (indent < length && line[indent] == ' ')
        indent++;
    /* A hole alone on its line may bring several lines. */
    if (indent < length && line[indent] == '@') {
        const size_t name = hole_length(line + indent + 1);

        if (name && indent + name + 2 == length) {
            const char *value = hole_value(holes, line + indent + 1, name);
            if (*value)
                add_indented(buffer, value, indent);
            return;
        }
    }
    for (size_t i = 0; i < length;) {
        const size_t name = line[i] == '@' ? hole_length(line + i + 1) : 0;

        if (name && i + name + 2 <= length) {
            const char *value = hole_value(holes, line + i + 1, name);
            if (strchr(value, '\n'))
                bug("@%.*s@ has several lines but does not stand alone:\n%s", (int)name,
                    line + i + 1, holes->template);
            hole_count++;
            all_empty = all_empty && !*value;
            buffer_add(buffer, value);
            i += name + 2;
        } else {
            only_holes = only_holes && line[i] == ' ';
            buffer_add_length(buffer, line + i, 1);
            i++;
        }
    }
    if (hole_count && only_holes && all_empty) {
        buffer->length = start;
        buffer->data[start] = '\0';
        return;
    }
    trim_blanks(buffer, start);
    buffer_add(buffer, "\n");
}

static void fill(struct buffer *buffer, const char *template, va_list arguments)
{
    struct holes holes = {.template = template};
    const char *name;

    while ((name = va_arg(arguments, const char *))) {
        if (holes.count == sizeof holes.items / sizeof *holes.items)
            bug("too many holes in the template:\n%s", template);
        const char *value = va_arg(arguments, const char *);
        if (!value)
            bug("@%s@ is NULL in the template:\n%s", name, template);
        holes.items[holes.count++] = (struct hole){name, value};
    }
    while (*template) {
        const char *end = strchr(template, '\n');
        const size_t length = end ? (size_t)(end - template) : strlen(template);

        fill_line(buffer, &holes, template, length);
        if (!end) {
            /* No newline at the template's end: none in the result. */
            if (buffer->length && buffer->data[buffer->length - 1] == '\n')
                buffer->data[--buffer->length] = '\0';
            break;
        }
        template = end + 1;
    }
}

void text_fill(struct buffer *buffer, const char *template, ...)
{
    va_list arguments;

    va_start(arguments, template);
    fill(buffer, template, arguments);
    va_end(arguments);
}

char *text_filled(const char *template, ...)
{
    struct buffer buffer = {0};
    va_list arguments;

    va_start(arguments, template);
    fill(&buffer, template, arguments);
    va_end(arguments);
    return buffer.data ? buffer.data : arena_copy("");
}

static size_t widest(const char *const *items, size_t count)
{
    size_t width = 0;

    for (size_t i = 0; i < count; i++)
        if (strlen(items[i]) > width)
            width = strlen(items[i]);
    return width;
}

char *text_wrapped(const char *head, const char *const *items, size_t count, const char *tail,
                   size_t indent)
{
    enum { LINE_WIDTH = 100, INDENT = 4 };
    struct buffer buffer = {0};
    size_t column = strlen(head);
    size_t position = indent + column;

    buffer_add(&buffer, head);
    if (position + widest(items, count) + 1 > LINE_WIDTH && column > INDENT) {
        column = INDENT;
        position = indent + column;
        buffer_printf(&buffer, "\n%*s", INDENT, "");
    }
    for (size_t i = 0; i < count; i++) {
        const bool is_last = i + 1 == count;
        const size_t width = strlen(items[i]) + (is_last ? strlen(tail) : 1);

        if (i && position + 1 + width > LINE_WIDTH) {
            buffer_printf(&buffer, "\n%*s", (int)column, "");
            position = indent + column;
        } else if (i) {
            buffer_add(&buffer, " ");
            position++;
        }
        buffer_printf(&buffer, "%s%s", items[i], is_last ? "" : ",");
        position += width;
    }
    buffer_add(&buffer, tail);
    return arena_copy(buffer_text(&buffer));
}

char *text_c_string(const char *text)
{
    struct buffer buffer = {0};

    buffer_add(&buffer, "\"");
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c == '\n') {
            buffer_add(&buffer, "\\n");
            if (text[1])
                buffer_add(&buffer, "\"\n\"");
        } else if (c == '"' || c == '\\') {
            buffer_printf(&buffer, "\\%c", c);
        } else if (c == '\t') {
            buffer_add(&buffer, "\\t");
        } else if (c == '?' && text[1] == '?') {
            buffer_add(&buffer, "\\?"); /* no trigraphs */
        } else if (c < 0x20 || c >= 0x7f) {
            buffer_printf(&buffer, "\\%03o", c);
        } else {
            buffer_add_length(&buffer, text, 1);
        }
    }
    buffer_add(&buffer, "\"");
    return buffer.data;
}
