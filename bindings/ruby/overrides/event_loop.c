/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's default event loop, and file descriptors and timers of the program's own in whatever
 * loop is registered. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "loop.h"

#include "glue.h"

enum loop loop;

/* ---- waking the default loop ---- */

/* A pipe that the loop watches: writing to it is all that a handler of signals may do. */
static struct {
    int ends[2];
    int watch;
    pid_t process; /* whose loop watches it; 0: none */
} waker;

static void drain(int watch, int fd, int events, void *opaque)
{
    char room[64];

    (void)watch;
    (void)events;
    (void)opaque;
    while (read(fd, room, sizeof room) > 0)
        continue;
}

static void wake(void *unused)
{
    const int before = errno;

    (void)unused;
    if (write(waker.ends[1], "", 1) < 0)
        errno = 0; /* full: it wakes anyway */
    errno = before;
}

static void *watch(void *unused)
{
    waker.watch =
        vir.virEventAddHandle(waker.ends[0], VIR_EVENT_HANDLE_READABLE, drain, NULL, NULL);
    return unused;
}

static void *unwatch(void *unused)
{
    vir.virEventRemoveHandle(waker.watch);
    return unused;
}

static void close_waker(void)
{
    close(waker.ends[0]);
    close(waker.ends[1]);
    waker.process = 0;
}

/* A process that was forked must not share it. */
static void waker_start(void)
{
    if (waker.process == getpid())
        return;
    if (waker.process) {
        call_blocking(unwatch, NULL);
        close_waker();
    }
    if (rb_cloexec_pipe(waker.ends) < 0)
        rb_sys_fail("pipe");
    waker.process = getpid();
    for (int i = 0; i < 2; i++) {
        rb_update_max_fd(waker.ends[i]);
        fcntl(waker.ends[i], F_SETFL, O_NONBLOCK);
    }
    call_blocking(watch, NULL);
    if (waker.watch < 0) {
        close_waker();
        raise_last_error("virEventAddHandle", error_class_Error);
    }
}

/* ---- the default loop ---- */

struct frame {
    int result;
    struct captured_error error;
};

static void *run_registration(void *data)
{
    struct frame *frame = data;

    frame->result = vir.virEventRegisterDefaultImpl();
    if (frame->result < 0)
        error_capture(&frame->error);
    return NULL;
}

VALUE override_virEventRegisterDefaultImpl(VALUE self)
{
    struct frame frame;

    (void)self;
    if (loop == LOOP_OWN)
        rb_raise(error_class_Error, "an event loop is registered already");
    call_blocking(run_registration, &frame);
    if (frame.result < 0)
        raise_error(&frame.error, "virEventRegisterDefaultImpl", error_class_Error);
    loop = LOOP_DEFAULT;
    return Qnil;
}

static void *run_once(void *data)
{
    struct frame *frame = data;

    frame->result = vir.virEventRunDefaultImpl();
    if (frame->result < 0)
        error_capture(&frame->error);
    return NULL;
}

static void nothing_due(int timer, void *opaque)
{
    (void)opaque;
    vir.virEventRemoveTimeout(timer);
}

/* Where nothing is registered libvirt waits all the same, and only what it then is given wakes it.
 */
static void wake_unregistered(void *unused)
{
    (void)unused;
    vir.virEventRegisterDefaultImpl();
    vir.virEventAddTimeout(0, nothing_due, NULL, NULL);
}

VALUE override_virEventRunDefaultImpl(VALUE self)
{
    struct frame frame;

    (void)self;
    if (loop == LOOP_OWN)
        rb_raise(error_class_Error, "another event loop than the default one is registered");
    if (loop == LOOP_DEFAULT) {
        dispatcher_start();
        waker_start();
        call_pumping(run_once, &frame, wake, NULL);
    } else {
        call_interruptible(run_once, &frame, wake_unregistered, NULL);
        rb_thread_check_ints();
    }
    if (frame.result < 0)
        raise_error(&frame.error, "virEventRunDefaultImpl", error_class_Error);
    return Qnil;
}

/* ---- the program's own descriptors and timers ---- */

struct ready {
    int watch;
    int fd;
    int events;
};

static void ready_values(VALUE values, VALUE self, const void *data)
{
    const struct ready *given = data;

    (void)self;
    rb_ary_push(values, INT2NUM(given->watch));
    rb_ary_push(values, INT2NUM(given->fd));
    rb_ary_push(values, INT2NUM(given->events));
}

