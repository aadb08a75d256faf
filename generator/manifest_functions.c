/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A language's manifest: where it has each function, what its parameters are made from, and the
 * shapes of values. What the names file states of callables:
 *
 *     virErrorFunc
 *         gives userData error     # what a callable gets, in its order; as a rule all that
 *                                  # C passes but lengths, and the opaque value last
 */
#include <string.h>

#include "manifest.h"
#include "origins.h"
#include "shapes.h"
#include "surface.h"

/* ---- parameters ---- */

static const char *origin_names(const struct origin *origin)
{
    struct buffer items = {0};

    if (origin->count == 1)
        return json_string(origin->steps[0]->parameter->name);
    for (size_t i = 0; i < origin->count; i++)
        json_item(&items, json_string(origin->steps[i]->parameter->name));
    return json_array(&items);
}

static const char *origin_keys(const struct origin *origin)
{
    struct buffer items = {0};
    char *keys = arena_copy(origin->keys ? origin->keys : "");
    char *rest = NULL;

    for (char *key = strtok_r(keys, ",", &rest); key; key = strtok_r(NULL, ",", &rest))
        json_item(&items, json_string(key));
    if (origin->keys)
        return json_array(&items);
    for (size_t i = 0; i < origin->count; i++)
        json_item(&items, json_string(origin->steps[i]->parameter->name));
    return json_array(&items);
}

/* A language's text of a default is JSON's but for nothing. */
static const char *default_value(const struct surface *surface, const char *text)
{
    return text_equal(text, surface->rules->nothing) ? "null" : text;
}

static bool is_plain(const char *shape)
{
    return text_equal(shape, "\"integer\"") || text_equal(shape, "\"double\"") ||
           text_equal(shape, "\"text\"");
}

/* NULL: it is as JSON has it, or made otherwise. */
static const char *parameter_shape(const struct surface *surface, const struct origin *origin)
{
    const char *shape = origin->member ? member_shape(surface, origin->steps[0], origin->member)
                        : origin->as   ? NULL
                                       : step_shape(surface, origin->steps[0]);

    return shape && !is_plain(shape) ? shape : NULL;
}

static char *parameter_text(const struct surface *surface, const struct bound_function *function,
                            const struct bound_parameter *parameter)
{
    const struct origin origin = parameter_origin(surface, function, parameter);
    struct buffer members = {0};

    json_member(&members, "name", json_string(parameter->name));
    if (!origin.count)
        return json_object(&members);
    json_member(&members, "from", origin_names(&origin));
    if (origin.as)
        json_member(&members, "as", json_string(origin.as));
    if (origin.member)
        json_member(&members, "member", json_string(origin.member));
    if (origin.as && text_starts(origin.as, "record"))
        json_member(&members, "keys", origin_keys(&origin));
    if (function->block && text_equal(function->block, parameter->name))
        json_member(&members, "block", json_boolean(true));
    if (parameter->step && surface->rules->is_idle_without &&
        surface->rules->is_idle_without(function, parameter->step))
        json_member(&members, "idle-without", json_boolean(true));
    json_member(&members, "required", json_boolean(!parameter->value));
    if (parameter->value)
        json_member(&members, "default", default_value(surface, parameter->value));
    if (parameter_shape(surface, &origin))
        json_member(&members, "shape", parameter_shape(surface, &origin));
    return json_object(&members);
}

/* C's arguments that the language always gives something for: `never-null auth`. */
static void add_never_null(struct buffer *members, const struct surface *surface,
                           const struct plan *plan)
{
    const struct fact *fact =
        names_fact(surface->emission->names, plan->function->name, "never-null");
    struct buffer items = {0};

    for (size_t i = 0; fact && i < fact->word_count; i++)
        json_item(&items, json_string(fact->words[i]));
    if (fact)
        json_member(members, "never-null", json_array(&items));
}

static char *parameters_text(const struct surface *surface, const struct bound_function *function)
{
    struct buffer items = {0};

    for (size_t i = 0; i < function->parameter_count; i++)
        json_item(&items, parameter_text(surface, function, &function->parameters[i]));
    if (function->block) {
        const struct bound_parameter block = {.name = function->block,
                                              .value = surface->rules->nothing};
        json_item(&items, parameter_text(surface, function, &block));
    }
    return json_array(&items);
}

/* ---- the receiver ---- */

/* The function that leads from a handle to the one it belongs to. */
static const struct plan *leading(const struct surface *surface, const struct handle *from,
                                  const char *to)
{
    const struct plans *plans = surface->emission->plans;

    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];
        if (plan->result.pattern == PATTERN_BORROWED_HANDLE && plan->kind != PLAN_HELPER &&
            plan_self(plan) == from &&
            text_equal(surface->rules->class_name(surface, plan->result.handle), to))
            return plan;
    }
    return NULL;
}

