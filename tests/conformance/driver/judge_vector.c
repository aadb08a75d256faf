/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge_vector.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "arrived.h"
#include "base.h"
#include "judge.h"
#include "orders.h"
#include "value.h"

void add_line(struct buffer *lines, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        bug("out of memory");
    va_end(arguments);
    buffer_printf(lines, "%s%s", lines->length ? "\n" : "", text);
    free(text);
}

/* Of the function of a vector or a call. */
static struct json_object *facts_of(const struct language *language, struct json_object *line)
{
    return value_field(language->functions, value_text(value_field(line, "function")));
}

/* True where a parameter is made from the argument, alone or with others. */
static bool is_made_from(struct json_object *parameter, const char *argument)
{
    struct json_object *from = value_field(parameter, "from");

    if (value_text(from))
        return text_equal(value_text(from), argument);
    for (size_t i = 0;
         json_object_is_type(from, json_type_array) && i < json_object_array_length(from); i++)
        if (text_equal(value_text(json_object_array_get_idx(from, i)), argument))
            return true;
    return false;
}

static bool is_self(struct json_object *facts, const char *argument)
{
    const char *self = value_text(value_field(facts, "self"));

    return self && text_equal(self, argument);
}

/* What the language calls an argument of C's; NULL: it has none for it. */
static const char *name_of(struct json_object *facts, const char *argument)
{
    struct json_object *parameters = value_field(facts, "parameters");

    for (size_t i = 0; parameters && i < json_object_array_length(parameters); i++) {
        struct json_object *parameter = json_object_array_get_idx(parameters, i);

        if (is_made_from(parameter, argument))
            return value_text(value_field(parameter, "name"));
    }
    return is_self(facts, argument) ? argument : NULL;
}

static bool is_block(struct json_object *facts, const char *argument)
{
    struct json_object *parameters = value_field(facts, "parameters");

    for (size_t i = 0; parameters && i < json_object_array_length(parameters); i++) {
        struct json_object *parameter = json_object_array_get_idx(parameters, i);

        if (is_made_from(parameter, argument))
            return value_has(parameter, "block");
    }
    return false;
}

static bool needs_arguments(struct json_object *facts)
{
    struct json_object *parameters = value_field(facts, "parameters");

    for (size_t i = 0; parameters && i < json_object_array_length(parameters); i++)
        if (json_object_get_boolean(
                value_field(json_object_array_get_idx(parameters, i), "required")))
            return true;
    return false;
}

/* True where nothing is given for an argument that the language always gives something for. */
static bool cannot_be_nothing(struct json_object *facts, struct json_object *line)
{
    struct json_object *never = value_field(facts, "never-null");
    struct json_object *arguments = value_field(facts, "arguments");

    for (size_t i = 0; never && i < json_object_array_length(arguments); i++)
        for (size_t j = 0; j < json_object_array_length(never); j++)
            if (json_object_equal(json_object_array_get_idx(never, j),
                                  value_field(json_object_array_get_idx(arguments, i), "name")) &&
                !json_object_array_get_idx(value_field(line, "arguments"), i))
                return true;
    return false;
}

static size_t place_of_argument(struct json_object *facts, const char *name)
{
    struct json_object *arguments = value_field(facts, "arguments");
    size_t place = 0;

    while (place < json_object_array_length(arguments) &&
           !text_equal(value_text(value_field(json_object_array_get_idx(arguments, place), "name")),
                       name))
        place++;
    return place;
}

/* True where something is empty without which the language calls nothing. */
static bool is_idle(struct json_object *facts, struct json_object *line)
{
    struct json_object *parameters = value_field(facts, "parameters");
    struct json_object *arguments = value_field(line, "arguments");

    for (size_t i = 0; parameters && i < json_object_array_length(parameters); i++) {
        struct json_object *parameter = json_object_array_get_idx(parameters, i);
        const char *from = value_text(value_field(parameter, "from"));
        struct json_object *value =
            value_has(parameter, "idle-without")
                ? json_object_array_get_idx(arguments, place_of_argument(facts, from))
                : NULL;

        if (json_object_is_type(value, json_type_object) && !json_object_object_length(value))
            return true;
    }
    return false;
}

