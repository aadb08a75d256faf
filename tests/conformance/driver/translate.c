/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "translate.h"

#include <stdbool.h>
#include <stddef.h>

#include "arguments.h"
#include "base.h"
#include "callable.h"
#include "shape_answered.h"
#include "value.h"

static struct json_object *facts_of(struct json_object *manifest, struct json_object *request)
{
    const char *name = value_text(value_field(request, "function"));

    return name ? value_field(value_field(manifest, "functions"), name) : NULL;
}

struct json_object *translate_request(struct json_object *manifest, struct json_object *request,
                                      const char **problem)
{
    struct json_object *facts = facts_of(manifest, request);
    struct json_object *arguments = value_field(request, "arguments");
    const size_t known = value_count(value_field(facts, "arguments"));

    /* What the manifest does not have the runner will not find. */
    if (!value_is(value_field(request, "do"), "call") || !facts)
        return json_object_get(request);
    if (arguments && value_count(arguments) > known) {
        *problem =
            arena_printf("%s has %zu arguments: %s", value_text(value_field(request, "function")),
                         known, value_shown(arguments));
        return NULL;
    }
    return arguments_given(manifest, facts, request);
}

/* The fields of the answer, with one in place of what it was. */
static struct json_object *with_field(struct json_object *answer, const char *replaced,
                                      struct json_object *value)
{
    struct json_object *changed = json_object_new_object();

    json_object_object_foreach(answer, name, field)
    {
        if (!text_equal(name, replaced))
            json_object_object_add(changed, name, shape_plain(field));
    }
    json_object_object_add(changed, replaced, value);
    return changed;
}

static struct json_object *answered_events(struct json_object *manifest, struct json_object *events)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < value_count(events); i++)
        json_object_array_add(
            list, callable_answered(value_item(events, i), value_field(manifest, "callbacks")));
    return list;
}

/* What the runner says of itself: the library's version is what its function for it answers. */
static struct json_object *answered_hello(struct json_object *manifest, struct json_object *hello)
{
    struct json_object *facts = value_field(value_field(manifest, "functions"), "virGetVersion");
    struct json_object *versions =
        shape_answered(value_field(hello, "libvirt"), value_field(facts, "result"));
    struct json_object *version = json_object_get(value_field(versions, "libVer"));

    json_object_put(versions);
    return with_field(hello, "libvirt", version);
}

struct json_object *translate_answer(struct json_object *manifest, struct json_object *request,
                                     struct json_object *answer)
{
    struct json_object *events = value_field(answer, "events");
    struct json_object *facts = facts_of(manifest, request);

    if (facts && value_has(answer, "answer"))
        return with_field(
            answer, "answer",
            shape_answered(value_field(answer, "answer"), value_field(facts, "result")));
    if (value_is_list(events))
        return with_field(answer, "events", answered_events(manifest, events));
    if (value_has(answer, "libvirt"))
        return answered_hello(manifest, answer);
    return shape_plain(answer);
}
