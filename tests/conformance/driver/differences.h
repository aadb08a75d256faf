/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an established binding is known to do otherwise, bindings/LANG/conformance/differences, a
 * line each:
 *
 *     virNodeGetFreeMemory           0 where it fails
 *     virConnectOpenAuth   crashes   where auth is None
 *
 * Instead of a function stands "constants" for those that it lacks. Where a function crashes it is
 * not called. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

/* {function: {"why": reason, "crashes": true}}; errors are reported. */
struct json_object *differences_read(const char *path);
bool differences_crash(struct json_object *differences, const char *function);
