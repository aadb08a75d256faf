/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "callables.h"
#include "values.h"

static void own(struct call *call, void *memory)
{
    call->owned = enlarge(call->owned, call->owned_count + 1, sizeof *call->owned);
    call->owned[call->owned_count++] = memory;
}

void *call_allocate(struct call *call, size_t count, size_t size)
{
    void *memory = allocate(count, size);

    own(call, memory);
    return memory;
}

void call_own_file(struct call *call, int file)
{
    call->files = enlarge(call->files, call->file_count + 1, sizeof *call->files);
    call->files[call->file_count++] = file;
}

static void set_outcome(struct call *call, const char *word, struct json_object *value)
{
    if (call->outcome) {
        json_object_put(value);
        return;
    }
    call->outcome = json_object_new_object();
    json_object_object_add(call->outcome, word, value);
}

struct json_object *error_out(const virError *error)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "code", signed_out(error->code));
    json_object_object_add(object, "domain", signed_out(error->domain));
    json_object_object_add(object, "level", signed_out(error->level));
    json_object_object_add(object, "message", text_out(error->message));
    json_object_object_add(object, "str1", text_out(error->str1));
    json_object_object_add(object, "str2", text_out(error->str2));
    json_object_object_add(object, "str3", text_out(error->str3));
    json_object_object_add(object, "int1", signed_out(error->int1));
    json_object_object_add(object, "int2", signed_out(error->int2));
    return object;
}

static void set_error(struct call *call, const virError *error)
{
    struct json_object *object = error_out(error);

    json_object_object_add(object, "function", json_object_new_string(call->function));
    set_outcome(call, "error", object);
}

/* No machine has more; sanitizers end the program where they are asked for it. */
static const size_t most_bytes = (size_t)1 << 40;

void *call_room(struct call *call, size_t count, size_t size)
{
    void *memory = count < most_bytes / size ? calloc(count ? count : 1, size) : NULL;

    if (memory)
        own(call, memory);
    else
        set_error(call, &(const virError){.code = VIR_ERR_NO_MEMORY, .level = VIR_ERR_ERROR});
    return memory;
}

void call_wrong_use(struct call *call, const char *format, ...)
{
    struct json_object *object;
    char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        give_up("out of memory");
    va_end(arguments);
    object = json_object_new_object();
    json_object_object_add(object, "class", json_object_new_string("C"));
    json_object_object_add(object, "message", text_out(message));
    set_outcome(call, "wrong-use", object);
    free(message);
}

bool call_ready(struct call *call)
{
    if (call->has_surplus || call->taken < call->given)
        call_wrong_use(call, "%s takes %zu arguments and no more", call->function, call->taken);
    return !call->outcome;
}

bool call_failed(struct call *call, bool failed)
{
    const virError *error = failed ? virGetLastError() : NULL;

    if (failed)
        set_error(call, error ? error : &(const virError){0});
    return failed;
}

void call_had_room(const struct call *call, size_t count, size_t room)
{
    if (count >= room)
        give_up("%s: there may be more than %zu", call->function, count);
}

void call_hand_over(struct call *call)
{
    call->callback = NULL;
}

void answer_add(struct call *call, const char *name, struct json_object *value)
{
    if (!call->answers)
        call->answers = json_object_new_object();
    json_object_object_add(call->answers, name, value);
}

void answer_add_only(struct call *call, const char *name, struct json_object *value)
{
    answer_add(call, name, value);
    call->is_partial = true;
}

/* One value by itself, several under their names. */
static struct json_object *answer(struct call *call)
{
    struct json_object *value = NULL;

    if (!call->answers || call->is_partial || json_object_object_length(call->answers) > 1)
        return json_object_get(call->answers);
    json_object_object_foreach(call->answers, name, only)
    {
        (void)name;
        value = json_object_get(only);
    }
    return value;
}

struct json_object *call_end(struct call *call)
{
    if (!call->outcome)
        set_outcome(call, "answer", answer(call));
    for (size_t i = 0; i < call->owned_count; i++)
        free(call->owned[i]);
    for (size_t i = 0; i < call->file_count; i++)
        close(call->files[i]);
    free(call->owned);
    free(call->files);
    json_object_put(call->answers);
    callable_free(call->callback);
    return call->outcome;
}
