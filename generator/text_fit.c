/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of C that are too long, broken behind commas, before choices, or else behind a bracket. */
#include <string.h>

#include "base.h"
#include "text.h"

enum { LINE_WIDTH = 100, DEPTHS = 16, INDENT = 4 };

struct cut {
    size_t end;    /* where the line is broken */
    size_t column; /* where the rest begins */
    int depth;
};

/* Behind the string or the character that begins here. */
static size_t past_quoted(const char *line, size_t length, size_t at)
{
    const char quote = line[at++];

    while (at < length && line[at] != quote)
        at += line[at] == '\\' ? 2 : 1;
    return at + 1;
}

static bool is_choice(const char *rest)
{
    return strncmp(rest, " ? ", 3) == 0 || strncmp(rest, " : ", 3) == 0;
}

/* Behind the last comma, within the fewest brackets, up to which the line fits, or before a choice,
 * which counts as one more bracket; else behind the first bracket; end is 0: there is none. */
static struct cut cut_of(const char *line, size_t length)
{
    size_t columns[DEPTHS] = {strspn(line, " ")};
    struct cut found = {.depth = DEPTHS};
    int depth = 0;

    for (size_t at = columns[0]; at < LINE_WIDTH && depth >= 0 && depth < DEPTHS; at++) {
        if (line[at] == '"' || line[at] == '\'')
            at = past_quoted(line, length, at) - 1;
        else if (strchr("({", line[at]) && ++depth < DEPTHS)
            columns[depth] = at + 1;
        else if (strchr(")}", line[at]))
            depth--;
        else if (line[at] == ',' && at + 1 < length && depth <= found.depth)
            found = (struct cut){at + 1, columns[depth], depth};
        else if (is_choice(line + at) && depth < found.depth)
            found = (struct cut){at, columns[depth] + INDENT, depth + 1};
    }
    if (!found.end && columns[1] > columns[0] + INDENT)
        found = (struct cut){columns[1], columns[0] + INDENT, 1};
    return found;
}

static void add_line(struct buffer *buffer, const char *line, size_t length)
{
    const struct cut cut = length > LINE_WIDTH ? cut_of(line, length) : (struct cut){0};

    if (!cut.end) {
        buffer_add_length(buffer, line, length);
        return;
    }
    buffer_add_length(buffer, line, cut.end);
    buffer_add(buffer, "\n");
    const size_t rest = cut.end + strspn(line + cut.end, " ");
    line += rest;
    length -= rest;
    line = arena_printf("%*s%.*s", (int)cut.column, "", (int)length, line);
    add_line(buffer, line, cut.column + length);
}

void buffer_fit(struct buffer *buffer)
{
    struct buffer fitting = {0};
    const char *line = buffer_text(buffer);

    while (*line) {
        const size_t length = strcspn(line, "\n");

        add_line(&fitting, line, length);
        buffer_add(&fitting, line[length] ? "\n" : "");
        line += length + (line[length] ? 1 : 0);
    }
    *buffer = fitting;
}
