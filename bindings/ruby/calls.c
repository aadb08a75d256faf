/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls without Ruby's lock, and errors. */
#include <ruby/encoding.h>
#include <ruby/fiber/scheduler.h>
#include <ruby/thread.h>

#include "overrides/callbacks.h"
#include "runtime.h"

struct call {
    void *(*function)(void *);
    void *data;
    void (*unblock)(void *);
    void *unblock_data;
    VALUE entered; /* to be left when it is over; 0: nothing is */
    bool pumps;
    bool done;
    int leaving; /* how a callback left, for rb_jump_tag() */
    struct deferred *first;
    struct deferred **last;
    struct call *outer;
};

/* The innermost call of this thread. */
static _Thread_local struct call *current;

static void *run(void *data)
{
    struct call *call = data;

    call->outer = current;
    current = call;
    call->function(call->data);
    current = call->outer;
    call->done = true;
    return NULL;
}

bool call_is_running(void)
{
    return current;
}

bool call_is_pumping(void)
{
    return current && current->pumps;
}

bool call_is_leaving(void)
{
    return current && current->leaving;
}

bool call_leave(int state)
{
    if (!current || current->leaving)
        return false;
    current->leaving = state;
    return true;
}

static void append(struct call *call, struct deferred *deferred)
{
    deferred->next = NULL;
    *call->last = deferred;
    call->last = &deferred->next;
}

bool call_defer(struct deferred *deferred)
{
    if (current)
        append(current, deferred);
    return current;
}

bool call_defer_outermost(struct deferred *deferred)
{
    struct call *call = current;

    while (call && call->outer)
        call = call->outer;
    if (call)
        append(call, deferred);
    return call;
}

/* ---- after a call ---- */

static VALUE leave(VALUE data)
{
    const struct call *call = (void *)data;

    if (call->leaving)
        rb_jump_tag(call->leaving);
    return Qnil;
}

static VALUE run_first(VALUE data)
{
    struct call *call = (void *)data;
    struct deferred *deferred = call->first;

    call->first = deferred->next;
    deferred->function(deferred);
    return Qnil;
}

/* Each, also where one before it raises. */
static VALUE run_deferred(VALUE data)
{
    const struct call *call = (void *)data;

    if (call->first)
        rb_ensure(run_first, data, run_deferred, data);
    return Qnil;
}

static void finish(struct call *call)
{
    if (call->leaving || call->first)
        rb_ensure(leave, (VALUE)call, run_deferred, (VALUE)call);
    callbacks_reap();
}

/* ---- calls ---- */

static void leave_entered(struct call *call)
{
    if (call->entered)
        handle_leave(call->entered);
}

static VALUE check_interrupts(VALUE unused)
{
    rb_thread_check_ints();
    return unused;
}

static void serve_interrupts(struct call *call)
{
    int state;

    rb_protect(check_interrupts, Qnil, &state);
    if (state) {
        leave_entered(call);
        rb_jump_tag(state);
    }
}

static void call_here(struct call *call)
{
    /* Without having run it comes back where an interrupt is waiting, which is served first. */
    while (!call->done) {
        rb_nogvl(run, call, call->unblock, call->unblock_data,
                 RB_NOGVL_INTR_FAIL | (call->pumps ? RB_NOGVL_UBF_ASYNC_SAFE : 0));
        if (!call->done)
            serve_interrupts(call);
    }
    leave_entered(call);
    finish(call);
}

static VALUE call_on_thread(void *data)
{
    rb_funcall(rb_thread_current(), rb_intern("report_on_exception="), 1, Qfalse);
    call_here(data);
    return Qnil;
}

static VALUE wait_for(VALUE thread)
{
    return rb_funcall(thread, rb_intern("value"), 0);
}

static VALUE end(VALUE thread)
{
    rb_funcall(thread, rb_intern("kill"), 0);
    while (RTEST(rb_funcall(thread, rb_intern("alive?"), 0)))
        rb_thread_schedule();
    return Qnil;
}

/* Other fibers run on meanwhile. The thread works on this fiber's stack, so it keeps the fiber. */
static void call_beside(struct call *call)
{
    VALUE thread = rb_thread_create(call_on_thread, call);

    rb_ivar_set(thread, rb_intern("__fiber"), rb_fiber_current());
    rb_ensure(wait_for, thread, end, thread);
}

static void call_with(void *(*function)(void *), void *data, void (*unblock)(void *),
                      void *unblock_data, bool pumps)
{
    struct call call = {.function = function,
                        .data = data,
                        .unblock = unblock,
                        .unblock_data = unblock_data,
                        .pumps = pumps,
                        .last = &call.first};

    if (unblock && !NIL_P(rb_fiber_scheduler_current()))
        call_beside(&call);
    else
        call_here(&call);
}

void call_interruptible(void *(*function)(void *), void *data, void (*unblock)(void *),
                        void *unblock_data)
{
    call_with(function, data, unblock, unblock_data, false);
}

