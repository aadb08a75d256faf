/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Closing connections, and callbacks at their end that are taken off. */
#include "callbacks.h"
#include "functions.h"
#include "kinds.h"

static void closed(struct call *call, const void *connection, int result)
{
    if (call_failed(call, result < 0))
        return;
    handle_ended(connection);
    answer_add(call, "result", signed_out(result));
}

void call_virConnectClose(struct call *call)
{
    virConnectPtr conn = take_handle(call, "conn", &kind_virConnect, REQUIRED);

    if (call_ready(call))
        closed(call, conn, virConnectClose(conn));
}

void call_virAdmConnectClose(struct call *call)
{
    virAdmConnectPtr conn = take_handle(call, "conn", &kind_virAdmConnect, REQUIRED);

    if (call_ready(call))
        closed(call, conn, ADMIN(virAdmConnectClose)(conn));
}

/* A connection has one such callback at most. */
void call_virConnectUnregisterCloseCallback(struct call *call)
{
    virConnectPtr conn = take_handle(call, "conn", &kind_virConnect, REQUIRED);

    take_callback(call, "cb", REQUIRED);
    if (call_ready(call))
        call_failed(call, virConnectUnregisterCloseCallback(conn, on_virConnectCloseFunc) < 0);
}

void call_virAdmConnectUnregisterCloseCallback(struct call *call)
{
    virAdmConnectPtr conn = take_handle(call, "conn", &kind_virAdmConnect, REQUIRED);

    take_callback(call, "cb", REQUIRED);
    if (call_ready(call))
        call_failed(
            call, ADMIN(virAdmConnectUnregisterCloseCallback)(conn, on_virAdmConnectCloseFunc) < 0);
}
