/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each argument is. Notes decide first; then rules of structure, each of which holds for every
 * function it applies to; where two readings are possible there is no rule, and it asks. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "plan_internal.h"
#include "text.h"

static bool is_integer(const struct type *type)
{
    return type->kind == TYPE_SCALAR && type->scalar >= SCALAR_INT && type->scalar <= SCALAR_SIZE;
}

static bool is_bytes(const struct type *type)
{
    return type->kind == TYPE_SCALAR && type->scalar == SCALAR_UCHAR;
}

static bool is_text(const struct type *type)
{
    return type->kind == TYPE_SCALAR && type->scalar == SCALAR_CHAR;
}

/* Could this be the length of something: an integer, or a pointer to one that is filled in. */
static bool can_be_length(const struct parameter *parameter)
{
    return is_integer(&parameter->type) && parameter->type.pointers <= 1 &&
           !parameter->type.is_const;
}

static bool looks_like_length(const char *name)
{
    static const char *const endings[] = {"len", "size", "bytes"};

    if (text_starts(name, "max"))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(name, endings[i]))
            return true;
    return false;
}

static bool ends_in_any_case(const char *text, const char *suffix)
{
    const size_t length = strlen(text);
    const size_t suffix_length = strlen(suffix);

    return suffix_length && length >= suffix_length &&
           strcasecmp(text + length - suffix_length, suffix) == 0;
}

/* n + name or its last part (ncpus of xmlCPUs), max + name, name + len: the length is named after
 * the array. */
static bool named_after(const char *length, const char *array)
{
    return (length[0] == 'n' && ends_in_any_case(array, length + 1)) ||
           text_equal(length, arena_printf("nr_%s", array)) ||
           text_equal(length, arena_printf("max%s", array)) ||
           text_equal(length, arena_printf("%slen", array)) ||
           text_equal(length, arena_printf("%s_size", array));
}

/* Can this be something that has a length: the base of an array or buffer. */
static bool can_have_length(const struct type *type)
{
    switch (type->kind) {
    case TYPE_VOID:
    case TYPE_PARAMS:
        return type->pointers > 0;
    case TYPE_RECORD:
        return type->pointers == 1;
    case TYPE_SCALAR:
        if (is_text(type))
            return type->pointers == 2;
        return type->pointers == 1 || type->pointers == 2;
    default:
        return false;
    }
}

static struct step *neighbour(struct plan *plan, size_t index, int offset)
{
    if (offset < 0 && !index)
        return NULL;
    const size_t other = index + (size_t)offset;
    return other < plan->step_count && can_be_length(plan->steps[other].parameter)
               ? &plan->steps[other]
               : NULL;
}

/* The length stands beside the array; named after it, or by what it is. */
static struct step *find_length(struct plan *plan, size_t index)
{
    const struct parameter *array = plan->steps[index].parameter;
    struct step *behind = neighbour(plan, index, 1);
    struct step *before = neighbour(plan, index, -1);

    if (!can_have_length(&array->type))
        return NULL;
    if (behind && named_after(behind->parameter->name, array->name))
        return behind;
    if (before && named_after(before->parameter->name, array->name))
        return before;
    if (behind && !behind->length_of && looks_like_length(behind->parameter->name))
        return behind;
    if (before && !before->length_of && looks_like_length(before->parameter->name) &&
        array->type.kind == TYPE_VOID)
        return before;
    return NULL;
}

struct rule {
    enum pattern pattern; /* PATTERN_TOTAL: no rule places it */
    const char *words;
};

#define RULE(id, why) ((struct rule){PATTERN_##id, why})
#define NO_RULE ((struct rule){PATTERN_TOTAL, NULL})

static struct rule handle_rule(const struct type *type)
{
    switch (type->pointers) {
    case 1:
        return RULE(HANDLE, "a pointer to a handle");
    case 2:
        return NO_RULE; /* a list in, or one handle out */
    case 3:
        return RULE(OUT_HANDLES, "a pointer to an array of handles");
    default:
        return NO_RULE;
    }
}

