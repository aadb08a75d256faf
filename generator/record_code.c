/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record_code.h"

static const char *access_to(const struct field *field)
{
    return arena_printf("record->%s", field->name);
}

/* ---- fields ---- */

static const char *number_field(const struct record_rules *rules, const struct shaped *shaped,
                                const struct field *field)
{
    const char *text = access_to(field);
    const char *scale;

    if (field_is_boolean(shaped, field))
        return text_filled(rules->boolean, "field", text, NULL);
    scale = field_scale(shaped, field);
    return row_number(rules->rows, field->type.scalar,
                      scale ? arena_printf("%s / %s", text, scale) : text);
}

static const char *count_of(const struct field_plan *field)
{
    if (!field->pair)
        return "";
    switch (field->pattern) {
    case PATTERN_OUT_STRINGS:
    case PATTERN_OUT_RECORDS:
        return arena_printf("(int)%s", access_to(field->pair));
    case PATTERN_OUT_CPU_MAP:
        return arena_printf("%s * 8", access_to(field->pair));
    default:
        return access_to(field->pair);
    }
}

const char *record_field_value(const struct record_rules *rules, const struct shaped *shaped,
                               const struct field_plan *field)
{
    const struct row_value value = {
        .pattern = field->pattern,
        .handle = field->handle,
        .record = field->record,
        .name = access_to(field->field),
        .count = count_of(field),
        .parent = "self",
        .cpus = rules->cpus,
    };

    return field->pattern == PATTERN_OUT_SCALAR ? number_field(rules, shaped, field->field)
                                                : row_value(rules->rows, &value);
}

static bool can_be_shown(const struct record_rules *rules, const struct shaped *shaped)
{
    for (size_t i = 0; i < shaped->plan->field_count; i++)
        if (field_is_value(shaped, &shaped->plan->fields[i]) &&
            !*record_field_value(rules, shaped, &shaped->plan->fields[i]))
            return false;
    return shaped->plan->field_count > 0;
}

/* The names of all fields, or of those alone that are values, as literals. */
static const char *names_of(const struct shaped *shaped, bool values_alone)
{
    struct buffer names = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++)
        if (!values_alone || field_is_value(shaped, &shaped->plan->fields[i]))
            buffer_printf(&names, "%s\"%s\"", names.length ? ", " : "",
                          record_attribute(shaped, shaped->plan->fields[i].field));
    return arena_copy(buffer_text(&names));
}

/* "" where the language cannot hand it in. */
static const char *conversions(const struct record_rules *rules, const struct record_plan *plan)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < plan->field_count; i++) {
        const struct field *field = plan->fields[i].field;
        const char *template;

        if (plan->fields[i].pattern == PATTERN_OUT_TEXT)
            template = "text_in(fields[@index@], name, record->@field@, sizeof record->@field@)";
        else if (field->type.kind == TYPE_SCALAR && field->type.scalar == SCALAR_INT)
            template = rules->given_int;
        else
            return "";
        buffer_add(&buffer, i ? rules->given_between : "");
        text_fill(&buffer, template, "index", arena_printf("%zu", i), "field", field->name, NULL);
    }
    buffer_add(&buffer, ";");
    return buffer_text(&buffer);
}

/* ---- functions ---- */

enum body { BODY_ONE, BODY_MANY, BODY_OWN, BODY_GIVEN };

struct part {
    size_t needed; /* offset in struct record_needs */
    const char *head;
    enum body kind;
    const char *body; /* BODY_OWN: itself; BODY_MANY: the expression of one */
};

static const struct part parts[] = {
    {offsetof(struct record_needs, one),
     "@type@record_out_@name@(const @name@ *record, @type@self)", BODY_ONE, ""},
    {offsetof(struct record_needs, block),
     "@type@records_out_@name@(const @name@ *records, int count, @type@self)", BODY_MANY,
     "&records[i]"},
    {offsetof(struct record_needs, list),
     "@type@record_list_out_@name@(@name@ *const *records, int count, @type@self)", BODY_MANY,
     "records[i]"},
    {offsetof(struct record_needs, free_block),
     "void records_free_@name@(@name@ *records, int count)", BODY_OWN,
     "@each@\n"
     "free(records);\n"},
    {offsetof(struct record_needs, free_list),
     "void record_list_free_@name@(@name@ **records, int count)", BODY_OWN,
     "for (int i = 0; i < count; i++)\n"
     "    @free@(records[i]);\n"
     "free(records);\n"},
    {offsetof(struct record_needs, given),
     "@given@record_in_@name@(@type@value, const char *name, @name@ *record)", BODY_GIVEN, ""},
};

static bool is_needed(const struct record_needs *needs, const struct part *part)
{
    return *(const bool *)((const char *)needs + part->needed);
}

