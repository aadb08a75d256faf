/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records and callbacks of the reference, both as canonical values. */
#include <string.h>

#include "declare.h"
#include "emit_reference.h"

/* ---- records ---- */

/* Errors go out whole, but for the handles in them, which libvirt does not keep alive. */
static const char *const encoded_by_hand[] = {"virError"};

static bool is_encoded_by_hand(const struct record *record)
{
    for (size_t i = 0; i < sizeof encoded_by_hand / sizeof *encoded_by_hand; i++)
        if (text_equal(encoded_by_hand[i], record->name))
            return true;
    return false;
}

/* What libvirt is given alone: it holds a callback. */
static bool has_callback(const struct record_plan *plan)
{
    for (size_t i = 0; i < plan->field_count; i++)
        if (plan->fields[i].pattern == PATTERN_CALLBACK)
            return true;
    return false;
}

/* The canonical value of a field; "" for lengths, NULL where there is no row. */
static const char *field_text(const struct field_plan *field)
{
    const char *text = arena_printf("record->%s", field->field->name);
    const char *count = field->pair ? arena_printf("record->%s", field->pair->name) : "";
    const char *numbers = reference_numbers(field->field->type.scalar);

    switch (field->pattern) {
    case PATTERN_LENGTH:
        return "";
    case PATTERN_OUT_SCALAR:
        return reference_number(field->field->type.scalar, text);
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
        return arena_printf("text_out(%s)", text);
    case PATTERN_OUT_STRINGS:
        return arena_printf("texts_out(%s, (size_t)%s)", text, count);
    case PATTERN_OUT_RECORDS:
        return arena_printf("records_out(%s, (size_t)%s, sizeof *%s,~encode_%s)", text, count, text,
                            field->record->name);
    case PATTERN_OUT_CPU_MAP:
        return arena_printf("cpu_map_out(%s, %s * CHAR_BIT)", text, count);
    case PATTERN_OUT_NEW_PARAMS:
        return arena_printf("params_out(%s, (size_t)%s)", text, count);
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("handle_lent_out(&kind_%s, %s)", field->handle->name, text);
    case PATTERN_NUMBERS:
        return numbers ? arena_printf("%s_out(%s, (size_t)%s)", numbers, text, count) : NULL;
    default:
        return NULL;
    }
}

static void add_encoder(struct buffer *buffer, const struct record_plan *plan)
{
    const struct record *record = plan->record;
    struct buffer fields = {0}, text = {0};

    for (size_t i = 0; i < plan->field_count; i++) {
        const struct field_plan *field = &plan->fields[i];
        const char *value = field_text(field);

        if (!value)
            reference_lacks(field->field->location, field->pattern, record->name);
        else if (*value)
            buffer_printf(&fields, "%s\n",
                          reference_broken(arena_printf("json_object_object_add(map, \"%s\",~%s);",
                                                        field->field->name, value)));
    }
    text_fill(&text,
              "struct json_object *encode_@name@(const void *from)\n"
              "{\n"
              "    const @name@ *record = from;\n"
              "    struct json_object *map = json_object_new_object();\n"
              "\n"
              "    @fields@\n"
              "    return map;\n"
              "}\n",
              "name", record->name, "fields", buffer_text(&fields), NULL);
    reference_since(buffer, record->version, buffer_text(&text));
}

/* Is it given to a function. */
static bool is_taken(const struct plans *plans, const struct record *record)
{
    for (size_t i = 0; i < plans->plan_count; i++)
        for (size_t j = 0; j < plans->plans[i].step_count; j++)
            if (reference_has(&plans->plans[i]) && !reference_by_hand(plans, &plans->plans[i]) &&
                plans->plans[i].steps[j].pattern == PATTERN_RECORD &&
                plans->plans[i].steps[j].record == record)
                return true;
    return false;
}

/* NULL where there is no row. */
static const char *taken_field(const struct field_plan *field)
{
    const char *name = field->field->name;

    if (field->pattern == PATTERN_OUT_TEXT)
        return arena_printf("field_text(call, map, name, \"%s\", record->%s,~sizeof record->%s);",
                            name, name, name);
    if (field->pattern == PATTERN_OUT_SCALAR && field->field->type.scalar == SCALAR_INT)
        return arena_printf("record->%s = field_int(call, map, name, \"%s\");", name, name);
    return NULL;
}

