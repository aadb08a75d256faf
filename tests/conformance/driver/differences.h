/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an established binding is known to do otherwise, bindings/LANG/conformance/differences, a
 * line each:
 *
 *     virNodeGetFreeMemory           0 where it fails
 *     virConnectOpenAuth   crashes   where auth is None
 *     *  {*refused: UnicodeError*}   text that is not UTF-8 is refused
 *
 * Instead of a function stands "constants" for those that it lacks. Where a function crashes it is
 * not called. In braces stands what a line of the problem must be like, or the call that crashes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base.h"

struct difference {
    struct location location;
    const char *function; /* may have '*' */
    const char *problem;  /* may have '*'; of one that crashes the call; NULL: any */
    bool crashes;
};

/* Those of a file; errors are reported. */
struct difference *differences_read(const char *path, size_t *count);
/* The place of the first that fits a problem, which may have lines; `count`: none does. */
size_t differences_find(const struct difference *differences, size_t count, const char *function,
                        const char *problem);
/* The place of the one that says that the function crashes in this call; `count`: none does. */
size_t differences_find_crash(const struct difference *differences, size_t count,
                              const char *function, const char *call);
