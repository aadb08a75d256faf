/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of C that are too long, broken behind commas. */
#include <string.h>

#include "base.h"
#include "text.h"

enum { LINE_WIDTH = 100, DEPTHS = 16 };

struct comma {
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

/* The last comma, within the fewest brackets, up to which the line fits; end is 0: none is. */
static struct comma last_comma(const char *line, size_t length)
{
    size_t columns[DEPTHS] = {strspn(line, " ")};
    struct comma found = {.depth = DEPTHS};
    int depth = 0;

    for (size_t at = columns[0]; at < LINE_WIDTH && depth >= 0 && depth < DEPTHS; at++) {
        if (line[at] == '"' || line[at] == '\'')
            at = past_quoted(line, length, at) - 1;
        else if (strchr("({", line[at]) && ++depth < DEPTHS)
            columns[depth] = at + 1;
        else if (strchr(")}", line[at]))
            depth--;
        else if (line[at] == ',' && at + 1 < length && depth <= found.depth)
            found = (struct comma){at + 1, columns[depth], depth};
    }
    return found;
}

static void add_line(struct buffer *buffer, const char *line, size_t length)
{
    const struct comma comma = length > LINE_WIDTH ? last_comma(line, length) : (struct comma){0};

    if (!comma.end) {
        buffer_add_length(buffer, line, length);
        return;
    }
    buffer_add_length(buffer, line, comma.end);
    buffer_add(buffer, "\n");
    line += comma.end + 1;
    length -= comma.end + 1;
    line = arena_printf("%*s%.*s", (int)comma.column, "", (int)length, line);
    add_line(buffer, line, comma.column + length);
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
