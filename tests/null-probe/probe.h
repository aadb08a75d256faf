/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the generated null-probe.c is made of: arguments to give in place of NULL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <libvirt/libvirt-admin.h>
#include <libvirt/libvirt-lxc.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

enum probe_result {
    PROBE_DONE,   /* the call did not fail */
    PROBE_FAILED, /* it returned what means an error */
};

struct probe {
    const char *function;
    const char *argument; /* NULL is passed for it */
    unsigned version;
    bool nullable; /* the plan says */
    /* Makes the call; NULL: the test driver has no object that it needs. */
    enum probe_result (*call)(void);
};
extern const struct probe probes[]; /* generated */
extern const size_t probe_count;

/* Objects of the test driver, made when first asked for. */
virConnectPtr probe_virConnect(void);
virDomainPtr probe_virDomain(void);
virDomainPtr *probe_list_virDomain(void);
virDomainCheckpointPtr probe_virDomainCheckpoint(void);
virDomainSnapshotPtr probe_virDomainSnapshot(void);
virInterfacePtr probe_virInterface(void);
virNetworkPtr probe_virNetwork(void);
virNodeDevicePtr probe_virNodeDevice(void);
virStoragePoolPtr probe_virStoragePool(void);
virStorageVolPtr probe_virStorageVol(void);
virStreamPtr probe_virStream(void);

/* Zeroed memory, more than any call can want; a list with one text. */
void *probe_memory(void);
const char **probe_strings(void);
/* A callback of any type. */
int probe_nothing(void);
