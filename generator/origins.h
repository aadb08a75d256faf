/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of C's arguments a parameter holds. Of functions written by hand that is the argument with
 * the parameter's name, or what the names file says:
 *
 *     virDomainSetTime
 *         from time seconds nseconds as=record   # a dict of both; as=zip, a dict from one list to
 *                                                # the other; as=negative, true for one below 0;
 *                                                # as=records, a list of dicts from lists;
 *                                                # keys=start,count, what these call them;
 *                                                # as=member member=cb, a member of the record
 */
#pragma once

#include "surface.h"

enum { ORIGINS_MAXIMUM = 4 };

struct origin {
    const struct step *steps[ORIGINS_MAXIMUM];
    size_t count; /* 0: a mistake, which has been reported */
    /* "length", "member", "negative", "record", "records", "zip", "opaque"; NULL: it is the
     * argument itself.
     */
    const char *as;
    const char *member; /* of a record that is an argument */
    const char *keys;   /* "start,count": what the members of a record are called; NULL: as in C */
};

struct origin parameter_origin(const struct surface *surface, const struct bound_function *function,
                               const struct bound_parameter *parameter);
