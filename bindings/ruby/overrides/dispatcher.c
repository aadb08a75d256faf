/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ruby code for libvirt, from any thread: what can be called, what becomes of exceptions, and the
 * thread that serves threads which are not Ruby's. */
#include <pthread.h>
#include <ruby/thread.h>

#include "callbacks.h"

/* Exported by Ruby, and declared in no header of its. */
int ruby_thread_has_gvl_p(void);

/* ---- what can be called ---- */

void callable_check(VALUE callable, const char *name)
{
    if (SYMBOL_P(callable) || rb_respond_to(callable, rb_intern("call")))
        return;
    rb_raise(rb_eTypeError, "%s: wrong argument type %s (expected Symbol, Proc or Method)", name,
             NIL_P(callable) ? "nil" : rb_obj_classname(callable));
}

static VALUE main_object(void)
{
    return rb_funcall(rb_const_get(rb_cObject, rb_intern("TOPLEVEL_BINDING")),
                      rb_intern("receiver"), 0);
}

VALUE callable_call(VALUE callable, int count, const VALUE *arguments)
{
    if (SYMBOL_P(callable))
        return rb_funcallv(main_object(), SYM2ID(callable), count, arguments);
    return rb_funcallv(callable, rb_intern("call"), count, arguments);
}

/* ---- exceptions ---- */

static bool ends_program(VALUE exception)
{
    return RTEST(rb_obj_is_kind_of(exception, rb_eSystemExit)) ||
           RTEST(rb_obj_is_kind_of(exception, rb_eSignal));
}

/* As of a thread that an exception ends. */
static VALUE report(VALUE exception)
{
    VALUE thread = rb_thread_current();
    VALUE text;

    if (ends_program(exception) ||
        RTEST(rb_funcall(rb_cThread, rb_intern("abort_on_exception"), 0)))
        return rb_funcall(rb_thread_main(), rb_intern("raise"), 1, exception);
    if (!RTEST(rb_funcall(rb_cThread, rb_intern("report_on_exception"), 0)))
        return Qnil;
    text = rb_sprintf("%" PRIsVALUE " a callback of libvirt's raised:\n", rb_inspect(thread));
    rb_str_append(text, rb_funcall(exception, rb_intern("full_message"), 0));
    return rb_io_write(rb_stderr, text);
}

struct running {
    VALUE (*function)(VALUE);
    void *data;
    bool done;
    int state; /* how this thread is to be ended */
};

/* Where a second NoMemoryError comes before an exception has passed Ruby's code, Ruby ends. */
static VALUE let_exception_pass(VALUE unused)
{
    rb_eval_string("begin; raise StopIteration; rescue StopIteration; end");
    return unused;
}

static VALUE run_protected(VALUE data)
{
    struct running *running = (void *)data;
    VALUE interrupted = rb_errinfo();
    int state;
    VALUE exception;

    rb_protect(running->function, (VALUE)running->data, &state);
    running->done = !state;
    if (!state || call_leave(state))
        return Qnil;
    exception = rb_errinfo();
    if (!RTEST(rb_obj_is_kind_of(exception, rb_eException))) {
        running->state = state;
        return Qnil;
    }
    if (RTEST(rb_obj_is_kind_of(exception, rb_eNoMemError)))
        rb_protect(let_exception_pass, Qnil, &state);
    rb_set_errinfo(RB_TYPE_P(interrupted, T_OBJECT) ? interrupted : Qnil);
    rb_protect(report, exception, &state);
    return Qnil;
}

static VALUE nothing(VALUE data)
{
    return data;
}

static void run_with_lock(struct running *running)
{
    /* rb_ensure() keeps what is on its way already. */
    if (call_is_leaving())
        rb_ensure(nothing, Qnil, run_protected, (VALUE)running);
    else
        run_protected((VALUE)running);
}

static VALUE check_interrupts(VALUE unused)
{
    rb_thread_check_ints();
    return unused;
}

/* Giving Ruby's lock back looks at interrupts, and would unwind libvirt's functions for one. So
 * there must be none left. */
static void *run_taking_lock(void *data)
{
    struct running check = {.function = check_interrupts};

    run_with_lock(data);
    while (!check.done)
        run_with_lock(&check);
    return NULL;
}

/* ---- threads that are not Ruby's ---- */

