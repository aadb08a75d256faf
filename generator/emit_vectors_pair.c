/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit_vectors_pair.h"

#include "text.h"

const char *pair_path(const struct step *step)
{
    return arena_printf("given %s", step->parameter->name);
}

void pair_signed(struct pair pair, long long value)
{
    canonical_signed(pair.given, value);
    canonical_signed(pair.arrives, value);
}

void pair_unsigned(struct pair pair, unsigned long long value)
{
    canonical_unsigned(pair.given, value);
    canonical_unsigned(pair.arrives, value);
}

void pair_null(struct pair pair)
{
    canonical_null(pair.given);
    canonical_null(pair.arrives);
}

void pair_text(const struct vector *vector, struct pair pair, const char *path)
{
    char text[GRID_TEXT_ROOM];
    const size_t length = grid_text(&vector->grid, path, text, sizeof text);

    canonical_text(pair.given, text, length);
    canonical_text(pair.arrives, text, length);
}

void pair_open(struct pair pair, char bracket)
{
    canonical_open(pair.given, bracket);
    canonical_open(pair.arrives, bracket);
}

void pair_close(struct pair pair, char bracket)
{
    canonical_close(pair.given, bracket);
    canonical_close(pair.arrives, bracket);
}

/* Special numbers in lists too, which only answers must not have. */
void pair_item(const struct vector *vector, const char *list, enum scalar scalar, size_t place,
               struct pair pair)
{
    const char *path = arena_printf("%s item %zu", list, place);
    /* Those behind the special ones differ from each other. */
    const unsigned turn = place < 6 ? vector->grid.vector + (unsigned)place : 0;
    const struct grid grid = {vector->grid.function, turn, NULL};

    if (scalar_is_signed(scalar))
        pair_signed(pair, grid_signed(&grid, path, scalar_bits(scalar)));
    else
        pair_unsigned(pair, grid_unsigned(&grid, path, scalar_bits(scalar)));
}
