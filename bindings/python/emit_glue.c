/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One glue function: convert, enter, call, check, collect, release. */
#include <string.h>

#include "answers.h"
#include "declare.h"
#include "emit_rows.h"

struct glue {
    const struct surface *surface;
    const struct bound_function *function;
    const struct plan *plan;
    const char *result; /* the variable */
    struct answers answers;
    struct buffer declare, prepare, convert, ask, enter, release;
};

static void add_condition(struct buffer *buffer, const char *text)
{
    if (!*text)
        return;
    if (buffer->length)
        buffer_add(buffer, " ||\n    ");
    for (; *text; text++) {
        buffer_add_length(buffer, text, 1);
        if (*text == '\n')
            buffer_add(buffer, "     ");
    }
}

/* The C condition that is true where a conversion failed. */
static const char *failing(const char *conversion)
{
    return *conversion ? arena_printf("!%s", conversion) : "";
}

static struct row_text step_row(const struct glue *glue, const struct step *step)
{
    struct python_place place = {glue->surface, glue->function, NULL, NULL, NULL, glue->result};
    size_t index;

    if (step->asked) {
        const struct bound_parameter *parameter = bound_parameter_of(glue->function, step, &index);

        place.value = parameter ? arena_printf("given[%zu]", index) : "self";
        place.text = parameter ? parameter->name : step->parameter->name;
        place.fallback = parameter ? parameter->value : NULL;
        struct row_text row = python_row_in(step, &place);
        if (!parameter && !bound_is_self(glue->function, step))
            row.convert = ""; /* left out of Python: keeps its 0 */
        row.convert = failing(row.convert);
        row.enter = failing(row.enter);
        /* A number that was not given keeps its default. */
        if (place.fallback && !text_equal(place.fallback, "None"))
            row.convert = arena_printf("(%s && %s)", place.value, row.convert);
        return row;
    }
    return python_row_out(step, &place);
}

static const char *argument_of(const struct glue *glue, const struct step *step)
{
    if (step->pattern == PATTERN_FIXED)
        return step->fixed;
    if (step_comes_along(step)) {
        const char *length = step_row(glue, step->length_of).length;
        return text_equal(pointed_type(&step->parameter->type), "int") ||
                       text_starts(step->parameter->type.text, "unsigned int") ||
                       text_starts(step->parameter->type.text, "size_t")
                   ? length
                   : arena_printf("(%s)%s", step->parameter->type.text, length);
    }
    return step_row(glue, step).argument;
}

static void add_step(struct glue *glue, const struct step *step)
{
    if (step->pattern == PATTERN_FIXED || step_comes_along(step))
        return;
    const struct row_text row = step_row(glue, step);
    buffer_add_line(&glue->declare, row.declare);
    buffer_add_line(&glue->prepare, row.prepare);
    /* A CPU map asks libvirt how many CPUs there are: when all else is right. */
    add_condition(step->pattern == PATTERN_CPU_MAP ? &glue->ask : &glue->convert, row.convert);
    add_condition(&glue->enter, row.enter);
    buffer_add_line(&glue->release, row.release);
}

/* ---- collecting ---- */

static struct row_text result_row(const struct glue *glue)
{
    const struct python_place place = {glue->surface, glue->function, NULL,
                                       NULL,          NULL,           glue->result};

    return python_row_result(&glue->plan->result, &place);
}

/* The Python value of one answer. */
static const char *answer_text(const struct glue *glue, const struct step *step)
{
    const char *text;

    if (step->position)
        return step_row(glue, step).collect;
    text = result_row(glue).collect;
    return step->pattern == PATTERN_OWNED_HANDLE && glue->plan->failure != FAILURE_NULL
               ? row_or_nothing(&python_rows, glue->result, text)
               : text;
}

static const char *packed(const struct glue *glue, const char *pack, bool with_names)
{
    const struct answers *answers = &glue->answers;
    struct buffer items = {0};
    struct buffer names = {0};

    for (size_t i = 0; i < answers->count; i++) {
        buffer_printf(&items, "%s,\n", answer_text(glue, answers->steps[i]));
        buffer_printf(&names, "%s\"%s\"", i ? ", " : "", answer_name(answers->steps[i]));
    }
    return packed_text(pack, with_names ? buffer_text(&names) : NULL, buffer_text(&items),
                       answers->count);
}

