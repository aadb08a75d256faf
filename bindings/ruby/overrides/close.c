/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Closing connections; and what libvirt has one of at most for a connection: the callback that says
 * that it was lost, for connections to hypervisors and to daemons' admin sockets, and the
 * deprecated one for domain events. */
#include "callbacks.h"

#include "glue.h"

#define REGISTERED 0 /* any id will do */

/* ---- what libvirt calls ---- */

static void reason_values(VALUE values, VALUE self, const void *given)
{
    (void)self;
    rb_ary_push(values, INT2NUM(*(const int *)given));
}

static void connection_lost(virConnectPtr connection, int reason, void *opaque)
{
    (void)connection;
    callback_fire(opaque, reason_values, &reason);
}

static void admin_lost(virAdmConnectPtr connection, int reason, void *opaque)
{
    (void)connection;
    callback_fire(opaque, reason_values, &reason);
}

struct lifecycle {
    virDomainPtr domain;
    int event;
    int detail;
};

static void lifecycle_values(VALUE values, VALUE self, const void *data)
{
    const struct lifecycle *given = data;

    rb_ary_push(values, handle_lent_out(given->domain, &handle_kind_virDomain, self));
    rb_ary_push(values, INT2NUM(given->event));
    rb_ary_push(values, INT2NUM(given->detail));
}

static int lifecycle_happened(virConnectPtr connection, virDomainPtr domain, int event, int detail,
                              void *opaque)
{
    const struct lifecycle given = {domain, event, detail};

    (void)connection;
    callback_fire(opaque, lifecycle_values, &given);
    return 0;
}

/* ---- how it is told ---- */

static int add_connection_lost(void *pointer, void *opaque)
{
    return vir.virConnectRegisterCloseCallback(pointer, connection_lost, opaque, callback_free);
}

static int remove_connection_lost(void *pointer, int id)
{
    (void)id;
    return vir.virConnectUnregisterCloseCallback(pointer, connection_lost);
}

static int add_admin_lost(void *pointer, void *opaque)
{
    return vir.virAdmConnectRegisterCloseCallback(pointer, admin_lost, opaque, callback_free);
}

static int remove_admin_lost(void *pointer, int id)
{
    (void)id;
    return vir.virAdmConnectUnregisterCloseCallback(pointer, admin_lost);
}

static int add_lifecycle(void *pointer, void *opaque)
{
    return vir.virConnectDomainEventRegister(pointer, lifecycle_happened, opaque, callback_free);
}

static int remove_lifecycle(void *pointer, int id)
{
    (void)id;
    return vir.virConnectDomainEventDeregister(pointer, lifecycle_happened);
}

struct single {
    const struct handle_kind *kind;
    const char *registration;
    const char *deregistration;
    int (*add)(void *pointer, void *opaque);
    struct callback_registry registry;
};

static const struct single single_connection_lost = {
    &handle_kind_virConnect, "virConnectRegisterCloseCallback", "virConnectUnregisterCloseCallback",
    add_connection_lost,     {remove_connection_lost},
};
static const struct single single_admin_lost = {
    &handle_kind_virAdmConnect,
    "virAdmConnectRegisterCloseCallback",
    "virAdmConnectUnregisterCloseCallback",
    add_admin_lost,
    {remove_admin_lost},
};
static const struct single single_lifecycle = {
    &handle_kind_virConnect,
    "virConnectDomainEventRegister",
    "virConnectDomainEventDeregister",
    add_lifecycle,
    {remove_lifecycle},
};

/* ---- registration ---- */

struct frame {
    VALUE self;
    VALUE given[2];
    const struct single *single;
    void *pointer;
    struct callback *callback;
    struct captured_error error;
    int result;
};

static void *run_registration(void *data)
{
    struct frame *frame = data;

    frame->result = frame->single->add(frame->pointer, frame->callback);
    if (frame->result < 0)
        error_capture(&frame->error);
    else
        callback_registered(frame->callback, &frame->single->registry, REGISTERED);
    return NULL;
}

static VALUE body_registration(VALUE data)
{
    struct frame *frame = (void *)data;

    callable_check(frame->given[0], "cb");
    frame->pointer = handle_enter(frame->self, frame->single->kind, NULL);
    frame->callback = callback_new(frame->self, frame->given[0], frame->given[1]);
    call_blocking(run_registration, frame);
    if (frame->result < 0)
        raise_error(&frame->error, frame->single->registration, error_class_Error);
    return Qnil;
}

