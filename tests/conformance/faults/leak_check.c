// SPDX-License-Identifier: LGPL-2.1-or-later
/* LeakSanitizer's calls for programs that run under valgrind: leaks are looked for where the program
 * asks for it, once, and otherwise at its end. To be preloaded, with valgrind's own check at the end
 * left out: by then an interpreter may have thrown away the heap that all else hangs on. */

#include <stdbool.h>
#include <stddef.h>
#include <valgrind/memcheck.h>

void __lsan_register_root_region(const void *begin, size_t size);
void __lsan_do_leak_check(void);

/* Valgrind looks at every mapping by itself. */
void
__lsan_register_root_region(const void *begin, size_t size)
{
    (void)begin;
    (void)size;
}

void
__lsan_do_leak_check(void)
{
    static bool done;

    if (!done)
        VALGRIND_DO_LEAK_CHECK;
    done = true;
}

static void __attribute__((destructor))
at_end(void)
{
    __lsan_do_leak_check();
}
