/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Error handlers, and errors as tuples: (code, domain, message, level, str1, str2, str3, int1,
 * int2). */
#include <stdint.h>
#include <string.h>

#include "callbacks.h"
#include "overrides.h"

#define EVERYWHERE 0 /* the id of the handler of all errors; connections have others */

/* A connection's handler does not keep it alive: it lives as long as this attribute of the
 * connection does, a capsule with its id. */
#define ATTRIBUTE "_error_handler"
#define CAPSULE "libvirt.error_handler"

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

/* No object owns these: libvirt takes another handler in place of one, or ends with its
 * connection. */
static const struct callback_registry registry = {NULL, NULL, false};

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

static const char *const handler_names[] = {"f", "ctx"};

/* Enters a handler; false with an exception set. */
static bool handler_enter(PyObject *callable, PyObject *context, int id)
{
    struct python_callback *callback = callback_new(NULL, callable, handler_names[0], context);

    if (!callback)
        return false;
    callback_registered(callback, &registry, id);
    callback_let_go(callback, true);
    return true;
}

static void handler_leave(PyObject *capsule)
{
    callback_unregistered(&registry, NULL, (int)(intptr_t)PyCapsule_GetPointer(capsule, CAPSULE));
}

/* Ties a handler to its connection, in place of the one that it had. */
static bool handler_tie(PyObject *connection, int id)
{
    PyObject *capsule = PyCapsule_New((void *)(intptr_t)id, CAPSULE, handler_leave);
    bool worked;

    if (!capsule) {
        callback_unregistered(&registry, NULL, id);
        return false;
    }
    worked = PyObject_SetAttrString(connection, ATTRIBUTE, capsule) == 0;
    Py_DECREF(capsule);
    return worked;
}

static bool handler_untie(PyObject *connection)
{
    if (PyObject_HasAttrString(connection, ATTRIBUTE))
        return PyObject_SetAttrString(connection, ATTRIBUTE, Py_None) == 0;
    return true;
}

METHOD(override_virSetErrorFunc)
{
    static const struct signature signature = {"virSetErrorFunc", 2, 2, handler_names};
    PyObject *values[2] = {NULL, NULL};

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        (values[0] != Py_None && !callable_in(values[0], handler_names[0])))
        return NULL;
    callback_unregistered(&registry, NULL, EVERYWHERE);
    if (values[0] != Py_None && !handler_enter(values[0], values[1], EVERYWHERE))
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
    void *connection;
    bool worked;

    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    connection = handle_enter(self, &handle_kind_virConnect, "conn");
    if (!connection)
        return NULL;
    if (values[0] == Py_None)
        worked = handler_untie(self);
    else
        worked = handler_enter(values[0], values[1], last_id + 1) && handler_tie(self, ++last_id);
    if (worked)
        vir.virConnSetErrorFunc(connection, (void *)(intptr_t)last_id,
                                values[0] == Py_None ? NULL : error_happened);
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

/* What error_tuple() makes, the other way round; the texts live as long as `owned` and `items`. */
struct given_error {
    virError error;
    PyObject *items[9];
    void *owned[9];
};

static bool given_number(struct given_error *given, size_t place, int *number)
{
    return int_in(given->items[place], "err", number);
}

static bool given_text(struct given_error *given, size_t place, char **text)
{
    const char *found = NULL;
    const bool worked =
        nullable_string_in(given->items[place], "err", &found, &given->owned[place]);

    *text = (char *)(uintptr_t)found;
    return worked;
}

static bool given_error_in(PyObject *value, struct given_error *given)
{
    virError *error = &given->error;
    int level = 0;
    bool worked;

    if (!PySequence_Check(value) || PySequence_Size(value) != 9) {
        PyErr_Format(PyExc_TypeError, "err must be an error's 9 values, not %R", value);
        return false;
    }
    for (Py_ssize_t i = 0; i < 9; i++) {
        given->items[i] = PySequence_GetItem(value, i);
        if (!given->items[i])
            return false;
    }
    worked = given_number(given, 0, &error->code) && given_number(given, 1, &error->domain) &&
             given_text(given, 2, &error->message) && given_number(given, 3, &level) &&
             given_text(given, 4, &error->str1) && given_text(given, 5, &error->str2) &&
             given_text(given, 6, &error->str3) && given_number(given, 7, &error->int1) &&
             given_number(given, 8, &error->int2);
    error->level = (virErrorLevel)level;
    return worked;
}

static void given_error_release(struct given_error *given)
{
    for (size_t i = 0; i < 9; i++) {
        Py_XDECREF(given->items[i]);
        PyMem_Free(given->owned[i]);
    }
}

METHOD(override_virDefaultErrorFunc)
{
    SIGNATURE("virDefaultErrorFunc", 1, "err");
    PyObject *values[1] = {NULL};
    struct given_error given;
    bool worked;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    memset(&given, 0, sizeof(given));
    worked = given_error_in(values[0], &given);
    if (worked)
        vir.virDefaultErrorFunc(&given.error);
    given_error_release(&given);
    return worked ? Py_NewRef(Py_None) : NULL;
}
