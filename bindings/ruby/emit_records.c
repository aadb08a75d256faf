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
#include "record_code.h"

static const struct record_rules rules;

static const char *field_text(const struct shaped *shaped, const struct field_plan *field)
{
    return record_field_value(&rules, shaped, field);
}

/* "" where it does; else what tells the compiler that it need not. */
static const char *uses_self(const char *text)
{
    return strstr(text, ", self)") ? "" : "(void)self;\n";
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
            buffer_printf(&items, "if (record->%s)\n    ", field->field->name);
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

static const char *body(const struct shaped *shaped)
{
    const struct field_plan *alone = record_alone(shaped);

    if (alone)
        return arena_printf("%sreturn %s;", uses_self(field_text(shaped, alone)),
                            field_text(shaped, alone));
    switch (shaped->shape) {
    case SHAPE_OBJECT:
        return as_object(shaped);
    case SHAPE_LIST:
    case SHAPE_TUPLE:
        return as_array(shaped);
    case SHAPE_KEYED:
        return as_hash(shaped, 1);
    default:
        return as_hash(shaped, 0);
    }
}

#define MANY(container, step)                                                                      \
    "VALUE all = " container ";\n"                                                                 \
    "\n"                                                                                           \
    "for (int i = 0; i < count; i++)\n"                                                            \
    "    " step ";\n"                                                                              \
    "return all;\n"

static const struct record_rules rules = {
    .rows = &ruby_rows,
    .type = "VALUE ",
    .include = "",
    .boolean = "@field@ ? Qtrue : Qfalse",
    .body = body,
    .apart = MANY("rb_ary_new_capa(count)", "rb_ary_push(all, record_out_@name@(@item@, self))"),
    .merged = MANY("rb_hash_new()",
                   "pack_record(all, key_of_@name@(@item@), record_out_@name@(@item@, self))"),
    .given_type = "void ",
    .given = "static const char *const names[] = {@names@};\n"
             "VALUE fields[@count@];\n"
             "\n"
             "record_fields(value, name, names, fields, @count@);\n"
             "@conversions@\n",
    .given_int = "record->@field@ = int_in(fields[@index@], name)",
    .given_between = ";\n",
    .class_declaration = "extern struct record_class record_class_@name@;\n",
    .class_definition = "struct record_class record_class_@name@ = {\n"
                        "    .path = \"@path@\",\n"
                        "    .attributes = (const char *const[]){@attributes@, NULL},\n"
                        "};\n"
                        "\n",
    .classes = "struct record_class *const record_classes[] = {\n"
               "    @classes@\n"
               "    NULL,\n"
               "};\n",
};

void ruby_emit_records(const struct surface *surface, struct output *output)
{
    emit_records(surface, &rules, output);
}
