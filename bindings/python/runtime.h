/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Python's glue is made of: arguments, converters, handles, errors, calls. Glue holds no
 * algorithm; it converts, calls, checks, collects and releases with what is declared here.
 *
 * Converters return false, or NULL, with a Python exception set. */
#pragma once

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>
#include <stdbool.h>

#include "cpu_map.h"
#include "error.h"
#include "loader.h"
#include "params.h"

/* ---- arguments ---- */

/* What a Python function takes: `required` of `total` must be given; names are keywords too. */
struct signature {
    const char *function; /* the C function, for messages */
    Py_ssize_t required;
    Py_ssize_t total;
    const char *const *names;
};

/* Sorts fast-call arguments into values[total]; those not given stay as they were. */
bool arguments_read(const struct signature *signature, PyObject *const *arguments, Py_ssize_t count,
                    PyObject *keywords, PyObject **values);

/* ---- scalars; `name` is the argument's, for messages ---- */

bool int_in(PyObject *value, const char *name, int *result);
bool uint_in(PyObject *value, const char *name, unsigned int *result);
bool long_in(PyObject *value, const char *name, long *result);
bool ulong_in(PyObject *value, const char *name, unsigned long *result);
bool llong_in(PyObject *value, const char *name, long long *result);
bool ullong_in(PyObject *value, const char *name, unsigned long long *result);
bool size_in(PyObject *value, const char *name, size_t *result);
bool double_in(PyObject *value, const char *name, double *result);
bool bool_in(PyObject *value, const char *name, int *result);

/* ---- text and bytes ---- */

/* The memory is the str's own (lives as long as the argument). Surrogate escapes are turned back
 * into the bytes they stand for; *owned then gets the memory to PyMem_Free(), else NULL. */
bool string_in(PyObject *value, const char *name, const char **result, void **owned);
bool nullable_string_in(PyObject *value, const char *name, const char **result, void **owned);
/* A list or tuple of str; ended by NULL. None gives NULL and 0 where nullable. */
bool strings_in(PyObject *value, const char *name, bool nullable, char ***result,
                unsigned int *count);
void strings_in_release(char **strings, unsigned int count);
/* True for what can be called; else TypeError names the argument. */
bool callable_in(PyObject *value, const char *name);
bool uuid_in(PyObject *value, const char *name, unsigned char result[VIR_UUID_BUFLEN]);

/* Bytes stay the argument's own until buffer_in_release(), which wipes nothing: for secrets the
 * converter makes a copy and the release wipes it. */
struct buffer_in {
    const void *data;
    size_t length;
    Py_buffer view;
    void *copy;
};
bool bytes_in(PyObject *value, const char *name, struct buffer_in *result);
bool secret_in(PyObject *value, const char *name, struct buffer_in *result);
void buffer_in_release(struct buffer_in *buffer);

PyObject *string_out(const char *text); /* NULL gives None; invalid bytes become surrogates */
PyObject *bytes_out(const void *data, size_t length);
PyObject *strings_out(char *const *strings, int count); /* list of str */
void strings_free(char **strings, int count);           /* each and the array */

/* ---- arrays ---- */

/* Lists or tuples; memory from PyMem_Malloc, freed with PyMem_Free. */
bool ints_in(PyObject *value, const char *name, int **result, unsigned int *count);
bool uints_in(PyObject *value, const char *name, unsigned int **result, unsigned int *count);
bool ullongs_in(PyObject *value, const char *name, unsigned long long **result,
                unsigned int *count);
PyObject *ints_out(const int *numbers, int count);
PyObject *uints_out(const unsigned int *numbers, int count);
PyObject *ullongs_out(const unsigned long long *numbers, int count);

/* ---- cpu maps ---- */

/* A tuple or list of truth values; short ones are filled up with off, surplus is ignored. `self` is
 * the object whose connection says how many CPUs there are. Freed with PyMem_Free. */
bool cpu_map_in(PyObject *self, PyObject *value, const char *name, unsigned char **map,
                int *length);
PyObject *cpu_map_out(const unsigned char *map, int cpus); /* tuple of bool */

/* ---- typed parameters ---- */

/* How the types of a params argument are found: the documented keys, and what to do with others. */
struct params_keys {
    const struct params_key *keys;
    size_t count;
};
/* A dict; a list or tuple as value repeats its key. None gives none where nullable. */
bool params_in(PyObject *value, const char *name, const struct params_keys *keys, bool nullable,
               struct params *result);
/* Dict in the order delivered; a repeated key keeps the last. */
PyObject *params_out(virTypedParameterPtr params, int count);

/* ---- handles ---- */

/* One kind of handle: virDomain. The generated table handle_kinds[] holds them all. */
struct handle_kind {
    const char *name;                 /* "virDomain" */
    const char *parent_attribute;     /* "_conn", "_dom", "_net"; NULL for connections */
    unsigned release;                 /* offset in struct vir_functions of virDomainFree */
    unsigned retain;                  /* and of virDomainRef */
    const struct handle_kind *parent; /* kind of what it keeps alive; NULL for connections */
    PyTypeObject **type;              /* set when the module is made */
};
#include "kinds.h" /* generated: handle_kind_virConnect and so on, one a handle */

