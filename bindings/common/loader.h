/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How every binding reaches libvirt: a table of function pointers, filled from the libraries that
 * are installed where the program runs. Nothing links against libvirt. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Generated: libvirt's types and constants, `struct vir_functions`, `enum vir_library`. */
#include "vir-api.h"

/* The table: vir.virDomainCreate(domain). An entry is NULL where the running libvirt lacks it or
 * its library is not open. */
extern struct vir_functions vir;

/* Opens one of the libraries and fills its part of the table; again is harmless.
 * VIR_LIBRARY_LIBVIRT comes first and also silences libvirt's own printing of errors. On failure
 * writes what to do into message. Not thread-safe: call it under the interpreter's lock. */
bool loader_open(enum vir_library library, char *message, size_t size);

/* The running libvirt's version as virGetVersion has it: 9000000; 0 before loader_open(). */
unsigned long loader_version(void);

/* virConnectAuthPtrDefault, which asks on the terminal; NULL before loader_open(). */
struct _virConnectAuth *loader_default_auth(void);

/* One row a function of the API, sorted by name; for those who look functions up. */
struct loader_function {
    const char *name;
    unsigned version; /* the release it appeared in: 11002000 */
    enum vir_library library;
    unsigned offset; /* of its pointer in struct vir_functions */
};
extern const struct loader_function loader_functions[];
extern const size_t loader_function_count;

/* NULL where the API has no such function. */
const struct loader_function *loader_find(const char *name);
/* True where the running libvirt has it. */
bool loader_has(const struct loader_function *function);

/* Writes "virDomainX needs libvirt 11.2.0, this is 9.0.0". */
void loader_explain_absence(const char *name, unsigned version, char *message, size_t size);
