/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A language's runner on the stand-in, with the handles that vectors ask for. Where something goes
 * wrong with the runner, it is gone, and runner_trouble() says why. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "runner.h"

struct stage {
    struct runner *runner;
    struct json_object *makers; /* kind to the line that says how a handle is made */

    struct json_object *kept;     /* kind to numbers; NULL: the runner is not set up */
    struct json_object *absent;   /* kind to why an established binding has none */
    struct json_object *answered; /* numbers of what is to be forgotten */
};

/* Starts the runner and makes the handles, where it is not up already. */
bool stage_set_up(struct stage *stage);
/* Why what these arguments ask for cannot be given; NULL: it can. */
const char *stage_lacks(const struct stage *stage, struct json_object *arguments);
/* The function that ends a handle of the kind. */
const char *stage_release_of(const struct stage *stage, const char *kind);
/* To be called when the runner is gone. */
void stage_broke(struct stage *stage);
/* What is sent for a vector's arguments: numbers in place of the handles that they ask for. NULL:
 * the runner is gone. */
struct json_object *stage_given(struct stage *stage, struct json_object *arguments);
/* The handles in what came are to be forgotten. */
void stage_note_handles(struct stage *stage, struct json_object *value);
/* Forgets these; false: the runner is gone. */
bool stage_forget(struct stage *stage);
/* Lets the loop run until so many callbacks were called, or for some seconds, and fetches the
 * calls. NULL: the runner is gone. */
struct json_object *stage_events(struct stage *stage, size_t count, unsigned seconds);
/* Ends the runner; it is started anew when it is set up again. */
void stage_end(struct stage *stage);
/* Forgets all, also the handles; false: the runner is gone. */
bool stage_clear(struct stage *stage);
