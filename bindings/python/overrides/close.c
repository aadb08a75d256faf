/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Closing connections, and the callbacks that say that one was lost; for connections to
 * hypervisors and to daemons' admin sockets. */
#include "callbacks.h"
#include "overrides.h"

#define REGISTERED 0 /* one a connection at most, so any id will do */

static void lost(int reason, void *opaque)
{
    struct callback_call call;

    if (!callback_begin(&call, opaque))
        return;
    callback_give(&call, PyLong_FromLong(reason));
    callback_finish(&call);
}

static void connection_lost(virConnectPtr connection, int reason, void *opaque)
{
    (void)connection;
    lost(reason, opaque);
}

static void admin_lost(virAdmConnectPtr connection, int reason, void *opaque)
{
    (void)connection;
    lost(reason, opaque);
}

static int add_connection(void *pointer, void *opaque)
{
    return vir.virConnectRegisterCloseCallback(pointer, connection_lost, opaque, callback_free);
}

static int remove_connection(void *pointer, int id)
{
    (void)id;
    return vir.virConnectUnregisterCloseCallback(pointer, connection_lost);
}

static int add_admin(void *pointer, void *opaque)
{
    return vir.virAdmConnectRegisterCloseCallback(pointer, admin_lost, opaque, callback_free);
}

static int remove_admin(void *pointer, int id)
{
    (void)id;
    return vir.virAdmConnectUnregisterCloseCallback(pointer, admin_lost);
}

struct closing {
    const struct handle_kind *kind;
    const char *close_function;
    struct signature registration;
    const char *unregistration;
    int (*add)(void *pointer, void *opaque);
    struct callback_registry registry;
};

static const char *const registration_names[] = {"cb", "opaque"};

static const struct closing closing_connection = {
    &handle_kind_virConnect,
    "virConnectClose",
    {"virConnectRegisterCloseCallback", 2, 2, registration_names},
    "virConnectUnregisterCloseCallback",
    add_connection,
    {NULL, remove_connection, true},
};

static const struct closing closing_admin = {
    &handle_kind_virAdmConnect,
    "virAdmConnectClose",
    {"virAdmConnectRegisterCloseCallback", 2, 2, registration_names},
    "virAdmConnectUnregisterCloseCallback",
    add_admin,
    {NULL, remove_admin, true},
};

static PyObject *close_it(const struct closing *closing, PyObject *self)
{
    void *pointer = handle_enter(self, closing->kind, "conn");
    int result;

    if (!pointer)
        return NULL;
    callbacks_end(self, pointer);
    handle_leave(self);
    result = handle_release(self);
    if (result < 0) {
        struct captured_error error;

        error_capture(&error);
        return raise_error(&error, closing->close_function);
    }
    callbacks_collect();
    return PyLong_FromLong(result);
}

static PyObject *register_it(const struct closing *closing, PyObject *self,
                             PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    PyObject *values[2] = {NULL, NULL};
    struct python_callback *callback;
    void *pointer;
    int result;

    if (!arguments_read(&closing->registration, arguments, count, keywords, values))
        return NULL;
    callback = callback_new(self, values[0], closing->registration.names[0], values[1]);
    if (!callback)
        return NULL;
    pointer = handle_enter(self, closing->kind, "conn");
    if (!pointer) {
        callback_let_go(callback, false);
        return NULL;
    }
    CALL_BEGIN
    result = closing->add(pointer, callback);
    CALL_END(result < 0)
    handle_leave(self);
    if (result < 0) {
        callback_let_go(callback, false);
        return raise_error(&error, closing->registration.function);
    }
    callback_registered(callback, &closing->registry, REGISTERED);
    callback_let_go(callback, true);
    return PyLong_FromLong(result);
}

static PyObject *unregister_it(const struct closing *closing, PyObject *self)
{
    void *pointer = handle_enter(self, closing->kind, "conn");
    int result;

    if (!pointer)
        return NULL;
    CALL_BEGIN
    result = closing->registry.remove(pointer, REGISTERED);
    CALL_END(result < 0)
    handle_leave(self);
    if (result < 0)
        return raise_error(&error, closing->unregistration);
    /* Drivers that know no close callbacks accept any number, and forget them. */
    do {
        callback_unregistered(&closing->registry, self, REGISTERED);
    } while (callback_find(&closing->registry, self, REGISTERED));
    callbacks_collect();
    return Py_NewRef(Py_None);
}

METHOD_PLAIN(override_virConnectClose)
{
    (void)unused;
    return close_it(&closing_connection, self);
}

METHOD(override_virConnectRegisterCloseCallback)
{
    return register_it(&closing_connection, self, arguments, count, keywords);
}

METHOD_PLAIN(override_virConnectUnregisterCloseCallback)
{
    (void)unused;
    return unregister_it(&closing_connection, self);
}

METHOD_PLAIN(override_virAdmConnectClose)
{
    (void)unused;
    return close_it(&closing_admin, self);
}

METHOD(override_virAdmConnectRegisterCloseCallback)
{
    return register_it(&closing_admin, self, arguments, count, keywords);
}

METHOD_PLAIN(override_virAdmConnectUnregisterCloseCallback)
{
    (void)unused;
    return unregister_it(&closing_admin, self);
}
