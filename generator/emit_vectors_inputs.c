/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of vectors. */
#include <stdlib.h>
#include <string.h>

#include "emit_vectors.h"
#include "text.h"

unsigned scalar_bits(enum scalar scalar)
{
    switch (scalar) {
    case SCALAR_CHAR:
    case SCALAR_UCHAR:
        return 8;
    case SCALAR_USHORT:
        return 16;
    case SCALAR_INT:
    case SCALAR_UINT:
        return 32;
    default:
        return 64;
    }
}

/* ---- which values are left to choose ---- */

static bool names(const char *expression, const char *name)
{
    const size_t length = strlen(name);

    for (const char *found = expression; found && (found = strstr(found, name)); found += length)
        if ((found == expression || found[-1] == ' ') &&
            (found[length] == '\0' || found[length] == ' '))
            return true;
    return false;
}

/* Numbers that say how long an answer is: memory sets their bounds. */
static bool is_size_of_answer(const struct plan *plan, const struct step *step)
{
    if (step->length_of)
        return true;
    for (size_t i = 0; i < plan->step_count; i++)
        if (names(plan->steps[i].count, step->parameter->name) ||
            names(plan->steps[i].room, step->parameter->name))
            return true;
    return false;
}

/* Behind parameters by CPU and their length stand the first CPU and how many: 1 and 2. */
static int place_behind_cpus(const struct plan *plan, const struct step *step)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_OUT_PARAMS_BY_CPU)
            return (int)step->position - (int)plan->steps[i].pair->position;
    return 0;
}

static const struct enumeration *events_of(const struct step *step)
{
    for (size_t i = 0; step->enumeration && i < step->enumeration->constant_count; i++)
        if (step->enumeration->constants[i]->callback)
            return step->enumeration;
    return NULL;
}

/* Values of the enum, sentinels left out. */
static size_t enumerators(const struct enumeration *enumeration, long long *values, size_t room)
{
    size_t count = 0;

    for (size_t i = 0; enumeration && i < enumeration->constant_count && count < room; i++)
        if (!enumeration->constants[i]->is_sentinel)
            values[count++] = enumeration->constants[i]->value;
    return count;
}

enum { MOST_ENUMERATORS = 100 };

unsigned vector_inputs_needed(const struct plan *plan, const struct step *step)
{
    long long values[MOST_ENUMERATORS];
    unsigned needed;

    switch (step->pattern) {
    case PATTERN_INT:
    case PATTERN_UINT:
    case PATTERN_LONG:
    case PATTERN_ULONG:
    case PATTERN_LLONG:
    case PATTERN_ULLONG:
    case PATTERN_SIZE:
    case PATTERN_DOUBLE:
        return is_size_of_answer(plan, step) ? 5 : 6;
    case PATTERN_ENUM:
        needed = (unsigned)enumerators(step->enumeration, values, MOST_ENUMERATORS);
        /* Each event from the calling thread and from another. */
        return events_of(step) ? 2 * needed : needed < 8 ? needed + 1 : 8;
    case PATTERN_BOOL:
    case PATTERN_RECORD:
        return 2;
    case PATTERN_NULLABLE_HANDLE:
    case PATTERN_CALLBACK:
        return 2;
    case PATTERN_HANDLE:
        return 1;
    case PATTERN_NULLABLE_STRING:
    case PATTERN_PARAMS:
        return 6;
    default:
        return 5;
    }
}

/* ---- values ---- */

/* Both sides see the same. */
struct pair {
    struct canonical *given, *arrives;
};

static const char *input_path(const struct step *step)
{
    return arena_printf("given %s", step->parameter->name);
}

static void put_signed(struct pair pair, long long value)
{
    canonical_signed(pair.given, value);
    canonical_signed(pair.arrives, value);
}

static void put_unsigned(struct pair pair, unsigned long long value)
{
    canonical_unsigned(pair.given, value);
    canonical_unsigned(pair.arrives, value);
}

static void put_null(struct pair pair)
{
    canonical_null(pair.given);
    canonical_null(pair.arrives);
}