static const char *body_of(const struct record_rules *rules, const struct shaped *shaped,
                           const struct part *part)
{
    const struct record_plan *plan = shaped->plan;
    const char *name = plan->record->name;

    switch (part->kind) {
    case BODY_ONE:
        return rules->body(shaped);
    case BODY_MANY:
        return text_filled(merges_records(shaped) ? rules->merged : rules->apart, "name", name,
                           "item", part->body, NULL);
    case BODY_GIVEN:
        return text_filled(rules->given, "name", name, "count",
                           arena_printf("%zu", plan->field_count), "names", names_of(shaped, false),
                           "conversions", conversions(rules, plan), NULL);
    case BODY_OWN:
        break;
    }
    return text_filled(part->body, "each", record_freeing(shaped), "free",
                       plan->free_function ? arena_printf("vir.%s", plan->free_function) : "free",
                       NULL);
}

static void add_tag_key(struct buffer *buffer, const struct record_rules *rules,
                        const struct shaped *shaped)
{
    const struct constant *tag;
    struct buffer cases = {0};
    const char *word;

    for (size_t i = 0; (tag = record_tag(shaped, i, &word)); i++)
        text_fill(&cases, rules->tag_case, "constant", tag->name, "word", word, NULL);
    text_fill(buffer, rules->tag_key, "name", shaped->plan->record->name, "tag",
              shaped->plan->fields[0].field->name, "cases", buffer_text(&cases), NULL);
}

static void add_key(struct buffer *buffer, const struct record_rules *rules,
                    const struct shaped *shaped)
{
    if (shaped->shape == SHAPE_TAGS && rules->tag_key) {
        add_tag_key(buffer, rules, shaped);
        return;
    }
    text_fill(buffer,
              "static @type@key_of_@name@(const @name@ *record)\n"
              "{\n"
              "    return @key@;\n"
              "}\n"
              "\n",
              "type", rules->type, "name", shaped->plan->record->name, "key",
              record_field_value(rules, shaped, &shaped->plan->fields[0]), NULL);
}

/* ---- files ---- */

struct texts {
    struct buffer declarations, bodies, classes;
};

static void add_class(struct texts *texts, const struct record_rules *rules,
                      const struct shaped *shaped)
{
    const char *name = shaped->plan->record->name;

    text_fill(&texts->declarations, rules->class_declaration, "name", name, NULL);
    text_fill(&texts->bodies, rules->class_definition, "name", name, "path",
              fact_text(shaped->fact, 1), "attributes", names_of(shaped, true), NULL);
    buffer_printf(&texts->classes, "&record_class_%s,\n", name);
}

static void add_record(const struct surface *surface, const struct record_rules *rules,
                       const struct record_plan *plan, struct texts *texts)
{
    const struct record_needs needs = record_needs(surface, plan->record);
    const struct shaped shaped = shape_of(surface, plan);

    if ((!needs.one && !needs.given) || !can_be_shown(rules, &shaped))
        return;
    if (shaped.shape == SHAPE_OBJECT && rules->classes)
        add_class(texts, rules, &shaped);
    if (merges_records(&shaped))
        add_key(&texts->bodies, rules, &shaped);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *head;

        if (!is_needed(&needs, &parts[i]))
            continue;
        head = text_filled(parts[i].head, "name", plan->record->name, "type", rules->type, "given",
                           rules->given_type, NULL);
        buffer_printf(&texts->declarations, "%s;\n", head);
        text_fill(&texts->bodies,
                  "@head@\n"
                  "{\n"
                  "    @body@\n"
                  "}\n"
                  "\n",
                  "head", head, "body", body_of(rules, &shaped, &parts[i]), NULL);
    }
}

void emit_records(const struct surface *surface, const struct record_rules *rules,
                  struct output *output)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer header = {0}, source = {0};
    struct texts texts = {0};

    for (size_t i = 0; i < plans->record_plan_count; i++)
        add_record(surface, rules, &plans->record_plans[i], &texts);
    text_fill(
        &header,
        "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
        "/* Generated by libvirt-bindgen: libvirt's structs as @language@ values; `self` is the\n"
        " * object whose connection they belong to. */\n"
        "#pragma once\n"
        "\n"
        "#include \"runtime.h\"\n"
        "\n"
        "@declarations@\n",
        "language", surface->rules->title, "declarations", buffer_text(&texts.declarations), NULL);
    buffer_fit(&header);
    output_add(output, "records.h", &header);
    text_fill(&source,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen. */\n"
              "#include \"records.h\"\n"
              "\n"
              "#include <stdlib.h>\n"
              "#include <string.h>\n"
              "\n"
              "@include@\n"
              "@bodies@\n"
              "@classes@\n",
              "include", rules->include, "bodies", buffer_text(&texts.bodies), "classes",
              rules->classes
                  ? text_filled(rules->classes, "classes", buffer_text(&texts.classes), NULL)
                  : "",
              NULL);
    buffer_fit(&source);
    output_add(output, "records.c", &source);
}
