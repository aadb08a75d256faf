/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU maps both ways: tuples of truth values in Python, bits in C. */
#include "runtime.h"
#include "runtime_internal.h"

/* CPUs of the node that this object's connection leads to; below 0 with an exception set. */
static int node_cpus(PyObject *self)
{
    PyObject *connection = handle_connection(self);
    void *pointer;
    int count;

    if (!connection) {
        PyErr_SetString(PyExc_TypeError, "a CPU map needs an object with a connection");
        return -1;
    }
    pointer = handle_enter(connection, &handle_kind_virConnect, "conn");
    if (!pointer)
        return -1;
    CALL_BEGIN
    count = cpu_map_node_cpus(pointer);
    CALL_END(count < 0)
    handle_leave(connection);
    if (count < 0)
        raise_error(&error, "virNodeGetCPUMap");
    return count;
}

/* 1 or 0; below 0 with an exception set. */
static int is_on(PyObject *value, Py_ssize_t place)
{
    PyObject *item = PySequence_GetItem(value, place);
    const int on = item ? PyObject_IsTrue(item) : -1;

    Py_XDECREF(item);
    return on;
}

bool cpu_map_in(PyObject *self, PyObject *value, const char *name, unsigned char **map, int *length)
{
    Py_ssize_t size;
    unsigned char *bits;
    int cpus;

    if (!sequence_size(value, name, "truth values", &size))
        return false;
    cpus = node_cpus(self);
    if (cpus < 0)
        return false;
    bits = PyMem_Calloc((size_t)cpu_map_length(cpus) + 1, 1);
    if (!bits) {
        PyErr_NoMemory();
        return false;
    }
    for (int i = 0; i < cpus && i < size; i++) {
        const int on = is_on(value, i);
        if (on < 0) {
            PyMem_Free(bits);
            return false;
        }
        if (on)
            cpu_map_set(bits, i);
    }
    *map = bits;
    *length = cpu_map_length(cpus);
    return true;
}

PyObject *cpu_map_out(const unsigned char *map, int cpus)
{
    PyObject *tuple = PyTuple_New(cpus);

    for (int i = 0; tuple && i < cpus; i++)
        PyTuple_SetItem(tuple, i, PyBool_FromLong(cpu_map_get(map, i)));
    return tuple;
}
