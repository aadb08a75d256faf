/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects around libvirt's handles: entering and leaving them for a call, making and releasing
 * them. An object closed while other threads are in calls on it is released by the last of these.
 */
#include <stdlib.h>

#include "runtime.h"
#include "runtime_internal.h"

bool is_handle(PyObject *object)
{
    return object && handle_base && PyObject_TypeCheck(object, handle_base);
}

bool handle_is_usable(const struct handle *handle)
{
    return handle->pointer && !handle->release_later;
}

/* ---- calls ---- */

void *handle_enter(PyObject *object, const struct handle_kind *kind, const char *name)
{
    struct handle *handle = (struct handle *)object;

    if (!*kind->type || !PyObject_TypeCheck(object, *kind->type)) {
        refuse_type(object, name, kind->name);
        return NULL;
    }
    if (!handle_is_usable(handle))
        return raise_invalid_handle(kind, name);
    handle->calls++;
    return handle->pointer;
}

bool handle_enter_nullable(PyObject *object, const struct handle_kind *kind, const char *name,
                           void **pointer, PyObject **entered)
{
    *pointer = NULL;
    *entered = NULL;
    if (!object || object == Py_None)
        return true;
    *pointer = handle_enter(object, kind, name);
    if (*pointer)
        *entered = object;
    return *pointer != NULL;
}

/* Nobody is in a call on it any more. */
static int release_now(struct handle *handle)
{
    void *pointer = handle->pointer;

    handle->pointer = NULL;
    handle->release_later = false;
    return pointer ? handle_release_pointer(handle->kind, pointer, true) : 1;
}

void handle_leave(PyObject *object)
{
    struct handle *handle = (struct handle *)object;

    if (--handle->calls == 0 && handle->release_later)
        release_now(handle);
}

int handle_release(PyObject *object)
{
    struct handle *handle = (struct handle *)object;

    if (handle->calls && handle->pointer) {
        handle->release_later = true;
        return 1;
    }
    return release_now(handle);
}

bool handles_enter(PyObject *value, const struct handle_kind *kind, const char *name,
                   void ***pointers, PyObject **entered)
{
    PyObject *objects = PySequence_Tuple(value);
    const Py_ssize_t count = objects ? PyTuple_Size(objects) : 0;
    void **list = objects ? PyMem_Calloc((size_t)count + 1, sizeof *list) : NULL;

    if (objects && !list)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; list && i < count; i++) {
        list[i] = handle_enter(PyTuple_GetItem(objects, i), kind, name);
        if (list[i])
            continue;
        while (i-- > 0)
            handle_leave(PyTuple_GetItem(objects, i));
        PyMem_Free(list);
        list = NULL;
        break;
    }
    if (!list) {
        Py_XDECREF(objects);
        return false;
    }
    *pointers = list;
    *entered = objects;
    return true;
}

void handles_leave(void **pointers, PyObject *entered)
{
    for (Py_ssize_t i = 0; i < PyTuple_Size(entered); i++)
        handle_leave(PyTuple_GetItem(entered, i));
    Py_DECREF(entered);
    PyMem_Free(pointers);
}

/* ---- releasing ---- */

typedef int release_function(void *pointer);

int handle_release_pointer(const struct handle_kind *kind, void *pointer, bool may_block)
{
    release_function *const *release =
        (release_function *const *)(const void *)((const char *)&vir + kind->release);
    PyThreadState *state;
    int result;

    if (!*release)
        return -1;
    if (!may_block)
        return (*release)(pointer);
    state = PyEval_SaveThread();
    result = (*release)(pointer);
    PyEval_RestoreThread(state);
    return result;
}

/* Freeing a child is a matter of counting, unless it is what still holds a closed connection. */
static bool releasing_may_block(const struct handle *handle)
{
    const struct handle *connection = (const struct handle *)handle_connection((PyObject *)handle);

    return !handle->kind->parent || handle->kind == &handle_kind_virStream || !connection ||
           !handle_is_usable(connection);
}

void handle_drop_pointer(struct handle *handle)
{
    void *pointer = handle->pointer;

    handle->pointer = NULL;
    if (pointer)
        handle_release_pointer(handle->kind, pointer, releasing_may_block(handle));
}

/* ---- making ---- */

struct handle *handle_new(PyTypeObject *type, const struct handle_kind *kind, PyObject *parent)
{
    struct handle *handle = (struct handle *)PyType_GenericAlloc(type, 0);

    if (!handle)
        return NULL;
    handle->kind = kind;
    handle->parent = Py_XNewRef(parent);
    return handle;
}

PyObject *handle_out(void *pointer, const struct handle_kind *kind, PyObject *parent)
{
    struct handle *handle = NULL;

    if (!pointer)
        return Py_NewRef(Py_None);
    if (*kind->type)
        handle = handle_new(*kind->type, kind, parent);
    else
        PyErr_Format(PyExc_RuntimeError, "the module with %s is not imported", kind->name);
    if (!handle) {
        handle_release_pointer(kind, pointer, true);
        return NULL;
    }
    handle->pointer = pointer;
    return (PyObject *)handle;
}

PyObject *handles_out(void **pointers, int count, const struct handle_kind *kind, PyObject *parent)
{
    PyObject *list = PyList_New(count < 0 ? 0 : count);

    for (int i = 0; i < count; i++) {
        PyObject *item;

        if (!list) {
            handle_release_pointer(kind, pointers[i], true);
            continue;
        }
        item = handle_out(pointers[i], kind, parent);
        if (item)
            PyList_SetItem(list, i, item);
        else
            Py_CLEAR(list);
    }
    free(pointers);
    return list;
}

/* ---- relations ---- */

PyObject *handle_connection(PyObject *object)
{
    while (is_handle(object) && ((struct handle *)object)->kind->parent)
        object = ((struct handle *)object)->parent;
    return is_handle(object) ? object : NULL;
}

PyObject *handle_parent_for(PyObject *self, const struct handle_kind *kind)
{
    while (is_handle(self) && ((struct handle *)self)->kind != kind->parent)
        self = ((struct handle *)self)->parent;
    return is_handle(self) ? self : NULL;
}
