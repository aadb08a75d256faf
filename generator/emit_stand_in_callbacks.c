/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the stand-in calls each callback type: with what the grid says for the function that
 * registered it. What it lends is released behind the call. */
#include <string.h>

#include "emit_stand_in.h"

struct argument {
    const char *declare, *give, *pass, *release;
};

static struct argument argument_of(const struct plans *plans, const struct step *step)
{
    const char *name = step->parameter->name;
    const char *type = step->parameter->type.text;

    switch (step->pattern) {
    case PATTERN_BORROWED_HANDLE:
        return (struct argument){arena_printf("struct handle *%s;\n", name),
                                 arena_printf("%s = event_lend_handle(call, handle, &kind_%s);\n",
                                              name, step->handle->name),
                                 arena_printf("(%s *)%s", step->handle->name, name),
                                 arena_printf("event_lend_end(handle, %s);\n", name)};
    case PATTERN_OUT_SCALAR:
        return (struct argument){
            "", "",
            arena_printf("(%s)give_%s(call, \"%s\", sizeof(%s))", type,
                         scalar_is_signed(step->scalar) ? "signed" : "unsigned", name, type),
            ""};
    case PATTERN_OUT_STRING:
        return (struct argument){
            "", "", arena_printf("(char *)give_borrowed_text(call, \"%s\")", name), ""};
    case PATTERN_OUT_RECORD:
        if (stand_in_is_error(plans, step->record))
            return (struct argument){arena_printf("%s %s;\n", step->record->name, name),
                                     arena_printf("give_error(call, &%s);\n", name),
                                     arena_printf("&%s", name), ""};
        return (struct argument){
            arena_printf("%s %s = {0};\n", step->record->name, name),
            arena_printf("fill_%s(call, \"%s\", &%s);\n", step->record->name, name, name),
            arena_printf("&%s", name),
            arena_printf("release_%s(&%s);\n", step->record->name, name)};
    case PATTERN_OUT_PARAMS:
        return (struct argument){
            arena_printf("virTypedParameter *%s;\n", name),
            arena_printf("%s = give_new_params(call, \"%s\", give_count(call));\n", name, name),
            name, arena_printf("release_params(%s, give_count(call));\n", name)};
    case PATTERN_OUT_BYTES:
        return (struct argument){
            arena_printf("size_t %s_size;\nvoid *%s;\n", name, name),
            arena_printf("%s = give_new_bytes(call, \"%s\", &%s_size);\n", name, name, name), name,
            arena_printf("free(%s);\n", name)};
    case PATTERN_LENGTH:
        return (struct argument){"", "", "give_count(call)", ""};
    case PATTERN_OPAQUE:
        return (struct argument){"", "", "opaque", ""};
    default:
        bug("the stand-in has no row for the pattern %s of a callback",
            pattern_name(step->pattern));
    }
}

/* Others are called within the call that gets them. */
static bool is_fired(const struct plans *plans, const struct callback *callback)
{
    for (size_t i = 0; i < plans->plan_count; i++)
        for (size_t j = 0; j < plans->plans[i].step_count; j++)
            if (plans->plans[i].steps[j].pattern == PATTERN_CALLBACK &&
                plans->plans[i].steps[j].callback == callback &&
                stand_in_registers(&plans->plans[i]))
                return true;
    for (size_t i = 0; i < plans->api->constant_count; i++)
        if (plans->api->constants[i].callback == callback)
            return true;
    return false;
}

static const char *fire_head(const char *name, const char *tail)
{
    const char *items[] = {"struct call *call", "void (*callback)(void)", "struct handle *handle",
                           "void *opaque"};

    return text_wrapped(arena_printf("void fire_%s(", name), items, 4, tail, 0);
}

static void add_callback(struct buffer *buffer, const struct plans *plans, const struct plan *plan)
{
    const struct function *function = plan->function;
    const char **passed = arena_allocate((plan->step_count + 1) * sizeof *passed);
    struct buffer declare = {0}, give = {0}, release = {0};

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct argument argument = argument_of(plans, &plan->steps[i]);

        buffer_add(&declare, argument.declare);
        buffer_add(&give, argument.give);
        passed[i] = argument.pass;
        buffer_add(&release, argument.release);
    }
    text_fill(buffer,
              "#if STAND_IN_DEFINES(@version@)\n"
              "@head@\n"
              "{\n"
              "    const @name@ called =\n"
              "        (@name@)callback;\n"
              "    @declare@\n"
              "\n"
              "    (void)call;\n"
              "    (void)handle;\n"
              "    @give@\n"
              "    @call@\n"
              "    @release@\n"
              "}\n"
              "#endif\n"
              "\n",
              "version", arena_printf("%u", function->version), "head",
              fire_head(function->name, ")"), "name", function->name, "declare",
              buffer_text(&declare), "give", buffer_text(&give), "call",
              text_wrapped("called(", passed, plan->step_count, ");", 4), "release",
              buffer_text(&release), NULL);
}

static const struct enumeration *event_ids(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct enumeration *enumeration = plan->steps[i].enumeration;

        for (size_t j = 0; enumeration && j < enumeration->constant_count; j++)
            if (enumeration->constants[j]->callback)
                return enumeration;
    }
    return NULL;
}

static const char *event_argument(const struct plan *plan)
{
    const struct enumeration *ids = event_ids(plan);

    for (size_t i = 0; i < plan->step_count; i++)
        if (ids && plan->steps[i].enumeration == ids)
            return plan->steps[i].parameter->name;
    return NULL;
}

/* Which type an event's id means; ids that name none have the type in the prototype. */
static void add_choice(struct buffer *buffer, struct buffer *prototypes, const struct plan *plan,
                       const struct step *callback)
{
    const struct enumeration *ids = event_ids(plan);
    struct buffer cases = {0};

    for (size_t i = 0; i < ids->constant_count; i++)
        if (ids->constants[i]->callback)
            buffer_printf(&cases, "case %lld:\n    return fire_%s;\n", ids->constants[i]->value,
                          ids->constants[i]->callback->signature.name);
    buffer_printf(prototypes, "event_fire fire_of_%s(int event);\n", ids->name);
    text_fill(buffer,
              "#if STAND_IN_DEFINES(0)\n"
              "event_fire fire_of_@name@(int event)\n"
              "{\n"
              "    switch (event) {\n"
              "    @cases@\n"
              "    default:\n"
              "        return fire_@default@;\n"
              "    }\n"
              "}\n"
              "#endif\n"
              "\n",
              "name", ids->name, "cases", buffer_text(&cases), "default",
              callback->callback->signature.name, NULL);
}

const char *stand_in_fire(const struct plan *plan, const struct step *callback)
{
    const struct enumeration *ids = event_ids(plan);

    return ids ? arena_printf("fire_of_%s(%s)", ids->name, event_argument(plan))
               : arena_printf("fire_%s", callback->callback->signature.name);
}

void stand_in_callbacks(struct buffer *buffer, struct buffer *prototypes, const struct plans *plans)
{
    for (size_t i = 0; i < plans->callback_plan_count; i++) {
        const struct plan *plan = &plans->callback_plans[i];

        if (!is_fired(plans, api_callback(plans->api, plan->function->name)))
            continue;
        add_callback(buffer, plans, plan);
        buffer_printf(prototypes, "%s\n", fire_head(plan->function->name, ");"));
    }
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        if (stand_in_registers(plan) && event_ids(plan))
            add_choice(buffer, prototypes, plan, stand_in_step(plan, PATTERN_CALLBACK));
    }
}
