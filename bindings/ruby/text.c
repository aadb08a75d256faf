/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ruby/encoding.h>
#include <string.h>

#include "runtime.h"

static _Noreturn void refuse_type(VALUE value, const char *name, const char *expected)
{
    rb_raise(rb_eTypeError, "%s%sno implicit conversion of %s into %s", name ? name : "",
             name ? ": " : "", NIL_P(value) ? "nil" : rb_obj_classname(value), expected);
}

/* A String, or what has to_str. */
static VALUE text_of(VALUE value, const char *name)
{
    VALUE text = RB_TYPE_P(value, T_STRING) ? value : rb_check_string_type(value);

    if (NIL_P(text))
        refuse_type(value, name, "String");
    return text;
}

const char *string_in(VALUE *value, const char *name)
{
    VALUE given = text_of(*value, name);
    VALUE text = RB_OBJ_FROZEN(given) ? given : rb_str_new_frozen(given);
    const char *bytes = RSTRING_PTR(text);
    const size_t length = (size_t)RSTRING_LEN(text);

    if (memchr(bytes, '\0', length))
        rb_raise(rb_eArgError, "%s: string contains null byte", name);
    *value = text;
    /* A part of another string goes on behind its end. */
    return bytes[length] ? StringValueCStr(*value) : bytes;
}

const char *nullable_string_in(VALUE *value, const char *name)
{
    return NIL_P(*value) ? NULL : string_in(value, name);
}

void strings_in(VALUE *value, const char *name, bool nullable, char ***result, unsigned int *count)
{
    VALUE frozen;
    long length;

    if (nullable && NIL_P(*value))
        return;
    if (!RB_TYPE_P(*value, T_ARRAY))
        refuse_type(*value, name, "Array");
    length = RARRAY_LEN(*value);
    *result = calloc((size_t)length + 1, sizeof **result);
    if (!*result)
        rb_memerror();
    frozen = rb_ary_new_capa(length);
    for (long i = 0; i < length; i++) {
        VALUE text = rb_ary_entry(*value, i);

        (*result)[i] = (char *)(uintptr_t)string_in(&text, name);
        rb_ary_push(frozen, text);
    }
    *value = frozen;
    *count = (unsigned int)length;
}

void text_in(VALUE value, const char *name, char *room, size_t size)
{
    const char *text = string_in(&value, name);

    if (strlen(text) >= size)
        rb_raise(rb_eArgError, "%s: longer than %zu bytes", name, size - 1);
    strcpy(room, text);
    RB_GC_GUARD(value);
}

void uuid_in(VALUE value, const char *name, unsigned char result[VIR_UUID_BUFLEN])
{
    VALUE text = text_of(value, name);

    if (RSTRING_LEN(text) != VIR_UUID_BUFLEN)
        rb_raise(rb_eArgError, "%s: a UUID has %d bytes, not %ld", name, VIR_UUID_BUFLEN,
                 RSTRING_LEN(text));
    memcpy(result, RSTRING_PTR(text), VIR_UUID_BUFLEN);
    RB_GC_GUARD(text);
}

struct bytes bytes_in(VALUE *value, const char *name)
{
    *value = rb_str_new_frozen(text_of(*value, name));
    return (struct bytes){RSTRING_PTR(*value), (size_t)RSTRING_LEN(*value)};
}

void secret_in(VALUE value, const char *name, struct bytes *result)
{
    VALUE text = text_of(value, name);
    const size_t length = (size_t)RSTRING_LEN(text);

    result->data = malloc(length + 1);
    if (!result->data)
        rb_memerror();
    result->length = length;
    memcpy(result->data, RSTRING_PTR(text), length);
    RB_GC_GUARD(text);
}

void free_wiped(void *data, size_t length)
{
    if (data)
        explicit_bzero(data, length);
    free(data);
}

void secret_release(struct bytes *bytes)
{
    free_wiped(bytes->data, bytes->length);
}

/* ---- to Ruby ---- */

VALUE string_out(const char *text)
{
    return text ? rb_utf8_str_new_cstr(text) : Qnil;
}

VALUE bytes_out(const void *data, size_t length)
{
    return rb_str_new(data, (long)length);
}

VALUE strings_out(char *const *strings, int count)
{
    VALUE array = rb_ary_new_capa(count > 0 ? count : 0);

    for (int i = 0; i < count; i++)
        rb_ary_push(array, string_out(strings[i]));
    return array;
}

void strings_free(char **strings, int count)
{
    for (int i = 0; i < count; i++)
        free(strings[i]);
    free(strings);
}
