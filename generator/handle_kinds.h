/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kinds.h and kinds.c: libvirt's kinds of handles as C, each with its functions and its parent, and
 * what else a language knows of it. */
#pragma once

#include "surface.h"

struct kind_rules {
    const char *class_type; /* "VALUE ": of the variable with the class */
    const char *class_word; /* what it and the member that points to it are called */
    /* The members that are the language's own, a line each. */
    const char *(*members)(const struct surface *surface, const struct handle_plan *plan);
    const char *list_end; /* the lines that end the list of all */
};

void emit_handle_kinds(const struct surface *surface, const struct kind_rules *rules,
                       struct output *output);
