/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "differences.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "text.h"
#include "value.h"

static void read_line(struct json_object *differences, struct location location, char *line)
{
    char *why = NULL;
    const char *function = strtok_r(line, " ", &why);
    struct json_object *difference;
    bool crashes;

    if (!function || *function == '#')
        return;
    why += strspn(why, " ");
    crashes = strncmp(why, "crashes ", strlen("crashes ")) == 0;
    if (crashes)
        why += strlen("crashes ");
    why += strspn(why, " ");
    if (!*why)
        error_at(location, "say what %s does otherwise", function);
    if (value_has(differences, function))
        error_at(location, "%s stands in this file already", function);
    difference = json_object_new_object();
    json_object_object_add(difference, "why", json_object_new_string(why));
    if (crashes)
        json_object_object_add(difference, "crashes", json_object_new_boolean(true));
    json_object_object_add(differences, function, difference);
}

struct json_object *differences_read(const char *path)
{
    struct json_object *differences = json_object_new_object();
    struct location location = {arena_copy(path), 0};
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;

    if (!stream) {
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
        return differences;
    }
    while (getline(&line, &room, stream) >= 0) {
        location.line++;
        line[strcspn(line, "\n")] = '\0';
        read_line(differences, location, line);
    }
    free(line);
    fclose(stream);
    return differences;
}

bool differences_crash(struct json_object *differences, const char *function)
{
    return value_has(value_field(differences, function), "crashes");
}
