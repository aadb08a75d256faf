/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lives of callbacks. Each is an object of Ruby's that owns the memory libvirt knows; a root
 * keeps all that libvirt holds. */
#include <stdatomic.h>

#include "callbacks.h"

struct callback {
    VALUE object; /* around this */
    VALUE self;
    VALUE callable;
    VALUE opaque;
    const struct callback_registry *registry; /* NULL: not registered, or not any more */
    int id;
    bool is_held; /* by libvirt, or for it */
    bool ended;   /* not to be called any more; what libvirt gave back may still be waiting */
    struct callback *next;
    struct callback *next_returned;
};

/* All that can be called. */
static struct callback *known;
/* What libvirt gave back: a stack that needs no lock to push to. */
static _Atomic(struct callback *) returned;
/* Pairs of a callback and its arguments. */
static VALUE waiting;

/* ---- for the garbage collector ---- */

static void mark(void *data)
{
    const struct callback *callback = data;

    rb_gc_mark_movable(callback->self);
    rb_gc_mark_movable(callback->callable);
    rb_gc_mark_movable(callback->opaque);
}

static void compact(void *data)
{
    struct callback *callback = data;

    callback->object = rb_gc_location(callback->object);
    callback->self = rb_gc_location(callback->self);
    callback->callable = rb_gc_location(callback->callable);
    callback->opaque = rb_gc_location(callback->opaque);
}

static void forget(struct callback *callback)
{
    struct callback **link = &known;

    while (*link && *link != callback)
        link = &(*link)->next;
    if (*link)
        *link = callback->next;
}

/* When Ruby ends libvirt may still hold it. */
static void collect(void *data)
{
    struct callback *callback = data;

    callback->ended = true;
    forget(callback);
    if (!callback->is_held)
        xfree(callback);
}

static size_t size_of(const void *data)
{
    (void)data;
    return sizeof(struct callback);
}

static const rb_data_type_t callback_type = {
    .wrap_struct_name = "libvirt callback",
    .function = {.dmark = mark, .dfree = collect, .dsize = size_of, .dcompact = compact},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_WB_PROTECTED,
};

static void mark_held(void *data)
{
    (void)data;
    for (const struct callback *callback = known; callback; callback = callback->next)
        if (callback->is_held)
            rb_gc_mark_movable(callback->object);
}

static const rb_data_type_t root_type = {
    .wrap_struct_name = "libvirt callbacks",
    .function = {.dmark = mark_held},
};

static void make_root(void)
{
    static VALUE root;

    if (root)
        return;
    rb_gc_register_address(&waiting);
    rb_gc_register_address(&root);
    waiting = rb_ary_new();
    root = TypedData_Wrap_Struct(rb_cObject, &root_type, &known);
}

/* ---- lives ---- */

struct callback *callback_new(VALUE self, VALUE callable, VALUE opaque)
{
    struct callback *callback;
    VALUE object;

    make_root();
    dispatcher_start();
    callbacks_reap();
    object = TypedData_Make_Struct(rb_cObject, struct callback, &callback_type, callback);
    callback->object = object;
    RB_OBJ_WRITE(object, &callback->self, self);
    RB_OBJ_WRITE(object, &callback->callable, callable);
    RB_OBJ_WRITE(object, &callback->opaque, opaque);
    callback->is_held = true;
    callback->next = known;
    known = callback;
    return callback;
}

void callback_registered(struct callback *callback, const struct callback_registry *registry,
                         int id)
{
    callback->id = id;
    callback->registry = registry;
}

void callback_drop(struct callback *callback)
{
    forget(callback);
    callback->registry = NULL;
    callback->is_held = false;
}

VALUE callback_tie(struct callback *callback)
{
    callback->is_held = false;
    return callback->object;
}

void callback_free(void *opaque)
{
    struct callback *callback = opaque;
    struct callback *first = atomic_load(&returned);

    do {
        callback->next_returned = first;
    } while (!atomic_compare_exchange_weak(&returned, &first, callback));
}

