/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of numbers both ways. */
#include "runtime.h"
#include "runtime_internal.h"

bool sequence_size(PyObject *value, const char *name, const char *items, Py_ssize_t *size)
{
    if (!PyList_Check(value) && !PyTuple_Check(value)) {
        char wanted[80];
        PyOS_snprintf(wanted, sizeof wanted, "a list or tuple of %s", items);
        return refuse_type(value, name, wanted);
    }
    *size = PySequence_Size(value);
    return *size >= 0;
}

/* One pair of converters a C type: the algorithm is the same, only the item's type differs. An
 * item's own __index__ may change the list meanwhile, so each is looked up anew. */
#define NUMBERS(type, plural, converter, constructor)                                              \
    bool plural##_in(PyObject *value, const char *name, type **result, unsigned int *count)        \
    {                                                                                              \
        Py_ssize_t size;                                                                           \
        type *numbers;                                                                             \
                                                                                                   \
        *result = NULL;                                                                            \
        *count = 0;                                                                                \
        if (!sequence_size(value, name, "integers", &size))                                        \
            return false;                                                                          \
        numbers = PyMem_Malloc(((size_t)size + 1) * sizeof *numbers);                              \
        if (!numbers) {                                                                            \
            PyErr_NoMemory();                                                                      \
            return false;                                                                          \
        }                                                                                          \
        for (Py_ssize_t i = 0; i < size; i++) {                                                    \
            PyObject *item = PySequence_GetItem(value, i);                                         \
            const bool is_number = item && converter(item, name, &numbers[i]);                     \
                                                                                                   \
            Py_XDECREF(item);                                                                      \
            if (!is_number) {                                                                      \
                PyMem_Free(numbers);                                                               \
                return false;                                                                      \
            }                                                                                      \
        }                                                                                          \
        *result = numbers;                                                                         \
        *count = (unsigned int)size;                                                               \
        return true;                                                                               \
    }                                                                                              \
                                                                                                   \
    PyObject *plural##_out(const type *numbers, int count)                                         \
    {                                                                                              \
        PyObject *list = PyList_New(count);                                                        \
                                                                                                   \
        for (int i = 0; list && i < count; i++) {                                                  \
            PyObject *item = constructor(numbers[i]);                                              \
                                                                                                   \
            if (item)                                                                              \
                PyList_SetItem(list, i, item);                                                     \
            else                                                                                   \
                Py_CLEAR(list);                                                                    \
        }                                                                                          \
        return list;                                                                               \
    }

NUMBERS(int, ints, int_in, PyLong_FromLong)
NUMBERS(unsigned int, uints, uint_in, PyLong_FromUnsignedLong)
NUMBERS(unsigned long long, ullongs, ullong_in, PyLong_FromUnsignedLongLong)
