/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

struct options {
    const char *source; /* both are real paths */
    const char *build;
    const char *source_prefix; /* of files that are shown: none where one stands in the source */
    const char **languages;    /* none: all */
    size_t language_count;
    const char **legs; /* none: all */
    size_t leg_count;
    const char *part; /* of names of cases; NULL: all */
    struct json_object *variables;
    struct json_object *without; /* variables that are not given, to why */
    unsigned jobs;
    unsigned seconds;
    bool verbose;
    bool established;      /* play the established bindings in place of ours */
    const char *translate; /* lines for this manifest, and play nothing */
    const char *junit;
    const char *html;
};

/* Ends the program where it is to show help, or where an option is wrong (status 2). */
struct options options_read(int argc, char **argv);
