/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "emit_rows.h"
#include "record_shapes.h"

#include <string.h>

static const char *access_to(const struct field *field)
{
    return arena_printf("record->%s", field->name);
}

static const char *number_field(const struct shaped *shaped, const struct field *field)
{
    const char *text = access_to(field);
    const char *scale;

    if (field_is_boolean(shaped, field))
        return arena_printf("PyBool_FromLong(%s)", text);
    scale = field_scale(shaped, field);
    if (scale)
        text = arena_printf("%s / %s", text, scale);
    return row_number(&python_rows, field->type.scalar, text);
}

/* NULL where Python cannot say it. */
static const char *field_text(const struct shaped *shaped, const struct field_plan *field)
{
    const char *text = access_to(field->field);
    const char *count = field->pair ? access_to(field->pair) : "";
    const char *value;

    switch (field->pattern) {
    case PATTERN_OUT_SCALAR:
        return number_field(shaped, field->field);
    case PATTERN_OUT_TEXT:
    case PATTERN_OUT_STRING:
        return arena_printf("string_out(%s)", text);
    case PATTERN_OUT_STRINGS:
        return arena_printf("strings_out(%s, (int)%s)", text, count);
    case PATTERN_OUT_RECORDS:
        value = arena_printf("records_out_%s(%s, (int)%s, self)", field->record->name, text, count);
        return field_may_be_none(shaped, field->field)
                   ? arena_printf("%s ? %s : Py_NewRef(Py_None)", count, value)
                   : value;
    case PATTERN_OUT_CPU_MAP:
        return arena_printf("cpu_map_list_out(%s, %s * 8)", text, count);
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

static bool uses_self(const char *text)
{
    return strstr(text, ", self)") != NULL;
}

static const char *packed(const struct shaped *shaped, const char *pack, size_t from,
                          bool with_names)
{
    struct buffer items = {0};
    struct buffer names = {0};
    size_t count = 0;

    for (size_t i = from; i < shaped->plan->field_count; i++) {
        const struct field_plan *field = &shaped->plan->fields[i];

        if (!field_is_value(shaped, field))
            continue;
        buffer_printf(&items, "%s,\n", field_text(shaped, field));
        buffer_printf(&names, "%s\"%s\"", count ? ", " : "", field->field->name);
        count++;
    }
    return packed_text(pack, with_names ? buffer_text(&names) : NULL, buffer_text(&items), count);
}

/* The Python value of one record that stands for itself. */
static const char *value_text(const struct shaped *shaped)
{
    switch (shaped->shape) {
    case SHAPE_TUPLE:
        return packed(shaped, "pack_tuple", 0, false);
    case SHAPE_DICT:
        return packed(shaped, "pack_dict", 0, true);
    case SHAPE_KEYED:
        return packed(shaped, "pack_dict", 1, true);
    case SHAPE_PAIR:
    case SHAPE_TAGS:
        return field_text(shaped, &shaped->plan->fields[1]);
    case SHAPE_ONLY:
        for (size_t i = 0; i < shaped->plan->field_count; i++)
            if (field_is_value(shaped, &shaped->plan->fields[i]))
                return field_text(shaped, &shaped->plan->fields[i]);
        break;
    case SHAPE_LIST:
    case SHAPE_OBJECT: /* nobody's in Python */
        break;
    }
    return packed(shaped, "pack_list", 0, false);
}

/* ---- C ---- */

struct part {
    size_t needed; /* offset in struct record_needs */
    const char *head;
    const char *list_body; /* where the records stay apart */
    const char *dict_body; /* where they become one dict */
};

#define BODY(container, step)                                                                      \
    "{\n"                                                                                          \
    "    PyObject *all = " container ";\n"                                                         \
    "\n"                                                                                           \
    "    for (int i = 0; all && i < count; i++)\n"                                                 \
    "        all = " step ";\n"                                                                    \
    "    return all;\n"                                                                            \
    "}\n"

static const struct part parts[] = {
    {offsetof(struct record_needs, one),
     "PyObject *record_out_@name@(const @name@ *record, PyObject *self)",
     "{\n"
     "    @unused@\n"
     "    @value@\n"
     "}\n",
     NULL},
    {offsetof(struct record_needs, block),
     "PyObject *records_out_@name@(const @name@ *records, int count, PyObject *self)",
     BODY("PyList_New(count)", "list_set(all, i, record_out_@name@(&records[i], self))"),
     BODY("PyDict_New()", "dict_set(all, key_of_@name@(&records[i]), "
                          "record_out_@name@(&records[i], self))")},
    {offsetof(struct record_needs, list),
     "PyObject *record_list_out_@name@(@name@ *const *records, int count, PyObject *self)",
     BODY("PyList_New(count)", "list_set(all, i, record_out_@name@(records[i], self))"),
     BODY("PyDict_New()", "dict_set(all, key_of_@name@(records[i]), "
                          "record_out_@name@(records[i], self))")},
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
     "bool record_in_@name@(PyObject *value, const char *name, @name@ *record)",
     "{\n"
     "    PyObject *fields[@count@] = {NULL};\n"
     "    bool complete;\n"
     "\n"
     "    memset(record, 0, sizeof *record);\n"
     "    complete = unpack(value, name, fields, @count@) &&\n"
     "               @conditions@\n"
     "    for (int i = 0; i < @count@; i++)\n"
     "        Py_XDECREF(fields[i]);\n"
     "    return complete;\n"
     "}\n",
     NULL},
};

static bool is_needed(const struct record_needs *needs, const struct part *part)
{
    return *(const bool *)((const char *)needs + part->needed);
}

static void add_tag_key(struct buffer *buffer, const struct shaped *shaped)
{
    const struct constant *tag;
    struct buffer cases = {0};
    const char *word;

    for (size_t i = 0; (tag = record_tag(shaped, i, &word)); i++)
        buffer_printf(&cases, "case %s:\n    return PyUnicode_FromString(\"%s\");\n", tag->name,
                      word);
    text_fill(buffer,
              "/* NULL without an exception: a tag of a newer libvirt, which is left out. */\n"
              "static PyObject *key_of_@name@(const @name@ *record)\n"
              "{\n"
              "    switch (record->@tag@) {\n"
              "    @cases@\n"
              "    default:\n"
              "        return NULL;\n"
              "    }\n"
              "}\n"
              "\n",
              "name", shaped->plan->record->name, "tag", shaped->plan->fields[0].field->name,
              "cases", buffer_text(&cases), NULL);
}

static void add_key(struct buffer *buffer, const struct shaped *shaped)
{
    if (shaped->shape == SHAPE_TAGS) {
        add_tag_key(buffer, shaped);
        return;
    }
    text_fill(buffer,
              "static PyObject *key_of_@name@(const @name@ *record)\n"
              "{\n"
              "    return @key@;\n"
              "}\n"
              "\n",
              "name", shaped->plan->record->name, "key",
              field_text(shaped, &shaped->plan->fields[0]), NULL);
}

/* The conditions under which all fields could be taken; "" where Python cannot hand it in. */
static const char *conditions(const struct record_plan *plan)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < plan->field_count; i++) {
        const struct field *field = plan->fields[i].field;
        const char *end = i + 1 < plan->field_count ? " &&\n" : ";";

        if (plan->fields[i].pattern == PATTERN_OUT_TEXT)
            buffer_printf(&buffer, "text_in(fields[%zu], name, record->%s, sizeof record->%s)%s", i,
                          field->name, field->name, end);
        else if (field->type.kind == TYPE_SCALAR && field->type.scalar == SCALAR_INT)
            buffer_printf(&buffer, "int_in(fields[%zu], name, &record->%s)%s", i, field->name, end);
        else
            return "";
    }
    return buffer_text(&buffer);
}

