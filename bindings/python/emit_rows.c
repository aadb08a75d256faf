/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit_rows.h"

#include <string.h>

static const struct row_scalar scalars[SCALAR_COUNT] = {
    [SCALAR_CHAR] = {"int_in", "PyLong_FromLong", NULL},
    [SCALAR_UCHAR] = {"int_in", "PyLong_FromLong", NULL},
    [SCALAR_USHORT] = {"int_in", "PyLong_FromLong", NULL},
    [SCALAR_INT] = {"int_in", "PyLong_FromLong", "ints"},
    [SCALAR_UINT] = {"uint_in", "PyLong_FromUnsignedLong", "uints"},
    [SCALAR_LONG] = {"long_in", "PyLong_FromLong", NULL},
    [SCALAR_ULONG] = {"ulong_in", "PyLong_FromUnsignedLong", NULL},
    [SCALAR_LLONG] = {"llong_in", "PyLong_FromLongLong", NULL},
    [SCALAR_ULLONG] = {"ullong_in", "PyLong_FromUnsignedLongLong", "ullongs"},
    [SCALAR_SIZE] = {"size_in", "PyLong_FromSize_t", NULL},
    [SCALAR_DOUBLE] = {"double_in", "PyFloat_FromDouble", NULL},
};

char *number_out_text(enum scalar scalar, const char *expression)
{
    return arena_printf("%s(%s)", scalars[scalar].write, expression);
}

char *packed_text(const char *pack, const char *names, const char *items, size_t count)
{
    return text_filled("@pack@(\n"
                       "    @names@\n"
                       "    (PyObject *[]){\n"
                       "        @items@\n"
                       "    },\n"
                       "    @count@)",
                       "pack", pack, "names",
                       names ? arena_printf("(const char *const[]){%s},", names) : "", "items",
                       items, "count", arena_printf("%zu", count), NULL);
}

static const struct row in_rows[] = {
    {PATTERN_HANDLE,
     {.declare = "@handle@ *@name@ = NULL;",
      .enter = "(@name@ = handle_enter(@value@, &handle_kind_@handle@, \"@text@\"))",
      .argument = "@name@",
      .release = "if (@name@)\n    handle_leave(@value@);"}},
    {PATTERN_NULLABLE_HANDLE,
     {.declare = "void *@name@ = NULL;\nPyObject *@name@_object = NULL;",
      .enter = "handle_enter_nullable(@value@, &handle_kind_@handle@, \"@text@\", &@name@,\n"
               "                      &@name@_object)",
      .argument = "@name@",
      .release = "if (@name@_object)\n    handle_leave(@name@_object);"}},
    {PATTERN_HANDLE_LIST,
     {.declare = "void **@name@ = NULL;\nPyObject *@name@_objects = NULL;",
      .enter = "handles_enter(@value@, &handle_kind_@handle@, \"@text@\", &@name@, "
               "&@name@_objects)",
      .argument = "(@handle@ **)@name@",
      .release = "if (@name@)\n    handles_leave(@name@, @name@_objects);"}},
    {PATTERN_STRING,
     {.declare = "const char *@name@ = NULL;\nvoid *@name@_memory = NULL;",
      .convert = "string_in(@value@, \"@text@\", &@name@, &@name@_memory)",
      .argument = "@cast@@name@",
      .release = "PyMem_Free(@name@_memory);"}},
    {PATTERN_NULLABLE_STRING,
     {.declare = "const char *@name@ = NULL;\nvoid *@name@_memory = NULL;",
      .convert = "nullable_string_in(@value@, \"@text@\", &@name@, &@name@_memory)",
      .argument = "@cast@@name@",
      .release = "PyMem_Free(@name@_memory);"}},
    {PATTERN_STRINGS,
     {.declare = "char **@name@ = NULL;\nunsigned int @name@_count = 0;",
      .convert = "strings_in(@value@, \"@text@\", @nullable@, &@name@, &@name@_count)",
      .argument = "(@type@)@name@",
      .length = "@name@_count",
      .release = "strings_in_release(@name@, @name@_count);"}},
    {PATTERN_UUID,
     {.declare = "unsigned char @name@[VIR_UUID_BUFLEN];",
      .convert = "uuid_in(@value@, \"@text@\", @name@)",
      .argument = "@name@"}},
    {PATTERN_BYTES,
     {.declare = "struct buffer_in @name@ = {0};",
      .convert = "bytes_in(@value@, \"@text@\", &@name@)",
      .argument = "@cast@@name@.data",
      .length = "@name@.length",
      .release = "buffer_in_release(&@name@);"}},
    {PATTERN_SECRET,
     {.declare = "struct buffer_in @name@ = {0};",
      .convert = "secret_in(@value@, \"@text@\", &@name@)",
      .argument = "@cast@@name@.data",
      .length = "@name@.length",
      .release = "buffer_in_release(&@name@);"}},
    {PATTERN_CPU_MAP,
     {.declare = "unsigned char *@name@ = NULL;\nint @name@_length = 0;",
      .convert = "cpu_map_in(self, @value@, \"@text@\", &@name@, &@name@_length)",
      .argument = "@name@",
      .length = "@name@_length",
      .release = "PyMem_Free(@name@);"}},
    {PATTERN_NUMBERS,
     {.declare = "@type@@name@ = NULL;\nunsigned int @name@_count = 0;",
      .convert = "@list@_in(@value@, \"@text@\", &@name@, &@name@_count)",
      .argument = "@name@",
      .length = "@name@_count",
      .release = "PyMem_Free(@name@);"}},
    {PATTERN_FILE_DESCRIPTORS,
     {.declare = "int *@name@ = NULL;\nunsigned int @name@_count = 0;",
      .convert = "ints_in(@value@, \"@text@\", &@name@, &@name@_count)",
      .argument = "@name@",
      .length = "@name@_count",
      .release = "PyMem_Free(@name@);"}},
    {PATTERN_PARAMS,
     {.declare = "struct params @name@ = {0};",
      .convert = "params_in(@value@, \"@text@\", &@keys@, @nullable@,\n"
                 "          &@name@)",
      .argument = "@name@.items",
      .length = "@name@.count",
      .release = "params_release(&@name@);"}},
    {PATTERN_RECORD,
     {.declare = "@record@ @name@;",
      .convert = "record_in_@record@(@value@, \"@text@\", &@name@)",
      .argument = "&@name@"}},
};

