/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables by CPU, whose room has two measures; and the measures that notes name. */
#include <string.h>

#include "functions.h"
#include "kinds.h"
#include "records.h"

int cpu_map_node_cpus(virConnectPtr connection)
{
    virNodeInfo info;
    const int count = virNodeGetCPUMap(connection, NULL, NULL, 0);

    if (count >= 0)
        return count;
    return virNodeGetInfo(connection, &info) < 0 ? -1 : (int)VIR_NODEINFO_MAXCPUS(info);
}

int room_scheduler_parameters(virDomainPtr domain)
{
    int count = 0;
    char *type = virDomainGetSchedulerType(domain, &count);

    free(type);
    return type ? count : -1;
}

static struct json_object *cpu_maps_out(const unsigned char *maps, size_t count, int cpus)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, cpu_map_out(maps + i * (size_t)cpu_map_bytes(cpus), cpus));
    return list;
}

void call_virDomainGetVcpuPinInfo(struct call *call)
{
    virDomainPtr domain = take_handle(call, "domain", &kind_virDomain, REQUIRED);
    const unsigned int flags = take_uint(call, "flags", OPTIONAL);
    unsigned char *maps;
    int cpus;
    int result;

    if (!call_ready(call))
        return;
    cpus = cpu_map_node_cpus(virDomainGetConnect(domain));
    if (call_failed(call, cpus < 0))
        return;
    maps = call_allocate(call, ROOM, (size_t)cpu_map_bytes(cpus));
    result = virDomainGetVcpuPinInfo(domain, ROOM, maps, cpu_map_bytes(cpus), flags);
    if (call_failed(call, result < 0))
        return;
    call_had_room(call, (size_t)result, ROOM);
    answer_add(call, "cpumaps", cpu_maps_out(maps, (size_t)result, cpus));
}

void call_virDomainGetVcpus(struct call *call)
{
    virDomainPtr domain = take_handle(call, "domain", &kind_virDomain, REQUIRED);
    virVcpuInfo info[ROOM_RECORDS] = {0};
    unsigned char *maps;
    int cpus;
    int result;

    if (!call_ready(call))
        return;
    cpus = cpu_map_node_cpus(virDomainGetConnect(domain));
    if (call_failed(call, cpus < 0))
        return;
    maps = call_allocate(call, ROOM_RECORDS, (size_t)cpu_map_bytes(cpus));
    result = virDomainGetVcpus(domain, info, ROOM_RECORDS, maps, cpu_map_bytes(cpus));
    if (call_failed(call, result < 0))
        return;
    call_had_room(call, (size_t)result, ROOM_RECORDS);
    answer_add(call, "info", records_out(info, (size_t)result, sizeof *info, encode_virVcpuInfo));
    answer_add(call, "cpumaps", cpu_maps_out(maps, (size_t)result, cpus));
}

/* libvirt takes no more CPUs in one call. */
enum { CPUS_AT_ONCE = 128 };

/* Those of some CPUs are added to the list; false where libvirt failed. */
static bool add_stats(struct call *call, struct json_object *list, virDomainPtr domain,
                      unsigned int stride, int first, unsigned int count, unsigned int flags)
{
    virTypedParameterPtr params = call_allocate(call, (size_t)stride * count, sizeof *params);
    const int result = virDomainGetCPUStats(domain, params, stride, first, count, flags);

    if (call_failed(call, result < 0))
        return false;
    for (unsigned int i = 0; i < count; i++) {
        virTypedParameterPtr of_cpu = params + (size_t)stride * i;
        size_t filled = 0;

        /* What a CPU does not have has no type. */
        while (filled < (size_t)result && of_cpu[filled].type)
            filled++;
        json_object_array_add(list, params_out(of_cpu, filled));
        params_clear(of_cpu, filled);
    }
    return true;
}

void call_virDomainGetCPUStats(struct call *call)
{
    virDomainPtr domain = take_handle(call, "domain", &kind_virDomain, REQUIRED);
    const int start_cpu = take_int(call, "start_cpu", REQUIRED);
    const unsigned int ncpus = take_uint(call, "ncpus", REQUIRED);
    const unsigned int flags = take_uint(call, "flags", OPTIONAL);
    struct json_object *list;
    bool worked = true;
    int stride;

    if (!call_ready(call))
        return;
    stride = virDomainGetCPUStats(domain, NULL, 0, start_cpu, 1, flags);
    if (call_failed(call, stride < 0))
        return;
    list = json_object_new_array();
    for (unsigned int done = 0; worked && stride && done < ncpus; done += CPUS_AT_ONCE)
        worked = add_stats(call, list, domain, (unsigned int)stride, start_cpu + (int)done,
                           ncpus - done < CPUS_AT_ONCE ? ncpus - done : CPUS_AT_ONCE, flags);
    answer_add(call, "params", list);
}