static void add_record(const struct surface *surface, const struct record_plan *plan,
                       struct buffer *header, struct buffer *source)
{
    const char *name = plan->record->name;
    const struct record_needs needs = record_needs(surface, plan->record);
    const struct shaped shaped = shape_of(surface, plan);
    const char *value;

    if ((!needs.one && !needs.given) || !can_be_shown(&shaped))
        return;
    value = value_text(&shaped);
    if (merges_records(&shaped))
        add_key(source, &shaped);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct part *part = &parts[i];
        const char *body =
            merges_records(&shaped) && part->dict_body ? part->dict_body : part->list_body;

        if (!is_needed(&needs, part))
            continue;
        text_fill(header, arena_printf("%s;\n", part->head), "name", name, NULL);
        text_fill(source, arena_printf("%s\n%s\n", part->head, body), "name", name, "unused",
                  uses_self(value) ? "" : "(void)self;", "value", arena_printf("return %s;", value),
                  "each", record_freeing(&shaped), "free",
                  plan->free_function ? arena_printf("vir.%s", plan->free_function) : "free",
                  "count", arena_printf("%zu", plan->field_count), "conditions", conditions(plan),
                  NULL);
    }
}

void python_emit_records(const struct surface *surface, struct output *output)
{
    const struct plans *plans = surface->emission->plans;
    struct buffer header = {0}, source = {0}, declarations = {0}, bodies = {0};

    for (size_t i = 0; i < plans->record_plan_count; i++)
        add_record(surface, &plans->record_plans[i], &declarations, &bodies);
    text_fill(&header,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: libvirt's structs as Python values; `self` is the\n"
              " * object whose connection they belong to. */\n"
              "#pragma once\n"
              "\n"
              "#include \"runtime.h\"\n"
              "\n"
              "@declarations@\n",
              "declarations", buffer_text(&declarations), NULL);
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
              "#include \"pack.h\"\n"
              "\n"
              "@bodies@\n",
              "bodies", buffer_text(&bodies), NULL);
    buffer_fit(&source);
    output_add(output, "records.c", &source);
}
