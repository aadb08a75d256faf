/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of C's arguments a parameter holds. Of functions written by hand that is the argument with
 * the parameter's name, or what the names file says:
 *
 *     virDomainSetTime
 *         from time seconds nseconds as=record   # a dict of both; as=zip, a dict from one list to
 *                                                # the other; as=negative, true for one below 0
 */
#pragma once

#include "surface.h"

enum { ORIGINS_MAXIMUM = 4 };

struct origin {
    const struct step *steps[ORIGINS_MAXIMUM];
    size_t count; /* 0: a mistake, which has been reported */
    /* "length", "negative", "record", "zip", "opaque"; NULL: it is the argument itself. */
    const char *as;
};

struct origin parameter_origin(const struct surface *surface, const struct bound_function *function,
                               const struct bound_parameter *parameter);
