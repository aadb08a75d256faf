/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Putting Python values together out of parts, and taking them apart. What is given is taken over,
 * also on failure; a part that is NULL is a failure whose exception is set. */
#pragma once

#include "runtime.h"

PyObject *pack_list(PyObject *const *items, Py_ssize_t count);
PyObject *pack_tuple(PyObject *const *items, Py_ssize_t count);
PyObject *pack_dict(const char *const *names, PyObject *const *items, Py_ssize_t count);
/* dict[name] = item; the dict. */
PyObject *pack_into(PyObject *dict, const char *name, PyObject *item);

/* list[index] = item, of a list just made; the list, or NULL after releasing it. */
PyObject *list_set(PyObject *list, Py_ssize_t index, PyObject *item);
/* dict[key] = item; without a key, and without an exception, the item is left out. */
PyObject *dict_set(PyObject *dict, PyObject *key, PyObject *item);

/* The `count` items of a list or tuple, each a new reference; name is the argument's. */
bool unpack(PyObject *value, const char *name, PyObject **items, Py_ssize_t count);
/* Text into a char array of a struct. */
bool text_in(PyObject *value, const char *name, char *room, size_t size);

/* Objects for new references, which are taken over; `self` is the object that they were asked of,
 * or NULL. */
PyObject *new_handle_out(void *pointer, const struct handle_kind *kind, PyObject *self);
PyObject *new_handles_out(void **pointers, int count, const struct handle_kind *kind,
                          PyObject *self);
/* free() of what may be a secret. */
void free_wiped(void *data, size_t length);
/* A new object for a handle that libvirt lends: takes a reference. NULL gives None. */
PyObject *handle_lent_out(void *pointer, const struct handle_kind *kind, PyObject *self);
PyObject *cpu_map_list_out(const unsigned char *map, int cpus); /* list of bool */
/* List of `count` maps that stand behind each other. */
PyObject *cpu_maps_out(const unsigned char *maps, int count, int cpus);
/* List of a dict for each CPU, whose `stride` parameters stand behind each other; those that
 * libvirt did not fill in have no type. */
PyObject *params_by_cpu_out(virTypedParameterPtr params, int stride, int cpus);
