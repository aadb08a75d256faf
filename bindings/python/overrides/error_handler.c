/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Error handlers, and errors as tuples: (code, domain, message, level, str1, str2, str3, int1,
 * int2). */
#include <stdint.h>
#include <string.h>

#include "callbacks.h"
#include "overrides.h"

#define EVERYWHERE 0 /* the id of the handler of all errors; connections have others */

static PyObject *error_tuple(const virError *from)
{
    struct captured_error error;
    PyObject *tuple;

    error_copy(&error, from);
    tuple = Py_BuildValue("(iiNiNNNii)", error.code, error.domain, string_out(error.message),
                          error.level, string_out(error.str1), string_out(error.str2),
                          string_out(error.str3), error.int1, error.int2);
    error_release(&error);
    return tuple;
}

/* ---- handlers ---- */

static int remove_handler(void *connection, int id)
{
    (void)id;
    vir.virConnSetErrorFunc(connection, NULL, NULL);
    return 0;
}

static const struct callback_registry registry = {NULL, remove_handler, false};

/* Libvirt has no free callback here, so what it gets is a number and not memory: a handler that
 * was replaced just now is not found any more. */
static void error_happened(void *opaque, virErrorPtr libvirt_side)
{
    struct python_callback *callback;
    PyObject *interrupted[3];
    PyObject *answer = NULL;
    PyObject *callable;
    PyObject *context;
    PyObject *tuple;
    PyGILState_STATE lock;

    if (!callback_lock(&lock))
        return;
    callback = callback_find(&registry, NULL, (int)(intptr_t)opaque);
    if (callback) {
        PyErr_Fetch(&interrupted[0], &interrupted[1], &interrupted[2]);
        callable = Py_NewRef(callback->callable);
        context = Py_NewRef(callback->opaque);
        tuple = error_tuple(libvirt_side);
        if (tuple)
            answer = PyObject_CallFunctionObjArgs(callable, context, tuple, NULL);
        if (!answer)
            callback_report(callable);
        Py_XDECREF(answer);
        Py_XDECREF(tuple);
        Py_DECREF(context);
        Py_DECREF(callable);
        PyErr_Restore(interrupted[0], interrupted[1], interrupted[2]);
    }
    callback_unlock(lock);
}

/* Nothing goes to standard error unless the program asked for it. */
static void error_ignored(void *opaque, virErrorPtr libvirt_side)
{
    (void)opaque;
    (void)libvirt_side;
}

/* Enters a handler in place of the one with this id. */
static bool handler_replace(PyObject *connection, PyObject *callable, PyObject *context, int old_id,
                            int new_id)
{
    struct python_callback *callback = NULL;

    if (callable != Py_None) {
        callback = callback_new(connection, callable, context);
        if (!callback)
            return false;
    }
    callback_unregistered(&registry, connection, old_id);
    if (callback) {
        callback_registered(callback, &registry, new_id);
        callback_let_go(callback, true);
    }
    return true;
}

static const char *const handler_names[] = {"f", "ctx"};

METHOD(override_virSetErrorFunc)
{
    static const struct signature signature = {"virSetErrorFunc", 2, 2, handler_names};
    PyObject *values[2] = {NULL, NULL};

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !handler_replace(NULL, values[0], values[1], EVERYWHERE, EVERYWHERE))
        return NULL;
    vir.virSetErrorFunc((void *)(intptr_t)EVERYWHERE,
                        values[0] == Py_None ? error_ignored : error_happened);
    return PyLong_FromLong(1);
}

METHOD(override_virConnSetErrorFunc)
{
    static const struct signature signature = {"virConnSetErrorFunc", 2, 2, handler_names};
    static int last_id = EVERYWHERE;
    PyObject *values[2] = {NULL, NULL};
    struct python_callback *old;
    void *connection;
    bool worked;

    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    connection = handle_enter(self, &handle_kind_virConnect, "conn");
    if (!connection)
        return NULL;
    old = callback_find(&registry, self, CALLBACK_ANY);
    worked = handler_replace(self, values[0], values[1], old ? old->id : last_id + 1, last_id + 1);
    if (worked) {
        last_id++;
        vir.virConnSetErrorFunc(connection, (void *)(intptr_t)last_id,
                                values[0] == Py_None ? NULL : error_happened);
    }
    handle_leave(self);
    return worked ? Py_NewRef(Py_None) : NULL;
}

/* ---- the last error ---- */

METHOD_PLAIN(override_virGetLastError)
{
    const virError *last = vir.virGetLastError();

    (void)self;
    (void)unused;
    return last ? error_tuple(last) : Py_NewRef(Py_None);
}

METHOD_PLAIN(override_virConnGetLastError)
{
    void *connection = handle_enter(self, &handle_kind_virConnect, "conn");
    const virError *last;
    virError none;
    PyObject *tuple;

    (void)unused;
    if (!connection)
        return NULL;
    memset(&none, 0, sizeof(none));
    last = vir.virConnGetLastError(connection);
    tuple = error_tuple(last ? last : &none);
    handle_leave(self);
    return tuple;
}

/* ---- printing ---- */

static bool tuple_item(PyObject *tuple, Py_ssize_t place, int *number)
{
    PyObject *item = PySequence_GetItem(tuple, place);
    bool worked = item && int_in(item, "err", number);

    Py_XDECREF(item);
    return worked;
}

METHOD(override_virDefaultErrorFunc)
{
    SIGNATURE("virDefaultErrorFunc", 1, "err");
    PyObject *values[1] = {NULL};
    PyObject *message = NULL;
    PyObject *result = NULL;
    const char *text;
    void *owned = NULL;
    virError error;
    int level = 0;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    if (!PySequence_Check(values[0]) || PySequence_Size(values[0]) != 9)
        return PyErr_Format(PyExc_TypeError, "err must be an error's 9 values, not %R", values[0]);
    memset(&error, 0, sizeof(error));
    message = PySequence_GetItem(values[0], 2);
    if (message && tuple_item(values[0], 0, &error.code) &&
        tuple_item(values[0], 1, &error.domain) && tuple_item(values[0], 3, &level) &&
        nullable_string_in(message, "err", &text, &owned)) {
        error.level = (virErrorLevel)level;
        error.message = (char *)(uintptr_t)text;
        vir.virDefaultErrorFunc(&error);
        result = Py_NewRef(Py_None);
    }
    Py_XDECREF(message);
    PyMem_Free(owned);
    return result;
}
