/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must come back from a vector: the same grid that the stand-in answers from, read through the
 * plan and not through what is emitted for it. */
#include <stdlib.h>
#include <string.h>

#include "emit_stand_in.h"
#include "emit_vectors.h"
#include "handle_key.h"
#include "text.h"

unsigned vector_answers_needed(const struct plans *plans, const struct step *step)
{
    (void)plans;
    switch (step->pattern) {
    case PATTERN_OUT_SCALAR:
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
    case PATTERN_STATE:
    case PATTERN_NUMBER:
        return 6;
    case PATTERN_BORROWED_STRING:
        return step->nullable ? 6 : 5;
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_PARAMS_BY_CPU:
    case PATTERN_OUT_NEW_PARAMS:
    case PATTERN_OUT_STATS:
        return GRID_VECTORS;
    case PATTERN_YES_NO:
        return 2;
    case PATTERN_NOTHING:
    case PATTERN_STATUS:
    case PATTERN_LENGTH:
    case PATTERN_OWNED_HANDLE:
    case PATTERN_BORROWED_HANDLE:
    case PATTERN_BORROWED_RECORD:
        return 1;
    default:
        return 5;
    }
}

/* ---- values ---- */

static void put_number(const struct vector *vector, struct canonical *answer, const char *path,
                       enum scalar scalar)
{
    if (scalar == SCALAR_DOUBLE)
        canonical_double(answer, grid_double(&vector->grid, path));
    else if (scalar_is_signed(scalar))
        canonical_signed(answer, grid_signed(&vector->grid, path, scalar_bits(scalar)));
    else
        canonical_unsigned(answer, grid_unsigned(&vector->grid, path, scalar_bits(scalar)));
}

static void put_text(const struct vector *vector, struct canonical *answer, const char *path,
                     size_t room)
{
    char text[GRID_TEXT_ROOM];
    const size_t length =
        grid_text(&vector->grid, path, text, room && room < sizeof text ? room : sizeof text);

    canonical_text(answer, text, length);
}

static void put_bytes(const struct vector *vector, struct canonical *answer, const char *path,
                      size_t count)
{
    unsigned char bytes[100];

    if (count > sizeof bytes)
        bug("%s: more bytes than expected", path);
    for (size_t i = 0; i < count; i++)
        bytes[i] = grid_byte(&vector->grid, path, i);
    canonical_bytes(answer, bytes, count);
}

static void put_cpu_map(const struct vector *vector, struct canonical *answer, const char *path)
{
    const size_t count = grid_count(&vector->grid);

    canonical_open(answer, '[');
    for (size_t i = 0; i < count; i++)
        canonical_boolean(answer, grid_bit(&vector->grid, path, i));
    canonical_close(answer, ']');
}

static void put_param_value(const struct grid_param *param, struct canonical *answer)
{
    switch (param->type) {
    case GRID_INT:
    case GRID_LLONG:
        canonical_signed(answer, param->number);
        break;
    case GRID_UINT:
    case GRID_ULLONG:
        canonical_unsigned(answer, param->larger_number);
        break;
    case GRID_DOUBLE:
        canonical_double(answer, param->real);
        break;
    case GRID_BOOLEAN:
        canonical_boolean(answer, param->number != 0);
        break;
    default:
        canonical_string(answer, param->text);
    }
}

/* Those of one name are a list under it, where the first stands. */
static void put_params(const struct vector *vector, struct canonical *answer, const char *path,
                       size_t count)
{
    struct grid_param *params = arena_allocate((count + 1) * sizeof *params);

    for (size_t i = 0; i < count; i++)
        grid_param(&vector->grid, path, i, count, &params[i]);
    canonical_open(answer, '{');
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;

        for (size_t j = 0; j < count; j++)
            if (text_equal(params[i].name, params[j].name))
                same = j < i ? count + 1 : same + 1;
        if (same > count)
            continue;
        canonical_key(answer, params[i].name);
        if (same > 1)
            canonical_open(answer, '[');
        for (size_t j = i; j < count; j++)
            if (text_equal(params[i].name, params[j].name))
                put_param_value(&params[j], answer);
        if (same > 1)
            canonical_close(answer, ']');
    }
    canonical_close(answer, '}');
}

/* ---- handles ---- */

