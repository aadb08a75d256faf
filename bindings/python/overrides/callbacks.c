/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python callables behind libvirt's opaque pointers: their lives, and how a call is delivered. */
#include <stdatomic.h>
#include <stdlib.h>

#include "callbacks.h"

/* What libvirt gave back and nobody dropped yet: a stack that needs no lock to push to. */
static _Atomic(struct python_callback *) returned;

/* An exception that asks to leave, on its way out of the libvirt call this thread is in. */
static _Thread_local unsigned expecting;
static _Thread_local PyObject *leaving[3];

/* ---- lives ---- */

struct python_callback *callback_new(PyObject *connection, PyObject *callable, const char *name,
                                     PyObject *opaque)
{
    struct python_callback *callback;

    if (!callable_in(callable, name))
        return NULL;
    callback = calloc(1, sizeof(*callback));
    if (!callback) {
        PyErr_NoMemory();
        return NULL;
    }
    callback->connection = Py_XNewRef(connection);
    callback->callable = Py_NewRef(callable);
    callback->opaque = Py_XNewRef(opaque);
    callback->holders = 2;
    return callback;
}

/* The references go last: dropping them may run anything, this unit's functions included. */
void callback_empty(struct python_callback *callback)
{
    PyObject *connection = callback->connection;
    PyObject *callable = callback->callable;
    PyObject *opaque = callback->opaque;

    callback->connection = NULL;
    callback->callable = NULL;
    callback->opaque = NULL;
    Py_XDECREF(callable);
    Py_XDECREF(opaque);
    Py_XDECREF(connection);
}

static void callback_drop(struct python_callback *callback)
{
    if (--callback->holders > 0)
        return;
    callback_leave_registry(callback);
    callback_leave_list(callback);
    callback_empty(callback);
    free(callback);
}

void callback_let_go(struct python_callback *callback, bool registered)
{
    if (!registered)
        callback->holders--; /* libvirt does not hold it, or not any more */
    callback_drop(callback);
}

static int collect_later(void *unused)
{
    (void)unused;
    callbacks_collect();
    return 0;
}

void callback_free(void *opaque)
{
    struct python_callback *callback = opaque;
    struct python_callback *first = atomic_load(&returned);

    do {
        callback->next_returned = first;
    } while (!atomic_compare_exchange_weak(&returned, &first, callback));
    /* A full queue of pending calls does no harm: the next collection finds the stack. */
    if (!first && Py_IsInitialized())
        Py_AddPendingCall(collect_later, NULL);
}

void callbacks_collect(void)
{
    struct python_callback *callback = atomic_exchange(&returned, NULL);
    PyObject *interrupted[3];

    if (!callback)
        return;
    PyErr_Fetch(&interrupted[0], &interrupted[1], &interrupted[2]);
    while (callback) {
        struct python_callback *next = callback->next_returned;

        callback_drop(callback);
        callback = next;
    }
    PyErr_Restore(interrupted[0], interrupted[1], interrupted[2]);
}

/* ---- deliveries ---- */

bool callback_lock(PyGILState_STATE *lock)
{
    if (!Py_IsInitialized())
        return false;
    *lock = PyGILState_Ensure();
    return true;
}

void callback_unlock(PyGILState_STATE lock)
{
    PyGILState_Release(lock);
}

bool callback_begin(struct callback_call *call, void *opaque)
{
    struct python_callback *callback = opaque;

    if (!callback_lock(&call->lock))
        return false;
    if (!callback->callable) {
        callback_unlock(call->lock);
        return false;
    }
    PyErr_Fetch(&call->interrupted[0], &call->interrupted[1], &call->interrupted[2]);
    /* Its own references: the callable may deregister itself. */
    call->connection = Py_XNewRef(callback->connection);
    call->callable = Py_NewRef(callback->callable);
    call->opaque = Py_XNewRef(callback->opaque);
    call->count = 0;
    call->failed = false;
    if (call->connection)
        callback_give(call, Py_NewRef(call->connection));
    return true;
}

void callback_give(struct callback_call *call, PyObject *argument)
{
    if (!argument || call->failed || call->count == CALLBACK_ARGUMENTS) {
        Py_XDECREF(argument);
        call->failed = true;
        return;
    }
    call->arguments[call->count++] = argument;
}

PyObject *callback_answer(struct callback_call *call)
{
    PyObject *arguments = NULL;
    PyObject *answer = NULL;
    size_t each;

    if (!call->failed && call->opaque)
        call->arguments[call->count++] = Py_NewRef(call->opaque);
    if (!call->failed)
        arguments = PyTuple_New((Py_ssize_t)call->count);
    for (each = 0; each < call->count; each++) {
        if (arguments)
            PyTuple_SetItem(arguments, (Py_ssize_t)each, call->arguments[each]);
        else
            Py_DECREF(call->arguments[each]);
    }
    call->count = 0;
    if (arguments)
        answer = PyObject_Call(call->callable, arguments, NULL);
    if (!answer)
        callback_report(call->callable);
    Py_XDECREF(arguments);
    return answer;
}

void callback_leave(struct callback_call *call)
{
    Py_CLEAR(call->callable);
    Py_CLEAR(call->opaque);
    Py_CLEAR(call->connection);
    PyErr_Restore(call->interrupted[0], call->interrupted[1], call->interrupted[2]);
    callback_unlock(call->lock);
}

void callback_finish(struct callback_call *call)
{
    PyObject *answer = callback_answer(call);

    Py_XDECREF(answer);
    callback_leave(call);
}

/* ---- exceptions ---- */

void callback_report(PyObject *callable)
{
    bool leave =
        PyErr_ExceptionMatches(PyExc_SystemExit) || PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);

    if (leave && expecting > 0 && !leaving[0])
        PyErr_Fetch(&leaving[0], &leaving[1], &leaving[2]);
    else if (PyErr_ExceptionMatches(PyExc_SystemExit))
        PyErr_WriteUnraisable(callable); /* printing it would end the process from this thread */
    else if (PyErr_Occurred())
        PyErr_PrintEx(0);
}

void callback_expect(void)
{
    expecting++;
}

bool callback_outcome(void)
{
    expecting--;
    if (!leaving[0])
        return true;
    PyErr_Restore(leaving[0], leaving[1], leaving[2]);
    leaving[0] = leaving[1] = leaving[2] = NULL;
    return false;
}
