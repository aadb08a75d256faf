/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ledger: a library that is loaded before all others (LD_PRELOAD) and takes free() and
 * realloc() over, so that it sees what becomes of the blocks that the stand-in hands out. Memory
 * once handed out is never used again, so each address means one block. All else is the C
 * library's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A zeroed block, and what it is, for faults; the words must stay. What is borrowed may not be
 * freed by anybody and does not count. NULL in a process without the ledger: these are weak. */
void *ledger_allocate(size_t size, const char *what, bool is_borrowed)
    __attribute__((weak, visibility("default")));
