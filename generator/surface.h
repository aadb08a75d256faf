/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a language sees of each function of libvirt, decided once: module, class, name, parameters,
 * defaults. Where things are and what they are called, the language's rules say; what those do not
 * give is data in its names file:
 *
 *     virDomainRestore
 *         parameter from frm       # another name for an argument
 *         default dxml None        # may be left out
 *         required flags           # flags that may not
 *         without flags            # an argument that the language does not give: 0 is passed
 *         order fd idx flags       # another order than C's
 *         name restore             # another name than the rule gives
 *         by-hand                  # written in overrides/, though it could be generated
 *         block handler            # what is given as a block, in languages that have them
 *         takes files []           # the arguments of what is written by hand, one a line
 *         takes-nothing
 */
#pragma once

#include "backend.h"

/* One argument as a program gives it. */
struct bound_parameter {
    const char *name;
    const char *value;       /* what it is when left out, as the language's text; NULL: required */
    const struct step *step; /* NULL: of a function written by hand */
};

/* One function of libvirt as the language has it. */
struct bound_function {
    const struct plan *plan;
    const char *name;       /* "lookupByName" */
    const char *module;     /* "libvirt" */
    const char *class_name; /* "virConnect"; NULL: a function of the module */
    bool self_is_argument;  /* self is what C takes first */
    bool by_hand;           /* override_NAME instead of generated glue */
    struct bound_parameter *parameters;
    size_t parameter_count;
    size_t required;
    const char *block; /* what is given as a block; NULL: none is */
};

struct surface;

/* Where a constant is. */
struct constant_place {
    const char *module; /* or class */
    const char *name;
};

/* What a language decides of them. */
struct surface_rules {
    const char *title;   /* "Python" */
    const char *nothing; /* "None": the default of what may be NULL */
    /* "libvirt.virDomain.create", for documentation and the manifest. */
    char *(*path)(const struct bound_function *function);
    /* "virDomain": as class_name of functions */
    char *(*class_name)(const struct surface *surface, const struct handle *handle);
    /* "libvirt.virDomain": where it is found */
    char *(*class_of)(const struct surface *surface, const struct handle *handle);
    struct constant_place (*place_constant)(const struct surface *surface,
                                            const struct constant *constant);
    /* True for methods that take one value, or a list of all. */
    bool (*takes_list)(const struct bound_function *function);
    /* True for a list or map without which, being empty, nothing is called; NULL: there is none. */
    bool (*is_idle_without)(const struct bound_function *function, const struct step *step);
    const char *records; /* "list": what structs become, see record_shapes.h */
    /* The method that ends a handle, which C's programs call a release function for; NULL: the
     * language does it by itself. */
    const char *release;
    /* The function that is called in place of one that takes more, where that is 0 or nothing;
     * NULL: none is. May be NULL itself. */
    const struct plan *(*plain)(const struct surface *surface, const struct plan *plan);
    /* How the language spells an argument's name; NULL: as C does. */
    char *(*parameter_name)(const char *c_name);
    /* What may be NULL may be left out, where nothing behind it must be given. */
    bool leaves_out_nullable;
    /* Yes or no is answered as 1 or 0. */
    bool answers_numbers;
    /* Adds what the language's own tools need to a function's entry in the manifest; NULL: no more
     * than all have. */
    void (*describe)(const struct surface *surface, const struct bound_function *function,
                     struct buffer *members);
    /* Sets module, class, name and self_is_argument. */
    void (*place)(const struct surface *surface, struct bound_function *function);
};

struct surface {
    const struct emission *emission;
    const struct surface_rules *rules;
    struct bound_function *functions; /* by C name */
    size_t function_count;
};

struct surface *surface_make(const struct emission *emission, const struct surface_rules *rules);
/* NULL where the language has no such function. */
const struct bound_function *surface_find(const struct surface *surface, const char *c_name);
/* True for functions that lend a handle; the method, of the runtime's own, that answers it. */
bool surface_lends(const struct surface *surface, const struct plan *plan,
                   struct bound_function *function);
/* The parameter that is made of a step, and which it is; NULL: none is. */
const struct bound_parameter *bound_parameter_of(const struct bound_function *function,
                                                 const struct step *step, size_t *index);
/* True for what C takes first and the language calls the method of. */
bool bound_is_self(const struct bound_function *function, const struct step *step);
/* What keeps the connection of new objects alive, as C of glue: self where that is an object, or
 * the first object given, or `nothing`. What stands before both names is `variables`. */
const char *bound_parent(const struct bound_function *function, bool has_self,
                         const char *variables, const char *nothing);
/* "$self, xml, flags=0"; first is what stands for self, NULL leaves it out. */
char *bound_parameters(const struct bound_function *function, const char *first);
/* True for constants that programs see: all but those that end an enum.
 *
 *     constant VIR_DOMAIN_MEMORY_STAT_LAST
 *         keep                 # although it moves from release to release
 *     constant LIBVIR_*
 *         left-out             # not of use to a program
 */
bool surface_has_constant(const struct surface *surface, const struct constant *constant);
/* Queues manifest.json. */
void surface_manifest(const struct surface *surface, struct output *output);
/* The words of a names fact about a subject; "" where there is none. */
const char *surface_fact(const struct surface *surface, const char *subject, const char *key);
/* True where a fact with this key about the subject has `word` as its first; *fact gets it. */
bool surface_has_fact(const struct surface *surface, const char *subject, const char *key,
                      const char *word, const struct fact **fact);

/* True for a method or function of that class and module. */
static inline bool belongs_to(const struct bound_function *function, const char *module,
                              const char *class_name)
{
    return text_equal(function->module, module) &&
           (class_name ? function->class_name && text_equal(function->class_name, class_name)
                       : !function->class_name);
}
