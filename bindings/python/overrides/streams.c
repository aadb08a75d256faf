/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams: sending and receiving bytes, and their events. */
#include "callbacks.h"
#include "overrides.h"

#define REGISTERED 0 /* one a stream at most, so any id will do */

METHOD(override_virStreamSend)
{
    SIGNATURE("virStreamSend", 1, "data");
    PyObject *values[1] = {NULL};
    struct buffer_in buffer;
    PyObject *object = NULL;
    void *stream;
    int result;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !bytes_in(values[0], names[0], &buffer))
        return NULL;
    stream = handle_enter(self, &handle_kind_virStream, "stream");
    if (stream) {
        CALL_BEGIN
        result = vir.virStreamSend(stream, buffer.data, buffer.length);
        CALL_END(result == -1)
        handle_leave(self);
        object = result == -1 ? raise_error(&error, signature.function) : PyLong_FromLong(result);
    }
    buffer_in_release(&buffer);
    return object;
}

/* Bytes of which libvirt filled the first part only. */
static PyObject *shortened(PyObject *bytes, int length)
{
    PyObject *result;

    if (PyBytes_Size(bytes) == length)
        return bytes;
    result = PyBytes_FromStringAndSize(PyBytes_AsString(bytes), length);
    Py_DECREF(bytes);
    return result;
}

/* Both ways of receiving; flags NULL: virStreamRecv(). An int below 0 where no data can come now,
 * bytes else. */
static PyObject *receive(PyObject *self, int nbytes, const unsigned int *flags,
                         const char *function)
{
    PyObject *bytes;
    void *stream;
    int result;

    if (nbytes < 0)
        return PyErr_Format(PyExc_ValueError, "nbytes must not be negative");
    bytes = PyBytes_FromStringAndSize(NULL, nbytes);
    if (!bytes)
        return NULL;
    stream = handle_enter(self, &handle_kind_virStream, "stream");
    if (!stream) {
        Py_DECREF(bytes);
        return NULL;
    }
    char *room = PyBytes_AsString(bytes);
    CALL_BEGIN
    result = flags ? vir.virStreamRecvFlags(stream, room, (size_t)nbytes, *flags)
                   : vir.virStreamRecv(stream, room, (size_t)nbytes);
    CALL_END(result == -1)
    handle_leave(self);
    if (result >= 0)
        return shortened(bytes, result);
    Py_DECREF(bytes);
    return result == -1 ? raise_error(&error, function) : PyLong_FromLong(result);
}

METHOD(override_virStreamRecv)
{
    SIGNATURE("virStreamRecv", 1, "nbytes");
    PyObject *values[1] = {NULL};
    int nbytes;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &nbytes))
        return NULL;
    return receive(self, nbytes, NULL, signature.function);
}

METHOD(override_virStreamRecvFlags)
{
    SIGNATURE("virStreamRecvFlags", 1, "nbytes", "flags");
    PyObject *values[2] = {NULL, NULL};
    unsigned int flags = 0;
    int nbytes;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &nbytes) ||
        (values[1] && !uint_in(values[1], names[1], &flags)))
        return NULL;
    return receive(self, nbytes, &flags, signature.function);
}

/* ---- events ---- */

static void stream_event(virStreamPtr stream, int events, void *opaque)
{
    struct callback_call call;

    (void)stream;
    if (!callback_begin(&call, opaque))
        return;
    callback_give(&call, PyLong_FromLong(events));
    callback_finish(&call);
}

static int remove_stream_event(void *stream, int id)
{
    (void)id;
    return vir.virStreamEventRemoveCallback(stream);
}

static const struct callback_registry registry = {NULL, remove_stream_event, true};

METHOD(override_virStreamEventAddCallback)
{
    SIGNATURE("virStreamEventAddCallback", 3, "events", "cb", "opaque");
    PyObject *values[3] = {NULL, NULL, NULL};
    struct python_callback *callback;
    void *stream;
    int events;
    int result;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &events))
        return NULL;
    callback = callback_new(self, values[1], names[1], values[2]);
    if (!callback)
        return NULL;
    stream = handle_enter(self, &handle_kind_virStream, "stream");
    if (!stream) {
        callback_let_go(callback, false);
        return NULL;
    }
    /* Programs look at it. */
    if (PyObject_SetAttrString(self, "cb", values[1]) < 0) {
        callback_let_go(callback, false);
        handle_leave(self);
        return NULL;
    }
    CALL_BEGIN
    result = vir.virStreamEventAddCallback(stream, events, stream_event, callback, callback_free);
    CALL_END(result < 0)
    handle_leave(self);
    if (result < 0) {
        callback_let_go(callback, false);
        return raise_error(&error, signature.function);
    }
    callback_registered(callback, &registry, REGISTERED);
    callback_let_go(callback, true);
    return Py_NewRef(Py_None);
}

METHOD_PLAIN(override_virStreamEventRemoveCallback)
{
    void *stream = handle_enter(self, &handle_kind_virStream, "stream");
    int result;

    (void)unused;
    if (!stream)
        return NULL;
    CALL_BEGIN
    result = vir.virStreamEventRemoveCallback(stream);
    CALL_END(result < 0)
    handle_leave(self);
    /* Also where it was refused: after an abort libvirt does so, and never calls again. */
    callback_unregistered(&registry, self, REGISTERED);
    callbacks_collect();
    if (result < 0)
        return raise_error(&error, "virStreamEventRemoveCallback");
    return PyLong_FromLong(result);
}
