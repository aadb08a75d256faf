/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's structs as Ruby values. Besides the forms of record_shapes.h:
 *
 *     record virDomainInfo
 *         shape object Libvirt::Domain::Info   # an object of that class with a reader a field
 *         attribute state stateTime            # a reader with another name than the field's
 */
#include <string.h>

#include "emit.h"
#include "emit_rows.h"
#include "record_shapes.h"

static const char *access_to(const struct field *field)
{
    return arena_printf("record->%s", field->name);
}

static const char *number_field(const struct shaped *shaped, const struct field *field)
{
    const char *text = access_to(field);
    const char *scale;

    if (field_is_boolean(shaped, field))
        return arena_printf("%s ? Qtrue : Qfalse", text);
    scale = field_scale(shaped, field);
    return row_number(&ruby_rows, field->type.scalar,
                      scale ? arena_printf("%s / %s", text, scale) : text);
}

/* NULL where Ruby cannot say it. */
static const char *field_text(const struct shaped *shaped, const struct field_plan *field)
{
    const char *text = access_to(field->field);
    const char *count = field->pair ? access_to(field->pair) : "";

    switch (field->pattern) {
    case PATTERN_OUT_SCALAR:
        return number_field(shaped, field->field);
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
        return arena_printf("string_out(%s)", text);
    case PATTERN_OUT_STRINGS:
        return arena_printf("strings_out(%s, (int)%s)", text, count);
    case PATTERN_OUT_RECORDS:
        return arena_printf("records_out_%s(%s, (int)%s, self)", field->record->name, text, count);
    case PATTERN_OUT_CPU_MAP:
        return arena_printf("cpu_map_out(%s, %s * 8)", text, count);
    case PATTERN_OUT_NEW_PARAMS:
        return arena_printf("params_out(%s, %s)", text, count);
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("handle_lent_out(%s, &handle_kind_%s, self)", text,
                            field->handle->name);
    default:
        return NULL;
    }
}

static bool can_be_shown(const struct shaped *shaped)
{
    for (size_t i = 0; i < shaped->plan->field_count; i++)
        if (field_is_value(shaped, &shaped->plan->fields[i]) &&
            !field_text(shaped, &shaped->plan->fields[i]))
            return false;
    return shaped->plan->field_count > 0;
}

/* ---- values ---- */

/* "" where it does; else what tells the compiler that it need not. */
static const char *uses_self(const char *text)
{
    return strstr(text, ", self)") ? "" : "(void)self;\n";
}

static const char *alone(const char *text)
{
    return arena_printf("%sreturn %s;", uses_self(text), text);
}

static const char *as_hash(const struct shaped *shaped, size_t from)
{
    struct buffer items = {0};

    for (size_t i = from; i < shaped->plan->field_count; i++) {
        const struct field_plan *field = &shaped->plan->fields[i];
        const char *text;

        if (!field_is_value(shaped, field))
            continue;
        text = field_text(shaped, field);
        if (field_may_be_none(shaped, field->field))
            buffer_printf(&items, "if (%s)\n    ", access_to(field->field));
        buffer_printf(&items, "pack_key(hash, \"%s\", %s);\n", record_key(shaped, field->field),
                      text);
    }
    return arena_printf("VALUE hash = rb_hash_new();\n\n%s%sreturn hash;",
                        uses_self(buffer_text(&items)), buffer_text(&items));
}

static const char *as_array(const struct shaped *shaped)
{
    struct buffer items = {0};
    size_t count = 0;

    for (size_t i = 0; i < shaped->plan->field_count; i++)
        if (field_is_value(shaped, &shaped->plan->fields[i])) {
            buffer_printf(&items, ",\n    %s", field_text(shaped, &shaped->plan->fields[i]));
            count++;
        }
    return arena_printf("%sreturn rb_ary_new_from_args(%zu%s);", uses_self(buffer_text(&items)),
                        count, buffer_text(&items));
}

