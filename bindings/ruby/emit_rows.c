/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit_rows.h"

#include <string.h>

static const struct row_scalar scalars[SCALAR_COUNT] = {
    [SCALAR_CHAR] = {"int_in", "INT2FIX", NULL},
    [SCALAR_UCHAR] = {"int_in", "INT2FIX", NULL},
    [SCALAR_USHORT] = {"int_in", "INT2FIX", NULL},
    [SCALAR_INT] = {"int_in", "INT2NUM", "ints"},
    [SCALAR_UINT] = {"uint_in", "UINT2NUM", "uints"},
    [SCALAR_LONG] = {"long_in", "LONG2NUM", NULL},
    [SCALAR_ULONG] = {"ulong_in", "ULONG2NUM", NULL},
    [SCALAR_LLONG] = {"llong_in", "LL2NUM", NULL},
    [SCALAR_ULLONG] = {"ullong_in", "ULL2NUM", "ullongs"},
    [SCALAR_SIZE] = {"size_in", "SIZET2NUM", NULL},
    [SCALAR_DOUBLE] = {"double_in", "DBL2NUM", NULL},
};

char *ruby_number(enum scalar scalar, const char *expression)
{
    return arena_printf("%s(%s)", scalars[scalar].write, expression);
}

/* `name` is where the variable stands: frame->xml. */
static const struct row in_rows[] = {
    {PATTERN_HANDLE,
     {.declare = "@handle@ *@field@;",
      .enter = "@name@ = handle_enter(@value@, &handle_kind_@handle@, @text@);",
      .argument = "@name@",
      .release = "if (@name@)\n    handle_leave(@value@);"}},
    {PATTERN_NULLABLE_HANDLE,
     {.declare = "@handle@ *@field@;",
      .enter = "@name@ = NIL_P(@value@)\n"
               "    ? NULL\n"
               "    : handle_enter(@value@, &handle_kind_@handle@, @text@);",
      .argument = "@name@",
      .release = "if (@name@)\n    handle_leave(@value@);"}},
    {PATTERN_HANDLE_LIST,
     {.declare = "void **@field@;",
      .enter = "handles_enter(&@value@, &handle_kind_@handle@, @text@, &@name@);",
      .argument = "(@handle@ **)@name@",
      .release = "if (@name@)\n    handles_leave(@name@, @value@);"}},
    {PATTERN_BOOL,
     {.declare = "@type@ @field@;",
      .convert = "@name@ = bool_in(@value@, @text@);",
      .argument = "@name@"}},
    {PATTERN_STRING,
     {.declare = "const char *@field@;",
      .convert = "@name@ = string_in(&@value@, @text@);",
      .argument = "@cast@@name@"}},
    {PATTERN_NULLABLE_STRING,
     {.declare = "const char *@field@;",
      .convert = "@name@ = nullable_string_in(&@value@, @text@);",
      .argument = "@cast@@name@"}},
    {PATTERN_STRINGS,
     {.declare = "char **@field@;\nunsigned int @field@_count;",
      .convert = "strings_in(&@value@, @text@, @nullable@, &@name@, &@name@_count);",
      .argument = "(@type@)@name@",
      .length = "@name@_count",
      .release = "free(@name@);"}},
    {PATTERN_UUID,
     {.declare = "unsigned char @field@[VIR_UUID_BUFLEN];",
      .convert = "uuid_in(@value@, @text@, @name@);",
      .argument = "@name@"}},
    {PATTERN_BYTES,
     {.declare = "struct bytes @field@;",
      .convert = "@name@ = bytes_in(&@value@, @text@);",
      .argument = "@cast@@name@.data",
      .length = "@name@.length"}},
    {PATTERN_SECRET,
     {.declare = "struct bytes @field@;",
      .convert = "secret_in(@value@, @text@, &@name@);",
      .argument = "@cast@@name@.data",
      .length = "@name@.length",
      .release = "secret_release(&@name@);"}},
    {PATTERN_CPU_MAP,
     {.declare = "unsigned char *@field@;\nint @field@_length;",
      .convert = "cpu_list_in(@parent@, @value@, @text@, &@name@, &@name@_length);",
      .argument = "@name@",
      .length = "@name@_length",
      .release = "free(@name@);"}},
    {PATTERN_NUMBERS,
     {.declare = "@type@@field@;\nunsigned int @field@_count;",
      .convert = "@list@_in(@value@, @text@, &@name@, &@name@_count);",
      .argument = "@name@",
      .length = "@name@_count",
      .release = "free(@name@);"}},
    {PATTERN_FILE_DESCRIPTORS,
     {.declare = "int *@field@;\nunsigned int @field@_count;",
      .convert = "descriptors_in(@value@, @text@, @nullable@, &@name@, &@name@_count);",
      .argument = "@name@",
      .length = "@name@_count",
      .release = "free(@name@);"}},
    {PATTERN_PARAMS,
     {.declare = "struct params @field@;",
      .convert = "params_in(@value@, @text@, &@keys@, @nullable@, &@name@);",
      .argument = "@name@.items",
      .length = "@name@.count",
      .release = "params_release(&@name@);"}},
    {PATTERN_RECORD,
     {.declare = "@record@ @field@;",
      .convert = "record_in_@record@(@value@, @text@, &@name@);",
      .argument = "&@name@"}},
};

