/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vectors.jsonl: first how handles are made, then each function's vectors: those that succeed, two
 * that fail, and one for each wrong use. */
#include "emit_vectors.h"

#include <stdlib.h>
#include <string.h>

#include "emit_stand_in.h"

/* ---- what is played otherwise ---- */

/* Ending a handle and taking a callback back cannot fail without a mistake of the caller's; what an
 * object belongs to, a language knows; and a function that is made of others fails with them. */
static bool can_be_failed(const struct plans *plans, const struct plan *plan)
{
    const struct handle *self = plan_self(plan);

    return plan->failure != FAILURE_NONE && plan->result.pattern != PATTERN_BORROWED_HANDLE &&
           !(self && text_equal(plans_handle(plans, self)->release, plan->function->name)) &&
           !stand_in_registering(plans, plan) && !vector_transfers(plan);
}

/* ---- lines ---- */

/* One line in the making; `calls` and `outcome` are JSON, each NULL where nothing is said. */
struct line {
    const struct plan *plan;
    unsigned number;
    const char *arguments;
    const char *calls;
    const char *outcome;
    const char *wrong, *argument; /* of wrong use */
    bool fails;
    bool has_surplus;
    const char *events, *then;
    bool is_alone;
};

static void put_member(struct canonical *text, const char *name, const char *json)
{
    if (!json)
        return;
    canonical_key(text, name);
    canonical_raw(text, json);
}

static void add_line(struct buffer *file, const struct line *line)
{
    struct canonical text = {0};

    canonical_open(&text, '{');
    canonical_key(&text, "function");
    canonical_string(&text, line->plan->function->name);
    canonical_key(&text, "vector");
    canonical_unsigned(&text, line->number);
    put_member(&text, "arguments", line->arguments);
    put_member(&text, "surplus", line->has_surplus ? "[1]" : NULL);
    put_member(&text, "alone", line->is_alone ? "true" : NULL);
    put_member(&text, "fails", line->fails ? "true" : NULL);
    if (line->wrong) {
        canonical_key(&text, "wrong");
        canonical_string(&text, line->wrong);
    }
    if (line->argument) {
        canonical_key(&text, "argument");
        canonical_string(&text, line->argument);
    }
    put_member(&text, "calls", line->calls);
    put_member(&text, "outcome", line->outcome);
    put_member(&text, "events", line->events);
    put_member(&text, "then", line->then);
    canonical_close(&text, '}');
    buffer_printf(file, "%s\n", text.data);
    canonical_release(&text);
}

/* Each asked argument, one of them, if any, replaced. */
static const char *arguments_of(const struct vector *vector, const struct step *replaced,
                                const char *value, const char **arrive)
{
    struct canonical given = {0}, arrives = {0};

    canonical_open(&given, '[');
    canonical_open(&arrives, '[');
    for (size_t i = 0; i < vector->plan->step_count; i++) {
        const struct step *step = &vector->plan->steps[i];

        if (step->asked && step == replaced)
            canonical_raw(&given, value);
        else if (step->asked)
            vector_input(vector, step, &given, &arrives);
    }
    canonical_close(&given, ']');
    canonical_close(&arrives, ']');
    *arrive = vector_text(&arrives);
    return vector_text(&given);
}

/* There are no parameters to be asked for. */
static bool asks_for_nothing(const struct vector *vector)
{
    const struct plan *plan = vector->plan;

    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].room && plan->steps[i].pattern == PATTERN_OUT_PARAMS)
            return !grid_count(&vector->grid);
    return false;
}

/* Collectors that are written by hand ask in their own way; a language knows what an object belongs
 * to. */
static bool is_asked_otherwise(const struct vector *vector)
{
    const struct plan *plan = vector->plan;

    return asks_for_nothing(vector) || plan->collected_by_hand ||
           plan->result.pattern == PATTERN_BORROWED_HANDLE;
}

static const char *calls_of(const struct vector *vector, const char *arrive, const char *more)
{
    const struct plan *plan = vector->plan;

    if (vector_transfers(plan))
        return vector_transfer_calls(vector);
    if (is_asked_otherwise(vector))
        return NULL;
    return arena_printf("[{\"function\": \"%s\", \"arguments\": %s}%s%s]", plan->function->name,
                        arrive, more ? ", " : "", more ? more : "");
}

/* ---- handles ---- */

struct makers {
    const struct plan *of[64]; /* by place in handle_plans */
};

/* Of what can be made already, and of numbers and texts. */
static bool is_simple(const struct plans *plans, const struct makers *makers,
                      const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        switch (step->pattern) {
        case PATTERN_HANDLE:
            if (!makers->of[plans_handle(plans, step->handle) - plans->handle_plans])
                return false;
            break;
        case PATTERN_FLAGS:
        case PATTERN_STRING:
        case PATTERN_NULLABLE_STRING:
        case PATTERN_UINT:
        case PATTERN_ULLONG:
            break;
        default:
            return false;
        }
    }
    return plan->kind == PLAN_PLANNED && plan->result.pattern == PATTERN_OWNED_HANDLE;
}

