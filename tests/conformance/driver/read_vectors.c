/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "vectors.h"

static struct vector_group *group_of(struct vectors *vectors, const char *function)
{
    struct vector_group *group;

    if (vectors->count && text_equal(vectors->groups[vectors->count - 1].function, function))
        return &vectors->groups[vectors->count - 1];
    group = VECTOR_ADD(vectors->groups, vectors->count);
    group->function = arena_copy(function);
    return group;
}

/* Vectors are kept as text: those who play parse them, a function's at a time. */
static void read_line(struct vectors *vectors, struct location location, const char *text)
{
    struct json_object *line = json_tokener_parse(text);
    const char *function = value_text(value_field(line, "function"));
    const char *kind = value_text(value_field(line, "handle"));

    if (!function) {
        error_at(location, "this is no vector");
    } else if (kind) {
        json_object_object_add(vectors->makers, kind, json_object_get(line));
    } else {
        struct vector_group *group = group_of(vectors, function);
        *VECTOR_ADD(group->vectors, group->count) =
            (struct vector){.location = location, .text = arena_copy(text)};
    }
    json_object_put(line);
}

const struct vectors *vectors_read(const char *path)
{
    const unsigned errors = error_count();
    struct vectors *vectors = arena_allocate(sizeof *vectors);
    struct location location = {arena_copy(path), 0};
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;

    if (!stream) {
        error_at((struct location){0}, "cannot read %s: %s; \"make stand-in\" makes it", path,
                 strerror(errno));
        return NULL;
    }
    vectors->makers = value_keep(json_object_new_object());
    while (getline(&line, &room, stream) >= 0) {
        location.line++;
        read_line(vectors, location, line);
    }
    free(line);
    fclose(stream);
    if (!vectors->count)
        error_at(location, "there is no vector in this file");
    return error_count() == errors ? vectors : NULL;
}

/* The ledger stands before what the caller preloads, a sanitizer's library for example. */
static const char *const *environment_on(const char *build)
{
    const char **environment = arena_allocate(3 * sizeof *environment);
    const char *preloaded = getenv("LD_PRELOAD");

    environment[0] = arena_printf("LD_LIBRARY_PATH=%s/stand-in", build);
    environment[1] = arena_printf("LD_PRELOAD=%s/stand-in/ledger.so%s%s", build,
                                  preloaded ? " " : "", preloaded ? preloaded : "");
    return environment;
}

void vectors_add_batches(const struct vectors *vectors, const char *build, struct batch **batches,
                         size_t *count)
{
    /* Runners start once a batch and language, and as many batches as there are processors run. */
    enum { ENOUGH = 4000 };
    const char *const *environment = environment_on(build);

    for (size_t first = 0; first < vectors->count;) {
        struct vector_range *range = arena_allocate(sizeof *range);
        size_t size = 0;

        *range = (struct vector_range){vectors, first, 0};
        for (; first < vectors->count && size < ENOUGH; first++, range->count++)
            size += vectors->groups[first].count;
        *VECTOR_ADD(*batches, *count) = (struct batch){
            .leg = STAND_IN_LEG,
            .name =
                arena_printf("%s: %s to %s", STAND_IN_LEG, vectors->groups[range->first].function,
                             vectors->groups[first - 1].function),
            .material = range,
            .play = vectors_play,
            .environment = environment,
        };
    }
}
