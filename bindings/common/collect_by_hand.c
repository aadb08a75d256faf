/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collectors of tables by CPU, which take two measures at once; collect.h declares them. */
#include <limits.h>
#include <stdlib.h>

#include "collect.h"
#include "collect_internal.h"
#include "cpu_map.h"
#include "error.h"
#include "params.h"

void collect_free_names(char **names, int count)
{
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

/* ---- virtual CPUs by physical ones ---- */

struct cpu_table {
    int vcpus;
    int cpus;
    unsigned char *maps;
};

/* Zeroed maps for all virtual CPUs; false with the thread's error set. */
static bool make_table(virDomainPtr domain, struct cpu_table *table)
{
    virDomainInfo info;

    table->maps = NULL;
    table->cpus = cpu_map_node_cpus(vir.virDomainGetConnect(domain));
    if (table->cpus < 0 || vir.virDomainGetInfo(domain, &info) < 0)
        return false;
    table->vcpus = info.nrVirtCpu ? info.nrVirtCpu : 1;
    table->maps = calloc((size_t)table->vcpus, (size_t)cpu_map_length(table->cpus) + 1);
    if (!table->maps)
        error_no_memory();
    return table->maps != NULL;
}

int collect_virDomainGetVcpuPinInfo(virDomainPtr domain, int *ncpumaps, unsigned char **cpumaps,
                                    int *maplen, unsigned int flags)
{
    struct cpu_table table;
    int result;

    *cpumaps = NULL;
    if (!make_table(domain, &table))
        return -1;
    result = vir.virDomainGetVcpuPinInfo(domain, table.vcpus, table.maps,
                                         cpu_map_length(table.cpus), flags);
    if (result < 0) {
        free(table.maps);
        return result;
    }
    *ncpumaps = result;
    *cpumaps = table.maps;
    *maplen = table.cpus;
    return result;
}

int collect_virDomainGetVcpus(virDomainPtr domain, virVcpuInfo **info, int *maxinfo,
                              unsigned char **cpumaps, int *maplen)
{
    struct cpu_table table;
    virVcpuInfo *infos;
    int result;

    *info = NULL;
    *cpumaps = NULL;
    if (!make_table(domain, &table))
        return -1;
    infos = calloc((size_t)table.vcpus, sizeof *infos);
    result = infos ? vir.virDomainGetVcpus(domain, infos, table.vcpus, table.maps,
                                           cpu_map_length(table.cpus))
                   : error_no_memory();
    if (result < 0) {
        free(infos);
        free(table.maps);
        return result;
    }
    *info = infos;
    *maxinfo = result;
    *cpumaps = table.maps;
    *maplen = table.cpus;
    return result;
}

/* ---- statistics by CPU ---- */

/* libvirt transfers no more CPUs in one call. */
enum { CPUS_AT_ONCE = 128 };

int collect_virDomainGetCPUStats(virDomainPtr domain, virTypedParameter **params,
                                 unsigned int *nparams, int start_cpu, unsigned int ncpus,
                                 unsigned int flags)
{
    const int stride = vir.virDomainGetCPUStats(domain, NULL, 0, start_cpu, 1, flags);
    virTypedParameter *items;
    int result = 0;

    *params = NULL;
    *nparams = 0;
    if (stride <= 0 || !ncpus)
        return stride;
    items = ncpus <= INT_MAX / (unsigned int)stride ? calloc((size_t)stride * ncpus, sizeof *items)
                                                    : NULL;
    if (!items)
        return error_no_memory();
    for (unsigned int done = 0; result >= 0 && done < ncpus; done += CPUS_AT_ONCE) {
        const unsigned int left = ncpus - done;

        result = vir.virDomainGetCPUStats(domain, items + (size_t)stride * done,
                                          (unsigned int)stride, start_cpu + (int)done,
                                          left < CPUS_AT_ONCE ? left : CPUS_AT_ONCE, flags);
    }
    if (result < 0) {
        params_free(items, stride * (int)ncpus);
        return result;
    }
    *params = items;
    *nparams = (unsigned int)stride;
    return result;
}
