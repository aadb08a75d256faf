/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the runtime share and glue does not need. */
#pragma once

#include "runtime.h"

/* TypeError "xml must be str, not int". Always false. */
bool refuse_type(PyObject *value, const char *name, const char *wanted);

/* The size of a list or tuple; false with TypeError for anything else. `items` says of what. */
bool sequence_size(PyObject *value, const char *name, const char *items, Py_ssize_t *size);

/* A str for a short ASCII name that libvirt delivers often: kept, with its hash, for the next
 * time. */
PyObject *name_out(const char *text);

/* ---- classes ---- */

extern PyTypeObject *handle_base; /* what all classes of handles derive from */

/* Makes handle_base, and the class of one kind: "libvirt.virDomain", with methods that are ended by
 * a NULL name. Texts and methods must last. */
bool handle_base_make(void);
PyTypeObject *handle_type_make(const struct handle_kind *kind, const char *name,
                               const char *documentation, PyMethodDef *methods);
/* Methods and attributes that depend on what kind of parent it has; ended by a NULL name. */
const PyMethodDef *handle_methods(const struct handle_kind *kind);
PyGetSetDef *handle_attributes(const struct handle_kind *kind); /* NULL: none */
PyObject *handle_represent(PyObject *self);
bool is_handle(PyObject *object);
/* A new object of this class, or of one derived from it, without a pointer. */
struct handle *handle_new(PyTypeObject *type, const struct handle_kind *kind, PyObject *parent);
/* True where calls can still be made with it. */
bool handle_is_usable(const struct handle *handle);
/* Calls the kind's release function at once. */
int handle_release_pointer(const struct handle_kind *kind, void *pointer, bool may_block);
/* tp_dealloc's part that is about libvirt. */
void handle_drop_pointer(struct handle *handle);

/* A capsule that stands for the object in libvirtmod's functions, and as its `_o`. */
PyObject *capsule_of(struct handle *handle);
/* The object behind such a capsule, borrowed; NULL, without an exception, for anything else. */
struct handle *capsule_handle(PyObject *capsule);
/* Takes a reference on a capsule's pointer for a new object of this kind; a capsule of somebody
 * else's gives up its pointer. NULL with TypeError set. */
void *capsule_take(PyObject *capsule, const struct handle_kind *kind);

/* ---- errors ---- */

bool error_class_make(void); /* libvirt_error */
/* The nine values of an exception's `err`. */
PyObject *error_values(const struct captured_error *error);

/* ---- absence ---- */

bool absence_make(void);
/* What stands in a class where the running libvirt lacks a function: raises AttributeError with
 * the reason, so that the class behaves as if it had no such name. c_name must last. */
bool absence_add(PyTypeObject *type, const char *python_name, const char *c_name);
PyObject *absence_dir(PyObject *self, PyObject *unused); /* __dir__ of objects */
/* AttributeError that says which libvirt has it. Always NULL. */
PyObject *absence_raise(const char *name, unsigned version);
/* False where the running libvirt lacks this function; c_name NULL is always there. */
bool function_is_there(const char *c_name);

/* ---- modules ---- */

/* A new module by name, "libvirt_qemu" or "libvirtmod"; for the small extension files. */
PyObject *module_make(const char *name);
PyObject *raw_module_make(const struct raw_module_definition *definition);
/* False with ImportError set. */
bool module_open_library(enum vir_library library);
/* Zeroed memory that stays for as long as the process: Python keeps pointers into it. */
void *permanent(size_t size);
