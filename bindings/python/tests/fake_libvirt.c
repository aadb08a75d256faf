/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A libvirt.so.0 that has one domain and, each time its event loop is run, fires every domain event
 * that was registered, with values known to test_event_shapes.py. Libvirt's handles are opaque
 * to programs, so any memory will do. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 27 };

struct address {
    int family;
    const char *node;
    const char *service;
};

struct identity {
    char *type;
    char *name;
};

struct subject {
    int count;
    struct identity *identities;
};

struct parameter {
    char field[80];
    int type;
    union {
        int i;
        unsigned int ui;
        long long l;
        unsigned long long ul;
        double d;
        char b;
        char *s;
    } value;
};

typedef void (*callback)();

static struct {
    callback call;
    void *opaque;
    void (*release)(void *opaque);
} registered[EVENTS];

static char connection[64];
static char domain[64];

int virInitialize(void)
{
    return 0;
}

int virGetVersion(unsigned long *version, const char *type, unsigned long *type_version)
{
    (void)type;
    *version = 99000000;
    if (type_version)
        *type_version = 99000000;
    return 0;
}

void virSetErrorFunc(void *opaque, void *function)
{
    (void)opaque;
    (void)function;
}

void *virGetLastError(void)
{
    return NULL;
}

void virResetLastError(void)
{
}

void *virConnectOpen(const char *name)
{
    (void)name;
    return connection;
}

int virConnectClose(void *pointer)
{
    (void)pointer;
    return 0;
}

int virConnectRef(void *pointer)
{
    (void)pointer;
    return 0;
}

int virDomainRef(void *pointer)
{
    (void)pointer;
    return 0;
}

int virDomainFree(void *pointer)
{
    (void)pointer;
    return 0;
}

const char *virDomainGetName(void *pointer)
{
    (void)pointer;
    return "fake";
}

int virConnectDomainEventRegisterAny(void *pointer, void *object, int id, callback call,
                                     void *opaque, void (*release)(void *opaque))
{
    (void)pointer;
    (void)object;
    if (id < 0 || id >= EVENTS)
        return -1;
    registered[id].call = call;
    registered[id].opaque = opaque;
    registered[id].release = release;
    return id;
}

int virConnectDomainEventDeregisterAny(void *pointer, int id)
{
    (void)pointer;
    if (!registered[id].call)
        return -1;
    registered[id].release(registered[id].opaque);
    registered[id].call = NULL;
    return 0;
}

int virEventRegisterDefaultImpl(void)
{
    return 0;
}

static void fire(int id)
{
    struct address local = {0, "127.0.0.1", "5900"};
    struct address remote = {2, NULL, NULL};
    struct identity identities[2] = {{"x509dname", "CN=a"}, {"saslUsername", "b"}};
    struct subject subject = {2, identities};
    struct parameter parameters[7] = {
        {"int", 1, {.i = -1}},       {"uint", 2, {.ui = 4294967290U}},
        {"llong", 3, {.l = -5}},     {"ullong", 4, {.ul = 18446744073709551615ULL}},
        {"double", 5, {.d = 0.5}},   {"boolean", 6, {.b = 1}},
        {"string", 7, {.s = "text"}}};
    callback call = registered[id].call;
    void *opaque = registered[id].opaque;

    if (!call)
        return;
    switch (id) {
    case 0:  /* lifecycle */
    case 18: /* agent lifecycle */
        call(connection, domain, 1, 2, opaque);
        break;
    case 1: /* reboot */
    case 7: /* control error */
        call(connection, domain, opaque);
        break;
    case 2: /* rtc change */
        call(connection, domain, (long long)-3600, opaque);
        break;
    case 3:  /* watchdog */
    case 11: /* pm wakeup */
    case 12: /* pm suspend */
    case 14: /* pm suspend to disk */
    case 20: /* migration iteration */
        call(connection, domain, 3, opaque);
        break;
    case 4: /* i/o error */
        call(connection, domain, "/path", "alias", 4, opaque);
        break;
    case 5: /* graphics */
        call(connection, domain, 2, &local, &remote, "none", &subject, opaque);
        break;
    case 6: /* i/o error with its reason */
        call(connection, domain, "/path", NULL, 4, "enospc", opaque);
        break;
    case 8:  /* block job */
    case 16: /* block job by target */
        call(connection, domain, "vda", 1, 2, opaque);
        break;
    case 9: /* disk change */
        call(connection, domain, NULL, "/new", "alias", 5, opaque);
        break;
    case 10: /* tray change */
        call(connection, domain, "alias", 1, opaque);
        break;
    case 13: /* balloon change */
        call(connection, domain, 1048576ULL, opaque);
        break;
    case 15: /* device removed */
    case 19: /* device added */
    case 22: /* device removal failed */
        call(connection, domain, "alias", opaque);
        break;
    case 17: /* tunable */
    case 21: /* job completed */
        call(connection, domain, parameters, 7, opaque);
        break;
    case 23: /* metadata change */
        call(connection, domain, 2, "urn:x", opaque);
        break;
    case 24: /* block threshold */
        call(connection, domain, "vda", NULL, 18446744073709551615ULL, 1ULL, opaque);
        break;
    case 25: /* memory failure */
        call(connection, domain, 1, 2, 3U, opaque);
        break;
    case 26: /* memory device size change */
        call(connection, domain, "alias", 1ULL << 40, opaque);
        break;
    }
}

int virEventRunDefaultImpl(void)
{
    int id;

    for (id = 0; id < EVENTS; id++)
        fire(id);
    return 0;
}