/* The other answers become keys of the dict that is among them. */
static const char *merged(const struct glue *glue)
{
    const struct step *dict = answers_dict(glue->plan, &glue->answers);
    const char *text = answer_text(glue, dict);

    for (size_t i = 0; i < glue->answers.count; i++)
        if (glue->answers.steps[i] != dict)
            text =
                arena_printf("pack_into(%s, \"%s\", %s)", text, answer_name(glue->answers.steps[i]),
                             answer_text(glue, glue->answers.steps[i]));
    return text;
}

static const char *collected(const struct glue *glue)
{
    if (glue->answers.count == 0)
        return glue->plan->result.pattern == PATTERN_NOTHING
                   ? "Py_NewRef(Py_None)"
                   : arena_printf("PyLong_FromLong(%s)", glue->result);
    if (glue->answers.count == 1) {
        const char *text = answer_text(glue, glue->answers.steps[0]);
        return glue->answers.form == ANSWERS_FOUND
                   ? arena_printf("%s ? %s : PyDict_New()", glue->result, text)
                   : text;
    }
    switch (glue->answers.form) {
    case ANSWERS_TUPLE:
        return packed(glue, "pack_tuple", false);
    case ANSWERS_DICT:
        return packed(glue, "pack_dict", true);
    case ANSWERS_MERGED:
        return merged(glue);
    default:
        return packed(glue, "pack_list", false);
    }
}

/* ---- the function ---- */

static char *argument_names(const struct bound_function *function)
{
    const char **items = arena_allocate(function->parameter_count * sizeof *items);

    for (size_t i = 0; i < function->parameter_count; i++)
        items[i] = arena_printf("\"%s\"", function->parameters[i].name);
    return text_wrapped("static const char *const argument_names[] = {", items,
                        function->parameter_count, "};", 4);
}

static char *signature(const struct bound_function *function)
{
    const char *const items[] = {
        arena_printf("\"%s\"", function->plan->function->name),
        arena_printf("%zu", function->required),
        arena_printf("%zu", function->parameter_count),
        "argument_names",
    };

    return text_wrapped("static const struct signature signature = {", items, 4, "};", 4);
}

/* What stands for an argument that is not given: None counts as given. */
static char *initial_values(const struct bound_function *function)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < function->parameter_count; i++) {
        const char *value = function->parameters[i].value;
        buffer_printf(&buffer, "%s%s", i ? ", " : "",
                      value && text_equal(value, "None") ? "Py_None" : "NULL");
    }
    return arena_copy(buffer_text(&buffer));
}

static const char *reading(const struct bound_function *function)
{
    const char *count = arena_printf("%zu", function->parameter_count);

    if (!function->parameter_count)
        return "";
    return text_filled("@names@\n"
                       "@signature@\n"
                       "PyObject *given[@count@] = {@initial@};\n",
                       "names", argument_names(function), "signature", signature(function), "count",
                       count, "initial", initial_values(function), NULL);
}

static const char reading_template[] =
    "if (!keywords && argument_count == @count@)\n"
    "    memcpy(given, arguments, sizeof given);\n"
    "else if (!arguments_read(&signature, arguments, argument_count, keywords, given))\n"
    "    return NULL;\n";

static const char glue_template[] = "@prototype@\n"
                                    "@kind@(call_@name@)\n"
                                    "{\n"
                                    "    @reading@\n"
                                    "    @declare@\n"
                                    "    PyObject *answer = NULL;\n"
                                    "\n"
                                    "    @unused@\n"
                                    "    @read@\n"
                                    "    @prepare@\n"
                                    "    @convert@\n"
                                    "    CALL_@locked@BEGIN\n"
                                    "    @call@\n"
                                    "    CALL_@locked@END(@failed@)\n"
                                    "    @check@\n"
                                    "    @collect@\n"
                                    "@done@\n"
                                    "    @release@\n"
                                    "    return answer;\n"
                                    "}\n"
                                    "\n";

/* All conversions, then all handles: conversions may run code that closes an object. */
static const char *conversion(const struct glue *glue)
{
    const struct buffer *const parts[] = {&glue->convert, &glue->ask, &glue->enter};
    struct buffer all = {0};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i]->length)
            buffer_printf(&all, "%s%s", all.length ? " ||\n    " : "", buffer_text(parts[i]));
    return all.length ? arena_printf("if (%s)\n    goto done;\n", buffer_text(&all)) : "";
}

