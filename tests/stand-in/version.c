/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What those who load libvirt ask first: it is as new as all that it has. */
#include "generated.h"
#include "stand_in.h"

int virGetVersion(unsigned long *libVer, const char *type, unsigned long *typeVer)
{
    struct call call;

    call_begin(&call, "virGetVersion");
    take_text(&call, type);
    if (call_fails(&call))
        return -1;
    if (libVer)
        *libVer =
            call.is_played ? give_unsigned(&call, "libVer", sizeof *libVer) : STAND_IN_VERSION;
    if (typeVer)
        *typeVer =
            call.is_played ? give_unsigned(&call, "typeVer", sizeof *typeVer) : STAND_IN_VERSION;
    return 0;
}

static virConnectCredentialType no_types[1];

static int answer_nothing(virConnectCredentialPtr cred, unsigned int ncred, void *cbdata)
{
    (void)cred;
    (void)ncred;
    (void)cbdata;
    return -1;
}

static virConnectAuth no_answers = {
    .credtype = (int *)no_types, .ncredtype = 0, .cb = answer_nothing, .cbdata = NULL};

virConnectAuthPtr virConnectAuthPtrDefault = &no_answers;
