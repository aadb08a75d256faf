/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "control.h"
#include "event.h"

struct handle {
    const struct kind *kind;
    struct handle *parent;
    _Atomic int references;
    char text[52];
};

enum { MOST_HANDLES = 1 << 24 };

static struct handle *handles;
static _Atomic size_t used;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void reserve(void)
{
    void *memory = mmap(NULL, sizeof *handles * MOST_HANDLES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        abort();
    handles = memory;
}

static struct control_kind *account(const struct kind *kind)
{
    return &control()->kinds[kind->number];
}

struct handle *handle_new(const struct kind *kind, struct handle *parent)
{
    struct control_kind *counts = account(kind);
    const bool in_vector = control()->function[0] != '\0';
    size_t place;

    pthread_once(&once, reserve);
    place = atomic_fetch_add(&used, 1);
    if (place >= MOST_HANDLES)
        abort();
    struct handle *handle = &handles[place];
    handle->kind = kind;
    handle->parent = parent;
    handle->references = 1;
    snprintf(handle->text, sizeof handle->text, "%s%c%u", kind->name, in_vector ? '+' : '#',
             atomic_fetch_add(in_vector ? &counts->made : &counts->set_up, 1) + 1);
    if (parent)
        handle_retain(parent);
    strncpy(counts->name, kind->name, sizeof counts->name - 1);
    atomic_fetch_add(&counts->alive, 1);
    atomic_fetch_add(&counts->references, 1);
    return handle;
}

bool handle_check(const void *pointer, const struct kind *kind, const char *function)
{
    const struct handle *handle = pointer;

    if (!handles || handle < handles || handle >= handles + used ||
        ((const char *)handle - (const char *)handles) % sizeof *handles) {
        control_fault("%s got no handle at all in place of a %s", function, kind->name);
        return false;
    }
    if (handle->kind != kind) {
        control_fault("%s got %s in place of a %s", function, handle->text, kind->name);
        return false;
    }
    if (handle->references <= 0) {
        control_fault("%s got %s, which is freed", function, handle->text);
        return false;
    }
    return true;
}

int handle_retain(struct handle *handle)
{
    atomic_fetch_add(&account(handle->kind)->references, 1);
    return atomic_fetch_add(&handle->references, 1) + 1;
}

int handle_release(struct handle *handle)
{
    const int left = atomic_fetch_sub(&handle->references, 1) - 1;

    atomic_fetch_sub(&account(handle->kind)->references, 1);
    if (left)
        return left;
    atomic_fetch_sub(&account(handle->kind)->alive, 1);
    event_forget_handle(handle);
    if (handle->parent)
        handle_release(handle->parent);
    return 0;
}

const char *handle_text(const struct handle *handle)
{
    return handle->text;
}

struct handle *handle_parent(struct handle *handle)
{
    return handle->parent;
}

const struct kind *handle_kind(const struct handle *handle)
{
    return handle->kind;
}
