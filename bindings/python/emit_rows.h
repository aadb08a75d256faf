/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's rows: how each pattern is declared, converted, passed, collected and released. */
#pragma once

#include "emit.h"

/* One step of one function, as C text; "" for what it does not need. */
struct row_text {
    const char *declare;  /* the variables, one a line */
    const char *prepare;  /* statements before the call */
    const char *convert;  /* an expression that is false, with an exception set, on failure */
    const char *enter;    /* the same for handles, which come after all conversions */
    const char *argument; /* what C is passed */
    const char *length;   /* and for its length, where that is implied */
    const char *collect;  /* the Python value */
    const char *release;  /* statements behind it, on every path */
};

/* What a row may refer to besides the step. */
struct row_place {
    const struct surface *surface;
    const struct python_function *function;
    const char *value;    /* where the Python argument is: "given[0]" or "self" */
    const char *text;     /* its name for messages */
    const char *fallback; /* its default, as Python text; NULL: none */
    const char *result;   /* the variable of the C result */
};

struct row_text row_in(const struct step *step, const struct row_place *place);
struct row_text row_out(const struct step *step, const struct row_place *place);
/* The Python value of the C function's own result. */
struct row_text row_result(const struct step *step, const struct row_place *place);
/* "int" for a parameter that is an int or a pointer to one. */
const char *pointed_type(const struct type *type);
/* "params_keys_virDomainMigrate3_params": the table of the keys a step knows. */
char *keys_name(const struct plan *plan, const struct step *step);
