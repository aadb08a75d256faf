/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface.h"

#include <string.h>

const char *surface_fact(const struct surface *surface, const char *subject, const char *key)
{
    const struct fact *fact = names_fact(surface->emission->names, subject, key);

    return fact ? fact_text(fact, 0) : "";
}

bool surface_has_fact(const struct surface *surface, const char *subject, const char *key,
                      const char *word, const struct fact **found)
{
    size_t count;
    const struct fact *facts = notes_find(surface->emission->names->notes, subject, key, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i].word_count && text_equal(facts[i].words[0], word)) {
            fact_used(&facts[i]);
            if (found) {
                struct fact *copy = arena_allocate(sizeof *copy);
                *copy = facts[i];
                *found = copy;
            }
            return true;
        }
    return false;
}

static void add_parameter(struct bound_function *function, const char *name, const char *value,
                          const struct step *step)
{
    *VECTOR_ADD(function->parameters, function->parameter_count) =
        (struct bound_parameter){.name = name, .value = value, .step = step};
}

/* `takes NAME [VALUE]` */
static bool take_from_names(const struct surface *surface, struct bound_function *function)
{
    const char *name = function->plan->function->name;
    struct notes *notes = surface->emission->names->notes;
    size_t count;

    if (names_fact(surface->emission->names, name, "takes-nothing"))
        return true;
    const struct fact *facts = notes_find(notes, name, "takes", &count);
    for (size_t i = 0; i < count; i++) {
        fact_used(&facts[i]);
        add_parameter(function, facts[i].words[0],
                      facts[i].word_count > 1 ? facts[i].words[1] : NULL, NULL);
    }
    return count > 0;
}

/* `default ARGUMENT VALUE`; the language's word for nothing is for what may be NULL. */
static const char *default_text(const struct surface *surface,
                                const struct bound_function *function, const struct step *step,
                                const struct fact *fact)
{
    const char *value = fact_text(fact, 1);

    if (text_equal(value, surface->rules->nothing) && !step->nullable)
        fact_error(fact, "%s of %s is not nullable, so %s cannot be its default",
                   step->parameter->name, function->plan->function->name, surface->rules->nothing);
    return value;
}

static const char *default_of(const struct surface *surface, const struct bound_function *function,
                              const struct step *step)
{
    const char *subject = function->plan->function->name;
    const char *name = step->parameter->name;
    const struct fact *fact;

    if (surface_has_fact(surface, subject, "required", name, NULL))
        return NULL;
    if (surface_has_fact(surface, subject, "default", name, &fact))
        return default_text(surface, function, step, fact);
    if (step->pattern == PATTERN_FLAGS && text_equal(name, "flags"))
        return "0";
    return surface->rules->leaves_out_nullable && step->nullable ? surface->rules->nothing : NULL;
}

static const char *name_of(const struct surface *surface, const char *subject,
                           const struct step *step)
{
    const char *name = step->parameter->name;
    const struct fact *fact;

    if (surface_has_fact(surface, subject, "parameter", name, &fact))
        return fact_text(fact, 1);
    return surface->rules->parameter_name ? surface->rules->parameter_name(name) : name;
}

static void take_from_plan(const struct surface *surface, struct bound_function *function)
{
    const char *subject = function->plan->function->name;

    for (size_t i = function->self_is_argument; i < function->plan->step_count; i++) {
        const struct step *step = &function->plan->steps[i];

        if (step->asked &&
            !surface_has_fact(surface, subject, "without", step->parameter->name, NULL))
            add_parameter(function, name_of(surface, subject, step),
                          default_of(surface, function, step), step);
    }
}

static const struct bound_parameter *parameter_from(const struct bound_function *function,
                                                    const char *c_name)
{
    for (size_t i = 0; i < function->parameter_count; i++)
        if (function->parameters[i].step &&
            text_equal(function->parameters[i].step->parameter->name, c_name))
            return &function->parameters[i];
    return NULL;
}