void callbacks_reap(void)
{
    struct callback *callback = atomic_load(&returned) ? atomic_exchange(&returned, NULL) : NULL;

    while (callback) {
        struct callback *next = callback->next_returned;

        callback_drop(callback);
        callback = next;
    }
}

/* ---- the end of registrations ---- */

struct callback *callback_find(const struct callback_registry *registry, VALUE self, int id)
{
    struct callback *callback = known;

    while (callback &&
           (callback->registry != registry || callback->id != id || callback->self != self))
        callback = callback->next;
    return callback;
}

/* Some drivers never give back what they were told to let go. */
static void end(struct callback *callback)
{
    callback->ended = true;
    callback->registry = NULL;
    callback->self = callback->callable = callback->opaque = Qnil;
}

VALUE callback_holder(const struct callback_registry *registry, VALUE self, int id)
{
    const struct callback *callback = callback_find(registry, self, id);

    return callback ? callback->object : Qnil;
}

void callback_end(VALUE holder)
{
    if (!NIL_P(holder))
        end(RTYPEDDATA_DATA(holder));
    callbacks_reap();
}

struct removal {
    const struct callback_registry *registry;
    void *pointer;
    int id;
};

static void *run_removal(void *data)
{
    const struct removal *removal = data;

    removal->registry->remove(removal->pointer, removal->id);
    return NULL;
}

void callbacks_end(VALUE self, void *pointer)
{
    struct callback *callback = known;

    while (callback) {
        struct removal removal = {callback->registry, pointer, callback->id};
        VALUE holder = callback->object;

        if (callback->self != self || !removal.registry) {
            callback = callback->next;
            continue;
        }
        if (removal.registry->remove)
            call_blocking(run_removal, &removal);
        callback_end(holder);
        callback = known; /* anything may have happened meanwhile */
    }
    callbacks_reap();
}

/* ---- calls ---- */

static VALUE call(const struct callback *callback, VALUE values)
{
    return callable_call(callback->callable, RARRAY_LENINT(values), RARRAY_CONST_PTR(values));
}

struct delivery {
    struct callback *callback;
    void (*fill)(VALUE values, VALUE self, const void *given);
    const void *given;
    bool later;
};

VALUE callback_call(const struct callback *callback, VALUE values)
{
    rb_ary_push(values, callback->opaque);
    return call(callback, values);
}

static VALUE deliver(VALUE data)
{
    const struct delivery *delivery = (void *)data;
    const struct callback *callback = delivery->callback;
    VALUE object = callback->object;
    VALUE values;

    if (callback->ended)
        return Qnil;
    values = rb_ary_new();
    if (!NIL_P(callback->self))
        rb_ary_push(values, callback->self);
    delivery->fill(values, callback->self, delivery->given);
    rb_ary_push(values, callback->opaque);
    if (delivery->later)
        rb_ary_push(waiting, rb_assoc_new(object, values));
    else
        call(callback, values);
    RB_GC_GUARD(object);
    return Qnil;
}

void callback_fire(void *opaque, void (*values)(VALUE values, VALUE self, const void *given),
                   const void *given)
{
    struct delivery delivery = {opaque, values, given, call_is_pumping()};

    ruby_run(deliver, &delivery);
}

/* Also what libvirt has given back meanwhile, unless the program ended it or its object. */
static bool is_wanted(const struct callback *callback)
{
    return !callback->ended && (NIL_P(callback->self) || handle_is_open(callback->self));
}

void callbacks_deliver(void)
{
    while (waiting && RARRAY_LEN(waiting) > 0) {
        VALUE pair = rb_ary_shift(waiting);
        VALUE object = rb_ary_entry(pair, 0);
        const struct callback *callback = RTYPEDDATA_DATA(object);

        if (is_wanted(callback))
            call(callback, rb_ary_entry(pair, 1));
        RB_GC_GUARD(object);
    }
    callbacks_reap();
}
