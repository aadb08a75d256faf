/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "manifest.h"

#include "handle_key.h"

static const char *kind_name(enum plan_kind kind)
{
    static const char *const names[] = {
        [PLAN_PLANNED] = "planned", [PLAN_OVERRIDE] = "override", [PLAN_HELPER] = "helper"};

    return names[kind];
}

/* Whose value it is: of which handle, record, callback type or enum; of numbers, the C type. */
static const char *kind_of(const struct step *step)
{
    if (step->handle)
        return step->handle->name;
    if (step->record)
        return step->record->name;
    if (step->callback && step->pattern == PATTERN_CALLBACK)
        return step->callback->signature.name;
    if (step->enumeration)
        return step->enumeration->name;
    return step->pattern == PATTERN_NUMBERS ? scalar_c_name(step->scalar) : NULL;
}

void manifest_argument(struct buffer *members, const struct step *step)
{
    const char *kind = kind_of(step);

    json_member(members, "name", json_string(step->parameter->name));
    json_member(members, "pattern", json_string(pattern_name(step->pattern)));
    if (kind)
        json_member(members, "kind", json_string(kind));
    json_member(members, "nullable", json_boolean(step->nullable));
}

static char *arguments(const struct plan *plan)
{
    struct buffer items = {0};

    for (size_t i = 0; i < plan->step_count; i++) {
        struct buffer members = {0};

        if (!plan->steps[i].asked)
            continue;
        manifest_argument(&members, &plan->steps[i]);
        json_item(&items, json_object(&members));
    }
    return json_array(&items);
}

/* The function that says how much room there must be; NULL: none is asked. */
static const char *asks_first(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->collected && plan->steps[i].room_function)
            return plan->steps[i].room_function;
    return NULL;
}

void manifest_function(struct buffer *members, const struct plan *plan)
{
    json_member(members, "library", json_string(library_name(plan->function->library)));
    json_member(members, "since", json_number(plan->function->version));
    json_member(members, "kind", json_string(kind_name(plan->kind)));
    json_member(members, "prototype", json_string(function_prototype(plan->function)));
    json_member(members, "arguments", arguments(plan));
    if (asks_first(plan))
        json_member(members, "asks-first", json_string(asks_first(plan)));
}

void manifest_constant(struct buffer *members, const struct constant *constant)
{
    json_member(members, "value",
                constant->kind == CONSTANT_STRING ? json_string(constant->string)
                                                  : json_number(constant->value));
    json_member(members, "since", json_number(constant->version));
    if (constant->enumeration)
        json_member(members, "enum", json_string(constant->enumeration->name));
    if (constant->callback)
        json_member(members, "callback", json_string(constant->callback->signature.name));
}

void manifest_handle(struct buffer *members, const struct plans *plans,
                     const struct handle_plan *plan)
{
    const struct plan *key = handle_key(plans, plan->handle);

    json_member(members, "key", json_string(key ? key->function->name : NULL));
    json_member(members, "release", json_string(plan->release));
}

static bool takes_callback(const struct plan *plan, const struct callback *callback)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_CALLBACK && plan->steps[i].callback == callback)
            return plan->kind != PLAN_HELPER;
    return false;
}

static bool holds_callback(const struct record *record, const struct callback *callback)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].type.callback == callback)
            return true;
    return false;
}

bool manifest_has_callback(const struct plans *plans, const struct callback *callback)
{
    const struct api *api = plans->api;

    for (size_t i = 0; i < plans->plan_count; i++)
        if (takes_callback(&plans->plans[i], callback))
            return true;
    for (size_t i = 0; i < api->record_count; i++)
        if (holds_callback(&api->records[i], callback))
            return true;
    for (size_t i = 0; i < api->constant_count; i++)
        if (api->constants[i].callback == callback)
            return true;
    return false;
}

/* ---- shapes ---- */

#define LIST(shape) "{\"list\": " shape "}"
#define BOOLEAN "\"boolean\""
#define BYTES "\"bytes\""
#define CPU_MAP "\"cpu-map\""
#define FILE_DESCRIPTOR "\"file\""
#define HANDLE "\"handle\""
#define PARAMETERS "{\"map\": \"parameter\"}"
#define TEXT "\"text\""

