/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capsules: how the C functions of libvirtmod see objects, and what an object's `_o` is. A capsule
 * keeps its object alive and goes by it, so that no stale pointer is ever used. */
#include <string.h>

#include "runtime.h"
#include "runtime_internal.h"

static void drop(PyObject *capsule)
{
    PyObject *object = PyCapsule_GetContext(capsule);
    char *name = (char *)(uintptr_t)PyCapsule_GetName(capsule);

    Py_XDECREF(object);
    PyMem_Free(name);
}

/* "virDomainPtr" */
static char *name_of(const struct handle_kind *kind)
{
    const size_t length = strlen(kind->name);
    char *name = PyMem_Malloc(length + sizeof "Ptr");

    if (!name) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(name, kind->name, length);
    memcpy(name + length, "Ptr", sizeof "Ptr");
    return name;
}

PyObject *capsule_of(struct handle *handle)
{
    char *name = name_of(handle->kind);
    PyObject *capsule = name ? PyCapsule_New(handle->pointer, name, NULL) : NULL;

    if (!capsule) {
        PyMem_Free(name);
        return NULL;
    }
    PyCapsule_SetContext(capsule, Py_NewRef((PyObject *)handle));
    PyCapsule_SetDestructor(capsule, drop);
    return capsule;
}

struct handle *capsule_handle(PyObject *capsule)
{
    if (!PyCapsule_CheckExact(capsule))
        return NULL;
    if (PyCapsule_GetDestructor(capsule) == drop)
        return PyCapsule_GetContext(capsule);
    PyErr_Clear();
    return NULL;
}

typedef int retain_function(void *pointer);

/* The object's pointer with a reference of its own; kinds that cannot be shared move. */
static void *share(struct handle *handle)
{
    const struct handle_kind *kind = handle->kind;
    retain_function *const *retain =
        (retain_function *const *)(const void *)((const char *)&vir + kind->retain);
    void *pointer = handle->pointer;

    if (!handle_is_usable(handle))
        return raise_invalid_handle(kind, "_obj");
    if (!kind->retain || !*retain) {
        if (handle->calls) {
            PyErr_Format(PyExc_RuntimeError, "the %s is in use", kind->name);
            return NULL;
        }
        handle->pointer = NULL;
    } else if ((*retain)(pointer) < 0) {
        PyErr_Format(PyExc_RuntimeError, "libvirt cannot share a %s", kind->name);
        return NULL;
    }
    return pointer;
}

void *capsule_take(PyObject *capsule, const struct handle_kind *kind)
{
    struct handle *handle = capsule_handle(capsule);
    void *pointer = NULL;
    char *name;

    if (handle && handle->kind == kind)
        return share(handle);
    name = name_of(kind);
    if (!name)
        return NULL;
    if (!handle && PyCapsule_IsValid(capsule, name))
        pointer = PyCapsule_GetPointer(capsule, name);
    else
        PyErr_Format(PyExc_TypeError, "_obj must be a capsule with a %s", name);
    PyMem_Free(name);
    return pointer;
}