static void put_text(const struct vector *vector, struct pair pair, const char *path)
{
    char text[GRID_TEXT_ROOM];
    const size_t length = grid_text(&vector->grid, path, text, sizeof text);

    canonical_text(pair.given, text, length);
    canonical_text(pair.arrives, text, length);
}

static void open_both(struct pair pair, char bracket)
{
    canonical_open(pair.given, bracket);
    canonical_open(pair.arrives, bracket);
}

static void close_both(struct pair pair, char bracket)
{
    canonical_close(pair.given, bracket);
    canonical_close(pair.arrives, bracket);
}

/* The same kind twice among the arguments: two objects. */
static unsigned which_handle(const struct plan *plan, const struct step *step)
{
    unsigned which = 1;

    for (const struct step *before = plan->steps; before < step; before++)
        if (before->handle == step->handle && before->direction == DIRECTION_IN)
            which++;
    return which;
}

static void put_handle(struct pair pair, const struct handle *handle, unsigned which, bool is_fresh)
{
    canonical_raw(pair.given,
                  is_fresh ? arena_printf("{\"$handle\": \"%s\", \"fresh\": true}", handle->name)
                  : which > 1
                      ? arena_printf("{\"$handle\": \"%s\", \"which\": %u}", handle->name, which)
                      : arena_printf("{\"$handle\": \"%s\"}", handle->name));
    canonical_raw(pair.arrives, is_fresh ? arena_printf("\"%s#fresh\"", handle->name)
                                         : arena_printf("\"%s#%u\"", handle->name, which));
}

/* What ends its handle gets one of its own. */
static bool ends_handle(const struct vector *vector, const struct step *step)
{
    const struct handle_plan *plan = plans_handle(vector->plans, step->handle);

    return text_equal(plan->release, vector->plan->function->name);
}

static void put_number(const struct vector *vector, const struct step *step, struct pair pair)
{
    static const long long sizes[] = {3, 0, 1, 5, 2};
    const int behind_cpus = place_behind_cpus(vector->plan, step);
    const unsigned bits = scalar_bits(step->scalar);

    if (behind_cpus == 1)
        put_signed(pair, 0);
    else if (behind_cpus == 2)
        put_signed(pair, (long long)grid_count(&vector->grid));
    else if (is_size_of_answer(vector->plan, step))
        put_signed(pair, sizes[vector->grid.vector % 5]);
    else if (scalar_is_signed(step->scalar))
        put_signed(pair, grid_signed(&vector->grid, input_path(step), bits));
    else
        put_unsigned(pair, grid_unsigned(&vector->grid, input_path(step), bits));
}

static void put_flags(const struct vector *vector, const struct step *step, struct pair pair)
{
    static const unsigned long long values[] = {0, 1, 0x80000000, 0xffffffff, 0x5a5a5a5a};
    const unsigned long long value = values[vector->grid.vector % 5];

    put_unsigned(pair, scalar_is_signed(step->scalar) ? value & 0x7fffffff : value);
}

static void put_enum(const struct vector *vector, const struct step *step, struct pair pair)
{
    long long values[MOST_ENUMERATORS];
    size_t count = enumerators(step->enumeration, values, MOST_ENUMERATORS);

    if (events_of(step)) {
        put_signed(pair, values[vector->grid.vector / 2 % count]);
        return;
    }
    /* One that nobody knows yet. */
    values[count < 7 ? count : 7] = 1234567;
    put_signed(pair, values[vector->grid.vector % (count < 7 ? count + 1 : 8)]);
}

size_t vector_input_count(const struct vector *vector, const struct step *step)
{
    static const size_t few[] = {3, 0, 1, 3, 2};

    switch (step->pattern) {
    case PATTERN_HANDLE_LIST:
    case PATTERN_FILE_DESCRIPTORS:
        return few[vector->grid.vector % 5];
    default:
        return grid_count(&vector->grid);
    }
}