static const char *as_object(const struct shaped *shaped)
{
    struct buffer items = {0};
    size_t place = 0;

    for (size_t i = 0; i < shaped->plan->field_count; i++)
        if (field_is_value(shaped, &shaped->plan->fields[i]))
            buffer_printf(&items, "record_set(object, &record_class_%s, %zu, %s);\n",
                          shaped->plan->record->name, place++,
                          field_text(shaped, &shaped->plan->fields[i]));
    return arena_printf("VALUE object = record_new(&record_class_%s);\n\n%s%sreturn object;",
                        shaped->plan->record->name, uses_self(buffer_text(&items)),
                        buffer_text(&items));
}

/* The body that gives the Ruby value of one record that stands for itself. */
static const char *value_text(const struct shaped *shaped)
{
    switch (shaped->shape) {
    case SHAPE_OBJECT:
        return as_object(shaped);
    case SHAPE_LIST:
    case SHAPE_TUPLE:
        return as_array(shaped);
    case SHAPE_KEYED:
        return as_hash(shaped, 1);
    case SHAPE_PAIR:
    case SHAPE_TAGS:
        return alone(field_text(shaped, &shaped->plan->fields[1]));
    case SHAPE_ONLY:
        for (size_t i = 0; i < shaped->plan->field_count; i++)
            if (field_is_value(shaped, &shaped->plan->fields[i]))
                return alone(field_text(shaped, &shaped->plan->fields[i]));
        break;
    case SHAPE_DICT:
        break;
    }
    return as_hash(shaped, 0);
}

/* ---- classes ---- */

static void add_class(struct buffer *header, struct buffer *source, struct buffer *list,
                      const struct shaped *shaped)
{
    struct buffer names = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++)
        if (field_is_value(shaped, &shaped->plan->fields[i]))
            buffer_printf(&names, "\"%s\", ",
                          record_attribute(shaped, shaped->plan->fields[i].field));
    buffer_printf(header, "extern struct record_class record_class_%s;\n",
                  shaped->plan->record->name);
    buffer_printf(source,
                  "struct record_class record_class_%s = {\n"
                  "    .path = \"%s\",\n"
                  "    .attributes = (const char *const[]){%sNULL},\n"
                  "};\n\n",
                  shaped->plan->record->name, fact_text(shaped->fact, 1), buffer_text(&names));
    buffer_printf(list, "&record_class_%s,\n", shaped->plan->record->name);
}

/* ---- C ---- */

struct part {
    size_t needed; /* offset in struct record_needs */
    const char *head;
    const char *list_body; /* where the records stay apart */
    const char *hash_body; /* where they become one hash */
};

#define BODY(container, step)                                                                      \
    "{\n"                                                                                          \
    "    VALUE all = " container ";\n"                                                             \
    "\n"                                                                                           \
    "    for (int i = 0; i < count; i++)\n"                                                        \
    "        " step ";\n"                                                                          \
    "    return all;\n"                                                                            \
    "}\n"

static const struct part parts[] = {
    {offsetof(struct record_needs, one),
     "VALUE record_out_@name@(const @name@ *record, VALUE self)",
     "{\n"
     "    @value@\n"
     "}\n",
     NULL},
    {offsetof(struct record_needs, block),
     "VALUE records_out_@name@(const @name@ *records, int count, VALUE self)",
     BODY("rb_ary_new_capa(count)", "rb_ary_push(all, record_out_@name@(&records[i], self))"),
     BODY("rb_hash_new()",
          "pack_record(all, key_of_@name@(&records[i]), record_out_@name@(&records[i], self))")},
    {offsetof(struct record_needs, list),
     "VALUE record_list_out_@name@(@name@ *const *records, int count, VALUE self)",
     BODY("rb_ary_new_capa(count)", "rb_ary_push(all, record_out_@name@(records[i], self))"),
     BODY("rb_hash_new()",
          "pack_record(all, key_of_@name@(records[i]), record_out_@name@(records[i], self))")},
    {offsetof(struct record_needs, free_block),
     "void records_free_@name@(@name@ *records, int count)",
     "{\n"
     "    @each@\n"
     "    free(records);\n"
     "}\n",
     NULL},
    {offsetof(struct record_needs, free_list),
     "void record_list_free_@name@(@name@ **records, int count)",
     "{\n"
     "    for (int i = 0; i < count; i++)\n"
     "        @free@(records[i]);\n"
     "    free(records);\n"
     "}\n",
     NULL},
    {offsetof(struct record_needs, given),
     "void record_in_@name@(VALUE value, const char *name, @name@ *record)",
     "{\n"
     "    static const char *const names[] = {@names@};\n"
     "    VALUE fields[@count@];\n"
     "\n"
     "    record_fields(value, name, names, fields, @count@);\n"
     "    @conversions@\n"
     "}\n",
     NULL},
};

