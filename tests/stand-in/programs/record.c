/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls with values at both ends, from several threads at once where told to. */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt.h>

enum { THREADS = 4, CALLS = 500 };

static void *call_often(void *domain)
{
    for (int i = 0; i < CALLS; i++)
        free(virDomainGetXMLDesc(domain, (unsigned int)i));
    return NULL;
}

static void params(virDomainPtr domain)
{
    virTypedParameterPtr list = NULL;
    int count = 0, room = 0;

    virTypedParamsAddInt(&list, &count, &room, "int", INT_MIN);
    virTypedParamsAddUInt(&list, &count, &room, "uint", UINT_MAX);
    virTypedParamsAddLLong(&list, &count, &room, "llong", LLONG_MIN);
    virTypedParamsAddULLong(&list, &count, &room, "ullong", ULLONG_MAX);
    virTypedParamsAddDouble(&list, &count, &room, "double", 0.1);
    virTypedParamsAddBoolean(&list, &count, &room, "boolean", 1);
    virTypedParamsAddString(&list, &count, &room, "string", "d\xc3\xa9j\xc3\xa0 \"\\\n");
    virDomainSetMemoryParameters(domain, list, count, 0);
    virTypedParamsFree(list, count);
}

int main(int count, char **arguments)
{
    static const unsigned char map[] = {0x05, 0x80, 0x00};
    virConnectPtr connection = virConnectOpen(NULL);
    virDomainPtr domain = virDomainLookupByName(connection, "not \xff UTF-8");
    pthread_t threads[THREADS];

    (void)arguments;
    virDomainSetVcpusFlags(domain, UINT_MAX, 0x80000000u);
    virDomainSetMemory(domain, ULONG_MAX);
    virDomainMigrateSetMaxDowntime(domain, ULLONG_MAX, 0);
    virDomainPinVcpu(domain, 0, (unsigned char *)map, sizeof map);
    params(domain);
    for (int i = 0; count > 1 && i < THREADS; i++)
        pthread_create(&threads[i], NULL, call_often, domain);
    for (int i = 0; count > 1 && i < THREADS; i++)
        pthread_join(threads[i], NULL);
    virDomainFree(domain);
    virConnectClose(connection);
    return 0;
}
