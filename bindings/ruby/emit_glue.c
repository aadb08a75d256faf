/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One glue function: convert, enter, call, check, collect. What must be released stands in a frame,
 * and is released also where Ruby leaves by an exception. What only reads a field of a handle has
 * nothing to release, and keeps Ruby's lock. */
#include <string.h>

#include "answers.h"
#include "declare.h"
#include "emit_rows.h"

struct glue {
    const struct surface *surface;
    const struct bound_function *function;
    const struct plan *plan;
    const struct plan *plain; /* called where all that it lacks is left out; NULL: none is */
    const char *variables;    /* "frame->" */
    const char *result;       /* the variable */
    struct answers answers;
    struct buffer declare, convert, ask, enter, release;
};

static struct ruby_place place_of(const struct glue *glue)
{
    return (struct ruby_place){.surface = glue->surface,
                               .function = glue->function,
                               .result = glue->result,
                               .variables = glue->variables};
}

static struct row_text step_row(const struct glue *glue, const struct step *step)
{
    struct ruby_place place = place_of(glue);
    const struct bound_parameter *parameter;
    size_t index;

    if (!step->asked)
        return ruby_row_out(step, &place);
    parameter = bound_parameter_of(glue->function, step, &index);
    place.value = parameter ? arena_printf("%sgiven[%zu]", glue->variables, index)
                            : arena_printf("%sself", glue->variables);
    /* The receiver of a method has no name. */
    place.text = parameter ? parameter->name : NULL;
    place.fallback = parameter ? parameter->value : NULL;
    struct row_text row = ruby_row_in(step, &place);
    if (!parameter && !bound_is_self(glue->function, step))
        row.convert = ""; /* left out of Ruby: keeps its 0 */
    return row;
}

static const char *argument_of(const struct glue *glue, const struct step *step)
{
    if (step->pattern == PATTERN_FIXED)
        return step->fixed;
    if (step_comes_along(step))
        return arena_printf("(%s)%s", pointed_type(&step->parameter->type),
                            step_row(glue, step->length_of).length);
    return step_row(glue, step).argument;
}

static void add_step(struct glue *glue, const struct step *step)
{
    if (step->pattern == PATTERN_FIXED || step_comes_along(step))
        return;
    const struct row_text row = step_row(glue, step);
    buffer_add_line(&glue->declare, row.declare);
    /* A CPU map asks libvirt how many CPUs there are: when all else is right. */
    buffer_add_line(step->pattern == PATTERN_CPU_MAP ? &glue->ask : &glue->convert, row.convert);
    buffer_add_line(&glue->enter, row.enter);
    if (ruby_is_idle_without(glue->function, step))
        buffer_add_line(&glue->enter, arena_printf("if (!%s)\n    return Qnil;", row.length));
    buffer_add_line(&glue->release, row.release);
}

/* ---- collecting ---- */

static struct row_text result_row(const struct glue *glue)
{
    const struct ruby_place place = place_of(glue);

    return ruby_row_result(&glue->plan->result, &place);
}

static bool is_switch(const struct glue *glue, const struct step *step)
{
    return step->position && surface_has_fact(glue->surface, glue->plan->function->name, "switch",
                                              step->parameter->name, NULL);
}

/* The Ruby value of one answer. */
static const char *answer_text(const struct glue *glue, const struct step *step)
{
    const char *text;

    if (is_switch(glue, step))
        return arena_printf("%s%s ? Qtrue : Qfalse", glue->variables, step->parameter->name);
    if (step->position)
        return step_row(glue, step).collect;
    text = result_row(glue).collect;
    return step->pattern == PATTERN_OWNED_HANDLE && glue->plan->failure != FAILURE_NULL
               ? row_or_nothing(&ruby_rows, glue->result, text)
               : text;
}

static const char *packed(const struct glue *glue, bool with_names)
{
    const struct answers *answers = &glue->answers;
    struct buffer items = {0};

    for (size_t i = 0; i < answers->count; i++)
        if (with_names)
            buffer_printf(&items, "pack_key(hash, \"%s\", %s);\n", answer_name(answers->steps[i]),
                          answer_text(glue, answers->steps[i]));
        else
            buffer_printf(&items, ",\n    %s", answer_text(glue, answers->steps[i]));
    if (with_names)
        return arena_printf("VALUE hash = rb_hash_new();\n\n%sreturn hash;", buffer_text(&items));
    return arena_printf("return rb_ary_new_from_args(%zu%s);", answers->count, buffer_text(&items));
}

