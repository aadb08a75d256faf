/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole transfers through streams: libvirt makes them of functions that send or receive a piece,
 * and so may a language. */
#include "emit_stand_in.h"
#include "emit_vectors.h"
#include "text.h"

bool vector_transfers(const struct plan *plan)
{
    return stand_in_step(plan, PATTERN_CALLBACK) && stand_in_step(plan, PATTERN_OPAQUE) &&
           !stand_in_registers(plan);
}

/* ---- what callbacks are for ---- */

enum part {
    PART_SINK,    /* is given bytes */
    PART_SOURCE,  /* answers bytes */
    PART_LENGTH,  /* is told how long a hole is */
    PART_SECTION, /* answers whether data or a hole is next, and how long it is */
};

static enum part part_of(const struct plan *callback)
{
    const struct step *bytes = stand_in_step(callback, PATTERN_OUT_BYTES);
    const struct step *number = stand_in_step(callback, PATTERN_OUT_SCALAR);

    if (bytes)
        return bytes->direction == DIRECTION_IN ? PART_SOURCE : PART_SINK;
    if (!number)
        bug("%s is no callback of a transfer", callback->function->name);
    return number->direction == DIRECTION_IN ? PART_SECTION : PART_LENGTH;
}

static const struct plan *type_of(const struct vector *vector, const struct step *callback)
{
    return plans_callback(vector->plans, callback->callback->signature.name);
}

/* The callback that does this; NULL: there is none. */
static const struct step *callback_for(const struct vector *vector, enum part part)
{
    for (size_t i = 0; i < vector->plan->step_count; i++) {
        const struct step *step = &vector->plan->steps[i];

        if (step->pattern == PATTERN_CALLBACK && part_of(type_of(vector, step)) == part)
            return step;
    }
    return NULL;
}

static bool may_have_holes(const struct vector *vector)
{
    return callback_for(vector, PART_LENGTH);
}

static void put_bytes(const struct vector *vector, const struct grid_piece *piece, size_t first,
                      size_t count, struct canonical *text)
{
    unsigned char bytes[100];

    for (size_t i = 0; i < count; i++)
        bytes[i] = grid_byte(&vector->grid, piece->path, first + i);
    canonical_bytes(text, bytes, count);
}

/* ---- what they are called with ---- */

static void put_argument(const struct vector *vector, const struct step *step,
                         const struct grid_piece *piece, struct canonical *text)
{
    if (step->pattern == PATTERN_BORROWED_HANDLE)
        canonical_raw(text,
                      arena_printf("{\"$handle\": \"%s\", \"key\": null}", step->handle->name));
    else if (step->pattern == PATTERN_OUT_BYTES && step->direction == DIRECTION_OUT)
        put_bytes(vector, piece, 0, (size_t)piece->length, text);
    else if (step->pattern == PATTERN_OUT_SCALAR && step->direction == DIRECTION_OUT)
        canonical_signed(text, piece->length);
    else if (step->length_of && step->length_of->direction == DIRECTION_IN &&
             may_have_holes(vector))
        canonical_signed(text, piece->length);
    else if (step->length_of && step->length_of->direction == DIRECTION_IN)
        canonical_raw(text, "{\"$any\": \"integer\"}"); /* as much as there is room for */
}

static void put_event(const struct vector *vector, enum part part, const struct grid_piece *piece,
                      struct canonical *events)
{
    const struct step *callback = callback_for(vector, part);
    const struct plan *type = callback ? type_of(vector, callback) : NULL;

    if (!callback)
        return;
    canonical_open(events, '{');
    canonical_key(events, "callback");
    canonical_string(events, vector_callback_name(vector->plan, callback));
    canonical_key(events, "arguments");
    canonical_open(events, '[');
    for (size_t i = 0; i < type->step_count; i++)
        put_argument(vector, &type->steps[i], piece, events);
    canonical_string(events, "opaque");
    canonical_close(events, ']');
    canonical_close(events, '}');
}

static void put_piece_events(const struct vector *vector, const struct grid_piece *piece,
                             struct canonical *events)
{
    put_event(vector, PART_SECTION, piece, events);
    if (piece->is_hole) {
        put_event(vector, PART_LENGTH, piece, events);
    } else {
        put_event(vector, PART_SOURCE, piece, events);
        put_event(vector, PART_SINK, piece, events);
    }
}

const char *vector_transfer_events(const struct vector *vector)
{
    const struct grid_piece end = {0};
    struct canonical events = {0};

    canonical_open(&events, '[');
    for (size_t i = 0; i < grid_piece_count(&vector->grid); i++) {
        const struct grid_piece piece = grid_piece(&vector->grid, i, may_have_holes(vector));
        put_piece_events(vector, &piece, &events);
    }
    /* A source says when it is at its end, a sink is not told. */
    put_event(vector, PART_SECTION, &end, &events);
    put_event(vector, PART_SOURCE, &end, &events);
    canonical_close(&events, ']');
    return vector_text(&events);
}

