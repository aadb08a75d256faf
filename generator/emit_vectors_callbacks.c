/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the callbacks of vectors are called with, and what takes them back. */
#include <stdlib.h>

#include "emit_stand_in.h"
#include "emit_vectors.h"
#include "text.h"

const char *vector_callback_name(const struct plan *plan, const struct step *callback)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_CALLBACK && &plan->steps[i] != callback)
            return callback->parameter->name;
    return "called";
}

/* ---- those that stay registered ---- */

/* The type that a callback has, which an event's id may say. */
static const struct plan *registered_type(const struct vector *vector)
{
    const struct step *callback = stand_in_step(vector->plan, PATTERN_CALLBACK);

    for (size_t i = 0; i < vector->plan->step_count; i++) {
        const struct enumeration *ids = vector->plan->steps[i].enumeration;
        struct canonical given = {0}, arrives = {0};
        long long number;

        if (vector->plan->steps[i].pattern != PATTERN_ENUM)
            continue;
        vector_input(vector, &vector->plan->steps[i], &given, &arrives);
        number = strtoll(given.data, NULL, 10);
        canonical_release(&given);
        canonical_release(&arrives);
        for (size_t j = 0; ids && j < ids->constant_count; j++)
            if (ids->constants[j]->value == number && ids->constants[j]->callback)
                return plans_callback(vector->plans, ids->constants[j]->callback->signature.name);
    }
    return plans_callback(vector->plans, callback->callback->signature.name);
}

const char *vector_registered_events(const struct vector *vector)
{
    struct vector fired = *vector;
    struct canonical arguments = {0};

    vector_event(&fired, registered_type(vector), "\"opaque\"", &arguments);
    return arena_printf("[{\"callback\": \"called\", \"arguments\": %s}]", vector_text(&arguments));
}

/* The function itself, with nothing in the callback's place. */
static const char *replacing_with_nothing(const struct vector *vector)
{
    struct canonical given = {0}, arrives = {0};

    canonical_open(&given, '[');
    for (size_t i = 0; i < vector->plan->step_count; i++)
        if (pattern_role(vector->plan->steps[i].pattern) == ROLE_CALLBACK)
            canonical_null(&given);
        else
            vector_input(vector, &vector->plan->steps[i], &given, &arrives);
    canonical_close(&given, ']');
    canonical_release(&arrives);
    return arena_printf("{\"function\": \"%s\", \"arguments\": %s}", vector->plan->function->name,
                        vector_text(&given));
}

const char *vector_undoing(const struct vector *vector)
{
    if (stand_in_replaces(vector->plan))
        return replacing_with_nothing(vector);
    for (size_t i = 0; i < vector->plans->plan_count; i++) {
        const struct plan *other = &vector->plans->plans[i];
        const char *registering = stand_in_registering(vector->plans, other);
        struct canonical given = {0}, arrives = {0};

        if (!registering || !text_equal(registering, vector->plan->function->name))
            continue;
        const struct vector undone = vector_new(vector->plans, other, vector->grid.vector);
        canonical_open(&given, '[');
        for (size_t j = 0; j < other->step_count; j++)
            if (other->steps[j].pattern == PATTERN_INT)
                canonical_raw(&given, "{\"$answer\": true}");
            else
                vector_input(&undone, &other->steps[j], &given, &arrives);
        canonical_close(&given, ']');
        canonical_release(&arrives);
        return arena_printf("{\"function\": \"%s\", \"arguments\": %s}", other->function->name,
                            vector_text(&given));
    }
    error_at(vector->plan->function->location, "%s: no function takes back what it registers",
             vector->plan->function->name);
    return "null";
}

/* ---- those that are asked ---- */

const struct plan *vector_asked_type(const struct vector *vector)
{
    const struct step *step = stand_in_step(vector->plan, PATTERN_RECORD);
    const struct record_plan *plan = step ? plans_record(vector->plans, step->record) : NULL;

    for (size_t i = 0; plan && i < plan->field_count; i++)
        if (plan->fields[i].pattern == PATTERN_CALLBACK)
            return plans_callback(vector->plans,
                                  plan->fields[i].field->type.callback->signature.name);
    return NULL;
}

bool vector_asks(const struct vector *vector)
{
    return vector_asked_type(vector) && vector->grid.vector % 6 != 4;
}

/* Of several questions the last one has no answer. */
static size_t answer_count(const struct vector *vector)
{
    const size_t count = grid_count(&vector->grid);

    if (vector->refuses)
        return 0;
    return count > 1 ? count - 1 : count;
}

static void put_answer(const struct vector *vector, size_t place, struct canonical *text)
{
    char answer[GRID_TEXT_ROOM];
    const size_t length =
        grid_text(&vector->grid, arena_printf("answer[%zu]", place), answer, sizeof answer);

    canonical_text(text, answer, length);
}

const char *vector_asked_callable(const struct vector *vector)
{
    struct canonical answers = {0};

    if (vector->refuses)
        return "{\"$callback\": \"called\", \"returns\": -1}";
    canonical_open(&answers, '[');
    for (size_t i = 0; i < answer_count(vector); i++)
        put_answer(vector, i, &answers);
    canonical_close(&answers, ']');
    return arena_printf("{\"$callback\": \"called\", \"returns\": [%s]}", vector_text(&answers));
}

const char *vector_asked_events(const struct vector *vector)
{
    struct vector asked = *vector;
    struct canonical arguments = {0};

    vector_event(&asked, vector_asked_type(vector), "\"opaque\"", &arguments);
    return arena_printf("[{\"callback\": \"called\", \"arguments\": %s}]", vector_text(&arguments));
}

const char *vector_asked_call(const struct vector *vector)
{
    const size_t count = answer_count(vector);
    struct canonical arguments = {0};

    canonical_open(&arguments, '[');
    canonical_signed(&arguments, vector->refuses ? -1 : 0);
    canonical_open(&arguments, '[');
    for (size_t i = 0; i < grid_count(&vector->grid); i++)
        if (i < count)
            put_answer(vector, i, &arguments);
        else
            canonical_null(&arguments);
    canonical_close(&arguments, ']');
    canonical_close(&arguments, ']');
    return arena_printf("{\"function\": \"%s\", \"arguments\": %s}",
                        vector_asked_type(vector)->function->name, vector_text(&arguments));
}
