/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* To be preloaded: lets an allocation fail, and counts blocks that are not freed; see allocator.h.
 */
#include "allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#include "blocks.h"

/* The C library's own, which these stand before. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

/* All else is hidden. */
#pragma GCC visibility push(default)
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);
#pragma GCC visibility pop

/* How far an allocation may be from who wants it. */
enum { FRAMES = 24 };
enum { RANGES = 64, NAME_ROOM = 256 };

/* Where the functions begin that ALLOCATOR_SPARED names. */
enum { SPARED = 8 };
static const void *spared[SPARED];

enum owner { OWNER_OTHER, OWNER_OURS, OWNER_THROUGH };

struct range {
    uintptr_t start;
    uintptr_t end;
    enum owner owner;
};

static struct allocator_control *control;
/* Another library that stands before the C library's: the ledger. */
static void (*next_free)(void *memory) = __libc_free;
static void *(*next_realloc)(void *memory, size_t size) = __libc_realloc;

/* A thread's own, there from its start. */
#define OF_THREAD static _Thread_local __attribute__((tls_model("initial-exec")))

/* Where the modules are, as of a turn. Callbacks come from other threads, and a lock here might
 * wait for the loader's, whose holder allocates. */
OF_THREAD struct range ranges[RANGES];
OF_THREAD size_t range_count;
OF_THREAD uint64_t ranges_turn;

static int (*pauses)(void);

/* What this unit does allocates as well. */
OF_THREAD bool inside;

static bool matches(const char *name, const char *variable)
{
    const char *patterns = getenv(variable);
    char pattern[NAME_ROOM];
    size_t length;

    for (; patterns && *patterns; patterns += length + (patterns[length] == ':')) {
        length = strcspn(patterns, ":");
        if (length >= sizeof pattern)
            continue;
        memcpy(pattern, patterns, length);
        pattern[length] = '\0';
        if (fnmatch(pattern, name, 0) == 0)
            return true;
    }
    return false;
}

static enum owner owner_of_module(const char *path)
{
    char program[NAME_ROOM];
    const char *name;

    /* The program itself has no name. */
    if (!*path) {
        const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

        program[length < 0 ? 0 : length] = '\0';
        path = program;
    }
    name = strrchr(path, '/');
    name = name ? name + 1 : path;
    if (matches(name, "ALLOCATOR_MODULES"))
        return OWNER_OURS;
    if (matches(name, "ALLOCATOR_THROUGH") || fnmatch("libc.so*", name, 0) == 0)
        return OWNER_THROUGH;
    return OWNER_OTHER;
}

static int add_module(struct dl_phdr_info *module, size_t size, void *unused)
{
    const enum owner owner = owner_of_module(module->dlpi_name);

    (void)size;
    (void)unused;
    for (int i = 0; owner != OWNER_OTHER && i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &module->dlpi_phdr[i];
        const uintptr_t start = module->dlpi_addr + header->p_vaddr;

        if (header->p_type == PT_LOAD && header->p_flags & PF_X && range_count < RANGES)
            ranges[range_count++] = (struct range){start, start + header->p_memsz, owner};
    }
    return 0;
}

static enum owner owner_of(uintptr_t address)
{
    for (size_t i = 0; i < range_count; i++)
        if (address >= ranges[i].start && address < ranges[i].end)
            return ranges[i].owner;
    return OWNER_OTHER;
}

struct walk {
    int left;
    bool is_outside; /* of this unit, which the first frames are in */
    enum owner found;
};

static bool is_spared(const void *function)
{
    for (size_t i = 0; i < SPARED && spared[i]; i++)
        if (spared[i] == function)
            return true;
    return false;
}