/* The other answers become keys of the hash that is among them. */
static const char *merged(const struct glue *glue)
{
    const struct step *dict = answers_dict(glue->plan, &glue->answers);
    struct buffer items = {0};

    for (size_t i = 0; i < glue->answers.count; i++)
        if (glue->answers.steps[i] != dict)
            buffer_printf(&items, "pack_key(hash, \"%s\", %s);\n",
                          answer_name(glue->answers.steps[i]),
                          answer_text(glue, glue->answers.steps[i]));
    return arena_printf("VALUE hash = %s;\n\n%sreturn hash;", answer_text(glue, dict),
                        buffer_text(&items));
}

static const char *collected(const struct glue *glue)
{
    if (glue->answers.count == 0)
        return "return Qnil;";
    if (glue->answers.count == 1) {
        const char *text = answer_text(glue, glue->answers.steps[0]);
        return glue->answers.form == ANSWERS_FOUND
                   ? arena_printf("return %s ? %s : Qnil;", glue->result, text)
                   : arena_printf("return %s;", text);
    }
    switch (glue->answers.form) {
    case ANSWERS_DICT:
        return packed(glue, true);
    case ANSWERS_MERGED:
        return merged(glue);
    default:
        return packed(glue, false);
    }
}

/* ---- the call ---- */

static const char *call_of(const struct glue *glue, const struct plan *plan)
{
    const char **items = arena_allocate((plan->step_count + 1) * sizeof *items);
    size_t count = 0;

    /* Those of the function that takes less are the same ones. */
    for (size_t i = 0; i < glue->plan->step_count; i++)
        if (glue->plan == plan || !plan_lacks(plan, glue->plan, &glue->plan->steps[i]))
            items[count++] = argument_of(glue, &glue->plan->steps[i]);
    return rows_call(plan, glue->result, items, count);
}

/* True for what the function that takes less has no argument for. */
static const char *surplus(const struct glue *glue)
{
    struct buffer text = {0};

    for (size_t i = 0; i < glue->plan->step_count; i++) {
        const struct step *step = &glue->plan->steps[i];

        if (plan_lacks(glue->plain, glue->plan, step))
            buffer_printf(&text, "%s%s%s", text.length ? " || " : "", glue->variables,
                          step->parameter->name);
    }
    return arena_copy(buffer_text(&text));
}

static const char *indented(const char *text)
{
    return text_filled("    @text@\n", "text", text, NULL);
}

static const char *call(const struct glue *glue)
{
    if (!glue->plain)
        return call_of(glue, glue->plan);
    return arena_printf("if (%s) {\n"
                        "    frame->called = \"%s\";\n"
                        "%s"
                        "} else {\n"
                        "    frame->called = \"%s\";\n"
                        "%s"
                        "}\n",
                        surplus(glue), ruby_reported_name(glue->surface, glue->plan),
                        indented(call_of(glue, glue->plan)),
                        ruby_reported_name(glue->surface, glue->plain),
                        indented(call_of(glue, glue->plain)));
}

/* ---- the function ---- */

static const char *error_class(const struct glue *glue)
{
    const char *own = ruby_error_class(glue->surface, glue->plan);

    return arena_printf("error_class_%s", own);
}

static const char *reported(const struct glue *glue)
{
    return glue->plain ? "frame->called"
                       : arena_printf("\"%s\"", ruby_reported_name(glue->surface, glue->plan));
}

static bool never_fails(const struct glue *glue)
{
    return glue->plan->failure == FAILURE_NONE;
}

/* Libvirt is asked for it at once: later the thread's last error may be another one. */
static bool keeps_failed(const struct glue *glue)
{
    return glue->plan->failure == FAILURE_IF_STORED && *glue->variables;
}

static const char *failed(const struct glue *glue)
{
    return keeps_failed(glue) ? arena_printf("%sfailed", glue->variables)
                              : plan_failed_condition(glue->plan, glue->result);
}

static const char *captured(const struct glue *glue)
{
    const char *ask = keeps_failed(glue)
                          ? arena_printf("%s = %s;\n", failed(glue),
                                         plan_failed_condition(glue->plan, glue->result))
                          : "";

    if (never_fails(glue))
        return "";
    return arena_printf("%sif (%s)\n    error_capture(frame->error);\n", ask, failed(glue));
}

static void start(struct glue *glue)
{
    const struct plan *plan = glue->plan;
    const char *bare = function_parameter(plan->function, "result") ? "status" : "result";

    glue->result = arena_printf("%s%s", glue->variables, bare);
    glue->answers = answers_of(glue->surface, plan);
    if (plan->result.pattern != PATTERN_NOTHING)
        buffer_add_line(&glue->declare,
                        arena_printf("%s;", declare_name(plan->function->result.type.text, bare)));
    buffer_add_line(&glue->release, result_row(glue).release);
    if (keeps_failed(glue))
        buffer_add_line(&glue->declare, "bool failed;");
    for (size_t i = 0; i < plan->step_count; i++)
        add_step(glue, &plan->steps[i]);
    if (glue->plain)
        buffer_add_line(&glue->ask, arena_printf("if (%s)\n    function_require(\"%s\");",
                                                 surplus(glue), plan->function->name));
}

