/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc.h"

#include <ctype.h>
#include <string.h>

#include "base.h"

/* ---- blocks ---- */

struct line {
    const char *text; /* without indentation */
    size_t indent;
    bool is_blank;
};

static size_t split_lines(const char *text, struct line **lines)
{
    size_t count = 0;

    *lines = NULL;
    while (*text) {
        const char *end = strchr(text, '\n');
        size_t length = end ? (size_t)(end - text) : strlen(text);
        struct line *line = VECTOR_ADD(*lines, count);

        while (length && isspace((unsigned char)text[length - 1]))
            length--;
        line->indent = 0;
        while (line->indent < length && text[line->indent] == ' ')
            line->indent++;
        line->text = arena_copy_length(text + line->indent, length - line->indent);
        line->is_blank = !*line->text;
        if (!end)
            break;
        text = end + 1;
    }
    return count;
}

/* The length of a list's mark, with the blank behind it; 0: not an item. */
static size_t mark_length(const char *text)
{
    size_t length = 0;

    if ((text[0] == '-' || text[0] == '*') && text[1] == ' ')
        return 2;
    while (isdigit((unsigned char)text[length]))
        length++;
    if (length && (text[length] == '.' || text[length] == ')') && text[length + 1] == ' ')
        return length + 2;
    return 0;
}

/* "VIR_X: what it means": an item of a list without marks. */
static bool is_definition(const char *text)
{
    const size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

    return text_starts(text, "VIR_") && text[length] == ':';
}

static bool begins_item(const char *text, bool among_definitions)
{
    return mark_length(text) || is_definition(text) ||
           (among_definitions && text_starts(text, "VIR_"));
}

static void add_block(struct doc *doc, enum doc_kind kind, const char *mark, const char *text)
{
    *VECTOR_ADD(doc->blocks, doc->count) = (struct doc_block){kind, mark, text};
}

static void join(struct buffer *buffer, const char *text)
{
    if (buffer->length)
        buffer_add(buffer, " ");
    buffer_add(buffer, text);
}

/* Prose up to the next blank line, or the next item. */
static size_t take_prose(struct doc *doc, const struct line *lines, size_t from, size_t count)
{
    struct buffer text = {0};
    const size_t mark = mark_length(lines[from].text);
    const bool defines = doc->count && doc->blocks[doc->count - 1].kind == DOC_ITEM
                             ? begins_item(lines[from].text, true)
                             : is_definition(lines[from].text);
    size_t i = from;

    join(&text, lines[i].text + mark);
    for (i++; i < count && !lines[i].is_blank && !begins_item(lines[i].text, defines); i++)
        join(&text, lines[i].text);
    add_block(doc, mark || defines ? DOC_ITEM : DOC_PARAGRAPH,
              mark ? arena_copy_length(lines[from].text, mark - 1) : "-", buffer_text(&text));
    return i;
}

/* Indented lines behind a blank one are code, blank lines within included. */
static size_t take_code(struct doc *doc, const struct line *lines, size_t from, size_t count)
{
    struct buffer text = {0};
    size_t end = from;
    size_t common = lines[from].indent;

    for (size_t i = from; i < count && (lines[i].is_blank || lines[i].indent); i++)
        if (!lines[i].is_blank) {
            end = i + 1;
            if (lines[i].indent < common)
                common = lines[i].indent;
        }
    for (size_t i = from; i < end; i++) {
        for (size_t blank = common; !lines[i].is_blank && blank < lines[i].indent; blank++)
            buffer_add(&text, " ");
        buffer_printf(&text, "%s%s", lines[i].text, i + 1 < end ? "\n" : "");
    }
    add_block(doc, DOC_CODE, NULL, buffer_text(&text));
    return end;
}

struct doc doc_parse(const char *text)
{
    struct doc doc = {0};
    struct line *lines;
    const size_t count = split_lines(text ? text : "", &lines);
    bool behind_blank = false;

    for (size_t i = 0; i < count;) {
        if (lines[i].is_blank) {
            behind_blank = true;
            i++;
            continue;
        }
        const bool is_code = lines[i].indent && behind_blank && !mark_length(lines[i].text);
        behind_blank = false;
        i = is_code ? take_code(&doc, lines, i, count) : take_prose(&doc, lines, i, count);
    }
    return doc;
}

/* ---- names in prose ---- */