bool reference_takes(const struct record_plan *record)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (!taken_field(&record->fields[i]))
            return false;
    return true;
}

static void add_taker(struct buffer *buffer, const struct record_plan *plan)
{
    const struct record *record = plan->record;
    struct buffer fields = {0}, text = {0};

    for (size_t i = 0; i < plan->field_count; i++)
        buffer_printf(&fields, "%s\n", reference_broken(taken_field(&plan->fields[i])));
    text_fill(&text,
              "@name@ *take_@name@(struct call *call, const char *name, enum presence presence)\n"
              "{\n"
              "    struct json_object *map = take_map(call, name, presence);\n"
              "    @name@ *record = map ? call_allocate(call, 1, sizeof *record) : NULL;\n"
              "\n"
              "    if (!record)\n"
              "        return NULL;\n"
              "    @fields@\n"
              "    return record;\n"
              "}\n",
              "name", record->name, "fields", buffer_text(&fields), NULL);
    reference_since(buffer, record->version, buffer_text(&text));
}

void reference_records(const struct plans *plans, struct output *output)
{
    struct buffer header = {0}, source = {0}, prototypes = {0}, bodies = {0};

    for (size_t i = 0; i < plans->record_plan_count; i++) {
        const struct record_plan *plan = &plans->record_plans[i];
        const char *name = plan->record->name;
        const bool is_shown = !has_callback(plan);
        const bool taken = is_taken(plans, plan->record);

        if (is_shown)
            buffer_printf(&prototypes, "record_encoder encode_%s;\n", name);
        if (is_shown && !is_encoded_by_hand(plan->record))
            add_encoder(&bodies, plan);
        if (taken) {
            reference_since(&prototypes, plan->record->version,
                            arena_printf("%s *take_%s(struct call *call, const char *name,\n"
                                         "    enum presence presence);\n",
                                         name, name));
            add_taker(&bodies, plan);
        }
    }
    text_fill(&header,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: records as canonical values, and out of them. */\n"
              "#pragma once\n"
              "\n"
              "#include \"reference.h\"\n"
              "\n"
              "@prototypes@\n",
              "prototypes", buffer_text(&prototypes), NULL);
    output_add(output, "records.h", &header);
    text_fill(&source,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen. */\n"
              "#include \"records.h\"\n"
              "\n"
              "#include \"kinds.h\"\n"
              "\n"
              "@bodies@",
              "bodies", buffer_text(&bodies), NULL);
    output_add(output, "records.c", &source);
}

/* ---- callbacks ---- */

/* The canonical value of an argument; "" for what is not given on, NULL where there is no row. */
static const char *argument_text(const struct step *step)
{
    const char *name = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_LENGTH:
    case PATTERN_OPAQUE:
        return "";
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("handle_lent_out(&kind_%s, %s)", step->handle->name, name);
    case PATTERN_OUT_SCALAR:
        return step->parameter->type.pointers ? NULL : reference_number(step->scalar, name);
    case PATTERN_OUT_STRING:
        return arena_printf("text_out(%s)", name);
    case PATTERN_OUT_PARAMS:
        return arena_printf("params_out(%s, (size_t)%s)", name, step->count);
    case PATTERN_OUT_BYTES:
        return arena_printf("bytes_out(%s, (size_t)%s)", name, step->count);
    case PATTERN_OUT_RECORD:
        return arena_printf("record_out(%s, encode_%s)", name, step->record->name);
    default:
        return NULL;
    }
}

static const char *head_text(const struct function *signature, const char *tail)
{
    const char **items = arena_allocate((signature->parameter_count + 1) * sizeof *items);

    for (size_t i = 0; i < signature->parameter_count; i++)
        items[i] = declare_name(signature->parameters[i].type.text, signature->parameters[i].name);
    return text_wrapped(arena_printf("%s(", declare_name(signature->result.type.text,
                                                         arena_printf("on_%s", signature->name))),
                        items, signature->parameter_count, tail, 0);
}

