/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes both ways, UUIDs, and secrets, whose copies are wiped. */
#include <string.h>

#include "runtime.h"
#include "runtime_internal.h"

bool bytes_in(PyObject *value, const char *name, struct buffer_in *result)
{
    memset(result, 0, sizeof *result);
    if (!PyObject_CheckBuffer(value))
        return refuse_type(value, name, "bytes");
    if (PyObject_GetBuffer(value, &result->view, PyBUF_SIMPLE) < 0) {
        result->view.obj = NULL;
        return false;
    }
    result->data = result->view.buf;
    result->length = (size_t)result->view.len;
    return true;
}

/* volatile: the compiler must not find out that nobody reads it any more. */
static void wipe(void *memory, size_t length)
{
    volatile unsigned char *byte = memory;

    while (length--)
        *byte++ = 0;
}

static bool copy_secret(struct buffer_in *result, const void *data, size_t length)
{
    result->copy = PyMem_Malloc(length + 1);
    if (!result->copy) {
        PyErr_NoMemory();
        return false;
    }
    memcpy(result->copy, data, length);
    result->data = result->copy;
    result->length = length;
    return true;
}

bool secret_in(PyObject *value, const char *name, struct buffer_in *result)
{
    struct buffer_in bytes;
    bool done;

    memset(result, 0, sizeof *result);
    if (PyUnicode_Check(value)) {
        Py_ssize_t length;
        const char *text = PyUnicode_AsUTF8AndSize(value, &length);
        return text && copy_secret(result, text, (size_t)length);
    }
    if (!bytes_in(value, name, &bytes))
        return false;
    done = copy_secret(result, bytes.data, bytes.length);
    buffer_in_release(&bytes);
    return done;
}

void buffer_in_release(struct buffer_in *buffer)
{
    if (buffer->copy) {
        wipe(buffer->copy, buffer->length);
        PyMem_Free(buffer->copy);
    }
    if (buffer->view.obj)
        PyBuffer_Release(&buffer->view);
    memset(buffer, 0, sizeof *buffer);
}

/* libvirtError, as for a UUID that nothing has: programs look up a UUID's text with these to see
 * whether it is free. */
static void refuse_length(const char *name, size_t length)
{
    struct captured_error error;

    error_compose(&error, VIR_ERR_INVALID_ARG, "%s must be %d bytes, not %zu", name,
                  VIR_UUID_BUFLEN, length);
    raise_error(&error, NULL);
}

bool uuid_in(PyObject *value, const char *name, unsigned char result[VIR_UUID_BUFLEN])
{
    struct buffer_in bytes = {0};
    bool fits;

    if (PyUnicode_Check(value)) {
        Py_ssize_t length;
        bytes.data = PyUnicode_AsUTF8AndSize(value, &length);
        if (!bytes.data)
            return false;
        bytes.length = (size_t)length;
    } else if (!bytes_in(value, name, &bytes)) {
        return false;
    }
    fits = bytes.length == VIR_UUID_BUFLEN;
    if (fits)
        memcpy(result, bytes.data, VIR_UUID_BUFLEN);
    else
        refuse_length(name, bytes.length);
    buffer_in_release(&bytes);
    return fits;
}

PyObject *bytes_out(const void *data, size_t length)
{
    return PyBytes_FromStringAndSize(data, (Py_ssize_t)length);
}
