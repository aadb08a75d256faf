/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record_shapes.h"

#include <ctype.h>
#include <string.h>

static const char *const shape_names[] = {"list",  "tuple", "dict", "pair",
                                          "keyed", "tags",  "only", "object"};

struct shaped shape_of(const struct surface *surface, const struct record_plan *plan)
{
    struct shaped shaped = {
        .surface = surface,
        .plan = plan,
        .subject = arena_printf("record %s", plan->record->name),
    };

    for (size_t i = 0; i < sizeof shape_names / sizeof *shape_names; i++)
        if (text_equal(shape_names[i], surface->rules->records))
            shaped.shape = (enum shape)i;
    for (size_t i = 0; i < sizeof shape_names / sizeof *shape_names; i++)
        if (surface_has_fact(surface, shaped.subject, "shape", shape_names[i], &shaped.fact))
            shaped.shape = (enum shape)i;
    return shaped;
}

bool merges_records(const struct shaped *shaped)
{
    return shaped->shape == SHAPE_PAIR || shaped->shape == SHAPE_KEYED ||
           shaped->shape == SHAPE_TAGS;
}

static bool says(const struct shaped *shaped, const char *key, const struct field *field,
                 const struct fact **fact)
{
    return surface_has_fact(shaped->surface, shaped->subject, key, field->name, fact);
}

bool field_is_value(const struct shaped *shaped, const struct field_plan *field)
{
    return field->pattern != PATTERN_LENGTH && !says(shaped, "left-out", field->field, NULL);
}

const struct field_plan *record_alone(const struct shaped *shaped)
{
    const struct record_plan *plan = shaped->plan;

    if (shaped->shape == SHAPE_PAIR || shaped->shape == SHAPE_TAGS)
        return &plan->fields[1];
    for (size_t i = 0; shaped->shape == SHAPE_ONLY && i < plan->field_count; i++)
        if (field_is_value(shaped, &plan->fields[i]))
            return &plan->fields[i];
    return NULL;
}

bool field_is_boolean(const struct shaped *shaped, const struct field *field)
{
    return says(shaped, "boolean", field, NULL);
}

bool field_may_be_none(const struct shaped *shaped, const struct field *field)
{
    return says(shaped, "empty", field, NULL);
}

bool field_is_filled(const struct shaped *shaped, const struct field *field)
{
    return says(shaped, "filled", field, NULL);
}

const char *field_scale(const struct shaped *shaped, const struct field *field)
{
    const struct fact *fact;

    return says(shaped, "scale", field, &fact) ? fact_text(fact, 1) : NULL;
}

bool record_makes_dict(const struct surface *surface, const struct record *record)
{
    const struct shaped shaped = shape_of(surface, plans_record(surface->emission->plans, record));

    return merges_records(&shaped);
}

/* "DISK_CACHES" of VIR_DOMAIN_MEMORY_STAT_DISK_CACHES -> "disk_caches". */
static const char *tag_name(const struct surface *surface, const struct constant *constant,
                            size_t prefix)
{
    char *name = arena_copy(constant->name + prefix);

    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return names_text(surface->emission->names, arena_printf("constant %s", constant->name), "key",
                      name);
}

const struct constant *record_tag(const struct shaped *shaped, size_t index, const char **word)
{
    const struct api *api = shaped->surface->emission->plans->api;
    const char *prefix = fact_text(shaped->fact, 1);

    for (size_t i = 0; i < api->constant_count; i++) {
        const struct constant *constant = &api->constants[i];

        if (!text_starts(constant->name, prefix) || constant->is_sentinel || index--)
            continue;
        *word = tag_name(shaped->surface, constant, strlen(prefix));
        return constant;
    }
    return NULL;
}

const char *record_key(const struct shaped *shaped, const struct field *field)
{
    const struct fact *fact;

    return says(shaped, "attribute", field, &fact) ? fact_text(fact, 1) : field->name;
}

const char *record_attribute(const struct shaped *shaped, const struct field *field)
{
    const char *const *words;
    const struct fact *fact;

    if (says(shaped, "attribute", field, &fact))
        return fact_text(fact, 1);
    return name_snake(words, name_words(field->name, &words));
}

/* ---- what glue needs ---- */

static void add_need(struct record_needs *needs, enum pattern pattern)
{
    switch (pattern) {
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
        needs->one = true;
        return;
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_RECORD_BLOCK:
        needs->one = needs->block = needs->free_block = true;
        return;
    case PATTERN_OUT_RECORD_LIST:
        needs->one = needs->list = needs->free_list = true;
        return;
    case PATTERN_OUT_STATS:
        needs->one = needs->list = true;
        return;
    case PATTERN_RECORD:
        needs->given = true;
        return;
    default:
        return;
    }
}

struct record_needs record_needs(const struct surface *surface, const struct record *record)
{
    const struct plans *plans = surface->emission->plans;
    struct record_needs needs = {0};

    for (size_t i = 0; i < surface->function_count; i++)
        for (size_t j = 0; j < surface->functions[i].plan->step_count; j++) {
            const struct step *step = &surface->functions[i].plan->steps[j];
            if (step->record == record && !surface->functions[i].by_hand)
                add_need(&needs, step->pattern);
        }
    for (size_t i = 0; i < plans->callback_plan_count; i++)
        for (size_t j = 0; j < plans->callback_plans[i].step_count; j++)
            if (plans->callback_plans[i].steps[j].record == record)
                add_need(&needs, plans->callback_plans[i].steps[j].pattern);
    /* Records within records are lent: nobody frees them. */
    for (size_t i = 0; i < plans->record_plan_count; i++)
        for (size_t j = 0; j < plans->record_plans[i].field_count; j++)
            if (plans->record_plans[i].fields[j].record == record &&
                plans->record_plans[i].fields[j].pattern == PATTERN_OUT_RECORDS)
                needs.one = needs.block = true;
    return needs;
}

const char *record_freeing(const struct shaped *shaped)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++) {
        const struct field *field = shaped->plan->fields[i].field;

        if (field->type.kind == TYPE_SCALAR && field->type.pointers == 1 && !field->type.is_const)
            buffer_printf(&buffer, "    free(records[i].%s);\n", field->name);
    }
    return buffer.length
               ? arena_printf("for (int i = 0; i < count; i++) {\n%s}\n", buffer_text(&buffer))
               : "(void)count;";
}
