/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's emitter in parts: what Python sees of each function is decided once (emit_surface.c);
 * glue, records, events, tables and documentation are written from that. */
#pragma once

#include "backend.h"

/* One argument as a Python program gives it. */
struct python_parameter {
    const char *name;
    const char *value;       /* what it is when left out, as Python text; NULL: required */
    const struct step *step; /* NULL: of a function written by hand */
};

/* One function of libvirt as Python has it. */
struct python_function {
    const struct plan *plan;
    const char *name;       /* "lookupByName" */
    const char *module;     /* "libvirt" */
    const char *class_name; /* "virConnect"; NULL: a function of the module */
    bool self_is_argument;  /* self is what C takes first */
    bool by_hand;           /* override_NAME instead of generated glue */
    struct python_parameter *parameters;
    size_t parameter_count;
    size_t required;
};

struct surface {
    const struct emission *emission;
    struct python_function *functions; /* by C name */
    size_t function_count;
};

struct surface *surface_make(const struct emission *emission);
/* NULL where Python has no such function. */
const struct python_function *surface_find(const struct surface *surface, const char *c_name);
/* True for functions that lend a handle; the method, of the runtime's own, that answers it. */
bool surface_lends(const struct surface *surface, const struct plan *plan,
                   struct python_function *function);
/* "$self, xml, flags=0"; first is what stands for self, NULL leaves it out. */
char *python_parameters(const struct python_function *function, const char *first);
/* "libvirt.virDomain.create", or "virDomain.create" as documentation has it. */
char *python_path(const struct python_function *function, bool with_module);
/* The words of a names fact about a subject; "" where there is none. */
const char *surface_fact(const struct surface *surface, const char *subject, const char *key);
/* True where a fact with this key about the subject has `word` as its first; *fact gets it. */
bool surface_has_fact(const struct surface *surface, const char *subject, const char *key,
                      const char *word, const struct fact **fact);
const char *python_module_of(enum library library);

/* ---- C text ---- */

/* "PyLong_FromLong(x)" */
char *number_out_text(enum scalar scalar, const char *expression);
/* "pack_list((PyObject *[]){…}, 2)"; items are expressions with commas, one a line; names are
 * literals with commas, NULL where `pack` takes none. */
char *packed_text(const char *pack, const char *names, const char *items, size_t count);

/* ---- parts ---- */

bool python_has_row(enum pattern pattern);
/* One glue function. */
void emit_glue(struct buffer *buffer, const struct surface *surface,
               const struct python_function *function);
/* How a record looks in Python, for documentation: "[state, maxMem]"; and whether several of them
 * become one dict. */
char *record_words(const struct surface *surface, const struct record *record);
bool record_makes_dict(const struct surface *surface, const struct record *record);
/* records.h and records.c */
void emit_records(const struct surface *surface, struct output *output);
/* trampolines.c */
void emit_events(const struct surface *surface, struct output *output);
/* One file of glue a class or module, glue.h, and the tables. */
void emit_functions(const struct surface *surface, struct output *output);
/* constant_tables.c; kinds.h, kinds.c and module_tables.c */
void emit_constants(const struct surface *surface, struct output *output);
void emit_modules(const struct surface *surface, struct output *output);
bool constant_is_shown(const struct surface *surface, const struct constant *constant);
/* manifest.json */
void emit_manifest(const struct surface *surface, struct output *output);
/* "name($self, flags=0)\n--\n\ntext …" */
char *python_documentation(const struct surface *surface, const struct python_function *function);

/* True for a method or function of that class and module. */
static inline bool belongs_to(const struct python_function *function, const char *module,
                              const char *class_name)
{
    return text_equal(function->module, module) &&
           (class_name ? function->class_name && text_equal(function->class_name, class_name)
                       : !function->class_name);
}
