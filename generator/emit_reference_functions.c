/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions of the reference: the rows of their patterns filled and put together. */
#include <string.h>

#include "declare.h"
#include "emit_reference.h"

/* ---- what stands in the holes ---- */

const char *reference_number(enum scalar scalar, const char *text)
{
    return arena_printf("%s_out(%s)",
                        scalar == SCALAR_DOUBLE    ? "double"
                        : scalar_is_signed(scalar) ? "signed"
                                                   : "unsigned",
                        text);
}

const char *reference_numbers(enum scalar scalar)
{
    switch (scalar) {
    case SCALAR_INT:
        return "ints";
    case SCALAR_UINT:
        return "uints";
    case SCALAR_ULLONG:
        return "ullongs";
    default:
        return NULL;
    }
}

static const char *scalar_word(enum scalar scalar)
{
    static const char *const words[SCALAR_COUNT] = {
        [SCALAR_INT] = "int",     [SCALAR_UINT] = "uint",     [SCALAR_LONG] = "long",
        [SCALAR_ULONG] = "ulong", [SCALAR_LLONG] = "llong",   [SCALAR_ULLONG] = "ullong",
        [SCALAR_SIZE] = "size",   [SCALAR_DOUBLE] = "double",
    };

    return words[scalar];
}

/* The type behind the outermost pointer. */
static const char *item_type(const char *type)
{
    const char *star = strrchr(type, '*');
    size_t length = star ? (size_t)(star - type) : strlen(type);

    while (length && type[length - 1] == ' ')
        length--;
    return arena_copy_length(type, length);
}

/* An argument may be called `result`. */
static const char *result_name(const struct plan *plan)
{
    return plan_step(plan, "result") ? "returned" : "result";
}

/* In parentheses, where it is more than a name. */
static const char *count_text(const struct plan *plan, const struct step *step)
{
    if (!step->count)
        return "";
    if (text_equal(step->count, "result"))
        return result_name(plan);
    return strchr(step->count, ' ') ? arena_printf("(%s)", step->count) : step->count;
}

static const struct step *step_with(const struct plan *plan, enum pattern pattern)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == pattern)
            return &plan->steps[i];
    return NULL;
}

static bool has_callbacks(const struct enumeration *enumeration)
{
    for (size_t i = 0; enumeration && i < enumeration->constant_count; i++)
        if (enumeration->constants[i]->callback)
            return true;
    return false;
}

const struct enumeration *reference_events(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_ENUM && has_callbacks(plan->steps[i].enumeration))
            return plan->steps[i].enumeration;
    return NULL;
}

/* Which function libvirt calls back, where an event's id says that. */
static const char *choice_text(const struct plan *plan, const struct step *callback)
{
    const struct enumeration *events = reference_events(plan);

    for (size_t i = 0; events && i < plan->step_count; i++)
        if (plan->steps[i].enumeration == events)
            return text_filled("void (*chosen)(void) =~event_callback(events_@events@, @id@);\n"
                               "@type@ function =~(@type@)chosen;",
                               "events", events->name, "id", plan->steps[i].parameter->name, "type",
                               callback->callback->signature.name, NULL);
    return "";
}

static const char *callback_text(const struct plan *plan, const struct step *callback)
{
    return reference_events(plan) ? "function"
                                  : arena_printf("on_%s", callback->callback->signature.name);
}

static bool is_key(const struct step *step, const struct constant *constant)
{
    char *rest = NULL;
    char *globs = arena_copy(step->keys ? step->keys : "");

    if (constant->kind != CONSTANT_STRING || !constant->parameter_type)
        return false;
    for (char *glob = strtok_r(globs, " ", &rest); glob; glob = strtok_r(NULL, " ", &rest))
        if (glob_match(glob, constant->name, NULL))
            return true;
    return false;
}

