/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one line-based format behind the notes in api-xml/ and bindings/LANG/names: blocks of a line
 * of globs in column 0, then indented facts, one a line. This unit reads it, hands out facts, and
 * knows which of them had an effect; what a fact means is its consumer's business (plan.c,
 * names.c). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base.h"

struct fact {
    struct location location;
    const char *key;          /* "nullable" */
    const char *const *words; /* what follows the key, without options */
    size_t word_count;
    const char *capture; /* what the glob's first '*' stood for in the subject asked about */
    struct fact_source *source;
};

struct notes;

struct notes *notes_new(void);
/* Adds a file; reports bad lines through error_at(). False where it cannot be read. */
bool notes_read(struct notes *notes, const char *path);
/* The facts with this key of all blocks that match the subject, in file order: later ones win. The
 * subject is "virDomainCreate" for functions and callback types, and "record virDomainInfo",
 * "handle virDomain", "constant VIR_X" … for the others. Valid until the next call. */
const struct fact *notes_find(struct notes *notes, const char *subject, const char *key,
                              size_t *count);
/* The last of them; NULL: none. */
const struct fact *notes_last(struct notes *notes, const char *subject, const char *key);
/* "name=value" of a fact; NULL: not given. '*' in it has become the capture. */
const char *fact_option(const struct fact *fact, const char *name);
/* All words from `first` on as one text; '*' in them has become the capture. */
const char *fact_text(const struct fact *fact, size_t first);

/* The consumer found what the word names (an argument, say); `changed` where the fact says
 * otherwise than what holds without it. A fact that never applies, or never changes anything, is
 * an error at the end. */
void fact_applied(const struct fact *fact, size_t word, bool changed);
/* All words applied, and they changed something. */
void fact_used(const struct fact *fact);

/* A mistake in a fact, reported with its place, and once; nothing more will be said of this fact.
 */
void fact_error(const struct fact *fact, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reports blocks that matched nothing, facts without effect, and keys that nobody asked for. */
void notes_check(const struct notes *notes);
size_t notes_line_count(const struct notes *notes); /* without comments and blank lines */