static void add_callback(struct buffer *buffer, const struct plan *plan)
{
    const bool answers = plan->result.pattern != PATTERN_NOTHING;
    struct buffer values = {0}, text = {0};
    const char *opaque = NULL;

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const char *value = argument_text(step);

        if (!value)
            reference_lacks(plan->function->location, step->pattern, plan->function->name);
        else if (*value)
            buffer_printf(
                &values, "%s\n",
                reference_broken(arena_printf("json_object_array_add(arguments,~%s);", value)));
        if (step->pattern == PATTERN_OPAQUE)
            opaque = step->parameter->name;
    }
    if (!opaque)
        error_at(plan->function->location, "%s: the reference cannot tell whose call it is",
                 plan->function->name);
    text_fill(&text,
              "@head@\n"
              "{\n"
              "    struct json_object *arguments = json_object_new_array();\n"
              "\n"
              "    @values@\n"
              "    @fire@(@opaque@, arguments@silent@);\n"
              "}\n",
              "head", head_text(plan->function, ")"), "values", buffer_text(&values), "fire",
              answers ? "return callable_fire_number" : "callable_fire", "opaque",
              opaque ? opaque : "", "silent", answers ? ", 0" : "", NULL);
    reference_since(buffer, plan->function->version, buffer_text(&text));
}

/* An event's id as the argument of a function that is here. */
static bool is_chosen_by(const struct plan *plan, const char *callback)
{
    const struct enumeration *events = reference_events(plan);

    for (size_t i = 0; events && i < events->constant_count; i++)
        if (events->constants[i]->callback &&
            text_equal(events->constants[i]->callback->signature.name, callback))
            return true;
    return false;
}

static bool is_called_back(const struct plans *plans, const char *callback)
{
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        if (!reference_has(plan) || reference_by_hand(plans, plan))
            continue;
        if (is_chosen_by(plan, callback))
            return true;
        for (size_t j = 0; j < plan->step_count; j++)
            if (plan->steps[j].pattern == PATTERN_CALLBACK &&
                text_equal(plan->steps[j].callback->signature.name, callback))
                return true;
    }
    return false;
}

static const struct step *callback_step(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_CALLBACK)
            return &plan->steps[i];
    bug("%s has no callback", plan->function->name);
}

static unsigned newer(const struct constant *constant)
{
    const unsigned of_type = constant->callback ? constant->callback->signature.version : 0;

    return constant->version > of_type ? constant->version : of_type;
}

static void add_events(struct buffer *buffer, const struct plan *plan)
{
    const struct enumeration *events = reference_events(plan);
    const char *otherwise = callback_step(plan)->callback->signature.name;
    struct buffer rows = {0}, text = {0};

    for (size_t i = 0; i < events->constant_count; i++)
        if (events->constants[i]->callback)
            reference_since(&rows, newer(events->constants[i]),
                            arena_printf("{%s,\n (void (*)(void))on_%s},\n",
                                         events->constants[i]->name,
                                         events->constants[i]->callback->signature.name));
    text_fill(&text,
              "const struct event_callback events_@name@[] = {\n"
              "    @rows@\n"
              "    {-1, (void (*)(void))on_@otherwise@},\n"
              "};\n",
              "name", events->name, "rows", buffer_text(&rows), "otherwise", otherwise, NULL);
    reference_since(buffer, plan->function->version, buffer_text(&text));
}

void reference_callbacks(const struct plans *plans, struct output *output)
{
    struct buffer header = {0}, source = {0}, prototypes = {0}, bodies = {0};

    for (size_t i = 0; i < plans->callback_plan_count; i++) {
        const struct plan *plan = &plans->callback_plans[i];

        if (!is_called_back(plans, plan->function->name))
            continue;
        reference_since(&prototypes, plan->function->version, head_text(plan->function, ");"));
        add_callback(&bodies, plan);
    }
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        if (!reference_has(plan) || reference_by_hand(plans, plan) || !reference_events(plan))
            continue;
        buffer_printf(&prototypes, "extern const struct event_callback events_%s[];\n",
                      reference_events(plan)->name);
        add_events(&bodies, plan);
    }
    text_fill(
        &header,
        "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
        "/* Generated by libvirt-bindgen: what libvirt calls back, with a callable as opaque\n"
        " * value, and which of them an event's id wants. */\n"
        "#pragma once\n"
        "\n"
        "#include \"reference.h\"\n"
        "\n"
        "@prototypes@\n",
        "prototypes", buffer_text(&prototypes), NULL);
    output_add(output, "callbacks.h", &header);
    text_fill(&source,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen. */\n"
              "#include \"callbacks.h\"\n"
              "\n"
              "#include \"kinds.h\"\n"
              "#include \"records.h\"\n"
              "\n"
              "@bodies@",
              "bodies", buffer_text(&bodies), NULL);
    output_add(output, "callbacks.c", &source);
}
