/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The call of a glue function, and what is looked at behind it. */
#include "emit_glue.h"

static const char *call_of(const struct glue *glue, const struct plan *plan)
{
    const char **items = arena_allocate((plan->step_count + 1) * sizeof *items);
    size_t count = 0;

    /* Those of the function that takes less are the same ones. */
    for (size_t i = 0; i < glue->plan->step_count; i++)
        if (glue->plan == plan || !plan_lacks(plan, glue->plan, &glue->plan->steps[i]))
            items[count++] = ruby_argument(glue, &glue->plan->steps[i]);
    return rows_call(plan, glue->result, items, count);
}

const char *ruby_surplus(const struct glue *glue)
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

const char *ruby_call(const struct glue *glue)
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
                        ruby_surplus(glue), ruby_reported_name(glue->surface, glue->plan),
                        indented(call_of(glue, glue->plan)),
                        ruby_reported_name(glue->surface, glue->plain),
                        indented(call_of(glue, glue->plain)));
}

/* ---- behind it ---- */

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

bool ruby_keeps_failed(const struct glue *glue)
{
    return glue->plan->failure == FAILURE_IF_STORED && *glue->variables;
}

static const char *failed(const struct glue *glue)
{
    return ruby_keeps_failed(glue) ? arena_printf("%sfailed", glue->variables)
                                   : plan_failed_condition(glue->plan, glue->result);
}

const char *ruby_captured(const struct glue *glue)
{
    const char *ask = ruby_keeps_failed(glue)
                          ? arena_printf("%s = %s;\n", failed(glue),
                                         plan_failed_condition(glue->plan, glue->result))
                          : "";

    const char *fill = glue->plan->result.pattern == PATTERN_OWNED_HANDLE
                           ? arena_printf("%s\n    new_handle_fill(frame->made, %s);\n",
                                          glue->plan->failure == FAILURE_NULL
                                              ? "else"
                                              : arena_printf("if (%s)", glue->result),
                                          glue->result)
                           : "";

    if (never_fails(glue))
        return fill;
    return arena_printf("%sif (%s)\n    error_capture(frame->error);\n%s", ask, failed(glue), fill);
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

const char *ruby_checked(const struct glue *glue)
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

const char *ruby_checked_at_once(const struct glue *glue)
{
    return never_fails(glue) ? ""
                             : arena_printf("if (%s)\n    raise_last_error(%s, %s);\n",
                                            failed(glue), reported(glue), error_class(glue));
}
