/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The body of each function of the stand-in. Those that are written by hand in tests/stand-in win
 * over these, which are weak. */
#include <ctype.h>
#include <string.h>

#include "declare.h"
#include "emit_stand_in.h"

const struct step *stand_in_step(const struct plan *plan, enum pattern pattern)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == pattern)
            return &plan->steps[i];
    return NULL;
}

bool stand_in_registers(const struct plan *plan)
{
    return stand_in_replaces(plan) ||
           (stand_in_step(plan, PATTERN_CALLBACK) && stand_in_step(plan, PATTERN_FREE_CALLBACK));
}

bool stand_in_replaces(const struct plan *plan)
{
    const struct step *callback = stand_in_step(plan, PATTERN_CALLBACK);

    return callback && callback->nullable && stand_in_step(plan, PATTERN_OPAQUE) &&
           !stand_in_step(plan, PATTERN_FREE_CALLBACK);
}

bool stand_in_is_error(const struct plans *plans, const struct record *record)
{
    for (size_t i = 0; i < plans->plan_count; i++)
        if (plans->plans[i].result.pattern == PATTERN_BORROWED_RECORD &&
            plans->plans[i].result.record == record)
            return true;
    return false;
}

/* The same name with one word for another. */
static const struct plan *renamed(const struct plans *plans, const char *name, const char *word,
                                  const char *other)
{
    const char *found = strstr(name, word);

    return found ? plans_find(plans, arena_printf("%.*s%s%s", (int)(found - name), name, other,
                                                  found + strlen(word)))
                 : NULL;
}

const char *stand_in_registering(const struct plans *plans, const struct plan *plan)
{
    static const char *const words[][2] = {
        {"Deregister", "Register"}, {"Unregister", "Register"}, {"Remove", "Add"}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct plan *other = renamed(plans, plan->function->name, words[i][0], words[i][1]);
        if (other && stand_in_registers(other))
            return other->function->name;
    }
    return NULL;
}

/* ---- arguments ---- */

static const char *signedness(enum scalar scalar)
{
    return scalar_is_signed(scalar) ? "signed" : "unsigned";
}

static const char *length_of(const struct step *step)
{
    return step->pair ? arena_printf("(size_t)%s", step->pair->parameter->name) : "0";
}

static const char *take_text(const struct step *step)
{
    const char *name = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_HANDLE:
    case PATTERN_NULLABLE_HANDLE:
        return arena_printf("take_handle(&call, %s, &kind_%s, %s);\n", name, step->handle->name,
                            step->nullable ? "true" : "false");
    case PATTERN_HANDLE_LIST:
        return arena_printf("take_handle_list(&call, %s, &kind_%s);\n", name, step->handle->name);
    case PATTERN_INT:
    case PATTERN_UINT:
    case PATTERN_LONG:
    case PATTERN_ULONG:
    case PATTERN_LLONG:
    case PATTERN_ULLONG:
    case PATTERN_SIZE:
    case PATTERN_ENUM:
    case PATTERN_FLAGS:
        return arena_printf("take_%s(&call, %s);\n", signedness(step->scalar), name);
    case PATTERN_DOUBLE:
        return arena_printf("take_double(&call, %s);\n", name);
    case PATTERN_BOOL:
        return arena_printf("take_boolean(&call, %s);\n", name);
    case PATTERN_STRING:
    case PATTERN_NULLABLE_STRING:
        return arena_printf("take_text(&call, %s);\n", name);
    case PATTERN_STRINGS:
        return arena_printf("take_texts(&call, (const char *const *)%s, %s);\n", name,
                            step->pair ? step->pair->parameter->name : "-1");
    case PATTERN_UUID:
        return arena_printf("take_bytes(&call, %s, 16);\n", name);
    case PATTERN_BYTES:
    case PATTERN_SECRET:
        return arena_printf("take_bytes(&call, %s, %s);\n", name, length_of(step));
    case PATTERN_CPU_MAP:
        return arena_printf("take_cpu_map(&call, %s, %s);\n", name, length_of(step));
    case PATTERN_NUMBERS:
        return arena_printf("take_numbers(&call, %s, %s, sizeof *%s, %s);\n", name, length_of(step),
                            name, scalar_is_signed(step->scalar) ? "true" : "false");
    case PATTERN_FILE_DESCRIPTORS:
        return arena_printf("take_files(&call, %s, %s);\n", name, length_of(step));
    case PATTERN_PARAMS:
        return arena_printf("take_params(&call, %s, %s);\n", name, length_of(step));
    case PATTERN_RECORD:
        return arena_printf("take_%s(&call, %s);\n", step->record->name, name);
    case PATTERN_CALLBACK:
        return arena_printf("take_callback(&call, %s != NULL);\n", name);
    case PATTERN_OPAQUE:
        return "take_opaque(&call);\n";
    default:
        bug("the stand-in has no row for the pattern %s", pattern_name(step->pattern));
    }
}

