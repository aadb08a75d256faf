/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Canonical values (docs/conformance.md): brought into a form in which two runs can be compared,
 * and compared. In json-c NULL is the value null. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* Marks in what a value is compared with: a record which may have more fields, and any value. */
#define VALUE_REST "$rest"
#define VALUE_ANY "$any"

/* Leaves the value to this unit, until all such are released; for what is read once. */
struct json_object *value_keep(struct json_object *value);
void values_release(void);
bool value_is_record(struct json_object *value);
bool value_is_list(struct json_object *value);
/* A field; NULL also where the value is no record. */
struct json_object *value_field(struct json_object *value, const char *name);
bool value_has(struct json_object *value, const char *name);
/* Its text; NULL where it is none. */
const char *value_text(struct json_object *value);
/* How many items it has; 0 where it is no list. */
size_t value_count(struct json_object *value);
/* One of them; NULL where it has no such item. */
struct json_object *value_item(struct json_object *value, size_t place);
/* Whether it is this text. */
bool value_is(struct json_object *value, const char *text);
/* The value as one line of JSON. */
const char *value_line(struct json_object *value);
/* Its beginning, for a sentence. */
const char *value_shown(struct json_object *value);

bool value_is_handle(struct json_object *value);
/* What is sent for a value that was answered: of handles the number alone. */
struct json_object *value_sent(struct json_object *value);

/* A new value: handles without numbers, CPU maps without their last CPUs that are off, records
 * sorted by key, `folder` in text replaced by
 * "$folder" and so on (place.h), and lists sorted that libvirt keeps in hash tables (of text, of
 * handles, of records that hold a handle). */
struct json_object *value_normalised(struct json_object *value, const char *folder);
/* The same of a list of calls, which are lists of arguments: none of these lists is sorted. */
struct json_object *value_normalised_calls(struct json_object *calls, const char *folder);
/* A new value: the types, keys and lengths alone of a normalised one. */
struct json_object *value_shape(struct json_object *value);

/* Describes where two normalised values differ, a line each, only the first few; `wanted` may have
 * marks. `what` is what the values are, the names those of the sides. True where nothing differs.
 */
bool value_compare(const char *what, struct json_object *wanted, const char *wanted_by,
                   struct json_object *got, const char *got_by, struct buffer *differences);
