/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ruby's rows: how each pattern is declared, converted, passed, collected and released. What is
 * declared stands in a frame that outlives exceptions, and is zero at first; a conversion is a
 * statement that raises. */
#pragma once

#include "emit.h"
#include "rows.h"

/* Where a step stands. */
struct ruby_place {
    const struct surface *surface;
    const struct bound_function *function;
    const char *value;     /* where the Ruby argument is: "given[0]" or "self" */
    const char *text;      /* its name for messages */
    const char *fallback;  /* its default, as Ruby text; NULL: none */
    const char *result;    /* the variable of the C result */
    const char *variables; /* "frame->", where they stand */
};

extern const struct rows ruby_rows;

/* Besides what all languages take from the names file:
 *
 *     virDomainOpenGraphics
 *         descriptor fd        # a number that an IO stands for, too
 */
struct row_text ruby_row_in(const struct step *step, const struct ruby_place *place);
struct row_text ruby_row_out(const struct step *step, const struct ruby_place *place);
struct row_text ruby_row_result(const struct step *step, const struct ruby_place *place);
