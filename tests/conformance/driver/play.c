/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "differences.h"
#include "folder.h"
#include "judge.h"
#include "value.h"

struct player {
    struct runner *runner;
    struct store store;
    struct json_object *calls; /* of callbacks, not yet looked at: name to list of arguments */
    struct json_object *functions;
    bool refused;
    bool calls_plain; /* of the last step */
    bool stopped;     /* no further step is played */
    bool broke;       /* because the runner is gone */
};

static struct json_object *new_request(const char *what)
{
    struct json_object *request = json_object_new_object();

    json_object_object_add(request, "do", json_object_new_string(what));
    return request;
}

static bool is_integer(struct json_object *value)
{
    return json_object_is_type(value, json_type_int);
}

static bool is_error(struct json_object *error)
{
    return is_integer(value_field(error, "code")) && is_integer(value_field(error, "domain")) &&
           value_has(error, "message");
}

static bool is_refusal(struct json_object *refusal)
{
    return value_text(value_field(refusal, "class")) && value_text(value_field(refusal, "message"));
}

static bool is_outcome(struct json_object *answer)
{
    if (json_object_object_length(answer) != 1)
        return false;
    return value_has(answer, "answer") || is_error(value_field(answer, "error")) ||
           is_refusal(value_field(answer, "wrong-use")) ||
           value_text(value_field(answer, "absent"));
}

struct json_object *play_call(struct runner *runner, const char *function,
                              struct json_object *arguments, struct json_object *surplus)
{
    struct json_object *request = new_request("call");
    struct json_object *outcome;

    json_object_object_add(request, "function", json_object_new_string(function));
    json_object_object_add(request, "arguments", arguments);
    if (surplus)
        json_object_object_add(request, "surplus", surplus);
    outcome = runner_ask(runner, request, 0);
    if (outcome && !is_outcome(outcome)) {
        runner_reject(runner, "the runner wrote what is no outcome: %s", value_shown(outcome));
        json_object_put(outcome);
        return NULL;
    }
    return outcome;
}

bool play_forget_all(struct runner *runner)
{
    struct json_object *answer = runner_ask(runner, new_request("forget"), 0);

    json_object_put(answer);
    return answer;
}

static struct json_object *new_outcome(struct json_object *answer)
{
    struct json_object *outcome = json_object_new_object();

    json_object_object_add(outcome, "answer", answer);
    return outcome;
}

/* The steps: an outcome, or NULL and either trouble of the step or a runner that is gone. */

static struct json_object *play_call_step(struct player *player, const struct step *step,
                                          const char **trouble)
{
    const struct language *language = runner_language(player->runner);
    struct json_object *arguments;
    struct json_object *surplus = NULL;

    if (differences_find_crash(language->differences, language->difference_count, step->name,
                               step->text) < language->difference_count) {
        *trouble = arena_printf("%s is known to crash", step->name);
        return NULL;
    }
    arguments = json_object_new_array();
    for (size_t i = 0; i < step->argument_count; i++) {
        struct json_object *value = NULL;

        if (!expression_evaluate(step->arguments[i], &player->store, &value, trouble)) {
            json_object_put(arguments);
            json_object_put(surplus);
            return NULL;
        }
        if (i >= step->declared && !surplus)
            surplus = json_object_new_array();
        json_object_array_add(i < step->declared ? arguments : surplus, value_sent(value));
        json_object_put(value);
    }
    player->calls_plain = language_calls_plain(language, step->name, arguments);
    return play_call(player->runner, step->name, arguments, surplus);
}

