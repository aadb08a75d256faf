/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "text.h"

struct worker {
    const struct batch *batch;
    pid_t process; /* 0: not begun, or done */
    int results;
    bool begun;
    bool done;
    struct buffer lines;
    int status;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    stopped = signal;
}

static void catch_signals(void)
{
    const struct sigaction action = {.sa_handler = stop};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void begin(struct worker *worker, const struct setting *setting)
{
    int results[2];

    if (pipe(results) != 0)
        bug("cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    worker->process = fork();
    if (worker->process < 0)
        bug("cannot start a process: %s", strerror(errno));
    if (!worker->process) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        close(results[0]);
        batch_play(worker->batch, setting, results[1]);
        exit(0);
    }
    close(results[1]);
    worker->results = results[0];
    worker->begun = true;
}

static void finish(struct worker *worker)
{
    close(worker->results);
    while (waitpid(worker->process, &worker->status, 0) < 0 && errno == EINTR)
        continue;
    worker->process = 0;
    worker->done = true;
}

/* Takes what a worker wrote; at the end of it the worker is finished. */
static void take(struct worker *worker)
{
    char piece[65536];
    const ssize_t length = read(worker->results, piece, sizeof piece);

    if (length > 0)
        buffer_add_length(&worker->lines, piece, (size_t)length);
    else if (length == 0 || errno != EINTR)
        finish(worker);
}

static void report_death(const struct worker *worker, struct results *results)
{
    struct json_object *test = json_object_new_object();
    struct json_object *problem = json_object_new_object();
    struct json_object *problems = json_object_new_array();
    const bool killed = WIFSIGNALED(worker->status);
    const char *text =
        arena_printf("the driver's own worker ended with %s %d", killed ? "signal" : "status",
                     killed ? WTERMSIG(worker->status) : WEXITSTATUS(worker->status));

    json_object_object_add(problem, "problem", json_object_new_string(text));
    json_object_array_add(problems, problem);
    json_object_object_add(test, "leg", json_object_new_string(worker->batch->leg));
    json_object_object_add(test, "language", json_object_new_string("driver"));
    json_object_object_add(test, "name", json_object_new_string(worker->batch->name));
    json_object_object_add(test, "verdict", json_object_new_string(verdict_name(VERDICT_FAILED)));
    json_object_object_add(test, "problems", problems);
    results_add_test(results, test);
}

static void report(struct worker *worker, struct results *results)
{
    char *rest = NULL;

    for (char *line = worker->lines.data ? strtok_r(worker->lines.data, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        struct json_object *parsed = json_tokener_parse(line);
        results_add_line(results, parsed);
        json_object_put(parsed);
    }
    if (worker->status)
        report_death(worker, results);
    fflush(stdout);
}

static bool may_begin(const struct worker *workers, size_t count, const struct worker *worker)
{
    if (worker->begun)
        return false;
    for (size_t i = 0; i < count; i++)
        if (workers[i].process && text_equal(workers[i].batch->leg, worker->batch->leg) &&
            (workers[i].batch->alone || worker->batch->alone))
            return false;
    return true;
}

static size_t count_running(const struct worker *workers, size_t count)
{
    size_t running = 0;

    for (size_t i = 0; i < count; i++)
        running += workers[i].process != 0;
    return running;
}

/* The first that may begin, of those that are alone before the others: later they would have to
 * wait until all others of their leg are done. NULL: none may. */
static struct worker *next_worker(struct worker *workers, size_t count)
{
    struct worker *found = NULL;

    for (size_t i = 0; i < count; i++)
        if (may_begin(workers, count, &workers[i]) &&
            (!found || (workers[i].batch->alone && !found->batch->alone)))
            found = &workers[i];
    return found;
}

/* Waits until a worker has written something, or a signal came. */
static void wait_and_take(struct worker *workers, size_t count)
{
    struct pollfd *ready = calloc(count + 1, sizeof *ready);
    nfds_t watched = 0;

    for (size_t i = 0; ready && i < count; i++)
        if (workers[i].process)
            ready[watched++] = (struct pollfd){.fd = workers[i].results, .events = POLLIN};
    if (ready && poll(ready, watched, -1) > 0)
        for (size_t i = 0, watching = 0; i < count; i++)
            if (workers[i].process && ready[watching++].revents)
                take(&workers[i]);
    free(ready);
}

static void kill_all(struct worker *workers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (workers[i].process) {
            kill(workers[i].process, SIGKILL);
            finish(&workers[i]);
        }
}

bool workers_play(const struct batch *batches, size_t count, unsigned jobs, struct results *results)
{
    struct worker *workers = arena_allocate((count + 1) * sizeof *workers);
    size_t reported = 0;

    catch_signals();
    for (size_t i = 0; i < count; i++)
        workers[i].batch = &batches[i];
    while (reported < count && !stopped) {
        for (struct worker *worker;
             count_running(workers, count) < jobs && (worker = next_worker(workers, count));)
            begin(worker, results->setting);
        wait_and_take(workers, count);
        for (; reported < count && workers[reported].done; reported++)
            report(&workers[reported], results);
    }
    kill_all(workers, count);
    return !stopped;
}
