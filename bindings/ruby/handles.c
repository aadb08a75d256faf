/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: objects around libvirt's references. Each keeps what it belongs to alive. A handle that
 * is freed while a call on it is in flight on another thread is released when that returns. */
#include <ctype.h>
#include <stdlib.h>

#include "handle.h"

static void mark(void *data)
{
    rb_gc_mark_movable(((struct handle *)data)->parent);
}

static void compact(void *data)
{
    struct handle *handle = data;

    handle->parent = rb_gc_location(handle->parent);
}

static int (*function_at(unsigned offset))(void *)
{
    return *(int (**)(void *))((char *)&vir + offset);
}

static void drop(void *pointer, const struct handle_kind *kind)
{
    function_at(kind->release)(pointer);
}

static void collect(void *data)
{
    struct handle *handle = data;

    if (handle->pointer)
        drop(handle->pointer, handle->kind);
    free(handle);
}

static size_t size_of(const void *data)
{
    (void)data;
    return sizeof(struct handle);
}

const rb_data_type_t handle_type = {
    .wrap_struct_name = "libvirt handle",
    .function = {.dmark = mark, .dfree = collect, .dsize = size_of, .dcompact = compact},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_WB_PROTECTED,
};

static struct handle *data_of(VALUE object)
{
    struct handle *handle = handle_of(object);

    return handle ? handle : rb_check_typeddata(object, &handle_type);
}

static _Noreturn void refuse_kind(VALUE object, const struct handle_kind *kind, const char *name)
{
    rb_raise(rb_eTypeError, "%s%swrong argument type %s (expected %s)", name ? name : "",
             name ? ": " : "", NIL_P(object) ? "nil" : rb_obj_classname(object), kind->path);
}

static _Noreturn void refuse_freed(const struct handle_kind *kind, const char *name)
{
    rb_raise(rb_eArgError, "%s%s%s has been freed", name ? name : "", name ? ": " : "", kind->name);
}

/* Raises unless it and all that it belongs to are there. */
static struct handle *check(VALUE object, const struct handle_kind *kind, const char *name)
{
    struct handle *handle = handle_of(object);
    const struct handle *outer;

    if (!handle || handle->kind != kind)
        refuse_kind(object, kind, name);
    if (handle->freed)
        refuse_freed(kind, name);
    for (outer = handle; !NIL_P(outer->parent);)
        outer = RTYPEDDATA_DATA(outer->parent);
    if (outer->freed)
        refuse_freed(outer->kind, name);
    return handle;
}

void handle_check(VALUE object)
{
    check(object, data_of(object)->kind, NULL);
}

void *handle_get(VALUE object, const struct handle_kind *kind, const char *name)
{
    return check(object, kind, name)->pointer;
}

void *handle_enter(VALUE object, const struct handle_kind *kind, const char *name)
{
    struct handle *handle = check(object, kind, name);

    handle->calls++;
    return handle->pointer;
}

/* Waits for nothing: libvirt lets go of what others hold. */
static void release(struct handle *handle)
{
    void *pointer = handle->pointer;

    handle->pointer = NULL;
    drop(pointer, handle->kind);
}

void handle_leave(VALUE object)
{
    struct handle *handle = RTYPEDDATA_DATA(object);

    if (!--handle->calls && handle->freed)
        release(handle);
}

void handles_enter(VALUE *value, const struct handle_kind *kind, const char *name, void ***pointers)
{
    VALUE entered;
    long count;

    if (!RB_TYPE_P(*value, T_ARRAY))
        rb_raise(rb_eTypeError, "%s: wrong argument type %s (expected Array)", name,
                 rb_obj_classname(*value));
    count = RARRAY_LEN(*value);
    entered = rb_ary_dup(*value);
    *pointers = calloc((size_t)count + 1, sizeof **pointers);
    if (!*pointers)
        rb_memerror();
    *value = entered;
    for (long i = 0; i < count; i++)
        (*pointers)[i] = handle_enter(rb_ary_entry(entered, i), kind, name);
}

void handles_leave(void **pointers, VALUE entered)
{
    for (long i = 0; pointers[i]; i++)
        handle_leave(rb_ary_entry(entered, i));
    free(pointers);
}

/* ---- new ones ---- */

VALUE handle_connection(VALUE object)
{
    const struct handle *handle = data_of(object);

    while (!NIL_P(handle->parent)) {
        object = handle->parent;
        handle = RTYPEDDATA_DATA(object);
    }
    return object;
}

VALUE handle_parent_for(VALUE self, const struct handle_kind *kind)
{
    VALUE object = self;

    if (!kind->parent || NIL_P(self))
        return Qnil;
    while (((struct handle *)RTYPEDDATA_DATA(object))->kind != kind->parent) {
        object = ((struct handle *)RTYPEDDATA_DATA(object))->parent;
        if (NIL_P(object))
            return handle_connection(self);
    }
    return object;
}

