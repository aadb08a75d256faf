/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit_rows.h"

#include <string.h>

static const char *const writers[SCALAR_COUNT] = {
    [SCALAR_CHAR] = "INT2FIX",    [SCALAR_UCHAR] = "INT2FIX",  [SCALAR_USHORT] = "INT2FIX",
    [SCALAR_INT] = "INT2NUM",     [SCALAR_UINT] = "UINT2NUM",  [SCALAR_LONG] = "LONG2NUM",
    [SCALAR_ULONG] = "ULONG2NUM", [SCALAR_LLONG] = "LL2NUM",   [SCALAR_ULLONG] = "ULL2NUM",
    [SCALAR_SIZE] = "SIZET2NUM",  [SCALAR_DOUBLE] = "DBL2NUM",
};

/* `name` is where the variable stands: frame->xml. */
static const struct row in_rows[] = {
    {PATTERN_HANDLE, {.enter = "@name@ = handle_enter(@value@, &handle_kind_@handle@, @text@);"}},
    {PATTERN_NULLABLE_HANDLE,
     {.enter = "@name@ = NIL_P(@value@)\n"
               "    ? NULL\n"
               "    : handle_enter(@value@, &handle_kind_@handle@, @text@);"}},
    {PATTERN_HANDLE_LIST,
     {.enter = "handles_enter(&@value@, &handle_kind_@handle@, @text@, &@name@);",
      .release = "if (@name@)\n    handles_leave(@name@, @value@);"}},
    {PATTERN_BOOL, {.convert = "@name@ = bool_in(@value@, @text@);"}},
    {PATTERN_STRING, {.convert = "@name@ = string_in(&@value@, @text@);"}},
    {PATTERN_NULLABLE_STRING, {.convert = "@name@ = nullable_string_in(&@value@, @text@);"}},
    {PATTERN_STRINGS,
     {.convert = "strings_in(&@value@, @text@, @nullable@, &@name@, &@name@_count);",
      .release = "free(@name@);"}},
    {PATTERN_UUID, {.convert = "uuid_in(@value@, @text@, @name@);"}},
    {PATTERN_BYTES,
     {.declare = "struct bytes @field@;", .convert = "@name@ = bytes_in(&@value@, @text@);"}},
    {PATTERN_SECRET,
     {.declare = "struct bytes @field@;",
      .convert = "secret_in(@value@, @text@, &@name@);",
      .release = "secret_release(&@name@);"}},
    {PATTERN_CPU_MAP,
     {.convert = "cpu_list_in(@parent@, @value@, @text@, &@name@, &@name@_length);"}},
    {PATTERN_NUMBERS, {.convert = "@list@_in(@value@, @text@, &@name@, &@name@_count);"}},
    {PATTERN_FILE_DESCRIPTORS,
     {.convert = "descriptors_in(@value@, @text@, @nullable@, &@name@, &@name@_count);"}},
    {PATTERN_PARAMS, {.convert = "params_in(@value@, @text@, &@keys@, @nullable@, &@name@);"}},
    {PATTERN_RECORD, {.convert = "record_in_@record@(@value@, @text@, &@name@);"}},
};

static const struct row out_rows[] = {
    {PATTERN_OUT_HANDLES,
     {.release = "if (@name@)\n"
                 "    new_handles_free((void **)@name@, @count@, &handle_kind_@handle@);"}},
};

static const struct row result_rows[] = {
    {PATTERN_YES_NO, {.collect = "@result@ ? Qtrue : Qfalse"}},
    /* Made before the call, and filled at once: whatever goes wrong behind it, the object has it.
     */
    {PATTERN_OWNED_HANDLE,
     {.declare = "VALUE made;",
      .prepare = "frame->made = new_handle(&handle_kind_@handle@, @parent@);",
      .collect = "frame->made"}},
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

const struct rows ruby_rows = {
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
    .writers = writers,
    .nothing = "Qnil",
    .zeroed = true,
};

bool ruby_has_row(enum pattern pattern)
{
    return rows_have(&ruby_rows, pattern);
}

/* What keeps the connection of new objects alive where no object is given: the first of a list. */
static const char *first_of_list(const struct ruby_place *place)
{
    const struct bound_function *function = place->function;

    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct step *step = function->parameters[i].step;
        if (step && step->pattern == PATTERN_HANDLE_LIST)
            return arena_printf("rb_ary_entry(%sgiven[%zu], 0)", place->variables, i);
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
        .parent = bound_parent(place->function, place->function->self_is_argument, place->variables,
                               first_of_list(place)),
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
        as_descriptor(as_switch(row_in(&ruby_rows, step, &filling), step, place), step, place);

    return with_default(row, step, place);
}

struct row_text ruby_row_out(const struct step *step, const struct ruby_place *place)
{
    const struct row_place filling = place_of(place);

    return row_out(&ruby_rows, step, &filling);
}

struct row_text ruby_row_result(const struct step *step, const struct ruby_place *place)
{
    const struct row_place filling = place_of(place);

    return row_result(&ruby_rows, step, &filling);
}
