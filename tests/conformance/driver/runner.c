/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base.h"
#include "shown.h"
#include "translate.h"
#include "value.h"

enum {
    ANSWER_FD = 3,
    BEGINNING = 200, /* of what is shown of rubbish */
};

struct runner {
    const struct language *language;
    const char *log;
    const char *const *environment;
    unsigned seconds;

    pid_t process; /* 0: none */
    int requests;
    int answers;
    char *input; /* read from it and not yet taken */
    size_t input_length;
    size_t input_room;
    struct json_object *hello;

    bool unstartable; /* it did not even say hello: not tried again */
    char *trouble;
    char *output;
};

struct runner *runner_new(const struct language *language, const char *log, unsigned seconds,
                          const char *const *environment)
{
    struct runner *runner = calloc(1, sizeof *runner);

    if (!runner)
        bug("out of memory");
    runner->language = language;
    runner->log = log;
    runner->seconds = seconds;
    runner->environment = environment;
    return runner;
}

const struct language *runner_language(const struct runner *runner)
{
    return runner->language;
}

const char *runner_trouble(const struct runner *runner)
{
    return runner->trouble ? runner->trouble : "";
}

const char *runner_output(const struct runner *runner)
{
    return runner->output ? runner->output : "";
}

static void set_trouble(struct runner *runner, const char *format, va_list arguments)
{
    free(runner->trouble);
    if (vasprintf(&runner->trouble, format, arguments) < 0)
        bug("out of memory");
}

static void forget_process(struct runner *runner)
{
    if (runner->requests >= 0)
        close(runner->requests);
    close(runner->answers);
    json_object_put(runner->hello);
    runner->hello = NULL;
    runner->process = 0;
    runner->input_length = 0;
}

/* Ends the process if it still runs; how it ended. */
static int end_process(struct runner *runner)
{
    int status = 0;

    if (!runner->process)
        return 0;
    /* Its own children too. */
    kill(-runner->process, SIGKILL);
    while (waitpid(runner->process, &status, 0) < 0 && errno == EINTR)
        continue;
    forget_process(runner);
    return status;
}

/* The last lines that the process printed. */
static void keep_output(struct runner *runner)
{
    enum { ENOUGH = 2000 };
    char text[ENOUGH + 1];
    FILE *stream = fopen(runner->log, "r");
    size_t length = 0;

    free(runner->output);
    if (stream) {
        fseek(stream, 0, SEEK_END);
        const long size = ftell(stream);
        fseek(stream, size > ENOUGH ? size - ENOUGH : 0, SEEK_SET);
        length = fread(text, 1, ENOUGH, stream);
        fclose(stream);
    }
    while (length && text[length - 1] == '\n')
        length--;
    text[length] = '\0';
    runner->output = strdup(shown(text, sizeof text * sizeof "…"));
}

void runner_reject(struct runner *runner, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_trouble(runner, format, arguments);
    va_end(arguments);
    end_process(runner);
    keep_output(runner);
}

void runner_free(struct runner *runner)
{
    if (!runner)
        return;
    end_process(runner);
    free(runner->input);
    free(runner->trouble);
    free(runner->output);
    free(runner);
}

void runner_kill(struct runner *runner)
{
    end_process(runner);
}

static void set_environment(const char *const *environment)
{
    for (; environment && *environment; environment++)
        putenv(arena_copy(*environment));
}

