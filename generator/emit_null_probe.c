/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that asks the real libvirt what the plan says about NULL: it calls every function on
 * the test driver with NULL for one pointer at a time, and prints a line for each: function,
 * argument, what the plan says, what libvirt did. tests/null-probe/probe.h has what it is made of.
 */
#include <string.h>

#include "declare.h"
#include "emit_common.h"

/* An argument that is not NULL, as a C expression; NULL where the test driver cannot give one. */
static const char *handle_text(const struct step *step)
{
    static const char *const there_are[] = {
        "virConnect", "virDomain",     "virDomainCheckpoint", "virDomainSnapshot", "virInterface",
        "virNetwork", "virNodeDevice", "virStoragePool",      "virStorageVol",     "virStream"};

    for (size_t i = 0; i < sizeof there_are / sizeof *there_are; i++)
        if (text_equal(step->handle->name, there_are[i]))
            return arena_printf(step->pattern == PATTERN_HANDLE_LIST ? "probe_list_%s()"
                                                                     : "probe_%s()",
                                step->handle->name);
    return NULL;
}

static const char *pointer_text(const struct step *step)
{
    const struct type *type = &step->parameter->type;

    if (type->kind == TYPE_HANDLE && type->pointers < 3)
        return handle_text(step);
    if (type->kind == TYPE_CALLBACK)
        return arena_printf("(%s) (void (*)(void)) probe_nothing", type->callback->signature.name);
    if (type->kind == TYPE_SCALAR && type->scalar == SCALAR_CHAR && type->pointers == 1 &&
        type->is_const)
        return "\"x\"";
    if (step->pattern == PATTERN_STRINGS)
        return "probe_strings()";
    return "probe_memory()";
}

static bool is_pointer(const struct step *step)
{
    return step->parameter->type.pointers || step->parameter->type.kind == TYPE_CALLBACK;
}

/* A list that is not there has no items; into one that is filled something could go. */
static const char *value_text(const struct step *step, const struct step *null)
{
    if (is_pointer(step))
        return pointer_text(step);
    if (step->fixed)
        return step->fixed;
    if (step->length_of && step->length_of == null && null->direction == DIRECTION_IN)
        return "0";
    return step->length_of ? "1" : "0";
}

/* The call with NULL in one place; NULL where another argument cannot be had. */
static const char *call_text(const struct plan *plan, const struct step *null)
{
    struct buffer buffer = {0};

    buffer_printf(&buffer, "%s(", plan->function->name);
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const char *text = step == null ? "NULL" : value_text(step, null);

        if (!text)
            return NULL;
        buffer_printf(&buffer, "%s%s", i ? ", " : "", text);
    }
    buffer_add(&buffer, ")");
    return arena_copy(buffer_text(&buffer));
}

/* True where the C result is one that the plan takes for an error. */
static const char *outcome_text(const struct plan *plan, const char *call)
{
    const struct type *type = &plan->function->result.type;
    const unsigned failure = plan->failure;

    if (type->kind == TYPE_VOID && !type->pointers)
        return arena_printf("%s;\nreturn PROBE_DONE;", call);
    if (failure == FAILURE_NONE)
        return arena_printf("(void) %s;\nreturn PROBE_DONE;", call);
    if (failure & (FAILURE_NULL | FAILURE_IF_STORED))
        return arena_printf("return %s ? PROBE_DONE : PROBE_FAILED;", call);
    if (failure & FAILURE_ZERO)
        return arena_printf("return %s != 0 ? PROBE_DONE : PROBE_FAILED;", call);
    return arena_printf("return %s == (%s) -1 ? PROBE_FAILED : PROBE_DONE;", call, type->text);
}

static void add_probe(struct buffer *functions, struct buffer *rows, const struct plan *plan,
                      const struct step *step)
{
    const char *call = call_text(plan, step);
    const char *name = arena_printf("probe_%s_%s", plan->function->name, step->parameter->name);

    buffer_printf(rows, "{\"%s\", \"%s\", %u, %s, %s},\n", plan->function->name,
                  step->parameter->name, plan->function->version, step->nullable ? "true" : "false",
                  call ? name : "NULL");
    if (!call)
        return;
    text_fill(functions,
              "static enum probe_result @name@(void)\n"
              "{\n"
              "    @body@\n"
              "}\n"
              "\n",
              "name", name, "body", outcome_text(plan, call), NULL);
}

void emit_null_probe(const struct plans *plans, struct output *output)
{
    struct buffer file = {0}, functions = {0}, rows = {0};

    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];
        struct buffer of_function = {0}, of_rows = {0};

        for (size_t j = 0; j < plan->step_count; j++)
            if (is_pointer(&plan->steps[j]))
                add_probe(&of_function, &of_rows, plan, &plan->steps[j]);
        /* The headers may be older than the facts. */
        if (of_function.length)
            buffer_printf(&functions, "#if LIBVIR_VERSION_NUMBER >= %u\n%s#endif\n\n",
                          plan->function->version, buffer_text(&of_function));
        if (of_rows.length)
            buffer_printf(&rows, "#if LIBVIR_VERSION_NUMBER >= %u\n%s#endif\n",
                          plan->function->version, buffer_text(&of_rows));
    }
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen from the plan. */\n"
              "#include \"probe.h\"\n"
              "\n"
              "@functions@\n"
              "\n"
              "const struct probe probes[] = {\n"
              "    @rows@\n"
              "};\n"
              "const size_t probe_count = sizeof probes / sizeof *probes;\n",
              "functions", buffer_text(&functions), "rows", buffer_text(&rows), NULL);
    output_add(output, "null-probe.c", &file);
}
