/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who frees what, how long arrays are, and how collectors find out how much room to make. */
#include <ctype.h>
#include <string.h>

#include "plan_internal.h"

enum releaser {
    RELEASE_NONE,
    RELEASE_FREE,
    RELEASE_PARAMS,
    RELEASE_HANDLE,
    RELEASE_RECORD,
    RELEASE_RECORDS
};

static const struct {
    enum pattern pattern;
    enum owner owner;
    enum releaser releaser;
    bool collected;
} ownership[] = {
    {PATTERN_OUT_SCALAR, OWNER_CALLER_BUFFER, RELEASE_NONE, false},
    {PATTERN_OUT_RECORD, OWNER_CALLER_BUFFER, RELEASE_NONE, false},
    {PATTERN_OUT_RECORD_SIZED, OWNER_CALLER_BUFFER, RELEASE_NONE, false},
    {PATTERN_OUT_TEXT, OWNER_CALLER_BUFFER, RELEASE_NONE, false},
    {PATTERN_OUT_UUID, OWNER_CALLER_BUFFER, RELEASE_NONE, false},
    {PATTERN_OUT_NAMES, OWNER_CALLER_BUFFER_EACH, RELEASE_FREE, true},
    {PATTERN_OUT_NUMBERS, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_RECORDS, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_PARAMS, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_PARAMS_BY_CPU, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_RECORDS_TWO_CALLS, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_CPU_MAP, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_CPU_MAPS, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_BYTES, OWNER_CALLER_BUFFER, RELEASE_NONE, true},
    {PATTERN_OUT_HANDLES, OWNER_HANDLE, RELEASE_HANDLE, false},
    {PATTERN_OUT_STRINGS, OWNER_CALLER_EACH, RELEASE_FREE, false},
    {PATTERN_OUT_STRING, OWNER_CALLER, RELEASE_FREE, false},
    {PATTERN_OUT_RECORD_LIST, OWNER_CALLER_EACH, RELEASE_RECORD, false},
    {PATTERN_OUT_RECORD_BLOCK, OWNER_CALLER, RELEASE_FREE, false},
    {PATTERN_OUT_NEW_PARAMS, OWNER_CALLER, RELEASE_PARAMS, false},
    {PATTERN_OUT_FILE_DESCRIPTORS, OWNER_CALLER, RELEASE_FREE, false},
    {PATTERN_OUT_NEW_CPU_MAP, OWNER_CALLER, RELEASE_FREE, false},
    {PATTERN_OUT_STATS, OWNER_CALLER, RELEASE_RECORDS, false},
    {PATTERN_OWNED_STRING, OWNER_CALLER, RELEASE_FREE, false},
    {PATTERN_OWNED_BYTES, OWNER_CALLER, RELEASE_FREE, false},
    {PATTERN_OWNED_HANDLE, OWNER_HANDLE, RELEASE_HANDLE, false},
    {PATTERN_BORROWED_STRING, OWNER_BORROWED, RELEASE_NONE, false},
    {PATTERN_BORROWED_HANDLE, OWNER_BORROWED, RELEASE_NONE, false},
    {PATTERN_BORROWED_RECORD, OWNER_BORROWED, RELEASE_NONE, false},
};

static const char *free_function(struct planner *planner, const struct step *step,
                                 enum releaser releaser)
{
    switch (releaser) {
    case RELEASE_NONE:
        return NULL;
    case RELEASE_FREE:
        return "free";
    case RELEASE_PARAMS:
        return "virTypedParamsFree";
    case RELEASE_HANDLE:
        return handle_release(planner, step->handle);
    case RELEASE_RECORD:
        return arena_printf("%sFree", step->record->name);
    case RELEASE_RECORDS:
        return arena_printf("%sListFree", step->record->name);
    }
    return NULL;
}

/* Records in the caller's memory that hold text of their own. */
static bool has_owned_fields(const struct record *record)
{
    for (size_t i = 0; record && i < record->field_count; i++)
        if (record->fields[i].type.pointers && !record->fields[i].type.is_const &&
            record->fields[i].type.kind == TYPE_SCALAR)
            return true;
    return false;
}

static void set_owner(struct planner *planner, struct plan *plan, struct step *step)
{
    for (size_t i = 0; i < sizeof ownership / sizeof *ownership; i++)
        if (ownership[i].pattern == step->pattern) {
            step->owner = ownership[i].owner;
            step->free_function = free_function(planner, step, ownership[i].releaser);
            plan->collected = plan->collected || ownership[i].collected;
        }
    if (step->pattern == PATTERN_OUT_RECORDS && has_owned_fields(step->record)) {
        step->owner = OWNER_CALLER_BUFFER_EACH;
        step->free_function = "free";
    }
    if (step->pattern == PATTERN_LENGTH && step->parameter->type.pointers)
        step->owner = OWNER_CALLER_BUFFER;
    step->owner_reason = (struct reason){.rule = "the pattern"};
}

