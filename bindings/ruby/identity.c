/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes two handles equal: libvirt gives a pointer of its own for each lookup, so it is what
 * they are called within what they belong to. All of it is known without asking a daemon. */
#include "handle.h"

static const char *text_of(const struct handle *handle, size_t offset)
{
    return (*(const char *(**)(void *))((char *)&vir + offset))(handle->pointer);
}

static int uuid_of(const struct handle *handle, size_t offset, unsigned char *uuid)
{
    return (*(int (**)(void *, unsigned char *))((char *)&vir + offset))(handle->pointer, uuid);
}

/* nil where it has no name, as streams: then it is its pointer. */
static VALUE name_of(const struct handle *handle)
{
    const struct handle_kind *kind = handle->kind;
    unsigned char uuid[VIR_UUID_BUFLEN];
    const char *text;

    if (kind->uuid)
        return uuid_of(handle, kind->uuid, uuid) < 0 ? Qnil
                                                     : rb_str_new((const char *)uuid, sizeof uuid);
    text = kind->text ? text_of(handle, kind->text) : NULL;
    return text ? rb_str_new_cstr(text) : Qnil;
}

static VALUE equal(VALUE self, VALUE other)
{
    const struct handle *one = RTYPEDDATA_DATA(self);
    const struct handle *two = handle_of(other);
    VALUE name;

    if (self == other)
        return Qtrue;
    if (!two || one->kind != two->kind || one->freed || two->freed)
        return Qfalse;
    if (one->pointer == two->pointer)
        return Qtrue;
    name = name_of(one);
    if (NIL_P(name) || !rb_eql(name, name_of(two)))
        return Qfalse;
    return rb_equal(one->parent, two->parent);
}

static VALUE hash(VALUE self)
{
    const struct handle *handle = RTYPEDDATA_DATA(self);
    VALUE name = handle->freed ? Qnil : name_of(handle);

    if (NIL_P(name))
        name = ULL2NUM((unsigned long long)(uintptr_t)handle->pointer);
    return rb_hash(name);
}

void identity_define(VALUE class)
{
    rb_define_method(class, "==", equal, 1);
    rb_define_method(class, "eql?", equal, 1);
    rb_define_method(class, "hash", hash, 0);
}
