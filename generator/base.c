/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks are chained so that the leak checkers see them and arena_release() can free them. */
struct block {
    struct block *next;
    size_t used;
    size_t size;
    max_align_t memory[];
};

static struct block *blocks;
static unsigned errors;

static void *checked(void *memory)
{
    if (!memory) {
        fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
        exit(2);
    }
    return memory;
}

void *arena_allocate(size_t size)
{
    enum { BLOCK_SIZE = 256 * 1024 };
    const size_t aligned = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

    if (!blocks || blocks->size - blocks->used < aligned) {
        const size_t room = aligned > BLOCK_SIZE ? aligned : BLOCK_SIZE;
        struct block *block = checked(calloc(1, sizeof *block + room));

        block->size = room;
        block->next = blocks;
        blocks = block;
    }
    void *memory = (char *)blocks->memory + blocks->used;
    blocks->used += aligned;
    return memory;
}

void arena_release(void)
{
    while (blocks) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

char *arena_copy_length(const char *text, size_t length)
{
    char *copy = arena_allocate(length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *arena_copy(const char *text)
{
    return arena_copy_length(text, strlen(text));
}

char *arena_printf(const char *format, ...)
{
    char room[512]; /* for nearly all, so that they are formatted once */
    va_list arguments;

    va_start(arguments, format);
    const int length = vsnprintf(room, sizeof room, format, arguments);
    va_end(arguments);
    if ((size_t)length < sizeof room)
        return arena_copy_length(room, (size_t)length);
    char *text = arena_allocate((size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

void *arena_grow(void *vector, size_t count, size_t item_size)
{
    /* Capacity is the next power of two, so it need not be kept. */
    if (count && (count & (count - 1)))
        return vector;
    void *larger = arena_allocate((count ? count * 2 : 1) * item_size);
    if (count)
        memcpy(larger, vector, count * item_size);
    return larger;
}

void sort_items(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count)
        qsort(items, count, size, compare);
}

void error_at_list(struct location location, const char *format, va_list arguments)
{
    errors++;
    if (location.file)
        fprintf(stderr, "%s:%d: ", location.file, location.line);
    else
        fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void error_at(struct location location, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    error_at_list(location, format, arguments);
    va_end(arguments);
}

void hint(const char *format, ...)
{
    va_list arguments;

    fputs("    ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

unsigned error_count(void)
{
    return errors;
}

void errors_forget(void)
{
    errors = 0;
}

void bug(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s: internal error: ", program_invocation_short_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
    const size_t length = strlen(text);
    const size_t suffix_length = strlen(suffix);

    return length >= suffix_length && text_equal(text + length - suffix_length, suffix);
}

bool glob_match(const char *glob, const char *text, const char **capture)
{
    const char *star = NULL; /* the last star met, and what it covers so far */
    const char *covered = NULL;
    const char *first = NULL; /* the first one's */
    size_t first_length = 0;
    bool in_first = false;

    while (*text) {
        if (*glob == '*') {
            in_first = !first;
            if (in_first) {
                first = text;
                first_length = 0;
            }
            star = glob++;
            covered = text;
        } else if (*glob == *text) {
            glob++;
            text++;
        } else if (star) {
            glob = star + 1;
            text = ++covered;
            if (in_first)
                first_length = (size_t)(covered - first);
        } else {
            return false;
        }
    }
    while (*glob == '*') {
        if (!first)
            first = text;
        glob++;
    }
    if (*glob)
        return false;
    /* A closing star covers the rest without being moved over it. */
    if (in_first && star && star[1] == '\0')
        first_length = strlen(first);
    if (capture)
        *capture = first ? arena_copy_length(first, first_length) : "";
    return true;
}
