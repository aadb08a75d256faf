/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of a C function as those of a language's: by position, by name, as block, and as
 * what they are made of (docs/conformance.md, "Manifest"). */
#pragma once

#include <json-c/json.h>

/* A new request, from one in canonical form; `facts` are the function's in the manifest. */
struct json_object *arguments_given(struct json_object *manifest, struct json_object *facts,
                                    struct json_object *request);
