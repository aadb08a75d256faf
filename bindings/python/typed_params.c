/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters: a dict in Python. The type of each key comes from libvirt's documentation, or
 * from the value where it does not know the key. */
#include <stdlib.h>
#include <string.h>

#include "runtime.h"
#include "runtime_internal.h"

/* ---- from Python ---- */

/* Of a key that libvirt's documentation does not list; 0 with TypeError set. */
static int type_of_value(PyObject *value, const char *name)
{
    if (PyBool_Check(value))
        return VIR_TYPED_PARAM_BOOLEAN;
    if (PyUnicode_Check(value))
        return VIR_TYPED_PARAM_STRING;
    if (PyFloat_Check(value))
        return VIR_TYPED_PARAM_DOUBLE;
    if (PyIndex_Check(value)) {
        PyObject *zero = PyLong_FromLong(0);
        PyObject *number = PyNumber_Index(value);
        const int is_negative = zero && number ? PyObject_RichCompareBool(number, zero, Py_LT) : -1;

        Py_XDECREF(zero);
        Py_XDECREF(number);
        if (is_negative < 0)
            return 0;
        return is_negative ? VIR_TYPED_PARAM_LLONG : VIR_TYPED_PARAM_ULLONG;
    }
    refuse_type(value, name, "str, int, float or bool");
    return 0;
}

static bool text_value_in(PyObject *value, const char *name, char **result)
{
    const char *text;
    void *owned;

    if (!string_in(value, name, &text, &owned))
        return false;
    *result = malloc(strlen(text) + 1);
    if (*result)
        strcpy(*result, text);
    else
        PyErr_NoMemory();
    PyMem_Free(owned);
    return *result != NULL;
}

static bool value_in(PyObject *value, const char *name, virTypedParameterPtr item)
{
    int truth;

    switch (item->type) {
    case VIR_TYPED_PARAM_INT:
        return int_in(value, name, &item->value.i);
    case VIR_TYPED_PARAM_UINT:
        return uint_in(value, name, &item->value.ui);
    case VIR_TYPED_PARAM_LLONG:
        return llong_in(value, name, &item->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return ullong_in(value, name, &item->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return double_in(value, name, &item->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        if (!bool_in(value, name, &truth))
            return false;
        item->value.b = (char)truth;
        return true;
    default:
        return text_value_in(value, name, &item->value.s);
    }
}

static bool refuse_key(enum params_result reason, const char *name, PyObject *key)
{
    if (reason == PARAMS_NAME_TOO_LONG)
        PyErr_Format(PyExc_ValueError, "a key of %s is longer than %d bytes: %R", name,
                     VIR_TYPED_PARAM_FIELD_LENGTH - 1, key);
    else if (reason == PARAMS_NAME_HAS_NUL)
        PyErr_Format(PyExc_ValueError, "a key of %s contains a null character: %R", name, key);
    else
        PyErr_NoMemory();
    return false;
}

/* One value under its key. */
static bool add_value(struct params *result, const char *name, const struct params_keys *keys,
                      PyObject *key, PyObject *value)
{
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(key, &length);
    virTypedParameterPtr item = NULL;
    enum params_result added;
    int type;

    if (!text)
        return false;
    type = keys ? params_key_type(keys->keys, keys->count, text) : 0;
    if (!type)
        type = type_of_value(value, text);
    if (!type)
        return false;
    added = params_add(result, text, (size_t)length, type, &item);
    return added == PARAMS_OK ? value_in(value, text, item) : refuse_key(added, name, key);
}

static bool add_item(struct params *result, const char *name, const struct params_keys *keys,
                     PyObject *key, PyObject *value)
{
    if (!PyUnicode_Check(key))
        return refuse_type(key, name, "a dict with str as keys");
    if (!PyList_Check(value) && !PyTuple_Check(value))
        return add_value(result, name, keys, key, value);
    for (Py_ssize_t i = 0; i < PySequence_Size(value); i++) {
        PyObject *each = PySequence_GetItem(value, i);
        const bool done = each && add_value(result, name, keys, key, each);
        Py_XDECREF(each);
        if (!done)
            return false;
    }
    return true;
}

bool params_in(PyObject *value, const char *name, const struct params_keys *keys, bool nullable,
               struct params *result)
{
    Py_ssize_t place = 0;
    PyObject *key;
    PyObject *item;

    memset(result, 0, sizeof *result);
    if (nullable && (!value || value == Py_None))
        return true;
    if (!PyDict_Check(value))
        return refuse_type(value, name, nullable ? "a dict or None" : "a dict");
    while (PyDict_Next(value, &place, &key, &item)) {
        bool done;

        /* Their __index__ may take them out of the dict. */
        Py_INCREF(key);
        Py_INCREF(item);
        done = add_item(result, name, keys, key, item);
        Py_DECREF(key);
        Py_DECREF(item);
        if (!done) {
            params_release(result);
            return false;
        }
    }
    return true;
}

/* ---- to Python ---- */

static PyObject *value_out(const virTypedParameter *item)
{
    switch (item->type) {
    case VIR_TYPED_PARAM_INT:
        return PyLong_FromLong(item->value.i);
    case VIR_TYPED_PARAM_UINT:
        return PyLong_FromUnsignedLong(item->value.ui);
    case VIR_TYPED_PARAM_LLONG:
        return PyLong_FromLongLong(item->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return PyLong_FromUnsignedLongLong(item->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return PyFloat_FromDouble(item->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        return PyBool_FromLong(item->value.b);
    case VIR_TYPED_PARAM_STRING:
        return string_out(item->value.s);
    default:
        return PyErr_Format(PyExc_ValueError, "libvirt sent '%s' as a type %d, which is unknown",
                            item->field, item->type);
    }
}

/* Where a name is repeated, its values become a list; false with an exception set. */
static bool add_to_dict(PyObject *dict, PyObject *name, PyObject *value)
{
    PyObject *before = PyDict_GetItemWithError(dict, name);
    PyObject *both;
    bool worked;

    if (!before)
        return !PyErr_Occurred() && PyDict_SetItem(dict, name, value) == 0;
    if (PyList_Check(before))
        return PyList_Append(before, value) == 0;
    both = Py_BuildValue("[OO]", before, value);
    worked = both && PyDict_SetItem(dict, name, both) == 0;
    Py_XDECREF(both);
    return worked;
}

PyObject *params_out(virTypedParameterPtr params, int count)
{
    PyObject *dict = PyDict_New();

    for (int i = 0; dict && i < count; i++) {
        PyObject *name = name_out(params[i].field);
        PyObject *value = name ? value_out(&params[i]) : NULL;

        if (!value || !add_to_dict(dict, name, value))
            Py_CLEAR(dict);
        Py_XDECREF(name);
        Py_XDECREF(value);
    }
    return dict;
}
