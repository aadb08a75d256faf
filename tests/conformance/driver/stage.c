/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage.h"

#include "base.h"
#include "orders.h"
#include "play.h"
#include "value.h"

enum { KEPT_OF_KIND = 3 };

static struct json_object *arguments_of_maker(const struct stage *stage, const char *kind)
{
    return value_field(value_field(stage->makers, kind), "arguments");
}

/* What its maker gives for arguments that are taken over, NULL for none; NULL: the runner is
 * gone. */
static struct json_object *call_maker(struct stage *stage, const char *kind,
                                      struct json_object *arguments)
{
    const char *function = value_text(value_field(value_field(stage->makers, kind), "function"));

    return arguments ? play_call(stage->runner, function, arguments, NULL) : NULL;
}

/* The handle's number, of its maker's outcome, which it takes; NULL: the runner is gone. */
static struct json_object *made(struct stage *stage, const char *kind, struct json_object *outcome)
{
    struct json_object *number = value_field(value_field(outcome, "answer"), "number");

    if (outcome && !number)
        runner_reject(stage->runner, "no %s can be made: %s", kind, value_shown(outcome));
    json_object_get(number);
    json_object_put(outcome);
    return number;
}

/* A new handle of the kind; NULL: the runner is gone. */
static struct json_object *make(struct stage *stage, const char *kind)
{
    struct json_object *arguments = stage_given(stage, arguments_of_maker(stage, kind));

    return made(stage, kind, call_maker(stage, kind, arguments));
}

static struct json_object *reference(struct json_object *number)
{
    struct json_object *handle = json_object_new_object();

    json_object_object_add(handle, "$handle", json_object_get(number));
    return handle;
}

const char *stage_release_of(const struct stage *stage, const char *kind)
{
    return value_text(value_field(value_field(stage->makers, kind), "release"));
}

static bool release(struct stage *stage, const char *kind, struct json_object *number)
{
    const char *function = stage_release_of(stage, kind);
    struct json_object *arguments = json_object_new_array();
    struct json_object *outcome;

    json_object_array_add(arguments, reference(number));
    outcome = play_call(stage->runner, function, arguments, NULL);
    json_object_put(outcome);
    return outcome;
}

/* What a handle was made from, up to its connection. */
struct origin {
    const char *kind;
    struct json_object *number;
};

/* A new handle with new ones all the way up; NULL: the runner is gone. */
static struct json_object *make_with_origin(struct stage *stage, const char *kind,
                                            struct origin *origin)
{
    struct json_object *wanted = arguments_of_maker(stage, kind);
    struct json_object *first = json_object_array_get_idx(wanted, 0);
    struct json_object *parent, *arguments;

    if (!value_is_handle(first)) {
        *origin = (struct origin){kind, make(stage, kind)};
        return json_object_get(origin->number);
    }
    parent = make_with_origin(stage, value_text(value_field(first, "$handle")), origin);
    if (!parent)
        return NULL;
    json_object_array_add(stage->answered, parent);
    arguments = stage_given(stage, wanted);
    json_object_array_put_idx(arguments, 0, reference(parent));
    return made(stage, kind, call_maker(stage, kind, arguments));
}

/* The same, whose connection is ended then. */
static struct json_object *make_disconnected(struct stage *stage, const char *kind)
{
    struct origin origin = {0};
    struct json_object *number = make_with_origin(stage, kind, &origin);

    if (number && !release(stage, origin.kind, origin.number)) {
        json_object_put(number);
        number = NULL;
    }
    json_object_put(origin.number);
    return number;
}

/* A handle as a vector asks for it: one that was kept, or one of its own. */
static struct json_object *given_handle(struct stage *stage, struct json_object *value)
{
    const char *kind = value_text(value_field(value, "$handle"));
    struct json_object *number;

    if (!value_has(value, "fresh") && !value_has(value, "ended") &&
        !value_has(value, "disconnected")) {
        const size_t which = value_has(value, "which")
                                 ? (size_t)json_object_get_int64(value_field(value, "which"))
                                 : 1;
        return reference(json_object_array_get_idx(value_field(stage->kept, kind), which - 1));
    }
    number = value_has(value, "disconnected") ? make_disconnected(stage, kind) : make(stage, kind);
    if (!number)
        return NULL;
    json_object_array_add(stage->answered, number);
    if (value_has(value, "ended") && !release(stage, kind, number))
        return NULL;
    return reference(number);
}

/* False: the runner is gone. A value may be null, which is NULL in json-c. */
static bool give(struct stage *stage, struct json_object *value, struct json_object **given)
{
    if (json_object_is_type(value, json_type_array)) {
        *given = stage_given(stage, value);
        return *given;
    }
    if (value_is_handle(value)) {
        *given = given_handle(stage, value);
        return *given;
    }
    *given = json_object_get(value);
    return true;
}

struct json_object *stage_given(struct stage *stage, struct json_object *arguments)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < json_object_array_length(arguments); i++) {
        struct json_object *given = NULL;

        if (!give(stage, json_object_array_get_idx(arguments, i), &given)) {
            json_object_put(list);
            return NULL;
        }
        json_object_array_add(list, given);
    }
    return list;
}