static struct rule params_rule(const struct type *type, const struct step *length)
{
    if (!length)
        return NO_RULE;
    const bool counted_out = length->parameter->type.pointers == 1;
    if (type->pointers == 2 && counted_out)
        return RULE(OUT_NEW_PARAMS, "typed parameters and their number by pointer");
    if (type->pointers != 1)
        return NO_RULE;
    return counted_out ? RULE(OUT_PARAMS, "typed parameters with a number to be filled in")
                       : RULE(PARAMS, "typed parameters and their number");
}

static struct rule record_rule(struct planner *planner, const struct type *type,
                               const struct step *length)
{
    const char *each = arena_printf("%sFree", type->record->name);
    const char *all = arena_printf("%sListFree", type->record->name);

    if (type->pointers == 3 && api_function(planner->api, each))
        return RULE(OUT_RECORD_LIST, "a list of records that have a free function");
    if (type->pointers == 3 && api_function(planner->api, all))
        return RULE(OUT_STATS, "a list of records with one free function for all");
    if (type->pointers != 1)
        return NO_RULE;
    if (type->is_const)
        return RULE(RECORD, "a pointer to a constant record");
    if (!length)
        return RULE(OUT_RECORD, "a pointer to a record");
    if (length->parameter->type.pointers)
        return RULE(OUT_RECORDS_TWO_CALLS, "records with a number to be filled in");
    return length->parameter->type.scalar == SCALAR_SIZE
               ? RULE(OUT_RECORD_SIZED, "a pointer to a record and its size")
               : RULE(OUT_RECORDS, "records up to a number");
}

static struct rule text_rule(const struct function *function, const struct parameter *parameter,
                             const struct step *length)
{
    const struct type *type = &parameter->type;

    switch (type->pointers) {
    case 1:
        if (type->is_const)
            return RULE(STRING, "const char *");
        return text_ends(function->name, "UUIDString")
                   ? RULE(OUT_TEXT, "a buffer for the text of a UUID")
                   : NO_RULE;
    case 2:
        if (type->is_const)
            return length ? RULE(STRINGS, "an array of const char * and its length") : NO_RULE;
        if (!length)
            return RULE(OUT_STRING, "a pointer to a char *");
        return length->parameter->type.pointers ? NO_RULE
                                                : RULE(OUT_NAMES, "char * up to a number");
    case 3:
        return length ? NO_RULE : RULE(OUT_STRINGS, "a pointer to an array of char *");
    default:
        return NO_RULE;
    }
}

static struct rule bytes_rule(const struct parameter *parameter, const struct step *length)
{
    if (parameter->type.pointers != 1)
        return NO_RULE;
    if (text_equal(parameter->name, "uuid") && !length)
        return parameter->type.is_const ? RULE(UUID, "const unsigned char *uuid")
                                        : RULE(OUT_UUID, "unsigned char *uuid");
    return parameter->type.is_const && length ? RULE(BYTES, "constant bytes and their length")
                                              : NO_RULE;
}

static enum pattern scalar_pattern(enum scalar scalar)
{
    static const enum pattern by_scalar[SCALAR_COUNT] = {
        [SCALAR_INT] = PATTERN_INT,     [SCALAR_UINT] = PATTERN_UINT,
        [SCALAR_LONG] = PATTERN_LONG,   [SCALAR_ULONG] = PATTERN_ULONG,
        [SCALAR_LLONG] = PATTERN_LLONG, [SCALAR_ULLONG] = PATTERN_ULLONG,
        [SCALAR_SIZE] = PATTERN_SIZE,   [SCALAR_DOUBLE] = PATTERN_DOUBLE,
    };

    return scalar >= SCALAR_INT ? by_scalar[scalar] : PATTERN_TOTAL;
}

static struct rule number_rule(const struct parameter *parameter, const struct step *length)
{
    const struct type *type = &parameter->type;

    if (type->pointers == 0) {
        if (text_equal(parameter->name, "flags"))
            return RULE(FLAGS, "a number named flags");
        if (parameter->enumeration)
            return parameter->enumeration->is_flags
                       ? RULE(FLAGS, "its documentation names an enum of flags")
                       : RULE(ENUM, "its documentation names an enum");
        return (struct rule){scalar_pattern(type->scalar), "a number by value"};
    }
    if (type->pointers == 1 && !length && !type->is_const)
        return RULE(OUT_SCALAR, "a pointer to a number without a length");
    if (type->pointers == 1 && length && type->is_const)
        return RULE(NUMBERS, "constant numbers and their length");
    return NO_RULE;
}

