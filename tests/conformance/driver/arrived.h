/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a value of a vector is the one that came. */
#pragma once

#include <json-c/json.h>

#include "text.h"

/* What differs first, arena memory; NULL: nothing does. `what` the values are. */
const char *arrived_difference(const char *what, struct json_object *wanted,
                               struct json_object *got);
/* What is left of an answer in a language whose manifest has this shape for it; a new value. What
 * it got decides where a shape has several forms. */
struct json_object *arrived_in_shape(struct json_object *wanted, struct json_object *shape,
                                     struct json_object *got);