/* Keys that the headers may not know stand as they are; the first of two of one text counts. */
static void add_keys(struct buffer *buffer, const struct plans *plans, const struct plan *plan,
                     const struct step *step)
{
    const struct api *api = plans->api;
    struct buffer items = {0};

    for (size_t i = 0; i < api->constant_count; i++)
        if (is_key(step, &api->constants[i]))
            buffer_printf(&items, "{%s, VIR_TYPED_PARAM_%s},\n",
                          text_c_string(api->constants[i].string),
                          api->constants[i].parameter_type);
    if (items.length)
        text_fill(buffer,
                  "static const struct key keys_@function@_@name@[] = {\n"
                  "    @items@\n"
                  "};\n"
                  "\n",
                  "function", plan->function->name, "name", step->parameter->name, "items",
                  buffer_text(&items), NULL);
}

static bool has_keys(const struct plans *plans, const struct step *step)
{
    for (size_t i = 0; i < plans->api->constant_count; i++)
        if (is_key(step, &plans->api->constants[i]))
            return true;
    return false;
}

static const char *keys_text(const struct plans *plans, const struct plan *plan,
                             const struct step *step)
{
    return has_keys(plans, step)
               ? arena_printf("KEYS(keys_%s_%s)", plan->function->name, step->parameter->name)
               : "NULL, 0";
}

/* Frees the text in records of the caller's memory. */
static const char *fields_text(const struct plans *plans, const struct plan *plan,
                               const struct step *step)
{
    const struct record_plan *record = step->record ? plans_record(plans, step->record) : NULL;
    struct buffer lines = {0};

    if (!record || step->owner != OWNER_CALLER_BUFFER_EACH)
        return "";
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].pattern == PATTERN_OUT_STRING)
            buffer_printf(&lines, "    free(%s[i].%s);\n", step->parameter->name,
                          record->fields[i].field->name);
    return arena_printf("for (size_t i = 0; i < (size_t)%s; i++) {\n%s}", count_text(plan, step),
                        buffer_text(&lines));
}

const char *reference_callee(const struct function *function)
{
    return function->library == LIBRARY_ADMIN ? arena_printf("ADMIN(%s)", function->name)
                                              : function->name;
}

static const char *filled(const char *template, const struct plans *plans, const struct plan *plan,
                          const struct step *step, const char *ask);

/* The C call; with NULL for `asking`, to find out how much there is. */
static const char *call_text(const struct plans *plans, const struct plan *plan,
                             const struct step *asking)
{
    const bool is_void = plan->result.pattern == PATTERN_NOTHING;
    const char **items = arena_allocate((plan->step_count + 1) * sizeof *items);
    const char *head =
        arena_printf("%s%s(", is_void ? "" : arena_printf("%s = ", result_name(plan)),
                     reference_callee(plan->function));

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        items[i] =
            step == asking ? "NULL" : filled(reference_row(step)->argument, plans, plan, step, "");
    }
    return text_wrapped(head, items, plan->step_count, ");", 4);
}

static const char *failed_condition(const struct plan *plan)
{
    const struct type *type = &plan->function->result.type;
    const char *result = result_name(plan);

    if (plan->failure == FAILURE_IF_STORED)
        return arena_printf("!%s && virGetLastErrorCode() != VIR_ERR_OK", result);
    if (plan->failure == FAILURE_NULL)
        return arena_printf("!%s", result);
    if (plan->failure == FAILURE_ZERO)
        return arena_printf("%s == 0", result);
    if (plan->failure == FAILURE_MINUS_ONE && scalar_is_signed(type->scalar))
        return arena_printf("%s < 0", result);
    return arena_printf("%s == (%s)-1", result, scalar_c_name(type->scalar));
}

static const char *check_text(const struct plan *plan, bool is_last)
{
    if (plan->failure == FAILURE_NONE)
        return "";
    return arena_printf(is_last ? "call_failed(call, %s);"
                                : "if (call_failed(call, %s))\n    return;",
                        failed_condition(plan));
}

/* How much there is, before it is asked for. */
static const char *ask_text(const struct plans *plans, const struct plan *plan,
                            const struct step *step)
{
    const char *length = step->pair->parameter->name;

    if (step->room)
        return arena_printf("%s = %s;\nif (call_failed(call, %s < 0))\n    return;", length,
                            step->room, length);
    return arena_printf("%s\n%s", call_text(plans, plan, step), check_text(plan, false));
}

/* Whose opaque value it is. */
static const char *callable_text(const struct plan *plan)
{
    return step_with(plan, PATTERN_CALLBACK)->parameter->name;
}