/* Asks for the calls of callbacks and sorts them by name; false: the runner is gone. */
static bool fetch_calls(struct player *player)
{
    struct json_object *answer = runner_ask(player->runner, new_request("events"), 0);
    struct json_object *events = value_field(answer, "events");

    if (!answer)
        return false;
    if (!json_object_is_type(events, json_type_array)) {
        runner_reject(player->runner, "the runner wrote what are no events: %s",
                      value_shown(answer));
        json_object_put(answer);
        return false;
    }
    for (size_t i = 0; i < json_object_array_length(events); i++) {
        struct json_object *event = json_object_array_get_idx(events, i);
        const char *name = value_text(value_field(event, "callback"));
        struct json_object *list;

        if (!name) {
            runner_reject(player->runner, "the runner wrote what is no event: %s",
                          value_shown(event));
            json_object_put(answer);
            return false;
        }
        list = value_field(player->calls, name);
        if (!list) {
            list = json_object_new_array();
            json_object_object_add(player->calls, name, list);
        }
        json_object_array_add(list, json_object_get(value_field(event, "arguments")));
    }
    json_object_put(answer);
    return true;
}

static bool dispatch(struct player *player, size_t events, unsigned seconds)
{
    struct json_object *request = new_request("dispatch");
    struct json_object *answer;

    json_object_object_add(request, "events", json_object_new_int64((int64_t)events));
    json_object_object_add(request, "seconds", json_object_new_int64(seconds));
    answer = runner_ask(player->runner, request, seconds);
    if (answer && !is_integer(value_field(answer, "events"))) {
        runner_reject(player->runner, "the runner does not say how many events came: %s",
                      value_shown(answer));
        json_object_put(answer);
        return false;
    }
    json_object_put(answer);
    return answer;
}

static size_t count_calls(const struct player *player, const char *name)
{
    struct json_object *list = value_field(player->calls, name);

    return list ? json_object_array_length(list) : 0;
}

/* The first calls of a name, which are then no longer waiting. */
static struct json_object *take_calls(struct player *player, const char *name, size_t count)
{
    struct json_object *list = value_field(player->calls, name);
    struct json_object *taken = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(taken, json_object_get(json_object_array_get_idx(list, i)));
    if (count)
        json_object_array_del_idx(list, 0, count);
    return taken;
}

static struct json_object *play_events_step(struct player *player, const struct step *step,
                                            const char **trouble)
{
    /* To wait for none is to wait for the first. */
    const size_t wanted = step->events ? step->events : 1;
    const double end = monotonic_now() + step->seconds;
    size_t count = 0;

    if (!fetch_calls(player))
        return NULL;
    while ((count = count_calls(player, step->name)) < wanted) {
        const double left = end - monotonic_now();

        if (left <= 0)
            break;
        /* Whole seconds, the last one begun. */
        if (!dispatch(player, wanted - count, (unsigned)left + 1) || !fetch_calls(player))
            return NULL;
    }
    if (count < step->events) {
        *trouble = arena_printf("%zu of %u calls of %s came in %u seconds", count, step->events,
                                step->name, step->seconds);
        return NULL;
    }
    return new_outcome(take_calls(player, step->name, step->events ? step->events : count));
}

/* Of a handle, or of all that are in a list or a record. */
static void add_numbers(struct json_object *numbers, struct json_object *value)
{
    if (value_is_handle(value)) {
        json_object_array_add(numbers, json_object_get(value_field(value, "number")));
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            add_numbers(numbers, json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, field)
        {
            (void)key;
            add_numbers(numbers, field);
        }
    }
}

static struct json_object *play_forget_step(struct player *player, const struct step *step,
                                            const char **trouble)
{
    struct json_object *numbers = json_object_new_array();
    struct json_object *request;
    struct json_object *answer;

    for (size_t i = 0; i < step->argument_count; i++) {
        struct json_object *value = NULL;

        if (!expression_evaluate(step->arguments[i], &player->store, &value, trouble)) {
            json_object_put(numbers);
            return NULL;
        }
        add_numbers(numbers, value);
        json_object_put(value);
    }
    request = new_request("forget");
    json_object_object_add(request, "handles", numbers);
    answer = runner_ask(player->runner, request, 0);
    json_object_put(answer);
    return answer ? new_outcome(NULL) : NULL;
}