static void put_handle(const struct vector *vector, struct canonical *answer,
                       const struct handle *handle, const char *text)
{
    canonical_open(answer, '{');
    canonical_key(answer, "$handle");
    canonical_string(answer, handle->name);
    canonical_key(answer, "key");
    canonical_string(answer, handle_key(vector->plans, handle) ? text : NULL);
    canonical_close(answer, '}');
}

/* They are called by their kind and the order in which they were made. */
static void put_new_handle(struct vector *vector, struct canonical *answer,
                           const struct handle *handle)
{
    const struct handle_plan *plan = plans_handle(vector->plans, handle);
    unsigned *made = &vector->made[plan - vector->plans->handle_plans];

    put_handle(vector, answer, handle, arena_printf("%s+%u", handle->name, ++*made));
}

static void put_lent_handle(const struct vector *vector, struct canonical *answer,
                            const struct handle *handle)
{
    put_handle(vector, answer, handle, arena_printf("%s#1", handle->name));
}

/* ---- records ---- */

static void put_record(struct vector *vector, struct canonical *answer, const char *path,
                       const struct record *record);

static void put_field(struct vector *vector, struct canonical *answer, const char *path,
                      const struct field_plan *plan)
{
    const struct field *field = plan->field;

    switch (plan->pattern) {
    case PATTERN_OUT_SCALAR:
        if (field->type.scalar == SCALAR_ULONG)
            canonical_unsigned(answer, grid_unsigned(&vector->grid, path, 64) & ~1023ULL);
        else
            put_number(vector, answer, path, field->type.scalar);
        break;
    case PATTERN_OUT_TEXT:
        put_text(vector, answer, path, (size_t)field->type.array);
        break;
    case PATTERN_OUT_STRING:
        put_text(vector, answer, path, 0);
        break;
    case PATTERN_OUT_STRINGS:
    case PATTERN_OUT_RECORDS:
        canonical_open(answer, '[');
        for (size_t i = 0; i < grid_inner_count(&vector->grid); i++) {
            const char *item = arena_printf("%s[%zu]", path, i);
            if (plan->pattern == PATTERN_OUT_STRINGS)
                put_text(vector, answer, item, 0);
            else
                put_record(vector, answer, item, plan->record);
        }
        canonical_close(answer, ']');
        break;
    case PATTERN_OUT_CPU_MAP:
        put_cpu_map(vector, answer, path);
        break;
    case PATTERN_OUT_NEW_PARAMS:
        put_params(vector, answer, path, grid_inner_count(&vector->grid));
        break;
    case PATTERN_BORROWED_HANDLE:
        put_new_handle(vector, answer, plan->handle);
        break;
    default:
        bug("vectors have no row for the field %s", field->name);
    }
}

static void put_record(struct vector *vector, struct canonical *answer, const char *path,
                       const struct record *record)
{
    const struct record_plan *plan = plans_record(vector->plans, record);

    canonical_open(answer, '{');
    for (size_t i = 0; i < plan->field_count; i++) {
        const char *below = arena_printf("%s.%s", path, plan->fields[i].field->name);

        if (plan->fields[i].pattern == PATTERN_LENGTH || plan->fields[i].filled_in)
            continue;
        canonical_key(answer, plan->fields[i].field->name);
        put_field(vector, answer, below, &plan->fields[i]);
    }
    canonical_close(answer, '}');
}

void vector_error(const struct grid *grid, struct canonical *answer)
{
    struct grid_error error;

    grid_error(grid, &error);
    canonical_open(answer, '{');
    canonical_key(answer, "code");
    canonical_signed(answer, error.code);
    canonical_key(answer, "domain");
    canonical_signed(answer, error.domain);
    canonical_key(answer, "level");
    canonical_signed(answer, error.level);
    canonical_key(answer, "message");
    canonical_string(answer, error.message);
    canonical_key(answer, "str1");
    canonical_string(answer, error.str1);
    canonical_key(answer, "str2");
    canonical_string(answer, error.str2);
    canonical_key(answer, "str3");
    canonical_string(answer, error.str3);
    canonical_key(answer, "int1");
    canonical_signed(answer, error.int1);
    canonical_key(answer, "int2");
    canonical_signed(answer, error.int2);
    canonical_close(answer, '}');
}

/* ---- steps ---- */

