/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The class libvirtError. Made by hand it takes the thread's last error, as programs expect that
 * raise it after a call of theirs failed. */
#include "runtime.h"
#include "runtime_internal.h"

PyObject *libvirt_error;

static int initialize(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char message_name[] = "defmsg";
    static char *names[] = {message_name, NULL};
    struct captured_error error;
    PyObject *given;
    PyObject *message;
    PyObject *values;
    PyObject *shown;
    int result = -1;

    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O:libvirtError", names, &given))
        return -1;
    error_capture(&error);
    message = error.is_set && error.message ? string_out(error.message) : Py_NewRef(given);
    values = error.is_set ? error_values(&error) : Py_NewRef(Py_None);
    error_release(&error);
    shown = message && values ? PyTuple_Pack(1, message) : NULL;
    if (shown && PyObject_SetAttrString(self, "args", shown) == 0 &&
        PyObject_SetAttrString(self, "err", values) == 0)
        result = 0;
    Py_XDECREF(shown);
    Py_XDECREF(message);
    Py_XDECREF(values);
    return result;
}

/* Programs set `err` to sequences of their own, shorter ones too. */
static PyObject *value_of(PyObject *self, Py_ssize_t place)
{
    PyObject *values = PyObject_GetAttrString(self, "err");
    PyObject *value = values;

    if (!values || values == Py_None)
        return value;
    value = PySequence_GetItem(values, place);
    Py_DECREF(values);
    return value;
}

#define GETTER(name, place)                                                                        \
    static PyObject *name(PyObject *self, PyObject *unused)                                        \
    {                                                                                              \
        (void)unused;                                                                              \
        return value_of(self, place);                                                              \
    }

GETTER(get_error_code, 0)
GETTER(get_error_domain, 1)
GETTER(get_error_message, 2)
GETTER(get_error_level, 3)
GETTER(get_str1, 4)
GETTER(get_str2, 5)
GETTER(get_str3, 6)
GETTER(get_int1, 7)
GETTER(get_int2, 8)

/* Pickles carry the message apart: the class would take the last error of the thread that
 * unpickles. */
static PyObject *reduce(PyObject *self, PyObject *unused)
{
    PyObject *arguments = PyObject_GetAttrString(self, "args");
    PyObject *attributes = PyObject_GenericGetDict(self, NULL);
    PyObject *state = attributes ? PyDict_Copy(attributes) : NULL;
    PyObject *result = NULL;

    (void)unused;
    if (arguments && state && PyDict_SetItemString(state, "args", arguments) == 0)
        result = PyTuple_Pack(3, (PyObject *)Py_TYPE(self), arguments, state);
    Py_XDECREF(arguments);
    Py_XDECREF(attributes);
    Py_XDECREF(state);
    return result;
}

#define ROW(name, text)                                                                            \
    {                                                                                              \
#name, name, METH_NOARGS, #name "($self)\n--\n\n" text                                     \
    }

static PyMethodDef methods[] = {
    ROW(get_error_code,
        "The error's number, one of VIR_ERR_…; None without an error of libvirt's."),
    ROW(get_error_domain, "The part of libvirt that failed, one of VIR_FROM_…."),
    ROW(get_error_message, "What went wrong, as libvirt words it."),
    ROW(get_error_level, "VIR_ERR_WARNING or VIR_ERR_ERROR."),
    ROW(get_str1, "The first text that belongs to the error, or None."),
    ROW(get_str2, "The second text that belongs to the error, or None."),
    ROW(get_str3, "The third text that belongs to the error, or None."),
    ROW(get_int1, "The first number that belongs to the error."),
    ROW(get_int2, "The second number that belongs to the error."),
    {"__reduce__", reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static char documentation[] =
    "libvirtError(defmsg)\n--\n\n"
    "An error of libvirt's. `err` holds its nine values: code, domain, message, level, three\n"
    "texts and two numbers; it is None where libvirt stored no error.";

bool error_class_make(void)
{
    PyType_Slot slots[] = {
        {Py_tp_init, (void *)initialize},
        {Py_tp_methods, methods},
        {Py_tp_doc, documentation},
        {0, NULL},
    };
    PyType_Spec spec = {"libvirt.libvirtError", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                        slots};

    if (!libvirt_error)
        libvirt_error = PyType_FromSpecWithBases(&spec, PyExc_Exception);
    return libvirt_error != NULL;
}
