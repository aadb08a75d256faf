/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documentation: the description's prose, parsed to blocks once; each language renders them in its
 * own form, with its own names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum doc_kind {
    DOC_PARAGRAPH,
    DOC_ITEM, /* of a list; `mark` is "-", "*" or "1." */
    DOC_CODE, /* lines as they are, without their common indentation */
};

struct doc_block {
    enum doc_kind kind;
    const char *mark;
    const char *text; /* paragraphs and items: one line */
};

struct doc {
    struct doc_block *blocks;
    size_t count;
};

/* NULL or "" gives no blocks. */
struct doc doc_parse(const char *text);

/* What a language calls the things that prose speaks of. Each hook answers NULL where the words of
 * the description stand. */
struct doc_names {
    void *context;
    const char *(*function)(void *context, const char *name);  /* virDomainSave */
    const char *(*parameter)(void *context, const char *name); /* @flags */
    const char *(*constant)(void *context, const char *name);  /* VIR_DOMAIN_AFFECT_LIVE */
    const char *null;                                          /* "None" */
};

/* One line of prose with the language's names. */
char *doc_inline(const char *text, const struct doc_names *names);
/* Adds the words of a line, wrapped at `width`; `first` begins the first line, `rest` the others.
 */
void doc_wrap(struct buffer *buffer, const char *text, const char *first, const char *rest,
              size_t width);
/* All blocks as plain text, each line beginning with `indent`, an empty line between blocks. */
void doc_plain(struct buffer *buffer, const struct doc *doc, const struct doc_names *names,
               const char *indent, size_t width);

/* Without the blocks that tell C's programs what to free. */
struct doc doc_without_freeing(struct doc doc);
/* What a result is, without what it is when the function fails. */
const char *doc_without_failure(const char *text);
