/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The key of each kind of handle, of the committed facts. */
#include "commands.h"
#include "expect.h"
#include "handle_key.h"

int main(void)
{
    static const char *const keys[][2] = {
        {"virAdmClient", NULL},
        {"virAdmConnect", NULL},
        {"virAdmServer", "virAdmServerGetName"},
        {"virConnect", NULL},
        {"virDomain", "virDomainGetName"},
        {"virDomainCheckpoint", "virDomainCheckpointGetName"},
        {"virDomainSnapshot", "virDomainSnapshotGetName"},
        {"virInterface", "virInterfaceGetName"},
        {"virNWFilter", "virNWFilterGetName"},
        {"virNWFilterBinding", "virNWFilterBindingGetPortDev"},
        {"virNetwork", "virNetworkGetName"},
        {"virNetworkPort", "virNetworkPortGetUUIDString"},
        {"virNodeDevice", "virNodeDeviceGetName"},
        {"virSecret", "virSecretGetUUIDString"},
        {"virStoragePool", "virStoragePoolGetName"},
        {"virStorageVol", "virStorageVolGetName"},
        {"virStream", NULL},
    };
    const size_t count = sizeof keys / sizeof *keys;
    const struct options options = {.facts = "api-xml"};
    struct loaded loaded;

    expect_true("the facts can be read", load_plans(&options, &loaded));
    expect_true("every kind is here", loaded.api->handle_count == count);
    for (size_t i = 0; i < count; i++) {
        const struct handle *handle = api_handle(loaded.api, keys[i][0]);
        const struct plan *plan = handle_key(loaded.plans, handle);

        expect(keys[i][0], plan ? plan->function->name : "none", keys[i][1] ? keys[i][1] : "none");
    }
    return expect_status();
}