static void descriptor_ready(int watch, int fd, int events, void *opaque)
{
    const struct ready given = {watch, fd, events};

    callback_fire(opaque, ready_values, &given);
}

static void timer_values(VALUE values, VALUE self, const void *given)
{
    (void)self;
    rb_ary_push(values, INT2NUM(*(const int *)given));
}

static void timer_due(int timer, void *opaque)
{
    callback_fire(opaque, timer_values, &timer);
}

struct adding {
    VALUE given[4];
    const char *function;
    const struct callback_registry *registry;
    void (*add)(struct adding *adding);
    int numbers[2];
    struct callback *callback;
    int id;
    struct captured_error error;
};

static void add_descriptor(struct adding *adding)
{
    adding->id = vir.virEventAddHandle(adding->numbers[0], adding->numbers[1], descriptor_ready,
                                       adding->callback, callback_free);
}

static void add_timer(struct adding *adding)
{
    adding->id =
        vir.virEventAddTimeout(adding->numbers[0], timer_due, adding->callback, callback_free);
}

/* They end by the methods below. */
static const struct callback_registry descriptors = {NULL};
static const struct callback_registry timers = {NULL};

static void *run_adding(void *data)
{
    struct adding *adding = data;

    adding->add(adding);
    if (adding->id < 0)
        error_capture(&adding->error);
    else
        callback_registered(adding->callback, adding->registry, adding->id);
    return NULL;
}

static VALUE body_adding(VALUE data)
{
    struct adding *adding = (void *)data;

    call_blocking(run_adding, adding);
    if (adding->id < 0)
        raise_error(&adding->error, adding->function, error_class_Error);
    return INT2NUM(adding->id);
}

static VALUE release_adding(VALUE data)
{
    const struct adding *adding = (void *)data;

    if (adding->id < 0)
        callback_drop(adding->callback);
    return Qnil;
}

static VALUE add(struct adding *adding, VALUE callable, VALUE opaque)
{
    callable_check(callable, "cb");
    adding->id = -1;
    adding->callback = callback_new(Qnil, callable, opaque);
    return rb_ensure(body_adding, (VALUE)adding, release_adding, (VALUE)adding);
}

VALUE override_virEventAddHandle(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"fd", "events", "cb", "opaque"};
    static const struct signature signature = {3, 4, names};
    struct adding adding = {
        .function = "virEventAddHandle", .registry = &descriptors, .add = add_descriptor};

    (void)self;
    arguments_read(argc, argv, &signature, adding.given);
    adding.numbers[0] = descriptor_in(adding.given[0], "fd");
    adding.numbers[1] = int_in(adding.given[1], "events");
    return add(&adding, adding.given[2], adding.given[3]);
}

VALUE override_virEventAddTimeout(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"timeout", "cb", "opaque"};
    static const struct signature signature = {2, 3, names};
    struct adding adding = {
        .function = "virEventAddTimeout", .registry = &timers, .add = add_timer};

    (void)self;
    arguments_read(argc, argv, &signature, adding.given);
    adding.numbers[0] = int_in(adding.given[0], "timeout");
    return add(&adding, adding.given[1], adding.given[2]);
}

struct removing {
    int (*remove)(int id);
    int id;
    int result;
    struct captured_error error;
};

static void *run_removing(void *data)
{
    struct removing *removing = data;

    removing->result = removing->remove(removing->id);
    if (removing->result < 0)
        error_capture(&removing->error);
    return NULL;
}

static VALUE remove_it(int (*remove)(int id), int id, const char *function,
                       const struct callback_registry *registry)
{
    struct removing removing = {.remove = remove, .id = id};
    VALUE holder = callback_holder(registry, Qnil, id);

    call_blocking(run_removing, &removing);
    if (removing.result < 0)
        raise_error(&removing.error, function, error_class_Error);
    callback_end(holder);
    return Qnil;
}

VALUE override_virEventRemoveHandle(VALUE self, VALUE watch)
{
    (void)self;
    return remove_it(vir.virEventRemoveHandle, int_in(watch, "watch"), "virEventRemoveHandle",
                     &descriptors);
}

VALUE override_virEventRemoveTimeout(VALUE self, VALUE timer)
{
    (void)self;
    return remove_it(vir.virEventRemoveTimeout, int_in(timer, "timer"), "virEventRemoveTimeout",
                     &timers);
}
