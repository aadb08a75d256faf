/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collectors: functions that fill an array of the caller's, turned into functions that hand one
 * over. All languages share them, so the question how much room is needed is answered once. */
#include <ctype.h>
#include <string.h>

#include "declare.h"
#include "emit_common.h"

static bool is_collected(enum pattern pattern)
{
    switch (pattern) {
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_NUMBERS:
    case PATTERN_OUT_RECORDS:
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_PARAMS_BY_CPU:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_CPU_MAPS:
    case PATTERN_OUT_BYTES:
        return true;
    default:
        return false;
    }
}

/* "int *", "char **", "virTypedParameterPtr": what the array starts at. */
static const char *array_type(const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_NAMES:
        return "char **";
    case PATTERN_OUT_NUMBERS:
        return arena_printf("%s *", scalar_c_name(step->scalar));
    case PATTERN_OUT_CPU_MAP:
    case PATTERN_OUT_CPU_MAPS:
        return "unsigned char *";
    case PATTERN_OUT_BYTES:
        return "void *";
    default:
        return arena_printf("%s *", step->record->name);
    }
}

static bool is_received_length(const struct step *step)
{
    return step->pattern == PATTERN_LENGTH && step->length_of &&
           is_collected(step->length_of->pattern);
}

static const char *collector_head(const struct plan *plan, const char *tail)
{
    const char **items = arena_allocate((plan->step_count + 1) * sizeof *items);
    const char *name = arena_printf("collect_%s", plan->function->name);

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        const char *type = step->parameter->type.text;

        if (is_collected(step->pattern))
            type = arena_printf("%s*", array_type(step));
        else if (is_received_length(step) && !step->parameter->type.pointers)
            type = arena_printf("%s *", type);
        items[i] = declare_name(type, step->parameter->name);
    }
    return text_wrapped(arena_printf("%s(", declare_name(plan->function->result.type.text, name)),
                        items, plan->step_count, arena_printf(")%s", tail), 0);
}

static const char *arguments(const struct plan *plan, const struct step *array, const char *pointer,
                             const struct step *length, const char *capacity)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        buffer_printf(&buffer, "%s%s", i ? ", " : "",
                      step == array    ? pointer
                      : step == length ? capacity
                                       : step->parameter->name);
    }
    return arena_copy(buffer_text(&buffer));
}

/* libvirt's functions are reached through the table, in expressions of notes too. */
static const char *through_table(const char *expression, const struct plans *plans)
{
    struct buffer buffer = {0};

    while (*expression) {
        size_t length = 0;
        while (isalnum((unsigned char)expression[length]) || expression[length] == '_')
            length++;
        const char *word = arena_copy_length(expression, length);
        if (length && plans_find(plans, word))
            buffer_add(&buffer, "vir.");
        buffer_add_length(&buffer, expression, length ? length : 1);
        expression += length ? length : 1;
    }
    return arena_copy(buffer_text(&buffer));
}

/* Room for one more than expected: where it is used too, there may be yet more, so ask again, for
 * twice as much if nothing says how much there is. */
static const char counted_template[] =
    "@prototype@\n"
    "@head@\n"
    "{\n"
    "    int least = 0;\n"
    "    int room;\n"
    "    int result;\n"
    "\n"
    "    *@array@ = NULL;\n"
    "    *@length@ = 0;\n"
    "    do {\n"
    "        @release@\n"
    "        *@array@ = NULL;\n"
    "        *@length@ = 0;\n"
    "        room = @room@;\n"
    "        if (room < 0)\n"
    "            return @no_room@;\n"
    "        if (room < least)\n"
    "            room = least;\n"
    "        least = 2 * room++;\n"
    "        *@array@ = calloc((size_t) room, sizeof **@array@);\n"
    "        if (!*@array@)\n"
    "            return error_no_memory();\n"
    "        result = vir.@name@(@arguments@);\n"
    "        if (result < 0) {\n"
    "            free(*@array@);\n"
    "            *@array@ = NULL;\n"
    "            return result;\n"
    "        }\n"
    "        *@length@ = (@length_type@) result;\n"
    "    } while (result >= room);\n"
    "    return result;\n"
    "}\n"
    "\n";

