/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of streams: one callback a stream at most. */
#include "callbacks.h"
#include "glue.h"
#include "streams.h"

struct registration {
    VALUE self;
    VALUE given[3];
    virStreamPtr stream;
    int events;
    struct callback *callback; /* until libvirt has it */
    int result;
    struct captured_error error;
};

static int remove_event(void *stream, int id)
{
    (void)id;
    return vir.virStreamEventRemoveCallback(stream);
}

static const struct callback_registry stream_events = {remove_event};

static void event_values(VALUE values, VALUE self, const void *given)
{
    (void)self;
    rb_ary_push(values, INT2NUM(*(const int *)given));
}

static void stream_event(virStreamPtr stream, int events, void *opaque)
{
    (void)stream;
    callback_fire(opaque, event_values, &events);
}

static void *add_callback(void *data)
{
    struct registration *registration = data;

    registration->result =
        vir.virStreamEventAddCallback(registration->stream, registration->events, stream_event,
                                      registration->callback, callback_free);
    if (registration->result < 0)
        error_capture(&registration->error);
    else
        callback_registered(registration->callback, &stream_events, 0);
    return NULL;
}

static VALUE register_callback(VALUE data)
{
    struct registration *registration = (void *)data;

    registration->events = int_in(registration->given[0], "events");
    callable_check(registration->given[1], "cb");
    registration->callback =
        callback_new(registration->self, registration->given[1], registration->given[2]);
    registration->stream = handle_enter(registration->self, &handle_kind_virStream, NULL);
    call_blocking(add_callback, registration);
    if (registration->result < 0)
        raise_error(&registration->error, "virStreamEventAddCallback", error_class_RetrieveError);
    return Qnil;
}

static VALUE release_registration(VALUE data)
{
    struct registration *registration = (void *)data;

    if (registration->stream)
        handle_leave(registration->self);
    if (registration->callback && registration->result < 0)
        callback_drop(registration->callback);
    return Qnil;
}

VALUE override_virStreamEventAddCallback(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"events", "cb", "opaque"};
    static const struct signature signature = {2, 3, names};
    struct registration registration = {.self = self, .result = -1};

    arguments_read(argc, argv, &signature, registration.given);
    return rb_ensure(register_callback, (VALUE)&registration, release_registration,
                     (VALUE)&registration);
}

static void *remove_callback(void *data)
{
    struct registration *registration = data;

    registration->result = vir.virStreamEventRemoveCallback(registration->stream);
    if (registration->result < 0)
        error_capture(&registration->error);
    return NULL;
}

static VALUE unregister_callback(VALUE data)
{
    struct registration *registration = (void *)data;
    VALUE holder;

    registration->stream = handle_enter(registration->self, &handle_kind_virStream, NULL);
    holder = callback_holder(&stream_events, registration->self, 0);
    call_blocking(remove_callback, registration);
    /* Also where it was refused: after an abort libvirt does so, and never calls again. */
    callback_end(holder);
    if (registration->result < 0)
        raise_error(&registration->error, "virStreamEventRemoveCallback",
                    error_class_RetrieveError);
    return Qnil;
}

VALUE override_virStreamEventRemoveCallback(VALUE self)
{
    struct registration registration = {.self = self};

    return rb_ensure(unregister_callback, (VALUE)&registration, release_registration,
                     (VALUE)&registration);
}

static VALUE end_callbacks(VALUE self)
{
    callbacks_end(self, handle_get(self, &handle_kind_virStream, NULL));
    return Qnil;
}

static VALUE leave(VALUE self)
{
    handle_leave(self);
    handle_release(self);
    return Qnil;
}

/* With a callback libvirt would keep it. */
VALUE stream_free(VALUE self)
{
    if (!handle_is_open(self) || !handle_is_open(handle_connection(self))) {
        handle_release(self);
        return Qnil;
    }
    handle_enter(self, &handle_kind_virStream, NULL);
    return rb_ensure(end_callbacks, self, leave, self);
}