bool vector_concerns(const struct language *language, struct json_object *line)
{
    struct json_object *facts = facts_of(language, line);
    const char *argument = value_text(value_field(line, "argument"));
    const char *wrong = value_text(value_field(line, "wrong"));

    if ((argument && !name_of(facts, argument)) ||
        (!wrong && language_calls_plain(language, value_text(value_field(line, "function")),
                                        value_field(line, "arguments"))))
        return false;
    if (cannot_be_nothing(facts, line))
        return false;
    /* The first of several may be a list of all. */
    if (wrong && text_equal(wrong, "list") && value_has(facts, "takes-list") &&
        is_made_from(json_object_array_get_idx(value_field(facts, "parameters"), 0), argument))
        return false;
    if (is_idle(facts, line))
        return false;
    if (wrong && text_equal(wrong, "too many arguments"))
        return !value_has(facts, "part-of");
    return !wrong || !text_equal(wrong, "too few arguments") || needs_arguments(facts);
}

/* By name, then type, then value. */
static int compare_params(const void *a, const void *b)
{
    struct json_object *const first = *(struct json_object *const *)a;
    struct json_object *const second = *(struct json_object *const *)b;
    int order = 0;

    for (size_t i = 0; !order && i < json_object_array_length(first); i++) {
        struct json_object *one = json_object_array_get_idx(first, i);
        struct json_object *other = json_object_array_get_idx(second, i);

        if (json_object_is_type(one, json_type_int) && json_object_is_type(other, json_type_int)) {
            const int64_t x = json_object_get_int64(one);
            const int64_t y = json_object_get_int64(other);
            order = (x > y) - (x < y);
        } else {
            const char *text = arena_copy(value_line(one));
            order = strcmp(text, value_line(other));
        }
    }
    return order;
}

/* A handle that was made for the vector is called by its number. */
static struct json_object *with_number(struct json_object *wanted)
{
    static const char ending[] = "#fresh";
    const char *text = value_text(wanted);
    const char *kind;

    if (!text || !text_ends(text, ending))
        return json_object_get(wanted);
    kind = arena_copy_length(text, strlen(text) - strlen(ending));
    return json_object_new_string(arena_printf("%s#%u", kind, orders_set_up(kind)));
}

static void judge_argument(struct json_object *facts, struct json_object *argument,
                           struct json_object *wanted, struct json_object *got,
                           struct buffer *problems)
{
    const char *name = value_text(value_field(argument, "name"));
    const char *pattern = value_text(value_field(argument, "pattern"));
    struct json_object *numbered;
    const char *difference;

    if (!name_of(facts, name))
        return;
    if (pattern && text_equal(pattern, "params") && json_object_is_type(got, json_type_array))
        json_object_array_sort(got, compare_params);
    numbered = with_number(wanted);
    difference = arrived_difference(name, numbered, got);
    json_object_put(numbered);
    if (difference)
        add_line(problems, "arrived: %s", difference);
}

static void judge_call(const struct arrival *arrival, struct json_object *wanted,
                       struct json_object *got, struct buffer *problems)
{
    struct json_object *facts = facts_of(arrival->language, wanted);
    struct json_object *arguments = value_field(facts, "arguments");
    struct json_object *wanted_arguments = value_field(wanted, "arguments");
    struct json_object *got_arguments = value_field(got, "arguments");

    const char *function = value_text(value_field(wanted, "function"));

    if (!json_object_equal(value_field(wanted, "function"), value_field(got, "function"))) {
        add_line(problems, "arrived: a call of %s, not of %s",
                 value_text(value_field(got, "function")), function);
        return;
    }
    if (!facts) {
        /* What a callback answered: no caller has a part in it. */
        const char *difference = arrived_difference(function, wanted_arguments, got_arguments);
        if (difference)
            add_line(problems, "arrived: %s", difference);
        return;
    }
    for (size_t i = 0; arguments && i < json_object_array_length(arguments); i++)
        judge_argument(facts, json_object_array_get_idx(arguments, i),
                       json_object_array_get_idx(wanted_arguments, i),
                       json_object_array_get_idx(got_arguments, i), problems);
}

static bool is_call_of(struct json_object *calls, struct json_object *call)
{
    struct json_object *function = value_field(call, "function");

    for (size_t i = 0; i < json_object_array_length(calls); i++)
        if (json_object_equal(value_field(json_object_array_get_idx(calls, i), "function"),
                              function))
            return true;
    return false;
}

/* A language may ask the function itself again, for how much room it needs. */
static bool is_repeated(const struct arrival *arrival, struct json_object *last,
                        struct json_object *call)
{
    return last && json_object_equal(last, call) &&
           json_object_equal(value_field(arrival->line, "function"), value_field(call, "function"));
}

