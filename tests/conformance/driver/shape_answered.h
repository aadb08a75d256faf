/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a language's runner answered, by its own types, as the canonical value that the shape of its
 * manifest makes of it (docs/conformance.md, "Shapes"). */
#pragma once

#include <json-c/json.h>

/* A new value. What does not have the shape is shown as it is, so that it is found to differ. */
struct json_object *shape_answered(struct json_object *value, struct json_object *shape);
/* The value of something that has no shape. */
struct json_object *shape_plain(struct json_object *value);
