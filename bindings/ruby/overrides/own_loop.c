/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop that the program brings: its six functions behind libvirt's, and libvirt's
 * callbacks as objects for it to give back. */
#include <stdlib.h>

#include "own_loop.h"

#include <ruby/debug.h>

#include "glue.h"

enum loop_function {
    ADD_HANDLE,
    UPDATE_HANDLE,
    REMOVE_HANDLE,
    ADD_TIMEOUT,
    UPDATE_TIMEOUT,
    REMOVE_TIMEOUT,
    LOOP_FUNCTIONS
};

static VALUE functions[LOOP_FUNCTIONS];

static void mark(void *data)
{
    (void)data;
    for (size_t i = 0; i < LOOP_FUNCTIONS; i++)
        rb_gc_mark_movable(functions[i]);
}

static void compact(void *data)
{
    (void)data;
    for (size_t i = 0; i < LOOP_FUNCTIONS; i++)
        functions[i] = rb_gc_location(functions[i]);
}

static const rb_data_type_t root_type = {
    .wrap_struct_name = "libvirt event loop",
    .function = {.dmark = mark, .dcompact = compact},
};

static void make_root(void)
{
    static VALUE root;

    if (root)
        return;
    for (size_t i = 0; i < LOOP_FUNCTIONS; i++)
        functions[i] = Qnil;
    rb_gc_register_address(&root);
    root = TypedData_Wrap_Struct(rb_cObject, &root_type, functions);
}

/* ---- what has to wait ---- */

/* Calls of the functions that came in the middle of a garbage collection, and data to be freed
 * outside of all calls of libvirt's. */
struct postponed {
    enum loop_function function;
    int id;
    int value;
    struct entry *entry;
    struct postponed *next;
};

static struct postponed *postponed;

static void call_function(enum loop_function function, int id, int value)
{
    const VALUE arguments[] = {INT2NUM(id), INT2NUM(value)};
    const bool removes = function == REMOVE_HANDLE || function == REMOVE_TIMEOUT;

    if (!NIL_P(functions[function]))
        callable_call(functions[function], removes ? 1 : 2, arguments);
}

static VALUE call_postponed(VALUE data)
{
    const struct postponed *one = (void *)data;

    if (one->function != LOOP_FUNCTIONS)
        call_function(one->function, one->id, one->value);
    return Qnil;
}

static VALUE end_postponed(VALUE data)
{
    struct postponed *one = (void *)data;
    struct entry *entry = one->entry;

    free(one);
    if (entry)
        entry_free(&entry->deferred);
    return Qnil;
}

static VALUE run_postponed(VALUE unused)
{
    while (postponed) {
        struct postponed *one = postponed;

        postponed = one->next;
        rb_ensure(call_postponed, (VALUE)one, end_postponed, (VALUE)one);
    }
    return unused;
}

static void run_postponed_deferred(struct deferred *deferred)
{
    deferred->function = NULL;
    run_postponed(Qnil);
}

/* Where Ruby looks at interrupts, libvirt's code may be below. */
static void run_postponed_job(void *unused)
{
    static struct deferred deferred;

    (void)unused;
    if (!call_is_running()) {
        ruby_run(run_postponed, NULL);
    } else if (!deferred.function) {
        deferred.function = run_postponed_deferred;
        call_defer_outermost(&deferred);
    }
}

static void postpone(enum loop_function function, int id, int value, struct entry *entry)
{
    struct postponed *one = malloc(sizeof *one);
    struct postponed **last = &postponed;

    if (!one)
        return;
    *one = (struct postponed){function, id, value, entry, NULL};
    while (*last)
        last = &(*last)->next;
    *last = one;
    rb_postponed_job_register_one(0, run_postponed_job, NULL);
}

/* ---- what libvirt calls ---- */

struct adding {
    enum loop_function function;
    int numbers[2];
    int count;
    struct entry entry;
    struct entry *added;
};

static VALUE make_entry(struct adding *adding)
{
    struct entry *entry = adding->added = entry_new(&adding->entry);
    VALUE hash = rb_hash_new();

    rb_hash_aset(hash, rb_str_new_cstr("libvirt_cb"), entry->object);
    rb_hash_aset(hash, rb_str_new_cstr("opaque"), entry->object);
    rb_hash_aset(hash, rb_str_new_cstr("free_func"), entry->free ? entry->object : Qnil);
    return hash;
}

static VALUE add_entry(VALUE data)
{
    struct adding *adding = (void *)data;
    VALUE arguments[3];
    int count = 0;

    while (count < adding->count) {
        arguments[count] = INT2NUM(adding->numbers[count]);
        count++;
    }
    arguments[count++] = make_entry(adding);
    adding->added->id = int_in(callable_call(functions[adding->function], count, arguments),
                               adding->function == ADD_HANDLE ? "what addHandle returned"
                                                              : "what addTimeout returned");
    adding->added->is_added = true;
    return Qnil;
}

static VALUE check_added(VALUE data)
{
    const struct adding *adding = (void *)data;

    if (adding->added && !adding->added->is_added) {
        adding->added->is_removed = true;
        entry_forget(adding->added);
    }
    return Qnil;
}