void call_blocking(void *(*function)(void *), void *data)
{
    call_with(function, data, NULL, NULL, false);
}

void call_blocking_and_leave(void *(*function)(void *), void *data, VALUE entered)
{
    struct call call = {
        .function = function, .data = data, .entered = entered, .last = &call.first};

    call_here(&call);
}

void call_regardless(void *(*function)(void *), void *data)
{
    struct call call = {.function = function, .data = data, .last = &call.first};

    rb_nogvl(run, &call, NULL, NULL, RB_NOGVL_INTR_FAIL);
    if (!call.done)
        run(&call);
    finish(&call);
}

void call_pumping(void *(*function)(void *), void *data, void (*unblock)(void *),
                  void *unblock_data)
{
    call_with(function, data, unblock, unblock_data, true);
    rb_thread_check_ints();
    callbacks_deliver();
}

/* ---- errors ---- */

VALUE error_class_Error, error_class_ConnectionError, error_class_DefinitionError,
    error_class_RetrieveError, error_class_AgainError, error_class_NoSupportError;

static const struct {
    const char *name;
    VALUE *class;
} error_classes[] = {
    {"ConnectionError", &error_class_ConnectionError},
    {"DefinitionError", &error_class_DefinitionError},
    {"RetrieveError", &error_class_RetrieveError},
    {"AgainError", &error_class_AgainError},
    {"NoSupportError", &error_class_NoSupportError},
};

static const char *const attributes[] = {
    "libvirt_function_name", "libvirt_message", "libvirt_code", "libvirt_component",
    "libvirt_level",         "libvirt_str1",    "libvirt_str2", "libvirt_str3",
    "libvirt_int1",          "libvirt_int2",
};
enum { ATTRIBUTES = sizeof attributes / sizeof *attributes };
static ID variables[ATTRIBUTES];
static VALUE readers; /* a module with all of them */

void error_classes_make(void)
{
    VALUE module = module_at("Libvirt");

    error_class_Error = rb_define_class_under(module, "Error", rb_eStandardError);
    rb_gc_register_address(&error_class_Error);
    for (size_t i = 0; i < sizeof error_classes / sizeof *error_classes; i++) {
        *error_classes[i].class =
            rb_define_class_under(module, error_classes[i].name, error_class_Error);
        rb_gc_register_address(error_classes[i].class);
    }
    readers = rb_define_module_under(error_class_Error, "Readers");
    rb_gc_register_address(&readers);
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        char name[32];

        snprintf(name, sizeof name, "@%s", attributes[i]);
        variables[i] = rb_intern(name);
        rb_define_attr(error_class_Error, attributes[i], 1, 0);
        rb_define_attr(readers, attributes[i], 1, 0);
    }
}

struct raising {
    struct captured_error *error;
    const char *function;
    VALUE class;
};

static VALUE exception_of(VALUE data)
{
    const struct raising *raising = (void *)data;
    const struct captured_error *error = raising->error;
    const bool is_set = error->is_set;
    VALUE text = is_set && error->message
                     ? rb_sprintf("Call to %s failed: %s", raising->function, error->message)
                     : rb_sprintf("Call to %s failed", raising->function);
    VALUE exception = rb_exc_new_str(raising->class, rb_enc_associate(text, rb_utf8_encoding()));
    /* Without an error the numbers are 0. */
    const VALUE values[ATTRIBUTES] = {
        string_out(raising->function),
        is_set ? string_out(error->message) : Qnil,
        INT2NUM(error->code),
        INT2NUM(error->domain),
        INT2NUM(error->level),
        is_set ? string_out(error->str1) : Qnil,
        is_set ? string_out(error->str2) : Qnil,
        is_set ? string_out(error->str3) : Qnil,
        is_set ? INT2NUM(error->int1) : Qnil,
        is_set ? INT2NUM(error->int2) : Qnil,
    };

    for (size_t i = 0; i < ATTRIBUTES; i++)
        rb_ivar_set(exception, variables[i], values[i]);
    /* Some functions fail with a class of Ruby's own. */
    if (!RTEST(rb_class_inherited_p(raising->class, error_class_Error)))
        rb_extend_object(exception, readers);
    return exception;
}

static VALUE release_error(VALUE data)
{
    error_release((struct captured_error *)data);
    return Qnil;
}

void raise_error(struct captured_error *error, const char *function, VALUE class)
{
    struct raising raising = {error, error->function ? error->function : function, class};

    rb_exc_raise(rb_ensure(exception_of, (VALUE)&raising, release_error, (VALUE)error));
}

void raise_last_error(const char *function, VALUE class)
{
    struct captured_error error;

    error_capture(&error);
    raise_error(&error, function, class);
}

void function_require(const char *c_name)
{
    const struct loader_function *function = loader_find(c_name);
    char message[160];

    if (loader_has(function))
        return;
    loader_explain_absence(c_name, function->version, message, sizeof message);
    rb_raise(error_class_NoSupportError, "%s", message);
}
