/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vectors.jsonl: first how handles are made, then each function's vectors: those that succeed, two
 * that fail, and one for each wrong use. */
#include "emit_vectors.h"

#include <stdlib.h>
#include <string.h>

#include "emit_stand_in.h"

/* ---- what is played otherwise ---- */

/* Callbacks without a free callback, but with opaque: called before the function returns. */
static bool calls_back_at_once(const struct plan *plan)
{
    return stand_in_step(plan, PATTERN_CALLBACK) && stand_in_step(plan, PATTERN_OPAQUE) &&
           !stand_in_registers(plan);
}

/* An event loop of the program's own, once a process and not beside the default one. */
static bool has_callbacks_alone(const struct plan *plan)
{
    return plan->steps && plan->steps[0].pattern == PATTERN_CALLBACK &&
           !stand_in_step(plan, PATTERN_OPAQUE);
}

/* Ending a handle and taking a callback back cannot fail without a mistake of the caller's; what an
 * object belongs to, a language knows; and a function that is made of others fails with them. */
static bool can_be_failed(const struct plans *plans, const struct plan *plan)
{
    const struct handle *self = plan_self(plan);

    return plan->failure != FAILURE_NONE && plan->result.pattern != PATTERN_BORROWED_HANDLE &&
           !(self && text_equal(plans_handle(plans, self)->release, plan->function->name)) &&
           !stand_in_registering(plans, plan) && !calls_back_at_once(plan);
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

static const char *taken(struct canonical *text)
{
    const char *copy = arena_copy(text->data);

    canonical_release(text);
    return copy;
}

static struct vector vector_of(const struct plans *plans, const struct plan *plan, unsigned number)
{
    return (struct vector){plans, plan, {plan->function->name, number, NULL}, {0}};
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
    *arrive = taken(&arrives);
    return taken(&given);
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
 * to; what calls back at once may be made of other functions. */
static bool is_asked_otherwise(const struct vector *vector)
{
    const struct plan *plan = vector->plan;

    return asks_for_nothing(vector) || plan->collected_by_hand ||
           plan->result.pattern == PATTERN_BORROWED_HANDLE || calls_back_at_once(plan);
}

static const char *calls_of(const struct vector *vector, const char *arrive)
{
    const struct plan *plan = vector->plan;

    return is_asked_otherwise(vector) ? NULL
                                      : arena_printf("[{\"function\": \"%s\", \"arguments\": %s}]",
                                                     plan->function->name, arrive);
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
            const struct vector vector = vector_of(plans, plan, 0);
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

static const struct plan *callback_plan(const struct vector *vector)
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

/* The function that takes the callback back, with the arguments that it shares with this one. */
static const char *undoing(const struct vector *vector)
{
    for (size_t i = 0; i < vector->plans->plan_count; i++) {
        const struct plan *other = &vector->plans->plans[i];
        const char *registering = stand_in_registering(vector->plans, other);
        struct canonical given = {0}, arrives = {0};

        if (!registering || !text_equal(registering, vector->plan->function->name))
            continue;
        const struct vector undone = vector_of(vector->plans, other, vector->grid.vector);
        canonical_open(&given, '[');
        for (size_t j = 0; j < other->step_count; j++)
            if (other->steps[j].pattern == PATTERN_INT)
                canonical_raw(&given, "{\"$answer\": true}");
            else
                vector_input(&undone, &other->steps[j], &given, &arrives);
        canonical_close(&given, ']');
        canonical_release(&arrives);
        return arena_printf("{\"function\": \"%s\", \"arguments\": %s}", other->function->name,
                            taken(&given));
    }
    error_at(vector->plan->function->location, "%s: no function takes back what it registers",
             vector->plan->function->name);
    return "null";
}

static void add_success(struct buffer *file, const struct plans *plans, const struct plan *plan,
                        unsigned number)
{
    struct vector vector = vector_of(plans, plan, number);
    struct canonical answer = {0};
    const char *arrive;
    struct line line = {.plan = plan, .number = number};

    line.arguments = arguments_of(&vector, NULL, NULL, &arrive);
    line.calls = calls_of(&vector, arrive);
    if (has_future_type(&vector)) {
        line.outcome = "{\"wrong-use\": \"param.8\"}";
        line.wrong = "type from the future";
        add_line(file, &line);
        return;
    }
    if (stand_in_registers(plan)) {
        const char *number_text = plan->result.pattern == PATTERN_NUMBER
                                      ? "{\"answer\": {\"$any\": \"integer\"}}"
                                      : "{\"answer\": null}";

        vector_event(&vector, callback_plan(&vector), "\"opaque\"", &answer);
        line.events =
            arena_printf("[{\"callback\": \"called\", \"arguments\": %s}]", taken(&answer));
        line.then = undoing(&vector);
        line.outcome = number_text;
        add_line(file, &line);
        return;
    }
    vector_answer(&vector, &answer);
    line.outcome = arena_printf("{\"answer\": %s}", taken(&answer));
    add_line(file, &line);
}

/* ---- failure ---- */

/* What asks for nothing cannot be failed; an odd number's error lacks a field. */
static struct vector failing_vector(const struct plans *plans, const struct plan *plan,
                                    unsigned number)
{
    struct vector vector = vector_of(plans, plan, number);

    while (asks_for_nothing(&vector))
        vector = vector_of(plans, plan, number += 2);
    return vector;
}

static void add_failure(struct buffer *file, const struct plans *plans, const struct plan *plan,
                        unsigned number)
{
    const struct vector vector = failing_vector(plans, plan, number);
    struct line line = {.plan = plan, .number = vector.grid.vector, .fails = true};
    struct canonical text = {0};
    const char *arrive;

    canonical_open(&text, '{');
    canonical_key(&text, "error");
    vector_error(&vector.grid, &text);
    canonical_close(&text, '}');
    line.arguments = arguments_of(&vector, NULL, NULL, &arrive);
    line.calls = calls_of(&vector, arrive);
    line.outcome = taken(&text);
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
        /* Where a language takes it. */
        .then = stand_in_registers(wrong->vector->plan) ? undoing(wrong->vector) : NULL,
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
    return plan->steps[0].asked ? taken(&given) : NULL;
}

static void add_wrong_uses(struct buffer *file, const struct plans *plans, const struct plan *plan)
{
    const struct vector vector = vector_of(plans, plan, 0);
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
        if (!stand_in_registering(plans, plan) && !has_callbacks_alone(plan))
            for (unsigned number = 0; number < vectors_needed(plans, plan); number++)
                add_success(&file, plans, plan, number);
        if (can_be_failed(plans, plan)) {
            add_failure(&file, plans, plan, 0);
            add_failure(&file, plans, plan, 1);
        }
        add_wrong_uses(&file, plans, plan);
    }
    output_add(output, "vectors.jsonl", &file);
}