static VALUE run_adding(VALUE data)
{
    return rb_ensure(add_entry, data, check_added, data);
}

static int add_handle(int fd, int events, virEventHandleCallback callback, void *opaque,
                      virFreeCallback ff)
{
    struct adding adding = {.function = ADD_HANDLE,
                            .numbers = {fd, events},
                            .count = 2,
                            .entry = {.kind = ENTRY_DESCRIPTOR,
                                      .callback = (any_function)callback,
                                      .opaque = opaque,
                                      .free = ff}};

    return ruby_run(run_adding, &adding) ? adding.added->id : -1;
}

static int add_timeout(int timeout, virEventTimeoutCallback callback, void *opaque,
                       virFreeCallback ff)
{
    struct adding adding = {
        .function = ADD_TIMEOUT,
        .numbers = {timeout},
        .count = 1,
        .entry = {
            .kind = ENTRY_TIMER, .callback = (any_function)callback, .opaque = opaque, .free = ff}};

    return ruby_run(run_adding, &adding) ? adding.added->id : -1;
}

struct changing {
    enum loop_function function;
    int id;
    int value;
};

static VALUE run_update(VALUE data)
{
    const struct changing *changing = (void *)data;

    call_function(changing->function, changing->id, changing->value);
    return Qnil;
}

static void update(enum loop_function function, int id, int value)
{
    struct changing changing = {function, id, value};

    if (ruby_is_collecting())
        postpone(function, id, value, NULL);
    else
        ruby_run(run_update, &changing);
}

static void update_handle(int watch, int events)
{
    update(UPDATE_HANDLE, watch, events);
}

static void update_timeout(int timer, int timeout)
{
    update(UPDATE_TIMEOUT, timer, timeout);
}

struct removing {
    enum loop_function function;
    int id;
    struct entry *entry;
    bool told;
};

static struct entry *take(struct removing *removing)
{
    removing->entry = entry_find(
        removing->function == REMOVE_HANDLE ? ENTRY_DESCRIPTOR : ENTRY_TIMER, removing->id);
    if (removing->entry)
        removing->entry->is_removed = true;
    return removing->entry;
}

static VALUE call_remove(VALUE data)
{
    const struct removing *removing = (void *)data;

    call_function(removing->function, removing->id, 0);
    return Qnil;
}

/* libvirt wants its data freed while none of its functions runs. */
static VALUE free_later(VALUE data)
{
    const struct removing *removing = (void *)data;

    if (!call_defer_outermost(&removing->entry->deferred))
        postpone(LOOP_FUNCTIONS, 0, 0, removing->entry);
    return Qnil;
}

/* What the loop does not know from libvirt, it may know itself. */
static VALUE run_removing(VALUE data)
{
    struct removing *removing = (void *)data;

    if (take(removing))
        rb_ensure(call_remove, data, free_later, data);
    else
        call_remove(data);
    removing->told = true;
    return Qnil;
}

static int remove_it(enum loop_function function, int id)
{
    struct removing removing = {function, id, NULL, false};

    if (!ruby_is_collecting())
        ruby_run(run_removing, &removing);
    else if (take(&removing))
        postpone(function, id, 0, removing.entry);
    return removing.entry || removing.told ? 0 : -1;
}

static int remove_handle(int watch)
{
    return remove_it(REMOVE_HANDLE, watch);
}

static int remove_timeout(int timer)
{
    return remove_it(REMOVE_TIMEOUT, timer);
}

static void *run_registration(void *data)
{
    (void)data;
    vir.virEventRegisterImpl(NIL_P(functions[ADD_HANDLE]) ? NULL : add_handle,
                             NIL_P(functions[UPDATE_HANDLE]) ? NULL : update_handle,
                             NIL_P(functions[REMOVE_HANDLE]) ? NULL : remove_handle,
                             NIL_P(functions[ADD_TIMEOUT]) ? NULL : add_timeout,
                             NIL_P(functions[UPDATE_TIMEOUT]) ? NULL : update_timeout,
                             NIL_P(functions[REMOVE_TIMEOUT]) ? NULL : remove_timeout);
    return NULL;
}

VALUE override_virEventRegisterImpl(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"addHandle",  "updateHandle",  "removeHandle",
                                        "addTimeout", "updateTimeout", "removeTimeout"};
    static const struct signature signature = {0, LOOP_FUNCTIONS, names};
    VALUE given[LOOP_FUNCTIONS];
    bool is_any = false;

    (void)self;
    arguments_read(argc, argv, &signature, given);
    for (size_t i = 0; i < LOOP_FUNCTIONS; i++)
        if (!NIL_P(given[i]))
            callable_check(given[i], names[i]);
    if (loop == LOOP_DEFAULT)
        rb_raise(error_class_Error, "an event loop is registered already");
    make_root();
    for (size_t i = 0; i < LOOP_FUNCTIONS; i++) {
        functions[i] = given[i];
        is_any = is_any || !NIL_P(given[i]);
    }
    dispatcher_start();
    call_blocking(run_registration, NULL);
    if (is_any)
        loop = LOOP_OWN;
    return Qnil;
}
