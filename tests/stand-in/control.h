/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file that STAND_IN_CONTROL names, mapped by the stand-in, by its ledger, and by whoever plays
 * vectors. Whoever plays writes the orders while no call runs, and reads the rest.
 *
 * To play a vector: make the handles it asks for while `function` is empty; then write function,
 * vector and fails, and zero record_length, fault_length and every `made`; have the function
 * called; read the record and the faults; empty `function`; have all that was answered forgotten;
 * see that `alive` and `blocks` are what they were before. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONTROL_FUNCTION = 64,
    CONTROL_KINDS = 32,
    CONTROL_FAULTS = 1 << 16,
    CONTROL_RECORD = 1 << 22,
};
#define CONTROL_MAGIC "stand-in"

struct control_kind {
    char name[48]; /* "virDomain"; "" beyond the last */
    /* Those that are not freed yet, and their references. */
    _Atomic int64_t alive;
    _Atomic int64_t references;
    /* Handles are called virDomain#1, virDomain#2 … where they were made in no vector, and
     * virDomain+1, virDomain+2 … within one. */
    _Atomic uint32_t set_up;
    _Atomic uint32_t made;
};

struct control {
    char magic[8];
    /* Orders. */
    char function[CONTROL_FUNCTION]; /* the one that is played; "": none */
    uint32_t vector;
    uint32_t fails; /* it is to fail */
    /* Blocks handed out and not freed yet; all that ever were. */
    _Atomic int64_t blocks;
    _Atomic int64_t blocks_ever;
    _Atomic uint64_t fault_length;
    _Atomic uint64_t record_length;
    struct control_kind kinds[CONTROL_KINDS];
    /* A line for each wrong release, and for each handle that is dead or of the wrong kind. What
     * does not fit is counted and left out. */
    char faults[CONTROL_FAULTS];
    /* A line for each call: {"function": "virDomainGetInfo", "arguments": ["virDomain#1"]}. */
    char record[CONTROL_RECORD];
};

/* Those who have no C compiler count on these. */
_Static_assert(offsetof(struct control, function) == 8, "function");
_Static_assert(offsetof(struct control, vector) == 72, "vector");
_Static_assert(offsetof(struct control, fails) == 76, "fails");
_Static_assert(offsetof(struct control, blocks) == 80, "blocks");
_Static_assert(offsetof(struct control, blocks_ever) == 88, "blocks_ever");
_Static_assert(offsetof(struct control, fault_length) == 96, "fault_length");
_Static_assert(offsetof(struct control, record_length) == 104, "record_length");
_Static_assert(offsetof(struct control, kinds) == 112, "kinds");
_Static_assert(sizeof(struct control_kind) == 72, "control_kind");

/* The mapping; memory of the process's own where STAND_IN_CONTROL names nothing. Made when first
 * asked for, and the same ever after. */
struct control *control(void);
/* Adds a line, cutting none in two. */
void control_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void control_record(const char *line, size_t length);