/* `owner ARGUMENT borrowed`, `owner ARGUMENT caller FUNCTION`. */
static void owners_from_notes(struct planner *planner, struct plan *plan)
{
    size_t count;
    const struct fact *facts = notes_find(planner->notes, plan->function->name, "owner", &count);

    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i];
        struct step *step = fact->word_count ? step_or_result(plan, fact->words[0]) : NULL;
        const bool is_borrowed = fact->word_count == 2 && text_equal(fact->words[1], "borrowed");
        const bool is_callers =
            fact->word_count == 3 && text_equal(fact->words[1], "caller") &&
            (text_equal(fact->words[2], "free") || api_function(planner->api, fact->words[2]));

        if (!is_borrowed && !is_callers) {
            fact_error(fact,
                       "owner takes an argument, and `borrowed` or `caller` with what frees it");
            continue;
        }
        if (!step)
            continue;
        const enum owner owner = is_borrowed ? OWNER_BORROWED : OWNER_CALLER;
        const char *free_function = is_borrowed ? NULL : fact->words[2];
        const bool changed =
            owner != step->owner || (free_function && step->free_function &&
                                     !text_equal(free_function, step->free_function));
        for (size_t word = 0; word < fact->word_count; word++)
            fact_applied(fact, word, changed);
        step->owner = owner;
        step->free_function = free_function;
        step->owner_reason = (struct reason){.location = fact->location};
    }
}

/* `count ARGUMENT EXPRESSION`, `room ARGUMENT EXPRESSION`: over the names of the arguments. */
static const char *expression_from_note(struct planner *planner, const struct plan *plan,
                                        const struct step *step, const char *key,
                                        const char *by_rule)
{
    const struct fact *fact = argument_fact(planner, plan, key, step->parameter->name);

    if (!fact)
        return by_rule;
    if (fact->word_count < 2) {
        fact_error(fact, "%s %s: which expression?", key, step->parameter->name);
        return by_rule;
    }
    const char *text = fact_text(fact, 1);
    for (size_t i = 0; i < fact->word_count; i++)
        fact_applied(fact, i, !by_rule || !text_equal(text, by_rule));
    return text;
}

static const char *count_by_rule(const struct plan *plan, const struct step *step)
{
    if (pattern_role(step->pattern) != ROLE_OUT)
        return NULL;
    switch (step->pattern) {
    case PATTERN_OUT_SCALAR:
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_UUID:
    case PATTERN_OUT_STRING:
        return NULL;
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_NEW_PARAMS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_BYTES:
        return step->pair ? step->pair->parameter->name : NULL;
    default:
        if (step->pair && step->pair->parameter->type.pointers)
            return step->pair->parameter->name;
        return plan->result.pattern == PATTERN_COUNT ? "result" : NULL;
    }
}

static bool needs_room(const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_NUMBERS:
    case PATTERN_OUT_RECORDS:
        return true;
    default:
        return false;
    }
}

/* A length that the caller gives is the room. */
static const char *room_by_rule(const struct step *step)
{
    return step->pair && step->pair->asked ? step->pair->parameter->name : NULL;
}

/* The function that an expression calls, if it is one of libvirt's. */
static const char *function_called(struct planner *planner, const char *expression)
{
    size_t length = 0;

    while (isalnum((unsigned char)expression[length]) || expression[length] == '_')
        length++;
    const char *name = arena_copy_length(expression, length);
    return expression[length] == '(' && api_function(planner->api, name) ? name : NULL;
}

bool plan_memory(struct planner *planner, struct plan *plan)
{
    const struct fact *by_hand = notes_last(planner->notes, plan->function->name, "by-hand");
    bool complete = true;

    set_owner(planner, plan, &plan->result);
    for (size_t i = 0; i < plan->step_count; i++)
        set_owner(planner, plan, &plan->steps[i]);
    owners_from_notes(planner, plan);
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];

        step->count = expression_from_note(planner, plan, step, "count", count_by_rule(plan, step));
        step->room = expression_from_note(planner, plan, step, "room", room_by_rule(step));
        if (step->room)
            step->room_function = function_called(planner, step->room);
        if (needs_room(step) && !step->room && !by_hand) {
            ask_for_note(plan->function, step->parameter,
                         arena_printf("how much room does '%s' need?", step->parameter->name),
                         arena_printf("room %s EXPRESSION", step->parameter->name));
            complete = false;
        }
    }
    if (by_hand) {
        fact_applied(by_hand, 0, plan->collected);
        plan->collected_by_hand = true;
    }
    return complete;
}
