/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of connections: registering by event id, in five families that differ in their types
 * only, and QEMU's monitor events. */
#include "callbacks.h"

#include "event_calls.h"
#include "overrides.h"

struct event_methods {
    struct signature registration;
    struct signature deregistration;
    const struct event_family *events;
    const struct handle_kind *kind;
    struct callback_registry registry;
    int (*add)(void *connection, void *object, int id, void (*trampoline)(void), void *opaque);
};

static const char *const deregistration_names[] = {"callbackID"};

/* The error of a registration that libvirt would refuse without a word. */
static PyObject *raise_unknown_event(const char *function, int id)
{
    struct captured_error error;

    error_compose(&error, VIR_ERR_INVALID_ARG, "invalid argument: there is no event with id %d",
                  id);
    return raise_error(&error, function);
}

static const struct event_definition *event_find(const struct event_family *family, int id)
{
    size_t each;

    for (each = 0; each < family->count; each++) {
        if (family->events[each].id == id)
            return &family->events[each];
    }
    return NULL;
}

/* What follows a registration that worked: an id, or an exception and nothing registered. */
static PyObject *registered(struct python_callback *callback,
                            const struct callback_registry *registry, void *connection, int id)
{
    PyObject *owner = Py_NewRef(callback->connection);
    PyObject *result = NULL;

    if (callback_registered(callback, registry, id))
        result = PyLong_FromLong(id);
    if (!result) {
        CALL_BEGIN
        registry->remove(connection, id);
        CALL_END(false)
        (void)error;
        callback_unregistered(registry, owner, id);
    }
    callback_let_go(callback, true);
    Py_DECREF(owner);
    return result;
}

static PyObject *register_any(const struct event_methods *methods, PyObject *self,
                              PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    PyObject *values[4] = {NULL, NULL, NULL, NULL};
    const struct event_definition *event;
    struct python_callback *callback = NULL;
    PyObject *entered = NULL;
    PyObject *result = NULL;
    void *connection;
    void *object;
    int id;

    if (!arguments_read(&methods->registration, arguments, count, keywords, values) ||
        !int_in(values[1], methods->registration.names[1], &id))
        return NULL;
    callback = callback_new(self, values[2], methods->registration.names[2], values[3]);
    if (!callback)
        return NULL;
    event = event_find(methods->events, id);
    connection = handle_enter(self, &handle_kind_virConnect, "conn");
    if (!connection)
        goto done;
    if (!event) {
        raise_unknown_event(methods->registration.function, id);
        goto done;
    }
    if (!handle_enter_nullable(values[0], methods->kind, methods->registration.names[0], &object,
                               &entered))
        goto done;
    CALL_BEGIN
    id = methods->add(connection, object, event->id, event->trampoline, callback);
    CALL_END(id < 0)
    if (id < 0) {
        raise_error(&error, methods->registration.function);
        goto done;
    }
    result = registered(callback, &methods->registry, connection, id);
    callback = NULL;
done:
    if (callback)
        callback_let_go(callback, false);
    if (entered)
        handle_leave(entered);
    if (connection)
        handle_leave(self);
    return result;
}

static PyObject *deregister(const struct callback_registry *registry, const char *function,
                            PyObject *self, int id)
{
    void *connection = handle_enter(self, &handle_kind_virConnect, "conn");
    int result;

    if (!connection)
        return NULL;
    CALL_BEGIN
    result = registry->remove(connection, id);
    CALL_END(result < 0)
    handle_leave(self);
    if (result < 0)
        return raise_error(&error, function);
    callback_unregistered(registry, self, id);
    callbacks_collect();
    return Py_NewRef(Py_None);
}

static PyObject *deregister_any(const struct event_methods *methods, PyObject *self,
                                PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    PyObject *values[1] = {NULL};
    int id;

    if (!arguments_read(&methods->deregistration, arguments, count, keywords, values) ||
        !int_in(values[0], deregistration_names[0], &id))
        return NULL;
    return deregister(&methods->registry, methods->deregistration.function, self, id);
}

/* The two methods of a family: `family` in C's words, the first argument's name, its kind, the
 * table of its events, and the attribute with its opaques. */
