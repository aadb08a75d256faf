/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where Python has each function, and what it calls it. The rules are those of the established
 * binding; besides what all languages take from the names file (surface.h):
 *
 *     virDomainRestore
 *         class virConnect         # a method of this class, which C does not take
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

static void place(const struct surface *surface, struct bound_function *function)
{
    const struct names *names = surface->emission->names;
    const struct plan *plan = function->plan;
    const char *c_name = plan->function->name;
    const struct handle *self = plan_self(plan);
    const struct fact *class_fact = names_fact(names, c_name, "class");

    if (self && self->library != plan->function->library)
        self = NULL;
    function->module = python_module_of(plan->function->library);
    function->class_name = class_fact ? fact_text(class_fact, 0) : self ? self->name : NULL;
    function->self_is_argument = self && !class_fact;
    function->name = names_text(names, c_name, "name", name_by_rule(plan, self));
}

static char *path(const struct bound_function *function)
{
    return python_path(function, true);
}

static char *class_name(const struct surface *surface, const struct handle *handle)
{
    (void)surface;
    return arena_copy(handle->name);
}

static char *class_of(const struct surface *surface, const struct handle *handle)
{
    (void)surface;
    return arena_printf("%s.%s", python_module_of(handle->library), handle->name);
}

static struct constant_place place_constant(const struct surface *surface,
                                            const struct constant *constant)
{
    (void)surface;
    return (struct constant_place){python_module_of(constant->library), constant->name};
}

static const struct surface_rules rules = {
    .title = "Python",
    .nothing = "None",
    .records = "list",
    .answers_numbers = true,
    .path = path,
    .class_name = class_name,
    .class_of = class_of,
    .place_constant = place_constant,
    .place = place,
};

struct surface *python_surface(const struct emission *emission)
{
    return surface_make(emission, &rules);
}

char *python_path(const struct bound_function *function, bool with_module)
{
    return arena_printf("%s%s%s%s%s", with_module || !function->class_name ? function->module : "",
                        with_module || !function->class_name ? "." : "",
                        function->class_name ? function->class_name : "",
                        function->class_name ? "." : "", function->name);
}
