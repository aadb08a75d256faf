/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hashes.h"

void hash_check(VALUE value, const char *name)
{
    if (!RB_TYPE_P(value, T_HASH))
        rb_raise(rb_eTypeError, "%s: wrong argument type %s (expected Hash)", name,
                 NIL_P(value) ? "nil" : rb_obj_classname(value));
}

VALUE hash_item(VALUE hash, const char *key)
{
    VALUE value = rb_hash_lookup2(hash, rb_utf8_str_new_cstr(key), Qundef);

    return value == Qundef ? rb_hash_lookup(hash, ID2SYM(rb_intern(key))) : value;
}
