/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "accepted.h"

#include <string.h>

#include "data_file.h"

struct reading {
    struct accepted *entries;
    size_t count;
};

static void read_entry(struct location location, char *line, void *data)
{
    struct reading *reading = data;
    char *rest = NULL;
    const char *function = strtok_r(line, " ", &rest);
    const char *argument = strtok_r(NULL, " ", &rest);
    const char *wrong = strtok_r(NULL, ":", &rest);

    if (!wrong || !rest || rest[0] != ' ' || !rest[strspn(rest, " ")]) {
        error_at(location, "the line is not FUNCTION ARGUMENT WRONG: why");
        return;
    }
    *VECTOR_ADD(reading->entries, reading->count) =
        (struct accepted){location, arena_copy(function), arena_copy(argument),
                          arena_copy(wrong + strspn(wrong, " "))};
}

struct accepted *accepted_read(const char *path, size_t *count)
{
    struct reading reading = {0};

    data_file_read(path, read_entry, &reading);
    *count = reading.count;
    return reading.entries;
}

size_t accepted_find(const struct accepted *accepted, size_t count, const char *function,
                     const char *argument, const char *wrong)
{
    size_t i = 0;

    while (i < count && !(glob_match(accepted[i].function, function, NULL) &&
                          glob_match(accepted[i].argument, argument ? argument : "-", NULL) &&
                          glob_match(accepted[i].wrong, wrong, NULL)))
        i++;
    return i;
}
