/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt.rbs: the types of all methods, constants and records. Of what is written by hand the
 * names file may say them:
 *
 *     virGetVersion
 *         typed (?String? type) -> [Libvirt::Version, Libvirt::Version]
 */
#include <string.h>

#include "answers.h"
#include "emit.h"
#include "record_shapes.h"

/* ---- what is given ---- */

static const char *given_type(const struct surface *surface, const struct step *step)
{
    if (!step)
        return "untyped";
    switch (step->pattern) {
    case PATTERN_HANDLE:
    case PATTERN_NULLABLE_HANDLE:
        return ruby_class_of(surface, step->handle);
    case PATTERN_HANDLE_LIST:
        return arena_printf("Array[%s]", ruby_class_of(surface, step->handle));
    case PATTERN_BOOL:
        return "bool";
    case PATTERN_DOUBLE:
        return "Numeric";
    case PATTERN_STRING:
    case PATTERN_NULLABLE_STRING:
    case PATTERN_UUID:
    case PATTERN_BYTES:
    case PATTERN_SECRET:
        return "String";
    case PATTERN_STRINGS:
        return "Array[String]";
    case PATTERN_CPU_MAP:
    case PATTERN_NUMBERS:
        return "Array[Integer]";
    case PATTERN_FILE_DESCRIPTORS:
        return "Array[IO | Integer]";
    case PATTERN_PARAMS:
        return "Hash[String | Symbol, untyped]";
    default:
        return pattern_is_number(step->pattern) ? "Integer" : "untyped";
    }
}

static const char *parameter_type(const struct surface *surface,
                                  const struct bound_function *function, size_t index)
{
    const struct bound_parameter *parameter = &function->parameters[index];
    const struct step *step = parameter->step;
    const char *type;

    if (!step)
        step = plan_step(function->plan, parameter->name);
    type = given_type(surface, step);
    return text_equal(type, "untyped") || !(parameter->value || (step && step->nullable))
               ? type
               : arena_printf("%s?", type);
}

/* "(Integer | [Integer, Integer?])" */
static const char *setter_type(const struct surface *surface, const struct bound_function *function)
{
    struct buffer text = {0};

    if (function->required <= 1)
        buffer_add(&text, parameter_type(surface, function, 0));
    for (size_t count = function->required ? function->required : 1;
         function->parameter_count > 1 && count <= function->parameter_count; count++) {
        buffer_printf(&text, "%s[", text.length ? " | " : "");
        for (size_t i = 0; i < count; i++)
            buffer_printf(&text, "%s%s", i ? ", " : "", parameter_type(surface, function, i));
        buffer_add(&text, "]");
    }
    return buffer_text(&text);
}

static const char *given_types(const struct surface *surface, const struct bound_function *function)
{
    struct buffer text = {0};

    if (ruby_is_setter(function))
        return setter_type(surface, function);
    for (size_t i = 0; i < function->parameter_count; i++)
        buffer_printf(&text, "%s%s%s %s", i ? ", " : "", function->parameters[i].value ? "?" : "",
                      parameter_type(surface, function, i),
                      ruby_parameter_name(function->parameters[i].name));
    return arena_copy(buffer_text(&text));
}

/* ---- what comes back ---- */

static const char *record_type(const struct surface *surface, const struct record *record)
{
    const struct shaped shaped = shape_of(surface, plans_record(surface->emission->plans, record));

    if (shaped.shape == SHAPE_OBJECT)
        return fact_text(shaped.fact, 1);
    return shaped.shape == SHAPE_DICT ? "Hash[String, untyped]" : "untyped";
}

static const char *records_type(const struct surface *surface, const struct step *step)
{
    return record_makes_dict(surface, step->record)
               ? "Hash[untyped, untyped]"
               : arena_printf("Array[%s]", record_type(surface, step->record));
}