/* What was given for a number that says how long the answer is. */
static size_t given_number(const struct vector *vector, const char *name)
{
    const struct step *step = plan_step(vector->plan, name);
    struct canonical given = {0}, arrives = {0};
    size_t number;

    if (!step)
        bug("%s has no argument %s", vector->plan->function->name, name);
    if (step->pattern == PATTERN_LENGTH)
        return vector_input_count(vector, step->length_of);
    vector_input(vector, step, &given, &arrives);
    number = (size_t)strtoull(given.data, NULL, 10);
    canonical_release(&given);
    canonical_release(&arrives);
    return number;
}

/* A product of arguments. */
static size_t evaluated(const struct vector *vector, const char *expression)
{
    char *rest = arena_copy(expression);
    size_t product = 1;

    for (char *state, *word = strtok_r(rest, " *", &state); word;
         word = strtok_r(NULL, " *", &state))
        product *= given_number(vector, word);
    return product;
}

/* The room that the caller asked for, where it does. */
static size_t item_count(const struct vector *vector, const struct step *step)
{
    const size_t count = grid_count(&vector->grid);

    if (step->count && !text_equal(step->count, "result") && step->pattern == PATTERN_OUT_NUMBERS)
        return evaluated(vector, step->count);
    if (step->pair && step->pair->asked) {
        const size_t room = given_number(vector, step->pair->parameter->name);
        return count < room ? count : room;
    }
    return count;
}

static void put_item(struct vector *vector, struct canonical *answer, const struct step *step,
                     const char *path, size_t place)
{
    switch (step->pattern) {
    case PATTERN_OUT_HANDLES:
        put_new_handle(vector, answer, step->handle);
        break;
    case PATTERN_OUT_FILE_DESCRIPTORS:
        canonical_raw(answer, "{\"$file\": null}");
        break;
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_STRINGS:
        put_text(vector, answer, path, 0);
        break;
    case PATTERN_OUT_NUMBERS:
        put_number(vector, answer, path, step->scalar);
        break;
    case PATTERN_OUT_CPU_MAPS:
        put_cpu_map(vector, answer, path);
        break;
    case PATTERN_OUT_PARAMS_BY_CPU:
        put_params(vector, answer, path, grid_inner_count(&vector->grid));
        break;
    default:
        (void)place;
        put_record(vector, answer, path, step->record);
    }
}

static void put_list(struct vector *vector, struct canonical *answer, const struct step *step)
{
    const size_t count = item_count(vector, step);

    canonical_open(answer, '[');
    for (size_t i = 0; i < count; i++)
        put_item(vector, answer, step, arena_printf("%s[%zu]", step->parameter->name, i), i);
    canonical_close(answer, ']');
}

static size_t byte_count(const struct vector *vector, const struct step *step)
{
    const size_t asked = given_number(vector, step->pair->parameter->name);
    const size_t count = grid_count(&vector->grid);

    return vector->plan->result.pattern == PATTERN_COUNT && count < asked ? count : asked;
}

static void put_step(struct vector *vector, struct canonical *answer, const struct step *step)
{
    const char *path = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_OUT_SCALAR:
        put_number(vector, answer, path, step->scalar);
        break;
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
        put_record(vector, answer, path, step->record);
        break;
    case PATTERN_OUT_TEXT:
        put_text(vector, answer, path, GRID_UUID_TEXT);
        break;
    case PATTERN_OUT_STRING:
        put_text(vector, answer, path, 0);
        break;
    case PATTERN_OUT_UUID:
        put_bytes(vector, answer, path, 16);
        break;
    case PATTERN_OUT_BYTES:
        put_bytes(vector, answer, path, byte_count(vector, step));
        break;
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_NEW_PARAMS:
        put_params(vector, answer, path, grid_count(&vector->grid));
        break;
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_NEW_CPU_MAP:
        put_cpu_map(vector, answer, path);
        break;
    default:
        put_list(vector, answer, step);
    }
}

