/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trampolines.c: what libvirt calls when an event arrives, one a callback type, and the tables of
 * the ids of events; as templates, which a language gives. */
#pragma once

#include "rows.h"
#include "surface.h"

struct trampoline_rules {
    const struct rows *rows;
    const char *variables; /* what stands before the names of arguments: "given->" */
    const char *parent;    /* the object whose connection values belong to */
    const char *include;   /* of a header that it needs besides; "" */
    /* The statement that takes one value. Hole: value. */
    const char *give;
    /* Holes: name, head, first (the first argument), opaque, nothing (what an early end returns),
     * answer (the statement that ends it), fields (declarations of all but the opaque one), copies
     * (their names), unused, gives. */
    const char *trampoline;
    /* Statements that say of what is not used that it is not; NULL: nothing needs it. */
    const char *(*unused)(const char *gives);
    /* Holes: table, rows, count. */
    const char *table;
    const char *empty_table; /* the same where it has no rows; NULL: no other */
};

void emit_trampolines(const struct surface *surface, const struct trampoline_rules *rules,
                      struct output *output);
