/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether what came of a vector is what the vector says, as far as the language can tell it. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "language.h"
#include "text.h"

/* What came. */
struct arrival {
    const struct language *language;
    struct json_object *line; /* the vector */
    struct json_object *outcome;
    struct json_object *calls; /* that arrived */
};

/* False where the language has nothing that the vector is about: no such argument, or none that
 * could be missing. */
bool vector_concerns(const struct language *language, struct json_object *line);
/* Both add what is wrong, a line each. */
void judge_calls(const struct arrival *arrival, struct buffer *problems);
void judge_vector_outcome(const struct arrival *arrival, struct buffer *problems);
/* One more line of these. */
void add_line(struct buffer *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