/* Nothing is asked for the records that a free function gets, and what counts them. */
static bool is_taken(const struct plan *plan, const struct step *step)
{
    return step->asked && !(plan->kind == PLAN_HELPER &&
                            (step->pattern == PATTERN_RECORD || step->pattern == PATTERN_PARAMS));
}

/* ---- how many items ---- */

/* The length that says how much room an array of the caller's has. */
static const struct step *room_of(const struct plan *plan, const struct step *step)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *length = &plan->steps[i];

        if (step->pattern == PATTERN_OUT_CPU_MAPS && length != step->pair &&
            length->pattern == PATTERN_LENGTH)
            return length;
    }
    return step->pair;
}

static const char *count_text(const struct plan *plan, const struct step *step)
{
    const struct step *room = room_of(plan, step);
    const char *name = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_OUT_NUMBERS:
    case PATTERN_OUT_RECORDS:
        if (!text_equal(step->count, "result"))
            return arena_printf("(size_t)(%s)", step->count);
        return arena_printf("%s ? give_least(give_count(&call), (size_t)%s) : give_count(&call)",
                            name, room->parameter->name);
    case PATTERN_OUT_CPU_MAPS:
        return arena_printf("give_least(give_count(&call), (size_t)%s)", room->parameter->name);
    case PATTERN_OUT_BYTES:
        return plan->result.pattern == PATTERN_COUNT
                   ? arena_printf("give_least(give_count(&call), %s)", room->parameter->name)
                   : room->parameter->name;
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_RECORD_BLOCK:
    case PATTERN_OUT_STATS:
    case PATTERN_OUT_NEW_CPU_MAP:
        return "give_count(&call)";
    default:
        return NULL;
    }
}

static bool is_counted_by_result(const struct step *step)
{
    return step->count && text_equal(step->count, "result");
}

/* ---- answers ---- */

static const char records_template[] =
    "if (@name@) {\n"
    "    *@name@ = block_new(&call, (count + 1) * sizeof **@name@);\n"
    "    for (size_t i = 0; i < count; i++) {\n"
    "        (*@name@)[i] = block_new(&call, sizeof *(*@name@)[i]);\n"
    "        fill_@record@(&call, path_item(&call, \"@name@\", i),\n"
    "            (*@name@)[i]);\n"
    "    }\n"
    "}\n";

static const char block_template[] = "*@name@ = block_new(&call, count * sizeof **@name@);\n"
                                     "for (size_t i = 0; i < count; i++)\n"
                                     "    fill_@record@(&call, path_item(&call, \"@name@\", i),\n"
                                     "        &(*@name@)[i]);\n";

static const char fill_template[] = "for (size_t i = 0; @name@ && i < count; i++)\n"
                                    "    fill_@record@(&call, path_item(&call, \"@name@\", i),\n"
                                    "        &@name@[i]);\n";

static const char maps_template[] =
    "for (size_t i = 0; @name@ && i < count; i++)\n"
    "    give_cpu_map(&call, path_item(&call, \"@name@\", i), @name@ + i * (size_t)@length@,\n"
    "                 (size_t)@length@, give_count(&call));\n";

static const char two_calls_template[] = "if (!@name@ || *@length@ <= 0) {\n"
                                         "    *@length@ = (int)give_count(&call);\n"
                                         "} else {\n"
                                         "    const size_t count = give_least(give_count(&call), "
                                         "(size_t)*@length@);\n"
                                         "\n"
                                         "    @give@\n"
                                         "    *@length@ = (int)count;\n"
                                         "}\n";