/* The first function that answers each kind; those that need no other kind come first. */
static void add_makers(struct buffer *file, const struct plans *plans)
{
    struct makers makers = {{NULL}};
    bool is_new = true;

    while (is_new) {
        is_new = false;
        for (size_t i = 0; i < plans->plan_count; i++) {
            const struct plan *plan = &plans->plans[i];
            const struct vector vector = vector_new(plans, plan, 0);
            const char *arrive;

            if (!is_simple(plans, &makers, plan))
                continue;
            const size_t place =
                (size_t)(plans_handle(plans, plan->result.handle) - plans->handle_plans);
            if (makers.of[place])
                continue;
            makers.of[place] = plan;
            is_new = true;
            buffer_printf(file,
                          "{\"handle\": \"%s\", \"function\": \"%s\", \"arguments\": %s, "
                          "\"release\": \"%s\"}\n",
                          plan->result.handle->name, plan->function->name,
                          arguments_of(&vector, NULL, NULL, &arrive),
                          plans->handle_plans[place].release);
        }
    }
    for (size_t i = 0; i < plans->handle_plan_count; i++)
        if (!makers.of[i])
            error_at(plans->handle_plans[i].handle->location,
                     "no function makes a %s for vectors from numbers and texts",
                     plans->handle_plans[i].handle->name);
}

/* ---- success ---- */

static unsigned vectors_needed(const struct plans *plans, const struct plan *plan)
{
    unsigned most = plan->collected_by_hand ? 5 : vector_answers_needed(plans, &plan->result);

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const unsigned needed = step->asked ? vector_inputs_needed(plan, step)
                                : step->direction == DIRECTION_OUT
                                    ? vector_answers_needed(plans, step)
                                    : 1;
        most = needed > most ? needed : most;
    }
    return most;
}

/* A type that nobody knows is among the typed parameters. */
static bool has_future_type(const struct vector *vector)
{
    if (vector->grid.vector % GRID_VECTORS != GRID_VECTORS - 1)
        return false;
    for (size_t i = 0; i < vector->plan->step_count; i++)
        switch (vector->plan->steps[i].pattern) {
        case PATTERN_OUT_PARAMS:
        case PATTERN_OUT_PARAMS_BY_CPU:
        case PATTERN_OUT_NEW_PARAMS:
        case PATTERN_OUT_STATS:
            return true;
        default:
            break;
        }
    return false;
}

static void add_success(struct buffer *file, const struct plans *plans, const struct plan *plan,
                        unsigned number)
{
    struct vector vector = vector_new(plans, plan, number);
    struct canonical answer = {0};
    const char *arrive;
    const bool asks = vector_asks(&vector);
    struct line line = {.plan = plan, .number = number, .is_alone = vector_is_alone(plan)};

    line.arguments = arguments_of(&vector, NULL, NULL, &arrive);
    line.calls = calls_of(&vector, arrive,
                          asks            ? vector_asked_call(&vector)
                          : line.is_alone ? vector_loop_calls(&vector)
                                          : NULL);
    if (has_future_type(&vector)) {
        line.outcome = "{\"wrong-use\": \"param.8\"}";
        line.wrong = "type from the future";
        add_line(file, &line);
        return;
    }
    if (stand_in_registers(plan)) {
        line.events = vector_registered_events(&vector);
        line.then = vector_undoing(&vector);
        line.outcome = plan->result.pattern == PATTERN_NUMBER
                           ? "{\"answer\": {\"$any\": \"integer\"}}"
                           : "{\"answer\": null}";
        add_line(file, &line);
        return;
    }
    if (vector_transfers(plan))
        line.events = vector_transfer_events(&vector);
    if (asks)
        line.events = vector_asked_events(&vector);
    if (line.is_alone)
        line.events = vector_loop_events(&vector);
    vector_answer(&vector, &answer);
    line.outcome = arena_printf("{\"answer\": %s}", vector_text(&answer));
    add_line(file, &line);
}

/* ---- failure ---- */

/* What asks for nothing cannot be failed; an odd number's error lacks a field. */
static struct vector failing_vector(const struct plans *plans, const struct plan *plan,
                                    unsigned number)
{
    struct vector vector = vector_new(plans, plan, number);

    while (asks_for_nothing(&vector))
        vector = vector_new(plans, plan, number += 2);
    return vector;
}

static const char *failure_text(const struct vector *vector)
{
    struct canonical text = {0};

    canonical_open(&text, '{');
    canonical_key(&text, "error");
    vector_error(&vector->grid, &text);
    canonical_close(&text, '}');
    return vector_text(&text);
}