/* `order ARGUMENT …` */
static void reorder(const struct surface *surface, struct bound_function *function)
{
    const struct fact *fact =
        notes_last(surface->emission->names->notes, function->plan->function->name, "order");
    struct bound_parameter *ordered;
    bool changed = false;

    if (!fact)
        return;
    if (fact->word_count != function->parameter_count) {
        fact_error(fact, "%s takes %zu arguments", function->plan->function->name,
                   function->parameter_count);
        return;
    }
    ordered = arena_allocate(function->parameter_count * sizeof *ordered);
    for (size_t i = 0; i < fact->word_count; i++) {
        const struct bound_parameter *parameter = parameter_from(function, fact->words[i]);

        if (!parameter) {
            fact_error(fact, "%s has no argument %s", function->plan->function->name,
                       fact->words[i]);
            return;
        }
        changed = changed || parameter != &function->parameters[i];
        ordered[i] = *parameter;
    }
    names_settled(fact, changed);
    function->parameters = ordered;
}

/* What may be left out stands behind all that may not. */
static void count_required(struct bound_function *function)
{
    function->required = function->parameter_count;
    while (function->required && function->parameters[function->required - 1].value)
        function->required--;
    for (size_t i = 0; i < function->required; i++)
        function->parameters[i].value = NULL;
}

static struct bound_function function_of(const struct surface *surface, const struct plan *plan)
{
    const struct names *names = surface->emission->names;
    const char *c_name = plan->function->name;
    const struct fact *block = names_fact(names, c_name, "block");
    struct bound_function function = {.plan = plan};

    function.by_hand = plan->kind == PLAN_OVERRIDE || names_fact(names, c_name, "by-hand") != NULL;
    surface->rules->place(surface, &function);
    if (!function.by_hand || !take_from_names(surface, &function))
        take_from_plan(surface, &function);
    reorder(surface, &function);
    count_required(&function);
    function.block = block ? fact_text(block, 0) : NULL;
    return function;
}

/* Handles that libvirt lends are attributes of the objects: connect(), domain(). */
static bool is_visible(const struct plan *plan)
{
    return plan->kind != PLAN_HELPER &&
           (plan->kind == PLAN_OVERRIDE || plan->result.pattern != PATTERN_BORROWED_HANDLE);
}

struct surface *surface_make(const struct emission *emission, const struct surface_rules *rules)
{
    struct surface *surface = arena_allocate(sizeof *surface);

    surface->emission = emission;
    surface->rules = rules;
    for (size_t i = 0; i < emission->plans->plan_count; i++) {
        const struct plan *plan = &emission->plans->plans[i];
        if (is_visible(plan))
            *VECTOR_ADD(surface->functions, surface->function_count) = function_of(surface, plan);
    }
    return surface;
}

bool surface_lends(const struct surface *surface, const struct plan *plan,
                   struct bound_function *function)
{
    if (is_visible(plan) || plan->kind == PLAN_HELPER)
        return false;
    *function = function_of(surface, plan);
    return true;
}

const struct bound_function *surface_find(const struct surface *surface, const char *c_name)
{
    size_t low = 0;
    size_t high = surface->function_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(c_name, surface->functions[middle].plan->function->name);

        if (order == 0)
            return &surface->functions[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct bound_parameter *bound_parameter_of(const struct bound_function *function,
                                                 const struct step *step, size_t *index)
{
    for (*index = 0; *index < function->parameter_count; ++*index)
        if (function->parameters[*index].step == step)
            return &function->parameters[*index];
    return NULL;
}

bool bound_is_self(const struct bound_function *function, const struct step *step)
{
    return function->self_is_argument && step->position == 1;
}

const char *bound_parent(const struct bound_function *function, bool has_self,
                         const char *variables, const char *nothing)
{
    if (has_self)
        return arena_printf("%sself", variables);
    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct step *step = function->parameters[i].step;
        if (step && step->pattern == PATTERN_HANDLE)
            return arena_printf("%sgiven[%zu]", variables, i);
    }
    return nothing;
}

char *bound_parameters(const struct bound_function *function, const char *first)
{
    struct buffer buffer = {0};

    if (first)
        buffer_add(&buffer, first);
    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct bound_parameter *parameter = &function->parameters[i];
        buffer_printf(&buffer, "%s%s", first || i ? ", " : "", parameter->name);
        if (parameter->value)
            buffer_printf(&buffer, "=%s", parameter->value);
    }
    return arena_copy(buffer_text(&buffer));
}

bool surface_has_constant(const struct surface *surface, const struct constant *constant)
{
    const struct names *names = surface->emission->names;
    const char *subject = arena_printf("constant %s", constant->name);

    const bool is_kept = names_fact(names, subject, "keep") != NULL;

    return (is_kept || !constant->is_sentinel) && !names_fact(names, subject, "left-out");
}
