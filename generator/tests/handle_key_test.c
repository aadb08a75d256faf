/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The key and the identity of each kind of handle, of the committed facts. */
#include "commands.h"
#include "expect.h"
#include "handle_key.h"

static void expect_function(const char *what, const struct plan *plan, const char *name)
{
    expect(what, plan ? plan->function->name : "none", name ? name : "none");
}

int main(void)
{
    static const char *const kinds[][3] = {
        {"virAdmClient", NULL, NULL},
        {"virAdmConnect", NULL, NULL},
        {"virAdmServer", "virAdmServerGetName", "virAdmServerGetName"},
        {"virConnect", NULL, NULL},
        {"virDomain", "virDomainGetName", "virDomainGetUUID"},
        {"virDomainCheckpoint", "virDomainCheckpointGetName", "virDomainCheckpointGetName"},
        {"virDomainSnapshot", "virDomainSnapshotGetName", "virDomainSnapshotGetName"},
        {"virInterface", "virInterfaceGetName", "virInterfaceGetName"},
        {"virNWFilter", "virNWFilterGetName", "virNWFilterGetUUID"},
        {"virNWFilterBinding", "virNWFilterBindingGetPortDev", "virNWFilterBindingGetPortDev"},
        {"virNetwork", "virNetworkGetName", "virNetworkGetUUID"},
        {"virNetworkPort", "virNetworkPortGetUUIDString", "virNetworkPortGetUUID"},
        {"virNodeDevice", "virNodeDeviceGetName", "virNodeDeviceGetName"},
        {"virSecret", "virSecretGetUUIDString", "virSecretGetUUID"},
        {"virStoragePool", "virStoragePoolGetName", "virStoragePoolGetUUID"},
        {"virStorageVol", "virStorageVolGetName", "virStorageVolGetKey"},
        {"virStream", NULL, NULL},
    };
    const size_t count = sizeof kinds / sizeof *kinds;
    const struct options options = {.facts = "api-xml"};
    struct loaded loaded;

    expect_true("the facts can be read", load_plans(&options, &loaded));
    expect_true("every kind is here", loaded.api->handle_count == count);
    for (size_t i = 0; i < count; i++) {
        const struct handle *handle = api_handle(loaded.api, kinds[i][0]);

        expect_function(kinds[i][0], handle_key(loaded.plans, handle), kinds[i][1]);
        expect_function(kinds[i][0], handle_identity(loaded.plans, handle), kinds[i][2]);
    }
    return expect_status();
}
