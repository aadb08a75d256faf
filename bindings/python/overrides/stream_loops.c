/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole transfers through a stream, by the program's handlers. They go through the stream's own
 * methods, as a loop written in Python would. */
#include "callbacks.h"
#include "overrides.h"

#define CHUNK 262120 /* libvirt's largest message, less its header */
#define WOULD_BLOCK -2
#define AT_HOLE -3

/* The exception of a handler ends the transfer; it stays, whatever abort() says. */
static PyObject *aborted(PyObject *self)
{
    PyObject *interrupted[3];
    PyObject *result;

    PyErr_Fetch(&interrupted[0], &interrupted[1], &interrupted[2]);
    result = PyObject_CallMethod(self, "abort", NULL);
    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
    PyErr_Restore(interrupted[0], interrupted[1], interrupted[2]);
    return NULL;
}

static void nonblocking(const char *method)
{
    PyObject *error = PyObject_CallFunction(
        libvirt_error, "N", PyUnicode_FromFormat("cannot use %s with nonblocking stream", method));

    if (error)
        PyErr_SetObject(libvirt_error, error);
    Py_XDECREF(error);
}

/* True where the value is an int; its number. */
static bool is_int(PyObject *value, long long *number)
{
    if (!PyLong_Check(value))
        return false;
    *number = PyLong_AsLongLong(value);
    if (*number == -1 && PyErr_Occurred())
        PyErr_Clear(); /* too large for a stop sign */
    return true;
}

/* False, with the stream aborted and RuntimeError set, where a handler answered below 0. */
static bool goes_on(PyObject *self, PyObject *answer, const char *method)
{
    long long number = 0;

    if (!is_int(answer, &number) || number >= 0)
        return true;
    PyErr_Format(PyExc_RuntimeError, "%s handler returned %lld", method, number);
    aborted(self);
    return false;
}

/* Sends all of a bytes-like object; false with an exception set. */
static bool send_all_of(PyObject *self, PyObject *data, const char *method)
{
    PyObject *rest = NULL;
    bool worked = false;

    if (PyObject_CheckBuffer(data))
        rest = PyBytes_FromObject(data); /* itself where it is bytes already */
    else
        PyErr_Format(PyExc_TypeError, "%s handler must return bytes, not %R", method,
                     (PyObject *)Py_TYPE(data));
    if (!rest) {
        aborted(self);
        return false;
    }
    for (;;) {
        Py_ssize_t length = PyObject_Size(rest);
        PyObject *answer = length > 0 ? PyObject_CallMethod(self, "send", "O", rest) : NULL;
        PyObject *shorter;
        long long number = 0;

        if (!answer) {
            worked = length == 0;
            break;
        }
        if (!is_int(answer, &number) || number == WOULD_BLOCK)
            nonblocking(method);
        Py_DECREF(answer);
        if (PyErr_Occurred())
            break;
        shorter = PySequence_GetSlice(rest, (Py_ssize_t)number, length);
        Py_DECREF(rest);
        rest = shorter;
        if (!rest)
            return false;
    }
    Py_DECREF(rest);
    return worked;
}

METHOD(override_virStreamSendAll)
{
    SIGNATURE("virStreamSendAll", 2, "handler", "opaque");
    PyObject *values[2] = {NULL, NULL};
    int more = 1;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !callable_in(values[0], names[0]))
        return NULL;
    while (more > 0) {
        PyObject *data = PyObject_CallFunction(values[0], "OiO", self, CHUNK, values[1]);

        if (!data)
            return aborted(self);
        more = PyObject_IsTrue(data);
        if (more > 0 && (!goes_on(self, data, "sendAll") || !send_all_of(self, data, "sendAll")))
            more = -1;
        Py_DECREF(data);
    }
    return more < 0 ? NULL : Py_NewRef(Py_None);
}

METHOD(override_virStreamRecvAll)
{
    SIGNATURE("virStreamRecvAll", 2, "handler", "opaque");
    PyObject *values[2] = {NULL, NULL};
    PyObject *data = NULL;
    PyObject *answer = NULL;
    bool worked = false;
    long long number = 0;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !callable_in(values[0], names[0]))
        return NULL;
    for (;;) {
        data = PyObject_CallMethod(self, "recv", "i", CHUNK);
        if (!data)
            break;
        if (is_int(data, &number)) {
            nonblocking("recvAll");
            break;
        }
        if (PyObject_Size(data) < 1) {
            worked = !PyErr_Occurred();
            break;
        }
        answer = PyObject_CallFunctionObjArgs(values[0], self, data, values[1], NULL);
        if (!answer) {
            aborted(self);
            break;
        }
        if (!goes_on(self, answer, "recvAll"))
            break;
        Py_CLEAR(data);
        Py_CLEAR(answer);
    }
    Py_XDECREF(data);
    Py_XDECREF(answer);
    return worked ? Py_NewRef(Py_None) : NULL;
}