/* Until the first frame that decides. */
static _Unwind_Reason_Code look(struct _Unwind_Context *context, void *opaque)
{
    struct walk *walk = opaque;

    walk->found = owner_of((uintptr_t)_Unwind_GetIP(context) - 1);
    if (is_spared((const void *)_Unwind_GetRegionStart(context))) {
        walk->found = OWNER_OTHER;
        return _URC_END_OF_STACK;
    }
    if (walk->found == OWNER_THROUGH)
        walk->is_outside = true;
    else if (walk->is_outside)
        return _URC_END_OF_STACK;
    return --walk->left ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static bool is_ours(const void *caller)
{
    const enum owner owner = owner_of((uintptr_t)caller - 1);
    struct walk walk = {FRAMES, false, OWNER_OTHER};

    if (owner != OWNER_THROUGH)
        return owner == OWNER_OURS;
    _Unwind_Backtrace(look, &walk);
    return walk.found == OWNER_OURS;
}

/* Of an allocation by `caller`: whether it is ours, and whether it is to fail. */
static bool is_counted(const void *caller, bool *fails)
{
    const uint64_t turn = control ? control->turn : 0;
    bool ours = false;

    *fails = false;
    if (!turn || inside)
        return false;
    inside = true;
    if (ranges_turn != turn) {
        range_count = 0;
        dl_iterate_phdr(add_module, NULL);
        ranges_turn = turn;
    }
    ours = is_ours(caller) && !(pauses && pauses());
    if (ours) {
        const uint64_t place = atomic_fetch_add(&control->count, 1) + 1;
        const uint64_t fail_at = control->fail_at;

        *fails = fail_at && place >= fail_at && place - fail_at <= control->more;
        if (*fails) {
            atomic_fetch_add(&control->failed, 1);
            errno = ENOMEM;
        }
    }
    inside = false;
    return ours;
}

/* ---- blocks of ours ---- */

static void *entered(void *memory, bool ours)
{
    if (ours && memory && blocks_enter(memory))
        atomic_fetch_add(&control->alive, 1);
    return memory;
}

static bool left(const void *memory)
{
    const bool was_there = control && memory && blocks_leave(memory);

    if (was_there)
        atomic_fetch_sub(&control->alive, 1);
    return was_there;
}

void *malloc(size_t size)
{
    bool fails;
    const bool ours = is_counted(__builtin_return_address(0), &fails);

    return fails ? NULL : entered(__libc_malloc(size), ours);
}

void *calloc(size_t count, size_t size)
{
    bool fails;
    const bool ours = is_counted(__builtin_return_address(0), &fails);

    return fails ? NULL : entered(__libc_calloc(count, size), ours);
}

void *realloc(void *memory, size_t size)
{
    bool fails;
    const bool ours = is_counted(__builtin_return_address(0), &fails);
    bool was_ours;
    void *other;

    if (fails)
        return NULL;
    /* Before, since the address may be given to somebody else at once. */
    was_ours = left(memory);
    other = next_realloc(memory, size);
    entered(other ? other : memory, other ? ours || was_ours : was_ours);
    return other;
}

void free(void *memory)
{
    const int saved = errno;

    left(memory);
    next_free(memory);
    errno = saved;
}

static void find_spared(void)
{
    const char *variable = getenv("ALLOCATOR_SPARED");
    char *names = variable ? strdup(variable) : NULL;
    size_t count = 0;
    char *rest;

    for (char *name = names ? strtok_r(names, ":", &rest) : NULL; name && count < SPARED;
         name = strtok_r(NULL, ":", &rest))
        if ((spared[count] = dlsym(RTLD_DEFAULT, name)))
            count++;
    free(names);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("ALLOCATOR_CONTROL");
    const int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *memory = MAP_FAILED;
    /* An object pointer becomes one to a function. */
    union {
        void *object;
        void (*free)(void *memory);
        void *(*realloc)(void *memory, size_t size);
        int (*pauses)(void);
    } next;
    const char *name = getenv("ALLOCATOR_PAUSES");

    if ((next.object = dlsym(RTLD_NEXT, "free")))
        next_free = next.free;
    if ((next.object = dlsym(RTLD_NEXT, "realloc")))
        next_realloc = next.realloc;
    if (name && *name && (next.object = dlsym(RTLD_DEFAULT, name)))
        pauses = next.pauses;
    find_spared();
    if (file >= 0) {
        memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
    }
    if (memory != MAP_FAILED)
        control = memory;
}
