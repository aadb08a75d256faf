/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that run calls; those without work wait for the next. */
#include "apart.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <ruby/io.h>

enum {
    PATIENCE = 100, /* milliseconds */
    MOST_IDLE = 4,
};

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct apart *work; /* NULL: none, or it has been done */
    bool leaves;        /* nobody gives it more */
    int ends[2];        /* of a pipe that tells when the work has been done */
    pid_t process;      /* threads do not survive fork() */
    struct worker *next;
};

/* Under Ruby's lock. */
static struct worker *idle;
static unsigned idle_count;

static void let_go(struct apart *work)
{
    if (atomic_fetch_sub(&work->holders, 1) == 1)
        work->release(work);
}

/* ---- threads ---- */

static void worker_free(struct worker *worker)
{
    close(worker->ends[0]);
    close(worker->ends[1]);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

/* NULL where there will be none. */
static struct apart *next_work(struct worker *worker)
{
    struct apart *work;

    pthread_mutex_lock(&worker->lock);
    while (!worker->work && !worker->leaves)
        pthread_cond_wait(&worker->changed, &worker->lock);
    work = worker->work;
    pthread_mutex_unlock(&worker->lock);
    return work;
}

/* False: nobody waits for it any more. */
static bool report(struct worker *worker)
{
    const char end = 0;
    bool is_awaited;

    pthread_mutex_lock(&worker->lock);
    worker->work = NULL;
    is_awaited = !worker->leaves && write(worker->ends[1], &end, 1) == 1;
    pthread_mutex_unlock(&worker->lock);
    return is_awaited;
}

static void *serve(void *data)
{
    struct worker *worker = data;
    struct apart *work;
    bool goes_on = true;

    while (goes_on && (work = next_work(worker))) {
        work->run(work);
        let_go(work);
        goes_on = report(worker);
    }
    worker_free(worker);
    return NULL;
}

static void *wake(void *data)
{
    struct apart *work = data;

    work->wake(work);
    let_go(work);
    return NULL;
}

/* Signals are for Ruby's threads. Answers an error number. */
static int start(void *(*function)(void *), void *data)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    int status = pthread_attr_init(&attributes);

    if (status)
        return status;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = pthread_create(&thread, &attributes, function, data);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return status;
}

static struct worker *worker_new(void)
{
    struct worker *worker = calloc(1, sizeof *worker);
    int status;

    if (!worker)
        rb_memerror();
    if (rb_cloexec_pipe(worker->ends) < 0) {
        free(worker);
        rb_sys_fail("pipe");
    }
    rb_update_max_fd(worker->ends[1]);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    worker->process = getpid();
    status = start(serve, worker);
    if (status) {
        worker_free(worker);
        rb_syserr_fail(status, "pthread_create");
    }
    return worker;
}

/* One without work, whoever's the idle ones are. */
static struct worker *worker_take(void)
{
    struct worker *worker = idle;

    if (!worker || worker->process != getpid()) {
        if (worker)
            idle_count = 0;
        idle = NULL;
        return worker_new();
    }
    idle = worker->next;
    idle_count--;
    return worker;
}

static void tell(struct worker *worker, struct apart *work, bool leaves)
{
    pthread_mutex_lock(&worker->lock);
    worker->work = work ? work : worker->work;
    worker->leaves = leaves;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

static void worker_give_back(struct worker *worker)
{
    char end;

    if (idle_count >= MOST_IDLE || read(worker->ends[0], &end, 1) != 1) {
        tell(worker, NULL, true);
        return;
    }
    worker->next = idle;
    idle = worker;
    idle_count++;
}

/* ---- calls ---- */

struct leaving {
    struct apart *work;
    VALUE (*collect)(struct apart *work);
    struct worker *worker; /* NULL: none has it, or it has been done */
};

static bool is_done(struct worker *worker)
{
    bool done;

    pthread_mutex_lock(&worker->lock);
    done = !worker->work;
    pthread_mutex_unlock(&worker->lock);
    return done;
}

static VALUE wait_for(VALUE data)
{
    struct leaving *leaving = (void *)data;
    struct worker *worker = worker_take();

    atomic_fetch_add(&leaving->work->holders, 1);
    leaving->worker = worker;
    tell(worker, leaving->work, false);
    while (!is_done(worker))
        rb_wait_for_single_fd(worker->ends[0], RB_WAITFD_IN, NULL);
    leaving->worker = NULL;
    worker_give_back(worker);
    return leaving->collect(leaving->work);
}

/* Most often all come to an end at once, and what Ruby does next finds it so; where the other side
 * is silent they are left to themselves. */
static void *leave_behind(void *data)
{
    struct apart *work = data;

    for (int i = 0; i < PATIENCE && atomic_load(&work->holders) > 1; i++)
        usleep(1000);
    let_go(work);
    return NULL;
}

static VALUE leave(VALUE data)
{
    const struct leaving *leaving = (void *)data;

    if (!leaving->worker) {
        let_go(leaving->work);
        return Qnil;
    }
    tell(leaving->worker, NULL, true);
    atomic_fetch_add(&leaving->work->holders, 1);
    if (start(wake, leaving->work))
        atomic_fetch_sub(&leaving->work->holders, 1);
    call_regardless(leave_behind, leaving->work);
    return Qnil;
}

VALUE apart_call(struct apart *work, VALUE (*collect)(struct apart *work))
{
    struct leaving leaving = {work, collect, NULL};

    atomic_init(&work->holders, 1);
    return rb_ensure(wait_for, (VALUE)&leaving, leave, (VALUE)&leaving);
}