/* Methods with optional arguments take any number; others have their arity. */
static bool is_fixed(const struct bound_function *function)
{
    return !ruby_is_setter(function) && function->required == function->parameter_count;
}

char *ruby_glue_parameters(const struct bound_function *function)
{
    struct buffer text = {0};

    if (ruby_is_setter(function))
        return "VALUE self, VALUE value";
    if (!is_fixed(function))
        return "int argc, VALUE *argv, VALUE self";
    buffer_add(&text, "VALUE self");
    for (size_t i = 0; i < function->parameter_count; i++)
        buffer_printf(&text, ", VALUE argument_%zu", i);
    return arena_copy(buffer_text(&text));
}

int ruby_arity(const struct bound_function *function)
{
    if (ruby_is_setter(function))
        return 1;
    return is_fixed(function) ? (int)function->parameter_count : -1;
}

static const char *given_fixed(const struct bound_function *function)
{
    struct buffer items = {0};

    for (size_t i = 0; i < function->parameter_count; i++)
        buffer_printf(&items, "%sargument_%zu", i ? ", " : "", i);
    return buffer_text(&items);
}

static const char *signature(const struct bound_function *function)
{
    const char **items = arena_allocate(function->parameter_count * sizeof *items);

    for (size_t i = 0; i < function->parameter_count; i++)
        items[i] = arena_printf("\"%s\"", function->parameters[i].name);
    return arena_printf("%s\nstatic const struct signature signature = {%zu, %zu, names};",
                        text_wrapped("static const char *const names[] = {", items,
                                     function->parameter_count, "};", 4),
                        function->required, function->parameter_count);
}

static const char *reading(const struct bound_function *function)
{
    if (is_fixed(function))
        return "";
    return ruby_is_setter(function) ? "setter_read(value, &signature, frame.given);"
                                    : "arguments_read(argc, argv, &signature, frame.given);";
}

static const char frame_template[] = "@prototype@\n"
                                     "struct frame_@name@ {\n"
                                     "    VALUE self;\n"
                                     "    @given@\n"
                                     "    struct captured_error *error;\n"
                                     "    @called@\n"
                                     "    @declare@\n"
                                     "};\n"
                                     "\n"
                                     "static void *run_@name@(void *data)\n"
                                     "{\n"
                                     "    @run_frame@\n"
                                     "    @call@\n"
                                     "    @capture@\n"
                                     "    return NULL;\n"
                                     "}\n"
                                     "\n"
                                     "static VALUE body_@name@(VALUE data)\n"
                                     "{\n"
                                     "    struct frame_@name@ *frame = (void *)data;\n"
                                     "\n"
                                     "    @convert@\n"
                                     "    @ask@\n"
                                     "    @enter@\n"
                                     "    call_blocking(run_@name@, frame);\n"
                                     "    @check@\n"
                                     "    @collect@\n"
                                     "}\n"
                                     "\n";

static const char release_template[] = "static VALUE release_@name@(VALUE data)\n"
                                       "{\n"
                                       "    struct frame_@name@ *frame = (void *)data;\n"
                                       "\n"
                                       "    @release@\n"
                                       "    return Qnil;\n"
                                       "}\n"
                                       "\n";

static const char call_template[] =
    "VALUE @glue@(@parameters@)\n"
    "{\n"
    "    @signature@\n"
    "    struct captured_error error;\n"
    "    struct frame_@name@ frame = {.self = self, .error = &error@initial@};\n"
    "\n"
    "    @reading@\n"
    "    @body@\n"
    "}\n"
    "\n";

static const char locked_template[] = "@prototype@\n"
                                      "VALUE call_@name@(@parameters@)\n"
                                      "{\n"
                                      "    @declare@\n"
                                      "\n"
                                      "    @enter@\n"
                                      "    @call@\n"
                                      "    @check@\n"
                                      "    @collect@\n"
                                      "}\n"
                                      "\n";

static const char *run_frame(const struct glue *glue, const char *text)
{
    return strstr(text, "frame->")
               ? arena_printf("struct frame_%s *frame = data;\n\n", glue->plan->function->name)
               : "(void)data;\n";
}