static const char *const plain_shapes[PATTERN_TOTAL] = {
    [PATTERN_HANDLE] = HANDLE,
    [PATTERN_NULLABLE_HANDLE] = HANDLE,
    [PATTERN_HANDLE_LIST] = LIST(HANDLE),
    [PATTERN_BOOL] = BOOLEAN,
    [PATTERN_STRING] = TEXT,
    [PATTERN_NULLABLE_STRING] = TEXT,
    [PATTERN_STRINGS] = LIST(TEXT),
    [PATTERN_UUID] = BYTES,
    [PATTERN_BYTES] = BYTES,
    [PATTERN_CPU_MAP] = CPU_MAP,
    [PATTERN_SECRET] = BYTES,
    [PATTERN_FILE_DESCRIPTORS] = LIST(FILE_DESCRIPTOR),
    [PATTERN_PARAMS] = PARAMETERS,
    [PATTERN_OUT_TEXT] = TEXT,
    [PATTERN_OUT_UUID] = BYTES,
    [PATTERN_OUT_NAMES] = LIST(TEXT),
    [PATTERN_OUT_PARAMS] = PARAMETERS,
    [PATTERN_OUT_PARAMS_BY_CPU] = LIST(PARAMETERS),
    [PATTERN_OUT_CPU_MAP] = CPU_MAP,
    [PATTERN_OUT_CPU_MAPS] = LIST(CPU_MAP),
    [PATTERN_OUT_BYTES] = BYTES,
    [PATTERN_OUT_HANDLES] = LIST(HANDLE),
    [PATTERN_OUT_STRINGS] = LIST(TEXT),
    [PATTERN_OUT_STRING] = TEXT,
    [PATTERN_OUT_NEW_PARAMS] = PARAMETERS,
    [PATTERN_OUT_FILE_DESCRIPTORS] = LIST(FILE_DESCRIPTOR),
    [PATTERN_OUT_NEW_CPU_MAP] = CPU_MAP,
    [PATTERN_NOTHING] = "\"null\"",
    [PATTERN_STATUS] = "\"null\"",
    [PATTERN_YES_NO] = BOOLEAN,
    [PATTERN_OWNED_STRING] = TEXT,
    [PATTERN_BORROWED_STRING] = TEXT,
    [PATTERN_OWNED_HANDLE] = HANDLE,
    [PATTERN_BORROWED_HANDLE] = HANDLE,
    [PATTERN_OWNED_BYTES] = BYTES,
    [PATTERN_OPAQUE] = "\"opaque\"",
};

const char *manifest_number(enum scalar scalar)
{
    return scalar == SCALAR_DOUBLE ? "\"double\"" : "\"integer\"";
}

static bool is_number(enum pattern pattern)
{
    switch (pattern) {
    case PATTERN_INT:
    case PATTERN_UINT:
    case PATTERN_LONG:
    case PATTERN_ULONG:
    case PATTERN_LLONG:
    case PATTERN_ULLONG:
    case PATTERN_SIZE:
    case PATTERN_DOUBLE:
    case PATTERN_ENUM:
    case PATTERN_FLAGS:
    case PATTERN_LENGTH:
    case PATTERN_OUT_SCALAR:
    case PATTERN_COUNT:
    case PATTERN_STATE:
    case PATTERN_NUMBER:
        return true;
    default:
        return false;
    }
}

const char *manifest_plain_shape(const struct step *step)
{
    if (step->pattern == PATTERN_NUMBERS || step->pattern == PATTERN_OUT_NUMBERS)
        return manifest_list(manifest_number(step->scalar));
    return is_number(step->pattern) ? manifest_number(step->scalar) : plain_shapes[step->pattern];
}

char *manifest_list(const char *shape)
{
    return arena_printf("{\"list\": %s}", shape);
}

char *manifest_record(const struct buffer *fields, const char *form)
{
    struct buffer members = {0};

    json_member(&members, "record", json_object(fields));
    json_member(&members, "as", json_string(form));
    return json_object(&members);
}

/* ---- the file ---- */

void manifest_add(struct buffer *section, const char *name, const struct buffer *members)
{
    buffer_printf(section, "%s%s: {%s}", section->length ? ",\n" : "", json_string(name),
                  buffer_text(members));
}

void manifest_write(const struct manifest *manifest, const struct plans *plans,
                    struct output *output)
{
    struct buffer file = {0};

    text_fill(&file,
              "{\n"
              "  \"language\": @language@,\n"
              "  \"version\": @version@,\n"
              "  \"handles\": {\n"
              "    @handles@\n"
              "  },\n"
              "  \"callbacks\": {\n"
              "    @callbacks@\n"
              "  },\n"
              "  \"constants\": {\n"
              "    @constants@\n"
              "  },\n"
              "  \"functions\": {\n"
              "    @functions@\n"
              "  }\n"
              "}\n",
              "language", json_string(manifest->language), "version",
              json_string(version_text(plans->api->version)), "handles",
              buffer_text(&manifest->handles), "callbacks", buffer_text(&manifest->callbacks),
              "constants", buffer_text(&manifest->constants), "functions",
              buffer_text(&manifest->functions), NULL);
    output_add(output, "manifest.json", &file);
}
