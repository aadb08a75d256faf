/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void data_file_read(const char *path,
                    void (*entry)(struct location location, char *line, void *data), void *data)
{
    struct location location = {arena_copy(path), 0};
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;

    if (!stream) {
        if (errno != ENOENT)
            error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
        return;
    }
    while (getline(&line, &room, stream) >= 0) {
        location.line++;
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#')
            entry(location, line, data);
    }
    if (ferror(stream))
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
    free(line);
    fclose(stream);
}
