/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a language's callables are called with where C's callbacks are called with the events of a
 * vector: the manifest says what they are not given, and which are called for each of a list. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "language.h"

/* A new list of events. */
struct json_object *called_events(const struct language *language, struct json_object *line);
/* True where a callback of the vector is to give an answer that callables have none for: one that
 * is called for each of a list cannot refuse them all. */
bool called_has_no_answer(const struct language *language, struct json_object *line);
