/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that the running libvirt lacks. A class holds a marker in their place, which raises
 * AttributeError with the reason on every access: hasattr() is false, and whoever reaches for one
 * learns which libvirt has it. dir() leaves them out, for a class by way of its metaclass. */
#include "runtime.h"
#include "runtime_internal.h"

struct absence {
    PyObject_HEAD
    const char *c_name;
};

static PyTypeObject *absence_type;
static PyTypeObject *class_type;
static PyObject *absent_names; /* Python names that some class lacks */

PyObject *absence_raise(const char *name, unsigned version)
{
    char message[160];

    loader_explain_absence(name, version, message, sizeof message);
    PyErr_SetString(PyExc_AttributeError, message);
    return NULL;
}

bool function_is_there(const char *c_name)
{
    const struct loader_function *function = c_name ? loader_find(c_name) : NULL;

    return !c_name || !function || loader_has(function);
}

static PyObject *get(PyObject *self, PyObject *object, PyObject *type)
{
    const char *name = ((struct absence *)self)->c_name;

    (void)object;
    (void)type;
    return absence_raise(name, loader_find(name)->version);
}

static void deallocate(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyObject_Free(self);
    Py_DECREF((PyObject *)type);
}

/* ---- dir() ---- */

/* Takes over the list of names; leaves those in that the class has. */
static PyObject *only_present(PyObject *type, PyObject *names)
{
    PyObject *present = names ? PyList_New(0) : NULL;
    const Py_ssize_t count = names ? PySequence_Size(names) : 0;

    for (Py_ssize_t i = 0; present && i < count; i++) {
        PyObject *name = PySequence_GetItem(names, i);
        const int is_absent = name ? PySet_Contains(absent_names, name) : -1;

        if (is_absent < 0 ||
            ((is_absent == 0 || PyObject_HasAttr(type, name)) && PyList_Append(present, name) < 0))
            Py_CLEAR(present);
        Py_XDECREF(name);
    }
    Py_XDECREF(names);
    return present;
}

static PyObject *class_dir(PyObject *self, PyObject *unused)
{
    (void)unused;
    return only_present(self, PyObject_CallMethod((PyObject *)&PyType_Type, "__dir__", "O", self));
}

PyObject *absence_dir(PyObject *self, PyObject *unused)
{
    PyObject *names = PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__dir__", "O", self);
    PyObject *list = names ? PySequence_List(names) : NULL;

    (void)unused;
    Py_XDECREF(names);
    return only_present((PyObject *)Py_TYPE(self), list);
}

/* ---- making ---- */

static PyMethodDef class_methods[] = {
    {"__dir__", class_dir, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

bool absence_make(void)
{
    PyType_Slot absence_slots[] = {
        {Py_tp_descr_get, (void *)get},
        {Py_tp_dealloc, (void *)deallocate},
        {0, NULL},
    };
    PyType_Spec absence_spec = {"libvirt._absent", sizeof(struct absence), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                absence_slots};
    PyType_Slot class_slots[] = {
        {Py_tp_methods, class_methods},
        {0, NULL},
    };
    PyType_Spec class_spec = {"libvirt._class", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                              class_slots};

    if (absent_names)
        return true;
    absence_type = (PyTypeObject *)PyType_FromSpec(&absence_spec);
    class_type = (PyTypeObject *)PyType_FromSpecWithBases(&class_spec, (PyObject *)&PyType_Type);
    if (absence_type && class_type)
        absent_names = PySet_New(NULL);
    return absent_names != NULL;
}

/* The class becomes one of the metaclass, which differs from `type` only by its __dir__. A class
 * cannot be made with a metaclass before Python 3.12. */
static void set_metaclass(PyTypeObject *type)
{
    PyObject *object = (PyObject *)type;

    if (Py_TYPE(object) == class_type)
        return;
    Py_INCREF((PyObject *)class_type);
    Py_SET_TYPE(object, class_type);
}

bool absence_add(PyTypeObject *type, const char *python_name, const char *c_name)
{
    PyObject *name = PyUnicode_InternFromString(python_name);
    struct absence *marker = PyObject_New(struct absence, absence_type);
    bool done = false;

    if (marker)
        marker->c_name = c_name;
    if (name && marker && PySet_Add(absent_names, name) == 0 &&
        PyObject_SetAttr((PyObject *)type, name, (PyObject *)marker) == 0) {
        set_metaclass(type);
        done = true;
    }
    Py_XDECREF(name);
    Py_XDECREF((PyObject *)marker);
    return done;
}