static const struct row out_rows[] = {
    {PATTERN_OUT_SCALAR,
     {.declare = "@type@ @name@ = 0;", .argument = "&@name@", .collect = "@write@(@name@)"}},
    {PATTERN_OUT_RECORD,
     {.declare = "@record@ @name@;",
      .prepare = "memset(&@name@, 0, sizeof @name@);",
      .argument = "&@name@",
      .collect = "record_out_@record@(&@name@, @parent@)"}},
    {PATTERN_OUT_RECORD_SIZED,
     {.declare = "@record@ @name@;",
      .prepare = "memset(&@name@, 0, sizeof @name@);",
      .argument = "&@name@",
      .collect = "record_out_@record@(&@name@, @parent@)"}},
    {PATTERN_OUT_TEXT,
     {.declare = "char @name@[VIR_UUID_STRING_BUFLEN] = \"\";",
      .argument = "@name@",
      .collect = "string_out(@name@)"}},
    {PATTERN_OUT_UUID,
     {.declare = "unsigned char @name@[VIR_UUID_BUFLEN];",
      .argument = "@name@",
      .collect = "bytes_out(@name@, sizeof @name@)"}},
    {PATTERN_OUT_NAMES,
     {.declare = "char **@name@ = NULL;",
      .argument = "&@name@",
      .collect = "strings_out(@name@, @count@)",
      .release = "if (@name@)\n    strings_free(@name@, @count@);"}},
    {PATTERN_OUT_NUMBERS,
     {.declare = "@type@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "@list@_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_RECORDS,
     {.declare = "@record@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "records_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    records_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_RECORDS_TWO_CALLS,
     {.declare = "@record@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "records_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    records_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_RECORD_BLOCK,
     {.declare = "@record@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "records_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    records_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_RECORD_LIST,
     {.declare = "@record@ **@name@ = NULL;",
      .argument = "&@name@",
      .collect = "record_list_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    record_list_free_@record@(@name@, @count@);"}},
    {PATTERN_OUT_STATS,
     {.declare = "@record@ **@name@ = NULL;",
      .argument = "&@name@",
      .collect = "record_list_out_@record@(@name@, @count@, @parent@)",
      .release = "if (@name@)\n    vir.@free@(@name@);"}},
    {PATTERN_OUT_PARAMS,
     {.declare = "@record@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "params_out(@name@, @count@)",
      .release = "params_free(@name@, @count@);"}},
    {PATTERN_OUT_NEW_PARAMS,
     {.declare = "@record@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "params_out(@name@, @count@)",
      .release = "params_free(@name@, @count@);"}},
    {PATTERN_OUT_PARAMS_BY_CPU,
     {.declare = "@record@ *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "params_by_cpu_out(@name@, @pair@, @count@)",
      .release = "params_free(@name@, @pair@ * @count@);"}},
    {PATTERN_OUT_CPU_MAP,
     {.declare = "unsigned char *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "@cpus@(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_NEW_CPU_MAP,
     {.declare = "unsigned char *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "@cpus@(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_CPU_MAPS,
     {.declare = "unsigned char *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "cpu_maps_out(@name@, @count@, @pair@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_BYTES,
     {.declare = "void *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "bytes_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_HANDLES,
     {.declare = "@handle@ **@name@ = NULL;",
      .argument = "&@name@",
      .collect = "new_handles_out((void **)@name@, @count@, &handle_kind_@handle@, @parent@)"}},
    {PATTERN_OUT_STRINGS,
     {.declare = "char **@name@ = NULL;",
      .argument = "&@name@",
      .collect = "strings_out(@name@, @count@)",
      .release = "if (@name@)\n    strings_free(@name@, @count@);"}},
    {PATTERN_OUT_STRING,
     {.declare = "char *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "string_out(@name@)",
      .release = "free(@name@);"}},
    {PATTERN_OUT_FILE_DESCRIPTORS,
     {.declare = "int *@name@ = NULL;",
      .argument = "&@name@",
      .collect = "ints_out(@name@, @count@)",
      .release = "free(@name@);"}},
    {PATTERN_LENGTH, {.declare = "@type@ @name@ = 0;", .argument = "&@name@"}},
};

/* The variable of the result is declared by the glue. */
static const struct row result_rows[] = {
    {PATTERN_COUNT, {.collect = "@write@(@result@)"}},
    {PATTERN_YES_NO, {.collect = "@write@(@result@)"}},
    {PATTERN_STATE, {.collect = "@write@(@result@)"}},
    {PATTERN_NUMBER, {.collect = "@write@(@result@)"}},
    {PATTERN_STATUS, {.collect = "@write@(@result@)"}},
    {PATTERN_OWNED_STRING, {.collect = "string_out(@result@)", .release = "free(@result@);"}},
    {PATTERN_BORROWED_STRING, {.collect = "string_out(@result@)"}},
    {PATTERN_OWNED_HANDLE,
     {.collect = "new_handle_out(@result@, &handle_kind_@handle@, @parent@)"}},
    {PATTERN_OWNED_BYTES,
     {.collect = "bytes_out(@result@, @count@)", .release = "free_wiped(@result@, @count@);"}},
    {PATTERN_NOTHING, {.collect = ""}},
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct rows rows = {
    .language = "Python",
    .in = in_rows,
    .in_count = COUNT_OF(in_rows),
    .out = out_rows,
    .out_count = COUNT_OF(out_rows),
    .result = result_rows,
    .result_count = COUNT_OF(result_rows),
    .number = {.declare = "@type@ @name@ = @fallback@;",
               .convert = "@read@(@value@, \"@text@\", &@name@)",
               .argument = "@name@"},
    .scalars = scalars,
};

bool python_has_row(enum pattern pattern)
{
    return rows_have(&rows, pattern);
}

/* What keeps the connection of new objects alive: the first object given. */
static const char *object_expression(const struct bound_function *function)
{
    if (function->class_name)
        return "self";
    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct step *step = function->parameters[i].step;
        if (step && step->pattern == PATTERN_HANDLE)
            return arena_printf("given[%zu]", i);
    }
    return "NULL";
}

static const char *cpu_map_converter(const struct step *step, const struct python_place *place)
{
    return surface_has_fact(place->surface, place->function->plan->function->name, "lists",
                            step->parameter->name, NULL)
               ? "cpu_map_list_out"
               : "cpu_map_out";
}

/* Fills in what only Python's own place says. */
static struct row_place place_of(const struct step *step, const struct python_place *place)
{
    const char *fallback = place->fallback;

    return (struct row_place){
        .plan = place->function->plan,
        .value = place->value,
        .text = place->text,
        .fallback = fallback && !text_equal(fallback, "None") ? fallback : NULL,
        .result = place->result,
        .cpus = cpu_map_converter(step, place),
        .parent = object_expression(place->function),
    };
}

struct row_text python_row_in(const struct step *step, const struct python_place *place)
{
    const struct row_place filling = place_of(step, place);

    return row_in(&rows, step, &filling);
}

struct row_text python_row_out(const struct step *step, const struct python_place *place)
{
    const struct row_place filling = place_of(step, place);

    return row_out(&rows, step, &filling);
}

struct row_text python_row_result(const struct step *step, const struct python_place *place)
{
    const struct row_place filling = place_of(step, place);

    return row_result(&rows, step, &filling);
}