static bool is_kept(const struct stage *stage, struct json_object *number)
{
    json_object_object_foreach(stage->kept, kind, numbers)
    {
        (void)kind;
        for (size_t i = 0; i < json_object_array_length(numbers); i++)
            if (json_object_equal(json_object_array_get_idx(numbers, i), number))
                return true;
    }
    return false;
}

void stage_note_handles(struct stage *stage, struct json_object *value)
{
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            stage_note_handles(stage, json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        struct json_object *number = value_field(value, "number");

        if (value_is_handle(value) && number && !is_kept(stage, number))
            json_object_array_add(stage->answered, json_object_get(number));
        json_object_object_foreach(value, name, field)
        {
            (void)name;
            stage_note_handles(stage, field);
        }
    }
}

static struct json_object *new_request(const char *what)
{
    struct json_object *request = json_object_new_object();

    json_object_object_add(request, "do", json_object_new_string(what));
    return request;
}

bool stage_forget(struct stage *stage)
{
    struct json_object *request = new_request("forget");
    struct json_object *answer;

    json_object_object_add(request, "handles", stage->answered);
    stage->answered = json_object_new_array();
    answer = runner_ask(stage->runner, request, 0);
    json_object_put(answer);
    return answer;
}

struct json_object *stage_events(struct stage *stage, size_t count, unsigned seconds)
{
    struct json_object *answer = NULL;
    struct json_object *events;

    if (count) {
        struct json_object *request = new_request("dispatch");
        json_object_object_add(request, "events", json_object_new_int64((int64_t)count));
        json_object_object_add(request, "seconds", json_object_new_int64(seconds));
        answer = runner_ask(stage->runner, request, seconds);
        if (!answer)
            return NULL;
        json_object_put(answer);
    }
    answer = runner_ask(stage->runner, new_request("events"), 0);
    events = value_field(answer, "events");
    if (answer && !json_object_is_type(events, json_type_array)) {
        runner_reject(stage->runner, "the runner wrote what are no events: %s",
                      value_shown(answer));
        events = NULL;
    }
    json_object_get(events);
    json_object_put(answer);
    return events;
}

const char *stage_lacks(const struct stage *stage, struct json_object *arguments)
{
    for (size_t i = 0; i < json_object_array_length(arguments); i++) {
        struct json_object *value = json_object_array_get_idx(arguments, i);
        const char *lack = NULL;

        if (value_is_handle(value))
            lack =
                value_text(value_field(stage->absent, value_text(value_field(value, "$handle"))));
        else if (json_object_is_type(value, json_type_array))
            lack = stage_lacks(stage, value);
        if (lack)
            return lack;
    }
    return NULL;
}

static void note_absent(struct stage *stage, const char *kind, const char *why)
{
    json_object_object_add(stage->absent, kind,
                           json_object_new_string(arena_printf("no %s: %s", kind, why)));
}

/* False: the runner is gone. */
static bool keep_handles_of_kind(struct stage *stage, const char *kind)
{
    const bool established = runner_language(stage->runner)->established;
    struct json_object *numbers = json_object_new_array();
    const char *lack =
        stage_lacks(stage, value_field(value_field(stage->makers, kind), "arguments"));

    json_object_object_add(stage->kept, kind, numbers);
    for (size_t i = 0; !lack && i < KEPT_OF_KIND; i++) {
        struct json_object *outcome =
            call_maker(stage, kind, stage_given(stage, arguments_of_maker(stage, kind)));
        struct json_object *number;

        if (established && value_has(outcome, "absent")) {
            lack = arena_copy(value_text(value_field(outcome, "absent")));
            json_object_put(outcome);
            break;
        }
        number = made(stage, kind, outcome);
        if (!number)
            return false;
        json_object_array_add(numbers, number);
    }
    if (lack)
        note_absent(stage, kind, lack);
    return true;
}

static bool keep_handles(struct stage *stage)
{
    json_object_object_foreach(stage->makers, kind, maker)
    {
        (void)maker;
        if (!keep_handles_of_kind(stage, kind))
            return false;
    }
    return true;
}

bool stage_set_up(struct stage *stage)
{
    struct json_object *events;

    if (stage->kept)
        return true;
    orders_reset();
    stage->kept = json_object_new_object();
    stage->absent = json_object_new_object();
    stage->answered = json_object_new_array();
    if (!runner_hello(stage->runner) || !keep_handles(stage)) {
        stage_broke(stage);
        return false;
    }
    events = stage_events(stage, 0, 0);
    json_object_put(events);
    if (!events || !stage_forget(stage)) {
        stage_broke(stage);
        return false;
    }
    return true;
}

void stage_broke(struct stage *stage)
{
    json_object_put(stage->kept);
    json_object_put(stage->absent);
    json_object_put(stage->answered);
    stage->kept = NULL;
    stage->absent = NULL;
    stage->answered = NULL;
}

void stage_end(struct stage *stage)
{
    stage_broke(stage);
    runner_kill(stage->runner);
}

bool stage_clear(struct stage *stage)
{
    const bool cleared = play_forget_all(stage->runner);

    stage_broke(stage);
    return cleared;
}
