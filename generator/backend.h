/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a language's emitter is to the generator. Each bindings/LANG/emit.c defines one
 * `const struct backend LANG_backend`; the build lists them in backends.inc. */
#pragma once

#include "names.h"
#include "plan.h"
#include "text.h"

struct emission {
    const struct plans *plans;
    const struct names *names; /* bindings/LANG/names, read and checked */
};

struct backend {
    const char *name;  /* "python" */
    const char *title; /* "Python" */
    /* Which patterns it has a row for; checked before anything is emitted. */
    bool (*has_row)(enum pattern pattern);
    /* Queues all files of the language. Cannot fail: whatever could has been checked. */
    void (*emit)(const struct emission *emission, struct output *output);
    /* Signature and a one-line call, for `explain`; NULL where the language has no such function.
     */
    char *(*explain)(const struct emission *emission, const struct plan *plan);
};

extern const struct backend *const backends[]; /* ended by NULL */
