/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU maps: one bit a CPU, lowest bit of the first byte first. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "loader.h"

/* Bytes a map for so many CPUs takes. */
int cpu_map_length(int cpus);
bool cpu_map_get(const unsigned char *map, int cpu);
void cpu_map_set(unsigned char *map, int cpu);
/* CPUs of the node that the connection leads to, offline ones included; below 0 on failure, with
 * libvirt's error set. Blocks: call it without the interpreter's lock. */
int cpu_map_node_cpus(virConnectPtr connection);