static bool has_callback(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].parameter->type.kind == TYPE_CALLBACK)
            return true;
    return false;
}

static struct rule rule_for(struct planner *planner, const struct plan *plan,
                            const struct step *step, const struct step *length)
{
    const struct parameter *parameter = step->parameter;
    const struct type *type = &parameter->type;

    switch (type->kind) {
    case TYPE_CALLBACK:
        if (type->pointers)
            return NO_RULE;
        return text_equal(type->callback->signature.name, "virFreeCallback")
                   ? RULE(FREE_CALLBACK, "a virFreeCallback")
                   : RULE(CALLBACK, "a pointer to a function");
    case TYPE_VOID:
        if (type->pointers == 1 && has_callback(plan))
            return RULE(OPAQUE, "void * beside a callback");
        return type->pointers == 1 && length && !type->is_const
                   ? RULE(OUT_BYTES, "void * and a size")
                   : NO_RULE;
    case TYPE_HANDLE:
        return handle_rule(type);
    case TYPE_PARAMS:
        return params_rule(type, length);
    case TYPE_RECORD:
        return record_rule(planner, type, length);
    case TYPE_SCALAR:
        if (is_text(type))
            return text_rule(plan->function, parameter, length);
        if (is_bytes(type))
            return bytes_rule(parameter, length);
        return number_rule(parameter, length);
    case TYPE_UNION:
        return NO_RULE;
    }
    return NO_RULE;
}

void ask_for_note(const struct function *function, const struct parameter *parameter,
                  const char *problem, const char *note)
{
    const char *words = parameter->documentation;

    error_at(parameter->location, "%s: %s", function->name, problem);
    if (!*words)
        words = function->documentation;
    if (*words)
        hint("libvirt says: %.300s%s", words, strlen(words) > 300 ? " …" : "");
    hint("add to the notes:\n%s\n    %s", function->name, note);
}

const struct fact *argument_fact(struct planner *planner, const struct plan *plan, const char *key,
                                 const char *argument)
{
    size_t count;
    const struct fact *facts = notes_find(planner->notes, plan->function->name, key, &count);
    const struct fact *found = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!facts[i].word_count)
            fact_error(&facts[i], "%s: which argument?", key);
        else if (text_equal(facts[i].words[0], argument))
            found = &facts[i];
    }
    if (!found)
        return NULL;
    struct fact *copy = arena_allocate(sizeof *copy);
    *copy = *found;
    return copy;
}

struct step *step_named(struct plan *plan, const char *name, struct location location)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (text_equal(plan->steps[i].parameter->name, name))
            return &plan->steps[i];
    error_at(location, "%s has no argument '%s'", plan->function->name, name);
    return NULL;
}

/* `pattern ARGUMENT PATTERN [length=ARGUMENT|result|none]`; `pattern ARGUMENT length of=ARGUMENT`
 */
static bool pattern_from_note(struct plan *plan, struct step *step, struct step **length,
                              const struct fact *fact, struct rule by_rule)
{
    const enum pattern pattern =
        fact->word_count == 2 ? pattern_by_name(fact->words[1]) : PATTERN_TOTAL;
    const char *length_name = fact_option(fact, "length");
    bool changed = pattern != by_rule.pattern;

    if (pattern == PATTERN_TOTAL || pattern_role(pattern) == ROLE_RESULT) {
        fact_error(fact, "'%s' is not a pattern of an argument",
                   fact->word_count > 1 ? fact->words[1] : "");
        return false;
    }
    if (length_name) {
        struct step *named = NULL;
        if (!text_equal(length_name, "none") && !text_equal(length_name, "result") &&
            !(named = step_named(plan, length_name, fact->location)))
            return false;
        changed = changed || named != *length;
        *length = named;
    }
    if (pattern == PATTERN_LENGTH) {
        const char *array = fact_option(fact, "of");
        if (!array) {
            fact_error(fact, "pattern %s length: of which argument? of=ARGUMENT",
                       step->parameter->name);
            return false;
        }
        if (!(step->length_of = step_named(plan, array, fact->location)))
            return false;
    }
    fact_applied(fact, 0, changed);
    fact_applied(fact, 1, changed);
    step->pattern = pattern;
    step->pattern_reason = (struct reason){.location = fact->location};
    return true;
}