static void add_failure(struct buffer *file, const struct plans *plans, const struct plan *plan,
                        unsigned number)
{
    const struct vector vector = failing_vector(plans, plan, number);
    struct line line = {.plan = plan, .number = vector.grid.vector, .fails = true};
    const char *arrive;

    line.arguments = arguments_of(&vector, NULL, NULL, &arrive);
    line.calls = calls_of(&vector, arrive, NULL);
    line.outcome = failure_text(&vector);
    add_line(file, &line);
}

/* The callback that is asked says that it failed, and so the call does. */
static void add_refusal(struct buffer *file, const struct plans *plans, const struct plan *plan,
                        unsigned number)
{
    struct vector vector = vector_new(plans, plan, number);
    struct line line = {.plan = plan, .number = number};
    const char *arrive;

    if (!vector_asks(&vector))
        return;
    vector.refuses = true;
    line.arguments = arguments_of(&vector, NULL, NULL, &arrive);
    line.calls = calls_of(&vector, arrive, vector_asked_call(&vector));
    line.events = vector_asked_events(&vector);
    line.outcome = failure_text(&vector);
    add_line(file, &line);
}

/* ---- wrong use ---- */

struct wrong {
    struct buffer *file;
    const struct vector *vector;
    const struct step *step;
};

/* A callback that stays with an object must be taken back from the same, which a vector cannot say
 * of one that it has made for itself. */
static bool is_for_callbacks(const struct vector *vector, const struct step *step)
{
    return step == &vector->plan->steps[0] &&
           (stand_in_registers(vector->plan) || stand_in_registering(vector->plans, vector->plan));
}

static void add_wrong(void *context, const char *word, const char *value)
{
    const struct wrong *wrong = context;
    const char *name = wrong->step->parameter->name;
    const char *arrive;

    if (text_equal(word, "of a closed connection") && is_for_callbacks(wrong->vector, wrong->step))
        return;
    const struct line line = {
        .plan = wrong->vector->plan,
        .arguments = arguments_of(wrong->vector, wrong->step, value, &arrive),
        .calls = "[]",
        /* An entry of typed parameters is named by its key. */
        .outcome = arena_printf("{\"wrong-use\": \"%s\"}", wrong->step->pattern == PATTERN_PARAMS &&
                                                                   text_equal(word, "bad item")
                                                               ? "third"
                                                               : name),
        .wrong = word,
        .argument = name,
        .is_alone = vector_is_alone(wrong->vector->plan),
        /* Where a language takes it. */
        .then = stand_in_registers(wrong->vector->plan) ? vector_undoing(wrong->vector) : NULL,
    };

    add_line(wrong->file, &line);
}

/* The receiver, or what stands in its place, and no other argument. */
static const char *too_few(const struct vector *vector)
{
    const struct plan *plan = vector->plan;
    struct canonical given = {0}, arrives = {0};
    size_t needed = 0;

    for (size_t i = 0; i < plan->step_count; i++)
        needed += plan->steps[i].asked && plan->steps[i].pattern != PATTERN_FLAGS &&
                  !plan->steps[i].optional && !plan->steps[i].nullable;
    if (needed < 2)
        return NULL;
    canonical_open(&given, '[');
    vector_input(vector, &plan->steps[0], &given, &arrives);
    canonical_close(&given, ']');
    canonical_release(&arrives);
    return plan->steps[0].asked ? vector_text(&given) : NULL;
}

static void add_wrong_uses(struct buffer *file, const struct plans *plans, const struct plan *plan)
{
    const struct vector vector = vector_new(plans, plan, 0);
    struct line line = {.plan = plan, .calls = "[]", .outcome = "{\"wrong-use\": null}"};
    const char *arrive;

    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].asked) {
            struct wrong wrong = {file, &vector, &plan->steps[i]};
            vector_wrong(plans, &plan->steps[i], add_wrong, &wrong);
        }
    line.wrong = "too many arguments";
    line.arguments = arguments_of(&vector, NULL, NULL, &arrive);
    line.has_surplus = true;
    add_line(file, &line);
    line.wrong = "too few arguments";
    line.arguments = too_few(&vector);
    line.has_surplus = false;
    if (line.arguments)
        add_line(file, &line);
}

void emit_vectors(const struct plans *plans, struct output *output)
{
    struct buffer file = {0};

    add_makers(&file, plans);
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        if (plan->kind == PLAN_HELPER)
            continue;
        /* What takes callbacks back is played behind what registers them. */
        if (!stand_in_registering(plans, plan))
            for (unsigned number = 0; number < vectors_needed(plans, plan); number++)
                add_success(&file, plans, plan, number);
        if (can_be_failed(plans, plan)) {
            add_failure(&file, plans, plan, 0);
            add_failure(&file, plans, plan, 1);
        }
        add_refusal(&file, plans, plan, 0);
        add_refusal(&file, plans, plan, 3);
        add_wrong_uses(&file, plans, plan);
    }
    output_add(output, "vectors.jsonl", &file);
}