/* Asked for no CPU, it says how many there are; without room, how many parameters each has. */
static const char by_cpu_template[] =
    "if (!@cpus@)\n"
    "    return (int)give_count(&call);\n"
    "for (unsigned int i = 0; @name@ && i < @cpus@; i++)\n"
    "    give_params(&call, path_item(&call, \"@name@\", @first@ < 0 ? 0 : @first@ + i),\n"
    "        @name@ + (size_t)i * @length@,\n"
    "        give_least(give_inner_count(&call), @length@));\n"
    "return (int)give_inner_count(&call);\n";

static const char *filled(const char *template, const struct step *step, const char *give)
{
    return text_filled(template, "name", step->parameter->name, "length",
                       step->pair ? step->pair->parameter->name : "", "record",
                       step->record ? step->record->name : "", "give", give, NULL);
}

static const char *by_cpu(const struct plan *plan, const struct step *step)
{
    const struct step *first = step->pair + 1;

    if (step->pair->position + 2 > plan->step_count)
        bug("%s: which CPUs?", plan->function->name);
    return text_filled(by_cpu_template, "name", step->parameter->name, "length",
                       step->pair->parameter->name, "first", first->parameter->name, "cpus",
                       first[1].parameter->name, NULL);
}

/* Where what gives them says how many there are. */
static bool returns_count(const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_OUT_NAMES:
    case PATTERN_OUT_HANDLES:
    case PATTERN_OUT_STRINGS:
    case PATTERN_OUT_PARAMS_BY_CPU:
        return true;
    case PATTERN_OUT_FILE_DESCRIPTORS:
        return !step->pair || !step->pair->parameter->type.pointers;
    default:
        return false;
    }
}

static const char *files_text(const struct step *step)
{
    const char *name = step->parameter->name;

    return returns_count(step)
               ? arena_printf("return give_files(&call, %s);\n", name)
               : arena_printf("if (%s)\n    *%s = (%s)give_files(&call, %s);\n", name,
                              step->pair->parameter->name, scalar_c_name(step->pair->scalar), name);
}