/* ---- with holes; the exception of a handler leaves the stream to the program ---- */

/* The answer of a handler called with the stream, a length and the opaque: false where the
 * transfer ends. */
static bool tell(PyObject *self, PyObject *handler, PyObject *length, PyObject *opaque,
                 const char *method)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(handler, self, length, opaque, NULL);
    bool on = answer && goes_on(self, answer, method);

    Py_XDECREF(answer);
    return on;
}

/* One hole or one piece of data; 0 at the end, below 0 with an exception set. */
static int sparse_receive(PyObject *self, PyObject *const *values)
{
    PyObject *data =
        PyObject_CallMethod(self, "recvFlags", "ii", CHUNK, VIR_STREAM_RECV_STOP_AT_HOLE);
    long long number = 0;
    int more = -1;

    if (!data)
        return -1;
    if (!is_int(data, &number)) {
        more = PyObject_Size(data) > 0;
        if (more > 0 && !tell(self, values[0], data, values[2], "sparseRecvAll"))
            more = -1;
    } else if (number == AT_HOLE) {
        PyObject *length = PyObject_CallMethod(self, "recvHole", NULL);

        if (length && tell(self, values[1], length, values[2], "sparseRecvAll hole"))
            more = 1;
        Py_XDECREF(length);
    } else {
        nonblocking("sparseRecvAll");
    }
    Py_DECREF(data);
    return more;
}

METHOD(override_virStreamSparseRecvAll)
{
    SIGNATURE("virStreamSparseRecvAll", 3, "handler", "holeHandler", "opaque");
    PyObject *values[3] = {NULL, NULL, NULL};
    int more = 1;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !callable_in(values[0], names[0]) || !callable_in(values[1], names[1]))
        return NULL;
    while (more > 0)
        more = sparse_receive(self, values);
    return more < 0 ? NULL : Py_NewRef(Py_None);
}

/* Asks where the program's data stands: inside data or in a hole, and how far that goes. */
static bool section(PyObject *self, PyObject *handler, PyObject *opaque, int *in_data,
                    long long *length)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(handler, self, opaque, NULL);
    PyObject *inside = NULL;
    PyObject *number = NULL;
    bool worked = false;

    if (answer && PySequence_Check(answer) && PySequence_Size(answer) == 2) {
        inside = PySequence_GetItem(answer, 0);
        number = PySequence_GetItem(answer, 1);
        worked = inside && number && (*in_data = PyObject_IsTrue(inside)) >= 0 &&
                 llong_in(number, "the length of the section", length);
    } else if (answer && !PyErr_Occurred()) {
        PyErr_Format(PyExc_TypeError, "holeHandler must return (inData, length), not %R", answer);
    }
    Py_XDECREF(inside);
    Py_XDECREF(number);
    Py_XDECREF(answer);
    return worked;
}

static bool skip_hole(PyObject *self, PyObject *handler, PyObject *opaque, long long hole)
{
    PyObject *length = PyLong_FromLongLong(hole);
    PyObject *sent = length ? PyObject_CallMethod(self, "sendHole", "O", length) : NULL;
    bool worked = sent && tell(self, handler, length, opaque, "sparseSendAll skip");

    Py_XDECREF(sent);
    Py_XDECREF(length);
    return worked;
}

/* A piece of a section of data; 0 at the end, below 0 with an exception set. */
static int sparse_send(PyObject *self, PyObject *handler, PyObject *opaque, long long length)
{
    PyObject *data =
        PyObject_CallFunction(handler, "OLO", self, length < CHUNK ? length : CHUNK, opaque);
    int more;

    if (!data)
        return -1;
    more = goes_on(self, data, "sparseSendAll") ? PyObject_IsTrue(data) : -1;
    if (more > 0 && !send_all_of(self, data, "sparseSendAll"))
        more = -1;
    Py_DECREF(data);
    return more;
}

METHOD(override_virStreamSparseSendAll)
{
    SIGNATURE("virStreamSparseSendAll", 4, "handler", "holeHandler", "skipHandler", "opaque");
    PyObject *values[4] = {NULL, NULL, NULL, NULL};
    int more = 1;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !callable_in(values[0], names[0]) || !callable_in(values[1], names[1]) ||
        !callable_in(values[2], names[2]))
        return NULL;
    while (more > 0) {
        long long length = 0;
        int in_data = 1;

        if (!section(self, values[1], values[3], &in_data, &length))
            more = -1;
        else if (in_data || length <= 0)
            more = sparse_send(self, values[0], values[3], length);
        else if (!skip_hole(self, values[2], values[3], length))
            more = -1;
    }
    return more < 0 ? NULL : Py_NewRef(Py_None);
}
