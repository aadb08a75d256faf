/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runner of C: requests, one a line, from standard input, answers to file descriptor 3; see
 * docs/conformance.md. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "error_handlers.h"
#include "reference.h"

enum { ANSWERS = 3 };

static struct json_object *field(struct json_object *request, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(request, name, &value);
    return value;
}

static struct json_object *single(const char *name, struct json_object *value)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, name, value);
    return object;
}

/* ---- requests ---- */

static struct json_object *hello(struct json_object *request)
{
    struct json_object *answer = single("language", json_object_new_string("c"));
    unsigned long version = 0;

    (void)request;
    if (virGetVersion(&version, NULL, NULL) < 0)
        give_up("libvirt does not tell its version");
    json_object_object_add(answer, "runtime", json_object_new_string(__VERSION__));
    json_object_object_add(answer, "libvirt", unsigned_out(version));
    return answer;
}

static const struct function *find(const char *name)
{
    for (size_t i = 0; i < function_count; i++)
        if (strcmp(functions[i].name, name) == 0)
            return &functions[i];
    return NULL;
}

/* "9.7.0" */
static const char *version_text(unsigned version)
{
    static char text[64];

    snprintf(text, sizeof text, "%u.%u.%u", version / 1000000, version / 1000 % 1000,
             version % 1000);
    return text;
}

static struct json_object *absent(const char *name, const char *why)
{
    struct json_object *answer;
    char *message;

    if (asprintf(&message, "%s %s", name, why) < 0)
        give_up("out of memory");
    answer = single("absent", json_object_new_string(message));
    free(message);
    return answer;
}

static struct json_object *too_new(const struct function *function)
{
    char *why;
    struct json_object *answer;

    if (asprintf(&why, "needs libvirt %s, these headers are of %u.%u.%u",
                 version_text(function->version), LIBVIR_VERSION_NUMBER / 1000000,
                 LIBVIR_VERSION_NUMBER / 1000 % 1000, LIBVIR_VERSION_NUMBER % 1000) < 0)
        give_up("out of memory");
    answer = absent(function->name, why);
    free(why);
    return answer;
}

static struct json_object *call(struct json_object *request)
{
    const char *name = json_object_get_string(field(request, "function"));
    const struct function *function = name ? find(name) : NULL;
    struct json_object *surplus = field(request, "surplus");
    struct call call = {.function = name, .arguments = field(request, "arguments")};

    if (!name)
        give_up("a call lacks its function");
    if (call.arguments && !json_object_is_type(call.arguments, json_type_array))
        give_up("the arguments of a call are no list");
    if (!function)
        return absent(name, "is not a function that can be called");
    if (!function->run)
        return too_new(function);
    if (function->of_admin && !admin_is_there())
        return absent(name, "needs libvirt-admin, which cannot be loaded");
    call.given = call.arguments ? json_object_array_length(call.arguments) : 0;
    call.has_surplus =
        json_object_is_type(surplus, json_type_array) && json_object_array_length(surplus);
    function->run(&call);
    return call_end(&call);
}

static struct json_object *events(struct json_object *request)
{
    (void)request;
    return single("events", events_take());
}

static void time_is_up(int timer, void *opaque)
{
    bool *is_up = opaque;

    *is_up = true;
    virEventUpdateTimeout(timer, -1);
}

static struct json_object *dispatch(struct json_object *request)
{
    const int64_t wanted = json_object_get_int64(field(request, "events"));
    struct json_object *given = field(request, "seconds");
    const double seconds = given ? json_object_get_double(given) : 5;
    const size_t before = events_fired();
    bool is_up = false;
    const int timer = virEventAddTimeout((int)(seconds * 1000), time_is_up, &is_up, NULL);

    if (timer < 0)
        give_up("there is no event loop yet: virEventRegisterDefaultImpl comes first");
    while (!is_up && (int64_t)(events_fired() - before) < wanted)
        if (virEventRunDefaultImpl() < 0)
            give_up("the event loop failed");
    virEventRemoveTimeout(timer);
    return single("events", unsigned_out(events_fired() - before));
}

static struct json_object *forget(struct json_object *request)
{
    struct json_object *numbers = field(request, "handles");

    if (numbers && !json_object_is_type(numbers, json_type_array))
        give_up("the handles to be forgotten are no list");
    for (size_t i = 0; numbers && i < json_object_array_length(numbers); i++)
        handle_forget(json_object_get_int64(json_object_array_get_idx(numbers, i)));
    if (!numbers) {
        handles_forget();
        files_forget();
        errors_are_silent();
    }
    return json_object_new_object();
}

static struct json_object *constants(struct json_object *request)
{
    (void)request;
    return single("constants", constants_out());
}

static struct json_object *function_names(struct json_object *request)
{
    struct json_object *list = json_object_new_array();

    (void)request;
    for (size_t i = 0; i < function_count; i++)
        if (functions[i].run)
            json_object_array_add(list, json_object_new_string(functions[i].name));
    return single("functions", list);
}

static const struct {
    const char *name;
    struct json_object *(*run)(struct json_object *request);
} requests[] = {
    {"hello", hello},
    {"call", call},
    {"events", events},
    {"dispatch", dispatch},
    {"forget", forget},
    {"constants", constants},
    {"functions", function_names},
};

static struct json_object *answer_to(struct json_object *request)
{
    const char *what = json_object_get_string(field(request, "do"));

    for (size_t i = 0; what && i < sizeof requests / sizeof *requests; i++)
        if (strcmp(requests[i].name, what) == 0)
            return requests[i].run(request);
    give_up("no such request: %s", json_object_to_json_string(request));
}

/* ---- lines ---- */

static struct json_object *parsed(const char *line, size_t length)
{
    struct json_tokener *tokener = json_tokener_new_ex(64);
    struct json_object *request;
    enum json_tokener_error error;

    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    request = json_tokener_parse_ex(tokener, line, (int)length);
    error = json_tokener_get_error(tokener);
    json_tokener_free(tokener);
    if (error != json_tokener_success)
        give_up("a request is not JSON: %s: %s", json_tokener_error_desc(error), line);
    if (!json_object_is_type(request, json_type_object))
        give_up("a request is no object: %s", line);
    return request;
}

static void answer_line(FILE *answers, const char *line, size_t length)
{
    struct json_object *request = parsed(line, length);
    struct json_object *answer = answer_to(request);

    fputs(json_object_to_json_string_ext(answer,
                                         JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
          answers);
    fputc('\n', answers);
    if (fflush(answers) != 0)
        give_up("the answer cannot be written");
    json_object_put(answer);
    json_object_put(request);
}

int main(void)
{
    FILE *answers = fdopen(ANSWERS, "w");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    if (!answers || fcntl(ANSWERS, F_SETFD, FD_CLOEXEC) < 0)
        give_up("file descriptor %d is not open: answers go there", ANSWERS);
    /* A daemon that is gone must end a call, not this program. */
    signal(SIGPIPE, SIG_IGN);
    if (virInitialize() < 0)
        give_up("libvirt cannot be initialized");
    errors_are_silent();
    while ((length = getline(&line, &room, stdin)) > 0)
        answer_line(answers, line, (size_t)length);
    json_object_put(forget(NULL));
    json_object_put(events_take());
    free(line);
    fclose(answers);
    return 0;
}
