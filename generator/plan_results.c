/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the C function's own result is, and which of its values mean an error. */
#include <string.h>

#include "names.h"
#include "plan_internal.h"

static bool has_word(const char *name, const char *const *wanted)
{
    const char *const *words;
    const size_t count = name_words(name, &words);

    for (size_t i = 0; i < count; i++)
        for (const char *const *word = wanted; *word; word++)
            if (text_equal(words[i], *word))
                return true;
    return false;
}

/* An int is the answer, not a status, where the name asks a question that no argument answers. */
static bool asks_for_an_int(const struct plan *plan)
{
    static const char *const questions[] = {"Get",  "Num",   "Is",      "Has",
                                            "List", "Count", "Compare", NULL};

    for (size_t i = 0; i < plan->step_count; i++)
        if (pattern_role(plan->steps[i].pattern) == ROLE_OUT)
            return false;
    return has_word(plan->function->name, questions);
}

/* Filled arrays whose number comes back as the result: they have no length of their own that
 * could be filled in. */
static bool counts_by_result(const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_HANDLES:
    case PATTERN_OUT_STRINGS:
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_STATS:
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_NUMBERS:
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_FILE_DESCRIPTORS:
    case PATTERN_OUT_NEW_CPU_MAP:
        return !step->pair || !step->pair->parameter->type.pointers;
    default:
        return false;
    }
}

static bool has_counted_array(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (counts_by_result(&plan->steps[i]))
            return true;
    return false;
}

struct result_rule {
    enum pattern pattern; /* PATTERN_TOTAL: ask */
    unsigned failure;
    const char *words;
};

static struct result_rule rule_for_result(const struct plan *plan)
{
    static const struct result_rule ask = {PATTERN_TOTAL, FAILURE_NONE, NULL};
    const struct type *type = &plan->function->result.type;

    if (type->kind == TYPE_VOID && !type->pointers)
        return (struct result_rule){PATTERN_NOTHING, FAILURE_NONE, "void"};
    if (type->kind == TYPE_HANDLE && type->pointers == 1)
        return (struct result_rule){PATTERN_OWNED_HANDLE, FAILURE_NULL, "a handle"};
    if (type->kind != TYPE_SCALAR)
        return ask;
    if (type->scalar == SCALAR_CHAR && type->pointers == 1)
        return type->is_const
                   ? (struct result_rule){PATTERN_BORROWED_STRING, FAILURE_NULL, "const char *"}
                   : (struct result_rule){PATTERN_OWNED_STRING, FAILURE_NULL, "char *"};
    if (type->scalar != SCALAR_INT || type->pointers)
        return ask;
    if (has_counted_array(plan))
        return (struct result_rule){PATTERN_COUNT, FAILURE_MINUS_ONE,
                                    "an int beside an array that it counts"};
    if (asks_for_an_int(plan))
        return ask;
    return (struct result_rule){PATTERN_STATUS, FAILURE_MINUS_ONE, "an int that answers nothing"};
}

static bool failure_by_name(const char *text, unsigned *failure)
{
    static const struct {
        const char *text;
        unsigned failure;
    } names[] = {
        {"-1", FAILURE_MINUS_ONE},
        {"0", FAILURE_ZERO},
        {"NULL", FAILURE_NULL},
        {"all-ones", FAILURE_ALL_ONES},
        {"NULL-if-stored", FAILURE_IF_STORED},
        {"none", FAILURE_NONE},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(text, names[i].text)) {
            *failure = names[i].failure;
            return true;
        }
    return false;
}

/* `returns PATTERN [error=VALUE] [length=ARGUMENT]` */
static bool result_from_note(struct plan *plan, const struct fact *fact, struct result_rule rule)
{
    const enum pattern pattern =
        fact->word_count == 1 ? pattern_by_name(fact->words[0]) : PATTERN_TOTAL;
    const char *error = fact_option(fact, "error");
    const char *length = fact_option(fact, "length");
    const struct type *type = &plan->function->result.type;

    if (pattern == PATTERN_TOTAL || pattern_role(pattern) != ROLE_RESULT) {
        fact_error(fact, "'%s' is not a pattern of a result",
                   fact->word_count ? fact->words[0] : "");
        return false;
    }
    plan->result.pattern = pattern;
    plan->failure = type->pointers ? FAILURE_NULL : FAILURE_MINUS_ONE;
    if (type->kind == TYPE_SCALAR && !type->pointers && !scalar_is_signed(type->scalar) && !error) {
        fact_error(fact, "%s returns %s: say which value is an error, error=…",
                   plan->function->name, type->text);
        return false;
    }
    if (error && !failure_by_name(error, &plan->failure)) {
        fact_error(fact, "error=%s: not one of -1, 0, NULL, all-ones, NULL-if-stored, none", error);
        return false;
    }
    if (length) {
        struct step *step = step_named(plan, length, fact->location);
        if (!step)
            return false;
        step->pattern = PATTERN_LENGTH;
        step->length_of = &plan->result;
        step->direction = DIRECTION_OUT;
        plan->result.pair = step;
        plan->result.count = step->parameter->name;
    }
    fact_applied(fact, 0, pattern != rule.pattern || plan->failure != rule.failure);
    plan->result.pattern_reason = (struct reason){.location = fact->location};
    plan->result.pattern_reason.rule = NULL;
    plan->result.failure_reason = (struct reason){.location = fact->location};
    return true;
}

bool plan_result(struct planner *planner, struct plan *plan)
{
    const struct parameter *parameter = &plan->function->result;
    const struct result_rule rule = rule_for_result(plan);
    const struct fact *fact = notes_last(planner->notes, plan->function->name, "returns");

    plan->result.parameter = parameter;
    plan->result.direction = DIRECTION_OUT;
    plan->result.handle = parameter->type.handle;
    plan->result.record = parameter->type.record;
    plan->result.enumeration = parameter->enumeration;
    if (parameter->type.kind == TYPE_SCALAR)
        plan->result.scalar = parameter->type.scalar;
    if (parameter->enumeration)
        plan->result.enum_reason = (struct reason){.rule = "the documentation names it"};
    if (fact)
        return result_from_note(plan, fact, rule);
    if (rule.pattern == PATTERN_TOTAL) {
        ask_for_note(plan->function, parameter,
                     arena_printf("cannot tell what the result (%s) is", parameter->type.text),
                     "returns PATTERN error=VALUE");
        return false;
    }
    plan->result.pattern = rule.pattern;
    plan->result.pattern_reason = (struct reason){.rule = rule.words};
    plan->result.failure_reason = (struct reason){.rule = rule.words};
    plan->failure = rule.failure;
    return true;
}
