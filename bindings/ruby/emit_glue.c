/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One glue function: convert, enter, call, check, collect. What must be released stands in a frame,
 * and is released also where Ruby leaves by an exception; the receiver alone as soon as the call is
 * over. What only reads a field of a handle has nothing to release, and keeps Ruby's lock. */
#include <string.h>

#include "declare.h"
#include "emit_glue.h"

static struct ruby_place place_of(const struct glue *glue)
{
    return (struct ruby_place){.surface = glue->surface,
                               .function = glue->function,
                               .result = glue->result,
                               .variables = glue->variables};
}

struct row_text ruby_glue_row(const struct glue *glue, const struct step *step)
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

const char *ruby_argument(const struct glue *glue, const struct step *step)
{
    if (step->pattern == PATTERN_FIXED)
        return step->fixed;
    if (step_comes_along(step))
        return arena_printf("(%s)%s", pointed_type(&step->parameter->type),
                            ruby_glue_row(glue, step->length_of).length);
    return ruby_glue_row(glue, step).argument;
}

static void add_step(struct glue *glue, const struct step *step)
{
    if (step->pattern == PATTERN_FIXED || step_comes_along(step))
        return;
    const struct row_text row = ruby_glue_row(glue, step);
    buffer_add_line(&glue->declare, row.declare);
    /* A CPU map asks libvirt how many CPUs there are: when all else is right. */
    buffer_add_line(step->pattern == PATTERN_CPU_MAP ? &glue->ask : &glue->convert, row.convert);
    buffer_add_line(&glue->enter, row.enter);
    if (ruby_is_idle_without(glue->function, step))
        buffer_add_line(&glue->enter, arena_printf("if (!%s)\n    return Qnil;", row.length));
    buffer_add_line(&glue->release, row.release);
    glue->holds_more |= *row.release && !bound_is_self(glue->function, step);
}

struct row_text ruby_glue_result(const struct glue *glue)
{
    const struct ruby_place place = place_of(glue);

    return ruby_row_result(&glue->plan->result, &place);
}

/* ---- the function ---- */

static void start(struct glue *glue)
{
    const struct plan *plan = glue->plan;
    const char *bare = function_parameter(plan->function, "result") ? "status" : "result";

    glue->result = arena_printf("%s%s", glue->variables, bare);
    glue->answers = answers_of(glue->surface, plan);
    if (plan->result.pattern != PATTERN_NOTHING)
        buffer_add_line(&glue->declare,
                        arena_printf("%s;", declare_name(plan->function->result.type.text, bare)));
    buffer_add_line(&glue->declare, ruby_glue_result(glue).declare);
    buffer_add_line(&glue->ask, ruby_glue_result(glue).prepare);
    buffer_add_line(&glue->release, ruby_glue_result(glue).release);
    /* What is lent goes with the receiver. */
    glue->holds_more = *ruby_glue_result(glue).release ||
                       plan->result.pattern == PATTERN_BORROWED_STRING ||
                       plan->result.pattern == PATTERN_BORROWED_HANDLE;
    if (ruby_keeps_failed(glue))
        buffer_add_line(&glue->declare, "bool failed;");
    for (size_t i = 0; i < plan->step_count; i++)
        add_step(glue, &plan->steps[i]);
    if (glue->plain)
        buffer_add_line(&glue->ask, arena_printf("if (%s)\n    function_require(\"%s\");",
                                                 ruby_surplus(glue), plan->function->name));
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
                                     "    @blocking@\n"
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

/* Nothing that may raise comes between entering the receiver and the call, which leaves it. */
static bool leaves_at_once(const struct glue *glue)
{
    return glue->release.length && !glue->holds_more;
}

static bool is_ensured(const struct glue *glue)
{
    return glue->release.length && !leaves_at_once(glue);
}

static const char *run_frame(const struct glue *glue, const char *text)
{
    return strstr(text, "frame->")
               ? arena_printf("struct frame_%s *frame = data;\n\n", glue->plan->function->name)
               : "(void)data;\n";
}

static void add_body(struct buffer *buffer, const struct glue *glue)
{
    const size_t count = glue->function->parameter_count;
    const char *called = ruby_call(glue);

    text_fill(
        buffer, frame_template, "prototype", declare_comment(glue->plan->function), "name",
        glue->plan->function->name, "given", count ? arena_printf("VALUE given[%zu];", count) : "",
        "called", glue->plain ? "const char *called;" : "", "declare", buffer_text(&glue->declare),
        "run_frame", run_frame(glue, called), "call", called, "capture", ruby_captured(glue),
        "convert", buffer_text(&glue->convert), "ask", buffer_text(&glue->ask), "enter",
        buffer_text(&glue->enter), "blocking",
        arena_printf(leaves_at_once(glue) ? "call_blocking_and_leave(run_%s, frame, frame->self);"
                                          : "call_blocking(run_%s, frame);",
                     glue->plan->function->name),
        "check", ruby_checked(glue), "collect", ruby_collected(glue), NULL);
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
        is_ensured(glue)
            ? arena_printf("return rb_ensure(body_%s, (VALUE)&frame, release_%s, (VALUE)&frame);",
                           name, name)
            : arena_printf("return body_%s((VALUE)&frame);", name),
        NULL);
}

static void add_framed(struct buffer *buffer, const struct glue *glue)
{
    struct bound_function other;

    add_body(buffer, glue);
    if (is_ensured(glue))
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
              "call", ruby_call(glue), "check", ruby_checked_at_once(glue), "collect",
              ruby_collected(glue), NULL);
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
