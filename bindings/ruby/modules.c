/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules, classes, methods and constants, out of the generated tables. */
#include <string.h>

#include "runtime.h"

VALUE module_at(const char *path)
{
    VALUE outer = rb_define_module("Libvirt");
    const char *rest = path + strlen("Libvirt");

    while (*rest == ':') {
        char name[64];
        const size_t length = strcspn(rest += 2, ":");

        snprintf(name, sizeof name, "%.*s", (int)length, rest);
        rest += length;
        if (rb_const_defined_at(outer, rb_intern(name)))
            outer = rb_const_get_at(outer, rb_intern(name));
        else if (strcmp(name, "Admin") == 0)
            outer = rb_define_module_under(outer, name);
        else
            outer = rb_define_class_under(outer, name, rb_cObject);
    }
    return outer;
}

/* ---- functions that the running libvirt lacks ---- */

/* [class, method] to the C function's name; and the classes themselves, which explain it. */
static VALUE absent;

static VALUE absent_key(VALUE owner, VALUE name)
{
    return rb_ary_new_from_args(2, owner, name);
}

/* A method that is not there: where libvirt lacks it, NoMethodError says which one has it. */
static VALUE explain_missing(int count, VALUE *arguments, VALUE self)
{
    VALUE owner = RB_TYPE_P(self, T_MODULE) || RB_TYPE_P(self, T_CLASS) ? rb_singleton_class(self)
                                                                        : rb_obj_class(self);
    VALUE name = count ? rb_hash_lookup(absent, absent_key(owner, arguments[0])) : Qnil;
    char message[160];

    if (NIL_P(name))
        return rb_call_super(count, arguments);
    loader_explain_absence(StringValueCStr(name), loader_find(StringValueCStr(name))->version,
                           message, sizeof message);
    rb_exc_raise(
        rb_funcall(rb_eNoMethodError, rb_intern("new"), 2, rb_str_new_cstr(message), arguments[0]));
}

static void note_absent(VALUE owner, const struct function_definition *function)
{
    VALUE where = function->is_singleton ? rb_singleton_class(owner) : owner;

    const bool is_explained = RTEST(rb_hash_lookup(absent, where));

    rb_hash_aset(absent, where, Qtrue);
    rb_hash_aset(absent, absent_key(where, ID2SYM(rb_intern(function->name))),
                 rb_str_new_cstr(function->c_name));
    if (is_explained)
        return;
    if (function->is_singleton)
        rb_define_singleton_method(owner, "method_missing", explain_missing, -1);
    else
        rb_define_method(owner, "method_missing", explain_missing, -1);
}

/* ---- methods and constants ---- */

static void define(VALUE owner, const struct function_definition *function)
{
    const struct loader_function *known = loader_find(function->c_name);

    if (known && !loader_has(known))
        note_absent(owner, function);
    else if (function->is_singleton)
        rb_define_singleton_method(owner, function->name, function->function, function->arity);
    else
        rb_define_method(owner, function->name, function->function, function->arity);
}

void methods_define(void)
{
    rb_gc_register_address(&absent);
    absent = rb_hash_new();
    for (const struct owner_definition *owner = owner_definitions; owner->path; owner++)
        for (const struct function_definition *function = owner->functions; function->name;
             function++)
            define(module_at(owner->path), function);
}

void constants_define(void)
{
    for (const struct constant_definition *constant = constant_definitions; constant->name;
         constant++)
        rb_define_const(module_at(constant->module), constant->name,
                        constant->text ? rb_obj_freeze(rb_utf8_str_new_cstr(constant->text))
                                       : LL2NUM(constant->number));
}

/* Called by Ruby when the extension is loaded. */
__attribute__((visibility("default"))) void Init__libvirt(void);

void Init__libvirt(void)
{
    static const enum vir_library others[] = {VIR_LIBRARY_QEMU, VIR_LIBRARY_LXC, VIR_LIBRARY_ADMIN};
    char message[512];

    if (!loader_open(VIR_LIBRARY_LIBVIRT, message, sizeof message))
        rb_raise(rb_eLoadError, "%s", message);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        loader_open(others[i], message, sizeof message);
    error_classes_make();
    handle_classes_make();
    record_classes_make();
    methods_define();
    constants_define();
    extras_define();
}