static void put_result(struct vector *vector, struct canonical *answer)
{
    const struct plan *plan = vector->plan;
    const struct type *type = &plan->function->result.type;
    const unsigned bits = scalar_bits(type->scalar);

    switch (plan->result.pattern) {
    case PATTERN_YES_NO:
        canonical_boolean(answer, grid_yes_no(&vector->grid, "result"));
        break;
    case PATTERN_COUNT:
        for (size_t i = 0; i < plan->step_count; i++)
            if (plan->steps[i].pattern == PATTERN_OUT_BYTES ||
                plan->steps[i].pattern == PATTERN_OUT_NUMBERS) {
                canonical_unsigned(answer, plan->steps[i].pattern == PATTERN_OUT_BYTES
                                               ? byte_count(vector, &plan->steps[i])
                                               : item_count(vector, &plan->steps[i]));
                return;
            }
        /* What is left of a handle that is closed. */
        if (plan_self(plan) && text_equal(plans_handle(vector->plans, plan_self(plan))->release,
                                          plan->function->name)) {
            canonical_signed(answer, 0);
            return;
        }
        canonical_signed(answer, grid_result(&vector->grid, bits));
        break;
    case PATTERN_STATE:
    case PATTERN_NUMBER:
        if (plan->failure == FAILURE_NONE)
            put_number(vector, answer, "result", type->scalar);
        else if (scalar_is_signed(type->scalar))
            canonical_signed(answer, grid_result(&vector->grid, bits));
        else
            canonical_unsigned(answer, grid_result_not(&vector->grid, bits,
                                                       plan->failure & FAILURE_ZERO ? 0
                                                       : bits == 64                 ? ~0ULL
                                                                    : (1ULL << bits) - 1));
        break;
    case PATTERN_OWNED_STRING:
        put_text(vector, answer, "result", 0);
        break;
    case PATTERN_BORROWED_STRING:
        if (plan->result.nullable && !grid_has(&vector->grid, "result"))
            canonical_null(answer);
        else
            put_text(vector, answer, "result", 0);
        break;
    case PATTERN_OWNED_HANDLE:
        put_new_handle(vector, answer, plan->result.handle);
        break;
    case PATTERN_BORROWED_HANDLE:
        put_lent_handle(vector, answer, plan->result.handle);
        break;
    case PATTERN_OWNED_BYTES:
        put_bytes(vector, answer, "result", grid_count(&vector->grid));
        break;
    case PATTERN_BORROWED_RECORD:
        vector_error(&vector->grid, answer);
        break;
    default:
        bug("vectors have no row for the result %s", pattern_name(plan->result.pattern));
    }
}

void vector_answer(struct vector *vector, struct canonical *answer)
{
    const struct plan *plan = vector->plan;
    const bool has_result = plan_result_is_value(plan);
    size_t count = has_result;

    for (size_t i = 0; i < plan->step_count; i++)
        count +=
            plan->steps[i].direction == DIRECTION_OUT && plan->steps[i].pattern != PATTERN_LENGTH;
    if (!count) {
        canonical_null(answer);
        return;
    }
    if (count > 1)
        canonical_open(answer, '{');
    if (has_result) {
        if (count > 1)
            canonical_key(answer, "result");
        put_result(vector, answer);
    }
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        if (step->direction != DIRECTION_OUT || step->pattern == PATTERN_LENGTH)
            continue;
        if (count > 1)
            canonical_key(answer, step->parameter->name);
        put_step(vector, answer, step);
    }
    if (count > 1)
        canonical_close(answer, '}');
}

/* ---- callbacks ---- */

static void put_event_argument(struct vector *vector, const struct step *step,
                               struct canonical *arguments)
{
    const char *path = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_BORROWED_HANDLE:
        /* The first is what it was registered with. */
        if (plan_self(vector->plan) == step->handle)
            put_lent_handle(vector, arguments, step->handle);
        else
            put_new_handle(vector, arguments, step->handle);
        break;
    case PATTERN_OUT_BYTES:
        put_bytes(vector, arguments, path, grid_count(&vector->grid));
        break;
    case PATTERN_OUT_RECORD:
        if (stand_in_is_error(vector->plans, step->record))
            vector_error(&vector->grid, arguments);
        else if (step->pair)
            put_list(vector, arguments, step);
        else
            put_step(vector, arguments, step);
        break;
    default:
        put_step(vector, arguments, step);
    }
}

void vector_event(struct vector *vector, const struct plan *callback, const char *opaque,
                  struct canonical *arguments)
{
    bool has_opaque = false;

    canonical_open(arguments, '[');
    for (size_t i = 0; i < callback->step_count; i++) {
        const struct step *step = &callback->steps[i];

        has_opaque = has_opaque || step->pattern == PATTERN_OPAQUE;
        if (step->pattern != PATTERN_OPAQUE && step->pattern != PATTERN_LENGTH)
            put_event_argument(vector, step, arguments);
    }
    if (has_opaque)
        canonical_raw(arguments, opaque);
    canonical_close(arguments, ']');
}
