/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One glue function in parts: its steps and its frame (emit_glue.c), the call and what is looked at
 * behind it (emit_calls.c), and the value that it answers (emit_answers.c). */
#pragma once

#include "answers.h"
#include "emit_rows.h"

struct glue {
    const struct surface *surface;
    const struct bound_function *function;
    const struct plan *plan;
    const struct plan *plain; /* called where all that it lacks is left out; NULL: none is */
    const char *variables;    /* "frame->" */
    const char *result;       /* the variable */
    struct answers answers;
    struct buffer declare, convert, ask, enter, release;
    bool holds_more; /* there is more to release than the receiver */
};

/* ---- steps ---- */

struct row_text ruby_glue_row(const struct glue *glue, const struct step *step);
struct row_text ruby_glue_result(const struct glue *glue);
/* What C is passed. */
const char *ruby_argument(const struct glue *glue, const struct step *step);

/* ---- the call ---- */

/* The statement that calls it. */
const char *ruby_call(const struct glue *glue);
/* True for what the function that takes less has no argument for. */
const char *ruby_surplus(const struct glue *glue);
/* True where the frame has a variable `failed`: libvirt is asked for it at once, as later the
 * thread's last error may be another one. */
bool ruby_keeps_failed(const struct glue *glue);
/* Behind the call, still without Ruby's lock. */
const char *ruby_captured(const struct glue *glue);
/* What raises, or answers in place of an exception. */
const char *ruby_checked(const struct glue *glue);
/* The same in glue without a frame. */
const char *ruby_checked_at_once(const struct glue *glue);

/* ---- answers ---- */

/* The statements that return the value. */
const char *ruby_collected(const struct glue *glue);
