/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records in the stand-in: filled from the grid, noted where they are arguments, released. */
#include "emit_stand_in.h"

static const char *joined(const struct field *field)
{
    return arena_printf("path_field(call, path, \"%s\")", field->name);
}

static const char counted_template[] =
    "record->@length@ = @count@;\n"
    "record->@field@ = block_new(call, (size_t)record->@length@ * sizeof *record->@field@);\n"
    "for (size_t i = 0; i < (size_t)record->@length@; i++) {\n"
    "    char base[CALL_PATH];\n"
    "\n"
    "    strcpy(base, path_field(call, path, \"@field@\"));\n"
    "    @item@\n"
    "}\n";

static const char *counted(const struct field_plan *plan, const char *item)
{
    struct buffer buffer = {0};

    text_fill(&buffer, counted_template, "length", plan->pair->name, "count",
              arena_printf("(%s)give_inner_count(call)", scalar_c_name(plan->pair->type.scalar)),
              "field", plan->field->name, "item", item, NULL);
    return buffer_text(&buffer);
}

static const char *fill_text(const struct field_plan *plan)
{
    const struct field *field = plan->field;

    if (plan->filled_in)
        return "";
    switch (plan->pattern) {
    case PATTERN_OUT_SCALAR:
        /* Some languages hold an unsigned long of a record in larger units. */
        return arena_printf("FILL_%s(call, path, record, %s);\n",
                            field->type.scalar == SCALAR_ULONG     ? "UNITS"
                            : scalar_is_signed(field->type.scalar) ? "SIGNED"
                                                                   : "UNSIGNED",
                            field->name);
    case PATTERN_OUT_TEXT:
        return arena_printf("give_text_into(call, %s, record->%s, sizeof record->%s);\n",
                            joined(field), field->name, field->name);
    case PATTERN_OUT_STRING:
        return arena_printf("record->%s = give_%stext(call, %s);\n", field->name,
                            field->type.is_const ? "borrowed_" : "", joined(field));
    case PATTERN_OUT_STRINGS:
        return counted(plan,
                       arena_printf("record->%s[i] = give_text(call, path_item(call, base, i));",
                                    field->name));
    case PATTERN_OUT_RECORDS:
        return counted(plan,
                       arena_printf("fill_%s(call, path_item(call, base, i),\n    &record->%s[i]);",
                                    plan->record->name, field->name));
    case PATTERN_OUT_CPU_MAP:
        return arena_printf("record->%s = (%s)((give_count(call) + 7) / 8);\n"
                            "record->%s = give_new_cpu_map(call, %s, give_count(call));\n",
                            plan->pair->name, scalar_c_name(plan->pair->type.scalar), field->name,
                            joined(field));
    case PATTERN_OUT_NEW_PARAMS:
        return arena_printf(
            "record->%s = (%s)give_inner_count(call);\n"
            "record->%s =\n    give_new_params(call, %s, give_inner_count(call));\n",
            plan->pair->name, scalar_c_name(plan->pair->type.scalar), field->name, joined(field));
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("record->%s = (%s *)give_handle(call, &kind_%s);\n", field->name,
                            plan->handle->name, plan->handle->name);
    default: /* lengths come with what they count; numbers and callbacks are in arguments only */
        return "";
    }
}

static const char *release_text(const struct field_plan *plan)
{
    const char *name = plan->field->name;

    switch (plan->pattern) {
    case PATTERN_OUT_STRING:
    case PATTERN_OUT_CPU_MAP:
        return plan->field->type.is_const ? "" : arena_printf("free(record->%s);\n", name);
    case PATTERN_OUT_STRINGS:
        return arena_printf("for (size_t i = 0; i < (size_t)record->%s; i++)\n"
                            "    free(record->%s[i]);\n"
                            "free(record->%s);\n",
                            plan->pair->name, name, name);
    case PATTERN_OUT_RECORDS:
        return arena_printf("for (size_t i = 0; i < (size_t)record->%s; i++)\n"
                            "    release_%s(&record->%s[i]);\n"
                            "free(record->%s);\n",
                            plan->pair->name, plan->record->name, name, name);
    case PATTERN_OUT_NEW_PARAMS:
        return arena_printf("release_params(record->%s, (size_t)record->%s);\n", name,
                            plan->pair->name);
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("handle_release((struct handle *)record->%s);\n", name);
    default:
        return "";
    }
}

