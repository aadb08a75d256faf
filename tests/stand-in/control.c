/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "control.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct control *mapped;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void map(void)
{
    const char *path = getenv("STAND_IN_CONTROL");
    const int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    void *memory = MAP_FAILED;

    if (file >= 0 && ftruncate(file, sizeof *mapped) == 0)
        memory = mmap(NULL, sizeof *mapped, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (path && memory == MAP_FAILED) {
        fprintf(stderr, "stand-in: %s cannot be mapped\n", path);
        abort();
    }
    if (file >= 0)
        close(file);
    if (memory == MAP_FAILED)
        memory =
            mmap(NULL, sizeof *mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    mapped = memory;
    memcpy(mapped->magic, CONTROL_MAGIC, sizeof mapped->magic);
}

struct control *control(void)
{
    pthread_once(&once, map);
    return mapped;
}

/* Threads take their room first, and fill it then. */
static void add_line(_Atomic uint64_t *used, char *room, size_t size, const char *line,
                     size_t length)
{
    const uint64_t place = atomic_fetch_add(used, length + 1);

    if (place + length + 1 > size)
        return;
    memcpy(room + place, line, length);
    room[place + length] = '\n';
}

void control_fault(const char *format, ...)
{
    char line[400];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if ((size_t)length >= sizeof line)
        length = sizeof line - 1;
    add_line(&control()->fault_length, control()->faults, CONTROL_FAULTS, line, (size_t)length);
}

void control_record(const char *line, size_t length)
{
    add_line(&control()->record_length, control()->record, CONTROL_RECORD, line, length);
}
