/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the stand-in's emitter. tests/stand-in/ has what the emitted C is made of. */
#pragma once

#include "plan.h"
#include "text.h"

/* The definition of a function of libvirt's. */
void stand_in_function(struct buffer *buffer, const struct plans *plans, const struct plan *plan);

/* Functions that fill, take and release each record, and their prototypes. */
void stand_in_records(struct buffer *buffer, struct buffer *prototypes, const struct plans *plans);

/* Functions that call each callback type, and their prototypes. */
void stand_in_callbacks(struct buffer *buffer, struct buffer *prototypes,
                        const struct plans *plans);
/* `fire_TYPE`, or `fire_of_ENUM(event)` where an event's id says which type a callback has. */
const char *stand_in_fire(const struct plan *plan, const struct step *callback);

/* The function that registered what this one takes back; NULL: it takes nothing back. */
const char *stand_in_registering(const struct plans *plans, const struct plan *plan);
/* A callback that is called after the function has returned: it has a free callback, or another one
 * takes its place. */
bool stand_in_registers(const struct plan *plan);
/* Another callback takes the place of this one; none does where it is NULL. */
bool stand_in_replaces(const struct plan *plan);
/* The record that errors are. */
bool stand_in_is_error(const struct plans *plans, const struct record *record);

/* The first step with this pattern, or NULL. */
const struct step *stand_in_step(const struct plan *plan, enum pattern pattern);

void emit_vectors(const struct plans *plans, struct output *output);
