/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Python sees of each function: module, class, name, parameters, defaults. The rules are
 * those of the established binding; what they do not give is data in the names file:
 *
 *     virDomainRestore
 *         parameter from frm       # another name for an argument
 *         default dxml None        # may be left out
 *         required flags           # flags that may not
 *         without flags            # an argument that Python does not give: 0 is passed
 *         name restore             # another name than the rule gives
 *         class virConnect         # a method of this class, which C does not take
 *         by-hand                  # written in overrides/, though it could be generated
 *         takes files []           # the arguments of what is written by hand, one a line
 *         takes-nothing
 */
#include "emit.h"

#include <ctype.h>
#include <string.h>

static const struct {
    enum library library;
    const char *module;
} modules[] = {
    {LIBRARY_LIBVIRT, "libvirt"},
    {LIBRARY_QEMU, "libvirt_qemu"},
    {LIBRARY_LXC, "libvirt_lxc"},
    {LIBRARY_ADMIN, "libvirt_admin"},
};

const char *python_module_of(enum library library)
{
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (modules[i].library == library)
            return modules[i].module;
    bug("no Python module for library %d", library);
}

static const char *lower_first(const char *text)
{
    char *copy = arena_copy(text);

    copy[0] = (char)tolower((unsigned char)copy[0]);
    return copy;
}

static const char *without(const char *text, const char *prefix)
{
    return text_starts(text, prefix) ? text + strlen(prefix) : text;
}

/* GetInfo -> info, GetXMLDesc -> XMLDesc; connections keep their Get. */
static const char *method_name(const char *verb, bool keeps_get)
{
    if (keeps_get || !text_starts(verb, "Get") || !verb[3])
        return lower_first(verb);
    verb += 3;
    return isupper((unsigned char)verb[0]) && isupper((unsigned char)verb[1]) ? verb
                                                                              : lower_first(verb);
}

/* What another class makes: NetworkLookupByName -> networkLookupByName. */
static const char *factory_name(const char *rest)
{
    if (text_starts(rest, "NWFilter"))
        return arena_printf("nwf%s", rest + 3);
    return lower_first(rest);
}

static const char *name_by_rule(const struct plan *plan, const struct handle *self)
{
    const char *name = plan->function->name;
    const char *rest = without(name, "vir");

    if (!self && plan->function->library != LIBRARY_QEMU && plan->function->library != LIBRARY_LXC)
        return name;
    if (!self)
        return lower_first(without(without(rest, "Connect"), "Domain"));
    const bool is_connection = text_ends(self->name, "Connect");
    if (text_starts(name, self->name))
        return method_name(name + strlen(self->name), is_connection);
    if (is_connection && text_starts(rest, "Node") && !text_starts(rest, "NodeDevice"))
        return lower_first(rest + strlen("Node"));
    if (is_connection && text_starts(rest, "Domain"))
        return lower_first(rest + strlen("Domain"));
    return factory_name(rest);
}

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

static void add_parameter(struct python_function *function, const char *name, const char *value,
                          const struct step *step)
{
    *VECTOR_ADD(function->parameters, function->parameter_count) =
        (struct python_parameter){.name = name, .value = value, .step = step};
}

/* `takes NAME [VALUE]` */
static bool take_from_names(const struct surface *surface, struct python_function *function)
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

/* `default ARGUMENT VALUE`; None is for what may be NULL. */
static const char *default_text(const struct python_function *function, const struct step *step,
                                const struct fact *fact)
{
    const char *value = fact_text(fact, 1);

    if (text_equal(value, "None") && !step->nullable)
        fact_error(fact, "%s of %s is not nullable, so None cannot be its default",
                   step->parameter->name, function->plan->function->name);
    return value;
}

static void take_from_plan(const struct surface *surface, struct python_function *function)
{
    const char *subject = function->plan->function->name;

    for (size_t i = function->self_is_argument; i < function->plan->step_count; i++) {
        const struct step *step = &function->plan->steps[i];
        const struct fact *fact;
        const char *name = step->parameter->name;
        const char *value =
            step->pattern == PATTERN_FLAGS && text_equal(name, "flags") ? "0" : NULL;

        if (!step->asked || surface_has_fact(surface, subject, "without", name, NULL))
            continue;
        if (surface_has_fact(surface, subject, "default", name, &fact))
            value = default_text(function, step, fact);
        if (surface_has_fact(surface, subject, "required", name, NULL))
            value = NULL;
        if (surface_has_fact(surface, subject, "parameter", name, &fact))
            name = fact_text(fact, 1);
        add_parameter(function, name, value, step);
    }
}

/* What may be left out stands behind all that may not. */
static void count_required(struct python_function *function)
{
    function->required = function->parameter_count;
    while (function->required && function->parameters[function->required - 1].value)
        function->required--;
    for (size_t i = 0; i < function->required; i++)
        function->parameters[i].value = NULL;
}

static struct python_function function_of(const struct surface *surface, const struct plan *plan)
{
    const struct names *names = surface->emission->names;
    const char *c_name = plan->function->name;
    struct python_function function = {.plan = plan};
    const struct handle *self = plan_self(plan);
    const struct fact *class_fact = names_fact(names, c_name, "class");

    if (self && self->library != plan->function->library)
        self = NULL;
    function.module = python_module_of(plan->function->library);
    function.class_name = class_fact ? fact_text(class_fact, 0) : self ? self->name : NULL;
    function.self_is_argument = self && !class_fact;
    function.name = names_text(names, c_name, "name", name_by_rule(plan, self));
    function.by_hand = plan->kind == PLAN_OVERRIDE || names_fact(names, c_name, "by-hand") != NULL;
    if (!function.by_hand || !take_from_names(surface, &function))
        take_from_plan(surface, &function);
    count_required(&function);
    return function;
}

/* Handles that libvirt lends are attributes of the objects: connect(), domain(). */
static bool is_visible(const struct plan *plan)
{
    return plan->kind != PLAN_HELPER &&
           (plan->kind == PLAN_OVERRIDE || plan->result.pattern != PATTERN_BORROWED_HANDLE);
}

struct surface *surface_make(const struct emission *emission)
{
    struct surface *surface = arena_allocate(sizeof *surface);

    surface->emission = emission;
    for (size_t i = 0; i < emission->plans->plan_count; i++) {
        const struct plan *plan = &emission->plans->plans[i];
        if (is_visible(plan))
            *VECTOR_ADD(surface->functions, surface->function_count) = function_of(surface, plan);
    }
    return surface;
}

bool surface_lends(const struct surface *surface, const struct plan *plan,
                   struct python_function *function)
{
    if (is_visible(plan) || plan->kind == PLAN_HELPER)
        return false;
    *function = function_of(surface, plan);
    return true;
}

const struct python_function *surface_find(const struct surface *surface, const char *c_name)
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

char *python_parameters(const struct python_function *function, const char *first)
{
    struct buffer buffer = {0};

    if (first)
        buffer_add(&buffer, first);
    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct python_parameter *parameter = &function->parameters[i];
        buffer_printf(&buffer, "%s%s", first || i ? ", " : "", parameter->name);
        if (parameter->value)
            buffer_printf(&buffer, "=%s", parameter->value);
    }
    return arena_copy(buffer_text(&buffer));
}

char *python_path(const struct python_function *function, bool with_module)
{
    return arena_printf("%s%s%s%s%s", with_module || !function->class_name ? function->module : "",
                        with_module || !function->class_name ? "." : "",
                        function->class_name ? function->class_name : "",
                        function->class_name ? "." : "", function->name);
}
