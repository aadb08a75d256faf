/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt has an event loop written in Ruby watch. The loop is given an object for each, and
 * gives it back when something happens. */
#pragma once

#include "loop.h"

typedef void (*any_function)(void);

enum entry_kind { ENTRY_DESCRIPTOR, ENTRY_TIMER };

struct entry {
    struct deferred deferred; /* how its data is freed; must be first */
    VALUE object;
    enum entry_kind kind;
    int id;
    any_function callback;
    void *opaque;
    virFreeCallback free;
    unsigned calls; /* in flight */
    bool is_added;
    bool is_removed;
    bool is_due; /* to be freed as soon as nothing is in flight */
    struct entry *next;
};

/* A new one with these values; its object is kept until entry_forget(). */
struct entry *entry_new(const struct entry *values);
/* The one that was added under this id; NULL: none. */
struct entry *entry_find(enum entry_kind kind, int id);
void entry_forget(const struct entry *entry);
/* Has libvirt free its data, as soon as nothing is in flight; for `deferred`. */
void entry_free(struct deferred *deferred);
