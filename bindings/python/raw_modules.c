/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirtmod and its kin: the functions under their C names, positional, with capsules in place of
 * objects. Each is the same glue behind one adapter that exchanges the two. */
#include <string.h>

#include "overrides/loop.h"
#include "runtime.h"
#include "runtime_internal.h"

enum { ARGUMENTS_MAXIMUM = 32 };

/* ---- capsules to objects ---- */

static PyObject *unwrap(PyObject *value);

/* A tuple of what the items of a list or tuple stand for. */
static PyObject *unwrap_items(PyObject *value)
{
    PyObject *items = PySequence_List(value);

    for (Py_ssize_t i = 0; items && i < PyList_Size(items); i++) {
        PyObject *item = unwrap(PyList_GetItem(items, i));
        if (item)
            PyList_SetItem(items, i, item);
        else
            Py_CLEAR(items);
    }
    return items;
}

static PyObject *unwrap(PyObject *value)
{
    struct handle *handle = capsule_handle(value);

    if (handle)
        return Py_NewRef((PyObject *)handle);
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value))
        return unwrap_items(value);
    return Py_NewRef(value);
}

/* ---- objects to capsules; takes over the value ---- */

static PyObject *wrap(PyObject *value);

static PyObject *wrap_items(PyObject *value)
{
    PyObject *items = PySequence_List(value);
    PyObject *tuple = NULL;

    for (Py_ssize_t i = 0; items && i < PyList_Size(items); i++) {
        PyObject *item = wrap(Py_NewRef(PyList_GetItem(items, i)));
        if (item)
            PyList_SetItem(items, i, item);
        else
            Py_CLEAR(items);
    }
    if (!items || PyList_CheckExact(value)) {
        Py_DECREF(value);
        return items;
    }
    Py_DECREF(value);
    tuple = PyList_AsTuple(items);
    Py_DECREF(items);
    return tuple;
}

static PyObject *wrap(PyObject *value)
{
    PyObject *capsule;

    if (!value)
        return NULL;
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value))
        return wrap_items(value);
    if (!is_handle(value) || !handle_is_usable((struct handle *)value))
        return value;
    capsule = capsule_of((struct handle *)value);
    Py_DECREF(value);
    return capsule;
}

/* ---- calls ---- */

typedef PyObject *fast_function(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                                PyObject *keywords);

static PyObject *call_glue(const struct raw_function_definition *definition, PyObject *self,
                           PyObject *const *arguments, Py_ssize_t count)
{
    if (definition->flags == METH_NOARGS) {
        if (count)
            return PyErr_Format(PyExc_TypeError, "%s() takes no further arguments, %zd given",
                                definition->c_name, count);
        return definition->function(self, NULL);
    }
    return ((fast_function *)(void (*)(void))definition->function)(self, arguments, count, NULL);
}

static PyObject *call_with(const struct raw_function_definition *definition,
                           PyObject *const *objects, Py_ssize_t count)
{
    if (!definition->is_method)
        return call_glue(definition, NULL, objects, count);
    if (count == 0 || !is_handle(objects[0]))
        return PyErr_Format(PyExc_TypeError, "%s() takes a capsule with libvirt's object first",
                            definition->c_name);
    return call_glue(definition, objects[0], objects + 1, count - 1);
}

static const char definition_name[] = "libvirtmod.function";

static PyObject *call(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    const struct raw_function_definition *definition = PyCapsule_GetPointer(self, definition_name);
    PyObject *objects[ARGUMENTS_MAXIMUM] = {NULL};
    PyObject *result = NULL;
    Py_ssize_t given = 0;

    if (!definition)
        return NULL;
    if (count > ARGUMENTS_MAXIMUM)
        return PyErr_Format(PyExc_TypeError, "%s() does not take %zd arguments", definition->c_name,
                            count);
    while (given < count && (objects[given] = unwrap(arguments[given])))
        given++;
    if (given == count)
        result = wrap(call_with(definition, objects, count));
    for (Py_ssize_t i = 0; i < given; i++)
        Py_DECREF(objects[i]);
    return result;
}

/* ---- modules ---- */

/* A function whose self is a capsule with what it is about. */
static bool add_method(PyObject *module, PyMethodDef *method, const void *about,
                       const char *about_name)
{
    PyObject *which = PyCapsule_New((void *)(uintptr_t)about, about_name, NULL);
    PyObject *name = PyModule_GetNameObject(module);
    PyObject *function = NULL;
    bool done;

    if (which && name)
        function = PyCFunction_NewEx(method, which, name);
    done = function && PyModule_AddObjectRef(module, method->ml_name, function) == 0;
    Py_XDECREF(function);
    Py_XDECREF(name);
    Py_XDECREF(which);
    return done;
}