static const char *give_text(const struct plan *plan, const struct step *step)
{
    const char *name = step->parameter->name;

    switch (step->pattern) {
    case PATTERN_OUT_SCALAR:
        return arena_printf(
            "if (%s)\n    *%s = (%s)give_%s(&call, \"%s\"%s);\n", name, name,
            scalar_c_name(step->scalar),
            step->scalar == SCALAR_DOUBLE ? "double" : signedness(step->scalar), name,
            step->scalar == SCALAR_DOUBLE ? "" : arena_printf(", sizeof *%s", name));
    case PATTERN_OUT_RECORD:
    case PATTERN_OUT_RECORD_SIZED:
        return arena_printf("if (%s)\n    fill_%s(&call, \"%s\", %s);\n", name, step->record->name,
                            name, name);
    case PATTERN_OUT_TEXT:
        return arena_printf("give_text_into(&call, \"%s\", %s, GRID_UUID_TEXT);\n", name, name);
    case PATTERN_OUT_UUID:
        return arena_printf("give_bytes(&call, \"%s\", %s, 16);\n", name, name);
    case PATTERN_OUT_NAMES:
        return arena_printf("return give_names(&call, \"%s\", %s, (int)%s);\n", name, name,
                            step->pair->parameter->name);
    case PATTERN_OUT_NUMBERS:
        return arena_printf("give_numbers(&call, \"%s\", %s, count, sizeof *%s, %s);\n", name, name,
                            name, scalar_is_signed(step->scalar) ? "true" : "false");
    case PATTERN_OUT_RECORDS:
        return filled(fill_template, step, "");
    case PATTERN_OUT_PARAMS:
        return filled(two_calls_template, step,
                      arena_printf("give_params(&call, \"%s\", %s, count);", name, name));
    case PATTERN_OUT_RECORDS_TWO_CALLS:
        return filled(two_calls_template, step, filled(fill_template, step, ""));
    case PATTERN_OUT_PARAMS_BY_CPU:
        return by_cpu(plan, step);
    case PATTERN_OUT_CPU_MAP:
        return arena_printf("give_cpu_map(&call, \"%s\", %s, (size_t)%s, give_count(&call));\n",
                            name, name, step->pair->parameter->name);
    case PATTERN_OUT_CPU_MAPS:
        return filled(maps_template, step, "");
    case PATTERN_OUT_BYTES:
        return arena_printf("give_bytes(&call, \"%s\", %s, count);\n", name, name);
    case PATTERN_OUT_HANDLES:
        return arena_printf("return give_handles(&call, &kind_%s, %s);\n", step->handle->name,
                            name);
    case PATTERN_OUT_STRINGS:
        return arena_printf("return give_texts(&call, \"%s\", %s);\n", name, name);
    case PATTERN_OUT_STRING:
        return step->owner == OWNER_BORROWED
                   ? arena_printf("*%s = give_borrowed_text(&call, \"%s\");\n", name, name)
                   : arena_printf("if (%s)\n    *%s = give_text(&call, \"%s\");\n", name, name,
                                  name);
    case PATTERN_OUT_RECORD_LIST:
    case PATTERN_OUT_STATS:
        return filled(records_template, step, "");
    case PATTERN_OUT_RECORD_BLOCK:
        return filled(block_template, step, "");
    case PATTERN_OUT_NEW_PARAMS:
        return arena_printf("*%s = give_new_params(&call, \"%s\", give_count(&call));\n"
                            "*%s = (int)give_count(&call);\n",
                            name, name, step->pair->parameter->name);
    case PATTERN_OUT_FILE_DESCRIPTORS:
        return files_text(step);
    case PATTERN_OUT_NEW_CPU_MAP:
        return arena_printf("if (%s)\n    *%s = give_new_cpu_map(&call, \"%s\", count);\n", name,
                            name, name);
    default:
        bug("the stand-in has no row for the pattern %s", pattern_name(step->pattern));
    }
}

/* ---- results ---- */

static const char *failure_text(const struct plan *plan)
{
    const struct type *type = &plan->function->result.type;

    if (plan->failure & (FAILURE_NULL | FAILURE_IF_STORED))
        return "NULL";
    if (plan->failure & FAILURE_ZERO)
        return "0";
    return scalar_is_signed(type->scalar) ? "-1" : arena_printf("(%s)-1", type->text);
}

static const char *number_text(const struct plan *plan)
{
    const struct type *type = &plan->function->result.type;

    if (plan->failure == FAILURE_NONE)
        return arena_printf("give_%s(&call, \"result\", sizeof(%s))", signedness(type->scalar),
                            type->text);
    if (scalar_is_signed(type->scalar))
        return arena_printf("give_result(&call, sizeof(%s))", type->text);
    return arena_printf("give_result_not(&call, sizeof(%s), %s)", type->text,
                        plan->failure & FAILURE_ZERO ? "0" : arena_printf("(%s)-1", type->text));
}

static const char *result_text(const struct plan *plan, bool is_counted)
{
    const struct type *type = &plan->function->result.type;

    switch (plan->result.pattern) {
    case PATTERN_NOTHING:
        return "";
    case PATTERN_STATUS:
        return "return 0;";
    case PATTERN_COUNT:
        return is_counted ? "return (int)count;"
                          : arena_printf("return (%s)%s;", type->text, number_text(plan));
    case PATTERN_YES_NO:
        return "return give_yes_no(&call);";
    case PATTERN_STATE:
    case PATTERN_NUMBER:
        return arena_printf("return %s;", number_text(plan));
    case PATTERN_OWNED_STRING:
        return "return give_text(&call, \"result\");";
    case PATTERN_BORROWED_STRING:
        return plan->result.nullable
                   ? "return give_has(&call, \"result\") ? give_borrowed_text(&call, \"result\") : "
                     "NULL;"
                   : "return give_borrowed_text(&call, \"result\");";
    case PATTERN_OWNED_HANDLE:
        return arena_printf("return (%s *)give_handle(&call, &kind_%s);", plan->result.handle->name,
                            plan->result.handle->name);
    case PATTERN_BORROWED_HANDLE:
        return arena_printf("return (%s *)give_borrowed_handle(&call, &kind_%s);",
                            plan->result.handle->name, plan->result.handle->name);
    case PATTERN_OWNED_BYTES:
        return arena_printf("return give_new_bytes(&call, \"result\", %s);",
                            plan->result.pair->parameter->name);
    case PATTERN_BORROWED_RECORD:
        return "return NULL;";
    default:
        bug("the stand-in has no row for the result %s", pattern_name(plan->result.pattern));
    }
}

