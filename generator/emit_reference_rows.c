/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each pattern adds to a function of the reference. */
#include "emit_reference.h"

#define TAKE(function, more) "@declared@ =~take_" function "(call, \"@name@\", " more "@presence@);"
#define TAKE_COUNTED(function, more)                                                               \
    "size_t @name@_count;\n"                                                                       \
    "@declared@ =~take_" function "(call, \"@name@\", @presence@, " more "&@name@_count);"
#define IN(function)                                                                               \
    {                                                                                              \
        .declare = TAKE(function, ""), .argument = "@name@"                                        \
    }
#define IN_OF_KIND(function)                                                                       \
    {                                                                                              \
        .declare = TAKE(function, "&kind_@kind@, "), .argument = "@name@"                          \
    }
#define IN_COUNTED(function)                                                                       \
    {                                                                                              \
        .declare = TAKE_COUNTED(function, ""), .argument = "@name@"                                \
    }
#define FREE_EACH                                                                                  \
    "for (size_t i = 0; i < (size_t)@count@; i++)\n"                                               \
    "    @free@(@name@[i]);"

static const struct row rows[PATTERN_TOTAL] = {
    [PATTERN_HANDLE] = IN_OF_KIND("handle"),
    [PATTERN_NULLABLE_HANDLE] = IN_OF_KIND("handle"),
    [PATTERN_HANDLE_LIST] = IN_OF_KIND("handles"),
    [PATTERN_INT] = IN("@scalar@"),
    [PATTERN_UINT] = IN("@scalar@"),
    [PATTERN_LONG] = IN("@scalar@"),
    [PATTERN_ULONG] = IN("@scalar@"),
    [PATTERN_LLONG] = IN("@scalar@"),
    [PATTERN_ULLONG] = IN("@scalar@"),
    [PATTERN_SIZE] = IN("@scalar@"),
    [PATTERN_DOUBLE] = IN("@scalar@"),
    [PATTERN_BOOL] = IN("bool"),
    [PATTERN_ENUM] = IN("@scalar@"),
    [PATTERN_FLAGS] = IN("@scalar@"),
    [PATTERN_STRING] = IN("text"),
    [PATTERN_NULLABLE_STRING] = IN("text"),
    [PATTERN_STRINGS] = IN_COUNTED("texts"),
    [PATTERN_UUID] = IN("uuid"),
    [PATTERN_BYTES] = IN_COUNTED("bytes"),
    [PATTERN_CPU_MAP] = IN_COUNTED("cpu_map"),
    [PATTERN_SECRET] = IN_COUNTED("bytes"),
    [PATTERN_NUMBERS] = IN_COUNTED("@numbers@"),
    [PATTERN_FILE_DESCRIPTORS] = IN_COUNTED("files"),
    [PATTERN_PARAMS] = {.declare = TAKE_COUNTED("params", "@keys@,~"), .argument = "@name@"},
    [PATTERN_RECORD] = IN("@record@"),

    [PATTERN_OUT_SCALAR] = {.declare = "@item@ @name@ = 0;",
                            .argument = "&@name@",
                            .answer = "@number@"},
    [PATTERN_OUT_RECORD] = {.declare = "@record@ @name@ = {0};",
                            .argument = "&@name@",
                            .answer = "encode_@record@(&@name@)"},
    [PATTERN_OUT_RECORD_SIZED] = {.declare = "@record@ @name@ = {0};",
                                  .argument = "&@name@",
                                  .answer = "encode_@record@(&@name@)"},
    [PATTERN_OUT_TEXT] = {.declare = "char @name@[ROOM] = \"\";",
                          .argument = "@name@",
                          .answer = "text_out(@name@)"},
    [PATTERN_OUT_UUID] = {.declare = "unsigned char @name@[VIR_UUID_BUFLEN] = {0};",
                          .argument = "@name@",
                          .answer = "bytes_out(@name@, sizeof @name@)"},
    [PATTERN_OUT_NAMES] = {.declare = "char *@name@[ROOM] = {NULL};",
                           .argument = "@name@",
                           .answer = "texts_out(@name@, (size_t)@count@)",
                           .release = FREE_EACH},
    [PATTERN_OUT_NUMBERS] = {.declare = "@item@ @name@[ROOM] = {0};",
                             .argument = "@name@",
                             .answer = "@numbers@_out(@name@, (size_t)@count@)"},
    [PATTERN_OUT_RECORDS] = {.declare = "@record@ @name@[ROOM_RECORDS] = {0};",
                             .argument = "@name@",
                             .answer = "records_out(@name@, (size_t)@count@, sizeof *@name@,~"
                                       "encode_@record@)",
                             .release = "@fields@"},
    [PATTERN_OUT_PARAMS] = {.declare = "@declared@ = NULL;",
                            .prepare = "@ask@\n"
                                       "@name@ = call_allocate(call, (size_t)@length@, "
                                       "sizeof *@name@);",
                            .argument = "@name@",
                            .answer = "params_out(@name@, (size_t)@count@)",
                            .release = "params_clear(@name@, (size_t)@count@);"},
    [PATTERN_OUT_RECORDS_TWO_CALLS] = {.declare = "@record@ *@name@ = NULL;",
                                       .prepare = "@ask@\n"
                                                  "@name@ = call_allocate(call, (size_t)@length@, "
                                                  "sizeof *@name@);",
                                       .argument = "@name@",
                                       .answer = "records_out(@name@, (size_t)@count@, "
                                                 "sizeof *@name@,~encode_@record@)"},
    [PATTERN_OUT_CPU_MAP] = {.declare = "@declared@ = NULL;\n"
                                        "int @name@_cpus;",
                             .prepare = "@name@_cpus = @room@;\n"
                                        "if (call_failed(call, @name@_cpus < 0))\n"
                                        "    return;\n"
                                        "@name@ =~call_allocate(call, "
                                        "(size_t)cpu_map_bytes(@name@_cpus), 1);",
                             .argument = "@name@",
                             .answer = "cpu_map_out(@name@, @name@_cpus)"},
    [PATTERN_OUT_BYTES] = {.declare = "@declared@ = NULL;",
                           .prepare = "@name@ = call_room(call, @room@, 1);\n"
                                      "if (!@name@)\n"
                                      "    return;",
                           .argument = "@name@",
                           .answer = "bytes_out(@name@, (size_t)@count@)"},

    [PATTERN_OUT_HANDLES] = {.declare = "@item@@name@ = NULL;",
                             .argument = "&@name@",
                             .answer = "handles_out(&kind_@kind@, (void **)@name@,~"
                                       "(size_t)@count@)"},
    [PATTERN_OUT_STRINGS] = {.declare = "char **@name@ = NULL;",
                             .argument = "&@name@",
                             .answer = "texts_out(@name@, (size_t)@count@)",
                             .release = FREE_EACH "\n"
                                                  "free(@name@);"},
    [PATTERN_OUT_STRING] = {.declare = "char *@name@ = NULL;",
                            .argument = "&@name@",
                            .answer = "text_out(@name@)",
                            .release = "@free@(@name@);"},
    [PATTERN_OUT_RECORD_LIST] = {.declare = "@record@ **@name@ = NULL;",
                                 .argument = "&@name@",
                                 .answer = "record_list_out(@name@, (size_t)@count@,~"
                                           "encode_@record@)",
                                 .release = FREE_EACH "\n"
                                                      "free(@name@);"},
    [PATTERN_OUT_RECORD_BLOCK] = {.declare = "@record@ *@name@ = NULL;",
                                  .argument = "&@name@",
                                  .answer = "records_out(@name@, (size_t)@count@, "
                                            "sizeof *@name@,~encode_@record@)",
                                  .release = "@free@(@name@);"},
    [PATTERN_OUT_NEW_PARAMS] = {.declare = "virTypedParameterPtr @name@ = NULL;",
                                .argument = "&@name@",
                                .answer = "params_out(@name@, (size_t)@count@)",
                                .release = "@free@(@name@, @count@);"},
    [PATTERN_OUT_FILE_DESCRIPTORS] = {.declare = "int *@name@ = NULL;",
                                      .argument = "&@name@",
                                      .answer = "files_out(@name@, (size_t)@count@)",
                                      .release = "@free@(@name@);"},
    [PATTERN_OUT_NEW_CPU_MAP] = {.declare = "unsigned char *@name@ = NULL;",
                                 .argument = "&@name@",
                                 .answer = "cpu_map_out(@name@, @count@)",
                                 .release = "@free@(@name@);"},
    [PATTERN_OUT_STATS] = {.declare = "@record@ **@name@ = NULL;",
                           .argument = "&@name@",
                           .answer = "record_list_out(@name@, (size_t)@count@,~encode_@record@)",
                           .release = "@free@(@name@);"},

    [PATTERN_LENGTH] = {.argument = ""}, /* see length_row() */
    [PATTERN_FIXED] = {.argument = "@fixed@"},

    [PATTERN_NOTHING] = {.argument = ""},
    [PATTERN_STATUS] = {.argument = ""},
    [PATTERN_COUNT] = {.answer = "@number@"},
    [PATTERN_YES_NO] = {.answer = "boolean_out(@name@ != 0)"},
    [PATTERN_STATE] = {.answer = "@number@"},
    [PATTERN_NUMBER] = {.answer = "@number@"},
    [PATTERN_OWNED_STRING] = {.answer = "text_out(@name@)", .release = "@free@(@name@);"},
    [PATTERN_BORROWED_STRING] = {.answer = "text_out(@name@)"},
    [PATTERN_OWNED_HANDLE] = {.answer = "handle_out(&kind_@kind@, @name@)"},
    [PATTERN_BORROWED_HANDLE] = {.answer = "handle_lent_out(&kind_@kind@, @name@)"},
    [PATTERN_OWNED_BYTES] = {.answer = "bytes_out(@name@, (size_t)@count@)",
                             .release = "@free@(@name@);"},
    [PATTERN_BORROWED_RECORD] = {.answer = "record_out(@name@, encode_@record@)"},

    [PATTERN_CALLBACK] = {.declare = "struct callable *@name@ =~"
                                     "take_callback(call, \"@name@\", @presence@);",
                          .prepare = "@choice@",
                          .argument = "@callback@"},
    [PATTERN_OPAQUE] = {.declare = "void *@name@ = take_opaque(call, @callable@);",
                        .argument = "@name@"},
    [PATTERN_FREE_CALLBACK] = {.argument = "callable_free"},
};