static const char *answer_type(const struct surface *surface, const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_YES_NO:
        return "bool";
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_UUID:
    case PATTERN_OUT_BYTES:
    case PATTERN_OUT_STRING:
    case PATTERN_OWNED_STRING:
    case PATTERN_BORROWED_STRING:
    case PATTERN_OWNED_BYTES:
        return "String";
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_STRINGS:
        return "Array[String]";
    case PATTERN_OUT_NUMBERS:
    case PATTERN_OUT_FILE_DESCRIPTORS:
        return "Array[Integer]";
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_NEW_CPU_MAP:
        return "Array[bool]";
    case PATTERN_OUT_CPU_MAPS:
        return "Array[Array[bool]]";
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_NEW_PARAMS:
        return "Hash[String, untyped]";
    case PATTERN_OUT_PARAMS_BY_CPU:
        return "Array[Hash[String, untyped]]";
    case PATTERN_OUT_HANDLES:
        return arena_printf("Array[%s]", ruby_class_of(surface, step->handle));
    case PATTERN_OWNED_HANDLE:
    case PATTERN_BORROWED_HANDLE:
        return ruby_class_of(surface, step->handle);
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
        return step->count ? records_type(surface, step) : record_type(surface, step->record);
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_STATS:
        return records_type(surface, step);
    case PATTERN_OUT_SCALAR:
    case PATTERN_COUNT:
    case PATTERN_STATE:
    case PATTERN_NUMBER:
        return step->scalar == SCALAR_DOUBLE ? "Float" : "Integer";
    default:
        return "untyped";
    }
}

/* Lists that are empty are not nil. */
static bool is_nullable(const struct step *step)
{
    return step->nullable && (!step->position || step->pattern == PATTERN_OUT_STRING);
}

static bool is_switch(const struct surface *surface, const struct bound_function *function,
                      const struct step *step)
{
    return step->position && surface_has_fact(surface, function->plan->function->name, "switch",
                                              step->parameter->name, NULL);
}

/* Of one answer. */
static const char *alone_type(const struct surface *surface, const struct bound_function *function,
                              const struct answers *answers)
{
    const struct step *step = answers->steps[0];
    const bool may_be_nil = answers->form == ANSWERS_FOUND || is_nullable(step) ||
                            answer_of_failure(surface, function->plan).value;

    if (is_switch(surface, function, step))
        return "bool";
    return arena_printf("%s%s", answer_type(surface, step), may_be_nil ? "?" : "");
}

static const char *result_type(const struct surface *surface, const struct bound_function *function)
{
    const struct answers answers = answers_of(surface, function->plan);
    struct buffer text = {0};

    if (function->by_hand)
        return "untyped";
    if (answers.count == 0)
        return "nil";
    if (answers.form == ANSWERS_DICT || answers.form == ANSWERS_MERGED)
        return "Hash[String, untyped]";
    if (answers.count == 1)
        return alone_type(surface, function, &answers);
    for (size_t i = 0; i < answers.count; i++)
        buffer_printf(&text, "%s%s", i ? ", " : "[", answer_type(surface, answers.steps[i]));
    buffer_add(&text, "]");
    return buffer_text(&text);
}

/* ---- the file ---- */

static void add_name(struct buffer *file, const struct surface *surface,
                     const struct bound_function *function)
{
    const char *stated = surface_fact(surface, function->plan->function->name, "typed");

    buffer_printf(
        file, "  def %s%s: %s\n", function->class_name ? "" : "self.", function->name,
        *stated
            ? stated
            : arena_printf("(%s) -> %s", given_types(surface, function),
                           ruby_is_setter(function) ? "untyped" : result_type(surface, function)));
}

static void add_method(struct buffer *file, const struct surface *surface,
                       const struct bound_function *function)
{
    size_t count;
    const char *const *others = ruby_other_names(surface, function, &count);

    if (ruby_is_merged(surface, function->plan))
        return;
    add_name(file, surface, function);
    for (size_t i = 0; i < count; i++) {
        const struct bound_function other = ruby_renamed(function, others[i]);
        add_name(file, surface, &other);
    }
}