/* ---- functions about memory, references and callbacks ---- */

static const char *handle_text(const struct plans *plans, const struct plan *plan)
{
    const char *returned = plan->result.pattern == PATTERN_COUNT ? "return left;" : "return 0;";

    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const struct handle_plan *handle = &plans->handle_plans[i];
        const bool is_release = text_equal(handle->release, plan->function->name);

        if (!is_release && !(handle->retain && text_equal(handle->retain, plan->function->name)))
            continue;
        return text_filled("if (!call.handle_count)\n"
                           "    return -1;\n"
                           "@left@handle_@does@(call.handles[0]);\n"
                           "@returned@\n",
                           "left",
                           text_equal(returned, "return 0;") ? "" : "const int left = ", "does",
                           is_release ? "release" : "retain", "returned", returned, NULL);
    }
    return NULL;
}

static const char *free_text(const struct plans *plans, const struct plan *plan)
{
    const struct step *record = stand_in_step(plan, PATTERN_RECORD);
    const char *name = record ? record->parameter->name : "";

    if (!record || plan->kind != PLAN_HELPER)
        return NULL;
    if (record->parameter->type.pointers == 2)
        return text_filled("for (size_t i = 0; @name@ && @name@[i]; i++) {\n"
                           "    release_@record@(@name@[i]);\n"
                           "    free(@name@[i]);\n"
                           "}\n"
                           "free(@name@);\n",
                           "name", name, "record", record->record->name, NULL);
    if (!plans_record(plans, record->record))
        return NULL;
    return text_filled("if (@name@)\n"
                       "    release_@record@(@name@);\n"
                       "free(@name@);\n",
                       "name", name, "record", record->record->name, NULL);
}

static const char *replace_text(const struct plan *plan)
{
    const struct step *callback = stand_in_step(plan, PATTERN_CALLBACK);
    const char *items[] = {"&call", stand_in_fire(plan, callback),
                           arena_printf("(void (*)(void))%s", callback->parameter->name),
                           stand_in_step(plan, PATTERN_OPAQUE)->parameter->name};

    return arena_printf(
        "%s\n", text_wrapped("event_replace(", items, sizeof items / sizeof *items, ");", 4));
}

static const char *add_text(const struct plan *plan)
{
    const struct step *callback = stand_in_step(plan, PATTERN_CALLBACK);
    const bool is_number = plan->result.pattern == PATTERN_NUMBER;
    const char *items[] = {"&call", stand_in_fire(plan, callback),
                           arena_printf("(void (*)(void))%s", callback->parameter->name),
                           stand_in_step(plan, PATTERN_OPAQUE)->parameter->name,
                           stand_in_step(plan, PATTERN_FREE_CALLBACK)->parameter->name};
    const char *call = text_wrapped(is_number ? "return event_add(" : "event_add(", items,
                                    sizeof items / sizeof *items, ");", 4);

    return is_number ? arena_printf("%s\n", call) : arena_printf("%s\nreturn 0;\n", call);
}

/* By its number, by itself, or as the only one of a handle. */
static const char *remove_text(const struct plan *plan, const char *registering)
{
    const struct step *number = stand_in_step(plan, PATTERN_INT);
    const struct step *callback = stand_in_step(plan, PATTERN_CALLBACK);
    const char *by = number ? "number" : callback ? "callback" : "handle";
    const char *items[] = {"&call", arena_printf("\"%s\"", registering),
                           number ? number->parameter->name
                           : callback
                               ? arena_printf("(void (*)(void))%s", callback->parameter->name)
                               : ""};

    return arena_printf("%s\n    return -1;\nreturn 0;\n",
                        text_wrapped(arena_printf("if (!event_remove_%s(", by), items,
                                     number || callback ? 3 : 2, "))", 4));
}

