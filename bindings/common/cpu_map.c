/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cpu_map.h"

int cpu_map_length(int cpus)
{
    return (cpus + 7) / 8;
}

bool cpu_map_get(const unsigned char *map, int cpu)
{
    return map[cpu / 8] >> (cpu % 8) & 1;
}

void cpu_map_set(unsigned char *map, int cpu)
{
    map[cpu / 8] = (unsigned char)(map[cpu / 8] | 1 << (cpu % 8));
}

int cpu_map_node_cpus(virConnectPtr connection)
{
    virNodeInfo info;
    const int count = vir.virNodeGetCPUMap(connection, NULL, NULL, 0);

    /* Some drivers know only the topology. */
    if (count >= 0)
        return count;
    if (vir.virNodeGetInfo(connection, &info) < 0)
        return -1;
    return (int)(info.nodes * info.sockets * info.cores * info.threads);
}
