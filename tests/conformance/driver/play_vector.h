/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Playing one vector. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "batch.h"
#include "stage.h"
#include "vectors.h"

enum verdict_of_vector {
    VECTOR_PASSED,
    VECTOR_DECIDED, /* it differs, which is known of an established binding */
    VECTOR_FAILED,
    VECTOR_LEFT_OUT,
    VECTOR_BROKE,
};

/* A function's vectors, while they are played in a language. */
struct playing {
    struct session *session;
    const struct language *language;
    const struct vector_group *group;
    struct stage *stage;
    struct json_object *problems;
    struct json_object *steps;    /* NULL: nobody wants them */
    struct json_object *accepted; /* places in the language's list */
    struct json_object *decided;  /* places in the list of its differences */
    unsigned counts[VECTOR_BROKE + 1];
    bool answered;      /* a vector that is no wrong use passed */
    const char *undone; /* the function that took a callback back */
    const char *absent;
    const char *first_problem;
    const char *first_decided; /* the first that is known of an established binding */
};

/* A member that is text; NULL: there is none. */
const char *vector_text(const struct vector *vector, const char *name);
/* Adds what is wrong; of VECTOR_BROKE the runner is gone. */
enum verdict_of_vector play_vector(struct playing *playing, const struct vector *vector);
/* The outcome may be NULL. */
void playing_add_problem(struct playing *playing, const struct vector *vector, const char *text,
                         struct json_object *outcome);