static const char *filled(const char *template, const struct plans *plans, const struct plan *plan,
                          const struct step *step, const char *ask)
{
    const struct parameter *parameter = step->parameter;
    const char *name = step->position ? parameter->name : result_name(plan);
    const bool may_miss = step->nullable || step->optional || step->pattern == PATTERN_FLAGS;
    const char *numbers = reference_numbers(step->scalar);
    const char *word = scalar_word(step->scalar);

    return text_filled(
        template, "name", name, "declared", declare_name(parameter->type.text, name), "type",
        parameter->type.text, "item", item_type(parameter->type.text), "kind",
        step->handle ? step->handle->name : "", "record", step->record ? step->record->name : "",
        "scalar", word ? word : "", "numbers", numbers ? numbers : "", "number",
        reference_number(step->scalar, name), "presence", may_miss ? "OPTIONAL" : "REQUIRED",
        "keys", step->pattern == PATTERN_PARAMS ? keys_text(plans, plan, step) : "", "array",
        step->length_of && step->length_of->position ? step->length_of->parameter->name : "",
        "count", count_text(plan, step), "length", step->pair ? step->pair->parameter->name : "",
        "room", step->room ? step->room : "", "ask", ask, "free",
        step->free_function ? step->free_function : "", "fixed", step->fixed ? step->fixed : "",
        "fields", fields_text(plans, plan, step), "callback",
        step->callback ? callback_text(plan, step) : "", "choice",
        step->pattern == PATTERN_CALLBACK ? choice_text(plan, step) : "", "callable",
        step->pattern == PATTERN_OPAQUE ? callable_text(plan) : "", NULL);
}

/* ---- a function ---- */

/* Each line may be broken once. */
static void add_lines(struct buffer *buffer, const char *text)
{
    char *rest = NULL;

    for (char *line = strtok_r(arena_copy(text), "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest))
        buffer_printf(buffer, "%s\n", reference_broken(line));
}

struct parts {
    struct buffer declare, lengths, prepare, answer, release;
};

/* The length of what is given, which must be taken first. */
static bool is_length_of_in(const struct step *step)
{
    return step->pattern == PATTERN_LENGTH && pattern_role(step->length_of->pattern) == ROLE_IN;
}

static void add_step(struct parts *parts, const struct plans *plans, const struct plan *plan,
                     const struct step *step, bool is_answer)
{
    const struct row *row = reference_row(step);
    const bool asks = row->prepare && strstr(row->prepare, "@ask@");
    const char *name = step->position ? step->parameter->name : "result";

    if (row->declare)
        add_lines(is_length_of_in(step) ? &parts->lengths : &parts->declare,
                  filled(row->declare, plans, plan, step, ""));
    if (row->prepare)
        add_lines(&parts->prepare,
                  filled(row->prepare, plans, plan, step, asks ? ask_text(plans, plan, step) : ""));
    if (row->answer && is_answer)
        add_lines(&parts->answer, arena_printf("answer_add(call, \"%s\",~%s);", name,
                                               filled(row->answer, plans, plan, step, "")));
    if (row->release && (step->free_function || !strstr(row->release, "@free@")))
        add_lines(&parts->release, filled(row->release, plans, plan, step, ""));
}

/* Two lists that have one length. */
static void add_same_lengths(struct buffer *buffer, const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const struct step *first = step->pair ? step->pair->length_of : NULL;

        if (first && first != step && pattern_role(step->pattern) == ROLE_IN)
            add_lines(buffer, arena_printf("take_same_length(call, \"%s\", %s_count,~\"%s\", "
                                           "%s_count);",
                                           first->parameter->name, first->parameter->name,
                                           step->parameter->name, step->parameter->name));
    }
}

/* Arrays of fixed room were large enough. */
static void add_room_checks(struct buffer *buffer, const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const struct row *row = step->pattern == PATTERN_LENGTH ? reference_row(step) : NULL;

        if (row && text_starts(row->argument, "ROOM"))
            buffer_printf(buffer, "call_had_room(call, (size_t)%s, %s);\n",
                          count_text(plan, step->length_of), row->argument);
    }
}

