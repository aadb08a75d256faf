/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records and typed parameters among the arguments of vectors. */
#include <string.h>

#include "emit_vectors_pair.h"
#include "text.h"

/* ---- records ---- */

static void put_field_text(const struct vector *vector, const struct field *field, const char *path,
                           struct pair pair)
{
    char text[GRID_TEXT_ROOM];
    const size_t room = field->type.array ? (size_t)field->type.array : sizeof text;
    const size_t length =
        grid_text(&vector->grid, path, text, room < sizeof text ? room : sizeof text);

    canonical_text(pair.given, text, length);
    canonical_text(pair.arrives, text, length);
}

static void put_field_numbers(const struct vector *vector, const struct field *field,
                              const char *path, struct pair pair)
{
    pair_open(pair, '[');
    for (size_t i = 0; i < grid_count(&vector->grid); i++)
        pair_item(vector, path, field->type.scalar, i, pair);
    pair_close(pair, ']');
}

static void put_field(const struct vector *vector, const struct step *step,
                      const struct field_plan *plan, struct pair pair)
{
    const struct field *field = plan->field;
    const char *path = arena_printf("%s.%s", pair_path(step), field->name);

    if (plan->pattern == PATTERN_BORROWED_HANDLE || plan->pattern == PATTERN_LENGTH)
        return; /* nobody has these by themselves */
    canonical_key(pair.given, field->name);
    if (plan->pattern == PATTERN_OPAQUE) {
        canonical_raw(pair.given, "\"opaque\"");
        return;
    }
    canonical_key(pair.arrives, field->name);
    switch (plan->pattern) {
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
        put_field_text(vector, field, path, pair);
        break;
    case PATTERN_OUT_SCALAR:
        pair_signed(pair, grid_signed(&vector->grid, path, scalar_bits(field->type.scalar)));
        break;
    case PATTERN_NUMBERS:
        put_field_numbers(vector, field, path, pair);
        break;
    case PATTERN_CALLBACK:
        canonical_raw(pair.given, vector_asked_callable(vector));
        canonical_raw(pair.arrives, "{\"$callback\": null}");
        break;
    default:
        error_at(vector->plan->function->location, "%s: no vector gives the field %s of %s",
                 vector->plan->function->name, field->name, step->record->name);
        canonical_null(pair.given);
        canonical_null(pair.arrives);
    }
}

void pair_record(const struct vector *vector, const struct step *step, struct pair pair)
{
    const struct record_plan *plan = plans_record(vector->plans, step->record);

    pair_open(pair, '{');
    for (size_t i = 0; i < plan->field_count; i++)
        put_field(vector, step, &plan->fields[i], pair);
    pair_close(pair, '}');
}

/* ---- typed parameters ---- */

struct key {
    const char *name;
    int type;
};

static int type_by_name(const char *name)
{
    static const char *const types[] = {"INT",    "UINT",    "LLONG", "ULLONG",
                                        "DOUBLE", "BOOLEAN", "STRING"};

    for (size_t i = 0; name && i < sizeof types / sizeof *types; i++)
        if (text_equal(types[i], name))
            return (int)i + GRID_INT;
    return 0;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct key *)a)->name, ((const struct key *)b)->name);
}

/* Those of the keys, globs with blanks between them, whose type is known. */
static size_t keys_of(const struct vector *vector, const struct step *step, struct key **keys)
{
    const struct api *api = vector->plans->api;
    char *globs = arena_copy(step->keys ? step->keys : "");
    size_t count = 0;

    *keys = NULL;
    for (char *state, *glob = strtok_r(globs, " ", &state); glob;
         glob = strtok_r(NULL, " ", &state))
        for (size_t i = 0; i < api->constant_count; i++) {
            const struct constant *constant = &api->constants[i];

            if (constant->kind == CONSTANT_STRING && glob_match(glob, constant->name, NULL) &&
                type_by_name(constant->parameter_type))
                *VECTOR_ADD(*keys, count) =
                    (struct key){constant->string, type_by_name(constant->parameter_type)};
        }
    sort_items(*keys, count, sizeof **keys, compare_keys);
    if (!count)
        error_at(vector->plan->function->location,
                 "%s: no constant is a key of %s whose type is known (keys %s)",
                 vector->plan->function->name, step->parameter->name, step->keys);
    return count;
}

static void put_param(const struct vector *vector, const struct step *step, const struct key *key,
                      unsigned turn, struct pair pair)
{
    const char *path = arena_printf("%s %s", pair_path(step), key->name);
    const struct grid grid = {vector->grid.function, vector->grid.vector + turn, NULL};
    const struct vector turned = {.plans = vector->plans, .plan = vector->plan, .grid = grid};

    switch (key->type) {
    case GRID_INT:
        pair_signed(pair, grid_signed(&grid, path, 32));
        break;
    case GRID_UINT:
        pair_unsigned(pair, grid_unsigned(&grid, path, 32));
        break;
    case GRID_LLONG:
        pair_signed(pair, grid_signed(&grid, path, 64));
        break;
    case GRID_ULLONG:
        pair_unsigned(pair, grid_unsigned(&grid, path, 64));
        break;
    case GRID_DOUBLE:
        canonical_double(pair.given, grid_double(&grid, path));
        canonical_double(pair.arrives, grid_double(&grid, path));
        break;
    case GRID_BOOLEAN:
        canonical_boolean(pair.given, grid_yes_no(&grid, path));
        canonical_boolean(pair.arrives, grid_yes_no(&grid, path));
        break;
    default:
        pair_text(&turned, pair, path);
    }
}

/* By name, for maps have no order. */
void pair_params(const struct vector *vector, const struct step *step, struct pair pair)
{
    struct key *keys;
    const size_t known = keys_of(vector, step, &keys);
    const size_t most = grid_inner_count(&vector->grid);
    const size_t count = most < known ? most : known;
    const size_t first = known ? vector->grid.vector * 3 % known : 0;

    canonical_open(pair.given, '{');
    if (count)
        canonical_open(pair.arrives, '[');
    else
        canonical_null(pair.arrives);
    for (size_t i = 0; i < known; i++) {
        if ((i + known - first) % known >= count)
            continue;
        canonical_key(pair.given, keys[i].name);
        canonical_open(pair.arrives, '[');
        canonical_string(pair.arrives, keys[i].name);
        canonical_signed(pair.arrives, keys[i].type);
        put_param(vector, step, &keys[i], (unsigned)i, pair);
        canonical_close(pair.arrives, ']');
    }
    canonical_close(pair.given, '}');
    if (count)
        canonical_close(pair.arrives, ']');
}