/* ---- what they answer ---- */

static void put_section(const struct plan *type, const struct grid_piece *piece,
                        struct canonical *answers)
{
    canonical_open(answers, '{');
    for (size_t i = 0; i < type->step_count; i++) {
        if (type->steps[i].pattern != PATTERN_OUT_SCALAR)
            continue;
        canonical_key(answers, type->steps[i].parameter->name);
        canonical_signed(answers, scalar_bits(type->steps[i].scalar) == 64 ? piece->length
                                                                           : !piece->is_hole);
    }
    canonical_close(answers, '}');
}

const char *vector_transfer_answers(const struct vector *vector, const struct step *callback)
{
    const struct plan *type = type_of(vector, callback);
    const enum part part = part_of(type);
    const struct grid_piece end = {0};
    struct canonical answers = {0};

    if (part != PART_SOURCE && part != PART_SECTION)
        return NULL;
    canonical_open(&answers, '[');
    for (size_t i = 0; i <= grid_piece_count(&vector->grid); i++) {
        const struct grid_piece piece = i < grid_piece_count(&vector->grid)
                                            ? grid_piece(&vector->grid, i, may_have_holes(vector))
                                            : end;

        if (part == PART_SECTION)
            put_section(type, &piece, &answers);
        else if (!piece.is_hole)
            put_bytes(vector, &piece, 0, (size_t)piece.length, &answers);
    }
    canonical_close(&answers, ']');
    return vector_text(&answers);
}

/* ---- what is made of that ---- */

/* What takes a hole has an argument that is called as its length is. */
static bool takes_piece(const struct vector *vector, const struct step *step, bool is_hole)
{
    const struct step *told = callback_for(vector, PART_LENGTH);
    const struct step *length =
        told ? stand_in_step(type_of(vector, told), PATTERN_OUT_SCALAR) : NULL;

    if (!is_hole)
        return step->pattern == PATTERN_BYTES;
    return step->direction == DIRECTION_IN && step->scalar == length->scalar &&
           text_equal(step->parameter->name, length->parameter->name);
}

/* The function of the same object that sends a piece. */
static const struct plan *sender(const struct vector *vector, bool is_hole)
{
    for (size_t i = 0; i < vector->plans->plan_count; i++) {
        const struct plan *plan = &vector->plans->plans[i];

        if (plan_self(plan) != plan_self(vector->plan) || plan == vector->plan)
            continue;
        for (size_t j = 0; j < plan->step_count; j++)
            if (takes_piece(vector, &plan->steps[j], is_hole))
                return plan;
    }
    error_at(vector->plan->function->location, "%s: no function sends %s",
             vector->plan->function->name, is_hole ? "a hole" : "bytes");
    return NULL;
}

static void put_call(const struct vector *vector, const struct grid_piece *piece, size_t first,
                     struct canonical *calls)
{
    const struct plan *plan = sender(vector, piece->is_hole);

    canonical_open(calls, '{');
    canonical_key(calls, "function");
    canonical_string(calls, plan ? plan->function->name : NULL);
    canonical_key(calls, "arguments");
    canonical_open(calls, '[');
    for (size_t i = 0; plan && i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        if (step->pattern == PATTERN_HANDLE)
            canonical_string(calls, arena_printf("%s#1", step->handle->name));
        else if (!takes_piece(vector, step, piece->is_hole) && step->asked)
            canonical_signed(calls, 0);
        else if (piece->is_hole)
            canonical_signed(calls, piece->length);
        else if (step->asked)
            put_bytes(vector, piece, first, (size_t)piece->length - first, calls);
    }
    canonical_close(calls, ']');
    canonical_close(calls, '}');
}

/* What a stream does not take at once is sent again. */
static void put_calls(const struct vector *vector, const struct grid_piece *piece,
                      struct canonical *calls)
{
    const size_t count = piece->is_hole ? 0 : (size_t)piece->length;

    if (piece->is_hole)
        put_call(vector, piece, 0, calls);
    for (size_t sent = 0; sent < count; sent += grid_taken(&vector->grid, count - sent))
        put_call(vector, piece, sent, calls);
}

const char *vector_transfer_calls(const struct vector *vector)
{
    struct canonical calls = {0};

    if (!callback_for(vector, PART_SOURCE) || !grid_piece_count(&vector->grid))
        return NULL;
    canonical_open(&calls, '[');
    for (size_t i = 0; i < grid_piece_count(&vector->grid); i++) {
        const struct grid_piece piece = grid_piece(&vector->grid, i, may_have_holes(vector));
        put_calls(vector, &piece, &calls);
    }
    canonical_close(&calls, ']');
    return vector_text(&calls);
}
