/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that a leg cannot try: tests/conformance/cases/untried, a line each: FUNCTION LEG why.
 */
#pragma once

#include <stddef.h>

#include "base.h"

struct untried {
    struct location location;
    const char *function; /* may have '*' */
    const char *leg;
    const char *reason;
};

/* Those of a file; none where there is no such file. Errors are reported. */
struct untried *untried_read(const char *path, size_t *count);
/* The first that fits; NULL: none does. */
const struct untried *untried_find(const struct untried *untried, size_t count,
                                   const char *function, const char *leg);
