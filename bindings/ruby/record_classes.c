/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "runtime.h"

static void make(struct record_class *record, VALUE common)
{
    const char *colons = strrchr(record->path, ':');
    VALUE outer = module_at(rb_id2name(rb_intern2(record->path, colons - record->path - 1)));
    size_t count = 0;

    record->class = rb_define_class_under(outer, colons + 1, rb_cObject);
    record->allocate = rb_get_alloc_func(record->class);
    rb_include_module(record->class, common);
    while (record->attributes[count])
        count++;
    record->variables = ALLOC_N(ID, count + 1);
    for (size_t i = 0; i < count; i++) {
        char name[64];

        snprintf(name, sizeof name, "@%s", record->attributes[i]);
        record->variables[i] = rb_intern(name);
        rb_define_attr(record->class, record->attributes[i], 1, 0);
    }
}

void record_classes_make(void)
{
    /* lib/libvirt/record.rb has its methods. */
    const VALUE common = rb_define_module_under(module_at("Libvirt"), "Record");

    for (size_t i = 0; record_classes[i]; i++)
        make(record_classes[i], common);
}

VALUE record_new(const struct record_class *class)
{
    return class->allocate(class->class);
}

void record_set(VALUE object, const struct record_class *class, size_t place, VALUE value)
{
    rb_ivar_set(object, class->variables[place], value);
}

void pack_key(VALUE hash, const char *key, VALUE value)
{
    rb_hash_aset(hash, rb_utf8_str_new_cstr(key), value);
}

void pack_record(VALUE hash, VALUE key, VALUE value)
{
    rb_hash_aset(hash, key, value);
}

static VALUE field_of(VALUE value, const char *field)
{
    VALUE found;

    if (!RB_TYPE_P(value, T_HASH))
        return rb_funcall(value, rb_intern(field), 0);
    found = rb_hash_lookup2(value, rb_utf8_str_new_cstr(field), Qundef);
    return found == Qundef ? rb_hash_lookup(value, ID2SYM(rb_intern(field))) : found;
}

void record_fields(VALUE value, const char *name, const char *const *names, VALUE *fields,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!RB_TYPE_P(value, T_HASH) && !rb_respond_to(value, rb_intern(names[i])))
            rb_raise(rb_eTypeError, "%s: wrong argument type %s (expected Hash)", name,
                     NIL_P(value) ? "nil" : rb_obj_classname(value));
        fields[i] = field_of(value, names[i]);
    }
}
