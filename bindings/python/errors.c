/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raising libvirtError. The exception is put together here and not by calling its class, which
 * would ask libvirt for the error a second time. */
#include "runtime.h"
#include "runtime_internal.h"

/* The nine values that programs find in an exception's `err`. */
PyObject *error_values(const struct captured_error *error)
{
    PyObject *const values[] = {
        PyLong_FromLong(error->code),  PyLong_FromLong(error->domain), string_out(error->message),
        PyLong_FromLong(error->level), string_out(error->str1),        string_out(error->str2),
        string_out(error->str3),       PyLong_FromLong(error->int1),   PyLong_FromLong(error->int2),
    };
    const Py_ssize_t count = sizeof values / sizeof *values;
    PyObject *tuple = PyTuple_New(count);

    for (Py_ssize_t i = 0; i < count; i++) {
        if (tuple && values[i])
            PyTuple_SetItem(tuple, i, values[i]);
        else
            Py_XDECREF(values[i]);
        if (!values[i])
            Py_CLEAR(tuple);
    }
    return tuple;
}

/* Takes over message and values; either may be NULL, with an exception set. */
static void raise_with(PyObject *message, PyObject *values)
{
    static newfunc make;
    static PyObject *err;
    PyObject *arguments = message && values ? PyTuple_Pack(1, message) : NULL;
    PyObject *exception = NULL;

    if (!make)
        make = (newfunc)PyType_GetSlot((PyTypeObject *)libvirt_error, Py_tp_new);
    if (!err)
        err = PyUnicode_InternFromString("err");
    if (arguments && err)
        exception = make((PyTypeObject *)libvirt_error, arguments, NULL);
    if (exception && PyObject_SetAttr(exception, err, values) == 0)
        PyErr_SetObject(libvirt_error, exception);
    Py_XDECREF(exception);
    Py_XDECREF(arguments);
    Py_XDECREF(message);
    Py_XDECREF(values);
}

PyObject *raise_error(struct captured_error *error, const char *function)
{
    if (error->is_set)
        raise_with(string_out(error->message ? error->message : ""), error_values(error));
    else
        raise_with(PyUnicode_FromFormat("%s() failed", function), Py_NewRef(Py_None));
    error_release(error);
    return NULL;
}

/* What libvirt itself says about a bad pointer of each kind. */
static const struct {
    const struct handle_kind *kind;
    int code;
    const char *thing;
} invalid_handles[] = {
    {&handle_kind_virConnect, VIR_ERR_INVALID_CONN, "connection"},
    {&handle_kind_virDomain, VIR_ERR_INVALID_DOMAIN, "domain"},
    {&handle_kind_virDomainCheckpoint, VIR_ERR_INVALID_DOMAIN_CHECKPOINT, "domain checkpoint"},
    {&handle_kind_virDomainSnapshot, VIR_ERR_INVALID_DOMAIN_SNAPSHOT, "domain snapshot"},
    {&handle_kind_virInterface, VIR_ERR_INVALID_INTERFACE, "interface"},
    {&handle_kind_virNWFilter, VIR_ERR_INVALID_NWFILTER, "nwfilter"},
    {&handle_kind_virNWFilterBinding, VIR_ERR_INVALID_NWFILTER_BINDING, "nwfilter binding"},
    {&handle_kind_virNetwork, VIR_ERR_INVALID_NETWORK, "network"},
    {&handle_kind_virNetworkPort, VIR_ERR_INVALID_NETWORK_PORT, "network port"},
    {&handle_kind_virNodeDevice, VIR_ERR_INVALID_NODE_DEVICE, "node device"},
    {&handle_kind_virSecret, VIR_ERR_INVALID_SECRET, "secret"},
    {&handle_kind_virStoragePool, VIR_ERR_INVALID_STORAGE_POOL, "storage pool"},
    {&handle_kind_virStorageVol, VIR_ERR_INVALID_STORAGE_VOL, "storage volume"},
    {&handle_kind_virStream, VIR_ERR_INVALID_STREAM, "stream"},
    {&handle_kind_virAdmConnect, VIR_ERR_INVALID_CONN, "connection"},
};

PyObject *raise_invalid_handle(const struct handle_kind *kind, const char *place)
{
    struct captured_error error;
    const char *thing = kind->name;
    int code = VIR_ERR_INVALID_ARG;
    char format[80];

    for (size_t i = 0; i < sizeof invalid_handles / sizeof *invalid_handles; i++)
        if (invalid_handles[i].kind == kind) {
            code = invalid_handles[i].code;
            thing = invalid_handles[i].thing;
        }
    error_compose(&error, code, "invalid %s pointer in %s (closed or freed)", thing, place);
    PyOS_snprintf(format, sizeof format, "invalid %s pointer in %%s", thing);
    error.str1 = format;
    error.str2 = place;
    return raise_error(&error, place);
}
