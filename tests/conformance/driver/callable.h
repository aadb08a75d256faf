/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Callables, as a language's runner makes them and tells of their calls (docs/conformance.md,
 * "Callbacks"), by the callback types of the manifest. */
#pragma once

#include <json-c/json.h>

/* A new value: the callable with its type, and answers in the language's shape. */
struct json_object *callable_given(struct json_object *value, struct json_object *callbacks,
                                   const char *type);
/* A new value: the event in canonical form, of one in which all that the callable was given stands
 * in the language's order. */
struct json_object *callable_answered(struct json_object *event, struct json_object *callbacks);
