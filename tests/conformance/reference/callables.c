/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "callables.h"

#include <limits.h>
#include <stdlib.h>

#include "values.h"

struct callable {
    struct json_object *name;
    struct json_object *returns; /* a list: one after the other, and then the last again */
    size_t next;
    bool raises;
    bool has_opaque;
    struct json_object *opaque;
    struct callable *before, *behind;
};

/* All there are: a driver that has no such events takes a callback and loses it. */
static struct callable *all;

static struct json_object *log_of_events;
static size_t fired;

/* A list stands for one value a call, everything else for itself. */
static struct json_object *returns_of(struct json_object *value)
{
    struct json_object *returns = NULL;
    struct json_object *list;

    json_object_object_get_ex(value, "returns", &returns);
    if (json_object_is_type(returns, json_type_array))
        return json_object_get(returns);
    list = json_object_new_array();
    json_object_array_add(list, json_object_get(returns));
    return list;
}

struct callable *callable_new(struct json_object *value)
{
    struct json_object *name;
    struct json_object *raises = NULL;
    struct callable *callable;

    if (!marked_in(value, "$callback", &name) || !json_object_is_type(name, json_type_string))
        return NULL;
    callable = allocate(1, sizeof *callable);
    json_object_object_get_ex(value, "raises", &raises);
    callable->name = json_object_get(name);
    callable->returns = returns_of(value);
    callable->raises = json_object_get_boolean(raises);
    callable->behind = all;
    if (all)
        all->before = callable;
    all = callable;
    return callable;
}

struct callable *callable_new_of_lists(struct json_object *value)
{
    struct callable *callable = callable_new(value);
    struct json_object *returns = callable ? callable->returns : NULL;

    if (returns && !json_object_is_type(json_object_array_get_idx(returns, 0), json_type_array)) {
        callable->returns = json_object_new_array();
        json_object_array_add(callable->returns, returns);
    }
    return callable;
}

const char *callable_name(const struct callable *callable)
{
    return json_object_get_string(callable->name);
}

void callable_set_opaque(struct callable *callable, struct json_object *opaque)
{
    json_object_put(callable->opaque);
    callable->opaque = json_object_get(opaque);
    callable->has_opaque = true;
}

void callable_free(void *memory)
{
    struct callable *callable = memory;

    if (!callable)
        return;
    *(callable->before ? &callable->before->behind : &all) = callable->behind;
    if (callable->behind)
        callable->behind->before = callable->before;
    json_object_put(callable->name);
    json_object_put(callable->returns);
    json_object_put(callable->opaque);
    free(callable);
}

bool callable_raises(const struct callable *callable)
{
    return callable->raises;
}

struct json_object *callable_fire(struct callable *callable, struct json_object *arguments)
{
    const size_t count = json_object_array_length(callable->returns);
    struct json_object *event = json_object_new_object();
    struct json_object *value;

    if (callable->has_opaque)
        json_object_array_add(arguments, json_object_get(callable->opaque));
    json_object_object_add(event, "callback", json_object_get(callable->name));
    json_object_object_add(event, "arguments", arguments);
    if (!log_of_events)
        log_of_events = json_object_new_array();
    json_object_array_add(log_of_events, event);
    fired++;
    value = count ? json_object_array_get_idx(callable->returns, callable->next) : NULL;
    if (callable->next + 1 < count)
        callable->next++;
    return value;
}

int callable_fire_number(struct callable *callable, struct json_object *arguments, int silent)
{
    struct json_object *value = callable_fire(callable, arguments);

    if (callable->raises)
        return -1;
    return json_object_is_type(value, json_type_int) ? json_object_get_int(value) : silent;
}

size_t events_fired(void)
{
    return fired;
}

struct json_object *events_take(void)
{
    struct json_object *list = log_of_events ? log_of_events : json_object_new_array();

    log_of_events = NULL;
    return list;
}

void (*event_callback(const struct event_callback *list, int id))(void)
{
    while (list->id != -1 && list->id != id)
        list++;
    return list->function;
}