/* The item type of arrays of numbers and of scalars. */
static void fill_types(struct step *step)
{
    const struct parameter *parameter = step->parameter;

    step->handle = parameter->type.handle;
    step->record = parameter->type.record;
    step->callback = parameter->type.callback;
    step->enumeration = parameter->enumeration;
    if (parameter->type.kind == TYPE_SCALAR)
        step->scalar = parameter->type.scalar;
}

static bool place(struct planner *planner, struct plan *plan, size_t index)
{
    struct step *step = &plan->steps[index];
    struct step *length = find_length(plan, index);
    const struct rule rule = rule_for(planner, plan, step, length);
    const struct fact *fact = argument_fact(planner, plan, "pattern", step->parameter->name);

    if (fact) {
        if (!pattern_from_note(plan, step, &length, fact, rule))
            return false;
    } else if (rule.pattern != PATTERN_TOTAL) {
        step->pattern = rule.pattern;
        step->pattern_reason = (struct reason){.rule = rule.words};
    } else {
        ask_for_note(plan->function, step->parameter,
                     arena_printf("cannot tell what '%s' (%s) is", step->parameter->name,
                                  step->parameter->type.text),
                     arena_printf("pattern %s PATTERN", step->parameter->name));
        return false;
    }
    fill_types(step);
    step->pair = length;
    if (length && !length->length_of)
        length->length_of = step;
    return true;
}

/* Callers say how many bytes they want, and how many items where a note says so: `asked ARGUMENT`;
 * the arrays of in-steps know their own length. */
static bool length_is_asked(struct planner *planner, const struct plan *plan,
                            const struct step *length)
{
    const struct fact *fact = argument_fact(planner, plan, "asked", length->parameter->name);

    if (fact)
        fact_applied(fact, 0, length->length_of->pattern != PATTERN_OUT_BYTES);
    return fact || length->length_of->pattern == PATTERN_OUT_BYTES;
}

/* A length is implied by its array, unless it is asked. */
static void place_lengths(struct planner *planner, struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];

        if (!step->length_of || argument_fact(planner, plan, "pattern", step->parameter->name))
            continue;
        if (step->length_of->pattern == PATTERN_OUT_RECORD_SIZED) {
            step->pattern = PATTERN_FIXED;
            step->fixed = arena_printf("sizeof(%s)", step->length_of->record->name);
        } else if (length_is_asked(planner, plan, step)) {
            continue;
        } else {
            step->pattern = PATTERN_LENGTH;
        }
        step->pattern_reason = (struct reason){
            .rule = arena_printf("the length of %s", step->length_of->parameter->name)};
    }
}

static void place_fixed(struct planner *planner, struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];
        const struct fact *fact = argument_fact(planner, plan, "fixed", step->parameter->name);

        if (!fact)
            continue;
        if (fact->word_count < 2) {
            fact_error(fact, "fixed %s: which value?", step->parameter->name);
            continue;
        }
        fact_used(fact);
        step->pattern = PATTERN_FIXED;
        step->fixed = fact_text(fact, 1);
        step->pattern_reason = (struct reason){.location = fact->location};
    }
}

static void set_directions(struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];

        step->direction = pattern_role(step->pattern) == ROLE_OUT ? DIRECTION_OUT : DIRECTION_IN;
        if (step->pattern == PATTERN_LENGTH && step->parameter->type.pointers) {
            const bool reads_it = step->length_of->pattern == PATTERN_OUT_PARAMS ||
                                  step->length_of->pattern == PATTERN_OUT_RECORDS_TWO_CALLS;
            step->direction = reads_it ? DIRECTION_INOUT : DIRECTION_OUT;
        }
        step->asked = step->direction == DIRECTION_IN && step->pattern != PATTERN_LENGTH &&
                      step->pattern != PATTERN_FIXED && step->pattern != PATTERN_FREE_CALLBACK;
    }
}

