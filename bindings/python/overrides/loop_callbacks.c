/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an event loop written in Python calls: libvirt's callbacks, and their free callbacks. */
#include "loop.h"
#include "overrides.h"

char loop_nothing;

/* Marks the pointer of a callback that was freed. */
static char freed;

/* One part of a callback; NULL with TypeError where it is none, RuntimeError where it is gone. */
static void *part(PyObject *capsule, const char *name)
{
    if (!PyCapsule_IsValid(capsule, name))
        return PyErr_Format(PyExc_TypeError, "expected what libvirt gave the event loop (%s)",
                            name);
    if (PyCapsule_GetContext(capsule) == &freed)
        return PyErr_Format(PyExc_RuntimeError, "the callback was freed already");
    return PyCapsule_GetPointer(capsule, name);
}

/* Takes a callback apart: the tuple, or its first two parts as two arguments. */
static bool unbundle(PyObject *opaque, PyObject *second, const char *name, void **function,
                     void **pointer)
{
    PyObject *first = opaque;

    if (PyTuple_Check(opaque) && PyTuple_Size(opaque) >= 2) {
        first = PyTuple_GetItem(opaque, 0);
        second = PyTuple_GetItem(opaque, 1);
    }
    *function = part(first, name);
    *pointer = *function ? part(second ? second : Py_None, POINTER) : NULL;
    if (!*pointer)
        return false;
    if (*pointer == &loop_nothing)
        *pointer = NULL;
    return true;
}

/* What a callback of libvirt's leads to may ask to leave the loop. */
static PyObject *invoked(void)
{
    callbacks_collect();
    return callback_outcome() ? Py_NewRef(Py_None) : NULL;
}

METHOD(invoke_descriptor_callback)
{
    SIGNATURE("_eventInvokeHandleCallback", 4, "watch", "fd", "event", "opaque", "opaquecompat");
    PyObject *values[5] = {NULL, NULL, NULL, NULL, NULL};
    void *function;
    void *opaque;
    int events;
    int watch;
    int fd;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &watch) || !int_in(values[1], names[1], &fd) ||
        !int_in(values[2], names[2], &events) ||
        !unbundle(values[3], values[4], DESCRIPTOR_FUNCTION, &function, &opaque))
        return NULL;
    callback_expect();
    CALL_BEGIN((virEventHandleCallback)function)(watch, fd, events, opaque);
    CALL_END(false)
    (void)error;
    return invoked();
}

METHOD(invoke_timer_callback)
{
    SIGNATURE("_eventInvokeTimeoutCallback", 2, "timer", "opaque", "opaquecompat");
    PyObject *values[3] = {NULL, NULL, NULL};
    void *function;
    void *opaque;
    int timer;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[0], names[0], &timer) ||
        !unbundle(values[1], values[2], TIMER_FUNCTION, &function, &opaque))
        return NULL;
    callback_expect();
    CALL_BEGIN((virEventTimeoutCallback)function)(timer, opaque);
    CALL_END(false)
    (void)error;
    return invoked();
}

METHOD(invoke_free_callback)
{
    SIGNATURE("virEventInvokeFreeCallback", 1, "opaque");
    PyObject *values[1] = {NULL};
    void *function;
    void *pointer;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    if (!PyTuple_Check(values[0]) || PyTuple_Size(values[0]) != 3)
        return PyErr_Format(PyExc_TypeError, "expected what libvirt gave the event loop, not %R",
                            (PyObject *)Py_TYPE(values[0]));
    pointer = part(PyTuple_GetItem(values[0], 1), POINTER);
    if (!pointer)
        return NULL;
    if (PyTuple_GetItem(values[0], 2) == Py_None)
        return Py_NewRef(Py_None);
    function = part(PyTuple_GetItem(values[0], 2), FREE_FUNCTION);
    if (!function || PyCapsule_SetContext(PyTuple_GetItem(values[0], 1), &freed) < 0)
        return NULL;
    callback_expect();
    CALL_BEGIN((virFreeCallback)function)(pointer == &loop_nothing ? NULL : pointer);
    CALL_END(false)
    (void)error;
    return invoked();
}