#define FAMILY(family, argument, handle, table, dictionary)                                        \
    static const char *const names_##family[] = {argument, "eventID", "cb", "opaque"};             \
    static const struct event_methods methods_##family = {                                         \
        {"virConnect" #family "EventRegisterAny", 4, 4, names_##family},                           \
        {"virConnect" #family "EventDeregisterAny", 1, 1, deregistration_names},                   \
        &table,                                                                                    \
        &handle_kind_##handle,                                                                     \
        {dictionary, remove_##family, true},                                                       \
        add_##family,                                                                              \
    };                                                                                             \
    METHOD(override_virConnect##family##EventRegisterAny)                                          \
    {                                                                                              \
        return register_any(&methods_##family, self, arguments, count, keywords);                  \
    }                                                                                              \
    METHOD(override_virConnect##family##EventDeregisterAny)                                        \
    {                                                                                              \
        return deregister_any(&methods_##family, self, arguments, count, keywords);                \
    }

FAMILY(Domain, "dom", virDomain, domain_events, "domainEventCallbackID")
FAMILY(Network, "net", virNetwork, network_events, "networkEventCallbackID")
FAMILY(StoragePool, "pool", virStoragePool, storage_pool_events, "storagePoolEventCallbackID")
FAMILY(NodeDevice, "dev", virNodeDevice, node_device_events, "nodeDeviceEventCallbackID")
FAMILY(Secret, "secret", virSecret, secret_events, "secretEventCallbackID")

/* ---- QEMU's monitor events ---- */

static void monitor_event(virConnectPtr connection, virDomainPtr domain, const char *event,
                          long long seconds, unsigned int micros, const char *details, void *opaque)
{
    struct callback_call call;

    (void)connection;
    if (!callback_begin(&call, opaque))
        return;
    vir.virDomainRef(domain);
    callback_give(&call, handle_out(domain, &handle_kind_virDomain, call.connection));
    callback_give(&call, string_out(event));
    callback_give(&call, PyLong_FromLongLong(seconds));
    callback_give(&call, PyLong_FromUnsignedLong(micros));
    callback_give(&call, string_out(details));
    callback_finish(&call);
}

static int remove_monitor(void *connection, int id)
{
    return vir.virConnectDomainQemuMonitorEventDeregister(connection, id);
}

static const struct callback_registry monitor_registry = {"qemuMonitorEventCallbackID",
                                                          remove_monitor, true};

METHOD(override_virConnectDomainQemuMonitorEventRegister)
{
    SIGNATURE("virConnectDomainQemuMonitorEventRegister", 5, "conn", "dom", "event", "cb", "opaque",
              "flags");
    PyObject *values[6] = {NULL, NULL, NULL, NULL, NULL, NULL};
    struct python_callback *callback = NULL;
    PyObject *entered = NULL;
    PyObject *result = NULL;
    const char *event;
    void *owned = NULL;
    unsigned int flags = 0;
    void *connection = NULL;
    void *domain;
    int id;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !nullable_string_in(values[2], names[2], &event, &owned))
        return NULL;
    if (values[5] && !uint_in(values[5], names[5], &flags))
        goto done;
    connection = handle_enter(values[0], &handle_kind_virConnect, names[0]);
    if (!connection)
        goto done;
    if (!handle_enter_nullable(values[1], &handle_kind_virDomain, names[1], &domain, &entered))
        goto done;
    callback = callback_new(values[0], values[3], names[3], values[4]);
    if (!callback)
        goto done;
    CALL_BEGIN
    id = vir.virConnectDomainQemuMonitorEventRegister(connection, domain, event, monitor_event,
                                                      callback, callback_free, flags);
    CALL_END(id < 0)
    if (id < 0) {
        raise_error(&error, signature.function);
        goto done;
    }
    result = registered(callback, &monitor_registry, connection, id);
    callback = NULL;
done:
    if (callback)
        callback_let_go(callback, false);
    if (entered)
        handle_leave(entered);
    if (connection)
        handle_leave(values[0]);
    PyMem_Free(owned);
    return result;
}

METHOD(override_virConnectDomainQemuMonitorEventDeregister)
{
    SIGNATURE("virConnectDomainQemuMonitorEventDeregister", 2, "conn", "callbackID");
    PyObject *values[2] = {NULL, NULL};
    int id;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !int_in(values[1], names[1], &id))
        return NULL;
    return deregister(&monitor_registry, signature.function, values[0], id);
}