static const struct row out_rows[] = {
    {PATTERN_OUT_SCALAR,
     {.declare = "@type@ @field@;", .argument = "&@name@", .collect = "@write@(@name@)"}},
    {PATTERN_OUT_RECORD,
     {.declare = "@record@ @field@;",
      .argument = "&@name@",
      .collect = "record_out_@record@(&@name@, @parent@)"}},
    {PATTERN_OUT_RECORD_SIZED,
     {.declare = "@record@ @field@;",
      .argument = "&@name@",
      .collect = "record_out_@record@(&@name@, @parent@)"}},
    {PATTERN_OUT_TEXT,
     {.declare = "char @field@[VIR_UUID_STRING_BUFLEN];",
      .argument = "@name@",
      .collect = "string_out(@name@)"}},
    {PATTERN_OUT_UUID,
     {.declare = "unsigned char @field@[VIR_UUID_BUFLEN];",
      .argument = "@name@",
      .collect = "bytes_out(@name@, sizeof @name@)"}},
    {PATTERN_OUT_NAMES,
     {.declare = "char **@field@;",
      .argument = "&@name@",
      .collect = "strings_out(@name@, @count@)",
      .release = "if (@name@)\n    strings_free(@name@, @count@);"}},
    {PATTERN_OUT_NUMBERS,
     {.declare = "@type@ *@field@;",
      .argument = "&@name@",
      .collect = "@list@_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_RECORDS,
     {.declare = "@record@ *@field@;",
      .argument = "&@name@",
      .collect = "records_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    records_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_RECORDS_TWO_CALLS,
     {.declare = "@record@ *@field@;",
      .argument = "&@name@",
      .collect = "records_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    records_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_RECORD_BLOCK,
     {.declare = "@record@ *@field@;",
      .argument = "&@name@",
      .collect = "records_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    records_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_RECORD_LIST,
     {.declare = "@record@ **@field@;",
      .argument = "&@name@",
      .collect = "record_list_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    record_list_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_STATS,
     {.declare = "@record@ **@field@;",
      .argument = "&@name@",
      .collect = "record_list_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    vir.@free@(@name@);"}},
    {PATTERN_OUT_PARAMS,
     {.declare = "@record@ *@field@;",
      .argument = "&@name@",
      .collect = "params_out(@name@, @count@)",
      .release = "params_free(@name@, @count@);"}},
    {PATTERN_OUT_NEW_PARAMS,
     {.declare = "@record@ *@field@;",
      .argument = "&@name@",
      .collect = "params_out(@name@, @count@)",
      .release = "params_free(@name@, @count@);"}},
    {PATTERN_OUT_PARAMS_BY_CPU,
     {.declare = "@record@ *@field@;",
      .argument = "&@name@",
      .collect = "params_by_cpu_out(@name@, @pair@, @count@)",
      .release = "params_free(@name@, @pair@ * @count@);"}},
    {PATTERN_OUT_CPU_MAP,
     {.declare = "unsigned char *@field@;",
      .argument = "&@name@",
      .collect = "cpu_map_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_NEW_CPU_MAP,
     {.declare = "unsigned char *@field@;",
      .argument = "&@name@",
      .collect = "cpu_map_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_CPU_MAPS,
     {.declare = "unsigned char *@field@;",
      .argument = "&@name@",
      .collect = "cpu_maps_out(@name@, @count@, @pair@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_BYTES,
     {.declare = "void *@field@;",
      .argument = "&@name@",
      .collect = "bytes_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_HANDLES,
     {.declare = "@handle@ **@field@;",
      .argument = "&@name@",
      .collect = "new_handles_out((void **)@name@, @count@, &handle_kind_@handle@, @parent@)",
      .release = "if (@name@)\n"
                 "    new_handles_free((void **)@name@, @count@, &handle_kind_@handle@);"}},
    {PATTERN_OUT_STRINGS,
     {.declare = "char **@field@;",
      .argument = "&@name@",
      .collect = "strings_out(@name@, @count@)",
      .release = "if (@name@)\n    strings_free(@name@, @count@);"}},
    {PATTERN_OUT_STRING,
     {.declare = "char *@field@;",
      .argument = "&@name@",
      .collect = "string_out(@name@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_FILE_DESCRIPTORS,
     {.declare = "int *@field@;",
      .argument = "&@name@",
      .collect = "ints_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_LENGTH, {.declare = "@type@ @field@;", .argument = "&@name@"}},
};

/* The variable of the result is declared by the glue. */
static const struct row result_rows[] = {
    {PATTERN_COUNT, {.collect = "@write@(@result@)"}},
    {PATTERN_YES_NO, {.collect = "@result@ ? Qtrue : Qfalse"}},
    {PATTERN_STATE, {.collect = "@write@(@result@)"}},
    {PATTERN_NUMBER, {.collect = "@write@(@result@)"}},
    {PATTERN_STATUS, {.collect = "@write@(@result@)"}},
    {PATTERN_OWNED_STRING, {.collect = "string_out(@result@)", .release = "free(@result@);"}},
    {PATTERN_BORROWED_STRING, {.collect = "string_out(@result@)"}},
    {PATTERN_OWNED_HANDLE,
     {.collect = "new_handle_out((void **)&@result@, &handle_kind_@handle@, @parent@)",
      .release = "if (@result@)\n    new_handle_free(@result@, &handle_kind_@handle@);"}},
    {PATTERN_OWNED_BYTES,
     {.collect = "bytes_out(@result@, @count@)", .release = "free_wiped(@result@, @count@);"}},
    {PATTERN_NOTHING, {.collect = ""}},
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct rows rows = {
    .language = "Ruby",
    .in = in_rows,
    .in_count = COUNT_OF(in_rows),
    .out = out_rows,
    .out_count = COUNT_OF(out_rows),
    .result = result_rows,
    .result_count = COUNT_OF(result_rows),
    .number = {.declare = "@type@ @field@;",
               .convert = "@name@ = @read@(@value@, @text@);",
               .argument = "@name@"},
    .scalars = scalars,
};

bool ruby_has_row(enum pattern pattern)
{
    return rows_have(&rows, pattern);
}

/* What keeps the connection of new objects alive: the first object given. */
static const char *object_expression(const struct ruby_place *place)
{
    const struct bound_function *function = place->function;

    if (function->self_is_argument)
        return arena_printf("%sself", place->variables);
    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct step *step = function->parameters[i].step;
        if (step && step->pattern == PATTERN_HANDLE)
            return arena_printf("%sgiven[%zu]", place->variables, i);
    }
    return "Qnil";
}

static struct row_place place_of(const struct ruby_place *place)
{
    return (struct row_place){
        .plan = place->function->plan,
        .value = place->value,
        .text = place->text ? arena_printf("\"%s\"", place->text) : "NULL",
        .result = place->result,
        .parent = object_expression(place),
        .variables = place->variables,
    };
}

static const char *number_or(const char *convert, const struct step *step,
                             const struct ruby_place *place)
{
    const char *set =
        place->fallback && !text_equal(place->fallback, "0")
            ? arena_printf("%s%s = %s;\n", place->variables, step->parameter->name, place->fallback)
            : "";

    return arena_printf("%sif (!NIL_P(%s))\n    %s", set, place->value, convert);
}

/* What may be left out has its default where it is nil. */
static struct row_text with_default(struct row_text row, const struct step *step,
                                    const struct ruby_place *place)
{
    const bool has_default = place->fallback || step->pattern == PATTERN_FLAGS;

    if (!has_default || !*row.convert)
        return row;
    if (pattern_is_number(step->pattern))
        row.convert = number_or(row.convert, step, place);
    else if (text_equal(place->fallback, "[]"))
        row.convert = arena_printf("if (NIL_P(%s))\n    %s = rb_ary_new();\n%s", place->value,
                                   place->value, row.convert);
    return row;
}

/* A number that says yes or no. */
static struct row_text as_switch(struct row_text row, const struct step *step,
                                 const struct ruby_place *place)
{
    if (step->pattern == PATTERN_BOOL)
        row.convert = arena_printf("%s%s = bool_in(%s, \"%s\");", place->variables,
                                   step->parameter->name, place->value, place->text);
    return row;
}

/* An IO stands for its number. */
static struct row_text as_descriptor(struct row_text row, const struct step *step,
                                     const struct ruby_place *place)
{
    if (surface_has_fact(place->surface, place->function->plan->function->name, "descriptor",
                         step->parameter->name, NULL))
        row.convert = arena_printf("%s%s = descriptor_in(%s, \"%s\");", place->variables,
                                   step->parameter->name, place->value, place->text);
    return row;
}

struct row_text ruby_row_in(const struct step *step, const struct ruby_place *place)
{
    const struct row_place filling = place_of(place);
    const struct row_text row =
        as_descriptor(as_switch(row_in(&rows, step, &filling), step, place), step, place);

    return with_default(row, step, place);
}

struct row_text ruby_row_out(const struct step *step, const struct ruby_place *place)
{
    const struct row_place filling = place_of(place);

    return row_out(&rows, step, &filling);
}

struct row_text ruby_row_result(const struct step *step, const struct ruby_place *place)
{
    const struct row_place filling = place_of(place);

    return row_result(&rows, step, &filling);
}