static const char *take_text(const struct field_plan *plan)
{
    const struct field *field = plan->field;
    const char *key = arena_printf("canonical_key(&call->record, \"%s\");\n", field->name);

    switch (plan->pattern) {
    case PATTERN_OUT_SCALAR:
        return arena_printf("%stake_%s(call, record->%s);\n", key,
                            scalar_is_signed(field->type.scalar) ? "signed" : "unsigned",
                            field->name);
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
        return arena_printf("%stake_text(call, record->%s);\n", key, field->name);
    case PATTERN_NUMBERS:
        return arena_printf(
            "%stake_numbers(call, record->%s, record->%s, sizeof *record->%s, %s);\n", key,
            field->name, plan->pair->name, field->name,
            scalar_is_signed(field->type.scalar) ? "true" : "false");
    case PATTERN_CALLBACK:
        return arena_printf("%stake_callback(call, record->%s != NULL);\n", key, field->name);
    default:
        return "";
    }
}

static bool is_argument(const struct plans *plans, const struct record *record)
{
    for (size_t i = 0; i < plans->plan_count; i++)
        for (size_t j = 0; j < plans->plans[i].step_count; j++)
            if (plans->plans[i].steps[j].pattern == PATTERN_RECORD &&
                plans->plans[i].steps[j].record == record && plans->plans[i].kind != PLAN_HELPER)
                return true;
    return false;
}

static const char *each_field(const struct record_plan *plan,
                              const char *(*text)(const struct field_plan *plan))
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < plan->field_count; i++)
        buffer_add(&buffer, text(&plan->fields[i]));
    return buffer_text(&buffer);
}

static const char *fill_head(const char *name, const char *tail)
{
    const char *items[] = {"struct call *call", "const char *path",
                           arena_printf("%s *record", name)};

    return text_wrapped(arena_printf("void fill_%s(", name), items, 3, tail, 0);
}

static void add_record(struct buffer *buffer, struct buffer *prototypes, const struct plans *plans,
                       const struct record_plan *plan)
{
    const char *name = plan->record->name;
    const char *fill = each_field(plan, fill_text);
    const char *release = each_field(plan, release_text);
    struct buffer functions = {0}, declarations = {0};

    if (*fill) {
        text_fill(&declarations, "@head@\nvoid release_@name@(@name@ *record);\n", "head",
                  fill_head(name, ");"), "name", name, NULL);
        text_fill(&functions,
                  "@head@\n"
                  "{\n"
                  "    char kept[CALL_PATH];\n"
                  "\n"
                  "    path = strcpy(kept, path);\n"
                  "    @fill@\n"
                  "}\n"
                  "\n"
                  "void release_@name@(@name@ *record)\n"
                  "{\n"
                  "    @release@\n"
                  "}\n",
                  "head", fill_head(name, ")"), "name", name, "fill", fill, "release",
                  *release ? release : "(void)record;", NULL);
    }
    if (is_argument(plans, plan->record)) {
        buffer_printf(&declarations, "void take_%s(struct call *call, const %s *record);\n", name,
                      name);
        text_fill(&functions,
                  "\n"
                  "void take_@name@(struct call *call, const @name@ *record)\n"
                  "{\n"
                  "    if (!record) {\n"
                  "        canonical_null(&call->record);\n"
                  "        return;\n"
                  "    }\n"
                  "    canonical_open(&call->record, '{');\n"
                  "    @take@\n"
                  "    canonical_close(&call->record, '}');\n"
                  "}\n",
                  "name", name, "take", each_field(plan, take_text), NULL);
    }
    text_fill(prototypes, "#if STAND_IN_KNOWS(@version@)\n@declarations@\n#endif\n", "version",
              arena_printf("%u", plan->record->version), "declarations", buffer_text(&declarations),
              NULL);
    text_fill(buffer, "#if STAND_IN_DEFINES(@version@)\n@functions@\n#endif\n\n", "version",
              arena_printf("%u", plan->record->version), "functions", buffer_text(&functions),
              NULL);
}

void stand_in_records(struct buffer *buffer, struct buffer *prototypes, const struct plans *plans)
{
    for (size_t i = 0; i < plans->record_plan_count; i++)
        add_record(buffer, prototypes, plans, &plans->record_plans[i]);
}
