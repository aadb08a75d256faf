/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles and records: what releases them, what they keep alive, how their fields are read. */
#include <string.h>

#include "plan_internal.h"

const char *handle_release(struct planner *planner, const struct handle *handle)
{
    const char *by_rule = arena_printf("%sFree", handle->name);
    const char *subject = arena_printf("handle %s", handle->name);
    const struct fact *fact = notes_last(planner->notes, subject, "release");

    if (fact) {
        if (fact->word_count != 1 || !api_function(planner->api, fact->words[0]))
            fact_error(fact, "release takes the name of a function");
        else
            fact_applied(fact, 0, !text_equal(fact->words[0], by_rule));
        return fact_text(fact, 0);
    }
    if (!api_function(planner->api, by_rule)) {
        error_at(handle->location, "%s: what frees it? There is no %s", handle->name, by_rule);
        hint("add to the notes:\n%s\n    release FUNCTION", subject);
    }
    return by_rule;
}

static void plan_handle(struct planner *planner, const struct handle *handle)
{
    struct plans *plans = planner->plans;
    struct handle_plan *plan = VECTOR_ADD(plans->handle_plans, plans->handle_plan_count);
    const char *retain = arena_printf("%sRef", handle->name);
    const char *release = handle_release(planner, handle);
    const struct fact *fact =
        notes_last(planner->notes, arena_printf("handle %s", handle->name), "parent");
    const char *by_rule = handle->library == LIBRARY_ADMIN ? "virAdmConnect" : "virConnect";
    const char *parent = fact && fact->word_count == 1 ? fact->words[0] : by_rule;

    *plan = (struct handle_plan){
        .handle = handle,
        .release = release,
        .retain = api_function(planner->api, retain) ? retain : NULL,
        .parent = text_equal(parent, handle->name) ? NULL : api_handle(planner->api, parent),
    };
    if (!fact)
        return;
    if (!plan->parent)
        fact_error(fact, "parent takes the name of a handle");
    fact_applied(fact, 0, !text_equal(parent, by_rule));
}

static const struct field *find_field(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (text_equal(record->fields[i].name, name))
            return &record->fields[i];
    return NULL;
}

static const struct field *field_length(const struct record *record, const struct field *field)
{
    static const char *const forms[] = {"n%s", "%slen"};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *name =
            i ? arena_printf("%slen", field->name) : arena_printf("n%s", field->name);
        const struct field *length = find_field(record, name);
        if (length)
            return length;
    }
    return NULL;
}

static enum pattern field_rule(const struct type *type, const struct field *length)
{
    switch (type->kind) {
    case TYPE_HANDLE:
        return type->pointers == 1 ? PATTERN_BORROWED_HANDLE : PATTERN_TOTAL;
    case TYPE_PARAMS:
        return type->pointers == 1 && length ? PATTERN_OUT_NEW_PARAMS : PATTERN_TOTAL;
    case TYPE_RECORD:
        return type->pointers == 1 && length ? PATTERN_OUT_RECORDS : PATTERN_TOTAL;
    case TYPE_CALLBACK:
        return PATTERN_CALLBACK;
    case TYPE_VOID:
        return type->pointers == 1 ? PATTERN_OPAQUE : PATTERN_TOTAL;
    case TYPE_UNION:
        return PATTERN_TOTAL;
    case TYPE_SCALAR:
        if (type->array)
            return type->scalar == SCALAR_CHAR ? PATTERN_OUT_TEXT : PATTERN_TOTAL;
        if (type->pointers == 0)
            return PATTERN_OUT_SCALAR;
        if (type->scalar == SCALAR_CHAR && type->pointers == 1)
            return PATTERN_OUT_STRING;
        if (type->scalar == SCALAR_CHAR && type->pointers == 2 && length)
            return PATTERN_OUT_STRINGS;
        if (type->scalar == SCALAR_INT && type->pointers == 1 && length)
            return PATTERN_NUMBERS;
        return PATTERN_TOTAL;
    }
    return PATTERN_TOTAL;
}

/* `field NAME PATTERN [length=FIELD]` */
static bool field_from_note(const struct record *record, const char *subject,
                            struct planner *planner, struct field_plan *plan)
{
    size_t count;
    const struct fact *facts = notes_find(planner->notes, subject, "field", &count);

    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i];
        if (!fact->word_count || !text_equal(fact->words[0], plan->field->name))
            continue;
        const enum pattern pattern =
            fact->word_count == 2 ? pattern_by_name(fact->words[1]) : PATTERN_TOTAL;
        const char *length = fact_option(fact, "length");
        const struct field *pair = length ? find_field(record, length) : plan->pair;
        const bool changed = pattern != plan->pattern || pair != plan->pair;

        if (pattern == PATTERN_TOTAL || (length && !pair)) {
            fact_error(fact, "field takes a field, a pattern and length=FIELD");
            return false;
        }
        fact_applied(fact, 0, changed);
        fact_applied(fact, 1, changed);
        plan->pattern = pattern;
        plan->pair = pair;
    }
    return true;
}

static void mark_filled_in(struct record_plan *plan, const struct field *text)
{
    const struct field *length = field_length(plan->record, text);

    for (size_t i = 0; length && i < plan->field_count; i++)
        if (plan->fields[i].field == text || plan->fields[i].field == length)
            plan->fields[i].filled_in = true;
}

static void plan_record(struct planner *planner, const struct record *record)
{
    struct plans *plans = planner->plans;
    struct record_plan *plan = VECTOR_ADD(plans->record_plans, plans->record_plan_count);
    const char *subject = arena_printf("record %s", record->name);
    const char *each = arena_printf("%sFree", record->name);

    *plan = (struct record_plan){
        .record = record,
        .free_function = api_function(planner->api, each) ? each : NULL,
        .fields = arena_allocate(record->field_count * sizeof *plan->fields),
        .field_count = record->field_count,
    };
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        struct field_plan *field_plan = &plan->fields[i];

        field_plan->field = field;
        field_plan->pair = field->type.pointers ? field_length(record, field) : NULL;
        field_plan->record = field->type.record;
        field_plan->handle = field->type.handle;
        field_plan->pattern = field_rule(&field->type, field_plan->pair);
        if (field_plan->pattern == PATTERN_OUT_STRING)
            field_plan->pair = NULL; /* text ends by itself */
        if (!field_from_note(record, subject, planner, field_plan))
            continue;
        if (field_plan->pattern == PATTERN_TOTAL) {
            error_at(field->location, "%s: cannot tell what the field '%s' (%s) is", record->name,
                     field->name, field->type.text);
            hint("add to the notes:\n%s\n    field %s PATTERN length=FIELD", subject, field->name);
        }
    }
    for (size_t i = 0; i < record->field_count; i++)
        if (plan->fields[i].pattern == PATTERN_OUT_STRING)
            mark_filled_in(plan, plan->fields[i].field);
    for (size_t i = 0; i < record->field_count; i++)
        for (size_t j = 0; j < record->field_count; j++)
            if (plan->fields[j].pair == plan->fields[i].field)
                plan->fields[i].pattern = PATTERN_LENGTH;
}

void plan_types(struct planner *planner)
{
    for (size_t i = 0; i < planner->api->handle_count; i++)
        plan_handle(planner, &planner->api->handles[i]);
    for (size_t i = 0; i < planner->api->record_count; i++)
        if (!planner->api->records[i].is_params)
            plan_record(planner, &planner->api->records[i]);
}
