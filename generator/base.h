/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory, vectors and diagnostics. The generator runs once and exits: everything it allocates comes
 * from one arena that lives until arena_release(). */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Where a fact was read, for diagnostics. */
struct location {
    const char *file;
    int line;
};

/* Zeroed memory; never NULL. */
void *arena_allocate(size_t size);
char *arena_copy(const char *text);
char *arena_copy_length(const char *text, size_t length);
char *arena_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A larger copy of a vector; see VECTOR_ADD. */
void *arena_grow(void *vector, size_t count, size_t item_size);
void arena_release(void);

/* Appends a zeroed item to a vector kept as pointer and count, and yields its address. */
#define VECTOR_ADD(vector, count)                                                                  \
    ((vector) = arena_grow((vector), (count), sizeof *(vector)), &(vector)[(count)++])

/* qsort(), also of nothing. */
void sort_items(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));

/* A user's mistake: reported, counted, and the run goes on so that all are seen at once. */
void error_at(struct location location, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void error_at_list(struct location location, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* A further line that belongs to the error before it. */
void hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
unsigned error_count(void);
/* For programs that run the generator more than once. */
void errors_forget(void);

/* The generator's own mistake: ends the program. */
_Noreturn void bug(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/* True where the glob (with any number of '*') matches; if it does, capture gets what the first
 * star stood for (may be NULL if not wanted). */
bool glob_match(const char *glob, const char *text, const char **capture);
