/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON as text: values are put together from the inside out, and each is on one line. */
#pragma once

#include <stdbool.h>

#include "text.h"

/* "text" with its quotes; null where there is none. */
char *json_string(const char *text);
const char *json_boolean(bool value);
char *json_number(long long value);

/* Appends to the members of an object, or the items of an array, that are being collected. */
void json_member(struct buffer *members, const char *name, const char *value);
void json_item(struct buffer *items, const char *value);
char *json_object(const struct buffer *members);
char *json_array(const struct buffer *items);
