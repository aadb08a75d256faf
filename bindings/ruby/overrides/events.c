/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of connections: registering by event id, in five families that differ in their types only,
 * and QEMU's monitor events. */
#include "callbacks.h"

#include "event_calls.h"
#include "glue.h"

enum argument { EVENT_ID, CALLBACK, OBJECT, OPAQUE, FAMILY_ARGUMENTS };

struct family {
    const char *registration;
    const char *deregistration;
    struct signature signature;
    const struct event_definition *events;
    const struct handle_kind *kind;
    struct callback_registry registry;
    int (*add)(void *connection, void *object, int id, void (*trampoline)(void), void *opaque);
};

static const struct event_definition *event_in(VALUE value, const struct event_definition *events)
{
    const int id = int_in(value, "eventID");
    char message[160];

    while (events->name && events->id != id)
        events++;
    if (!events->name)
        rb_raise(rb_eArgError, "invalid eventID argument %d", id);
    if (events->version > loader_version()) {
        loader_explain_absence(events->name, events->version, message, sizeof message);
        rb_raise(error_class_NoSupportError, "%s", message);
    }
    return events;
}

/* ---- registration ---- */

struct registration {
    VALUE self;
    VALUE given[FAMILY_ARGUMENTS];
    const struct family *family;
    const struct event_definition *event;
    void *connection;
    void *object;
    struct callback *callback;
    struct captured_error error;
    int id;
};

static void *run_registration(void *data)
{
    struct registration *frame = data;

    frame->id = frame->family->add(frame->connection, frame->object, (int)frame->event->id,
                                   frame->event->trampoline, frame->callback);
    if (frame->id < 0)
        error_capture(&frame->error);
    else
        callback_registered(frame->callback, &frame->family->registry, frame->id);
    return NULL;
}

static VALUE body_registration(VALUE data)
{
    struct registration *frame = (void *)data;

    frame->event = event_in(frame->given[EVENT_ID], frame->family->events);
    callable_check(frame->given[CALLBACK], "cb");
    frame->connection = handle_enter(frame->self, &handle_kind_virConnect, NULL);
    if (!NIL_P(frame->given[OBJECT]))
        frame->object = handle_enter(frame->given[OBJECT], frame->family->kind,
                                     frame->family->signature.names[OBJECT]);
    frame->callback = callback_new(frame->self, frame->given[CALLBACK], frame->given[OPAQUE]);
    call_blocking(run_registration, frame);
    if (frame->id < 0)
        raise_error(&frame->error, frame->family->registration, error_class_RetrieveError);
    return INT2NUM(frame->id);
}

static VALUE release_registration(VALUE data)
{
    struct registration *frame = (void *)data;

    if (frame->callback && frame->id < 0)
        callback_drop(frame->callback);
    if (frame->object)
        handle_leave(frame->given[OBJECT]);
    if (frame->connection)
        handle_leave(frame->self);
    return Qnil;
}

static VALUE register_any(const struct family *family, int count, const VALUE *arguments,
                          VALUE self)
{
    struct registration frame = {.self = self, .family = family, .id = -1};

    arguments_read(count, arguments, &family->signature, frame.given);
    return rb_ensure(body_registration, (VALUE)&frame, release_registration, (VALUE)&frame);
}

/* ---- deregistration ---- */

struct deregistration {
    VALUE self;
    VALUE given;
    const struct callback_registry *registry;
    const char *function;
    VALUE holder;
    void *connection;
    int id;
    int result;
    struct captured_error error;
};

static void *run_deregistration(void *data)
{
    struct deregistration *frame = data;

    frame->result = frame->registry->remove(frame->connection, frame->id);
    if (frame->result < 0)
        error_capture(&frame->error);
    return NULL;
}

static VALUE body_deregistration(VALUE data)
{
    struct deregistration *frame = (void *)data;

    frame->id = int_in(frame->given, "callbackID");
    frame->connection = handle_enter(frame->self, &handle_kind_virConnect, NULL);
    frame->holder = callback_holder(frame->registry, frame->self, frame->id);
    call_blocking(run_deregistration, frame);
    if (frame->result < 0)
        raise_error(&frame->error, frame->function, error_class_Error);
    callback_end(frame->holder);
    return Qnil;
}

static VALUE release_deregistration(VALUE data)
{
    const struct deregistration *frame = (void *)data;

    if (frame->connection)
        handle_leave(frame->self);
    return Qnil;
}

static VALUE deregister(const struct callback_registry *registry, const char *function, VALUE self,
                        VALUE id)
{
    struct deregistration frame = {
        .self = self, .given = id, .registry = registry, .function = function};

    return rb_ensure(body_deregistration, (VALUE)&frame, release_deregistration, (VALUE)&frame);
}

/* The two methods of a family: `name` in C's words, the object's argument, its kind, the table of
 * its events. */
