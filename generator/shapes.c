/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shapes.h"

#include "manifest.h"
#include "record_shapes.h"

static char *with_member(const char *name, const char *value, const char *more,
                         const char *more_value)
{
    struct buffer members = {0};

    json_member(&members, name, value);
    json_member(&members, more, more_value);
    return json_object(&members);
}

static char *callback_shape(const struct callback *callback)
{
    struct buffer members = {0};

    json_member(&members, "callback", json_string(callback->signature.name));
    return json_object(&members);
}

/* ---- records ---- */

static const char *record_shape(const struct shaped *shaped);
static const char *records_shape(const struct shaped *shaped);

static const char *number_shape(const struct shaped *shaped, const struct field *field)
{
    const char *scale = field_scale(shaped, field);

    if (field_is_boolean(shaped, field))
        return json_string("switch");
    return scale ? with_member("scaled", manifest_number(field->type.scalar), "by", scale)
                 : manifest_number(field->type.scalar);
}

static const char *inner_records_shape(const struct shaped *shaped, const struct field_plan *field)
{
    const struct shaped inner =
        shape_of(shaped->surface, plans_record(shaped->surface->emission->plans, field->record));

    if (!field_may_be_none(shaped, field->field))
        return records_shape(&inner);
    if (merges_records(&inner))
        bug("%s.%s is a dict, or None", shaped->plan->record->name, field->field->name);
    return with_member("list", record_shape(&inner), "empty", "null");
}

static const char *field_shape(const struct shaped *shaped, const struct field_plan *field)
{
    if (field_is_filled(shaped, field->field))
        return json_string("filled");
    switch (field->pattern) {
    case PATTERN_OUT_SCALAR:
        return number_shape(shaped, field->field);
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
        return json_string("text");
    case PATTERN_OUT_STRINGS:
        return manifest_list(json_string("text"));
    case PATTERN_NUMBERS:
        return manifest_list(manifest_number(field->field->type.scalar));
    case PATTERN_OUT_RECORDS:
        return inner_records_shape(shaped, field);
    case PATTERN_OUT_CPU_MAP:
        return json_string("cpu-map");
    case PATTERN_OUT_NEW_PARAMS:
        return "{\"map\": \"parameter\"}";
    case PATTERN_BORROWED_HANDLE:
        return json_string("handle");
    case PATTERN_CALLBACK:
        return callback_shape(field->field->type.callback);
    case PATTERN_OPAQUE:
        return json_string("opaque");
    default:
        bug("%s.%s has no shape", shaped->plan->record->name, field->field->name);
    }
}

static struct buffer field_shapes(const struct shaped *shaped)
{
    struct buffer fields = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++) {
        const struct field_plan *field = &shaped->plan->fields[i];
        if (field_is_value(shaped, field))
            json_member(&fields, field->field->name, field_shape(shaped, field));
    }
    return fields;
}

static char *readers_of(const struct shaped *shaped)
{
    struct buffer readers = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++) {
        const struct field_plan *field = &shaped->plan->fields[i];
        if (field_is_value(shaped, field))
            json_member(&readers, field->field->name,
                        json_string(record_attribute(shaped, field->field)));
    }
    return json_object(&readers);
}

char *record_readers(const struct surface *surface, const struct record_plan *plan)
{
    const struct shaped shaped = shape_of(surface, plan);

    return readers_of(&shaped);
}

/* With what the object calls its fields. */
static const char *object_shape(const struct shaped *shaped, const struct buffer *fields)
{
    struct buffer members = {0};

    json_member(&members, "record", json_object(fields));
    json_member(&members, "as", json_string("object"));
    json_member(&members, "attributes", readers_of(shaped));
    return json_object(&members);
}

/* With the keys that are not the fields' names. */
static const char *dict_shape(const struct shaped *shaped, const struct buffer *fields)
{
    struct buffer keys = {0}, members = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++) {
        const struct field *field = shaped->plan->fields[i].field;
        const char *key = record_key(shaped, field);

        if (!text_equal(key, field->name))
            json_member(&keys, field->name, json_string(key));
    }
    if (!keys.length)
        return manifest_record(fields, "map");
    json_member(&members, "record", json_object(fields));
    json_member(&members, "as", json_string("map"));
    json_member(&members, "keys", json_object(&keys));
    return json_object(&members);
}

static const char *record_shape(const struct shaped *shaped)
{
    const struct buffer fields = field_shapes(shaped);

    if (shaped->shape == SHAPE_OBJECT)
        return object_shape(shaped, &fields);
    if (shaped->shape == SHAPE_DICT)
        return dict_shape(shaped, &fields);
    return manifest_record(&fields, shaped->shape == SHAPE_ONLY ? "value" : "list");
}

static const char *tagged_shape(const struct shaped *shaped)
{
    const struct constant *tag;
    struct buffer words = {0}, members = {0};
    const char *word;

    for (size_t i = 0; (tag = record_tag(shaped, i, &word)); i++)
        json_member(&words, json_number(tag->value), json_string(word));
    json_member(&members, "tagged", json_object(&words));
    json_member(&members, "key", json_string(shaped->plan->fields[0].field->name));
    json_member(&members, "value", json_string(shaped->plan->fields[1].field->name));
    return json_object(&members);
}

/* Several of them that became one dict. */
static const char *keyed_shape(const struct shaped *shaped)
{
    const struct buffer fields = field_shapes(shaped);
    struct buffer members = {0};

    json_member(&members, "records", json_object(&fields));
    json_member(&members, "as", json_string("map"));
    json_member(&members, "key", json_string(shaped->plan->fields[0].field->name));
    if (shaped->shape == SHAPE_PAIR)
        json_member(&members, "value", json_string(shaped->plan->fields[1].field->name));
    return json_object(&members);
}

static const char *records_shape(const struct shaped *shaped)
{
    if (!merges_records(shaped))
        return manifest_list(record_shape(shaped));
    return shaped->shape == SHAPE_TAGS ? tagged_shape(shaped) : keyed_shape(shaped);
}

/* ---- steps ---- */

static struct shaped shaped_step(const struct surface *surface, const struct step *step)
{
    return shape_of(surface, plans_record(surface->emission->plans, step->record));
}

const char *member_shape(const struct surface *surface, const struct step *step, const char *member)
{
    const struct shaped shaped = shaped_step(surface, step);

    for (size_t i = 0; i < shaped.plan->field_count; i++)
        if (text_equal(shaped.plan->fields[i].field->name, member))
            return field_shape(&shaped, &shaped.plan->fields[i]);
    return NULL;
}

const char *step_shape(const struct surface *surface, const struct step *step)
{
    struct shaped shaped;

    switch (step->pattern) {
    case PATTERN_RECORD:
        shaped = shaped_step(surface, step);
        /* Whatever it is when it comes out. */
        shaped.shape = text_equal(surface->rules->records, "dict") ? SHAPE_DICT : SHAPE_LIST;
        return record_shape(&shaped);
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
    case PATTERN_BORROWED_RECORD:
        shaped = shaped_step(surface, step);
        return step->count ? records_shape(&shaped) : record_shape(&shaped);
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_STATS:
        shaped = shaped_step(surface, step);
        return records_shape(&shaped);
    case PATTERN_CALLBACK:
        return callback_shape(step->callback);
    case PATTERN_YES_NO:
        return surface->rules->answers_numbers ? "\"zero-or-one\"" : manifest_plain_shape(step);
    default:
        if (!manifest_plain_shape(step))
            bug("%s has no shape in the manifest", pattern_name(step->pattern));
        return manifest_plain_shape(step);
    }
}