/* Special numbers in lists too, which only answers must not have. */
static void put_item(const struct vector *vector, const struct step *step, size_t place,
                     struct pair pair)
{
    const char *path = arena_printf("%s item %zu", input_path(step), place);
    /* Those behind the special ones differ from each other. */
    const unsigned turn = place < 6 ? vector->grid.vector + (unsigned)place : 0;
    const struct grid grid = {vector->grid.function, turn, NULL};

    if (scalar_is_signed(step->scalar))
        put_signed(pair, grid_signed(&grid, path, scalar_bits(step->scalar)));
    else
        put_unsigned(pair, grid_unsigned(&grid, path, scalar_bits(step->scalar)));
}

static void put_list(const struct vector *vector, const struct step *step, struct pair pair)
{
    const size_t count = vector_input_count(vector, step);

    open_both(pair, '[');
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf("%s[%zu]", input_path(step), i);
        const char *file = arena_printf("{\"$file\": \"%s %zu\"}", step->parameter->name, i);

        switch (step->pattern) {
        case PATTERN_HANDLE_LIST:
            put_handle(pair, step->handle, (unsigned)i + 1, false);
            break;
        case PATTERN_FILE_DESCRIPTORS:
            canonical_raw(pair.given, file);
            canonical_raw(pair.arrives, file);
            break;
        case PATTERN_STRINGS:
            put_text(vector, pair, path);
            break;
        default:
            put_item(vector, step, i, pair);
        }
    }
    close_both(pair, ']');
}

static void put_bytes(const struct vector *vector, const struct step *step, size_t count,
                      struct pair pair)
{
    unsigned char bytes[100];

    for (size_t i = 0; i < count; i++)
        bytes[i] = grid_byte(&vector->grid, input_path(step), i);
    canonical_bytes(pair.given, bytes, count);
    canonical_bytes(pair.arrives, bytes, count);
}

/* CPUs behind the last that is set do not arrive. */
static void put_cpu_map(const struct vector *vector, const struct step *step, struct pair pair)
{
    const size_t count = grid_count(&vector->grid);
    size_t set = count;

    while (set && !grid_bit(&vector->grid, input_path(step), set - 1))
        set--;
    open_both(pair, '[');
    for (size_t i = 0; i < count; i++) {
        const bool bit = grid_bit(&vector->grid, input_path(step), i);
        canonical_boolean(pair.given, bit);
        if (i < set)
            canonical_boolean(pair.arrives, bit);
    }
    close_both(pair, ']');
}

static void put_record(const struct vector *vector, const struct step *step, struct pair pair)
{
    const struct record_plan *plan = plans_record(vector->plans, step->record);

    open_both(pair, '{');
    for (size_t i = 0; i < plan->field_count; i++) {
        const struct field *field = plan->fields[i].field;
        const char *path = arena_printf("%s.%s", input_path(step), field->name);
        char text[GRID_TEXT_ROOM];

        switch (plan->fields[i].pattern) {
        case PATTERN_BORROWED_HANDLE: /* nobody has these by themselves */
            continue;
        case PATTERN_OUT_TEXT:
        case PATTERN_OUT_STRING:
        case PATTERN_OUT_SCALAR:
            canonical_key(pair.given, field->name);
            canonical_key(pair.arrives, field->name);
            break;
        default:
            error_at(vector->plan->function->location, "%s: no vector gives the field %s of %s",
                     vector->plan->function->name, field->name, step->record->name);
            continue;
        }
        if (plan->fields[i].pattern == PATTERN_OUT_SCALAR) {
            put_signed(pair, grid_signed(&vector->grid, path, scalar_bits(field->type.scalar)));
            continue;
        }
        const size_t room = field->type.array ? (size_t)field->type.array : sizeof text;
        const size_t length =
            grid_text(&vector->grid, path, text, room < sizeof text ? room : sizeof text);
        canonical_text(pair.given, text, length);
        canonical_text(pair.arrives, text, length);
    }
    close_both(pair, '}');
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
    const char *path = arena_printf("%s %s", input_path(step), key->name);
    const struct grid grid = {vector->grid.function, vector->grid.vector + turn, NULL};
    const struct vector turned = {vector->plans, vector->plan, grid, {0}};

    switch (key->type) {
    case GRID_INT:
        put_signed(pair, grid_signed(&grid, path, 32));
        break;
    case GRID_UINT:
        put_unsigned(pair, grid_unsigned(&grid, path, 32));
        break;
    case GRID_LLONG:
        put_signed(pair, grid_signed(&grid, path, 64));
        break;
    case GRID_ULLONG:
        put_unsigned(pair, grid_unsigned(&grid, path, 64));
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
        put_text(&turned, pair, path);
    }
}