/* `failure nil`: an answer in place of an exception. */
static const char *answered(const struct glue *glue, const struct failure_answer *failure,
                            const char *raise)
{
    return arena_printf(
        "if (%s) {\n"
        "%s"
        "    error_release(frame->error);\n"
        "    return %s;\n"
        "}\n",
        failed(glue),
        failure->code ? arena_printf("    if (frame->error->code != %lld)\n"
                                     "        %s\n",
                                     failure->code->value, raise)
                      : "",
        text_equal(failure->value, "nil") ? "Qnil" : arena_printf("LL2NUM(%s)", failure->value));
}

static const char *checked(const struct glue *glue)
{
    const struct failure_answer failure = answer_of_failure(glue->surface, glue->plan);
    const char *raise =
        arena_printf("raise_error(frame->error, %s, %s);", reported(glue), error_class(glue));

    if (never_fails(glue))
        return "";
    if (failure.value)
        return answered(glue, &failure, raise);
    return arena_printf("if (%s)\n    %s\n", failed(glue), raise);
}

static void add_body(struct buffer *buffer, const struct glue *glue)
{
    const size_t count = glue->function->parameter_count;
    const char *called = call(glue);

    text_fill(buffer, frame_template, "prototype", declare_comment(glue->plan->function), "name",
              glue->plan->function->name, "given",
              count ? arena_printf("VALUE given[%zu];", count) : "", "called",
              glue->plain ? "const char *called;" : "", "declare", buffer_text(&glue->declare),
              "run_frame", run_frame(glue, called), "call", called, "capture", captured(glue),
              "convert", buffer_text(&glue->convert), "ask", buffer_text(&glue->ask), "enter",
              buffer_text(&glue->enter), "check", checked(glue), "collect", collected(glue), NULL);
}

static void add_call(struct buffer *buffer, const struct glue *glue,
                     const struct bound_function *function)
{
    const char *name = glue->plan->function->name;

    text_fill(
        buffer, call_template, "glue", ruby_glue_name(glue->surface, function), "name", name,
        "parameters", ruby_glue_parameters(function), "signature",
        is_fixed(function) ? "" : signature(function), "initial",
        is_fixed(function) && function->parameter_count
            ? arena_printf(", .given = {%s}", given_fixed(function))
            : "",
        "reading", reading(function), "body",
        glue->release.length
            ? arena_printf("return rb_ensure(body_%s, (VALUE)&frame, release_%s, (VALUE)&frame);",
                           name, name)
            : arena_printf("return body_%s((VALUE)&frame);", name),
        NULL);
}

static void add_framed(struct buffer *buffer, const struct glue *glue)
{
    struct bound_function other;

    add_body(buffer, glue);
    if (glue->release.length)
        text_fill(buffer, release_template, "name", glue->plan->function->name, "release",
                  buffer_text(&glue->release), NULL);
    add_call(buffer, glue, glue->function);
    if (ruby_takes_one_by_one(glue->surface, glue->function, &other))
        add_call(buffer, glue, &other);
}

static void add_locked(struct buffer *buffer, struct glue *glue)
{
    text_fill(buffer, locked_template, "prototype", declare_comment(glue->plan->function), "name",
              glue->plan->function->name, "parameters", ruby_glue_parameters(glue->function),
              "declare", buffer_text(&glue->declare), "enter",
              arena_printf("%s = handle_get(self, &handle_kind_%s, NULL);",
                           glue->plan->steps[0].parameter->name, glue->plan->steps[0].handle->name),
              "call", call(glue), "check",
              never_fails(glue) ? ""
                                : arena_printf("if (%s)\n    raise_last_error(%s, %s);\n",
                                               failed(glue), reported(glue), error_class(glue)),
              "collect", collected(glue), NULL);
}

/* It reads a field of its receiver, and no more. */
static bool is_locked(const struct glue *glue)
{
    const struct plan *plan = glue->plan;

    if (!plan->keeps_lock || !glue->function->self_is_argument || glue->function->parameter_count)
        return false;
    for (size_t i = 1; i < plan->step_count; i++)
        if (plan->steps[i].asked)
            return false;
    return plan->result.pattern != PATTERN_OWNED_STRING &&
           plan->result.pattern != PATTERN_OWNED_HANDLE;
}

void ruby_emit_glue(struct buffer *buffer, const struct surface *surface,
                    const struct bound_function *function)
{
    struct glue glue = {.surface = surface,
                        .function = function,
                        .plan = function->plan,
                        .plain = ruby_plain(surface, function->plan)};
    const bool locked = is_locked(&glue);

    glue.variables = locked ? "" : "frame->";
    start(&glue);
    if (locked)
        add_locked(buffer, &glue);
    else
        add_framed(buffer, &glue);
}
