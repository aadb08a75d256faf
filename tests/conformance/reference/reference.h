/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the functions of the reference are made of, generated ones and those written by hand. It
 * runs in one thread. Memory runs out only with a message. */
#pragma once

/* Functions that libvirt calls deprecated are called too. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#include <libvirt/libvirt-admin.h>
#include <libvirt/libvirt-lxc.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "admin.h"
#include "callables.h"
#include "call.h"
#include "handles.h"
#include "take.h"
#include "values.h"

/* Room in arrays of the caller's, more than what tests have and less than what libvirt's own
 * protocol takes. */
enum { ROOM = 1024, ROOM_RECORDS = 256 };

/* What is called by request; generated. A function that the headers lack has no `run`. */
struct function {
    const char *name;
    unsigned version;
    bool of_admin;
    void (*run)(struct call *call);
};
extern const struct function functions[];
extern const size_t function_count;

/* All constants that the headers have, as an object; generated. */
struct json_object *constants_out(void);

/* Names that expressions of the notes use. */
int cpu_map_node_cpus(virConnectPtr connection);
int room_scheduler_parameters(virDomainPtr domain);
