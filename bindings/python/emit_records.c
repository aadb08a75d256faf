/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "emit_rows.h"
#include "record_code.h"

static const struct record_rules rules;

static const char *field_text(const struct shaped *shaped, const struct field_plan *field)
{
    const char *text = record_field_value(&rules, shaped, field);

    return field->pattern == PATTERN_OUT_RECORDS && field_may_be_none(shaped, field->field)
               ? row_or_nothing(rules.rows, arena_printf("record->%s", field->pair->name), text)
               : text;
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
    const struct field_plan *alone = record_alone(shaped);

    if (alone)
        return field_text(shaped, alone);
    switch (shaped->shape) {
    case SHAPE_TUPLE:
        return packed(shaped, "pack_tuple", 0, false);
    case SHAPE_DICT:
        return packed(shaped, "pack_dict", 0, true);
    case SHAPE_KEYED:
        return packed(shaped, "pack_dict", 1, true);
    default:
        return packed(shaped, "pack_list", 0, false);
    }
}

static const char *body(const struct shaped *shaped)
{
    const char *value = value_text(shaped);

    return arena_printf("%sreturn %s;", strstr(value, ", self)") ? "" : "(void)self;\n", value);
}

#define MANY(container, step)                                                                      \
    "PyObject *all = " container ";\n"                                                             \
    "\n"                                                                                           \
    "for (int i = 0; all && i < count; i++)\n"                                                     \
    "    all = " step ";\n"                                                                        \
    "return all;\n"

static const struct record_rules rules = {
    .rows = &python_rows,
    .type = "PyObject *",
    .include = "#include \"pack.h\"\n\n",
    .boolean = "PyBool_FromLong(@field@)",
    .cpus = "cpu_map_list_out",
    .body = body,
    .apart = MANY("PyList_New(count)", "list_set(all, i, record_out_@name@(@item@, self))"),
    .merged = MANY("PyDict_New()",
                   "dict_set(all, key_of_@name@(@item@), record_out_@name@(@item@, self))"),
    .tag_key = "/* NULL without an exception: a tag of a newer libvirt, which is left out. */\n"
               "static PyObject *key_of_@name@(const @name@ *record)\n"
               "{\n"
               "    switch (record->@tag@) {\n"
               "    @cases@\n"
               "    default:\n"
               "        return NULL;\n"
               "    }\n"
               "}\n"
               "\n",
    .tag_case = "case @constant@:\n"
                "    return PyUnicode_FromString(\"@word@\");\n",
    .given_type = "bool ",
    .given = "PyObject *fields[@count@] = {NULL};\n"
             "bool complete;\n"
             "\n"
             "memset(record, 0, sizeof *record);\n"
             "complete = unpack(value, name, fields, @count@) &&\n"
             "           @conversions@\n"
             "for (int i = 0; i < @count@; i++)\n"
             "    Py_XDECREF(fields[i]);\n"
             "return complete;\n",
    .given_int = "int_in(fields[@index@], name, &record->@field@)",
    .given_between = " &&\n",
};

void python_emit_records(const struct surface *surface, struct output *output)
{
    emit_records(surface, &rules, output);
}
