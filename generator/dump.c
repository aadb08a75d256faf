/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dump.h"

#include <string.h>

/* "handle virDomain", "flags virDomainXMLFlags", "out-scalar int". */
static const char *pattern_text(const struct step *step)
{
    const char *name = pattern_name(step->pattern);

    if (step->handle)
        return arena_printf("%s %s", name, step->handle->name);
    if (step->record)
        return arena_printf("%s %s", name, step->record->name);
    if (step->callback && step->pattern == PATTERN_CALLBACK)
        return arena_printf("%s %s", name, step->callback->signature.name);
    if (step->enumeration)
        return arena_printf("%s %s", name, step->enumeration->name);
    switch (step->pattern) {
    case PATTERN_OUT_SCALAR:
    case PATTERN_OUT_NUMBERS:
    case PATTERN_NUMBERS:
    case PATTERN_NUMBER:
        return arena_printf("%s %s", name, scalar_c_name(step->scalar));
    case PATTERN_FIXED:
        return arena_printf("%s %s", name, step->fixed);
    default:
        return name;
    }
}

static void add_step(struct buffer *buffer, const struct step *step)
{
    buffer_printf(buffer, "%s: %s", step->parameter->name, pattern_text(step));
    if (step->optional)
        buffer_add(buffer, " optional");
    else if (step->nullable && pattern_role(step->pattern) != ROLE_CALLBACK &&
             step->pattern != PATTERN_NULLABLE_HANDLE && step->pattern != PATTERN_NULLABLE_STRING)
        buffer_add(buffer, " nullable");
    if (step->length_of && step->length_of->position)
        buffer_printf(buffer, " of %s", step->length_of->parameter->name);
    if (step->count)
        buffer_printf(buffer, "[%s]", step->count);
    if (step->room)
        buffer_printf(buffer, " room=%s", step->room);
    if (step->keys)
        buffer_printf(buffer, " keys=%s", step->keys);
    if (step->free_function)
        buffer_printf(buffer, " free=%s", step->free_function);
}

void dump_plan_line(struct buffer *buffer, const struct plan *plan)
{
    static const char *const kinds[] = {"", "override: ", "helper: "};

    buffer_printf(buffer, "%s(", plan->function->name);
    for (size_t i = 0; i < plan->step_count; i++) {
        buffer_add(buffer, i ? ", " : "");
        add_step(buffer, &plan->steps[i]);
    }
    buffer_printf(buffer, ") -> %s", pattern_text(&plan->result));
    if (plan->result.count)
        buffer_printf(buffer, "[%s]", plan->result.count);
    if (plan->result.free_function)
        buffer_printf(buffer, " free=%s", plan->result.free_function);
    if (plan->result.nullable)
        buffer_add(buffer, " nullable");
    buffer_printf(buffer, " error=%s", plan_failure_text(plan));
    if (plan->keeps_lock)
        buffer_add(buffer, " keeps-lock");
    if (plan->kind != PLAN_PLANNED)
        buffer_printf(buffer, " %s%s", kinds[plan->kind], plan->reason);
    buffer_printf(buffer, " since %s\n", version_text(plan->function->version));
}

static void add_record(struct buffer *buffer, const struct record_plan *plan)
{
    buffer_printf(buffer, "record %s {", plan->record->name);
    for (size_t i = 0; i < plan->field_count; i++) {
        const struct field_plan *field = &plan->fields[i];
        buffer_printf(buffer, "%s%s: %s", i ? ", " : "", field->field->name,
                      pattern_name(field->pattern));
        if (field->pair)
            buffer_printf(buffer, "[%s]", field->pair->name);
    }
    buffer_add(buffer, "}");
    if (plan->free_function)
        buffer_printf(buffer, " free=%s", plan->free_function);
    buffer_printf(buffer, " since %s\n", version_text(plan->record->version));
}

void dump_plans(struct buffer *buffer, const struct plans *plans)
{
    for (size_t i = 0; i < plans->plan_count; i++)
        dump_plan_line(buffer, &plans->plans[i]);
    for (size_t i = 0; i < plans->callback_plan_count; i++) {
        buffer_add(buffer, "callback ");
        dump_plan_line(buffer, &plans->callback_plans[i]);
    }
    for (size_t i = 0; i < plans->record_plan_count; i++)
        add_record(buffer, &plans->record_plans[i]);
    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const struct handle_plan *plan = &plans->handle_plans[i];
        buffer_printf(buffer, "handle %s release=%s retain=%s parent=%s since %s\n",
                      plan->handle->name, plan->release, plan->retain ? plan->retain : "none",
                      plan->parent ? plan->parent->name : "none",
                      version_text(plan->handle->version));
    }
}

static void add_row(struct buffer *buffer, const struct plan *plan, const struct step *step)
{
    static const char *const directions[] = {"in", "out", "inout"};
    static const char *const kinds[] = {"planned", "override", "helper"};
    const struct type *type = &step->parameter->type;
    const bool is_result = step->position == 0;
    const bool is_pointer = type->pointers || type->kind == TYPE_CALLBACK;

    buffer_printf(buffer, "%s\t%s\t%zu\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
                  library_name(plan->function->library), plan->function->name, step->position,
                  is_result ? "-" : step->parameter->name, type->text, directions[step->direction],
                  pattern_name(step->pattern), step->pair ? step->pair->parameter->name : "-",
                  is_pointer ? (step->nullable ? "yes" : "no") : "-", step_owner_text(step),
                  is_result ? plan_failure_text(plan) : "-",
                  step->enumeration ? step->enumeration->name : "-",
                  is_result ? kinds[plan->kind] : "-");
}

void dump_table(struct buffer *buffer, const struct plans *plans)
{
    buffer_add(buffer,
               "library\tfunction\tposition\tname\ttype\tdirection\tpattern\tpair\tnullable\t"
               "owner\tfailure\tenum\tkind\n");
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        add_row(buffer, plan, &plan->result);
        for (size_t j = 0; j < plan->step_count; j++)
            add_row(buffer, plan, &plan->steps[j]);
    }
}

static void add_reason(struct buffer *buffer, const char *property, const char *value,
                       const struct reason *reason)
{
    if (reason->location.file)
        buffer_printf(buffer, "    %s %s: %s:%d\n", property, value, reason->location.file,
                      reason->location.line);
    else if (reason->rule)
        buffer_printf(buffer, "    %s %s: %s\n", property, value, reason->rule);
}

static void add_step_reasons(struct buffer *buffer, const struct step *step)
{
    add_reason(buffer, "pattern", pattern_text(step), &step->pattern_reason);
    if (step->parameter->type.pointers)
        add_reason(buffer, "nullable", step->nullable ? "yes" : "no", &step->nullable_reason);
    if (step->owner != OWNER_NONE)
        add_reason(buffer, "owner", step_owner_text(step), &step->owner_reason);
    if (step->enumeration)
        add_reason(buffer, "enum", step->enumeration->name, &step->enum_reason);
}

void dump_reasons(struct buffer *buffer, const struct plan *plan)
{
    dump_plan_line(buffer, plan);
    for (size_t i = 0; i < plan->step_count; i++) {
        buffer_printf(buffer, "  %s\n", plan->steps[i].parameter->name);
        add_step_reasons(buffer, &plan->steps[i]);
    }
    buffer_add(buffer, "  result\n");
    add_step_reasons(buffer, &plan->result);
    add_reason(buffer, "error", plan_failure_text(plan), &plan->result.failure_reason);
}
