/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the probes, each in a process of its own, and prints what came of them:
 *
 *     function  argument  yes|no  refused|accepted|crashed|unreachable  error|silent|-
 *
 * `refused` is libvirt's own check of the argument; whatever happens behind that is `accepted`. The
 * last column says whether a call that failed left an error. */
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "null-probe: cannot get %s: %s\n", what, virGetLastErrorMessage());
    _exit(100);
}

static void *need(void *object, const char *what)
{
    if (!object)
        fail(what);
    return object;
}

virConnectPtr probe_virConnect(void)
{
    static virConnectPtr connection;

    if (!connection)
        connection = need(virConnectOpen("test:///default"), "a connection");
    return connection;
}

virDomainPtr probe_virDomain(void)
{
    return need(virDomainLookupByName(probe_virConnect(), "test"), "a domain");
}

virDomainPtr *probe_list_virDomain(void)
{
    static virDomainPtr list[2];

    list[0] = probe_virDomain();
    return list;
}

virDomainCheckpointPtr probe_virDomainCheckpoint(void)
{
    return need(virDomainCheckpointCreateXML(probe_virDomain(), "<domaincheckpoint/>", 0),
                "a checkpoint");
}

virDomainSnapshotPtr probe_virDomainSnapshot(void)
{
    return need(virDomainSnapshotCreateXML(probe_virDomain(), "<domainsnapshot/>", 0),
                "a snapshot");
}

virInterfacePtr probe_virInterface(void)
{
    return need(virInterfaceLookupByName(probe_virConnect(), "eth1"), "an interface");
}

virNetworkPtr probe_virNetwork(void)
{
    return need(virNetworkLookupByName(probe_virConnect(), "default"), "a network");
}

virNodeDevicePtr probe_virNodeDevice(void)
{
    return need(virNodeDeviceLookupByName(probe_virConnect(), "computer"), "a device");
}

virStoragePoolPtr probe_virStoragePool(void)
{
    return need(virStoragePoolLookupByName(probe_virConnect(), "default-pool"), "a pool");
}

virStorageVolPtr probe_virStorageVol(void)
{
    return need(virStorageVolCreateXML(probe_virStoragePool(),
                                       "<volume><name>v</name><capacity>1024</capacity></volume>",
                                       0),
                "a volume");
}

virStreamPtr probe_virStream(void)
{
    return need(virStreamNew(probe_virConnect(), 0), "a stream");
}

void *probe_memory(void)
{
    return need(calloc(1, 1 << 20), "memory");
}

const char **probe_strings(void)
{
    static const char *list[] = {"x", NULL};

    return list;
}

int probe_nothing(void)
{
    return -1;
}

static void quiet(void *data, virErrorPtr error)
{
    (void)data;
    (void)error;
}

/* What libvirt says where it checks its own arguments: a code of its own for each kind of handle,
 * or the argument's name. */
static bool is_refusal(const char *argument)
{
    static const int codes[] = {
        VIR_ERR_INVALID_CONN,
        VIR_ERR_INVALID_DOMAIN,
        VIR_ERR_INVALID_NETWORK,
        VIR_ERR_INVALID_STORAGE_POOL,
        VIR_ERR_INVALID_STORAGE_VOL,
        VIR_ERR_INVALID_NODE_DEVICE,
        VIR_ERR_INVALID_INTERFACE,
        VIR_ERR_INVALID_SECRET,
        VIR_ERR_INVALID_NWFILTER,
        VIR_ERR_INVALID_STREAM,
        VIR_ERR_INVALID_DOMAIN_SNAPSHOT,
        VIR_ERR_INVALID_DOMAIN_CHECKPOINT,
        VIR_ERR_INVALID_NWFILTER_BINDING,
        VIR_ERR_INVALID_NETWORK_PORT,
    };
    const virError *error = virGetLastError();
    char words[200];

    if (!error || !error->message)
        return false;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (error->code == codes[i])
            return true;
    snprintf(words, sizeof words, "%s in ", argument);
    return strstr(error->message, words) && strstr(error->message, "must not be NULL");
}

enum { ACCEPTED, ACCEPTED_FAILED, ACCEPTED_SILENT, REFUSED, REFUSED_SILENT };

/* The exit status of the process that makes one call. */
static int outcome(const struct probe *probe)
{
    enum probe_result result;

    virSetErrorFunc(NULL, quiet);
    /* libvirt 9.0.0 cannot have connections of both kinds in one process. */
    if (strncmp(probe->function, "virAdm", 6) == 0)
        virAdmInitialize();
    else
        probe_virConnect();
    virResetLastError();
    result = probe->call();
    if (is_refusal(probe->argument))
        return result == PROBE_FAILED ? REFUSED : REFUSED_SILENT;
    if (result == PROBE_DONE)
        return ACCEPTED;
    return virGetLastErrorCode() ? ACCEPTED_FAILED : ACCEPTED_SILENT;
}

static void report(const struct probe *probe, int status)
{
    static const char *const words[] = {
        [ACCEPTED] = "accepted\t-",
        [ACCEPTED_FAILED] = "accepted\terror",
        [ACCEPTED_SILENT] = "accepted\tsilent",
        [REFUSED] = "refused\terror",
        [REFUSED_SILENT] = "refused\t-",
    };
    const char *text = "crashed\t-";

    if (WIFEXITED(status) && WEXITSTATUS(status) < (int)(sizeof words / sizeof *words))
        text = words[WEXITSTATUS(status)];
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 100)
        text = "unreachable\t-";
    printf("%s\t%s\t%s\t%s\n", probe->function, probe->argument, probe->nullable ? "yes" : "no",
           text);
}

int main(void)
{
    for (size_t i = 0; i < probe_count; i++) {
        pid_t child;
        int status = 100 << 8;

        fflush(stdout);
        child = probes[i].call ? fork() : 0;
        if (child < 0)
            return 1;
        if (probes[i].call && !child) {
            alarm(10);
            _exit(outcome(&probes[i]));
        }
        if (child > 0 && waitpid(child, &status, 0) < 0)
            return 1;
        report(&probes[i], status);
    }
    return 0;
}
