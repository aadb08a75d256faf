/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ruby's emitter in parts: where Ruby has each function (emit_surface.c), and what is written from
 * that: glue, records, events, tables. */
#pragma once

#include "surface.h"

struct surface *ruby_surface(const struct emission *emission);
/* "Libvirt::Domain#create", "Libvirt::Domain.restore", "Libvirt.open" */
char *ruby_path(const struct bound_function *function);
/* "Libvirt::Domain" */
char *ruby_class_of(const struct surface *surface, const struct handle *handle);
/* "Libvirt", or "Libvirt::Admin" */
const char *ruby_module_of(enum library library);
/* "Domain" of virDomain, "Connect" of virAdmConnect */
const char *ruby_bare_name(const struct handle *handle);
struct constant_place ruby_place_constant(const struct surface *surface,
                                          const struct constant *constant);
/* All of its places, that one first. */
const struct constant_place *ruby_constant_places(const struct surface *surface,
                                                  const struct constant *constant, size_t *count);
/* "domain_snapshot": what stands in the names of files and tables. */
char *ruby_file_name(const char *module);
/* The function that is called in place of one that differs by its flags alone, where these and all
 * that it lacks are left out: virDomainCreate for virDomainCreateWithFlags; NULL: none is. */
const struct plan *ruby_plain(const struct surface *surface, const struct plan *plan);
/* True for a method that is part of another: virDomainCreate. */
bool ruby_is_merged(const struct surface *surface, const struct plan *plan);
/* True for methods that set something: they take one value, or an array of all. */
bool ruby_is_setter(const struct bound_function *function);
/* True for parameters of a setter: none are nothing to be set. */
bool ruby_is_idle_without(const struct bound_function *function, const struct step *step);
/* "RetrieveError": the class of the exception where the function fails. */
const char *ruby_error_class(const struct surface *surface, const struct plan *plan);
/* The name that the exception tells. */
const char *ruby_reported_name(const struct surface *surface, const struct plan *plan);

/* ---- names (emit_names.c) ---- */

/* "lookup_domain_by_name" */
char *ruby_name_by_rule(const struct surface *surface, const struct plan *plan);
/* What else the same method is called; a name without = of a setter takes the arguments one by one.
 */
const char *const *ruby_other_names(const struct surface *surface,
                                    const struct bound_function *function, size_t *count);
/* The C name of the function that takes no flags. */
const char *ruby_without_flags(const char *c_name);
char *ruby_snake(const char *name);
/* With nouns of two words as one: nodedevice. */
char *ruby_joined(const char *name);

/* ---- what the runtime gives (emit_runtime_methods.c) ---- */

struct runtime_method {
    const char *name;       /* "self.event_invoke_timeout_callback" */
    const char *parameters; /* "(timer, opaque)", or "" */
    const char *signature;  /* "() -> nil" */
    const char *text;
};

/* Those of a class or module. */
const struct runtime_method *ruby_runtime_methods(const struct surface *surface, const char *owner,
                                                  size_t *count);

/* ---- parts ---- */

bool ruby_has_row(enum pattern pattern);
/* One glue function with all that belongs to it. */
void ruby_emit_glue(struct buffer *buffer, const struct surface *surface,
                    const struct bound_function *function);
/* One file of glue a class, glue.h, and the tables. */
void ruby_emit_functions(const struct surface *surface, struct output *output);
/* records.h and records.c */
void ruby_emit_records(const struct surface *surface, struct output *output);
/* trampolines.c */
void ruby_emit_events(const struct surface *surface, struct output *output);
/* constant_tables.c; kinds.h, kinds.c and class_tables.c */
void ruby_emit_constants(const struct surface *surface, struct output *output);
void ruby_emit_modules(const struct surface *surface, struct output *output);
/* "VALUE self, VALUE argument_0": the C parameters of a function's glue. */
char *ruby_glue_parameters(const struct bound_function *function);
/* "call_virDomainCreate", "override_virStreamSend" */
char *ruby_glue_name(const struct surface *surface, const struct bound_function *function);
/* The function with one of its other names. */
struct bound_function ruby_renamed(const struct bound_function *function, const char *name);
/* True for a setter that is a method, too, which takes the arguments one by one: `other`. */
bool ruby_takes_one_by_one(const struct surface *surface, const struct bound_function *function,
                           struct bound_function *other);
int ruby_arity(const struct bound_function *function);
/* "Libvirt::Domain", or "Libvirt" for a module's functions. */
const char *ruby_owner(const struct bound_function *function);
/* The owners of functions, sorted. */
const char **ruby_owners(const struct surface *surface, size_t *count);
/* documentation.rb */
void ruby_emit_documentation(const struct surface *surface, struct output *output);
/* libvirt.rbs */
void ruby_emit_signatures(const struct surface *surface, struct output *output);
/* A parameter's name as Ruby's variable. */
char *ruby_parameter_name(const char *name);
