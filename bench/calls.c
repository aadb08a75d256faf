/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls that are measured, in C: what every binding adds to. Reads lines `CALL COUNT`, makes
   the call so often, and answers with the nanoseconds that took. */

#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

struct world {
    virConnectPtr connection;
    virDomainPtr domain;
};

static void require(int condition)
{
    if (!condition) {
        fprintf(stderr, "calls: a call failed: %s\n", virGetLastErrorMessage());
        exit(1);
    }
}

static void quiet(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

static void version(struct world *world)
{
    unsigned long result;

    require(virConnectGetLibVersion(world->connection, &result) == 0);
}

static void name(struct world *world)
{
    require(virDomainGetName(world->domain) != NULL);
}

static void info(struct world *world)
{
    virDomainInfo result;

    require(virDomainGetInfo(world->domain, &result) == 0);
}

static void lookup(struct world *world)
{
    virDomainPtr domain = virDomainLookupByName(world->connection, "domain-500");

    require(domain != NULL);
    virDomainFree(domain);
}

static void failing_lookup(struct world *world)
{
    require(virDomainLookupByName(world->connection, "missing") == NULL);
    require(virGetLastErrorCode() == VIR_ERR_NO_DOMAIN);
}

static void list(struct world *world)
{
    virDomainPtr *domains;
    int count = virConnectListAllDomains(world->connection, &domains, 0);

    require(count > 0);
    for (int i = 0; i < count; i++)
        virDomainFree(domains[i]);
    free(domains);
}

static void statistics(struct world *world)
{
    virDomainStatsRecordPtr *records;

    require(virConnectGetAllDomainStats(world->connection, 0, &records, 0) > 0);
    virDomainStatsRecordListFree(records);
}

static void scheduler_out(struct world *world)
{
    int count;
    char *type = virDomainGetSchedulerType(world->domain, &count);
    virTypedParameterPtr parameters;

    require(type != NULL && count > 0);
    free(type);
    parameters = calloc((size_t)count, sizeof *parameters);
    require(parameters && virDomainGetSchedulerParameters(world->domain, parameters, &count) == 0);
    virTypedParamsFree(parameters, count);
}

static void scheduler_in(struct world *world)
{
    virTypedParameterPtr parameters = NULL;
    int count = 0, room = 0;

    require(virTypedParamsAddUInt(&parameters, &count, &room, VIR_DOMAIN_SCHEDULER_WEIGHT, 50) ==
            0);
    require(virDomainSetSchedulerParameters(world->domain, parameters, count) == 0);
    virTypedParamsFree(parameters, count);
}

static const struct {
    const char *name;
    void (*call)(struct world *);
} calls[] = {
    {"version", version},
    {"name", name},
    {"info", info},
    {"lookup", lookup},
    {"failing-lookup", failing_lookup},
    {"list", list},
    {"statistics", statistics},
    {"scheduler-out", scheduler_out},
    {"scheduler-in", scheduler_in},
};

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long measure(struct world *world, const char *wanted, int count)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, wanted) == 0) {
            long long start = now();

            while (count-- > 0)
                calls[i].call(world);
            return now() - start;
        }
    fprintf(stderr, "calls: there is no call %s\n", wanted);
    exit(2);
}

int main(int argc, char **argv)
{
    struct world world;
    char wanted[32];
    int count;

    if (argc != 2) {
        fprintf(stderr, "usage: calls URI\n");
        return 2;
    }
    virSetErrorFunc(NULL, quiet);
    world.connection = virConnectOpen(argv[1]);
    require(world.connection != NULL);
    world.domain = virDomainLookupByName(world.connection, "domain-500");
    require(world.domain != NULL);
    while (scanf("%31s %d", wanted, &count) == 2) {
        printf("%lld\n", measure(&world, wanted, count));
        fflush(stdout);
    }
    virDomainFree(world.domain);
    virConnectClose(world.connection);
    return 0;
}
