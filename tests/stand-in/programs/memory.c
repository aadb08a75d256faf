/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uses libvirt rightly, or wrongly in the way that the argument names. */
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

static int is(const char *wanted, const char *mistake)
{
    return strcmp(wanted, mistake) == 0;
}

/* The description of a domain, as it is to be freed or is not. */
static void description(virDomainPtr domain, const char *mistake)
{
    char *text = virDomainGetXMLDesc(domain, 0);

    if (is("leak", mistake))
        return;
    if (is("inside", mistake))
        free(text + 16);
    if (is("realloc", mistake))
        text = realloc(text, 10000);
    free(text);
    if (is("twice", mistake))
        free(text);
}

int main(int count, char **arguments)
{
    const char *mistake = count > 1 ? arguments[1] : "none";
    virConnectPtr connection = virConnectOpen("any");
    virDomainPtr domain = virDomainLookupByName(connection, "any");
    virDomainPtr *domains;
    const int found = virConnectListAllDomains(connection, &domains, 0);

    description(domain, mistake);
    if (is("borrowed", mistake))
        free((char *)virDomainGetName(domain));
    if (is("wrong kind", mistake))
        virDomainCreate((virDomainPtr)connection);
    if (is("no handle", mistake))
        virDomainCreate((virDomainPtr)&mistake);
    for (int i = 0; i < found; i++)
        if (i || !is("leaked handle", mistake))
            virDomainFree(domains[i]);
    free(domains);
    virDomainFree(domain);
    if (is("dead handle", mistake))
        virDomainCreate(domain);
    if (is("freed handle twice", mistake))
        virDomainFree(domain);
    virConnectClose(connection);
    return 0;
}
