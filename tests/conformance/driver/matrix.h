/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The matrix: what became of each function, by leg and language. It is JSON throughout, so that a
 * worker hands it over and the page shows it:
 *     {LEG: {LANGUAGE: {FUNCTION: {"proved": {"count": 3, "why": "…"}, "failed": {…}}}}}
 * C is there as well: what it got is what the languages must get. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

enum finding {
    FINDING_PROVED,      /* it answered what C answered */
    FINDING_FAILED,      /* it failed as C did */
    FINDING_UNSUPPORTED, /* the same, because what is behind the connection does not support it */
    FINDING_DECIDED,     /* it differs, which is known of an established binding */
    FINDING_DIFFERS,     /* what came was not what C got */
    FINDING_ABSENT,      /* the language has it not */
    FINDING_SKIPPED,     /* what would call it could not be played */
    FINDING_COUNT,
};

const char *finding_name(enum finding finding);
/* True for those that say that the language got what C got. */
bool finding_is_as_in_c(enum finding finding);
/* `why` is kept of the first of its kind. */
void matrix_note(struct json_object *matrix, const char *leg, const char *language,
                 const char *function, enum finding finding, const char *why);
/* Adds what is in another. */
void matrix_add(struct json_object *matrix, struct json_object *other);
bool matrix_has(struct json_object *matrix, const char *leg, const char *language,
                const char *function, enum finding finding);
/* The best that is known; FINDING_COUNT: nothing is. */
enum finding matrix_finding(struct json_object *matrix, const char *leg, const char *language,
                            const char *function);
