/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prose as sentences of words, and phrases that are looked for in them. A phrase is words with
 * blanks between them, large and small letters alike:
 *
 *     caller|client   one of these
 *     free*           a word that begins so, *free one that ends so
 *     @               the name that is asked about
 *     ...             any words, or none
 *     ^ $             where the sentence begins, and ends
 *     , ( ) : ;       marks are words too
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct word {
    const char *text; /* without quotes, and without the @ and () of names */
    size_t start;     /* where it stands in the sentence's text, as written */
    size_t end;
    bool is_call; /* written free() */
};

struct sentence {
    const char *text; /* on one line */
    struct word *words;
    size_t word_count;
};

struct sentences {
    struct sentence *items;
    size_t count;
};

/* Adds the sentences of one paragraph. */
void sentences_add(struct sentences *sentences, const char *paragraph);

/* Where in a sentence a phrase was found: words from `first` up to, not including, `end`. */
struct span {
    size_t first;
    size_t end;
};

/* Looks for a phrase in the words from `from` up to `end`; `name` is what @ stands for, NULL where
 * the phrase has none. */
bool phrase_find(const struct sentence *sentence, size_t from, size_t end, const char *phrase,
                 const char *name, struct span *found);
bool phrase_in(const struct sentence *sentence, const char *phrase, const char *name);
bool word_equal(const struct word *word, const char *text);
/* The sentence, or as much of it around the span as a line of a report has room for. */
const char *sentence_quote(const struct sentence *sentence, struct span span);