static void add_key(struct buffer *buffer, const struct shaped *shaped)
{
    text_fill(buffer,
              "static VALUE key_of_@name@(const @name@ *record)\n"
              "{\n"
              "    return @key@;\n"
              "}\n"
              "\n",
              "name", shaped->plan->record->name, "key",
              field_text(shaped, &shaped->plan->fields[0]), NULL);
}

/* "" where Ruby cannot hand it in. */
static const char *conversions(const struct record_plan *plan)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < plan->field_count; i++) {
        const struct field *field = plan->fields[i].field;

        if (plan->fields[i].pattern == PATTERN_OUT_TEXT)
            buffer_printf(&buffer, "text_in(fields[%zu], name, record->%s, sizeof record->%s);\n",
                          i, field->name, field->name);
        else if (field->type.kind == TYPE_SCALAR && field->type.scalar == SCALAR_INT)
            buffer_printf(&buffer, "record->%s = int_in(fields[%zu], name);\n", field->name, i);
        else
            return "";
    }
    return buffer_text(&buffer);
}

/* "model", "doi" */
static const char *names_of(const struct shaped *shaped)
{
    struct buffer names = {0};

    for (size_t i = 0; i < shaped->plan->field_count; i++)
        buffer_printf(&names, "%s\"%s\"", i ? ", " : "",
                      record_attribute(shaped, shaped->plan->fields[i].field));
    return arena_copy(buffer_text(&names));
}

struct texts {
    struct buffer declarations, bodies, classes;
};

static void add_record(const struct surface *surface, const struct record_plan *plan,
                       struct texts *texts)
{
    const char *name = plan->record->name;
    const struct record_needs needs = record_needs(surface, plan->record);
    const struct shaped shaped = shape_of(surface, plan);
    const char *value;

    if ((!needs.one && !needs.given) || !can_be_shown(&shaped))
        return;
    value = value_text(&shaped);
    if (shaped.shape == SHAPE_OBJECT)
        add_class(&texts->declarations, &texts->bodies, &texts->classes, &shaped);
    if (merges_records(&shaped))
        add_key(&texts->bodies, &shaped);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct part *part = &parts[i];
        const char *body =
            merges_records(&shaped) && part->hash_body ? part->hash_body : part->list_body;

        if (!*(const bool *)((const char *)&needs + part->needed))
            continue;
        text_fill(&texts->declarations, arena_printf("%s;\n", part->head), "name", name, NULL);
        text_fill(&texts->bodies, arena_printf("%s\n%s\n", part->head, body), "name", name, "value",
                  value, "each", record_freeing(&shaped), "free",
                  plan->free_function ? arena_printf("vir.%s", plan->free_function) : "free",
                  "count", arena_printf("%zu", plan->field_count), "conversions", conversions(plan),
                  "names", names_of(&shaped), NULL);
    }
}

void ruby_emit_records(const struct surface *surface, struct output *output)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer header = {0}, source = {0};
    struct texts texts = {0};

    for (size_t i = 0; i < plans->record_plan_count; i++)
        add_record(surface, &plans->record_plans[i], &texts);
    text_fill(&header,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: libvirt's structs as Ruby values; `self` is the\n"
              " * object whose connection they belong to. */\n"
              "#pragma once\n"
              "\n"
              "#include \"runtime.h\"\n"
              "\n"
              "@declarations@\n",
              "declarations", buffer_text(&texts.declarations), NULL);
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
              "@bodies@\n"
              "struct record_class *const record_classes[] = {\n"
              "    @classes@\n"
              "    NULL,\n"
              "};\n",
              "bodies", buffer_text(&texts.bodies), "classes", buffer_text(&texts.classes), NULL);
    buffer_fit(&source);
    output_add(output, "records.c", &source);
}