static const char *call(const struct glue *glue)
{
    const struct plan *plan = glue->plan;
    const char **items = arena_allocate((plan->step_count + 1) * sizeof *items);

    for (size_t i = 0; i < plan->step_count; i++)
        items[i] = argument_of(glue, &plan->steps[i]);
    return rows_call(plan, glue->result, items, plan->step_count);
}

static const char *check(const struct glue *glue, const char *failed)
{
    const char *answer = answer_of_failure(glue->surface, glue->plan).value;

    if (text_equal(failed, "false"))
        return "";
    if (answer)
        return arena_printf("if (%s) {\n"
                            "    error_release(&error);\n"
                            "    answer = PyLong_FromLong(%s);\n"
                            "    goto done;\n"
                            "}\n",
                            failed, answer);
    return arena_printf("if (%s) {\n"
                        "    raise_error(&error, \"%s\");\n"
                        "    goto done;\n"
                        "}\n",
                        failed, glue->plan->function->name);
}

/* All that the body consists of. */
struct body {
    const char *convert, *call, *check, *collect, *failed;
};

static void start(struct glue *glue)
{
    const struct plan *plan = glue->plan;
    const struct type *type = &plan->function->result.type;

    glue->result = function_parameter(plan->function, "result") ? "status" : "result";
    glue->answers = answers_of(glue->surface, plan);
    buffer_add_line(&glue->release, result_row(glue).release);
    for (size_t i = 0; i < plan->step_count; i++)
        add_step(glue, &plan->steps[i]);
    if (plan->result.pattern == PATTERN_NOTHING)
        return;
    /* What is freed, or counts what is freed, on all paths needs a value on all paths. */
    buffer_add_line(&glue->declare,
                    arena_printf("%s%s;", declare_name(type->text, glue->result),
                                 type->pointers                                      ? " = NULL"
                                 : strstr(buffer_text(&glue->release), glue->result) ? " = 0"
                                                                                     : ""));
}

static struct body body_of(struct glue *glue)
{
    struct body body = {.convert = conversion(glue), .call = call(glue)};

    body.failed = plan_failed_condition(glue->plan, glue->result);
    if (glue->plan->failure == FAILURE_IF_STORED) {
        /* libvirt must be asked before the lock is taken back. */
        buffer_add_line(&glue->declare, "bool failed;");
        body.call = arena_printf("%s\nfailed = %s;", body.call, body.failed);
        body.failed = "failed";
    }
    body.check = check(glue, body.failed);
    body.collect = arena_printf("answer = %s;", collected(glue));
    return body;
}

static const char *unused_parameters(const struct glue *glue, const struct body *body)
{
    const bool uses_self = strstr(buffer_text(&glue->enter), "(self") ||
                           strstr(buffer_text(&glue->ask), "(self") ||
                           strstr(buffer_text(&glue->convert), "(self") ||
                           strstr(body->collect, "(self") || strstr(body->collect, ", self");

    return arena_printf("%s%s", uses_self ? "" : "(void)self;\n",
                        glue->function->parameter_count ? "" : "(void)unused;\n");
}

void python_emit_glue(struct buffer *buffer, const struct surface *surface,
                      const struct bound_function *function)
{
    const struct plan *plan = function->plan;
    struct glue glue = {.surface = surface, .function = function, .plan = plan};
    const char *prototype = declare_comment(plan->function);

    start(&glue);
    const struct body body = body_of(&glue);
    text_fill(
        buffer, glue_template, "prototype", prototype, "name", plan->function->name, "kind",
        function->parameter_count ? "GLUE" : "GLUE_PLAIN", "reading", reading(function), "declare",
        buffer_text(&glue.declare), "unused", unused_parameters(&glue, &body), "read",
        function->parameter_count
            ? text_filled(reading_template, "count", arena_printf("%zu", function->parameter_count),
                          NULL)
            : "",
        "prepare", buffer_text(&glue.prepare), "convert", body.convert, "locked",
        plan->keeps_lock ? "LOCKED_" : "", "call", body.call, "failed", body.failed, "check",
        body.check, "collect", body.collect, "done", *body.convert || *body.check ? "done:" : "",
        "release", buffer_text(&glue.release), NULL);
}
