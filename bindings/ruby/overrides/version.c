/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "glue.h"

struct asking {
    VALUE given[1];
    const char *type;
    unsigned long library_version;
    unsigned long type_version;
    int result;
    struct captured_error error;
};

static void *ask(void *data)
{
    struct asking *asking = data;

    asking->result =
        vir.virGetVersion(&asking->library_version, asking->type, &asking->type_version);
    if (asking->result < 0)
        error_capture(&asking->error);
    return NULL;
}

static VALUE version_new(VALUE type, unsigned long version)
{
    return rb_funcall(rb_path2class("Libvirt::Version"), rb_intern("new"), 2, type,
                      ULONG2NUM(version));
}

/* Libvirt.version(type = nil): the versions of the library and of a driver. */
VALUE override_virGetVersion(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"type"};
    static const struct signature signature = {0, 1, names};
    struct asking asking = {.type = NULL};

    (void)self;
    arguments_read(argc, argv, &signature, asking.given);
    asking.type = nullable_string_in(&asking.given[0], "type");
    call_blocking(ask, &asking);
    if (asking.result < 0)
        raise_error(&asking.error, "virGetVersion", rb_eArgError);
    return rb_ary_new_from_args(2, version_new(string_out("libvirt"), asking.library_version),
                                version_new(asking.given[0], asking.type_version));
}
