/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Ruby's glue is made of: arguments, converters, handles, errors, calls. Glue holds no
 * algorithm; it converts, calls, checks and collects with what is declared here.
 *
 * Converters raise. What must be released then stands in the frame of the glue, which rb_ensure()
 * releases; so whatever a converter hands out stands in the frame before the next one may raise.
 * `name` is the argument's, for messages; NULL for the receiver of a method. */
#pragma once

#include <ruby.h>
#include <stdbool.h>

#include "cpu_map.h"
#include "error.h"
#include "loader.h"
#include "params.h"

/* ---- arguments ---- */

/* What a method takes: `required` of `total` must be given; names are keywords, too. */
struct signature {
    unsigned required;
    unsigned total;
    const char *const *names;
};

/* Sorts arguments into values[total]; those not given are nil. */
void arguments_read(int count, const VALUE *arguments, const struct signature *signature,
                    VALUE *values);
/* The same of a setter, which is given one value or an array of all. */
void setter_read(VALUE value, const struct signature *signature, VALUE *values);

/* ---- scalars ---- */

int int_in(VALUE value, const char *name);
unsigned int uint_in(VALUE value, const char *name);
long long_in(VALUE value, const char *name);
unsigned long ulong_in(VALUE value, const char *name);
long long llong_in(VALUE value, const char *name);
unsigned long long ullong_in(VALUE value, const char *name);
size_t size_in(VALUE value, const char *name);
double double_in(VALUE value, const char *name);
/* true or false, nothing else. */
int bool_in(VALUE value, const char *name);

/* ---- text and bytes ---- */

/* The text of a String, or of what has to_str. *value becomes a frozen String that holds it, so
 * that no other thread changes it while Ruby's lock is released. */
const char *string_in(VALUE *value, const char *name);
const char *nullable_string_in(VALUE *value, const char *name);
/* An Array of Strings, which *value then holds; ended by NULL; free(). nil gives NULL where
 * nullable. */
void strings_in(VALUE *value, const char *name, bool nullable, char ***result, unsigned int *count);
/* Into a fixed room. */
void text_in(VALUE value, const char *name, char *room, size_t size);
void uuid_in(VALUE value, const char *name, unsigned char result[VIR_UUID_BUFLEN]);

struct bytes {
    void *data;
    size_t length;
};
struct bytes bytes_in(VALUE *value, const char *name);
/* A copy of our own, to be wiped. */
void secret_in(VALUE value, const char *name, struct bytes *result);
void secret_release(struct bytes *bytes);
/* Wipes what libvirt handed out, and frees it. */
void free_wiped(void *data, size_t length);

/* UTF-8; bytes that are none stay as they are. NULL gives nil. */
VALUE string_out(const char *text);
VALUE bytes_out(const void *data, size_t length); /* binary */
VALUE strings_out(char *const *strings, int count);
void strings_free(char **strings, int count); /* each and the array */

/* ---- arrays; memory is freed with free() ---- */

void uints_in(VALUE value, const char *name, unsigned int **result, unsigned int *count);
void ints_in(VALUE value, const char *name, int **result, unsigned int *count);
void ullongs_in(VALUE value, const char *name, unsigned long long **result, unsigned int *count);
/* IO objects or numbers. */
int descriptor_in(VALUE value, const char *name);
void descriptors_in(VALUE value, const char *name, bool nullable, int **result,
                    unsigned int *count);
VALUE ints_out(const int *numbers, int count);
VALUE uints_out(const unsigned int *numbers, int count);
VALUE ullongs_out(const unsigned long long *numbers, int count);

/* ---- CPUs ---- */

/* The numbers of CPUs that are on; `object` leads to the connection that says how many there are.
 */
void cpu_list_in(VALUE object, VALUE value, const char *name, unsigned char **map, int *length);
/* true or false a CPU */
VALUE cpu_map_out(const unsigned char *map, int cpus);
VALUE cpu_maps_out(const unsigned char *maps, int count, int cpus);

/* ---- typed parameters ---- */

/* The documented keys with their types. */
struct params_keys {
    const struct params_key *keys;
    size_t count;
};
/* A Hash with Strings or Symbols as keys; an Array as value repeats its key. */
void params_in(VALUE value, const char *name, const struct params_keys *keys, bool nullable,
               struct params *result);
/* With Strings as keys; the values of a repeated one are an Array. */
VALUE params_out(const virTypedParameter *params, int count);
VALUE params_by_cpu_out(const virTypedParameter *params, int per_cpu, int cpus);

/* ---- records ---- */

/* A class of plain objects with a reader a field. */
struct record_class {
    const char *path;
    const char *const *attributes; /* ended by NULL */
    VALUE class;
    rb_alloc_func_t allocate; /* the class's own, found once */
    ID *variables;
};
extern struct record_class *const record_classes[]; /* generated; ended by NULL */
void record_classes_make(void);
VALUE record_new(const struct record_class *class);
void record_set(VALUE object, const struct record_class *class, size_t place, VALUE value);
/* Adds under a text as key. */
void pack_key(VALUE hash, const char *key, VALUE value);
void pack_record(VALUE hash, VALUE key, VALUE value);
/* The fields of a Hash, or of an object with such readers. */
void record_fields(VALUE value, const char *name, const char *const *names, VALUE *fields,
                   size_t count);

/* ---- handles ---- */

