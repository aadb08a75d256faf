/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document.h"

#include <string.h>

#include "doc.h"
#include "record_shapes.h"

struct context {
    const struct surface *surface;
    const struct bound_function *function;
    const struct document_words *words;
};

static const char *function_name(void *data, const char *name)
{
    const struct context *context = data;
    const struct bound_function *function = surface_find(context->surface, name);

    return function ? context->words->path(function) : NULL;
}

static const char *parameter_name(void *data, const char *name)
{
    const struct context *context = data;
    const struct bound_function *function = context->function;

    for (size_t i = 0; i < function->parameter_count; i++)
        if (function->parameters[i].step &&
            text_equal(function->parameters[i].step->parameter->name, name))
            return function->parameters[i].name;
    return NULL;
}

/* What the description says of a parameter; of a function written by hand, of C's with its name. */
static const char *parameter_text(const struct bound_function *function,
                                  const struct bound_parameter *parameter)
{
    const struct function *c_function = function->plan->function;

    if (parameter->step)
        return parameter->step->parameter->documentation;
    for (size_t i = 0; i < c_function->parameter_count; i++)
        if (text_equal(c_function->parameters[i].name, parameter->name))
            return c_function->parameters[i].documentation;
    return "";
}

static void add_parameters(struct buffer *buffer, const struct bound_function *function,
                           const struct doc_names *names, const struct document_words *words)
{
    bool is_first = true;

    for (size_t i = 0; i < function->parameter_count; i++) {
        const char *text = parameter_text(function, &function->parameters[i]);

        if (!*text)
            continue;
        if (is_first)
            buffer_add(buffer, "\n");
        is_first = false;
        doc_wrap(buffer, doc_inline(text, names),
                 arena_printf("%s%s", function->parameters[i].name, words->label), "    ",
                 words->width);
    }
}

char *document_record(const struct surface *surface, const struct record *record)
{
    const struct record_plan *plan = plans_record(surface->emission->plans, record);
    const struct shaped shaped = shape_of(surface, plan);
    static const char *const brackets[][2] = {
        [SHAPE_LIST] = {"[", "]"}, [SHAPE_TUPLE] = {"(", ")"}, [SHAPE_DICT] = {"{", "}"},
        [SHAPE_PAIR] = {"{", "}"}, [SHAPE_KEYED] = {"{", "}"}, [SHAPE_TAGS] = {"{", "}"},
        [SHAPE_ONLY] = {"", ""},   [SHAPE_OBJECT] = {"", ""},
    };
    struct buffer buffer = {0};

    if (shaped.shape == SHAPE_OBJECT)
        return arena_printf("a %s", fact_text(shaped.fact, 1));
    for (size_t i = 0; i < plan->field_count; i++) {
        const char *separator = shaped.shape == SHAPE_PAIR || shaped.shape == SHAPE_TAGS ? ": "
                                : shaped.shape == SHAPE_KEYED && buffer.length
                                    ? (strchr(buffer_text(&buffer), ':') ? ", " : ": {")
                                    : ", ";
        if (field_is_value(&shaped, &plan->fields[i]))
            buffer_printf(&buffer, "%s%s", buffer.length ? separator : "",
                          plan->fields[i].field->name);
    }
    return arena_printf("%s%s%s%s", brackets[shaped.shape][0], buffer_text(&buffer),
                        shaped.shape == SHAPE_KEYED ? "}" : "", brackets[shaped.shape][1]);
}

/* What several records, or one, look like. */
static const char *records_text(const struct surface *surface, const struct step *step,
                                const struct document_words *words)
{
    const char *one = document_record(surface, step->record);

    return record_makes_dict(surface, step->record) ? one
                                                    : arena_printf("%s %s", words->list_of, one);
}

/* The value of one answer; NULL where the description's own words tell more. */
static const char *value_text(const struct surface *surface, const struct step *step,
                              const struct document_words *words)
{
    switch (step->pattern) {
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
        return document_record(surface, step->record);
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_STATS:
        return records_text(surface, step, words);
    case PATTERN_OUT_HANDLES:
        return arena_printf("%s %s", words->list_of,
                            surface->rules->class_name(surface, step->handle));
    case PATTERN_OWNED_HANDLE:
        return arena_printf("a %s", surface->rules->class_name(surface, step->handle));
    default:
        return words->patterns[step->pattern];
    }
}

