/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The languages that can be tested: their runners' commands and manifests. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "accepted.h"
#include "differences.h"

struct language {
    const char *name;              /* "C", or the folder's in bindings */
    const char **command;          /* NULL-ended */
    const char **environment;      /* "NAME=value", NULL-ended */
    struct json_object *manifest;  /* NULL for C */
    struct json_object *functions; /* the manifest's */
    bool
        established; /* it is not ours: it may lack functions, and need not refuse what ours does */
    struct difference *differences; /* of such a one */
    size_t difference_count;
    struct accepted *accepted; /* wrong use that it accepts on purpose */
    size_t accepted_count;
};

/* True where the language calls another function, which takes less, because what that has not is
 * 0 or nothing here. */
bool language_calls_plain(const struct language *language, const char *function,
                          struct json_object *given);
/* What the language tells of an error of libvirt's, going by the one that it got: the function may
 * be missing, of an established binding all that it has nothing for. A new object. */
struct json_object *language_tells(const struct language *language, struct json_object *error,
                                   struct json_object *got);
/* The runner of C. */
struct language language_c(const char *build);
/* The languages that have a file conformance/command, sorted by name; those of `names` alone where
 * there are any. With `established` it is conformance/established, and stands for the established
 * bindings of the languages. NULL after errors were reported. */
struct language *languages_find(const char *source, const char *build, const char *const *names,
                                size_t name_count, bool established, size_t *count);
