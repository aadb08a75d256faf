/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lives of what a loop written in Ruby watches for libvirt, and what the loop calls. */
#include "own_loop.h"

static struct entry *entries;

/* ---- for the garbage collector ---- */

void entry_forget(const struct entry *entry)
{
    struct entry **link = &entries;

    while (*link && *link != entry)
        link = &(*link)->next;
    if (*link)
        *link = entry->next;
}

/* When Ruby ends libvirt may still know it. */
static void collect_entry(void *data)
{
    entry_forget(data);
    xfree(data);
}

static void compact_entry(void *data)
{
    struct entry *entry = data;

    entry->object = rb_gc_location(entry->object);
}

static const rb_data_type_t entry_type = {
    .wrap_struct_name = "libvirt event",
    .function = {.dfree = collect_entry, .dcompact = compact_entry},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY,
};

static void mark(void *data)
{
    (void)data;
    for (const struct entry *entry = entries; entry; entry = entry->next)
        rb_gc_mark_movable(entry->object);
}

static const rb_data_type_t root_type = {
    .wrap_struct_name = "libvirt events",
    .function = {.dmark = mark},
};

static void make_root(void)
{
    static VALUE root;

    if (root)
        return;
    rb_gc_register_address(&root);
    root = TypedData_Wrap_Struct(rb_cObject, &root_type, &entries);
}

/* ---- entries ---- */

struct entry *entry_new(const struct entry *values)
{
    struct entry *entry;
    VALUE object;

    make_root();
    object = TypedData_Make_Struct(rb_cObject, struct entry, &entry_type, entry);
    *entry = *values;
    entry->deferred.function = entry_free;
    entry->object = object;
    entry->next = entries;
    entries = entry;
    return entry;
}

struct entry *entry_find(enum entry_kind kind, int id)
{
    struct entry *entry = entries;

    while (entry &&
           (entry->kind != kind || entry->id != id || !entry->is_added || entry->is_removed))
        entry = entry->next;
    return entry;
}

static void *run_free(void *data)
{
    const struct entry *entry = data;

    entry->free(entry->opaque);
    return NULL;
}

void entry_free(struct deferred *deferred)
{
    struct entry *entry = (struct entry *)deferred;
    VALUE object = entry->object;

    entry->is_due = entry->calls;
    if (entry->is_due)
        return;
    entry_forget(entry);
    if (entry->free)
        call_regardless(run_free, entry);
    RB_GC_GUARD(object);
}

/* ---- what the program's loop calls ---- */

struct invoking {
    struct entry *entry;
    int watch;
    int fd;
    int events;
};

static struct entry *entry_in(VALUE opaque, enum entry_kind kind)
{
    struct entry *entry;
    VALUE object;

    if (!RB_TYPE_P(opaque, T_HASH))
        rb_raise(rb_eTypeError, "opaque: wrong argument type %s (expected Hash)",
                 NIL_P(opaque) ? "nil" : rb_obj_classname(opaque));
    object = rb_hash_lookup(opaque, rb_str_new_cstr("libvirt_cb"));
    if (!rb_typeddata_is_kind_of(object, &entry_type))
        rb_raise(rb_eTypeError, "opaque: this is not what libvirt gave the event loop");
    entry = RTYPEDDATA_DATA(object);
    if (entry->kind != kind)
        rb_raise(rb_eTypeError, "opaque: this is of a %s",
                 kind == ENTRY_DESCRIPTOR ? "timeout" : "file descriptor");
    return entry;
}

static void *run_callback(void *data)
{
    const struct invoking *invoking = data;
    const struct entry *entry = invoking->entry;

    if (entry->kind == ENTRY_DESCRIPTOR)
        ((virEventHandleCallback)entry->callback)(invoking->watch, invoking->fd, invoking->events,
                                                  entry->opaque);
    else
        ((virEventTimeoutCallback)entry->callback)(invoking->watch, entry->opaque);
    return NULL;
}

static VALUE body_invoking(VALUE data)
{
    call_pumping(run_callback, (void *)data, NULL, NULL);
    return Qnil;
}

static VALUE end_invoking(VALUE data)
{
    struct entry *entry = ((struct invoking *)data)->entry;

    if (!--entry->calls && entry->is_due)
        entry_free(&entry->deferred);
    return Qnil;
}

/* One that was removed meanwhile gets no more events. */
static VALUE invoke(struct invoking *invoking)
{
    VALUE object = invoking->entry->object;

    if (!invoking->entry->is_removed) {
        invoking->entry->calls++;
        rb_ensure(body_invoking, (VALUE)invoking, end_invoking, (VALUE)invoking);
    }
    RB_GC_GUARD(object);
    return Qnil;
}

VALUE event_invoke_handle_callback(VALUE self, VALUE watch, VALUE fd, VALUE events, VALUE opaque)
{
    struct invoking invoking = {.watch = int_in(watch, "handle"),
                                .fd = int_in(fd, "fd"),
                                .events = int_in(events, "events"),
                                .entry = entry_in(opaque, ENTRY_DESCRIPTOR)};

    (void)self;
    return invoke(&invoking);
}

VALUE event_invoke_timeout_callback(VALUE self, VALUE timer, VALUE opaque)
{
    struct invoking invoking = {.watch = int_in(timer, "timer"),
                                .entry = entry_in(opaque, ENTRY_TIMER)};

    (void)self;
    return invoke(&invoking);
}
