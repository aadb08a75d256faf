/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles as they are inside: for handles.c and identity.c. */
#pragma once

#include "runtime.h"

struct handle {
    void *pointer; /* NULL once freed */
    const struct handle_kind *kind;
    VALUE parent;   /* what it belongs to; nil for connections */
    unsigned calls; /* in flight */
    bool freed;     /* while calls are in flight the pointer stays */
};

extern const rb_data_type_t handle_type;

/* Defines ==, eql? and hash. */
void identity_define(VALUE class);
