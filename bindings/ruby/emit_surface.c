/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where Ruby has each function. The rules are those of the established binding; besides what all
 * languages take from the names file (surface.h):
 *
 *     virDomainRestore
 *         class Libvirt::Domain    # a method of this class, which C does not take
 *         singleton Libvirt::Domain   # or of this class itself, not of its objects
 *         alone                    # not merged with the function without flags
 *     virNodeDeviceDetachFlags
 *         plain virNodeDeviceDettach  # merged with this one
 */
#include <string.h>

#include "emit.h"
#include "json.h"

/* ---- classes ---- */

const char *ruby_module_of(enum library library)
{
    return library == LIBRARY_ADMIN ? "Libvirt::Admin" : "Libvirt";
}

const char *ruby_bare_name(const struct handle *handle)
{
    return handle->name + strlen(handle->library == LIBRARY_ADMIN ? "virAdm" : "vir");
}

/* Snapshots and the like stand within what they belong to: Libvirt::Domain::Snapshot. */
static const char *class_by_rule(const struct handle *handle, const struct handle *parent)
{
    const char *bare = ruby_bare_name(handle);

    if (parent && text_starts(handle->name, parent->name))
        return arena_printf("%s::%s", class_by_rule(parent, NULL),
                            handle->name + strlen(parent->name));
    return arena_printf("%s::%s", ruby_module_of(handle->library), bare);
}

char *ruby_class_of(const struct surface *surface, const struct handle *handle)
{
    const struct handle_plan *plan = plans_handle(surface->emission->plans, handle);

    return arena_copy(class_by_rule(handle, plan->parent));
}

char *ruby_file_name(const char *module)
{
    const char *const *words;
    char *name = arena_copy(module);
    char *to = name;

    for (const char *from = name; *from; from++)
        if (*from != ':')
            *to++ = *from;
    *to = '\0';
    return name_snake(words, name_words(name, &words));
}

/* ---- what differs by its flags alone ---- */

/* Arguments that both have come first, in the same order. */
static bool takes_less(const struct plan *plain, const struct plan *plan)
{
    size_t j = 0;

    if (plain->step_count >= plan->step_count)
        return false;
    for (size_t i = 0; i < plan->step_count && j < plain->step_count; i++)
        if (text_equal(plain->steps[j].parameter->type.text, plan->steps[i].parameter->type.text) &&
            plain->steps[j].pattern == plan->steps[i].pattern)
            j++;
    return j == plain->step_count;
}

const struct plan *ruby_plain(const struct surface *surface, const struct plan *plan)
{
    const char *bare = names_text(surface->emission->names, plan->function->name, "plain",
                                  ruby_without_flags(plan->function->name));
    const struct plan *plain;

    if (bare == plan->function->name || plan->kind != PLAN_PLANNED)
        return NULL;
    plain = plans_find(surface->emission->plans, bare);
    if (!plain || plain->kind != PLAN_PLANNED || !takes_less(plain, plan) ||
        plain->result.pattern != plan->result.pattern)
        return NULL;
    return names_fact(surface->emission->names, plan->function->name, "alone") ? NULL : plain;
}

bool ruby_is_merged(const struct surface *surface, const struct plan *plan)
{
    const struct plans *plans = surface->emission->plans;

    for (size_t i = 0; i < plans->plan_count; i++)
        if (ruby_plain(surface, &plans->plans[i]) == plan)
            return true;
    return false;
}

/* ---- places ---- */

bool ruby_is_setter(const struct bound_function *function)
{
    return text_ends(function->name, "=");
}

bool ruby_is_idle_without(const struct bound_function *function, const struct step *step)
{
    return ruby_is_setter(function) && step->pattern == PATTERN_PARAMS && !step->nullable;
}

char *ruby_path(const struct bound_function *function)
{
    return arena_printf("%s%s%s", function->class_name ? function->class_name : function->module,
                        function->class_name ? "#" : ".", function->name);
}

static void place(const struct surface *surface, struct bound_function *function)
{
    const struct names *names = surface->emission->names;
    const struct plan *plan = function->plan;
    const char *c_name = plan->function->name;
    const struct handle *self = plan_self(plan);
    const struct fact *class_fact = names_fact(names, c_name, "class");
    const struct fact *singleton = names_fact(names, c_name, "singleton");

    function->module =
        singleton ? fact_text(singleton, 0) : ruby_module_of(plan->function->library);
    function->class_name = class_fact           ? fact_text(class_fact, 0)
                           : self && !singleton ? ruby_class_of(surface, self)
                                                : NULL;
    function->self_is_argument = self && !class_fact && !singleton;
    function->name = names_text(names, c_name, "name", ruby_name_by_rule(surface, plan));
}

static char *parameter_name(const char *c_name)
{
    return ruby_joined(ruby_snake(c_name));
}

/* For tools: the class of its exception, what that says has failed, and its other names. */
static void describe(const struct surface *surface, const struct bound_function *function,
                     struct buffer *members)
{
    const struct plan *plan = function->plan;
    const char *reported = ruby_reported_name(surface, plan);
    struct buffer items = {0};
    size_t count;
    const char *const *others = ruby_other_names(surface, function, &count);

    json_member(members, "error",
                json_string(arena_printf("Libvirt::%s", ruby_error_class(surface, plan))));
    if (!text_equal(reported, plan->function->name))
        json_member(members, "reported-as", json_string(reported));
    for (size_t i = 0; i < count; i++)
        json_item(&items, json_string(others[i]));
    if (count)
        json_member(members, "also", json_array(&items));
}

static const struct surface_rules rules = {
    .title = "Ruby",
    .nothing = "nil",
    .records = "dict",
    .release = "free",
    .plain = ruby_plain,
    .takes_list = ruby_is_setter,
    .is_idle_without = ruby_is_idle_without,
    .leaves_out_nullable = true,
    .path = ruby_path,
    .class_name = ruby_class_of,
    .class_of = ruby_class_of,
    .place_constant = ruby_place_constant,
    .place = place,
    .parameter_name = parameter_name,
    .describe = describe,
};

struct surface *ruby_surface(const struct emission *emission)
{
    return surface_make(emission, &rules);
}
