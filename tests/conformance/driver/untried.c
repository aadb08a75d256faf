/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "untried.h"

#include <string.h>

#include "data_file.h"

struct reading {
    struct untried *entries;
    size_t count;
};

static void read_entry(struct location location, char *line, void *data)
{
    struct reading *reading = data;
    char *rest = NULL;
    const char *function = strtok_r(line, " ", &rest);
    const char *leg = strtok_r(NULL, " ", &rest);
    const char *reason = rest ? rest + strspn(rest, " ") : "";

    if (!leg || !*reason)
        error_at(location, "the line is not FUNCTION LEG why");
    else
        *VECTOR_ADD(reading->entries, reading->count) =
            (struct untried){location, arena_copy(function), arena_copy(leg), arena_copy(reason)};
}

struct untried *untried_read(const char *path, size_t *count)
{
    struct reading reading = {0};

    data_file_read(path, read_entry, &reading);
    *count = reading.count;
    return reading.entries;
}

const struct untried *untried_find(const struct untried *untried, size_t count,
                                   const char *function, const char *leg)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(untried[i].leg, leg) && glob_match(untried[i].function, function, NULL))
            return &untried[i];
    return NULL;
}