static void add_constant(struct buffer *file, const struct surface *surface, const char *owner,
                         const struct constant *constant)
{
    size_t count;
    const struct constant_place *places = ruby_constant_places(surface, constant, &count);

    for (size_t i = 0; i < count; i++)
        if (text_equal(places[i].module, owner))
            buffer_printf(file, "  %s: %s\n", places[i].name,
                          constant->kind == CONSTANT_STRING ? "String" : "Integer");
}

static void add_constants(struct buffer *file, const struct surface *surface, const char *owner)
{
    const struct api *api = surface->emission->plans->api;

    for (size_t i = 0; i < api->constant_count; i++)
        if (surface_has_constant(surface, &api->constants[i]))
            add_constant(file, surface, owner, &api->constants[i]);
}

static void add_runtime_methods(struct buffer *file, const struct surface *surface,
                                const char *owner)
{
    size_t count;
    const struct runtime_method *methods = ruby_runtime_methods(surface, owner, &count);

    for (size_t i = 0; i < count; i++)
        buffer_printf(file, "  def %s: %s\n", methods[i].name, methods[i].signature);
}

static bool is_among(const char *text, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(texts[i], text))
            return true;
    return false;
}

/* Of structs, which have no functions. */
static void add_other_constants(struct buffer *file, const struct surface *surface,
                                const char **owners, size_t owner_count)
{
    const struct api *api = surface->emission->plans->api;

    for (size_t i = 0; i < api->constant_count; i++) {
        const struct constant *constant = &api->constants[i];
        size_t count = 0;
        const struct constant_place *places = surface_has_constant(surface, constant)
                                                  ? ruby_constant_places(surface, constant, &count)
                                                  : NULL;

        for (size_t j = 0; j < count; j++) {
            if (is_among(places[j].module, owners, owner_count))
                continue;
            *VECTOR_ADD(owners, owner_count) = places[j].module;
            buffer_printf(file, "\nclass %s\n", places[j].module);
            add_constants(file, surface, places[j].module);
            buffer_add(file, "end\n");
        }
    }
}

static void add_record(struct buffer *file, const struct shaped *shaped)
{
    buffer_printf(file, "\nclass %s\n  include Libvirt::Record\n\n", fact_text(shaped->fact, 1));
    for (size_t i = 0; i < shaped->plan->field_count; i++) {
        const struct field_plan *field = &shaped->plan->fields[i];

        if (field_is_value(shaped, field))
            buffer_printf(file, "  attr_reader %s: %s\n", record_attribute(shaped, field->field),
                          field->pattern == PATTERN_OUT_SCALAR ? "Integer"
                          : field->pattern == PATTERN_OUT_TEXT ? "String"
                                                               : "untyped");
    }
    buffer_add(file, "end\n");
}

void ruby_emit_signatures(const struct surface *surface, struct output *output)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer file = {0};
    size_t count;
    const char **owners = ruby_owners(surface, &count);

    buffer_add(&file, "# SPDX-License-Identifier: LGPL-2.1-or-later\n"
                      "# Generated by libvirt-bindgen.\n");
    for (size_t i = 0; i < count; i++) {
        const bool is_module = !strchr(owners[i], ':') || text_ends(owners[i], "::Admin");

        buffer_printf(&file, "\n%s %s\n", is_module ? "module" : "class", owners[i]);
        add_constants(&file, surface, owners[i]);
        add_runtime_methods(&file, surface, owners[i]);
        for (size_t j = 0; j < surface->function_count; j++)
            if (text_equal(ruby_owner(&surface->functions[j]), owners[i]))
                add_method(&file, surface, &surface->functions[j]);
        buffer_add(&file, "end\n");
    }
    for (size_t i = 0; i < plans->record_plan_count; i++) {
        const struct shaped shaped = shape_of(surface, &plans->record_plans[i]);
        if (shaped.shape == SHAPE_OBJECT)
            add_record(&file, &shaped);
    }
    add_other_constants(&file, surface, owners, count);
    output_add(output, "libvirt.rbs", &file);
}
