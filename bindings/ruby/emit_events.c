/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trampolines, one a callback type of libvirt's events, and the tables of event ids. libvirt calls
 * a trampoline on any thread; the Ruby values are made later, where Ruby's lock is held. */
#include <string.h>

#include "declare.h"
#include "emit.h"
#include "emit_rows.h"
#include "event_families.h"

/* The Ruby value of one argument; "" for what Ruby is not given. */
static const char *argument_text(const struct plan *plan, const struct step *step)
{
    const char *name = arena_printf("given->%s", step->parameter->name);
    const char *count = step->count ? rows_expression(plan, step->count, "given->") : "";

    switch (step->pattern) {
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("handle_lent_out(%s, &handle_kind_%s, self)", name, step->handle->name);
    case PATTERN_OUT_SCALAR:
        return ruby_number(step->scalar, name);
    case PATTERN_OUT_STRING:
        return arena_printf("string_out(%s)", name);
    case PATTERN_OUT_PARAMS:
        return arena_printf("params_out(%s, %s)", name, count);
    case PATTERN_OUT_BYTES:
        return arena_printf("bytes_out(%s, %s)", name, count);
    case PATTERN_OUT_RECORD:
        return arena_printf("%s ? record_out_%s(%s, self) : Qnil", name, step->record->name, name);
    default:
        return "";
    }
}

static char *heading(const struct function *signature)
{
    const char **items = arena_allocate((signature->parameter_count + 1) * sizeof *items);

    for (size_t i = 0; i < signature->parameter_count; i++)
        items[i] = declare_name(signature->parameters[i].type.text, signature->parameters[i].name);
    return text_wrapped(
        arena_printf("static %s trampoline_%s(", signature->result.type.text, signature->name),
        items, signature->parameter_count, ")", 0);
}

struct parts {
    struct buffer fields, values, copies;
    const char *opaque;
};

static void add_step(struct parts *parts, const struct plan *plan, const struct step *step)
{
    const struct parameter *parameter = step->parameter;
    const char *text;

    if (step->pattern == PATTERN_OPAQUE) {
        parts->opaque = parameter->name;
        return;
    }
    buffer_printf(&parts->fields, "%s;\n", declare_name(parameter->type.text, parameter->name));
    buffer_printf(&parts->copies, "%s%s", parts->copies.length ? ", " : "", parameter->name);
    text = step->position == 1 ? "" : argument_text(plan, step);
    if (*text)
        buffer_printf(&parts->values, "rb_ary_push(values, %s);\n", text);
}

static void add_trampoline(struct buffer *buffer, const struct plan *plan)
{
    struct parts parts = {.opaque = "NULL"};
    const bool answers = plan->result.pattern != PATTERN_NOTHING;

    for (size_t i = 0; i < plan->step_count; i++)
        add_step(&parts, plan, &plan->steps[i]);
    text_fill(buffer,
              "struct given_@name@ {\n"
              "    @fields@\n"
              "};\n"
              "\n"
              "static void values_@name@(VALUE values, VALUE self, const void *data)\n"
              "{\n"
              "    const struct given_@name@ *given = data;\n"
              "\n"
              "    @unused@\n"
              "    @values@\n"
              "}\n"
              "\n"
              "@head@\n"
              "{\n"
              "    const struct given_@name@ given = {@copies@};\n"
              "\n"
              "    callback_fire(@opaque@, values_@name@, &given);\n"
              "    @answer@\n"
              "}\n"
              "\n",
              "name", plan->function->name, "fields", buffer_text(&parts.fields), "unused",
              parts.values.length
                  ? strstr(buffer_text(&parts.values), ", self)") ? "" : "(void)self;"
                  : "(void)self;\n(void)values;\n(void)given;",
              "values", buffer_text(&parts.values), "head", heading(plan->function), "copies",
              buffer_text(&parts.copies), "opaque", parts.opaque, "answer",
              answers ? "return 0;" : "", NULL);
}

static void add_table(struct buffer *buffer, const struct api *api,
                      const struct event_family *family)
{
    struct buffer rows = {0};
    const struct constant *next = NULL;

    while ((next = event_next(api, family, next)))
        buffer_printf(&rows, "{\"%s\", %lld, %u,\n TRAMPOLINE(%s)},\n", next->name, next->value,
                      next->version, event_callback(next, family));
    text_fill(buffer,
              "const struct event_definition @table@[] = {\n"
              "    @rows@\n"
              "    {NULL, 0, 0, NULL},\n"
              "};\n"
              "\n",
              "table", family->table, "rows", buffer_text(&rows), NULL);
}

void ruby_emit_events(const struct surface *surface, struct output *output)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer file = {0}, trampolines = {0}, tables = {0};

    for (size_t i = 0; i < plans->callback_plan_count; i++)
        if (event_is_used(plans->api, plans->callback_plans[i].function->name))
            add_trampoline(&trampolines, &plans->callback_plans[i]);
    for (size_t i = 0; i < event_family_count; i++)
        add_table(&tables, plans->api, &event_families[i]);
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: what libvirt calls when an event arrives. */\n"
              "#include \"overrides/callbacks.h\"\n"
              "\n"
              "#include \"records.h\"\n"
              "\n"
              "#define TRAMPOLINE(type) ((void (*)(void))trampoline_##type)\n"
              "\n"
              "@trampolines@\n"
              "@tables@",
              "trampolines", buffer_text(&trampolines), "tables", buffer_text(&tables), NULL);
    buffer_fit(&file);
    output_add(output, "trampolines.c", &file);
}
