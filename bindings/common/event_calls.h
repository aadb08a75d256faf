/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt's five registrations of events and their deregistrations take, made uniform: defines
 * add_Domain(), remove_Domain() and so on for the file that includes it, which has callback_free().
 */
#pragma once

#include "loader.h"

#define FAMILY_CALLS(family, object_type, callback_type)                                           \
    static int add_##family(void *connection, void *object, int id, void (*trampoline)(void),      \
                            void *opaque)                                                          \
    {                                                                                              \
        return vir.virConnect##family##EventRegisterAny(connection, (object_type)object, id,       \
                                                        (callback_type)trampoline, opaque,         \
                                                        callback_free);                            \
    }                                                                                              \
    static int remove_##family(void *connection, int id)                                           \
    {                                                                                              \
        return vir.virConnect##family##EventDeregisterAny(connection, id);                         \
    }

FAMILY_CALLS(Domain, virDomainPtr, virConnectDomainEventGenericCallback)
FAMILY_CALLS(Network, virNetworkPtr, virConnectNetworkEventGenericCallback)
FAMILY_CALLS(StoragePool, virStoragePoolPtr, virConnectStoragePoolEventGenericCallback)
FAMILY_CALLS(NodeDevice, virNodeDevicePtr, virConnectNodeDeviceEventGenericCallback)
FAMILY_CALLS(Secret, virSecretPtr, virConnectSecretEventGenericCallback)
