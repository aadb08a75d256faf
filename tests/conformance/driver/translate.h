/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests in canonical form as a language's runner is asked them, and its answers back: which
 * values its function takes and what they are made of is in its manifest (docs/conformance.md,
 * "Runners of languages"). */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

/* The request for the runner; a new object. NULL, and a sentence, where no such call can be made.
 */
struct json_object *translate_request(struct json_object *manifest, struct json_object *request,
                                      const char **problem);
/* The answer to the request, in canonical form; a new object. */
struct json_object *translate_answer(struct json_object *manifest, struct json_object *request,
                                     struct json_object *answer);
/* Translates lines of standard input, for those who ask a runner themselves: {"request": R} or
 * {"request": R, "answer": A}, R in canonical form; false where the manifest cannot be read. */
bool translate_lines(const char *manifest_path);