struct job {
    struct running *running;
    bool finished;
    struct job *next;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t added;
    pthread_cond_t finished;
    struct job *first;
    bool is_there;
    bool woken;
} dispatcher = {PTHREAD_MUTEX_INITIALIZER,
                PTHREAD_COND_INITIALIZER,
                PTHREAD_COND_INITIALIZER,
                NULL,
                false,
                false};

static void dispatcher_run(struct running *running)
{
    struct job job = {.running = running};
    struct job **last = &dispatcher.first;

    pthread_mutex_lock(&dispatcher.lock);
    job.finished = !dispatcher.is_there;
    if (dispatcher.is_there) {
        while (*last)
            last = &(*last)->next;
        *last = &job;
        pthread_cond_signal(&dispatcher.added);
    }
    while (!job.finished)
        pthread_cond_wait(&dispatcher.finished, &dispatcher.lock);
    pthread_mutex_unlock(&dispatcher.lock);
}

static void *wait_for_job(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&dispatcher.lock);
    while (!dispatcher.first && !dispatcher.woken)
        pthread_cond_wait(&dispatcher.added, &dispatcher.lock);
    dispatcher.woken = false;
    pthread_mutex_unlock(&dispatcher.lock);
    return NULL;
}

static void wake(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&dispatcher.lock);
    dispatcher.woken = true;
    pthread_cond_signal(&dispatcher.added);
    pthread_mutex_unlock(&dispatcher.lock);
}

static struct job *next_job(void)
{
    struct job *job;

    pthread_mutex_lock(&dispatcher.lock);
    job = dispatcher.first;
    if (job)
        dispatcher.first = job->next;
    pthread_mutex_unlock(&dispatcher.lock);
    return job;
}

static void finish(struct job *job)
{
    pthread_mutex_lock(&dispatcher.lock);
    job->finished = true;
    pthread_cond_broadcast(&dispatcher.finished);
    pthread_mutex_unlock(&dispatcher.lock);
}

static VALUE dispatch(VALUE unused)
{
    for (;;) {
        struct job *job;
        int state;

        rb_thread_call_without_gvl(wait_for_job, NULL, wake, NULL);
        job = next_job();
        if (job) {
            run_protected((VALUE)job->running);
            state = job->running->state;
            finish(job);
            if (state)
                rb_jump_tag(state);
        }
    }
    return unused;
}

/* Nobody waits for what does not come. */
static VALUE end_dispatcher(VALUE unused)
{
    struct job *job;

    pthread_mutex_lock(&dispatcher.lock);
    dispatcher.is_there = false;
    pthread_mutex_unlock(&dispatcher.lock);
    while ((job = next_job()))
        finish(job);
    return unused;
}

static VALUE run_dispatcher(void *unused)
{
    (void)unused;
    rb_funcall(rb_thread_current(), rb_intern("name="), 1, rb_str_new_cstr("libvirt callbacks"));
    return rb_ensure(dispatch, Qnil, end_dispatcher, Qnil);
}

/* ---- fork ---- */

static void before_fork(void)
{
    pthread_mutex_lock(&dispatcher.lock);
}

static void after_fork_here(void)
{
    pthread_mutex_unlock(&dispatcher.lock);
}

/* Of the threads only the one that forks is there. */
static void after_fork_in_child(void)
{
    dispatcher.first = NULL;
    dispatcher.is_there = false;
    pthread_cond_init(&dispatcher.added, NULL);
    pthread_cond_init(&dispatcher.finished, NULL);
    pthread_mutex_unlock(&dispatcher.lock);
}

void dispatcher_start(void)
{
    static bool minds_fork;

    if (dispatcher.is_there)
        return;
    if (!minds_fork)
        pthread_atfork(before_fork, after_fork_here, after_fork_in_child);
    minds_fork = true;
    rb_thread_create(run_dispatcher, NULL);
    dispatcher.is_there = true;
}

/* ---- any thread ---- */

bool ruby_is_collecting(void)
{
    return ruby_native_thread_p() && ruby_thread_has_gvl_p() && rb_during_gc();
}

bool ruby_run(VALUE (*function)(VALUE data), void *data)
{
    struct running running = {function, data, false, 0};

    if (!ruby_native_thread_p())
        dispatcher_run(&running);
    else if (!ruby_thread_has_gvl_p())
        rb_thread_call_with_gvl(run_taking_lock, &running);
    else if (!ruby_is_collecting())
        run_with_lock(&running);
    return running.done;
}