static const char exact_template[] = "@prototype@\n"
                                     "@head@\n"
                                     "{\n"
                                     "    const size_t room = (size_t) (@room@);\n"
                                     "    int result;\n"
                                     "\n"
                                     "    *@array@ = room < SIZE_MAX / sizeof **@array@ ? "
                                     "calloc(room + 1, sizeof **@array@) : NULL;\n"
                                     "    if (!*@array@)\n"
                                     "        return error_no_memory();\n"
                                     "    result = vir.@name@(@arguments@);\n"
                                     "    if (result < 0) {\n"
                                     "        free(*@array@);\n"
                                     "        *@array@ = NULL;\n"
                                     "    }\n"
                                     "    return result;\n"
                                     "}\n"
                                     "\n";

static const char bytes_template[] = "@prototype@\n"
                                     "@head@\n"
                                     "{\n"
                                     "    int result;\n"
                                     "\n"
                                     "    *@array@ = malloc(@room@ ? @room@ : 1);\n"
                                     "    if (!*@array@)\n"
                                     "        return error_no_memory();\n"
                                     "    result = vir.@name@(@arguments@);\n"
                                     "    if (result < 0) {\n"
                                     "        free(*@array@);\n"
                                     "        *@array@ = NULL;\n"
                                     "    }\n"
                                     "    return result;\n"
                                     "}\n"
                                     "\n";

static const char asked_twice_template[] =
    "@prototype@\n"
    "@head@\n"
    "{\n"
    "    int result;\n"
    "\n"
    "    *@array@ = NULL;\n"
    "    *@length@ = 0;\n"
    "    @ask@\n"
    "    if (*@length@ <= 0)\n"
    "        return 0;\n"
    "    *@array@ = calloc((size_t) *@length@, sizeof **@array@);\n"
    "    if (!*@array@)\n"
    "        return error_no_memory();\n"
    "    result = vir.@name@(@arguments@);\n"
    "    if (result < 0) {\n"
    "        free(*@array@);\n"
    "        *@array@ = NULL;\n"
    "        *@length@ = 0;\n"
    "    }\n"
    "    return result;\n"
    "}\n"
    "\n";

static const char cpu_map_template[] =
    "@prototype@\n"
    "@head@\n"
    "{\n"
    "    const int cpus = @room@;\n"
    "    int result;\n"
    "\n"
    "    *@array@ = NULL;\n"
    "    *@length@ = 0;\n"
    "    if (cpus < 0)\n"
    "        return @no_room@;\n"
    "    *@array@ = calloc((size_t) cpu_map_length(cpus) + 1, 1);\n"
    "    if (!*@array@)\n"
    "        return error_no_memory();\n"
    "    result = vir.@name@(@arguments@);\n"
    "    if (result < 0) {\n"
    "        free(*@array@);\n"
    "        *@array@ = NULL;\n"
    "        return result;\n"
    "    }\n"
    "    *@length@ = cpus;\n"
    "    return result;\n"
    "}\n"
    "\n";

/* Frees records in the caller's memory, and the text that they hold. */
static void add_freeing(struct buffer *buffer, const struct plans *plans,
                        const struct record *record)
{
    const struct record_plan *plan = plans_record(plans, record);
    struct buffer fields = {0};

    for (size_t i = 0; i < plan->field_count; i++)
        if (plan->fields[i].pattern == PATTERN_OUT_STRING)
            buffer_printf(&fields, "free(records[i].%s);\n", plan->fields[i].field->name);
    text_fill(buffer,
              "static void collect_free_@name@(@name@ *records, int count)\n"
              "{\n"
              "    for (int i = 0; i < count; i++) {\n"
              "        @fields@\n"
              "    }\n"
              "    free(records);\n"
              "}\n"
              "\n",
              "name", record->name, "fields", buffer_text(&fields), NULL);
}

/* Once a record. */
static void add_freeings(struct buffer *buffer, const struct plans *plans)
{
    const struct record **done = NULL;
    size_t count = 0;

    for (size_t i = 0; i < plans->plan_count; i++)
        for (size_t j = 0; j < plans->plans[i].step_count; j++) {
            const struct step *step = &plans->plans[i].steps[j];
            bool is_new = step->record && step->owner == OWNER_CALLER_BUFFER_EACH;

            for (size_t k = 0; is_new && k < count; k++)
                is_new = done[k] != step->record;
            if (!is_new)
                continue;
            *VECTOR_ADD(done, count) = step->record;
            add_freeing(buffer, plans, step->record);
        }
}