/* The calls of the functions that are wanted, of all where there must be none. */
static struct json_object *calls_compared(const struct arrival *arrival, struct json_object *wanted)
{
    struct json_object *compared = json_object_new_array();
    struct json_object *last = NULL;

    for (size_t i = 0; i < json_object_array_length(arrival->calls); i++) {
        struct json_object *call = json_object_array_get_idx(arrival->calls, i);

        if ((json_object_array_length(wanted) && !is_call_of(wanted, call)) ||
            is_repeated(arrival, last, call))
            continue;
        last = call;
        json_object_array_add(compared, json_object_get(call));
    }
    return compared;
}

void judge_calls(const struct arrival *arrival, struct buffer *problems)
{
    struct json_object *wanted = value_field(arrival->line, "calls");
    struct json_object *got;
    size_t count;

    if (!wanted)
        return;
    got = calls_compared(arrival, wanted);
    count = json_object_array_length(got);
    if (count != json_object_array_length(wanted))
        add_line(problems, "%zu calls arrived, not %zu: %s", count,
                 json_object_array_length(wanted), value_shown(got));
    else
        for (size_t i = 0; i < count; i++)
            judge_call(arrival, json_object_array_get_idx(wanted, i),
                       json_object_array_get_idx(got, i), problems);
    json_object_put(got);
}

/* Some languages refuse with the class of libvirt's own errors. */
static void judge_refusal(const struct arrival *arrival, struct json_object *wanted,
                          struct buffer *problems)
{
    struct json_object *facts = facts_of(arrival->language, arrival->line);
    struct json_object *refusal = value_has(arrival->outcome, "wrong-use")
                                      ? value_field(arrival->outcome, "wrong-use")
                                      : value_field(arrival->outcome, "error");
    const char *message = value_text(value_field(refusal, "message"));
    const char *argument = value_text(wanted);
    const char *name;

    if (!refusal) {
        add_line(problems, "must refuse this, it %s", outcome_in_words(arrival->outcome));
        return;
    }
    /* The receiver of a method has no name, nor has a block. */
    if (!argument || is_self(facts, argument) || is_block(facts, argument))
        return;
    name = name_of(facts, argument);
    if (!message || (!strstr(message, argument) && (!name || !strstr(message, name))))
        add_line(problems, "must name %s, it %s", name ? name : argument,
                 outcome_in_words(arrival->outcome));
}

static void judge_error(const struct arrival *arrival, struct json_object *wanted,
                        struct buffer *problems)
{
    struct json_object *error = value_field(arrival->outcome, "error");
    struct json_object *told;
    const char *difference;

    if (!error) {
        add_line(problems, "must fail, it %s", outcome_in_words(arrival->outcome));
        return;
    }
    told = language_tells(arrival->language, wanted, error);
    json_object_object_del(error, "function");
    difference = arrived_difference("error", told, error);
    if (difference)
        add_line(problems, "%s", difference);
    json_object_put(told);
}

static void judge_answer(const struct arrival *arrival, struct json_object *wanted,
                         struct buffer *problems)
{
    const char *difference;

    if (!value_has(arrival->outcome, "answer")) {
        add_line(problems, "must answer %s, it %s", value_shown(wanted),
                 outcome_in_words(arrival->outcome));
        return;
    }
    difference = arrived_difference("answer", wanted, value_field(arrival->outcome, "answer"));
    if (difference)
        add_line(problems, "%s", difference);
}

void judge_vector_outcome(const struct arrival *arrival, struct buffer *problems)
{
    struct json_object *wanted = value_field(arrival->line, "outcome");
    struct json_object *shape = value_field(facts_of(arrival->language, arrival->line), "result");

    if (value_has(wanted, "wrong-use")) {
        judge_refusal(arrival, value_field(wanted, "wrong-use"), problems);
    } else if (judge_is_answered(shape, wanted)) {
        judge_answer(arrival,
                     value_has(shape, "any") ? value_field(arrival->outcome, "answer")
                                             : value_field(shape, "value"),
                     problems);
    } else if (value_has(wanted, "error")) {
        judge_error(arrival, value_field(wanted, "error"), problems);
    } else {
        struct json_object *answer = arrived_in_shape(value_field(wanted, "answer"), shape,
                                                      value_field(arrival->outcome, "answer"));
        judge_answer(arrival, answer, problems);
        json_object_put(answer);
    }
}
