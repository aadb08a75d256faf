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

/* NULL where the object is something else. Inline: each call asks several times. */
static inline struct handle *handle_of(VALUE object)
{
    return RB_TYPE_P(object, T_DATA) && RTYPEDDATA_P(object) &&
                   RTYPEDDATA_TYPE(object) == &handle_type
               ? RTYPEDDATA_DATA(object)
               : NULL;
}

/* Defines ==, eql? and hash. */
void identity_define(VALUE class);
