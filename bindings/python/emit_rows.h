/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's rows: how each pattern is declared, converted, passed, collected and released. A
 * conversion is an expression that is false, with an exception set, on failure. */
#pragma once

#include "emit.h"
#include "rows.h"

/* Where a step stands. */
struct python_place {
    const struct surface *surface;
    const struct bound_function *function;
    const char *value;    /* where the Python argument is: "given[0]" or "self" */
    const char *text;     /* its name for messages */
    const char *fallback; /* its default, as Python text; NULL: none */
    const char *result;   /* the variable of the C result */
};

extern const struct rows python_rows;

struct row_text python_row_in(const struct step *step, const struct python_place *place);
struct row_text python_row_out(const struct step *step, const struct python_place *place);
struct row_text python_row_result(const struct step *step, const struct python_place *place);
