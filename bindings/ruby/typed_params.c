/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters: a Hash in Ruby. The type of each key comes from libvirt's documentation, or
 * from the value where it does not know the key. */
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

/* ---- from Ruby ---- */

/* Of a key that libvirt's documentation does not list. */
static int type_of_value(VALUE value, const char *key)
{
    if (value == Qtrue || value == Qfalse)
        return VIR_TYPED_PARAM_BOOLEAN;
    if (RB_FLOAT_TYPE_P(value))
        return VIR_TYPED_PARAM_DOUBLE;
    if (RB_INTEGER_TYPE_P(value))
        return (FIXNUM_P(value) ? FIX2LONG(value) < 0 : RBIGNUM_NEGATIVE_P(value))
                   ? VIR_TYPED_PARAM_LLONG
                   : VIR_TYPED_PARAM_ULLONG;
    if (!NIL_P(rb_check_string_type(value)))
        return VIR_TYPED_PARAM_STRING;
    rb_raise(rb_eTypeError,
             "%s: wrong argument type %s (expected String, Integer, Float, "
             "true or false)",
             key, rb_obj_classname(value));
}

static void value_in(VALUE value, const char *key, virTypedParameterPtr item)
{
    switch (item->type) {
    case VIR_TYPED_PARAM_INT:
        item->value.i = int_in(value, key);
        return;
    case VIR_TYPED_PARAM_UINT:
        item->value.ui = uint_in(value, key);
        return;
    case VIR_TYPED_PARAM_LLONG:
        item->value.l = llong_in(value, key);
        return;
    case VIR_TYPED_PARAM_ULLONG:
        item->value.ul = ullong_in(value, key);
        return;
    case VIR_TYPED_PARAM_DOUBLE:
        item->value.d = double_in(value, key);
        return;
    case VIR_TYPED_PARAM_BOOLEAN:
        item->value.b = (char)bool_in(value, key);
        return;
    default:
        item->value.s = strdup(string_in(&value, key));
        if (!item->value.s)
            rb_memerror();
    }
}

struct filling {
    struct params *params;
    const char *name;
    const struct params_keys *keys;
};

static void add_value(const struct filling *filling, VALUE key, VALUE value)
{
    virTypedParameterPtr item = NULL;
    const char *text = RSTRING_PTR(key);
    int type;

    if (memchr(text, '\0', (size_t)RSTRING_LEN(key)))
        rb_raise(rb_eArgError, "a key of %s contains null byte: %" PRIsVALUE, filling->name,
                 rb_inspect(key));
    text = StringValueCStr(key);
    type = filling->keys ? params_key_type(filling->keys->keys, filling->keys->count, text) : 0;
    if (!type)
        type = type_of_value(value, text);
    switch (params_add(filling->params, text, (size_t)RSTRING_LEN(key), type, &item)) {
    case PARAMS_OK:
        value_in(value, text, item);
        return;
    case PARAMS_NAME_TOO_LONG:
        rb_raise(rb_eArgError, "a key of %s is longer than %d bytes: %" PRIsVALUE, filling->name,
                 VIR_TYPED_PARAM_FIELD_LENGTH - 1, rb_inspect(key));
    default:
        rb_memerror();
    }
}

static int add_entry(VALUE key, VALUE value, VALUE data)
{
    const struct filling *filling = (void *)data;

    if (SYMBOL_P(key))
        key = rb_sym2str(key);
    if (!RB_TYPE_P(key, T_STRING))
        rb_raise(rb_eTypeError, "%s: wrong argument type %s (expected String as key)",
                 filling->name, rb_obj_classname(key));
    if (!RB_TYPE_P(value, T_ARRAY))
        add_value(filling, key, value);
    else
        for (long i = 0; i < RARRAY_LEN(value); i++)
            add_value(filling, key, rb_ary_entry(value, i));
    return ST_CONTINUE;
}

void params_in(VALUE value, const char *name, const struct params_keys *keys, bool nullable,
               struct params *result)
{
    struct filling filling = {result, name, keys};

    if (nullable && NIL_P(value))
        return;
    if (!RB_TYPE_P(value, T_HASH))
        rb_raise(rb_eTypeError, "%s: wrong argument type %s (expected Hash%s)", name,
                 rb_obj_classname(value), nullable ? " or nil" : "");
    rb_hash_foreach(value, add_entry, (VALUE)&filling);
}

/* ---- to Ruby ---- */

static VALUE value_out(const virTypedParameter *item)
{
    switch (item->type) {
    case VIR_TYPED_PARAM_INT:
        return INT2NUM(item->value.i);
    case VIR_TYPED_PARAM_UINT:
        return UINT2NUM(item->value.ui);
    case VIR_TYPED_PARAM_LLONG:
        return LL2NUM(item->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return ULL2NUM(item->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return DBL2NUM(item->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        return item->value.b ? Qtrue : Qfalse;
    case VIR_TYPED_PARAM_STRING:
        return string_out(item->value.s);
    default:
        rb_raise(rb_eArgError, "libvirt sent '%.*s' as a type %d, which is unknown",
                 VIR_TYPED_PARAM_FIELD_LENGTH, item->field, item->type);
    }
}

VALUE params_out(const virTypedParameter *params, int count)
{
    VALUE hash = rb_hash_new();

    for (int i = 0; i < count; i++) {
        const size_t length = strnlen(params[i].field, sizeof params[i].field);
        VALUE key = rb_utf8_str_new(params[i].field, (long)length);
        VALUE value = value_out(&params[i]);
        VALUE before = rb_hash_lookup2(hash, key, Qundef);

        if (before == Qundef)
            rb_hash_aset(hash, key, value);
        else if (RB_TYPE_P(before, T_ARRAY))
            rb_ary_push(before, value);
        else
            rb_hash_aset(hash, key, rb_ary_new_from_args(2, before, value));
    }
    return hash;
}

VALUE params_by_cpu_out(const virTypedParameter *params, int per_cpu, int cpus)
{
    VALUE array = rb_ary_new_capa(cpus);

    for (int i = 0; i < cpus; i++) {
        const virTypedParameter *of_cpu = params ? params + (size_t)i * (size_t)per_cpu : NULL;

        rb_ary_push(array, params_out(of_cpu, params_filled(of_cpu, per_cpu)));
    }
    return array;
}
