/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop of the program's own: each of its functions is called once, and calls back what it
 * is given. */
#include "emit_stand_in.h"
#include "emit_vectors.h"
#include "text.h"

bool vector_is_alone(const struct plan *plan)
{
    return plan->steps && plan->steps[0].pattern == PATTERN_CALLBACK &&
           !stand_in_step(plan, PATTERN_OPAQUE);
}

static const struct plan *type_of(const struct vector *vector, const struct step *callback)
{
    return plans_callback(vector->plans, callback->callback->signature.name);
}

/* The numbers that a callback of this type is called with. */
static void put_numbers(const struct vector *vector, const struct plan *type, const char *path,
                        struct canonical *text)
{
    canonical_open(text, '[');
    for (size_t i = 0; i < type->step_count; i++) {
        const struct step *step = &type->steps[i];

        if (step->pattern == PATTERN_OUT_SCALAR)
            canonical_signed(text, grid_signed(&vector->grid,
                                               arena_printf("%s.%s", path, step->parameter->name),
                                               scalar_bits(step->scalar)));
    }
    canonical_close(text, ']');
}

/* Numbers below 0 mean that it failed. */
static long long answer_of(const struct vector *vector, const struct step *callback)
{
    const long long number = grid_signed(&vector->grid, callback->parameter->name, 32);

    if (type_of(vector, callback)->result.pattern != PATTERN_NUMBER)
        return 0;
    return number < 0 ? ~number : number;
}

/* What the function is given to be called back; NULL: nothing is. */
static const struct step *given_back(const struct vector *vector, const struct step *callback)
{
    return stand_in_step(type_of(vector, callback), PATTERN_CALLBACK);
}

static void put_numbers_back(const struct vector *vector, const struct step *callback,
                             struct canonical *text)
{
    const struct step *back = given_back(vector, callback);

    put_numbers(vector, type_of(vector, back),
                arena_printf("%s.%s", callback->parameter->name, back->parameter->name), text);
}

void vector_put_loop_function(const struct vector *vector, const struct step *callback,
                              struct canonical *given)
{
    canonical_open(given, '{');
    canonical_key(given, "$callback");
    canonical_string(given, callback->parameter->name);
    if (type_of(vector, callback)->result.pattern != PATTERN_NOTHING) {
        canonical_key(given, "returns");
        canonical_signed(given, answer_of(vector, callback));
    }
    if (given_back(vector, callback)) {
        canonical_key(given, "invokes");
        put_numbers_back(vector, callback, given);
    }
    canonical_close(given, '}');
}

const char *vector_loop_events(const struct vector *vector)
{
    struct canonical events = {0};

    canonical_open(&events, '[');
    for (size_t i = 0; i < vector->plan->step_count; i++) {
        const struct step *step = &vector->plan->steps[i];

        canonical_open(&events, '{');
        canonical_key(&events, "callback");
        canonical_string(&events, step->parameter->name);
        canonical_key(&events, "arguments");
        put_numbers(vector, type_of(vector, step), step->parameter->name, &events);
        canonical_close(&events, '}');
    }
    canonical_close(&events, ']');
    return vector_text(&events);
}

static void add_call(struct buffer *calls, const struct plan *type, const char *numbers)
{
    buffer_printf(calls, "%s{\"function\": \"%s\", \"arguments\": %s}", calls->length ? ", " : "",
                  type->function->name, numbers);
}

const char *vector_loop_calls(const struct vector *vector)
{
    struct buffer calls = {0};

    for (size_t i = 0; i < vector->plan->step_count; i++) {
        const struct step *step = &vector->plan->steps[i];
        const struct step *back = given_back(vector, step);
        struct canonical numbers = {0};

        if (back) {
            put_numbers_back(vector, step, &numbers);
            add_call(&calls, type_of(vector, back), vector_text(&numbers));
        }
        if (type_of(vector, step)->result.pattern != PATTERN_NOTHING)
            add_call(&calls, type_of(vector, step),
                     arena_printf("[%lld]", answer_of(vector, step)));
    }
    return buffer_text(&calls);
}
