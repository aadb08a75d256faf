/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of vectors. */
#include <stdlib.h>
#include <string.h>

#include "emit_vectors.h"
#include "emit_vectors_pair.h"
#include "text.h"

struct vector vector_new(const struct plans *plans, const struct plan *plan, unsigned number)
{
    return (struct vector){
        .plans = plans, .plan = plan, .grid = {plan->function->name, number, NULL}};
}

const char *vector_text(struct canonical *text)
{
    const char *copy = arena_copy(text->data);

    canonical_release(text);
    return copy;
}

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
        return 2;
    case PATTERN_CALLBACK:
        return vector_is_alone(plan) ? 6 : 2;
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
        pair_signed(pair, 0);
    else if (behind_cpus == 2)
        pair_signed(pair, (long long)grid_count(&vector->grid));
    else if (is_size_of_answer(vector->plan, step))
        pair_signed(pair, sizes[vector->grid.vector % 5]);
    else if (scalar_is_signed(step->scalar))
        pair_signed(pair, grid_signed(&vector->grid, pair_path(step), bits));
    else
        pair_unsigned(pair, grid_unsigned(&vector->grid, pair_path(step), bits));
}

static void put_flags(const struct vector *vector, const struct step *step, struct pair pair)
{
    static const unsigned long long values[] = {0, 1, 0x80000000, 0xffffffff, 0x5a5a5a5a};
    const unsigned long long value = values[vector->grid.vector % 5];

    pair_unsigned(pair, scalar_is_signed(step->scalar) ? value & 0x7fffffff : value);
}

static void put_enum(const struct vector *vector, const struct step *step, struct pair pair)
{
    long long values[MOST_ENUMERATORS];
    size_t count = enumerators(step->enumeration, values, MOST_ENUMERATORS);

    if (events_of(step)) {
        pair_signed(pair, values[vector->grid.vector / 2 % count]);
        return;
    }
    /* One that nobody knows yet. */
    values[count < 7 ? count : 7] = 1234567;
    pair_signed(pair, values[vector->grid.vector % (count < 7 ? count + 1 : 8)]);
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

static void put_list(const struct vector *vector, const struct step *step, struct pair pair)
{
    const size_t count = vector_input_count(vector, step);

    pair_open(pair, '[');
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf("%s[%zu]", pair_path(step), i);
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
            pair_text(vector, pair, path);
            break;
        default:
            pair_item(vector, pair_path(step), step->scalar, i, pair);
        }
    }
    pair_close(pair, ']');
}

static void put_bytes(const struct vector *vector, const struct step *step, size_t count,
                      struct pair pair)
{
    unsigned char bytes[100];

    for (size_t i = 0; i < count; i++)
        bytes[i] = grid_byte(&vector->grid, pair_path(step), i);
    canonical_bytes(pair.given, bytes, count);
    canonical_bytes(pair.arrives, bytes, count);
}

/* CPUs behind the last that is set do not arrive. */
static void put_cpu_map(const struct vector *vector, const struct step *step, struct pair pair)
{
    const size_t count = grid_count(&vector->grid);
    size_t set = count;

    while (set && !grid_bit(&vector->grid, pair_path(step), set - 1))
        set--;
    pair_open(pair, '[');
    for (size_t i = 0; i < count; i++) {
        const bool bit = grid_bit(&vector->grid, pair_path(step), i);
        canonical_boolean(pair.given, bit);
        if (i < set)
            canonical_boolean(pair.arrives, bit);
    }
    pair_close(pair, ']');
}

/* ---- callbacks ---- */

static const char *callable_text(const struct vector *vector, const struct step *step)
{
    const char *name = vector_callback_name(vector->plan, step);
    const char *answers =
        vector_transfers(vector->plan) ? vector_transfer_answers(vector, step) : NULL;

    return answers ? arena_printf("{\"$callback\": \"%s\", \"returns\": %s}", name, answers)
                   : arena_printf("{\"$callback\": \"%s\"}", name);
}

/* ---- one step ---- */

static bool is_left_null(const struct vector *vector, const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_NULLABLE_HANDLE:
        return vector->grid.vector % 2;
    case PATTERN_NULLABLE_STRING:
        return !grid_has(&vector->grid, "given");
    case PATTERN_RECORD:
        return step->nullable &&
               (vector_asked_type(vector) ? !vector_asks(vector) : vector->grid.vector % 2);
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
        pair_null(pair);
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
        canonical_double(given, grid_double(&vector->grid, pair_path(step)));
        canonical_double(arrives, grid_double(&vector->grid, pair_path(step)));
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
        pair_text(vector, pair, pair_path(step));
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
        pair_params(vector, step, pair);
        break;
    case PATTERN_RECORD:
        pair_record(vector, step, pair);
        break;
    case PATTERN_CALLBACK:
        if (vector_is_alone(vector->plan))
            vector_put_loop_function(vector, step, given);
        else
            canonical_raw(given, callable_text(vector, step));
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
