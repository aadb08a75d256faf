/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's emitter in parts: what Python sees of each function is decided once (emit_surface.c);
 * glue, records, events, tables and documentation are written from that. */
#pragma once

#include "surface.h"

/* What Python sees of each function. */
struct surface *python_surface(const struct emission *emission);
/* "libvirt.virDomain.create", or "virDomain.create" as documentation has it. */
char *python_path(const struct bound_function *function, bool with_module);
const char *python_module_of(enum library library);

/* ---- C text ---- */

/* "pack_list((PyObject *[]){…}, 2)"; items are expressions with commas, one a line; names are
 * literals with commas, NULL where `pack` takes none. */
char *packed_text(const char *pack, const char *names, const char *items, size_t count);

/* ---- parts ---- */

bool python_has_row(enum pattern pattern);
/* One glue function. */
void python_emit_glue(struct buffer *buffer, const struct surface *surface,
                      const struct bound_function *function);
/* records.h and records.c */
void python_emit_records(const struct surface *surface, struct output *output);
/* trampolines.c */
void python_emit_events(const struct surface *surface, struct output *output);
/* One file of glue a class or module, glue.h, and the tables. */
void python_emit_functions(const struct surface *surface, struct output *output);
/* constant_tables.c; kinds.h, kinds.c and module_tables.c */
void python_emit_constants(const struct surface *surface, struct output *output);
void python_emit_modules(const struct surface *surface, struct output *output);
/* "name($self, flags=0)\n--\n\ntext …" */
char *python_documentation(const struct surface *surface, const struct bound_function *function);
