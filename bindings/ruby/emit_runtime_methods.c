/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the runtime gives to classes and modules by itself, for signatures and documentation. */
#include <string.h>

#include "emit.h"

static const struct runtime_method loop_methods[] = {
    {"self.event_invoke_handle_callback", "(watch, fd, events, opaque)",
     "(Integer watch, IO | Integer fd, Integer events, Hash[String, untyped] opaque) -> nil",
     "Tells libvirt that something is ready, from an event loop of the program's own: with the "
     "number and the Hash that addHandle had."},
    {"self.event_invoke_timeout_callback", "(timer, opaque)",
     "(Integer timer, Hash[String, untyped] opaque) -> nil",
     "Tells libvirt that it is time, from an event loop of the program's own: with the number and "
     "the Hash that addTimeout had."},
};

static const struct handle_plan *handle_of(const struct surface *surface, const char *class_name)
{
    const struct plans *plans = surface->emission->plans;

    for (size_t i = 0; i < plans->handle_plan_count; i++)
        if (text_equal(ruby_class_of(surface, plans->handle_plans[i].handle), class_name))
            return &plans->handle_plans[i];
    return NULL;
}

/* "Libvirt::Domain" */
static const char *parent_class(const struct surface *surface, const struct handle_plan *plan)
{
    return plan && plan->parent ? ruby_class_of(surface, plan->parent) : NULL;
}

static struct runtime_method answering(const char *name, const char *class_name, const char *text)
{
    return (struct runtime_method){name, "", arena_printf("() -> %s", class_name), text};
}

const struct runtime_method *ruby_runtime_methods(const struct surface *surface, const char *owner,
                                                  size_t *count)
{
    const struct handle_plan *plan = handle_of(surface, owner);
    const char *parent = parent_class(surface, plan);
    const char *connection = parent ? parent_class(surface, handle_of(surface, parent)) : NULL;
    struct runtime_method *methods = NULL;

    *count = 0;
    if (text_equal(owner, ruby_module_of(LIBRARY_LIBVIRT))) {
        *count = sizeof loop_methods / sizeof *loop_methods;
        return loop_methods;
    }
    if (plan)
        *VECTOR_ADD(methods, *count) = answering(
            "free", "nil",
            parent ? "Gives up the object at once; what is called on it later raises "
                     "ArgumentError. Without it, that happens when the object is collected."
                   : "The same as #close.");
    if (plan && !parent)
        *VECTOR_ADD(methods, *count) =
            answering("closed?", "bool", "Whether the connection was closed by #close.");
    if (parent)
        *VECTOR_ADD(methods, *count) = answering("connection", connection ? connection : parent,
                                                 "The connection that the object belongs to.");
    if (connection)
        *VECTOR_ADD(methods, *count) = answering(ruby_snake(strrchr(parent, ':') + 1), parent,
                                                 "The object that it is a part of.");
    return methods;
}