/* One kind of handle. */
struct handle_kind {
    const char *name;                 /* "Domain", for messages */
    const char *path;                 /* "Libvirt::Domain" */
    unsigned uuid;                    /* offset in struct vir_functions of virDomainGetUUID */
    unsigned text;                    /* or of virStorageVolGetKey; 0: it is its pointer */
    unsigned release;                 /* and of virDomainFree */
    unsigned retain;                  /* and of virDomainRef; 0: there is none */
    const struct handle_kind *parent; /* kind of what it keeps alive; NULL for connections */
    VALUE *class;                     /* set when it is made */
};
#include "kinds.h" /* generated: handle_kind_virConnect and so on, one a handle */
extern const struct handle_kind *const handle_kinds[]; /* ended by NULL */

void handle_classes_make(void);
/* The pointer for a call that keeps Ruby's lock; raises ArgumentError (freed, or its connection
 * is) or TypeError. */
void *handle_get(VALUE object, const struct handle_kind *kind, const char *name);
/* Raises unless a handle of any kind is there. */
void handle_check(VALUE object);
/* The same for a call that releases it: counted as in flight until handle_leave(). */
void *handle_enter(VALUE object, const struct handle_kind *kind, const char *name);
void handle_leave(VALUE object);
/* An Array of handles, ended by NULL; *value then holds those that were entered. */
void handles_enter(VALUE *value, const struct handle_kind *kind, const char *name,
                   void ***pointers);
void handles_leave(void **pointers, VALUE entered);
/* A new object, which counts as freed until it has a pointer; `self` is whatever was given. */
VALUE new_handle(const struct handle_kind *kind, VALUE self);
/* Gives it a reference to take over; also without Ruby's lock. */
void new_handle_fill(VALUE object, void *pointer);
VALUE new_handles_out(void **pointers, int count, const struct handle_kind *kind, VALUE self);
/* Releases what no object has taken over. */
void new_handle_free(void *pointer, const struct handle_kind *kind);
void new_handles_free(void **pointers, int count, const struct handle_kind *kind);
/* An object with a reference of its own to what libvirt lends. */
VALUE handle_lent_out(void *pointer, const struct handle_kind *kind, VALUE self);
/* The connection behind any handle; what an object of `kind` keeps alive that `self` made. */
VALUE handle_connection(VALUE object);
VALUE handle_parent_for(VALUE self, const struct handle_kind *kind);
/* True while the object has a pointer. */
bool handle_is_open(VALUE object);
/* The same, where the caller releases what stands in *pointer: NULL while something is in flight.
 */
bool handle_take(VALUE object, void **pointer);
/* Takes the pointer out of the object, and releases it once nothing is in flight; false: there
 * was none. */
bool handle_release(VALUE object);

/* ---- calls and errors ---- */

/* Runs a function without Ruby's lock. Interrupts wait until it has returned. */
void call_blocking(void *(*function)(void *), void *data);
/* The same for a handle that was entered, which is left when the call is over, however that ends.
 */
void call_blocking_and_leave(void *(*function)(void *), void *data, VALUE entered);
/* The same for what must happen: where an interrupt is waiting it runs at once, with Ruby's lock.
 */
void call_regardless(void *(*function)(void *), void *data);
/* The same as call_blocking(), where `unblock` makes the function return soon. Under a scheduler of
 * fibers it runs on a thread of its own, and other fibers go on. */
void call_interruptible(void *(*function)(void *), void *data, void (*unblock)(void *),
                        void *unblock_data);
/* The same for a function that runs callbacks of events (callback_fire()): Ruby's come after it.
 * `unblock` may be called by a handler of signals. */
void call_pumping(void *(*function)(void *), void *data, void (*unblock)(void *),
                  void *unblock_data);

/* True in a call of this thread's; in one of call_pumping(). */
bool call_is_running(void);
bool call_is_pumping(void);
/* Ruby's code that runs within a call must not unwind it: the call goes on with rb_jump_tag(state)
 * once libvirt has returned. False where no call takes it; the first one counts. */
bool call_leave(int state);
bool call_is_leaving(void);
/* What runs with Ruby's lock after the innermost or the outermost call of this thread has returned;
 * it may raise, and frees itself. False where there is no call. */
struct deferred {
    void (*function)(struct deferred *deferred);
    struct deferred *next;
};
bool call_defer(struct deferred *deferred);
bool call_defer_outermost(struct deferred *deferred);

extern VALUE error_class_Error, error_class_ConnectionError, error_class_DefinitionError,
    error_class_RetrieveError, error_class_AgainError, error_class_NoSupportError;
void error_classes_make(void);
/* Raises the captured error; frees it. */
_Noreturn void raise_error(struct captured_error *error, const char *function, VALUE class);
/* Raises this thread's last error. */
_Noreturn void raise_last_error(const char *function, VALUE class);
/* Raises where the running libvirt lacks the function. */
void function_require(const char *c_name);

/* ---- modules ---- */

struct function_definition {
    const char *c_name; /* looked up in the loader; not defined where libvirt lacks it */
    const char *name;
    VALUE (*function)(ANYARGS);
    int arity;
    bool is_singleton;
};
struct owner_definition {
    const char *path;                            /* "Libvirt::Domain" */
    const struct function_definition *functions; /* ended by NULL */
};
struct constant_definition {
    const char *module;
    const char *name;
    unsigned version;
    const char *text; /* a string constant; NULL: a number */
    long long number;
};
extern const struct owner_definition owner_definitions[];       /* generated; ended by NULL */
extern const struct constant_definition constant_definitions[]; /* the same */
/* Libvirt, or what stands in it: made where it is not there. */
VALUE module_at(const char *path);
void methods_define(void);
void constants_define(void);
/* What is written by hand for Ruby alone. */
void extras_define(void);
