/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rows of all languages share, as their runtimes call things by the same names: the C
 * variables, what C is passed, and, where the names suffice, how values are collected and released.
 * A language's own row replaces what is otherwise in it. */
#pragma once

#include "rows.h"

extern const struct rows usual_rows;

struct usual_converter {
    const char *read; /* from the language */
    const char *list; /* of lists of them, both ways; NULL: there are none */
};

extern const struct usual_converter usual_converters[]; /* by scalar */
