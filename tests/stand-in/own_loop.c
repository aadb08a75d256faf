/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop of the program's own: each of its functions is called once, and what the program
 * calls back is noted. */
#include "control.h"
#include "generated.h"

struct loop {
    virEventAddHandleFunc add_handle;
    virEventUpdateHandleFunc update_handle;
    virEventRemoveHandleFunc remove_handle;
    virEventAddTimeoutFunc add_timeout;
    virEventUpdateTimeoutFunc update_timeout;
    virEventRemoveTimeoutFunc remove_timeout;
};

/* What opaque values point to. */
static char of_descriptor, of_timer;

/* As a call of the type, with these numbers. */
static void note(const char *type, size_t count, const int *numbers)
{
    struct call call;

    call_begin(&call, type);
    for (size_t i = 0; i < count; i++)
        take_signed(&call, numbers[i]);
    call_go_on(&call);
}

static void descriptor_ready(int watch, int fd, int events, void *opaque)
{
    note("virEventHandleCallback", 3, (const int[]){watch, fd, events});
    if (opaque != &of_descriptor)
        control_fault("virEventHandleCallback got another opaque value");
}

static void timer_due(int timer, void *opaque)
{
    note("virEventTimeoutCallback", 1, &timer);
    if (opaque != &of_timer)
        control_fault("virEventTimeoutCallback got another opaque value");
}

static void nothing_to_free(void *opaque)
{
    (void)opaque;
}

static int number(struct call *call, const char *path)
{
    return (int)give_signed(call, path, sizeof(int));
}

static void use_descriptor(const struct loop *loop, struct call *call)
{
    int answer = loop->add_handle(number(call, "addHandle.fd"), number(call, "addHandle.event"),
                                  descriptor_ready, &of_descriptor, nothing_to_free);

    note("virEventAddHandleFunc", 1, &answer);
    loop->update_handle(number(call, "updateHandle.watch"), number(call, "updateHandle.event"));
    answer = loop->remove_handle(number(call, "removeHandle.watch"));
    note("virEventRemoveHandleFunc", 1, &answer);
}

static void use_timer(const struct loop *loop, struct call *call)
{
    int answer = loop->add_timeout(number(call, "addTimeout.timeout"), timer_due, &of_timer, NULL);

    note("virEventAddTimeoutFunc", 1, &answer);
    loop->update_timeout(number(call, "updateTimeout.timer"),
                         number(call, "updateTimeout.timeout"));
    answer = loop->remove_timeout(number(call, "removeTimeout.timer"));
    note("virEventRemoveTimeoutFunc", 1, &answer);
}

/* Libvirt itself does without what is not there. */
static bool is_whole(const struct loop *loop)
{
    return loop->add_handle && loop->update_handle && loop->remove_handle && loop->add_timeout &&
           loop->update_timeout && loop->remove_timeout;
}

static void *use(void *data)
{
    struct call call;

    call_of_callback(&call, "virEventRegisterImpl", true, NULL);
    use_descriptor(data, &call);
    use_timer(data, &call);
    return NULL;
}

void virEventRegisterImpl(virEventAddHandleFunc addHandle, virEventUpdateHandleFunc updateHandle,
                          virEventRemoveHandleFunc removeHandle, virEventAddTimeoutFunc addTimeout,
                          virEventUpdateTimeoutFunc updateTimeout,
                          virEventRemoveTimeoutFunc removeTimeout)
{
    struct loop loop = {addHandle,  updateHandle,  removeHandle,
                        addTimeout, updateTimeout, removeTimeout};
    struct call call;

    call_begin(&call, "virEventRegisterImpl");
    take_callback(&call, addHandle != NULL);
    take_callback(&call, updateHandle != NULL);
    take_callback(&call, removeHandle != NULL);
    take_callback(&call, addTimeout != NULL);
    take_callback(&call, updateTimeout != NULL);
    take_callback(&call, removeTimeout != NULL);
    call_go_on(&call);
    if (call.is_played && is_whole(&loop))
        call_in_turn(use, &loop);
}