/* Numbers whose room the caller asks for. */
static const struct row asked_numbers = {.declare = "@item@ *@name@ = NULL;",
                                         .prepare = "@name@ = call_room(call, (@room@) > 0 ? "
                                                    "(size_t)(@room@) : 0,~sizeof *@name@);\n"
                                                    "if (!@name@)\n"
                                                    "    return;",
                                         .argument = "@name@",
                                         .answer = "@numbers@_out(@name@, (size_t)@count@)"};

static const struct row length_of_in = {.declare = "const @declared@ = (@type@)@array@_count;",
                                        .argument = "@name@"};
static const struct row length_out = {.declare = "@item@ @name@ = 0;", .argument = "&@name@"};

static const struct row *length_row(const struct step *step)
{
    static const struct row room = {.argument = "ROOM"};
    static const struct row room_of_records = {.argument = "ROOM_RECORDS"};
    static const struct row bytes_of_map = {.argument = "cpu_map_bytes(@array@_cpus)"};
    const struct step *array = step->length_of;

    if (step->parameter->type.pointers)
        return &length_out;
    switch (array->pattern) {
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_NUMBERS:
        return &room;
    case PATTERN_OUT_RECORDS:
        return &room_of_records;
    case PATTERN_OUT_CPU_MAP:
        return &bytes_of_map;
    default:
        return pattern_role(array->pattern) == ROLE_IN ? &length_of_in : NULL;
    }
}

/* Room that does not follow from the array's own length. */
static bool has_room_of_its_own(const struct step *step)
{
    return step->pattern == PATTERN_OUT_NUMBERS && (!step->pair || step->pair->asked);
}

const struct row *reference_row(const struct step *step)
{
    const struct row *row = step->pattern == PATTERN_LENGTH ? length_row(step)
                            : has_room_of_its_own(step)     ? &asked_numbers
                                                            : &rows[step->pattern];

    return row && (row->argument || row->answer) ? row : NULL;
}
