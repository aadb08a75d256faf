/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens libvirt's libraries where the program runs and fills the table of functions. */
#include "loader.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

struct vir_functions vir;

static struct library {
    const char *file;
    bool is_open;
} libraries[VIR_LIBRARY_COUNT] = {
    [VIR_LIBRARY_LIBVIRT] = {"libvirt.so.0", false},
    [VIR_LIBRARY_QEMU] = {"libvirt-qemu.so.0", false},
    [VIR_LIBRARY_LXC] = {"libvirt-lxc.so.0", false},
    [VIR_LIBRARY_ADMIN] = {"libvirt-admin.so.0", false},
};

static unsigned long running_version;
static virConnectAuthPtr default_auth;

/* libvirt prints every error to standard error unless it has another function to give it to. */
static void say_nothing(void *data, virErrorPtr error)
{
    (void)data;
    (void)error;
}

/* memcpy: C has no conversion between pointers to data and to functions. */
static void set_function(const struct loader_function *function, void *address)
{
    memcpy((char *)&vir + function->offset, &address, sizeof address);
}

static void fill(enum vir_library library, void *opened)
{
    for (size_t i = 0; i < loader_function_count; i++)
        if (loader_functions[i].library == library)
            set_function(&loader_functions[i], dlsym(opened, loader_functions[i].name));
}

static void find_default_auth(void *opened)
{
    const virConnectAuthPtr *variable = dlsym(opened, "virConnectAuthPtrDefault");

    default_auth = variable ? *variable : NULL;
}

/* What the main library needs once before anything else. */
static bool start(char *message, size_t size)
{
    if (!vir.virInitialize || !vir.virGetVersion || !vir.virSetErrorFunc || !vir.virGetLastError) {
        snprintf(message, size, "libvirt.so.0 is not libvirt: it lacks its basic functions");
        return false;
    }
    vir.virSetErrorFunc(NULL, say_nothing);
    if (vir.virInitialize() < 0 || vir.virGetVersion(&running_version, NULL, NULL) < 0) {
        const virError *error = vir.virGetLastError();
        snprintf(message, size, "libvirt cannot be initialized: %s",
                 error && error->message ? error->message : "it does not say why");
        return false;
    }
    return true;
}

bool loader_open(enum vir_library library, char *message, size_t size)
{
    void *opened;

    if (libraries[library].is_open)
        return true;
    if (library != VIR_LIBRARY_LIBVIRT && !loader_open(VIR_LIBRARY_LIBVIRT, message, size))
        return false;
    opened = dlopen(libraries[library].file, RTLD_NOW | RTLD_LOCAL);
    if (!opened) {
        const char *reason = dlerror();
        snprintf(message, size,
                 "%s cannot be opened: install the package libvirt0 (Debian, Ubuntu) or "
                 "libvirt-libs (Fedora) (%s)",
                 libraries[library].file, reason ? reason : "no reason given");
        return false;
    }
    fill(library, opened);
    if (library == VIR_LIBRARY_LIBVIRT) {
        find_default_auth(opened);
        if (!start(message, size))
            return false;
    }
    libraries[library].is_open = true;
    return true;
}

unsigned long loader_version(void)
{
    return running_version;
}

virConnectAuthPtr loader_default_auth(void)
{
    return default_auth;
}

const struct loader_function *loader_find(const char *name)
{
    size_t low = 0;
    size_t high = loader_function_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(name, loader_functions[middle].name);

        if (order == 0)
            return &loader_functions[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool loader_has(const struct loader_function *function)
{
    void *address;

    memcpy(&address, (const char *)&vir + function->offset, sizeof address);
    return address != NULL;
}

void loader_explain_absence(const char *name, unsigned version, char *message, size_t size)
{
    const unsigned long running = running_version;

    snprintf(message, size, "%s needs libvirt %u.%u.%u, this is %lu.%lu.%lu", name,
             version / 1000000, version / 1000 % 1000, version % 1000, running / 1000000,
             running / 1000 % 1000, running % 1000);
}
