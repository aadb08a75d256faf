/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The deprecated domain events: one registration a connection at libvirt's side, behind it the
 * connection's dictionary domainEventCallbacks {callable: opaque}. */
#include "callbacks.h"
#include "overrides.h"

#define DICTIONARY "domainEventCallbacks"
#define REGISTERED 0 /* there is one at most, so any id will do */

static int lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail,
                     void *opaque)
{
    struct callback_call call;

    (void)connection;
    if (!callback_begin(&call, opaque))
        return 0;
    vir.virDomainRef(domain);
    callback_give(&call, handle_out(domain, &handle_kind_virDomain, call.connection));
    callback_give(&call, PyLong_FromLong(event));
    callback_give(&call, PyLong_FromLong(detail));
    callback_finish(&call);
    return 0;
}

static int remove_lifecycle(void *connection, int id)
{
    (void)id;
    return vir.virConnectDomainEventDeregister(connection, lifecycle);
}

static const struct callback_registry registry = {NULL, remove_lifecycle, true};

/* The connection's dictionary, made where there is none. A new reference. */
static PyObject *callbacks_of(PyObject *connection)
{
    PyObject *callbacks = PyObject_GetAttrString(connection, DICTIONARY);

    if (callbacks || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return callbacks;
    PyErr_Clear();
    callbacks = PyDict_New();
    if (callbacks && PyObject_SetAttrString(connection, DICTIONARY, callbacks) < 0)
        Py_CLEAR(callbacks);
    return callbacks;
}

static bool listen(PyObject *self, void *connection)
{
    PyObject *dispatch =
        PyObject_GetAttrString((PyObject *)Py_TYPE(self), "_dispatchDomainEventCallbacks");
    struct python_callback *callback = dispatch ? callback_new(self, dispatch, "cb", NULL) : NULL;
    bool worked = false;
    int result;

    if (callback) {
        CALL_BEGIN
        result = vir.virConnectDomainEventRegister(connection, lifecycle, callback, callback_free);
        CALL_END(result < 0)
        if (result < 0) {
            raise_error(&error, "virConnectDomainEventRegister");
        } else {
            callback_registered(callback, &registry, REGISTERED);
            worked = true;
        }
        callback_let_go(callback, worked);
    }
    Py_XDECREF(dispatch);
    return worked;
}

METHOD(override_virConnectDomainEventRegister)
{
    SIGNATURE("virConnectDomainEventRegister", 2, "cb", "opaque");
    PyObject *values[2] = {NULL, NULL};
    PyObject *callbacks = NULL;
    void *connection;
    bool worked = false;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !callable_in(values[0], names[0]))
        return NULL;
    connection = handle_enter(self, &handle_kind_virConnect, "conn");
    if (!connection)
        return NULL;
    callbacks = callbacks_of(self);
    if (callbacks) {
        worked = callback_find(&registry, self, REGISTERED) || listen(self, connection);
        worked = worked && PyObject_SetItem(callbacks, values[0], values[1]) == 0;
    }
    handle_leave(self);
    Py_XDECREF(callbacks);
    return worked ? Py_NewRef(Py_None) : NULL;
}

/* Ends libvirt's registration, so that nothing is left of the last callable. */
static bool listen_no_more(PyObject *self, void *connection)
{
    int result;

    CALL_BEGIN
    result = remove_lifecycle(connection, REGISTERED);
    CALL_END(result < 0)
    if (result < 0) {
        raise_error(&error, "virConnectDomainEventDeregister");
        return false;
    }
    callback_unregistered(&registry, self, REGISTERED);
    callbacks_collect();
    return true;
}

METHOD(override_virConnectDomainEventDeregister)
{
    SIGNATURE("virConnectDomainEventDeregister", 1, "cb");
    PyObject *values[1] = {NULL};
    PyObject *callbacks = NULL;
    void *connection;
    bool worked = true;

    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !callable_in(values[0], names[0]))
        return NULL;
    connection = handle_enter(self, &handle_kind_virConnect, "conn");
    if (!connection)
        return NULL;
    callbacks = callbacks_of(self);
    if (callbacks && PyObject_Size(callbacks) > 0) {
        PyObject *opaque = PyObject_GetItem(callbacks, values[0]); /* KeyError where unknown */

        worked = opaque && (PyObject_Size(callbacks) > 1 || listen_no_more(self, connection)) &&
                 PyObject_DelItem(callbacks, values[0]) == 0;
        Py_XDECREF(opaque);
    }
    worked = worked && callbacks;
    Py_XDECREF(callbacks);
    handle_leave(self);
    return worked ? Py_NewRef(Py_None) : NULL;
}
