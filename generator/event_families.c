/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "event_families.h"

const struct event_family event_families[] = {
    {"VIR_DOMAIN_EVENT_ID_", "domain_events", "virConnectDomainEventGenericCallback"},
    {"VIR_NETWORK_EVENT_ID_", "network_events", "virConnectNetworkEventGenericCallback"},
    {"VIR_NODE_DEVICE_EVENT_ID_", "node_device_events", "virConnectNodeDeviceEventGenericCallback"},
    {"VIR_SECRET_EVENT_ID_", "secret_events", "virConnectSecretEventGenericCallback"},
    {"VIR_STORAGE_POOL_EVENT_ID_", "storage_pool_events",
     "virConnectStoragePoolEventGenericCallback"},
};

const size_t event_family_count = sizeof event_families / sizeof *event_families;

const char *event_callback(const struct constant *constant, const struct event_family *family)
{
    return constant->callback ? constant->callback->signature.name : family->generic;
}

static bool is_event(const struct constant *constant, const struct event_family *family)
{
    return constant->kind == CONSTANT_ENUMERATOR && !constant->is_sentinel &&
           text_starts(constant->name, family->prefix);
}

const struct constant *event_next(const struct api *api, const struct event_family *family,
                                  const struct constant *last)
{
    const struct constant *next = NULL;

    for (size_t i = 0; i < api->constant_count; i++) {
        const struct constant *constant = &api->constants[i];
        if (is_event(constant, family) && (!last || constant->value > last->value) &&
            (!next || constant->value < next->value))
            next = constant;
    }
    return next;
}

bool event_is_used(const struct api *api, const char *callback)
{
    for (size_t i = 0; i < event_family_count; i++)
        for (size_t j = 0; j < api->constant_count; j++)
            if (is_event(&api->constants[j], &event_families[i]) &&
                text_equal(event_callback(&api->constants[j], &event_families[i]), callback))
                return true;
    return false;
}