_Noreturn static void become_runner(const struct runner *runner, int requests, int answers)
{
    const int log = open(runner->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    /* Above the descriptors that they become. */
    requests = fcntl(requests, F_DUPFD, 10);
    answers = fcntl(answers, F_DUPFD, 10);
    dup2(requests, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    dup2(answers, ANSWER_FD);
    close_range(ANSWER_FD + 1, ~0U, 0);
    set_environment(runner->language->environment);
    set_environment(runner->environment);
    execvp(runner->language->command[0], (char *const *)runner->language->command);
    fprintf(stderr, "cannot run %s: %s\n", runner->language->command[0], strerror(errno));
    _exit(127);
}

static void start_process(struct runner *runner)
{
    int requests[2];
    int answers[2];

    if (pipe2(requests, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0)
        bug("cannot make a pipe: %s", strerror(errno));
    const pid_t process = fork();
    if (process < 0)
        bug("cannot start a process: %s", strerror(errno));
    if (!process)
        become_runner(runner, requests[0], answers[1]);
    setpgid(process, process);
    close(requests[0]);
    close(answers[1]);
    runner->process = process;
    runner->requests = requests[1];
    runner->answers = answers[0];
    fcntl(runner->requests, F_SETFL, O_NONBLOCK);
    fcntl(runner->answers, F_SETFL, O_NONBLOCK);
}

static int milliseconds_until(const struct timespec *deadline)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    const long left =
        (deadline->tv_sec - now.tv_sec) * 1000 + (deadline->tv_nsec - now.tv_nsec) / 1000000;
    return left > 0 ? (int)left : 0;
}

/* Waits until the process has ended by itself, and says so where it did not end well. */
static bool ends_well(struct runner *runner, unsigned seconds, const char *too_slow)
{
    struct timespec deadline;
    int status = 0;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += seconds;
    pid_t ended = 0;
    while ((ended = waitpid(runner->process, &status, WNOHANG)) == 0 &&
           milliseconds_until(&deadline))
        poll(NULL, 0, 5);
    if (!ended) {
        runner_reject(runner, "%s", too_slow);
        return false;
    }
    kill(-runner->process, SIGKILL);
    forget_process(runner);
    if (WIFSIGNALED(status))
        runner_reject(runner, "the runner was ended by signal %d (%s)", WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
    else if (status)
        runner_reject(runner, "the runner ended with status %d", WEXITSTATUS(status));
    return !status;
}

/* It closed its answers, so it has ended or is about to. */
static void report_end(struct runner *runner)
{
    enum { SECONDS = 2 };

    if (ends_well(runner, SECONDS, "the runner closed its answers but goes on"))
        runner_reject(runner, "the runner ended with status 0");
}

bool runner_end(struct runner *runner)
{
    if (!runner->process)
        return true;
    close(runner->requests);
    runner->requests = -1;
    return ends_well(runner, runner->seconds,
                     "the runner did not end when it was asked nothing more");
}

/* Waits until the descriptor is ready; false: the time is up. */
static bool wait_ready(int descriptor, short events, const struct timespec *deadline)
{
    struct pollfd ready = {.fd = descriptor, .events = events};

    for (;;) {
        const int result = poll(&ready, 1, milliseconds_until(deadline));
        if (result > 0)
            return true;
        if (result == 0 || errno != EINTR)
            return false;
    }
}

static bool write_request(struct runner *runner, const char *text, size_t length,
                          const struct timespec *deadline)
{
    while (length) {
        const ssize_t written = write(runner->requests, text, length);

        if (written > 0) {
            text += written;
            length -= (size_t)written;
        } else if (errno == EPIPE) {
            report_end(runner);
            return false;
        } else if (!wait_ready(runner->requests, POLLOUT, deadline)) {
            runner_reject(runner, "the runner did not take the request in time");
            return false;
        }
    }
    return true;
}

/* True where there was something, or there may be later. */
static bool read_more(struct runner *runner)
{
    enum { PIECE = 65536 };

    if (runner->input_room - runner->input_length <= PIECE) {
        runner->input_room = runner->input_room * 2 + PIECE + 1;
        runner->input = realloc(runner->input, runner->input_room);
        if (!runner->input)
            bug("out of memory");
    }
    const ssize_t length = read(runner->answers, runner->input + runner->input_length, PIECE);
    if (length > 0)
        runner->input_length += (size_t)length;
    runner->input[runner->input_length] = '\0';
    return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

/* A line without its end, in the runner's own memory; NULL after trouble. */
static const char *read_line(struct runner *runner, const struct timespec *deadline,
                             unsigned seconds)
{
    char *end = NULL;

    while (!(end = memchr(runner->input, '\n', runner->input_length))) {
        if (!wait_ready(runner->answers, POLLIN, deadline)) {
            runner_reject(runner, "the runner was slower than %u seconds", seconds);
            return NULL;
        }
        if (!read_more(runner)) {
            report_end(runner);
            return NULL;
        }
    }
    *end = '\0';
    return runner->input;
}

static void drop_line(struct runner *runner, const char *line)
{
    const size_t length = (size_t)((const char *)rawmemchr(line, '\0') - line) + 1;

    runner->input_length -= length;
    memmove(runner->input, runner->input + length, runner->input_length);
}

static struct json_object *parse_answer(struct runner *runner, const char *line)
{
    enum { DEPTH = 64 };
    struct json_tokener *tokener = json_tokener_new_ex(DEPTH);
    struct json_object *answer;

    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    answer = json_tokener_parse_ex(tokener, line, -1);
    json_tokener_free(tokener);
    if (!json_object_is_type(answer, json_type_object)) {
        json_object_put(answer);
        runner_reject(runner, "the runner wrote what is no JSON object: %s",
                      shown(line, BEGINNING));
        return NULL;
    }
    return answer;
}

/* The line that the runner answers, as it is. */
static struct json_object *exchange_lines(struct runner *runner, struct json_object *request,
                                          unsigned seconds)
{
    struct timespec deadline;
    const char *text = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN |
                                                                   JSON_C_TO_STRING_NOSLASHESCAPE);
    struct json_object *answer = NULL;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += seconds;
    if (!read_more(runner)) {
        report_end(runner);
        return NULL;
    }
    if (runner->input_length) {
        runner_reject(runner, "the runner wrote a line that nobody asked for: %s",
                      shown(runner->input, BEGINNING));
        return NULL;
    }
    if (write_request(runner, text, strlen(text), &deadline) &&
        write_request(runner, "\n", 1, &deadline)) {
        const char *line = read_line(runner, &deadline, seconds);

        if (line) {
            answer = parse_answer(runner, line);
            if (answer)
                drop_line(runner, line);
        }
    }
    return answer;
}

/* The answer in canonical form, as C's are. */
static struct json_object *exchange(struct runner *runner, struct json_object *request,
                                    unsigned seconds)
{
    struct json_object *manifest = runner->language->manifest;
    const char *problem = NULL;
    struct json_object *translated;
    struct json_object *answer;
    struct json_object *canonical = NULL;

    if (!manifest)
        return exchange_lines(runner, request, seconds);
    translated = translate_request(manifest, request, &problem);
    if (!translated) {
        runner_reject(runner, "%s", problem);
        return NULL;
    }
    answer = exchange_lines(runner, translated, seconds);
    if (answer)
        canonical = translate_answer(manifest, request, answer);
    json_object_put(answer);
    json_object_put(translated);
    return canonical;
}

static bool start(struct runner *runner)
{
    enum { START_SECONDS = 5 };
    struct json_object *request;

    if (runner->process)
        return true;
    if (runner->unstartable)
        return false;
    start_process(runner);
    request = json_object_new_object();
    json_object_object_add(request, "do", json_object_new_string("hello"));
    runner->hello = exchange(runner, request, runner->seconds + START_SECONDS);
    json_object_put(request);
    if (runner->hello && !value_text(value_field(runner->hello, "language"))) {
        runner_reject(runner, "the runner does not say its language: %s",
                      value_shown(runner->hello));
    }
    runner->unstartable = !runner->hello;
    return runner->hello;
}

struct json_object *runner_hello(struct runner *runner)
{
    start(runner);
    return runner->hello;
}

struct json_object *runner_ask(struct runner *runner, struct json_object *request, unsigned more)
{
    struct json_object *answer =
        start(runner) ? exchange(runner, request, runner->seconds + more) : NULL;

    json_object_put(request);
    return answer;
}
