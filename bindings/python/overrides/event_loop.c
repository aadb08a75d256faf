/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's default event loop, and file descriptors and timers of the program's own in whatever
 * loop is registered. */
#include "callbacks.h"
#include "loop.h"
#include "overrides.h"

bool loop_is_registered;

METHOD_PLAIN(override_virEventRegisterDefaultImpl)
{
    int result;

    (void)self;
    (void)unused;
    CALL_BEGIN
    result = vir.virEventRegisterDefaultImpl();
    CALL_END(result < 0)
    if (result < 0)
        return raise_error(&error, "virEventRegisterDefaultImpl");
    loop_is_registered = true;
    return PyLong_FromLong(result);
}

METHOD_PLAIN(override_virEventRunDefaultImpl)
{
    int result;

    (void)self;
    (void)unused;
    callback_expect();
    CALL_BEGIN
    result = vir.virEventRunDefaultImpl();
    CALL_END(result < 0)
    callbacks_collect();
    if (!callback_outcome() || PyErr_CheckSignals() < 0) {
        if (result < 0)
            error_release(&error);
        return NULL;
    }
    if (result < 0)
        return raise_error(&error, "virEventRunDefaultImpl");
    return PyLong_FromLong(result);
}

/* ---- the program's own descriptors and timers ---- */

static void descriptor_ready(int watch, int fd, int events, void *opaque)
{
    struct callback_call call;

    if (!callback_begin(&call, opaque))
        return;
    callback_give(&call, PyLong_FromLong(watch));
    callback_give(&call, PyLong_FromLong(fd));
    callback_give(&call, PyLong_FromLong(events));
    callback_finish(&call);
}

static void timer_due(int timer, void *opaque)
{
    struct callback_call call;

    if (!callback_begin(&call, opaque))
        return;
    callback_give(&call, PyLong_FromLong(timer));
    callback_finish(&call);
}

/* The id; without memory for it there is an exception and nothing registered. */
static PyObject *number_of(int id, int (*take_back)(int id))
{
    PyObject *number = PyLong_FromLong(id);

    if (number)
        return number;
    CALL_BEGIN
    take_back(id);
    CALL_END(false)
    (void)error;
    callbacks_collect();
    return NULL;
}

/* The end of both: the id, or the exception, where `error` holds libvirt's. */
static PyObject *added(struct python_callback *callback, int id, struct captured_error *error,
                       const char *function, int (*take_back)(int id))
{
    bool stay = callback_outcome();

    callback_let_go(callback, id >= 0);
    if (id < 0 && stay)
        return raise_error(error, function);
    if (id < 0)
        error_release(error);
    return stay ? number_of(id, take_back) : NULL;
}

METHOD(override_virEventAddHandle)
{
    SIGNATURE("virEventAddHandle", 4, "fd", "events", "cb", "opaque");
    PyObject *values[4] = {NULL, NULL, NULL, NULL};
    struct python_callback *callback;
    int result;
    int events;
    int fd;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &fd) || !int_in(values[1], names[1], &events))
        return NULL;
    callback = callback_new(NULL, values[2], names[2], values[3]);
    if (!callback)
        return NULL;
    callback_expect();
    CALL_BEGIN
    result = vir.virEventAddHandle(fd, events, descriptor_ready, callback, callback_free);
    CALL_END(result < 0)
    return added(callback, result, &error, signature.function, vir.virEventRemoveHandle);
}

METHOD(override_virEventAddTimeout)
{
    SIGNATURE("virEventAddTimeout", 3, "timeout", "cb", "opaque");
    PyObject *values[3] = {NULL, NULL, NULL};
    struct python_callback *callback;
    int timeout;
    int result;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &timeout))
        return NULL;
    callback = callback_new(NULL, values[1], names[1], values[2]);
    if (!callback)
        return NULL;
    callback_expect();
    CALL_BEGIN
    result = vir.virEventAddTimeout(timeout, timer_due, callback, callback_free);
    CALL_END(result < 0)
    return added(callback, result, &error, signature.function, vir.virEventRemoveTimeout);
}