static VALUE empty(const struct handle_kind *kind, VALUE parent, struct handle **handle)
{
    VALUE object = TypedData_Wrap_Struct(*kind->class, &handle_type, NULL);

    /* Not Ruby's malloc, which would count it: what weighs is behind the pointer. */
    *handle = malloc(sizeof **handle);
    if (!*handle)
        rb_memerror();
    /* It is too new for a write barrier: nothing was allocated since that could have marked it. */
    **handle = (struct handle){.kind = kind, .parent = parent};
    RTYPEDDATA_DATA(object) = *handle;
    return object;
}

VALUE new_handle(const struct handle_kind *kind, VALUE self)
{
    struct handle *handle;
    VALUE object = empty(kind, handle_of(self) ? handle_parent_for(self, kind) : Qnil, &handle);

    handle->freed = true;
    return object;
}

void new_handle_fill(VALUE object, void *pointer)
{
    struct handle *handle = RTYPEDDATA_DATA(object);

    handle->pointer = pointer;
    handle->freed = false;
}

VALUE new_handles_out(void **pointers, int count, const struct handle_kind *kind, VALUE self)
{
    const VALUE parent = handle_parent_for(self, kind);
    VALUE array = rb_ary_new_capa(count);

    for (int i = 0; i < count; i++) {
        struct handle *handle;
        VALUE object = empty(kind, parent, &handle);

        handle->pointer = pointers[i];
        pointers[i] = NULL;
        rb_ary_push(array, object);
    }
    return array;
}

void new_handle_free(void *pointer, const struct handle_kind *kind)
{
    if (pointer)
        drop(pointer, kind);
}

void new_handles_free(void **pointers, int count, const struct handle_kind *kind)
{
    for (int i = 0; i < count; i++)
        new_handle_free(pointers[i], kind);
    free(pointers);
}

VALUE handle_lent_out(void *pointer, const struct handle_kind *kind, VALUE self)
{
    struct handle *handle;
    VALUE object;

    if (!pointer)
        return Qnil;
    object = empty(kind, handle_parent_for(self, kind), &handle);
    if (!kind->retain || function_at(kind->retain)(pointer) < 0)
        raise_last_error(kind->name, error_class_Error);
    handle->pointer = pointer;
    return object;
}

/* ---- the end ---- */

bool handle_is_open(VALUE object)
{
    return !data_of(object)->freed;
}

bool handle_take(VALUE object, void **pointer)
{
    struct handle *handle = data_of(object);

    *pointer = NULL;
    if (handle->freed)
        return false;
    handle->freed = true;
    if (!handle->calls) {
        *pointer = handle->pointer;
        handle->pointer = NULL;
    }
    return true;
}

bool handle_release(VALUE object)
{
    void *pointer;
    const bool was_there = handle_take(object, &pointer);

    if (pointer)
        drop(pointer, data_of(object)->kind);
    return was_there;
}

static VALUE free_handle(VALUE self)
{
    handle_release(self);
    return Qnil;
}

/* ---- classes ---- */

static VALUE refuse_new(int count, VALUE *arguments, VALUE class)
{
    (void)count;
    (void)arguments;
    rb_raise(rb_eTypeError, "Not allowed for this class: %s", rb_class2name(class));
}

static VALUE connection(VALUE self)
{
    handle_check(self);
    return handle_connection(self);
}

/* What a snapshot, a checkpoint or a port belongs to. */
static VALUE owner(VALUE self)
{
    handle_check(self);
    return data_of(self)->parent;
}

/* "domain" */
static void define_owner(const struct handle_kind *kind)
{
    char name[32];

    snprintf(name, sizeof name, "%s", strrchr(kind->parent->path, ':') + 1);
    name[0] = (char)tolower((unsigned char)name[0]);
    rb_define_method(*kind->class, name, owner, 0);
}

/* #<Libvirt::Domain:0x000055d0 @connection=#<Libvirt::Connect:0x000055d1>> */
static VALUE inspect(VALUE self)
{
    const struct handle *handle = data_of(self);
    VALUE text = rb_any_to_s(self);

    if (handle->freed || NIL_P(handle->parent))
        return text;
    return rb_sprintf("%.*s @connection=%" PRIsVALUE ">", (int)RSTRING_LEN(text) - 1,
                      RSTRING_PTR(text), rb_any_to_s(handle_connection(self)));
}

void handle_classes_make(void)
{
    for (size_t i = 0; handle_kinds[i]; i++) {
        const struct handle_kind *kind = handle_kinds[i];
        VALUE class = module_at(kind->path);

        *kind->class = class;
        rb_gc_register_address(kind->class);
        rb_undef_alloc_func(class);
        rb_define_singleton_method(class, "new", refuse_new, -1);
        rb_define_method(class, "inspect", inspect, 0);
        identity_define(class);
        if (kind->parent) {
            if (kind != &handle_kind_virStream) /* has its own */
                rb_define_method(class, "free", free_handle, 0);
            rb_define_method(class, "connection", connection, 0);
            if (kind->parent->parent)
                define_owner(kind);
        }
    }
}