static size_t word_length(const char *text)
{
    size_t length = 0;

    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

static const char *name_of(const struct doc_names *names, const char *word, bool is_parameter)
{
    if (is_parameter)
        return names->parameter ? names->parameter(names->context, word) : NULL;
    if (text_equal(word, "NULL"))
        return names->null;
    if (text_starts(word, "VIR_"))
        return names->constant ? names->constant(names->context, word) : NULL;
    if (text_starts(word, "vir"))
        return names->function ? names->function(names->context, word) : NULL;
    return NULL;
}

char *doc_inline(const char *text, const struct doc_names *names)
{
    struct buffer buffer = {0};

    while (*text) {
        const bool is_parameter = *text == '@';
        const size_t length = word_length(text + is_parameter);

        if (!length) {
            buffer_add_length(&buffer, text, 1);
            text++;
            continue;
        }
        const char *word = arena_copy_length(text + is_parameter, length);
        const char *name = name_of(names, word, is_parameter);
        buffer_add(&buffer, name ? name : word);
        text += is_parameter + length;
    }
    return arena_copy(buffer_text(&buffer));
}

/* ---- plain text ---- */

void doc_wrap(struct buffer *buffer, const char *text, const char *first, const char *rest,
              size_t width)
{
    size_t column = strlen(first);
    bool begins_line = true;

    buffer_add(buffer, first);
    while (*text) {
        const size_t blanks = strspn(text, " \t\n");
        const size_t length = strcspn(text + blanks, " \t\n");

        text += blanks;
        if (!length)
            break;
        if (!begins_line && column + 1 + length > width) {
            buffer_printf(buffer, "\n%s", rest);
            column = strlen(rest);
            begins_line = true;
        }
        if (!begins_line) {
            buffer_add(buffer, " ");
            column++;
        }
        buffer_add_length(buffer, text, length);
        column += length;
        begins_line = false;
        text += length;
    }
    buffer_add(buffer, "\n");
}

static void add_code(struct buffer *buffer, const char *text, const char *indent)
{
    while (*text) {
        const size_t length = strcspn(text, "\n");

        if (length)
            buffer_printf(buffer, "%s    %.*s", indent, (int)length, text);
        buffer_add(buffer, "\n");
        text += length + (text[length] == '\n');
    }
}

void doc_plain(struct buffer *buffer, const struct doc *doc, const struct doc_names *names,
               const char *indent, size_t width)
{
    for (size_t i = 0; i < doc->count; i++) {
        const struct doc_block *block = &doc->blocks[i];
        const bool follows_item = i && doc->blocks[i - 1].kind == DOC_ITEM;

        if (i && !(block->kind == DOC_ITEM && follows_item))
            buffer_add(buffer, "\n");
        if (block->kind == DOC_CODE) {
            add_code(buffer, block->text, indent);
            continue;
        }
        const char *mark =
            block->kind == DOC_ITEM ? arena_printf("%s%s ", indent, block->mark) : indent;
        char *rest = arena_copy(mark);
        memset(rest, ' ', strlen(rest));
        doc_wrap(buffer, doc_inline(block->text, names), mark, rest, width);
    }
}

/* "virDomainFree should be used to free …": a language does that. */
static bool is_about_freeing(const char *text)
{
    return text_starts(text, "vir") &&
           (strstr(text, "Free should be used to free") || strstr(text, "Free() should be used"));
}

struct doc doc_without_freeing(struct doc doc)
{
    struct doc kept = {0};

    for (size_t i = 0; i < doc.count; i++)
        if (!is_about_freeing(doc.blocks[i].text))
            *VECTOR_ADD(kept.blocks, kept.count) = doc.blocks[i];
    return kept;
}

/* "the number, or -1 in case of error": in a language an error is an exception. */
const char *doc_without_failure(const char *text)
{
    static const char *const openings[] = {", or -1",   " or -1",    ", and -1",
                                           " and -1",   ", -1",      ", or NULL",
                                           " or NULL ", ", NULL ",   " or 0 in case of error",
                                           ", or 0 on", " or 0 on ", " or zero on"};
    const char *const first = "-1 on error, ";

    if (text_starts(text, first))
        text += strlen(first);
    size_t end = strlen(text);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        const char *found = strstr(text, openings[i]);
        if (found && found > text && (size_t)(found - text) < end)
            end = (size_t)(found - text);
    }
    return arena_copy_length(text, end);
}
