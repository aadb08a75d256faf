/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A set of addresses; for the allocator, so that it allocates nothing. From any thread. */
#pragma once

#include <stdbool.h>

/* False where the set is full. */
bool blocks_enter(const void *address);
/* False where it was not in the set. */
bool blocks_leave(const void *address);
