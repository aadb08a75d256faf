/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Docstrings: the signature that inspect reads, the description's text with Python's names, the
 * arguments, the result as Python has it, and at the end the C name and the release it came with.
 *
 *     virDomainGetCPUStats
 *         returns a list of dicts, one a CPU       # of what is written by hand
 */
#include <string.h>

#include "doc.h"
#include "emit.h"
#include "record_shapes.h"

enum { WIDTH = 79 };

struct context {
    const struct surface *surface;
    const struct bound_function *function;
};

static const char *function_name(void *data, const char *name)
{
    const struct context *context = data;
    const struct bound_function *function = surface_find(context->surface, name);

    return function ? python_path(function, false) : NULL;
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

static void add_parameters(struct buffer *buffer, const struct bound_function *function,
                           const struct doc_names *names)
{
    bool is_first = true;

    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct step *step = function->parameters[i].step;

        if (!step || !*step->parameter->documentation)
            continue;
        if (is_first)
            buffer_add(buffer, "\n");
        is_first = false;
        doc_wrap(buffer, doc_inline(step->parameter->documentation, names),
                 arena_printf("%s: ", function->parameters[i].name), "    ", WIDTH);
    }
}

/* What several records, or one, look like. */
static const char *records_text(const struct surface *surface, const struct step *step)
{
    const char *one = record_words(surface, step->record);

    return record_makes_dict(surface, step->record) ? one : arena_printf("a list of %s", one);
}

/* The Python value of one answer; NULL where the description's own words tell more. */
static const char *value_text(const struct surface *surface, const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
        return record_words(surface, step->record);
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_STATS:
        return records_text(surface, step);
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
    case PATTERN_OWNED_STRING:
    case PATTERN_BORROWED_STRING:
        return "a str";
    case PATTERN_OUT_UUID:
        return "16 bytes";
    case PATTERN_OUT_BYTES:
    case PATTERN_OWNED_BYTES:
        return "bytes";
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_STRINGS:
        return "a list of str";
    case PATTERN_OUT_NUMBERS:
        return "a list of int";
    case PATTERN_OUT_FILE_DESCRIPTORS:
        return "a list of file descriptors";
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_NEW_PARAMS:
        return "a dict";
    case PATTERN_OUT_PARAMS_BY_CPU:
        return "a list of dicts";
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_NEW_CPU_MAP:
        return "a tuple of bool, one a CPU";
    case PATTERN_OUT_CPU_MAPS:
        return "a list of tuples of bool, one a CPU";
    case PATTERN_OUT_HANDLES:
        return arena_printf("a list of %s", step->handle->name);
    case PATTERN_OWNED_HANDLE:
        return arena_printf("a %s", step->handle->name);
    default:
        return NULL;
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

/* What comes back, in Python's terms where those of C would mislead. */
static const char *result_text(const struct surface *surface, const struct bound_function *function)
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
        return plan->result.pattern == PATTERN_NOTHING ? "None" : "0";
    if (count == 1) {
        const char *text = value_text(surface, only);
        if (!text)
            return only->position ? "an int"
                   : plan->failure == FAILURE_NONE
                       ? plan->function->result.documentation
                       : doc_without_failure(plan->function->result.documentation);
        return only->nullable && !only->position ? arena_printf("%s, or None", text) : text;
    }
    if (surface_has_fact(surface, subject, "result", "tuple", NULL))
        return joined(names, count, "(", ")");
    if (surface_has_fact(surface, subject, "result", "dict", NULL))
        return joined(names, count, "{", "}");
    if (surface_has_fact(surface, subject, "result", "merge", NULL))
        return "a dict";
    if (surface_has_fact(surface, subject, "result", "found", NULL))
        return arena_printf("%s, empty where there is none", value_text(surface, only));
    return joined(names, count, "[", "]");
}

char *python_documentation(const struct surface *surface, const struct bound_function *function)
{
    struct context context = {surface, function};
    const struct doc_names names = {&context, function_name, parameter_name, NULL, "None"};
    const struct function *c_function = function->plan->function;
    const struct doc doc = doc_without_freeing(doc_parse(c_function->documentation));
    const char *result = result_text(surface, function);
    struct buffer buffer = {0};

    buffer_printf(&buffer, "%s(%s)\n--\n\n", function->name,
                  bound_parameters(function, function->class_name ? "$self" : "$module"));
    doc_plain(&buffer, &doc, &names, "", WIDTH);
    add_parameters(&buffer, function, &names);
    if (*result) {
        buffer_add(&buffer, "\n");
        doc_wrap(&buffer, doc_inline(result, &names), "Returns: ", "    ", WIDTH);
    }
    buffer_printf(&buffer, "\nIn C: %s. Since libvirt %s.", c_function->name,
                  version_text(c_function->version));
    return arena_copy(buffer_text(&buffer));
}
