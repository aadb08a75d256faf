/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Callbacks that were registered, and the loop that calls each of them once. */
#pragma once

#include "stand_in.h"

struct registration;

/* Calls a callback of one type with what grid.h says; one for each type is generated. `handle` is
 * the connection or stream that it was registered with. */
typedef void (*event_fire)(struct call *call, void (*callback)(void), struct handle *handle,
                           void *opaque);

/* Its number. */
int event_add(const struct call *call, event_fire fire, void (*callback)(void), void *opaque,
              virFreeCallback release);
/* In place of the one that the same function registered with the same handle; NULL: of none. */
void event_replace(const struct call *call, event_fire fire, void (*callback)(void), void *opaque);
/* Of those that `function` registered, the one with this number, with this callback, or the last
 * with this call's handle; calls its free callback. False where there is none. */
bool event_remove_number(const struct call *call, const char *function, int number);
bool event_remove_callback(const struct call *call, const char *function, void (*callback)(void));
bool event_remove_handle(const struct call *call, const char *function);
/* For the call of a callback: what it was registered with, if that is of the kind, else a new
 * handle that belongs to it; and the end of that. */
struct handle *event_lend_handle(struct call *call, struct handle *with, const struct kind *kind);
void event_lend_end(struct handle *with, struct handle *lent);
/* The handle is freed. */
void event_forget_handle(const struct handle *handle);
