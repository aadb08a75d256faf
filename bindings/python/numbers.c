/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers from Python, one converter a C type. Whatever has __index__ is an integer; what does not
 * fit is refused, never cut. */
#include <limits.h>
#include <stdint.h>

#include "runtime.h"
#include "runtime_internal.h"

/* Replaces Python's exception by one that names the argument; those of a program's own __index__
 * stay. */
static bool refuse(PyObject *value, const char *name, const char *range)
{
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_OverflowError, "%s must be %s, not %R", name, range, value);
    } else if (PyErr_ExceptionMatches(PyExc_TypeError) && !PyIndex_Check(value)) {
        PyErr_Clear();
        refuse_type(value, name, "an integer");
    }
    return false;
}

static bool signed_in(PyObject *value, const char *name, long long low, long long high,
                      long long *result)
{
    char range[80];
    long long number;

    number = PyLong_AsLongLong(value);
    if ((number != -1 || !PyErr_Occurred()) && number >= low && number <= high) {
        *result = number;
        return true;
    }
    if (!PyErr_Occurred())
        PyErr_SetNone(PyExc_OverflowError);
    PyOS_snprintf(range, sizeof range, "from %lld to %lld", low, high);
    return refuse(value, name, range);
}

static bool unsigned_in(PyObject *value, const char *name, unsigned long long high,
                        unsigned long long *result)
{
    const unsigned long long failed = (unsigned long long)-1;
    PyObject *index = PyNumber_Index(value);
    unsigned long long number = failed;
    char range[80];

    if (index) {
        number = PyLong_AsUnsignedLongLong(index);
        Py_DECREF(index);
    }
    if ((number != failed || !PyErr_Occurred()) && number <= high) {
        *result = number;
        return true;
    }
    if (!PyErr_Occurred())
        PyErr_SetNone(PyExc_OverflowError);
    PyOS_snprintf(range, sizeof range, "from 0 to %llu", high);
    return refuse(value, name, range);
}

bool int_in(PyObject *value, const char *name, int *result)
{
    long long number;

    if (!signed_in(value, name, INT_MIN, INT_MAX, &number))
        return false;
    *result = (int)number;
    return true;
}

bool uint_in(PyObject *value, const char *name, unsigned int *result)
{
    unsigned long long number;

    if (!unsigned_in(value, name, UINT_MAX, &number))
        return false;
    *result = (unsigned int)number;
    return true;
}

bool long_in(PyObject *value, const char *name, long *result)
{
    long long number;

    if (!signed_in(value, name, LONG_MIN, LONG_MAX, &number))
        return false;
    *result = (long)number;
    return true;
}

bool ulong_in(PyObject *value, const char *name, unsigned long *result)
{
    unsigned long long number;

    if (!unsigned_in(value, name, ULONG_MAX, &number))
        return false;
    *result = (unsigned long)number;
    return true;
}

bool llong_in(PyObject *value, const char *name, long long *result)
{
    return signed_in(value, name, LLONG_MIN, LLONG_MAX, result);
}

bool ullong_in(PyObject *value, const char *name, unsigned long long *result)
{
    return unsigned_in(value, name, ULLONG_MAX, result);
}

bool size_in(PyObject *value, const char *name, size_t *result)
{
    unsigned long long number;

    if (!unsigned_in(value, name, SIZE_MAX, &number))
        return false;
    *result = (size_t)number;
    return true;
}

bool double_in(PyObject *value, const char *name, double *result)
{
    const double number = PyFloat_AsDouble(value);

    if (number == -1.0 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Clear();
            refuse_type(value, name, "a number");
        }
        return false;
    }
    *result = number;
    return true;
}

bool bool_in(PyObject *value, const char *name, int *result)
{
    (void)name;
    *result = PyObject_IsTrue(value);
    return *result >= 0;
}