static struct json_object *play_constants_step(struct player *player, const struct step *step,
                                               const char **trouble)
{
    struct json_object *answer = runner_ask(player->runner, new_request("constants"), 0);
    struct json_object *constants = value_field(answer, "constants");
    struct json_object *outcome = NULL;

    (void)step, (void)trouble;
    if (constants)
        outcome = new_outcome(json_object_get(constants));
    else if (answer)
        runner_reject(player->runner, "the runner wrote what are no constants: %s",
                      value_shown(answer));
    json_object_put(answer);
    return outcome;
}

static struct json_object *play_file_step(struct player *player, const struct step *step,
                                          const char **trouble)
{
    struct json_object *path = NULL;
    struct json_object *content = NULL;
    struct json_object *outcome = NULL;

    if (expression_evaluate(step->arguments[0], &player->store, &path, trouble) &&
        expression_evaluate(step->arguments[1], &player->store, &content, trouble)) {
        if (!value_text(content))
            *trouble = arena_printf("a file's content is text: %s", value_shown(content));
        else if (!folder_write(value_text(path), value_text(content),
                               (size_t)json_object_get_string_len(content)))
            *trouble = arena_printf("cannot write %s: %s", value_text(path), strerror(errno));
        else
            outcome = new_outcome(NULL);
    }
    json_object_put(path);
    json_object_put(content);
    return outcome;
}

static struct json_object *play_copy_step(struct player *player, const struct step *step,
                                          const char **trouble)
{
    struct json_object *from = NULL;
    struct json_object *to = NULL;
    struct json_object *outcome = NULL;

    if (expression_evaluate(step->arguments[0], &player->store, &from, trouble) &&
        expression_evaluate(step->arguments[1], &player->store, &to, trouble)) {
        if (value_text(from) && folder_copy(value_text(from), value_text(to)))
            outcome = new_outcome(NULL);
        else
            *trouble = arena_printf("cannot copy %s: %s", value_line(from), strerror(errno));
    }
    json_object_put(from);
    json_object_put(to);
    return outcome;
}

static struct json_object *play_needs_step(struct player *player, const struct step *step,
                                           const char **trouble)
{
    if (value_has(player->functions, step->name))
        return new_outcome(NULL);
    *trouble = arena_printf("this libvirt has no %s", step->name);
    return NULL;
}

static const struct {
    struct json_object *(*play)(struct player *player, const struct step *step,
                                const char **trouble);
    enum record_state in_trouble;
} plays[] = {
    [STEP_CALL] = {play_call_step, RECORD_UNPLAYED},
    [STEP_EVENTS] = {play_events_step, RECORD_UNPLAYED},
    [STEP_FORGET] = {play_forget_step, RECORD_UNPLAYED},
    [STEP_CONSTANTS] = {play_constants_step, RECORD_UNPLAYED},
    [STEP_FILE] = {play_file_step, RECORD_UNPLAYED},
    [STEP_COPY] = {play_copy_step, RECORD_UNPLAYED},
    [STEP_NEEDS] = {play_needs_step, RECORD_LEFT_OUT},
};

static void keep_answer(struct player *player, const struct step *step, struct json_object *outcome)
{
    if (!step->keep)
        return;
    json_object_object_del(player->store.answers, step->keep);
    if (value_has(outcome, "answer"))
        json_object_object_add(player->store.answers, step->keep,
                               json_object_get(value_field(outcome, "answer")));
}

static struct record broken(const struct runner *runner)
{
    return (struct record){.state = RECORD_BROKE,
                           .trouble = arena_copy(runner_trouble(runner)),
                           .output = arena_copy(runner_output(runner))};
}

static struct json_object *normalise(const struct player *player, const struct step *step,
                                     struct json_object *answer)
{
    return step->kind == STEP_EVENTS ? value_normalised_calls(answer, player->store.folder)
                                     : value_normalised(answer, player->store.folder);
}

