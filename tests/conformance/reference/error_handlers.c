/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Error handlers. Where there is none of the driver's, errors are told to nobody: they go out with
 * the calls. */
#include "error_handlers.h"

#include <string.h>

#include "functions.h"
#include "kinds.h"
#include "records.h"

/* libvirt says nothing when it gives a handler up, so they are kept until all is forgotten. */
static struct callable **handlers;
static size_t handler_count;

struct json_object *encode_virError(const void *error)
{
    return error_out(error);
}

static void tell_nobody(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

static void on_virErrorFunc(void *opaque, virErrorPtr error)
{
    struct json_object *arguments = json_object_new_array();

    json_object_array_add(arguments, record_out(error, encode_virError));
    callable_fire(opaque, arguments);
}

void errors_are_silent(void)
{
    virSetErrorFunc(NULL, tell_nobody);
    for (size_t i = 0; i < handler_count; i++)
        callable_free(handlers[i]);
    free(handlers);
    handlers = NULL;
    handler_count = 0;
}

/* The handler, with the opaque value that stands before it. */
static struct callable *take_handler(struct call *call)
{
    struct json_object *opaque = take_any(call);
    struct callable *handler = take_callback(call, "handler", OPTIONAL);

    if (handler)
        callable_set_opaque(handler, opaque);
    return handler;
}

static void keep(struct call *call, struct callable *handler)
{
    call_hand_over(call);
    handlers = enlarge(handlers, handler_count + 1, sizeof(struct callable *));
    handlers[handler_count++] = handler;
}

void call_virSetErrorFunc(struct call *call)
{
    struct callable *handler = take_handler(call);

    if (!call_ready(call))
        return;
    virSetErrorFunc(handler, handler ? on_virErrorFunc : tell_nobody);
    if (handler)
        keep(call, handler);
}

void call_virConnSetErrorFunc(struct call *call)
{
    virConnectPtr conn = take_handle(call, "conn", &kind_virConnect, REQUIRED);
    struct callable *handler = take_handler(call);

    if (!call_ready(call))
        return;
    virConnSetErrorFunc(conn, handler, handler ? on_virErrorFunc : NULL);
    if (handler)
        keep(call, handler);
}

static int number_in(struct json_object *map, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(map, name, &value);
    return json_object_get_int(value);
}

static char *message_in(struct json_object *map)
{
    struct json_object *value = NULL;
    size_t length;

    json_object_object_get_ex(map, "message", &value);
    return value ? text_in(value, &length) : NULL;
}

/* An error as libvirt itself would print it, on standard error. */
void call_virDefaultErrorFunc(struct call *call)
{
    struct json_object *map = take_map(call, "err", REQUIRED);
    virError error = {0};

    if (!call_ready(call))
        return;
    error.code = number_in(map, "code");
    error.domain = number_in(map, "domain");
    error.level = (virErrorLevel)number_in(map, "level");
    error.message = message_in(map);
    virDefaultErrorFunc(&error);
    free(error.message);
}
