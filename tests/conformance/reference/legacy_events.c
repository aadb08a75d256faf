/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The old functions for events of domains, which tell callbacks apart by their address: each name
 * of a callable has one. */
#include <string.h>

#include "functions.h"
#include "kinds.h"

#define SLOTS(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7)

static int fire(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *opaque)
{
    struct json_object *arguments = json_object_new_array();

    json_object_array_add(arguments, handle_lent_out(&kind_virConnect, conn));
    json_object_array_add(arguments, handle_lent_out(&kind_virDomain, dom));
    json_object_array_add(arguments, signed_out(event));
    json_object_array_add(arguments, signed_out(detail));
    return callable_fire_number(opaque, arguments, 0);
}

#define DEFINE(number)                                                                             \
    static int slot_##number(virConnectPtr conn, virDomainPtr dom, int event, int detail,          \
                             void *opaque)                                                         \
    {                                                                                              \
        return fire(conn, dom, event, detail, opaque);                                             \
    }
SLOTS(DEFINE)

static struct {
    virConnectDomainEventCallback function;
    char *name; /* NULL: free */
} slots[] = {
#define SLOT(number) {slot_##number, NULL},
    SLOTS(SLOT)};

static virConnectDomainEventCallback slot_of(const char *name)
{
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (!slots[i].name) {
            slots[i].name = allocate(strlen(name) + 1, 1);
            strcpy(slots[i].name, name);
        }
        if (strcmp(slots[i].name, name) == 0)
            return slots[i].function;
    }
    give_up("there are more than %zu callables of different names for events of domains",
            sizeof slots / sizeof *slots);
}

void call_virConnectDomainEventRegister(struct call *call)
{
    virConnectPtr conn = take_handle(call, "conn", &kind_virConnect, REQUIRED);
    struct callable *cb = take_callback(call, "cb", REQUIRED);
    void *opaque = take_opaque(call, cb);

    if (!call_ready(call))
        return;
    if (!call_failed(call, virConnectDomainEventRegister(conn, slot_of(callable_name(cb)), opaque,
                                                         callable_free) < 0))
        call_hand_over(call);
}

void call_virConnectDomainEventDeregister(struct call *call)
{
    virConnectPtr conn = take_handle(call, "conn", &kind_virConnect, REQUIRED);
    struct callable *cb = take_callback(call, "cb", REQUIRED);

    if (call_ready(call))
        call_failed(call, virConnectDomainEventDeregister(conn, slot_of(callable_name(cb))) < 0);
}
