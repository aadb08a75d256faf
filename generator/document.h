/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a function: the description's text with the language's names, the arguments, the
 * result as the language has it, and at the end the C name and the release that it came with.
 *
 * Of what is written by hand, bindings/LANG/names has the language's own words where C's mislead:
 *
 *     virConnectOpenAuth
 *         says The block is asked for credentials. # in place of the text, a line a paragraph
 *         returns a Connect
 */
#pragma once

#include "surface.h"

/* A language's words for what comes back. */
struct document_words {
    size_t width;
    const char *number;  /* "an int" */
    const char *worked;  /* "0": what comes back where C only says that it worked */
    const char *none;    /* "empty": what a value is that was not found */
    const char *list_of; /* "a list of" */
    const char *label;   /* ": ", what stands between an argument's name and what is said of it */
    /* "a str"; NULL where the description's own words tell more. */
    const char *patterns[PATTERN_TOTAL];
    /* A function's name in text: "virDomain.create". */
    char *(*path)(const struct bound_function *function);
};

char *document_function(const struct surface *surface, const struct bound_function *function,
                        const struct document_words *words);
/* How a record looks: "[state, maxMem]". */
char *document_record(const struct surface *surface, const struct record *record);
