/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trampolines, one a callback type of libvirt's events, and the tables of event ids. */
#include <string.h>

#include "declare.h"
#include "emit.h"
#include "emit_rows.h"

static const struct family {
    const char *prefix;  /* of the constants */
    const char *table;   /* as overrides/callbacks.h declares it */
    const char *generic; /* the callback type where the description names none */
} families[] = {
    {"VIR_DOMAIN_EVENT_ID_", "domain_events", "virConnectDomainEventGenericCallback"},
    {"VIR_NETWORK_EVENT_ID_", "network_events", "virConnectNetworkEventGenericCallback"},
    {"VIR_NODE_DEVICE_EVENT_ID_", "node_device_events", "virConnectNodeDeviceEventGenericCallback"},
    {"VIR_SECRET_EVENT_ID_", "secret_events", "virConnectSecretEventGenericCallback"},
    {"VIR_STORAGE_POOL_EVENT_ID_", "storage_pool_events",
     "virConnectStoragePoolEventGenericCallback"},
};

static const char *callback_of(const struct constant *constant, const struct family *family)
{
    return constant->callback ? constant->callback->signature.name : family->generic;
}

static bool is_event(const struct constant *constant, const struct family *family)
{
    return constant->kind == CONSTANT_ENUMERATOR && !constant->is_sentinel &&
           text_starts(constant->name, family->prefix);
}

/* The Python value of one argument; "" for what Python is not given. */
static const char *argument_text(const struct step *step)
{
    const char *name = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("handle_lent_out(%s, &handle_kind_%s, call.connection)", name,
                            step->handle->name);
    case PATTERN_OUT_SCALAR:
        return number_out_text(step->scalar, name);
    case PATTERN_OUT_STRING:
        return arena_printf("string_out(%s)", name);
    case PATTERN_OUT_PARAMS:
        return arena_printf("params_out(%s, %s)", name, step->count);
    case PATTERN_OUT_BYTES:
        return arena_printf("bytes_out(%s, %s)", name, step->count);
    case PATTERN_OUT_RECORD:
        return arena_printf("%s ? record_out_%s(%s, call.connection)\n"
                            "                     : Py_NewRef(Py_None)",
                            name, step->record->name, name);
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

static void add_trampoline(struct buffer *buffer, const struct plan *plan)
{
    struct buffer gives = {0};
    const bool answers = plan->result.pattern != PATTERN_NOTHING;
    const char *opaque = "NULL";

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const char *text = i == 0 ? "" : argument_text(step);

        if (step->pattern == PATTERN_OPAQUE)
            opaque = step->parameter->name;
        if (*text)
            buffer_printf(&gives, "callback_give(&call, %s);\n", text);
    }
    text_fill(buffer,
              "@head@\n"
              "{\n"
              "    struct callback_call call;\n"
              "\n"
              "    (void)@first@;\n"
              "    if (!callback_begin(&call, @opaque@))\n"
              "        return@nothing@;\n"
              "    @gives@\n"
              "    callback_finish(&call);\n"
              "    @answer@\n"
              "}\n"
              "\n",
              "head", heading(plan->function), "first", plan->steps[0].parameter->name, "opaque",
              opaque, "nothing", answers ? " 0" : "", "gives", buffer_text(&gives), "answer",
              answers ? "return 0;" : "", NULL);
}

static bool is_used(const struct api *api, const char *callback)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        for (size_t j = 0; j < api->constant_count; j++)
            if (is_event(&api->constants[j], &families[i]) &&
                text_equal(callback_of(&api->constants[j], &families[i]), callback))
                return true;
    return false;
}

static void add_table(struct buffer *buffer, const struct api *api, const struct family *family)
{
    struct buffer rows = {0};
    const struct constant *last = NULL;
    size_t count = 0;

    for (;;) {
        const struct constant *next = NULL;

        for (size_t i = 0; i < api->constant_count; i++) {
            const struct constant *constant = &api->constants[i];
            if (is_event(constant, family) && (!last || constant->value > last->value) &&
                (!next || constant->value < next->value))
                next = constant;
        }
        if (!next)
            break;
        buffer_printf(&rows, "{\"%s\", %lld, %u,\n TRAMPOLINE(%s)},\n", next->name, next->value,
                      next->version, callback_of(next, family));
        last = next;
        count++;
    }
    if (!count) {
        buffer_printf(buffer, "const struct event_family %s = {NULL, 0};\n\n", family->table);
        return;
    }
    text_fill(buffer,
              "static const struct event_definition @table@_rows[] = {\n"
              "    @rows@\n"
              "};\n"
              "const struct event_family @table@ = {@table@_rows, @count@};\n"
              "\n",
              "table", family->table, "rows", buffer_text(&rows), "count",
              arena_printf("%zu", count), NULL);
}

void emit_events(const struct surface *surface, struct output *output)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer file = {0}, trampolines = {0}, tables = {0};

    for (size_t i = 0; i < plans->callback_plan_count; i++)
        if (is_used(plans->api, plans->callback_plans[i].function->name))
            add_trampoline(&trampolines, &plans->callback_plans[i]);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        add_table(&tables, plans->api, &families[i]);
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: what libvirt calls when an event arrives. */\n"
              "#include \"overrides/callbacks.h\"\n"
              "\n"
              "#include \"pack.h\"\n"
              "#include \"records.h\"\n"
              "\n"
              "#define TRAMPOLINE(type) ((void (*)(void))trampoline_##type)\n"
              "\n"
              "@trampolines@\n"
              "@tables@",
              "trampolines", buffer_text(&trampolines), "tables", buffer_text(&tables), NULL);
    output_add(output, "trampolines.c", &file);
}