bool plan_arguments(struct planner *planner, struct plan *plan)
{
    bool placed = true;

    for (size_t i = 0; i < plan->step_count; i++)
        placed = place(planner, plan, i) && placed;
    if (!placed)
        return false;
    place_lengths(planner, plan);
    place_fixed(planner, plan);
    set_directions(plan);
    return true;
}

/* What libvirt passes to a callback is out for us: it arrives. */
static struct rule callback_rule(const struct step *step, const struct step *length)
{
    const struct type *type = &step->parameter->type;

    switch (type->kind) {
    case TYPE_HANDLE:
        return type->pointers == 1 ? RULE(BORROWED_HANDLE, "a handle lent to the callback")
                                   : NO_RULE;
    case TYPE_PARAMS:
        return length ? RULE(OUT_PARAMS, "typed parameters lent to the callback") : NO_RULE;
    case TYPE_RECORD:
        return type->pointers == 1 ? RULE(OUT_RECORD, "a record lent to the callback") : NO_RULE;
    case TYPE_VOID:
        return type->pointers == 1 ? RULE(OPAQUE, "void *") : NO_RULE;
    case TYPE_CALLBACK:
        return text_equal(type->callback->signature.name, "virFreeCallback")
                   ? RULE(FREE_CALLBACK, "a virFreeCallback")
                   : RULE(CALLBACK, "a pointer to a function");
    case TYPE_SCALAR:
        if (is_text(type) && type->pointers == 1)
            return length ? RULE(OUT_BYTES, "char * and a size")
                          : RULE(OUT_STRING, "text lent to the callback");
        return type->pointers <= 1 ? RULE(OUT_SCALAR, "a number") : NO_RULE;
    case TYPE_UNION:
        return NO_RULE;
    }
    return NO_RULE;
}

/* Text has no length, unless one of type size_t makes bytes of it. */
static bool is_length_in_callback(const struct parameter *length, const struct parameter *array)
{
    if (!array->type.pointers)
        return false;
    return named_after(length->name, array->name) ||
           (length->type.scalar == SCALAR_SIZE && looks_like_length(length->name));
}

/* Numbers and bytes that the callback may change: it fills them in. */
static bool is_filled_in(const struct step *step)
{
    const struct type *type = &step->parameter->type;

    return (step->pattern == PATTERN_OUT_SCALAR || step->pattern == PATTERN_OUT_BYTES) &&
           type->pointers && !type->is_const;
}

bool plan_callback_arguments(struct planner *planner, struct plan *plan)
{
    bool placed = true;

    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];
        struct step *behind = neighbour(plan, i, 1);
        struct step *length =
            behind && is_length_in_callback(behind->parameter, step->parameter) ? behind : NULL;
        struct rule rule = callback_rule(step, length);
        const struct fact *fact = argument_fact(planner, plan, "pattern", step->parameter->name);

        if (fact) {
            placed = pattern_from_note(plan, step, &length, fact, rule) && placed;
        } else if (rule.pattern == PATTERN_TOTAL) {
            ask_for_note(plan->function, step->parameter,
                         arena_printf("cannot tell what the callback gets in '%s' (%s)",
                                      step->parameter->name, step->parameter->type.text),
                         arena_printf("pattern %s PATTERN", step->parameter->name));
            placed = false;
        } else {
            step->pattern = rule.pattern;
            step->pattern_reason = (struct reason){.rule = rule.words};
        }
        fill_types(step);
        step->owner = step->parameter->type.pointers ? OWNER_BORROWED : OWNER_NONE;
        step->direction =
            step->pattern == PATTERN_OPAQUE || is_filled_in(step) ? DIRECTION_IN : DIRECTION_OUT;
        if (length) {
            step->pair = length;
            step->count = length->parameter->name;
            length->length_of = step;
        }
    }
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].length_of)
            plan->steps[i].pattern = PATTERN_LENGTH;
    return placed;
}
