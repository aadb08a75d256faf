/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit_rows.h"

#include <string.h>

static const char *const writers[SCALAR_COUNT] = {
    [SCALAR_CHAR] = "PyLong_FromLong",
    [SCALAR_UCHAR] = "PyLong_FromLong",
    [SCALAR_USHORT] = "PyLong_FromLong",
    [SCALAR_INT] = "PyLong_FromLong",
    [SCALAR_UINT] = "PyLong_FromUnsignedLong",
    [SCALAR_LONG] = "PyLong_FromLong",
    [SCALAR_ULONG] = "PyLong_FromUnsignedLong",
    [SCALAR_LLONG] = "PyLong_FromLongLong",
    [SCALAR_ULLONG] = "PyLong_FromUnsignedLongLong",
    [SCALAR_SIZE] = "PyLong_FromSize_t",
    [SCALAR_DOUBLE] = "PyFloat_FromDouble",
};

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
     {.enter = "(@name@ = handle_enter(@value@, &handle_kind_@handle@, \"@text@\"))"}},
    {PATTERN_NULLABLE_HANDLE,
     {.declare = "void *@name@ = NULL;\nPyObject *@name@_object = NULL;",
      .enter = "handle_enter_nullable(@value@, &handle_kind_@handle@, \"@text@\", &@name@,\n"
               "                      &@name@_object)",
      .release = "if (@name@_object)\n    handle_leave(@name@_object);"}},
    {PATTERN_HANDLE_LIST,
     {.declare = "void **@name@ = NULL;\nPyObject *@name@_objects = NULL;",
      .enter = "handles_enter(@value@, &handle_kind_@handle@, \"@text@\", &@name@, "
               "&@name@_objects)",
      .release = "if (@name@)\n    handles_leave(@name@, @name@_objects);"}},
    {PATTERN_STRING,
     {.declare = "const char *@name@ = NULL;\nvoid *@name@_memory = NULL;",
      .convert = "string_in(@value@, \"@text@\", &@name@, &@name@_memory)",
      .release = "PyMem_Free(@name@_memory);"}},
    {PATTERN_NULLABLE_STRING,
     {.declare = "const char *@name@ = NULL;\nvoid *@name@_memory = NULL;",
      .convert = "nullable_string_in(@value@, \"@text@\", &@name@, &@name@_memory)",
      .release = "PyMem_Free(@name@_memory);"}},
    {PATTERN_STRINGS,
     {.convert = "strings_in(@value@, \"@text@\", @nullable@, &@name@, &@name@_count)",
      .release = "strings_in_release(@name@, @name@_count);"}},
    {PATTERN_UUID, {.convert = "uuid_in(@value@, \"@text@\", @name@)"}},
    {PATTERN_BYTES,
     {.declare = "struct buffer_in @name@ = {0};",
      .convert = "bytes_in(@value@, \"@text@\", &@name@)",
      .release = "buffer_in_release(&@name@);"}},
    {PATTERN_SECRET,
     {.declare = "struct buffer_in @name@ = {0};",
      .convert = "secret_in(@value@, \"@text@\", &@name@)",
      .release = "buffer_in_release(&@name@);"}},
    {PATTERN_CPU_MAP,
     {.convert = "cpu_map_in(self, @value@, \"@text@\", &@name@, &@name@_length)",
      .release = "PyMem_Free(@name@);"}},
    {PATTERN_NUMBERS,
     {.convert = "@list@_in(@value@, \"@text@\", &@name@, &@name@_count)",
      .release = "PyMem_Free(@name@);"}},
    {PATTERN_FILE_DESCRIPTORS,
     {.convert = "ints_in(@value@, \"@text@\", &@name@, &@name@_count)",
      .release = "PyMem_Free(@name@);"}},
    {PATTERN_PARAMS,
     {.convert = "params_in(@value@, \"@text@\", &@keys@, @nullable@,\n"
                 "          &@name@)"}},
    {PATTERN_RECORD, {.convert = "record_in_@record@(@value@, \"@text@\", &@name@)"}},
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

const struct rows python_rows = {
    .language = "Python",
    .in = in_rows,
    .in_count = COUNT_OF(in_rows),
    .number = {.declare = "@type@ @name@ = @fallback@;",
               .convert = "@read@(@value@, \"@text@\", &@name@)",
               .argument = "@name@"},
    .writers = writers,
    .nothing = "Py_NewRef(Py_None)",
};

bool python_has_row(enum pattern pattern)
{
    return rows_have(&python_rows, pattern);
}

static const char *cpu_map_converter(const struct step *step, const struct python_place *place)
{
    return surface_has_fact(place->surface, place->function->plan->function->name, "lists",
                            step->parameter->name, NULL)
               ? "cpu_map_list_out"
               : NULL;
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
        .parent = bound_parent(place->function, place->function->class_name != NULL, "", "NULL"),
    };
}

struct row_text python_row_in(const struct step *step, const struct python_place *place)
{
    const struct row_place filling = place_of(step, place);

    return row_in(&python_rows, step, &filling);
}

struct row_text python_row_out(const struct step *step, const struct python_place *place)
{
    const struct row_place filling = place_of(step, place);

    return row_out(&python_rows, step, &filling);
}

struct row_text python_row_result(const struct step *step, const struct python_place *place)
{
    const struct row_place filling = place_of(step, place);

    return row_result(&python_rows, step, &filling);
}