static const struct step *collected_step(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (is_collected(plan->steps[i].pattern))
            return &plan->steps[i];
    bug("%s has nothing to collect", plan->function->name);
}

struct shape {
    const char *template;
    const char *capacity; /* what is passed as the length */
    const char *ask;
};

/* Where what says how much room is needed has failed. */
static const char *without_room(const struct step *array)
{
    return array->room_function ? arena_printf("error_of(\"%s\")", array->room_function) : "-1";
}

static struct shape shape_of(const struct plans *plans, const struct plan *plan,
                             const struct step *array, const struct step *length)
{
    const char *name = length ? length->parameter->name : "";

    switch (array->pattern) {
    case PATTERN_OUT_BYTES:
        return (struct shape){bytes_template, name, ""};
    case PATTERN_OUT_CPU_MAP:
        return (struct shape){cpu_map_template, "cpu_map_length(cpus)", ""};
    case PATTERN_OUT_PARAMS:
    case PATTERN_OUT_RECORDS_TWO_CALLS:
        return (struct shape){
            asked_twice_template, name,
            array->room
                ? arena_printf("if ((*%s = %s) < 0)\n    return %s;", name,
                               through_table(array->room, plans), without_room(array))
                : arena_printf("if ((result = vir.%s(%s)) < 0)\n    return result;",
                               plan->function->name, arguments(plan, array, "NULL", length, name))};
    default:
        if (length && length->pattern == PATTERN_LENGTH)
            return (struct shape){
                counted_template,
                length->parameter->type.scalar == SCALAR_INT
                    ? "room"
                    : arena_printf("(%s) room", scalar_c_name(length->parameter->type.scalar)),
                ""};
        return (struct shape){exact_template, name, ""};
    }
}

static void add_collector(struct buffer *buffer, const struct plans *plans, const struct plan *plan)
{
    const struct step *array = collected_step(plan);
    const struct step *length = array->pair;
    const struct shape shape = shape_of(plans, plan, array, length);
    const char *pointer = arena_printf("*%s", array->parameter->name);
    const char *release = array->pattern == PATTERN_OUT_NAMES
                              ? arena_printf("collect_free_names(*%s, *%s);",
                                             array->parameter->name, length->parameter->name)
                          : array->owner == OWNER_CALLER_BUFFER_EACH
                              ? arena_printf("collect_free_%s(*%s, *%s);", array->record->name,
                                             array->parameter->name, length->parameter->name)
                              : arena_printf("free(*%s);", array->parameter->name);

    text_fill(buffer, shape.template, "prototype", declare_comment(plan->function), "head",
              collector_head(plan, ""), "array", array->parameter->name, "length",
              length ? length->parameter->name : "", "length_type",
              length ? scalar_c_name(length->parameter->type.scalar) : "", "room",
              array->room ? through_table(array->room, plans) : "", "no_room", without_room(array),
              "release", release, "name", plan->function->name, "arguments",
              arguments(plan, array, pointer, length, shape.capacity), "ask", shape.ask, NULL);
}

void emit_collectors(const struct plans *plans, struct output *output)
{
    struct buffer header = {0}, source = {0}, prototypes = {0}, bodies = {0};

    add_freeings(&bodies, plans);
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];

        if (!plan->collected || plan->kind != PLAN_PLANNED)
            continue;
        buffer_printf(&prototypes, "%s\n", collector_head(plan, ";"));
        if (!plan->collected_by_hand)
            add_collector(&bodies, plans, plan);
    }
    text_fill(&header,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: libvirt functions that fill an array of the\n"
              " * caller's, as functions that allocate it. What they hand out is freed with\n"
              " * free(), params with params_free(). Lengths of CPU maps count CPUs. */\n"
              "#pragma once\n"
              "\n"
              "#include \"loader.h\"\n"
              "\n"
              "@prototypes@\n",
              "prototypes", buffer_text(&prototypes), NULL);
    output_add(output, "collect.h", &header);
    text_fill(&source,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen. */\n"
              "#include \"collect.h\"\n"
              "\n"
              "#include <stdint.h>\n"
              "#include <stdlib.h>\n"
              "\n"
              "#include \"collect_internal.h\"\n"
              "#include \"cpu_map.h\"\n"
              "#include \"error.h\"\n"
              "#include \"room.h\"\n"
              "\n"
              "@bodies@",
              "bodies", buffer_text(&bodies), NULL);
    output_add(output, "collect.c", &source);
}
