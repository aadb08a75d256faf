/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop of the driver's: six callables, which see the numbers; what libvirt wants called
 * back is nobody's, so nothing comes of it. The process has one loop for good. */
#include <string.h>

#include "functions.h"

enum { ADD_HANDLE, UPDATE_HANDLE, REMOVE_HANDLE, ADD_TIMEOUT, UPDATE_TIMEOUT, REMOVE_TIMEOUT, ALL };

static struct callable *loop[ALL];

static int fire(int what, int first, const int *second)
{
    struct json_object *arguments = json_object_new_array();

    json_object_array_add(arguments, signed_out(first));
    if (second)
        json_object_array_add(arguments, signed_out(*second));
    return callable_fire_number(loop[what], arguments, 0);
}

static int add_handle(int fd, int event, virEventHandleCallback cb, void *opaque,
                      virFreeCallback ff)
{
    (void)cb;
    (void)opaque;
    (void)ff;
    return fire(ADD_HANDLE, fd, &event);
}

static void update_handle(int watch, int event)
{
    fire(UPDATE_HANDLE, watch, &event);
}

static int remove_handle(int watch)
{
    return fire(REMOVE_HANDLE, watch, NULL);
}

static int add_timeout(int timeout, virEventTimeoutCallback cb, void *opaque, virFreeCallback ff)
{
    (void)cb;
    (void)opaque;
    (void)ff;
    return fire(ADD_TIMEOUT, timeout, NULL);
}

static void update_timeout(int timer, int timeout)
{
    fire(UPDATE_TIMEOUT, timer, &timeout);
}

static int remove_timeout(int timer)
{
    return fire(REMOVE_TIMEOUT, timer, NULL);
}

void call_virEventRegisterImpl(struct call *call)
{
    static const char *const names[ALL] = {"addHandle",  "updateHandle",  "removeHandle",
                                           "addTimeout", "updateTimeout", "removeTimeout"};
    struct callable *callables[ALL];

    for (size_t i = 0; i < ALL; i++) {
        callables[i] = take_callback(call, names[i], REQUIRED);
        call_hand_over(call);
    }
    if (!call_ready(call)) {
        for (size_t i = 0; i < ALL; i++)
            callable_free(callables[i]);
        return;
    }
    for (size_t i = 0; i < ALL; i++)
        callable_free(loop[i]);
    memcpy(loop, callables, sizeof loop);
    virEventRegisterImpl(add_handle, update_handle, remove_handle, add_timeout, update_timeout,
                         remove_timeout);
}