static bool add_function(PyObject *module, const struct raw_function_definition *definition,
                         PyMethodDef *method)
{
    *method =
        (PyMethodDef){definition->name, (PyCFunction)(void (*)(void))call, METH_FASTCALL, NULL};
    return add_method(module, method, definition, definition_name);
}

/* ---- what each kind of object has besides: virDomainFree(capsule), virDomain_pointer(capsule)
 * ---- */

static const char kind_name[] = "libvirtmod.kind";

/* The object behind a capsule of the kind that the function is for. */
static struct handle *object_of(PyObject *self, PyObject *capsule)
{
    const struct handle_kind *kind = PyCapsule_GetPointer(self, kind_name);
    struct handle *handle = capsule_handle(capsule);

    if (handle && handle->kind == kind)
        return handle;
    if (kind && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "expected a capsule with a %s, not %R", kind->name, capsule);
    return NULL;
}

static PyObject *free_object(PyObject *self, PyObject *capsule)
{
    struct handle *handle = object_of(self, capsule);

    if (!handle)
        return NULL;
    if (!handle_is_usable(handle))
        return raise_invalid_handle(handle->kind, "libvirtmod");
    return PyLong_FromLong(handle_release((PyObject *)handle));
}

static PyObject *pointer_of_object(PyObject *self, PyObject *capsule)
{
    struct handle *handle = object_of(self, capsule);

    return handle ? PyLong_FromVoidPtr(handle_is_usable(handle) ? handle->pointer : NULL) : NULL;
}

static bool add_kind_function(PyObject *module, const struct handle_kind *kind, const char *suffix,
                              PyCFunction function)
{
    const size_t size = strlen(kind->name) + strlen(suffix) + 1;
    char *name = permanent(size);
    PyMethodDef *method = permanent(sizeof *method);

    if (!name || !method)
        return false;
    PyOS_snprintf(name, size, "%s%s", kind->name, suffix);
    *method = (PyMethodDef){name, function, METH_O, NULL};
    return add_method(module, method, kind, kind_name);
}

/* Connections are closed by a function of libvirt's. */
static bool add_kinds(PyObject *module)
{
    for (size_t i = 0; i < handle_kind_count; i++) {
        const struct handle_kind *kind = handle_kinds[i];

        if (strncmp(kind->name, "virAdm", 6) != 0 &&
            (!add_kind_function(module, kind, "_pointer", pointer_of_object) ||
             (kind->parent && !add_kind_function(module, kind, "Free", free_object))))
            return false;
    }
    return true;
}

/* What event loops written in Python call. */
static PyMethodDef loop_functions[] = {
    {"virEventInvokeHandleCallback", (PyCFunction)(void (*)(void))invoke_descriptor_callback,
     METH_FASTCALL | METH_KEYWORDS, NULL},
    {"virEventInvokeTimeoutCallback", (PyCFunction)(void (*)(void))invoke_timer_callback,
     METH_FASTCALL | METH_KEYWORDS, NULL},
    {"virEventInvokeFreeCallback", (PyCFunction)(void (*)(void))invoke_free_callback,
     METH_FASTCALL | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

/* The module's __getattr__. */
static PyObject *get_absent(PyObject *self, PyObject *name)
{
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
    const struct loader_function *function = text ? loader_find(text) : NULL;

    if (PyErr_Occurred())
        return NULL;
    if (function && !loader_has(function))
        return absence_raise(text, function->version);
    return PyErr_Format(PyExc_AttributeError, "module '%s' has no attribute %R",
                        PyModule_GetName(self), name);
}

static PyMethodDef module_methods[] = {
    {"__getattr__", get_absent, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

PyObject *raw_module_make(const struct raw_module_definition *definition)
{
    struct PyModuleDef *python_definition = permanent(sizeof *python_definition);
    PyMethodDef *methods = permanent((definition->function_count + 1) * sizeof *methods);
    PyObject *module;

    if (!python_definition || !methods || !module_open_library(definition->library))
        return NULL;
    *python_definition = (struct PyModuleDef){
        .m_base = PyModuleDef_HEAD_INIT,
        .m_name = definition->name,
        .m_doc = "libvirt's functions under their C names, with capsules for objects.",
        .m_size = -1,
        .m_methods = module_methods,
    };
    module = PyModule_Create(python_definition);
    for (size_t i = 0; module && i < definition->function_count; i++)
        if (function_is_there(definition->functions[i].c_name) &&
            !add_function(module, &definition->functions[i], &methods[i]))
            Py_CLEAR(module);
    if (module && definition->library == VIR_LIBRARY_LIBVIRT &&
        (!add_kinds(module) || PyModule_AddFunctions(module, loop_functions) < 0))
        Py_CLEAR(module);
    return module;
}
