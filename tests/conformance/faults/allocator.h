/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file that ALLOCATOR_CONTROL names, mapped by allocator.so and by whoever lets allocations
 * fail. Whoever does writes the orders while no call runs: `failed` and `count` to 0, `fail_at`,
 * then `turn` to another number than before; and `turn` to 0 when the call is over.
 *
 * Allocations of ours are those that modules make whose names match ALLOCATOR_MODULES, patterns
 * with colons between them, by themselves or through modules that match ALLOCATOR_THROUGH: an
 * interpreter that makes a text for the module, say. What the functions in ALLOCATOR_SPARED lead to
 * is not ours: what runs the code of a callback, say. None is while the function that
 * ALLOCATOR_PAUSES names, an int (void), says so: an interpreter's garbage collection, say. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct allocator_control {
    /* Orders. */
    _Atomic uint64_t turn;    /* 0: nothing is counted, and none fails */
    _Atomic uint64_t fail_at; /* which of the allocations fails, from 1; 0: none */
    _Atomic uint64_t more;    /* how many right after it fail too */
    /* Of this turn. */
    _Atomic uint64_t count;  /* allocations of ours */
    _Atomic uint64_t failed; /* those that failed */
    /* Of all turns: blocks of ours that are not freed. */
    _Atomic int64_t alive;
};

/* Those who have no C compiler count on these. */
_Static_assert(offsetof(struct allocator_control, fail_at) == 8, "fail_at");
_Static_assert(offsetof(struct allocator_control, more) == 16, "more");
_Static_assert(offsetof(struct allocator_control, count) == 24, "count");
_Static_assert(offsetof(struct allocator_control, failed) == 32, "failed");
_Static_assert(offsetof(struct allocator_control, alive) == 40, "alive");
_Static_assert(sizeof(struct allocator_control) == 48, "allocator_control");
