/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ids of events, by what they happen to, each with the type of its callbacks. */
#pragma once

#include "model.h"

struct event_family {
    const char *prefix;  /* of the constants */
    const char *table;   /* what a language calls the table of them */
    const char *generic; /* the callback type where the description names none */
};

extern const struct event_family event_families[];
extern const size_t event_family_count;

const char *event_callback(const struct constant *constant, const struct event_family *family);
/* The one with the next value; of NULL the first; NULL behind the last. */
const struct constant *event_next(const struct api *api, const struct event_family *family,
                                  const struct constant *last);
/* True for callback types of some id. */
bool event_is_used(const struct api *api, const char *callback);