/* Up to nine keys, others in each vector; by name, for maps have no order. */
static void put_params(const struct vector *vector, const struct step *step, struct pair pair)
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

/* ---- one step ---- */

static bool is_left_null(const struct vector *vector, const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_NULLABLE_HANDLE:
        return vector->grid.vector % 2;
    case PATTERN_NULLABLE_STRING:
        return !grid_has(&vector->grid, "given");
    case PATTERN_RECORD: {
        const struct record_plan *plan = plans_record(vector->plans, step->record);

        /* Callables within are a matter of overrides. */
        for (size_t i = 0; step->nullable && i < plan->field_count; i++)
            if (plan->fields[i].pattern == PATTERN_CALLBACK)
                return true;
        return step->nullable && vector->grid.vector % 2;
    }
    case PATTERN_STRINGS:
    case PATTERN_PARAMS:
        return step->nullable && !grid_has(&vector->grid, "given");
    default:
        return false;
    }
}

void vector_input(const struct vector *vector, const struct step *step, struct canonical *given,
                  struct canonical *arrives)
{
    const struct pair pair = {given, arrives};

    if (is_left_null(vector, step)) {
        put_null(pair);
        return;
    }
    switch (step->pattern) {
    case PATTERN_HANDLE:
    case PATTERN_NULLABLE_HANDLE:
        put_handle(pair, step->handle, which_handle(vector->plan, step), ends_handle(vector, step));
        break;
    case PATTERN_INT:
    case PATTERN_UINT:
    case PATTERN_LONG:
    case PATTERN_ULONG:
    case PATTERN_LLONG:
    case PATTERN_ULLONG:
    case PATTERN_SIZE:
        put_number(vector, step, pair);
        break;
    case PATTERN_DOUBLE:
        canonical_double(given, grid_double(&vector->grid, input_path(step)));
        canonical_double(arrives, grid_double(&vector->grid, input_path(step)));
        break;
    case PATTERN_BOOL:
        canonical_boolean(given, vector->grid.vector % 2 == 0);
        canonical_boolean(arrives, vector->grid.vector % 2 == 0);
        break;
    case PATTERN_ENUM:
        put_enum(vector, step, pair);
        break;
    case PATTERN_FLAGS:
        put_flags(vector, step, pair);
        break;
    case PATTERN_STRING:
    case PATTERN_NULLABLE_STRING:
        put_text(vector, pair, input_path(step));
        break;
    case PATTERN_HANDLE_LIST:
    case PATTERN_STRINGS:
    case PATTERN_NUMBERS:
    case PATTERN_FILE_DESCRIPTORS:
        put_list(vector, step, pair);
        break;
    case PATTERN_UUID:
        put_bytes(vector, step, 16, pair);
        break;
    case PATTERN_BYTES:
    case PATTERN_SECRET:
        put_bytes(vector, step, grid_count(&vector->grid), pair);
        break;
    case PATTERN_CPU_MAP:
        put_cpu_map(vector, step, pair);
        break;
    case PATTERN_PARAMS:
        put_params(vector, step, pair);
        break;
    case PATTERN_RECORD:
        put_record(vector, step, pair);
        break;
    case PATTERN_CALLBACK:
        canonical_raw(given, "{\"$callback\": \"called\"}");
        canonical_raw(arrives, "{\"$callback\": null}");
        break;
    case PATTERN_OPAQUE:
        canonical_raw(given, "\"opaque\"");
        canonical_raw(arrives, "{\"$left-out\": true}");
        break;
    default:
        bug("vectors have no row for the pattern %s", pattern_name(step->pattern));
    }
}