static bool has_out(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (pattern_role(plan->steps[i].pattern) == ROLE_OUT)
            return true;
    return false;
}

static bool expresses_step(const struct plans *plans, const struct plan *plan,
                           const struct step *step)
{
    const struct step *callback = step_with(plan, PATTERN_CALLBACK);
    const struct record_plan *record;

    switch (step->pattern) {
    case PATTERN_CALLBACK:
        return step == callback && step_with(plan, PATTERN_FREE_CALLBACK);
    case PATTERN_OPAQUE:
        return callback && callback->position < step->position;
    case PATTERN_OUT_SCALAR:
        return step->parameter->type.pointers == 1;
    case PATTERN_NUMBERS:
    case PATTERN_OUT_NUMBERS:
        return reference_numbers(step->scalar) != NULL;
    case PATTERN_RECORD:
        record = plans_record(plans, step->record);
        return record && reference_takes(record);
    default:
        return reference_row(step) != NULL;
    }
}

/* NULL where there is a row for each. */
static const struct step *first_without_row(const struct plans *plans, const struct plan *plan)
{
    if (!reference_row(&plan->result))
        return &plan->result;
    for (size_t i = 0; i < plan->step_count; i++)
        if (!expresses_step(plans, plan, &plan->steps[i]))
            return plan->steps[i].pattern == PATTERN_LENGTH ? plan->steps[i].length_of
                                                            : &plan->steps[i];
    return NULL;
}

bool reference_expresses(const struct plans *plans, const struct plan *plan)
{
    return !first_without_row(plans, plan);
}

void reference_function(struct buffer *buffer, const struct plans *plans, const struct plan *plan)
{
    struct parts parts = {0};
    struct buffer same = {0}, rooms = {0};
    const bool is_void = plan->result.pattern == PATTERN_NOTHING;
    const bool may_be_none = plan->result.pattern == PATTERN_YES_NO && has_out(plan);
    const bool is_lent = step_with(plan, PATTERN_FREE_CALLBACK) != NULL;
    const struct step *lacking = first_without_row(plans, plan);

    if (lacking) {
        reference_lacks(plan->function->location, lacking->pattern, plan->function->name);
        return;
    }
    add_step(&parts, plans, plan, &plan->result, plan_result_is_value(plan));
    for (size_t i = 0; i < plan->step_count; i++)
        add_step(&parts, plans, plan, &plan->steps[i], true);
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_PARAMS)
            add_keys(buffer, plans, plan, &plan->steps[i]);
    if (!is_void)
        buffer_printf(&parts.declare, "%s;\n",
                      declare_name(plan->function->result.type.text, result_name(plan)));
    buffer_add(&parts.declare, buffer_text(&parts.lengths));
    if (parts.declare.length)
        buffer_add(&parts.declare, "\n");
    add_same_lengths(&same, plan);
    add_room_checks(&rooms, plan);
    text_fill(buffer,
              "@prototype@\n"
              "void call_@name@(struct call *call)\n"
              "{\n"
              "    @declare@\n"
              "    @same@\n"
              "    if (!call_ready(call))\n"
              "        return;\n"
              "    @prepare@\n"
              "    @call@\n"
              "    @check@\n"
              "    @none@\n"
              "    @rooms@\n"
              "    @hand_over@\n"
              "    @answer@\n"
              "    @release@\n"
              "}\n",
              "prototype", declare_comment(plan->function), "name", plan->function->name, "declare",
              buffer_text(&parts.declare), "same", buffer_text(&same), "prepare",
              buffer_text(&parts.prepare), "call", call_text(plans, plan, NULL), "check",
              check_text(plan, !parts.answer.length && !is_lent), "none",
              may_be_none
                  ? text_filled("if (!@result@) {\n"
                                "    answer_add_only(call, \"result\", boolean_out(false));\n"
                                "    return;\n"
                                "}\n",
                                "result", result_name(plan), NULL)
                  : "",
              "rooms", buffer_text(&rooms), "hand_over", is_lent ? "call_hand_over(call);" : "",
              "answer", buffer_text(&parts.answer), "release", buffer_text(&parts.release), NULL);
}
