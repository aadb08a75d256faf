/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of arguments: what is given and what must arrive, which are mostly the same. */
#pragma once

#include "emit_vectors.h"

struct pair {
    struct canonical *given, *arrives;
};

const char *pair_path(const struct step *step);
void pair_signed(struct pair pair, long long value);
void pair_unsigned(struct pair pair, unsigned long long value);
void pair_null(struct pair pair);
void pair_text(const struct vector *vector, struct pair pair, const char *path);
void pair_open(struct pair pair, char bracket);
void pair_close(struct pair pair, char bracket);
/* A number of a list. */
void pair_item(const struct vector *vector, const char *list, enum scalar scalar, size_t place,
               struct pair pair);
void pair_record(const struct vector *vector, const struct step *step, struct pair pair);
/* Up to nine keys, others in each vector. */
void pair_params(const struct vector *vector, const struct step *step, struct pair pair);
