/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A language's manifest, as docs/conformance.md describes it: what it says of libvirt is written
 * here, what it says of the language by the language's emitter. */
#pragma once

#include "json.h"
#include "plan.h"

struct manifest {
    const char *language;
    struct buffer handles, callbacks, constants, functions;
};

/* Adds an entry to one of the four. */
void manifest_add(struct buffer *section, const char *name, const struct buffer *members);
/* Queues manifest.json. */
void manifest_write(const struct manifest *manifest, const struct plans *plans,
                    struct output *output);

/* ---- members of an entry that no language decides ---- */

/* Library, release, kind, prototype and arguments. */
void manifest_function(struct buffer *members, const struct plan *plan);
/* Value, release, enum, and the callback type of an event's id. */
void manifest_constant(struct buffer *members, const struct constant *constant);
/* The functions that answer its key and end it. */
void manifest_handle(struct buffer *members, const struct plans *plans,
                     const struct handle_plan *plan);
/* Name, pattern, kind, and whether it may be NULL. */
void manifest_argument(struct buffer *members, const struct step *step);
/* True for callback types that a caller gives callables for. */
bool manifest_has_callback(const struct plans *plans, const struct callback *callback);

/* ---- shapes ---- */

/* What a language has as a rule for one step; NULL where records or callbacks are in it, which the
 * language's emitter says. */
const char *manifest_plain_shape(const struct step *step);
const char *manifest_number(enum scalar scalar);
char *manifest_list(const char *shape);
/* Fields are members; `form` is how they are held: "list", "map", "value". */
char *manifest_record(const struct buffer *fields, const char *form);
