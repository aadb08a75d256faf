/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wrong use of functions that a language accepts on purpose: bindings/LANG/conformance/accepted, a
 * line each: FUNCTION ARGUMENT WRONG: why. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base.h"

struct accepted {
    struct location location;
    const char *function; /* all three may have '*' */
    const char *argument; /* "-": none */
    const char *wrong;    /* as in vectors */
};

/* Those of a file; none where there is no such file. Errors are reported. */
struct accepted *accepted_read(const char *path, size_t *count);
/* The place of the first that fits; `count`: none does. */
size_t accepted_find(const struct accepted *accepted, size_t count, const char *function,
                     const char *argument, const char *wrong);
