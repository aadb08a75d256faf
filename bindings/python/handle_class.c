/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The classes of handles: one base with all that they share, and one class a kind. */
#include "runtime.h"
#include "runtime_internal.h"

#include <structmember.h>

PyTypeObject *handle_base;

static const struct handle_kind *kind_of(PyTypeObject *type)
{
    for (size_t i = 0; i < handle_kind_count; i++) {
        PyTypeObject *each = *handle_kinds[i]->type;
        if (each && PyType_IsSubtype(type, each))
            return handle_kinds[i];
    }
    PyErr_Format(PyExc_TypeError, "%R has no objects of its own", (PyObject *)type);
    return NULL;
}

/* Takes anything: derived classes have arguments of their own. */
static PyObject *make(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    const struct handle_kind *kind = kind_of(type);

    (void)arguments;
    (void)keywords;
    return kind ? (PyObject *)handle_new(type, kind, NULL) : NULL;
}

/* virDomain(conn, _obj=capsule); virConnect(_obj=capsule). */
static int initialize(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char names[][8] = {"parent", "_obj"};
    char *child_names[] = {names[0], names[1], NULL};
    char *root_names[] = {names[1], NULL};
    struct handle *handle = (struct handle *)self;
    const struct handle_kind *kind = handle->kind;
    PyObject *parent = Py_None;
    PyObject *capsule = Py_None;
    PyObject *old = handle->parent;
    void *pointer;

    if (kind->parent) {
        /* "conn", "dom" or "net" */
        PyOS_snprintf(names[0], sizeof names[0], "%s", kind->parent_attribute + 1);
        if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O", child_names, &parent,
                                         &capsule))
            return -1;
    } else if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|O", root_names, &capsule)) {
        return -1;
    }
    if (!PyCapsule_CheckExact(capsule)) {
        PyErr_Format(PyExc_Exception, "Expected a wrapped C Object but got %R",
                     (PyObject *)Py_TYPE(capsule));
        return -1;
    }
    if (handle->calls) {
        PyErr_SetString(PyExc_RuntimeError, "the object is in use");
        return -1;
    }
    pointer = capsule_take(capsule, kind);
    if (!pointer)
        return -1;
    handle_drop_pointer(handle);
    handle->pointer = pointer;
    handle->parent = parent == Py_None ? NULL : Py_NewRef(parent);
    Py_XDECREF(old);
    return 0;
}

static int traverse(PyObject *self, visitproc visit, void *arg)
{
    struct handle *handle = (struct handle *)self;

    Py_VISIT(Py_TYPE(self));
    Py_VISIT(handle->parent);
    Py_VISIT(handle->dictionary);
    return 0;
}

static int clear(PyObject *self)
{
    struct handle *handle = (struct handle *)self;

    Py_CLEAR(handle->dictionary);
    return 0;
}

static void deallocate(PyObject *self)
{
    struct handle *handle = (struct handle *)self;
    PyTypeObject *type = Py_TYPE(self);

    PyObject_GC_UnTrack(self);
    if (handle->weak_references)
        PyObject_ClearWeakRefs(self);
    handle_drop_pointer(handle);
    Py_CLEAR(handle->dictionary);
    Py_CLEAR(handle->parent);
    PyObject_GC_Del(self);
    Py_DECREF((PyObject *)type);
}

/* ---- what all have ---- */

static PyObject *release_early(PyObject *self, PyObject *unused)
{
    (void)unused;
    if (handle_is_usable((struct handle *)self))
        handle_release(self);
    return Py_NewRef(Py_None);
}

static PyObject *c_pointer(PyObject *self, PyObject *unused)
{
    const struct handle *handle = (const struct handle *)self;

    (void)unused;
    return PyLong_FromVoidPtr(handle_is_usable(handle) ? handle->pointer : NULL);
}

static PyObject *refuse_copy(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyErr_Format(PyExc_TypeError,
                        "cannot copy or pickle a %s: it stands for an object of libvirt's that "
                        "only this process can reach",
                        ((struct handle *)self)->kind->name);
}

static PyMethodDef base_methods[] = {
    {"__del__", release_early, METH_NOARGS,
     "__del__($self)\n--\n\nReleases the object; again is harmless."},
    {"__dir__", absence_dir, METH_NOARGS, NULL},
    {"__reduce__", refuse_copy, METH_NOARGS, NULL},
    {"__reduce_ex__", refuse_copy, METH_O, NULL},
    {"c_pointer", c_pointer, METH_NOARGS,
     "c_pointer($self)\n--\n\nThe address of libvirt's own object, as an int; 0 once it is closed "
     "or freed."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef base_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(struct handle, dictionary), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct handle, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyObject *get_capsule(PyObject *self, void *unused)
{
    struct handle *handle = (struct handle *)self;

    (void)unused;
    return handle_is_usable(handle) ? capsule_of(handle) : Py_NewRef(Py_None);
}

static PyGetSetDef base_attributes[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {"_o", get_capsule, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

bool handle_base_make(void)
{
    PyType_Slot slots[] = {
        {Py_tp_dealloc, (void *)deallocate}, {Py_tp_traverse, (void *)traverse},
        {Py_tp_clear, (void *)clear},        {Py_tp_new, (void *)make},
        {Py_tp_init, (void *)initialize},    {Py_tp_repr, (void *)handle_represent},
        {Py_tp_methods, base_methods},       {Py_tp_members, base_members},
        {Py_tp_getset, base_attributes},     {0, NULL},
    };
    PyType_Spec spec = {"libvirt._handle", sizeof(struct handle), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};

    if (!handle_base)
        handle_base = (PyTypeObject *)PyType_FromSpec(&spec);
    return handle_base != NULL;
}

PyTypeObject *handle_type_make(const struct handle_kind *kind, const char *name,
                               const char *documentation, PyMethodDef *methods)
{
    PyGetSetDef *attributes = handle_attributes(kind);
    PyType_Slot slots[] = {
        {Py_tp_dealloc, (void *)deallocate},
        {Py_tp_traverse, (void *)traverse},
        {Py_tp_clear, (void *)clear},
        {Py_tp_doc, (void *)(uintptr_t)documentation},
        {Py_tp_methods, methods},
        {attributes ? Py_tp_getset : 0, attributes},
        {0, NULL},
    };
    PyType_Spec spec = {name, sizeof(struct handle), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};

    return (PyTypeObject *)PyType_FromSpecWithBases(&spec, (PyObject *)handle_base);
}