static const char *special_text(const struct plans *plans, const struct plan *plan)
{
    const char *registering = stand_in_registering(plans, plan);
    const char *text = handle_text(plans, plan);

    if (!text)
        text = free_text(plans, plan);
    if (!text && stand_in_registers(plan))
        text = stand_in_replaces(plan) ? replace_text(plan) : add_text(plan);
    if (!text && registering)
        text = remove_text(plan, registering);
    return text;
}

static const char *answers(const struct plan *plan)
{
    struct buffer gives = {0};
    const char *count = NULL;
    bool is_counted = false, is_returned = false;

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        if (step->direction == DIRECTION_IN || step->pattern == PATTERN_LENGTH)
            continue;
        buffer_add(&gives, give_text(plan, step));
        if (!count)
            count = count_text(plan, step);
        is_counted = is_counted || is_counted_by_result(step) || count;
        is_returned = is_returned || returns_count(step);
    }
    return text_filled("@count@\n@gives@\n@result@\n", "count",
                       count ? arena_printf(strlen(count) > 60 ? "const size_t count =\n    %s;\n"
                                                               : "const size_t count = %s;\n",
                                            count)
                             : "",
                       "gives", buffer_text(&gives), "result",
                       is_returned ? "" : result_text(plan, is_counted), NULL);
}

static const char *returned_on_failure(const struct plan *plan)
{
    return plan->failure == FAILURE_NONE
               ? "call_go_on(&call);"
               : arena_printf("if (call_fails(&call))\n    return %s;", failure_text(plan));
}

static bool has_word(const char *text, const char *word)
{
    const size_t length = strlen(word);

    for (const char *found = text; (found = strstr(found, word)); found += length)
        if ((found == text ||
             !(isalnum((unsigned char)found[-1]) || found[-1] == '_' || found[-1] == '"')) &&
            !(isalnum((unsigned char)found[length]) || found[length] == '_'))
            return true;
    return false;
}

/* Arguments that nothing is done with. */
static const char *unused(const struct plan *plan, const char *takes, const char *body)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < plan->step_count; i++)
        if (!has_word(takes, plan->steps[i].parameter->name) &&
            !has_word(body, plan->steps[i].parameter->name))
            buffer_printf(&buffer, "(void)%s;\n", plan->steps[i].parameter->name);
    return buffer_text(&buffer);
}

void stand_in_function(struct buffer *buffer, const struct plans *plans, const struct plan *plan)
{
    const struct function *function = plan->function;
    const char *special = special_text(plans, plan);
    const char *body = special ? special : answers(plan);
    const char **items = arena_allocate((function->parameter_count + 1) * sizeof *items);
    const size_t count = function->parameter_count;
    struct buffer takes = {0};

    items[0] = "void";
    for (size_t i = 0; i < count; i++)
        items[i] = declare_name(function->parameters[i].type.text, function->parameters[i].name);
    for (size_t i = 0; i < plan->step_count; i++)
        if (is_taken(plan, &plan->steps[i]))
            buffer_add(&takes, take_text(&plan->steps[i]));
    text_fill(buffer,
              "#if STAND_IN_DEFINES(@version@)\n"
              "@head@\n"
              "{\n"
              "    struct call call;\n"
              "\n"
              "    @unused@\n"
              "    call_begin(&call, \"@name@\");\n"
              "    @takes@\n"
              "    @fails@\n"
              "    @body@\n"
              "}\n"
              "SAME_AS_TABLE(@name@);\n"
              "#endif\n"
              "\n",
              "version", arena_printf("%u", function->version), "head",
              text_wrapped(arena_printf("WEAK %s(",
                                        declare_name(function->result.type.text, function->name)),
                           items, count ? count : 1, ")", 0),
              "unused", unused(plan, buffer_text(&takes), body), "name", function->name, "takes",
              buffer_text(&takes), "fails", returned_on_failure(plan), "body", body, NULL);
}
