/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vectors (docs/conformance.md): what is played on the stand-in. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "base.h"
#include "batch.h"

#define STAND_IN_LEG "stand-in"

struct vector {
    struct location location;
    const char *text;
    struct json_object *line; /* what the text says, while it is played */
};

/* Those of a function, which are one test. */
struct vector_group {
    const char *function;
    struct vector *vectors;
    size_t count;
};

struct vectors {
    struct json_object *makers; /* kind to the line that says how a handle is made */
    struct vector_group *groups;
    size_t count;
};

/* What a batch plays. */
struct vector_range {
    const struct vectors *vectors;
    size_t first;
    size_t count;
};

/* Those of a file; NULL after errors were reported. */
const struct vectors *vectors_read(const char *path);
/* Cuts them in batches of about the same size, which are added to a vector of these. */
void vectors_add_batches(const struct vectors *vectors, const char *build, struct batch **batches,
                         size_t *count);
/* Plays a range; a batch's `play`. */
void vectors_play(const struct batch *batch, struct session *session);