static const char *joined(const char *const *names, size_t count, const char *open,
                          const char *close)
{
    struct buffer buffer = {0};

    buffer_add(&buffer, open);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&buffer, "%s%s", i ? ", " : "", names[i]);
    buffer_add(&buffer, close);
    return buffer_text(&buffer);
}

/* What comes back, in the language's terms where those of C would mislead. */
static const char *result_text(const struct surface *surface, const struct bound_function *function,
                               const struct document_words *words)
{
    const struct plan *plan = function->plan;
    const char *subject = plan->function->name;
    const char *by_hand = surface_fact(surface, subject, "returns");
    const char **names = arena_allocate((plan->step_count + 1) * sizeof *names);
    const struct step *only = NULL;
    size_t count = 0;

    if (*by_hand || function->by_hand)
        return *by_hand ? by_hand : plan->function->result.documentation;
    if (plan_result_is_value(plan)) {
        names[count++] = "result";
        only = &plan->result;
    }
    for (size_t i = 0; i < plan->step_count; i++)
        if (pattern_role(plan->steps[i].pattern) == ROLE_OUT) {
            only = &plan->steps[i];
            names[count++] = plan->steps[i].parameter->name;
        }
    if (count == 0)
        return plan->result.pattern == PATTERN_NOTHING ? surface->rules->nothing : words->worked;
    if (count == 1) {
        const char *text = value_text(surface, only, words);
        if (!text)
            return only->position ? words->number
                   : plan->failure == FAILURE_NONE
                       ? plan->function->result.documentation
                       : doc_without_failure(plan->function->result.documentation);
        return only->nullable && !only->position
                   ? arena_printf("%s, or %s", text, surface->rules->nothing)
                   : text;
    }
    if (surface_has_fact(surface, subject, "result", "tuple", NULL))
        return joined(names, count, "(", ")");
    if (surface_has_fact(surface, subject, "result", "dict", NULL))
        return joined(names, count, "{", "}");
    if (surface_has_fact(surface, subject, "result", "merge", NULL))
        return words->patterns[PATTERN_OUT_PARAMS];
    if (surface_has_fact(surface, subject, "result", "found", NULL))
        return arena_printf("%s, %s where there is none", value_text(surface, only, words),
                            words->none);
    return joined(names, count, "[", "]");
}

/* The language's own words, a paragraph each, or else libvirt's. */
static void add_description(struct buffer *buffer, const struct surface *surface,
                            const struct bound_function *function, const struct doc_names *names,
                            size_t width)
{
    const struct function *c_function = function->plan->function;
    const struct doc doc = doc_without_freeing(doc_parse(c_function->documentation));
    size_t count;
    const struct fact *says =
        notes_find(surface->emission->names->notes, c_function->name, "says", &count);

    if (!count)
        doc_plain(buffer, &doc, names, "", width);
    for (size_t i = 0; i < count; i++) {
        fact_used(&says[i]);
        if (i)
            buffer_add(buffer, "\n");
        doc_wrap(buffer, doc_inline(fact_text(&says[i], 0), names), "", "", width);
    }
}

char *document_function(const struct surface *surface, const struct bound_function *function,
                        const struct document_words *words)
{
    struct context context = {surface, function, words};
    const struct doc_names names = {&context, function_name, parameter_name, NULL,
                                    surface->rules->nothing};
    const struct function *c_function = function->plan->function;
    const char *result = result_text(surface, function, words);
    struct buffer buffer = {0};

    add_description(&buffer, surface, function, &names, words->width);
    add_parameters(&buffer, function, &names, words);
    if (*result) {
        buffer_add(&buffer, "\n");
        doc_wrap(&buffer, doc_inline(result, &names), "Returns: ", "    ", words->width);
    }
    buffer_printf(&buffer, "\nIn C: %s. Since libvirt %s.", c_function->name,
                  version_text(c_function->version));
    return arena_copy(buffer_text(&buffer));
}
