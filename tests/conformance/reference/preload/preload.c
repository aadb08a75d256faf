/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions in place of libvirt's, for what no driver here shows: they say on standard error what
 * they were given. */
#include <fcntl.h>
#include <libvirt/libvirt-lxc.h>
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void say_file(int file)
{
    char text[32] = "";
    const ssize_t length = read(file, text, sizeof text - 1);
    const int flags = fcntl(file, F_GETFL);

    fprintf(stderr, "file %zd %s %s\n", length, text,
            (flags & O_ACCMODE) == O_RDWR ? "both ways" : "one way");
}

int virConnectSetIdentity(virConnectPtr conn, virTypedParameterPtr params, int nparams,
                          unsigned int flags)
{
    (void)conn;
    for (int i = 0; i < nparams; i++)
        fprintf(stderr, "%s %d\n", params[i].field, params[i].type);
    fprintf(stderr, "flags %u\n", flags);
    return 0;
}

int virDomainOpenGraphics(virDomainPtr dom, unsigned int idx, int fd, unsigned int flags)
{
    (void)dom;
    (void)idx;
    (void)flags;
    say_file(fd);
    return 0;
}

int virDomainLxcEnterNamespace(virDomainPtr domain, unsigned int nfdlist, int *fdlist,
                               unsigned int *noldfdlist, int **oldfdlist, unsigned int flags)
{
    (void)domain;
    (void)flags;
    for (unsigned int i = 0; i < nfdlist; i++)
        say_file(fdlist[i]);
    *noldfdlist = 2;
    *oldfdlist = calloc(2, sizeof **oldfdlist);
    (*oldfdlist)[0] = dup(fdlist[0]);
    (*oldfdlist)[1] = dup(fdlist[0]);
    return 0;
}

int virDomainLxcEnterSecurityLabel(virSecurityModelPtr model, virSecurityLabelPtr label,
                                   virSecurityLabelPtr oldlabel, unsigned int flags)
{
    (void)flags;
    fprintf(stderr, "%s %s %s %d\n", model->model, model->doi, label->label, label->enforcing);
    snprintf(oldlabel->label, sizeof oldlabel->label, "old");
    oldlabel->enforcing = -1;
    return 0;
}

unsigned long long virNodeGetFreeMemory(virConnectPtr conn)
{
    (void)conn;
    return ~0ULL;
}

char *virConnectGetHostname(virConnectPtr conn)
{
    static const char bytes[] = "\xc3\xa9\xff\xed\xa0\x80";
    char *copy = malloc(sizeof bytes);

    (void)conn;
    for (size_t i = 0; i < sizeof bytes; i++)
        copy[i] = bytes[i];
    return copy;
}

static void set(virTypedParameterPtr param, const char *name, int type)
{
    snprintf(param->field, sizeof param->field, "%s", name);
    param->type = type;
}

int virNodeGetSEVInfo(virConnectPtr conn, virTypedParameterPtr *params, int *nparams,
                      unsigned int flags)
{
    virTypedParameterPtr list = calloc(7, sizeof *list);

    (void)conn;
    (void)flags;
    set(&list[0], "double", VIR_TYPED_PARAM_DOUBLE);
    list[0].value.d = 0.1;
    set(&list[1], "whole", VIR_TYPED_PARAM_DOUBLE);
    list[1].value.d = 2;
    set(&list[2], "infinite", VIR_TYPED_PARAM_DOUBLE);
    list[2].value.d = -1 / 0.0;
    set(&list[3], "all", VIR_TYPED_PARAM_ULLONG);
    list[3].value.ul = ~0ULL;
    set(&list[4], "least", VIR_TYPED_PARAM_LLONG);
    list[4].value.l = -9223372036854775807LL - 1;
    set(&list[5], "twice", VIR_TYPED_PARAM_BOOLEAN);
    list[5].value.b = 1;
    set(&list[6], "twice", VIR_TYPED_PARAM_INT);
    list[6].value.i = -3;
    *params = list;
    *nparams = 7;
    return 0;
}
