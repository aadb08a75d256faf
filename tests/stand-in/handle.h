/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stand-in's handles: what a virDomainPtr points to. They are never used again once freed, so
 * that a dead one is known. */
#pragma once

#include <stdbool.h>

/* One for each kind is generated. */
struct kind {
    const char *name;          /* "virDomain" */
    const struct kind *parent; /* what it belongs to, and keeps; NULL: a connection */
    unsigned number;           /* its place in struct control */
};

struct handle;

/* With one reference, and one on the parent. */
struct handle *handle_new(const struct kind *kind, struct handle *parent);
/* False where it is not an object of this kind that is alive; a fault says so. */
bool handle_check(const void *handle, const struct kind *kind, const char *function);
/* The number of references that are left. */
int handle_retain(struct handle *handle);
int handle_release(struct handle *handle);
/* "virDomain#1" */
const char *handle_text(const struct handle *handle);
struct handle *handle_parent(struct handle *handle);
const struct kind *handle_kind(const struct handle *handle);