/* Of a method whose receiver C does not take: an argument that leads to it. */
static void add_distant_receiver(struct buffer *members, const struct surface *surface,
                                 const struct bound_function *function)
{
    const struct plan *plan = function->plan;

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const struct plan *through = step->handle && step->asked
                                         ? leading(surface, step->handle, function->class_name)
                                         : NULL;
        if (!through)
            continue;
        json_member(members, "self", json_string(step->parameter->name));
        json_member(members, "through", json_string(through->function->name));
        return;
    }
    error_at(plan->function->location, "no argument of %s leads to a %s, whose method %s has",
             plan->function->name, function->class_name, surface->rules->title);
}

static void add_receiver(struct buffer *members, const struct surface *surface,
                         const struct bound_function *function)
{
    if (function->self_is_argument)
        json_member(members, "self", json_string(function->plan->steps[0].parameter->name));
    else if (function->class_name)
        add_distant_receiver(members, surface, function);
}

/* ---- functions ---- */

/* The function that is called instead where these arguments are 0 or nothing. */
static void add_plain(struct buffer *members, const struct plan *plan, const struct plan *plain)
{
    struct buffer without = {0}, inner = {0};

    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].asked && plan_lacks(plain, plan, &plan->steps[i]))
            json_item(&without, json_string(plan->steps[i].parameter->name));
    json_member(&inner, "function", json_string(plain->function->name));
    json_member(&inner, "without", json_array(&without));
    json_member(members, "plain", json_object(&inner));
}

/* The function that this one is called for, because it takes more; NULL: none is. */
static const char *merged_into(const struct surface *surface, const struct plan *plan)
{
    for (size_t i = 0; surface->rules->plain && i < surface->function_count; i++)
        if (surface->rules->plain(surface, surface->functions[i].plan) == plan)
            return surface->functions[i].plan->function->name;
    return NULL;
}

static void add_function(struct manifest *manifest, const struct surface *surface,
                         const struct bound_function *function)
{
    const struct plan *plain =
        surface->rules->plain ? surface->rules->plain(surface, function->plan) : NULL;
    struct buffer members = {0};

    manifest_function(&members, function->plan);
    json_member(&members, "signature",
                json_string(arena_printf("%s(%s)", surface->rules->path(function),
                                         bound_parameters(function, NULL))));
    json_member(&members, "module", json_string(function->module));
    if (function->class_name)
        json_member(&members, "class", json_string(function->class_name));
    json_member(&members, "name", json_string(function->name));
    add_receiver(&members, surface, function);
    json_member(&members, "parameters", parameters_text(surface, function));
    add_never_null(&members, surface, function->plan);
    json_member(&members, "result", answer_shape(surface, function));
    if (surface->rules->takes_list && surface->rules->takes_list(function) &&
        (function->parameter_count > 1 || merged_into(surface, function->plan)))
        json_member(&members, "takes-list", json_boolean(true));
    if (merged_into(surface, function->plan))
        json_member(&members, "part-of", json_string(merged_into(surface, function->plan)));
    if (plain)
        add_plain(&members, function->plan, plain);
    if (!text_equal(untold_answers(surface, function), "[]"))
        json_member(&members, "untold", untold_answers(surface, function));
    if (surface->rules->describe)
        surface->rules->describe(surface, function, &members);
    manifest_add(&manifest->functions, function->plan->function->name, &members);
}

/* What ends a handle where a program may do so. */
static bool is_release(const struct surface *surface, const struct plan *plan,
                       struct bound_function *function)
{
    const struct handle *self = plan_self(plan);

    if (!surface->rules->release || plan->kind != PLAN_HELPER || !self ||
        !text_equal(plans_handle(surface->emission->plans, self)->release, plan->function->name))
        return false;
    *function = (struct bound_function){.plan = plan,
                                        .name = surface->rules->release,
                                        .class_name = surface->rules->class_name(surface, self),
                                        .self_is_argument = true};
    function->module = function->class_name;
    return true;
}

static void add_functions(struct manifest *manifest, const struct surface *surface)
{
    const struct plans *plans = surface->emission->plans;

    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];
        const struct bound_function *function = surface_find(surface, plan->function->name);
        struct bound_function lent;

        if (function)
            add_function(manifest, surface, function);
        else if (surface_lends(surface, plan, &lent) || is_release(surface, plan, &lent))
            add_function(manifest, surface, &lent);
    }
}

/* ---- callbacks ---- */

/* An event loop's function is given a callback of libvirt's with its opaque value: both are only
 * for handing back. */
static bool gives_callbacks(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_CALLBACK)
            return true;
    return false;
}

static bool is_libvirts(const struct plan *plan, const struct step *step)
{
    return gives_callbacks(plan) && pattern_role(step->pattern) == ROLE_CALLBACK;
}

static void add_given(struct buffer *items, const struct surface *surface, const struct plan *plan,
                      const struct step *step)
{
    struct buffer members = {0};

    manifest_argument(&members, step);
    json_member(&members, "shape",
                is_libvirts(plan, step) ? json_string("null") : step_shape(surface, step));
    json_item(items, json_object(&members));
}

static bool has_word(const struct fact *fact, const char *word)
{
    for (size_t i = 0; i < fact->word_count; i++)
        if (text_equal(fact->words[i], word))
            return true;
    return false;
}

static bool is_given(const struct step *step)
{
    return step->pattern != PATTERN_LENGTH && step->pattern != PATTERN_FREE_CALLBACK;
}