struct handle {
    PyObject_HEAD
    void *pointer; /* NULL once freed, closed, or made by hand without one */
    const struct handle_kind *kind;
    PyObject *parent; /* the object it keeps alive; NULL for connections */
    PyObject *dictionary;
    PyObject *weak_references;
    unsigned calls;     /* in flight on other threads or this one */
    bool release_later; /* closed while calls were in flight: the last one releases */
};

/* The pointer for a call on this object, counted as in flight until handle_leave(); NULL with
 * libvirtError (closed, freed) or TypeError (not of this kind) set. Enter after all conversions:
 * they may run Python code that closes the object. */
void *handle_enter(PyObject *object, const struct handle_kind *kind, const char *name);
/* The same where None means NULL: *pointer gets it, *entered the object to leave or NULL. */
bool handle_enter_nullable(PyObject *object, const struct handle_kind *kind, const char *name,
                           void **pointer, PyObject **entered);
void handle_leave(PyObject *object);
/* Any iterable of handles; ended by NULL; each entered. */
bool handles_enter(PyObject *value, const struct handle_kind *kind, const char *name,
                   void ***pointers, PyObject **entered);
void handles_leave(void **pointers, PyObject *entered);

/* A new object around a reference that it takes over (also when it fails: then it is released). */
PyObject *handle_out(void *pointer, const struct handle_kind *kind, PyObject *parent);
/* A list of them; takes over all references and the array. */
PyObject *handles_out(void **pointers, int count, const struct handle_kind *kind, PyObject *parent);
/* The virConnect object behind any handle object, borrowed; for parents of new objects. */
PyObject *handle_connection(PyObject *object);
/* What a new object of `kind`, made by a method of `self`, keeps alive; borrowed. */
PyObject *handle_parent_for(PyObject *self, const struct handle_kind *kind);
/* Takes the pointer out of the object and calls its release function once nothing is in flight.
 * The release function's result, or 1 where it was put off. */
int handle_release(PyObject *object);

/* ---- calls and errors ---- */

/* Around a libvirt call that may block:
 *
 *     CALL_BEGIN
 *     result = vir.virDomainCreate(domain);
 *     CALL_END(result < 0)
 *
 * releases the interpreter's lock, and copies libvirt's error before taking it back. CALL_LOCKED_…
 * are the same for calls that only read a field. Both define `error`; when `failed` was true,
 * raise_error(&error, …) must follow, which also frees it. */
#define CALL_BEGIN                                                                                 \
    struct captured_error error;                                                                   \
    {                                                                                              \
        PyThreadState *thread_state_ = PyEval_SaveThread();
#define CALL_END(failed)                                                                           \
    if (failed)                                                                                    \
        error_capture(&error);                                                                     \
    PyEval_RestoreThread(thread_state_);                                                           \
    }
#define CALL_LOCKED_BEGIN                                                                          \
    struct captured_error error;                                                                   \
    {
#define CALL_LOCKED_END(failed)                                                                    \
    if (failed)                                                                                    \
        error_capture(&error);                                                                     \
    }

/* Raises libvirtError with the captured error, or with "FUNCTION() failed" where libvirt stored
 * none. Always NULL. Frees the captured error. */
PyObject *raise_error(struct captured_error *error, const char *function);
/* Raises libvirtError for a closed connection or freed object, with libvirt's own code for it;
 * `place` is the argument or function that it was given to. */
PyObject *raise_invalid_handle(const struct handle_kind *kind, const char *place);
extern PyObject *libvirt_error; /* the exception class libvirtError */

/* ---- modules ---- */

/* A method or function of the API, as the generated tables have it. */
struct function_definition {
    const char *c_name; /* looked up in the loader; absent from Python where libvirt lacks it */
    const char *python_name; /* the same function may stand under several names */
    PyCFunction function;
    int flags;
    const char *documentation; /* "name($self, flags=0)\n--\n\ntext" */
};
struct constant_definition {
    const char *name;
    unsigned version;
    const char *text; /* a string constant; NULL: a number */
    long long number;
};

/* A class around one kind of handle. */
struct class_definition {
    const struct handle_kind *kind; /* has the name */
    const char *documentation;
    const struct function_definition *functions; /* methods, sorted by python_name */
    size_t function_count;
};

/* A Python module; constants stand in the module of the library that defines them. */
struct module_definition {
    const char *name;         /* "libvirt_qemu" */
    enum vir_library library; /* opened when it is imported */
    const char *documentation;
    const struct class_definition *classes; /* by name */
    size_t class_count;
    const struct function_definition *functions; /* by name */
    size_t function_count;
    const struct constant_definition *constants; /* by name */
    size_t constant_count;
};
extern const struct module_definition module_definitions[]; /* generated */
extern const size_t module_definition_count;

/* libvirtmod and its kin: the same glue under C names, positional, with capsules for objects. Of a
 * method the first argument is what the glue takes as self; the others' is the module. */
struct raw_function_definition {
    const char *name;
    const char *c_name; /* looked up in the loader */
    PyCFunction function;
    int flags;
    bool is_method;
};
struct raw_module_definition {
    const char *name; /* "libvirtmod" */
    enum vir_library library;
    const struct raw_function_definition *functions; /* by name */
    size_t function_count;
};
extern const struct raw_module_definition raw_module_definitions[]; /* generated */
extern const size_t raw_module_definition_count;

/* All kinds of handles, by name; generated. */
extern const struct handle_kind *const handle_kinds[];
extern const size_t handle_kind_count;
