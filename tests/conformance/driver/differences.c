/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "differences.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "data_file.h"
#include "text.h"

struct reading {
    struct difference *entries;
    size_t count;
};

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " ");
}

static bool stands_already(const struct reading *reading, const struct difference *entry)
{
    for (size_t i = 0; i < reading->count; i++)
        if (text_equal(reading->entries[i].function, entry->function) &&
            (entry->problem && reading->entries[i].problem
                 ? text_equal(reading->entries[i].problem, entry->problem)
                 : entry->problem == reading->entries[i].problem))
            return true;
    return false;
}

static void read_entry(struct location location, char *line, void *data)
{
    static const char crashes[] = "crashes ";
    struct reading *reading = data;
    struct difference entry = {.location = location};
    char *rest = NULL;
    const char *why;

    entry.function = arena_copy(strtok_r(line, " ", &rest));
    why = skip_spaces(rest);
    entry.crashes = strncmp(why, crashes, strlen(crashes)) == 0;
    if (entry.crashes)
        why = skip_spaces(why + strlen(crashes));
    if (*why == '{') {
        const char *end = strchr(why, '}');

        if (!end) {
            error_at(location, "the brace is not closed");
            return;
        }
        entry.problem = arena_copy_length(why + 1, (size_t)(end - why) - 1);
        why = skip_spaces(end + 1);
    }
    if (!*why)
        error_at(location, "say what %s does otherwise", entry.function);
    if (stands_already(reading, &entry))
        error_at(location, "%s stands in this file already", entry.function);
    *VECTOR_ADD(reading->entries, reading->count) = entry;
}

struct difference *differences_read(const char *path, size_t *count)
{
    struct reading reading = {0};

    if (access(path, F_OK) != 0)
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
    else
        data_file_read(path, read_entry, &reading);
    *count = reading.count;
    return reading.entries;
}

static bool has_line(const char *problem, const char *glob)
{
    const char *line = problem;

    while (*line) {
        const size_t length = strcspn(line, "\n");

        if (glob_match(glob, arena_copy_length(line, length), NULL))
            return true;
        line += length + (line[length] == '\n');
    }
    return false;
}

size_t differences_find(const struct difference *differences, size_t count, const char *function,
                        const char *problem)
{
    size_t i = 0;

    while (i < count && !(glob_match(differences[i].function, function, NULL) &&
                          (!differences[i].problem || has_line(problem, differences[i].problem))))
        i++;
    return i;
}

size_t differences_find_crash(const struct difference *differences, size_t count,
                              const char *function, const char *call)
{
    size_t i = 0;

    while (i < count &&
           !(differences[i].crashes && glob_match(differences[i].function, function, NULL) &&
             (!differences[i].problem || glob_match(differences[i].problem, call, NULL))))
        i++;
    return i;
}
