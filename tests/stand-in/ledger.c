/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "control.h"
#include "ledger.h"

/* What these stand before: the C library's own, or those of a sanitizer. */
void __libc_free(void *memory);
void *__libc_realloc(void *memory, size_t size);
/* Volatile, since the compiler is told that searching calls nothing here. */
static void (*volatile next_free)(void *memory);
static void *(*volatile next_realloc)(void *memory, size_t size);

/* All else is hidden. */
#pragma GCC visibility push(default)
void free(void *memory);
void *realloc(void *memory, size_t size);
void *reallocarray(void *memory, size_t count, size_t size);
#pragma GCC visibility pop

enum state { STATE_ALIVE = 1, STATE_BORROWED, STATE_FREED };

/* Stands before each block. */
struct block {
    struct block *self; /* tells a block's beginning from its inside */
    const char *what;
    size_t size;
    _Atomic int state;
} __attribute__((aligned(16)));

static const size_t region_size = (size_t)1 << 36;
static char *region;
static _Atomic size_t used;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void reserve(void)
{
    void *memory = mmap(NULL, region_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        abort();
    region = memory;
}

void *ledger_allocate(size_t size, const char *what, bool is_borrowed)
{
    const size_t room = sizeof(struct block) + ((size + 31) & ~(size_t)15);
    size_t place;

    pthread_once(&once, reserve);
    place = atomic_fetch_add(&used, room);
    if (place + room > region_size)
        abort();
    struct block *block = (struct block *)(region + place);
    block->self = block;
    block->what = what;
    block->size = size;
    block->state = is_borrowed ? STATE_BORROWED : STATE_ALIVE;
    if (!is_borrowed) {
        atomic_fetch_add(&control()->blocks, 1);
        atomic_fetch_add(&control()->blocks_ever, 1);
    }
    return block + 1;
}

static bool is_ours(const void *memory)
{
    return region && (const char *)memory >= region && (const char *)memory < region + region_size;
}

/* False where it was not to be freed; that has been noted. */
static bool release(void *memory)
{
    struct block *block = (struct block *)memory - 1;
    int alive = STATE_ALIVE;

    if ((char *)block < region || ((uintptr_t)block & 15) || block->self != block) {
        control_fault("freed the inside of a block");
        return false;
    }
    if (!atomic_compare_exchange_strong(&block->state, &alive, STATE_FREED)) {
        control_fault(alive == STATE_BORROWED ? "freed what is borrowed: %s" : "freed twice: %s",
                      block->what);
        return false;
    }
    atomic_fetch_sub(&control()->blocks, 1);
    return true;
}

/* What is freed reads as nothing that was there. */
static void wipe(void *memory)
{
    memset(memory, 0xdb, ((struct block *)memory - 1)->size);
}

static void keep(void *memory)
{
    (void)memory;
}

/* When first asked for, which is before constructors run. */
static void find_next(void)
{
    /* An object pointer becomes one to a function. */
    union {
        void *object;
        void (*free)(void *memory);
        void *(*realloc)(void *memory, size_t size);
    } next;

    /* The search itself may free what is not the C library's. */
    next_free = keep;
    next.object = dlsym(RTLD_NEXT, "realloc");
    next_realloc = next.object ? next.realloc : __libc_realloc;
    next.object = dlsym(RTLD_NEXT, "free");
    next_free = next.object ? next.free : __libc_free;
}

static void free_other(void *memory)
{
    if (!next_free)
        find_next();
    next_free(memory);
}

static void *reallocate_other(void *memory, size_t size)
{
    if (!next_realloc)
        find_next();
    return next_realloc(memory, size);
}

void free(void *memory)
{
    const int saved = errno;

    if (!is_ours(memory))
        free_other(memory);
    else if (release(memory))
        wipe(memory);
    errno = saved;
}

void *realloc(void *memory, size_t size)
{
    void *other;

    if (!is_ours(memory))
        return reallocate_other(memory, size);
    const size_t old_size = ((struct block *)memory - 1)->size;
    if (!(other = malloc(size ? size : 1)))
        return NULL;
    memcpy(other, memory, old_size < size ? old_size : size);
    if (release(memory))
        wipe(memory);
    return other;
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, total);
}
