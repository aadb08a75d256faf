/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Playing: one runner goes through the steps of a case, with answers of its own. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "case.h"
#include "runner.h"

enum record_state {
    RECORD_MISSED,   /* not reached */
    RECORD_PLAYED,   /* there is an outcome */
    RECORD_UNPLAYED, /* it needs an answer that an earlier step did not get */
    RECORD_BROKE,    /* the runner is gone */
    RECORD_LEFT_OUT, /* this libvirt lacks a function that the rest of the case needs */
};

/* What came of a step. */
struct record {
    enum record_state state;
    struct json_object *outcome; /* normalised */
    struct json_object *wanted;  /* what the step says that the answer is, normalised */
    const char *trouble;
    bool calls_plain;   /* another function was called, see language.h */
    const char *output; /* what a runner that broke had printed */
};

struct recording {
    struct record *records; /* one a step */
    size_t count;
    struct record
        end; /* of forgetting all at the end; its state is RECORD_PLAYED where that worked */
};

/* One request of `call`; NULL after trouble, the runner is gone then. The arguments are taken over,
 * as is `surplus`, which may be NULL. What comes back is an outcome as docs/conformance.md has it.
 */
struct json_object *play_call(struct runner *runner, const char *function,
                              struct json_object *arguments, struct json_object *surplus);
/* Drops all handles and callables; false after trouble. */
bool play_forget_all(struct runner *runner);

/* Plays the file's set-up, a case of it and the clean-up, which is not recorded, in a folder of its
 * own below `parent`. `functions` are those that this libvirt has. Where `refused` is false, steps
 * of wrong use are left out. */
struct recording play_case(struct runner *runner, const struct case_file *file,
                           const struct case_steps *steps, const char *parent,
                           struct json_object *functions, bool refused);
void recording_release(struct recording *recording);
