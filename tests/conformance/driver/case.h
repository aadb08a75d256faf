/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Case files, read into memory. What may stand in one is said in docs/conformance.md. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "base.h"
#include "expression.h"

enum step_kind {
    STEP_CALL,
    STEP_EVENTS,
    STEP_FORGET,
    STEP_CONSTANTS,
    STEP_FILE,
    STEP_COPY,
    STEP_NEEDS,
};

enum expectation {
    EXPECT_WORKS,
    EXPECT_ANSWER,
    EXPECT_PART, /* an answer that is text with this part in it */
    EXPECT_ERROR,
    EXPECT_WRONG_USE,
};

/* How much of what C got the language must get. */
enum extent {
    EXTENT_ALL,
    EXTENT_SHAPE,
    EXTENT_NOTHING,
};

struct step {
    struct location location;
    const char *text; /* as written */
    enum step_kind kind;
    const char *name; /* of the function, or the callback */
    const char *keep; /* the name its answer gets */
    struct expression **arguments;
    size_t argument_count;
    size_t declared; /* how many arguments the function has; further ones are surplus */
    unsigned events;
    unsigned seconds;

    enum expectation expectation;
    struct expression *answer;
    struct json_object *code;
    struct json_object *domain; /* NULL: any */
    const char *part;           /* of the message, or of the answer; NULL: any */
    unsigned within;            /* it is called again and again for so many seconds */
    enum extent extent;
    bool extent_given;
};

struct case_steps {
    struct location location;
    const char *name;
    struct step **steps;
    size_t count;
};

struct case_file {
    const char *path;
    const char *leg;
    const char *name; /* LEG/FILE */
    struct json_object *texts;
    struct case_steps set_up;
    struct case_steps clean_up; /* played at the end, whatever came before */
    struct case_steps *cases;
    size_t count;
    const char *missing; /* a caller's variable that it names and that was not given */
    bool alone; /* it looks at what others change, so nothing of its leg is played beside it */
};

/* What all files are read against. */
struct case_words {
    struct json_object *functions; /* name to what a manifest says of it */
    struct json_object *callbacks;
    struct json_object *constants; /* name to value */
    struct json_object *variables; /* name to text */
};

/* NULL after errors were reported. */
struct case_file *case_file_read(const char *path, const char *leg, const char *name,
                                 const struct case_words *words);
