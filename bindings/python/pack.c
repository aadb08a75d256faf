/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

static bool all_given(PyObject *const *items, Py_ssize_t count)
{
    Py_ssize_t given = 0;

    while (given < count && items[given])
        given++;
    return given == count;
}

static void drop(PyObject *const *items, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++)
        Py_XDECREF(items[i]);
}

PyObject *pack_list(PyObject *const *items, Py_ssize_t count)
{
    PyObject *list = all_given(items, count) ? PyList_New(count) : NULL;

    if (!list) {
        drop(items, count);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        PyList_SetItem(list, i, items[i]);
    return list;
}

PyObject *pack_tuple(PyObject *const *items, Py_ssize_t count)
{
    PyObject *tuple = all_given(items, count) ? PyTuple_New(count) : NULL;

    if (!tuple) {
        drop(items, count);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        PyTuple_SetItem(tuple, i, items[i]);
    return tuple;
}

PyObject *pack_dict(const char *const *names, PyObject *const *items, Py_ssize_t count)
{
    PyObject *dict = all_given(items, count) ? PyDict_New() : NULL;

    for (Py_ssize_t i = 0; dict && i < count; i++)
        if (PyDict_SetItemString(dict, names[i], items[i]) < 0)
            Py_CLEAR(dict);
    drop(items, count);
    return dict;
}

PyObject *pack_into(PyObject *dict, const char *name, PyObject *item)
{
    if (!dict || !item || PyDict_SetItemString(dict, name, item) < 0)
        Py_CLEAR(dict);
    Py_XDECREF(item);
    return dict;
}

PyObject *list_set(PyObject *list, Py_ssize_t index, PyObject *item)
{
    if (!item) {
        Py_DECREF(list);
        return NULL;
    }
    PyList_SetItem(list, index, item);
    return list;
}

PyObject *dict_set(PyObject *dict, PyObject *key, PyObject *item)
{
    const bool is_left_out = !key && item && !PyErr_Occurred();

    if (!is_left_out && (!key || !item || PyDict_SetItem(dict, key, item) < 0))
        Py_CLEAR(dict);
    Py_XDECREF(key);
    Py_XDECREF(item);
    return dict;
}

bool unpack(PyObject *value, const char *name, PyObject **items, Py_ssize_t count)
{
    if (!PyList_Check(value) && !PyTuple_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a list or tuple of %zd items, not %R", name,
                     count, (PyObject *)Py_TYPE(value));
        return false;
    }
    if (PySequence_Size(value) != count) {
        PyErr_Format(PyExc_ValueError, "%s must have %zd items, not %zd", name, count,
                     PySequence_Size(value));
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        items[i] = PySequence_GetItem(value, i);
        if (!items[i])
            return false;
    }
    return true;
}

bool text_in(PyObject *value, const char *name, char *room, size_t size)
{
    const char *text = NULL;
    void *memory = NULL;
    bool fits = false;

    if (!string_in(value, name, &text, &memory))
        return false;
    fits = strlen(text) < size;
    if (fits)
        memcpy(room, text, strlen(text) + 1);
    else
        PyErr_Format(PyExc_ValueError, "a text in %s is longer than %zu bytes", name, size - 1);
    PyMem_Free(memory);
    return fits;
}

PyObject *new_handle_out(void *pointer, const struct handle_kind *kind, PyObject *self)
{
    return handle_out(pointer, kind, self ? handle_parent_for(self, kind) : NULL);
}

PyObject *new_handles_out(void **pointers, int count, const struct handle_kind *kind,
                          PyObject *self)
{
    return handles_out(pointers, count, kind, self ? handle_parent_for(self, kind) : NULL);
}

PyObject *handle_lent_out(void *pointer, const struct handle_kind *kind, PyObject *self)
{
    int (*const *retain)(void *) = NULL;

    if (!pointer)
        return Py_NewRef(Py_None);
    retain = (int (*const *)(void *))(const void *)((const char *)&vir + kind->retain);
    if (!*retain || (*retain)(pointer) < 0) {
        PyErr_Format(PyExc_RuntimeError, "libvirt cannot share a %s", kind->name);
        return NULL;
    }
    return new_handle_out(pointer, kind, self);
}

void free_wiped(void *data, size_t length)
{
    volatile unsigned char *bytes = data;

    for (size_t i = 0; bytes && i < length; i++)
        bytes[i] = 0;
    free(data);
}

PyObject *cpu_map_list_out(const unsigned char *map, int cpus)
{
    PyObject *list = PyList_New(cpus);

    for (int i = 0; list && i < cpus; i++)
        list = list_set(list, i, PyBool_FromLong(cpu_map_get(map, i)));
    return list;
}

PyObject *cpu_maps_out(const unsigned char *maps, int count, int cpus)
{
    PyObject *list = PyList_New(count);

    for (int i = 0; list && i < count; i++)
        list =
            list_set(list, i, cpu_map_out(maps + (size_t)i * (size_t)cpu_map_length(cpus), cpus));
    return list;
}

PyObject *params_by_cpu_out(virTypedParameterPtr params, int stride, int cpus)
{
    PyObject *list = PyList_New(cpus);

    for (int cpu = 0; list && cpu < cpus; cpu++) {
        virTypedParameterPtr items = params ? params + (size_t)cpu * (size_t)stride : NULL;
        list = list_set(list, cpu, params_out(items, params_filled(items, stride)));
    }
    return list;
}