#define FAMILY(name, argument, handle, table)                                                      \
    static const char *const names_##name[] = {"eventID", "cb", argument, "opaque"};               \
    static const struct family family_##name = {                                                   \
        "virConnect" #name "EventRegisterAny",                                                     \
        "virConnect" #name "EventDeregisterAny",                                                   \
        {2, FAMILY_ARGUMENTS, names_##name},                                                       \
        table,                                                                                     \
        &handle_kind_##handle,                                                                     \
        {remove_##name},                                                                           \
        add_##name,                                                                                \
    };                                                                                             \
    VALUE override_virConnect##name##EventRegisterAny(int argc, VALUE *argv, VALUE self)           \
    {                                                                                              \
        return register_any(&family_##name, argc, argv, self);                                     \
    }                                                                                              \
    VALUE override_virConnect##name##EventDeregisterAny(VALUE self, VALUE id)                      \
    {                                                                                              \
        return deregister(&family_##name.registry, family_##name.deregistration, self, id);        \
    }

FAMILY(Domain, "dom", virDomain, domain_events)
FAMILY(Network, "net", virNetwork, network_events)
FAMILY(StoragePool, "pool", virStoragePool, storage_pool_events)
FAMILY(NodeDevice, "dev", virNodeDevice, node_device_events)
FAMILY(Secret, "secret", virSecret, secret_events)

/* ---- QEMU's monitor events ---- */

struct monitor_event {
    virDomainPtr domain;
    const char *event;
    long long seconds;
    unsigned int micros;
    const char *details;
};

static void monitor_values(VALUE values, VALUE self, const void *data)
{
    const struct monitor_event *given = data;

    rb_ary_push(values, handle_lent_out(given->domain, &handle_kind_virDomain, self));
    rb_ary_push(values, string_out(given->event));
    rb_ary_push(values, LL2NUM(given->seconds));
    rb_ary_push(values, UINT2NUM(given->micros));
    rb_ary_push(values, string_out(given->details));
}

static void monitor_trampoline(virConnectPtr connection, virDomainPtr domain, const char *event,
                               long long seconds, unsigned int micros, const char *details,
                               void *opaque)
{
    const struct monitor_event given = {domain, event, seconds, micros, details};

    (void)connection;
    callback_fire(opaque, monitor_values, &given);
}

static int remove_monitor(void *connection, int id)
{
    return vir.virConnectDomainQemuMonitorEventDeregister(connection, id);
}

static const struct callback_registry monitor_registry = {remove_monitor};

enum monitor_argument {
    MONITOR_CALLBACK,
    MONITOR_EVENT,
    MONITOR_DOMAIN,
    MONITOR_OPAQUE,
    MONITOR_FLAGS,
    MONITOR_ARGUMENTS
};

struct monitor {
    VALUE self;
    VALUE given[MONITOR_ARGUMENTS];
    const char *event;
    unsigned int flags;
    void *connection;
    void *domain;
    struct callback *callback;
    struct captured_error error;
    int id;
};

static void *run_monitor(void *data)
{
    struct monitor *frame = data;

    frame->id = vir.virConnectDomainQemuMonitorEventRegister(
        frame->connection, frame->domain, frame->event, monitor_trampoline, frame->callback,
        callback_free, frame->flags);
    if (frame->id < 0)
        error_capture(&frame->error);
    else
        callback_registered(frame->callback, &monitor_registry, frame->id);
    return NULL;
}

static VALUE body_monitor(VALUE data)
{
    struct monitor *frame = (void *)data;

    callable_check(frame->given[MONITOR_CALLBACK], "cb");
    frame->event = nullable_string_in(&frame->given[MONITOR_EVENT], "event");
    if (!NIL_P(frame->given[MONITOR_FLAGS]))
        frame->flags = uint_in(frame->given[MONITOR_FLAGS], "flags");
    frame->connection = handle_enter(frame->self, &handle_kind_virConnect, NULL);
    if (!NIL_P(frame->given[MONITOR_DOMAIN]))
        frame->domain = handle_enter(frame->given[MONITOR_DOMAIN], &handle_kind_virDomain, "dom");
    frame->callback =
        callback_new(frame->self, frame->given[MONITOR_CALLBACK], frame->given[MONITOR_OPAQUE]);
    call_blocking(run_monitor, frame);
    if (frame->id < 0)
        raise_error(&frame->error, "virConnectDomainQemuMonitorEventRegister",
                    error_class_RetrieveError);
    return INT2NUM(frame->id);
}

static VALUE release_monitor(VALUE data)
{
    struct monitor *frame = (void *)data;

    if (frame->callback && frame->id < 0)
        callback_drop(frame->callback);
    if (frame->domain)
        handle_leave(frame->given[MONITOR_DOMAIN]);
    if (frame->connection)
        handle_leave(frame->self);
    return Qnil;
}

VALUE override_virConnectDomainQemuMonitorEventRegister(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"cb", "event", "dom", "opaque", "flags"};
    static const struct signature signature = {1, MONITOR_ARGUMENTS, names};
    struct monitor frame = {.self = self, .id = -1};

    arguments_read(argc, argv, &signature, frame.given);
    return rb_ensure(body_monitor, (VALUE)&frame, release_monitor, (VALUE)&frame);
}

VALUE override_virConnectDomainQemuMonitorEventDeregister(VALUE self, VALUE id)
{
    return deregister(&monitor_registry, "virConnectDomainQemuMonitorEventDeregister", self, id);
}
