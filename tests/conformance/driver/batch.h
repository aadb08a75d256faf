/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is played by one worker, with runners of its own, one test after the other: the cases of a
 * file, or vectors. A kind of batch is one function that plays it. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "language.h"
#include "runner.h"

/* Of the whole run. */
struct setting {
    const struct language *c;
    const struct language *languages;
    size_t language_count;
    struct json_object *functions; /* that this libvirt has: name to true */
    struct json_object *without;   /* variables that are not given, to why */
    const char *part;              /* of the names of the tests to be played; NULL: all are */
    unsigned seconds;
    bool verbose;
    const char *folder; /* a temporary one */
};

/* A worker's view while it plays. */
struct session {
    const struct setting *setting;
    const char *leg;
    struct runner *c;
    struct runner **runners; /* one a language */
    const char *folder;      /* the batch's own, temporary */
    struct json_object *matrix;
    int results; /* where reports go */
};

struct batch {
    const char *leg;
    const char *name;
    bool alone;           /* nothing else of its leg is played beside it */
    const void *material; /* what `play` knows how to play */
    void (*play)(const struct batch *batch, struct session *session);
    /* Set in the runners' environment besides their own, "NAME=value", NULL-ended; or NULL. */
    const char *const *environment;
};

enum verdict { VERDICT_PASSED, VERDICT_FAILED, VERDICT_SKIPPED };

/* One test of a language; all that is JSON is taken over. */
struct test_report {
    const char *language;
    const char *name;
    const char *at; /* file and line */
    enum verdict verdict;
    const char *reason;           /* why it was skipped */
    struct json_object *problems; /* see judge.h; may be NULL */
    struct json_object *steps;    /* what came, step by step; may be NULL */
    struct json_object *vectors;  /* of a test of vectors, see results.h; else NULL */
    struct json_object *accepted; /* places in the language's list; may be NULL */
    struct json_object *decided;  /* the same of its differences */
    double seconds;
};

const char *verdict_name(enum verdict verdict);
/* True where a test of this name shall be played. */
bool session_wants(const struct session *session, const char *name);
void session_report(struct session *session, const struct test_report *report);
/* Reports a test of how a runner ends; `problem`: NULL where it passed. */
void session_report_ending(struct session *session, const struct batch *batch,
                           const struct runner *runner, const char *name, const char *problem);
/* Ends a runner; where it does not end well, that is a test that failed. */
void session_end(struct session *session, const struct batch *batch, struct runner *runner);
/* Plays a batch and reports to a file descriptor; a line of JSON each: {"test": …}, at the end
 * {"matrix": …}. */
void batch_play(const struct batch *batch, const struct setting *setting, int results);