static void add_by_rule(struct buffer *items, const struct surface *surface,
                        const struct plan *plan)
{
    for (int is_opaque = 0; is_opaque < 2; is_opaque++)
        for (size_t i = 0; i < plan->step_count; i++)
            if (is_given(&plan->steps[i]) &&
                (plan->steps[i].pattern == PATTERN_OPAQUE) == is_opaque)
                add_given(items, surface, plan, &plan->steps[i]);
}

static void add_stated(struct buffer *items, const struct surface *surface, const struct plan *plan,
                       const struct fact *fact)
{
    for (size_t i = 0; i < fact->word_count; i++) {
        const struct step *step = plan_step(plan, fact->words[i]);
        if (step)
            add_given(items, surface, plan, step);
        else
            fact_error(fact, "%s is not given %s", plan->function->name, fact->words[i]);
    }
}

/* The places, among all that C's callbacks are told, of what a callable is not given. */
static char *left_out_text(const struct plan *plan, const struct fact *fact, const char *left_out)
{
    struct buffer items = {0};
    size_t place = 0;

    for (size_t i = 0; i < plan->step_count; i++) {
        const char *name = plan->steps[i].parameter->name;

        if (text_equal(name, left_out))
            json_item(&items, arena_printf("%zu", place));
        if (text_equal(name, left_out) || has_word(fact, name))
            place++;
    }
    if (!items.length)
        fact_error(fact, "%s has no %s", plan->function->name, left_out);
    return json_array(&items);
}

/* Called for each of a list in turn, with records that hold the opaque value, too. */
static char *each_text(const struct fact *fact)
{
    const char *opaque = fact_option(fact, "opaque");
    const char *filled = fact_option(fact, "filled");
    struct buffer members = {0};

    if (!opaque || !filled)
        fact_error(fact, "as=each needs opaque=KEY and filled=KEY");
    json_member(&members, "opaque", json_string(opaque ? opaque : ""));
    json_member(&members, "filled", json_string(filled ? filled : ""));
    return json_object(&members);
}

static void add_parameters(struct buffer *members, const struct surface *surface,
                           const struct plan *plan)
{
    const struct fact *fact =
        notes_last(surface->emission->names->notes, plan->function->name, "gives");
    struct buffer by_rule = {0}, stated = {0};
    const char *rule;

    add_by_rule(&by_rule, surface, plan);
    rule = json_array(&by_rule);
    if (!fact) {
        json_member(members, "parameters", rule);
        return;
    }
    add_stated(&stated, surface, plan, fact);
    json_member(members, "parameters", json_array(&stated));
    if (fact_option(fact, "as"))
        json_member(members, "each", each_text(fact));
    if (fact_option(fact, "without"))
        json_member(members, "left-out", left_out_text(plan, fact, fact_option(fact, "without")));
    names_settled(fact, fact_option(fact, "as") ||
                            !text_equal(buffer_text(&stated), buffer_text(&by_rule)));
}

static void add_callbacks(struct manifest *manifest, const struct surface *surface)
{
    const struct plans *plans = surface->emission->plans;

    for (size_t i = 0; i < plans->callback_plan_count; i++) {
        const struct plan *plan = &plans->callback_plans[i];
        struct buffer members = {0};

        if (!manifest_has_callback(plans, api_callback(plans->api, plan->function->name)))
            continue;
        add_parameters(&members, surface, plan);
        json_member(&members, "result", callback_answer_shape(surface, plan));
        manifest_add(&manifest->callbacks, plan->function->name, &members);
    }
}

/* ---- handles and constants ---- */

static void add_handles(struct manifest *manifest, const struct surface *surface)
{
    const struct plans *plans = surface->emission->plans;

    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const struct handle_plan *plan = &plans->handle_plans[i];
        struct buffer members = {0};

        json_member(&members, "class",
                    json_string(surface->rules->class_of(surface, plan->handle)));
        manifest_handle(&members, plans, plan);
        manifest_add(&manifest->handles, plan->handle->name, &members);
    }
}

static void add_constants(struct manifest *manifest, const struct surface *surface)
{
    const struct api *api = surface->emission->plans->api;

    for (size_t i = 0; i < api->constant_count; i++) {
        const struct constant *constant = &api->constants[i];
        struct buffer members = {0};

        if (surface_has_constant(surface, constant)) {
            const struct constant_place where = surface->rules->place_constant(surface, constant);
            json_member(&members, "module", json_string(where.module));
            json_member(&members, "name", json_string(where.name));
            manifest_constant(&members, constant);
        } else if (constant->is_sentinel) {
            continue;
        } else {
            json_member(&members, "left-out", json_boolean(true));
        }
        manifest_add(&manifest->constants, constant->name, &members);
    }
}

void surface_manifest(const struct surface *surface, struct output *output)
{
    struct manifest manifest = {.language = surface->emission->names->language};

    add_handles(&manifest, surface);
    add_callbacks(&manifest, surface);
    add_constants(&manifest, surface);
    add_functions(&manifest, surface);
    manifest_write(&manifest, surface->emission->plans, output);
}