/* What the step says its answer is, from what is known by now. */
static void add_wanted(const struct player *player, const struct step *step, struct record *record)
{
    struct json_object *value = NULL;

    if (!step->answer)
        return;
    if (expression_evaluate(step->answer, &player->store, &value, &record->trouble))
        record->wanted = normalise(player, step, value);
    else
        record->state = RECORD_UNPLAYED;
    json_object_put(value);
}

static struct record play_once(struct player *player, const struct step *step)
{
    struct record record = {0};
    struct json_object *outcome;

    if (step->expectation == EXPECT_WRONG_USE && !player->refused)
        return record;
    player->calls_plain = false;
    outcome = plays[step->kind].play(player, step, &record.trouble);
    record.calls_plain = player->calls_plain;
    if (!outcome) {
        if (step->keep)
            json_object_object_del(player->store.answers, step->keep);
        if (!record.trouble)
            return broken(player->runner);
        record.state = plays[step->kind].in_trouble;
        return record;
    }
    record.state = RECORD_PLAYED;
    add_wanted(player, step, &record);
    keep_answer(player, step, outcome);
    record.outcome = json_object_new_object();
    json_object_object_foreach(outcome, name, value)
    {
        json_object_object_add(record.outcome, name, normalise(player, step, value));
    }
    json_object_put(outcome);
    return record;
}

static void release(struct record *record)
{
    json_object_put(record->outcome);
    json_object_put(record->wanted);
}

/* Again and again where the step says so, until what it says holds. */
static struct record play_step(struct player *player, const struct step *step)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    const double end = monotonic_now() + step->within;
    struct record record = play_once(player, step);

    while (step->within && record.state == RECORD_PLAYED && !judge_holds(step, &record) &&
           monotonic_now() < end) {
        release(&record);
        nanosleep(&pause, NULL);
        record = play_once(player, step);
    }
    return record;
}

/* Whatever came before; nothing is said of what fails here. */
static void clean_up(struct player *player, const struct case_steps *steps)
{
    for (size_t i = 0; i < steps->count && !player->broke; i++) {
        struct record record = play_step(player, steps->steps[i]);

        player->broke = record.state == RECORD_BROKE;
        release(&record);
    }
}

static void play_steps(struct player *player, const struct case_steps *steps,
                       struct recording *recording)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct record *record = VECTOR_ADD(recording->records, recording->count);

        if (player->stopped)
            continue;
        *record = play_step(player, steps->steps[i]);
        player->broke = record->state == RECORD_BROKE;
        player->stopped = player->broke || record->state == RECORD_LEFT_OUT;
    }
}

/* One that no other run has, in any worker. */
static const char *place_name(const char *language)
{
    static unsigned count;

    return arena_printf("%s-%d-%u", language, (int)getpid(), ++count);
}

struct recording play_case(struct runner *runner, const struct case_file *file,
                           const struct case_steps *steps, const char *parent,
                           struct json_object *functions, bool refused)
{
    struct recording recording = {0};
    struct player player = {
        .runner = runner,
        .store = {.texts = file->texts,
                  .answers = json_object_new_object(),
                  .folder = folder_make(parent, place_name(runner_language(runner)->name))},
        .calls = json_object_new_object(),
        .functions = functions,
        .refused = refused,
    };

    play_steps(&player, &file->set_up, &recording);
    play_steps(&player, steps, &recording);
    clean_up(&player, &file->clean_up);
    recording.end.state = RECORD_PLAYED;
    if (!player.broke && !play_forget_all(runner))
        recording.end = broken(runner);
    folder_remove(player.store.folder);
    json_object_put(player.store.answers);
    json_object_put(player.calls);
    return recording;
}

void recording_release(struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++)
        release(&recording->records[i]);
    recording->count = 0;
}