static VALUE release_frame(VALUE data)
{
    struct frame *frame = (void *)data;

    if (frame->callback && frame->result < 0)
        callback_drop(frame->callback);
    if (frame->pointer)
        handle_leave(frame->self);
    return Qnil;
}

static VALUE register_single(const struct single *single, int count, const VALUE *arguments,
                             VALUE self)
{
    static const char *const names[] = {"cb", "opaque"};
    static const struct signature signature = {1, 2, names};
    struct frame frame = {.self = self, .single = single, .result = -1};

    arguments_read(count, arguments, &signature, frame.given);
    return rb_ensure(body_registration, (VALUE)&frame, release_frame, (VALUE)&frame);
}

static void *run_deregistration(void *data)
{
    struct frame *frame = data;

    frame->result = frame->single->registry.remove(frame->pointer, REGISTERED);
    if (frame->result < 0)
        error_capture(&frame->error);
    return NULL;
}

static VALUE body_deregistration(VALUE data)
{
    struct frame *frame = (void *)data;
    const struct callback_registry *registry = &frame->single->registry;
    VALUE holder;

    frame->pointer = handle_enter(frame->self, frame->single->kind, NULL);
    holder = callback_holder(registry, frame->self, REGISTERED);
    call_blocking(run_deregistration, frame);
    if (frame->result < 0)
        raise_error(&frame->error, frame->single->deregistration, error_class_Error);
    /* Drivers that know no close callbacks accept any number, and forget them. */
    while (!NIL_P(holder)) {
        callback_end(holder);
        holder = callback_holder(registry, frame->self, REGISTERED);
    }
    return Qnil;
}

static VALUE deregister_single(const struct single *single, VALUE self)
{
    struct frame frame = {.self = self, .single = single};

    return rb_ensure(body_deregistration, (VALUE)&frame, release_frame, (VALUE)&frame);
}

VALUE override_virConnectRegisterCloseCallback(int argc, VALUE *argv, VALUE self)
{
    return register_single(&single_connection_lost, argc, argv, self);
}

VALUE override_virConnectUnregisterCloseCallback(VALUE self)
{
    return deregister_single(&single_connection_lost, self);
}

VALUE override_virAdmConnectRegisterCloseCallback(int argc, VALUE *argv, VALUE self)
{
    return register_single(&single_admin_lost, argc, argv, self);
}

VALUE override_virAdmConnectUnregisterCloseCallback(VALUE self)
{
    return deregister_single(&single_admin_lost, self);
}

VALUE override_virConnectDomainEventRegister(int argc, VALUE *argv, VALUE self)
{
    return register_single(&single_lifecycle, argc, argv, self);
}

VALUE override_virConnectDomainEventDeregister(VALUE self)
{
    return deregister_single(&single_lifecycle, self);
}

/* ---- closing ---- */

struct closing {
    VALUE self;
    const struct handle_kind *kind;
    int (*close)(void *pointer);
    void *entered;
    void *pointer;
    struct captured_error error;
    int result;
};

static int close_connection(void *pointer)
{
    return vir.virConnectClose(pointer);
}

static int close_admin(void *pointer)
{
    return vir.virAdmConnectClose(pointer);
}

static void *run_close(void *data)
{
    struct closing *closing = data;

    closing->result = closing->close(closing->pointer);
    if (closing->result < 0)
        error_capture(&closing->error);
    return NULL;
}

static VALUE end_callbacks(VALUE data)
{
    struct closing *closing = (void *)data;

    closing->entered = handle_enter(closing->self, closing->kind, NULL);
    callbacks_end(closing->self, closing->entered);
    return Qnil;
}

static VALUE leave(VALUE data)
{
    const struct closing *closing = (void *)data;

    if (closing->entered)
        handle_leave(closing->self);
    return Qnil;
}

static VALUE close_it(VALUE self, const struct handle_kind *kind, int (*close)(void *pointer),
                      const char *function)
{
    struct closing closing = {.self = self, .kind = kind, .close = close};

    if (!handle_is_open(self))
        return Qnil;
    rb_ensure(end_callbacks, (VALUE)&closing, leave, (VALUE)&closing);
    handle_take(self, &closing.pointer);
    if (closing.pointer)
        call_regardless(run_close, &closing);
    if (closing.result < 0)
        raise_error(&closing.error, function, error_class_Error);
    return Qnil;
}

VALUE override_virConnectClose(VALUE self)
{
    return close_it(self, &handle_kind_virConnect, close_connection, "virConnectClose");
}

VALUE override_virAdmConnectClose(VALUE self)
{
    return close_it(self, &handle_kind_virAdmConnect, close_admin, "virAdmConnectClose");
}
