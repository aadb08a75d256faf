/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A canonical value as a language's runner is given it: in the language's shape, so that it makes
 * values by their own kind alone (docs/conformance.md, "Runners of languages"). */
#pragma once

#include <json-c/json.h>

/* A new value. `callbacks` are the manifest's; `type` is the callback's where the shape does not
 * tell, or NULL. What does not have the shape is given as it is, for the binding to refuse. */
struct json_object *shape_given(struct json_object *value, struct json_object *shape,
                                struct json_object *callbacks, const char *type);
