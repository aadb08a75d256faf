/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sorting what a call was given to its parameters. Glue handles the usual call, where all are
 * given by position, itself. */
#include <string.h>

#include "runtime.h"
#include "runtime_internal.h"

static bool too_many(const struct signature *signature, Py_ssize_t count)
{
    PyErr_Format(PyExc_TypeError, "%s() takes at most %zd argument%s, %zd given",
                 signature->function, signature->total, signature->total == 1 ? "" : "s", count);
    return false;
}

/* The place of a keyword; -1 with TypeError set. */
static Py_ssize_t place_of(const struct signature *signature, PyObject *keyword)
{
    for (Py_ssize_t i = 0; i < signature->total; i++)
        if (PyUnicode_CompareWithASCIIString(keyword, signature->names[i]) == 0)
            return i;
    PyErr_Format(PyExc_TypeError, "%s() has no argument named %R", signature->function, keyword);
    return -1;
}

static bool read_keywords(const struct signature *signature, PyObject *const *arguments,
                          Py_ssize_t count, PyObject *keywords, PyObject **values)
{
    const Py_ssize_t keyword_count = PyTuple_Size(keywords);

    for (Py_ssize_t i = 0; i < keyword_count; i++) {
        const Py_ssize_t place = place_of(signature, PyTuple_GetItem(keywords, i));

        if (place < 0)
            return false;
        if (place < count) {
            PyErr_Format(PyExc_TypeError, "%s() got '%s' by position and by name",
                         signature->function, signature->names[place]);
            return false;
        }
        values[place] = arguments[count + i];
    }
    return true;
}

bool arguments_read(const struct signature *signature, PyObject *const *arguments, Py_ssize_t count,
                    PyObject *keywords, PyObject **values)
{
    if (count > signature->total)
        return too_many(signature, count);
    for (Py_ssize_t i = 0; i < count; i++)
        values[i] = arguments[i];
    if (keywords && !read_keywords(signature, arguments, count, keywords, values))
        return false;
    for (Py_ssize_t i = count; i < signature->required; i++)
        if (!values[i]) {
            PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s'",
                         signature->function, signature->names[i]);
            return false;
        }
    return true;
}

bool refuse_type(PyObject *value, const char *name, const char *wanted)
{
    PyObject *given = value == Py_None ? NULL : PyType_GetName(Py_TYPE(value));

    if (given)
        PyErr_Format(PyExc_TypeError, "%s must be %s, not %U", name, wanted, given);
    else if (!PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "%s must be %s, not None", name, wanted);
    Py_XDECREF(given);
    return false;
}

bool callable_in(PyObject *value, const char *name)
{
    return PyCallable_Check(value) || refuse_type(value, name, "callable");
}
