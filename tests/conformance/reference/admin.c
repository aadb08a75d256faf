/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "admin.h"

#include <dlfcn.h>

#include "values.h"

static void *library(void)
{
    static void *opened;

    if (!opened)
        opened = dlopen("libvirt-admin.so.0", RTLD_NOW | RTLD_LOCAL);
    return opened;
}

bool admin_is_there(void)
{
    return library() != NULL;
}

void *admin_function(const char *name)
{
    void *function = library() ? dlsym(library(), name) : NULL;

    if (!function)
        give_up("%s: %s", name, dlerror());
    return function;
}
