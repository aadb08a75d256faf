/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the parts of taking arguments. All are told to the call where they are wrong. */
#pragma once

#include "take.h"

/* The next argument; false where there is none to be read, which may be wrong. */
bool take_next(struct call *call, const char *name, enum presence presence,
               struct json_object **value);
/* The same where NULL is nothing to be read either. */
bool take_next_pointer(struct call *call, const char *name, enum presence presence,
                       struct json_object **value);
/* The next argument as a list; NULL where there is none. */
struct json_object *take_next_list(struct call *call, const char *name, enum presence presence,
                                   const char *wanted);
void take_refuse(struct call *call, const char *name, const char *wanted,
                 struct json_object *value);

/* Values, in an argument or inside one; false where they are wrong. */
bool signed_argument(struct call *call, const char *name, struct json_object *value,
                     long long least, long long most, long long *number);
bool unsigned_argument(struct call *call, const char *name, struct json_object *value,
                       unsigned long long most, unsigned long long *number);
bool double_argument(struct call *call, const char *name, struct json_object *value,
                     double *number);
bool bool_argument(struct call *call, const char *name, struct json_object *value, int *truth);
/* C text, which the call owns; NULL where it is wrong. */
char *text_argument(struct call *call, const char *name, struct json_object *value);
