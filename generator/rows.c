/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rows.h"

#include "usual_rows.h"

#include <ctype.h>
#include <string.h>

const char *pointed_type(const struct type *type)
{
    const char *star = strrchr(type->text, '*');

    if (!type->pointers || !star)
        return type->text;
    size_t length = (size_t)(star - type->text);
    while (length && type->text[length - 1] == ' ')
        length--;
    return arena_copy_length(type->text, length);
}

char *keys_name(const struct plan *plan, const struct step *step)
{
    return arena_printf("keys_%s_%s", plan->function->name, step->parameter->name);
}

static const struct row_text *find_row(const struct row *rows, size_t count, enum pattern pattern)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].pattern == pattern)
            return &rows[i].text;
    return NULL;
}

bool rows_have(const struct rows *rows, enum pattern pattern)
{
    return pattern_is_number(pattern) || pattern == PATTERN_FIXED ||
           pattern == PATTERN_BORROWED_HANDLE || find_row(rows->in, rows->in_count, pattern) ||
           find_row(rows->out, rows->out_count, pattern) ||
           find_row(rows->result, rows->result_count, pattern) ||
           find_row(usual_rows.out, usual_rows.out_count, pattern) ||
           find_row(usual_rows.result, usual_rows.result_count, pattern);
}

static const char *own_or_usual(const char *own, const char *usual)
{
    return own ? own : usual;
}

/* `own` may be NULL, or `usual`. */
static struct row_text completed(const struct row_text *own, const struct row_text *usual)
{
    const struct row_text nothing = {0};

    own = own ? own : &nothing;
    usual = usual ? usual : &nothing;
    return (struct row_text){
        .declare = own_or_usual(own->declare, usual->declare),
        .prepare = own_or_usual(own->prepare, usual->prepare),
        .convert = own_or_usual(own->convert, usual->convert),
        .enter = own_or_usual(own->enter, usual->enter),
        .argument = own_or_usual(own->argument, usual->argument),
        .length = own_or_usual(own->length, usual->length),
        .collect = own_or_usual(own->collect, usual->collect),
        .release = own_or_usual(own->release, usual->release),
    };
}

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

static bool is_variable(const struct plan *plan, const char *word, size_t length)
{
    static const char *const results[] = {"result", "status"};

    for (size_t i = 0; i < plan->step_count; i++) {
        const char *name = plan->steps[i].parameter->name;
        if (strlen(name) == length && strncmp(name, word, length) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (strlen(results[i]) == length && strncmp(results[i], word, length) == 0)
            return true;
    return false;
}

char *rows_expression(const struct plan *plan, const char *expression, const char *variables)
{
    struct buffer text = {0};

    while (*expression) {
        size_t length = 0;

        while (isalnum((unsigned char)expression[length]) || expression[length] == '_')
            length++;
        if (length && is_variable(plan, expression, length))
            buffer_add(&text, variables);
        buffer_add_length(&text, expression, length ? length : 1);
        expression += length ? length : 1;
    }
    return arena_copy(buffer_text(&text));
}

static const char *cpus_out(const char *other)
{
    return other ? other : "cpu_map_out";
}

static const char *fill(const struct rows *rows, const char *template, const struct step *step,
                        const struct row_place *place)
{
    const enum scalar scalar = step->scalar;
    const char *type = step->parameter->type.text;
    const char *variables = or_nothing(place->variables);

    if (!template || !*template)
        return "";
    if (pattern_role(step->pattern) == ROLE_OUT || step->pattern == PATTERN_LENGTH)
        type = step->pattern == PATTERN_OUT_NUMBERS ? scalar_c_name(scalar)
                                                    : pointed_type(&step->parameter->type);
    else if (step->pattern == PATTERN_NUMBERS)
        type = arena_printf("%s *", scalar_c_name(scalar));
    else if (pattern_is_number(step->pattern))
        type = scalar_c_name(scalar);
    return text_filled(
        template, "name", arena_printf("%s%s", variables, step->parameter->name), "field",
        step->parameter->name, "type", type, "value", or_nothing(place->value), "text",
        or_nothing(place->text), "nullable", step->nullable ? "true" : "false", "handle",
        step->handle ? step->handle->name : "", "record", step->record ? step->record->name : "",
        "read", or_nothing(usual_converters[scalar].read), "write",
        or_nothing(rows->writers[scalar]), "list", or_nothing(usual_converters[scalar].list),
        "keys", keys_name(place->plan, step), "cast",
        step->parameter->type.is_const ? "" : "(void *)", "count",
        rows_expression(place->plan, step->count ? step->count : "0", variables), "cpus",
        cpus_out(place->cpus), "parent", or_nothing(place->parent), "fallback",
        place->fallback ? place->fallback : "0", "free",
        step->free_function ? step->free_function : "", "pair",
        step->pair ? arena_printf("%s%s", variables, step->pair->parameter->name) : "0", "result",
        place->result, "null", rows->zeroed ? "" : " = NULL", "zero", rows->zeroed ? "" : " = 0",
        "blank", rows->zeroed ? "" : " = {0}", "empty", rows->zeroed ? "" : " = \"\"", NULL);
}

static struct row_text filled(const struct rows *rows, const struct row_text *row,
                              const struct step *step, const struct row_place *place)
{
    return (struct row_text){
        .declare = fill(rows, row->declare, step, place),
        .prepare = fill(rows, row->prepare, step, place),
        .convert = fill(rows, row->convert, step, place),
        .enter = fill(rows, row->enter, step, place),
        .argument = fill(rows, row->argument, step, place),
        .length = fill(rows, row->length, step, place),
        .collect = fill(rows, row->collect, step, place),
        .release = fill(rows, row->release, step, place),
    };
}

static struct row_text row_of(const struct rows *rows, const struct row_text *own,
                              const struct row_text *usual, const struct step *step,
                              const struct row_place *place)
{
    const struct row_text row = completed(own, usual);

    if (!own && !usual)
        bug("%s has no row for %s", rows->language, pattern_name(step->pattern));
    return filled(rows, &row, step, place);
}

struct row_text row_in(const struct rows *rows, const struct step *step,
                       const struct row_place *place)
{
    const struct row_text *own = find_row(rows->in, rows->in_count, step->pattern);

    if (!own && pattern_is_number(step->pattern))
        return filled(rows, &rows->number, step, place);
    /* What is usual lacks the conversion. */
    return row_of(rows, own,
                  own ? find_row(usual_rows.in, usual_rows.in_count, step->pattern) : NULL, step,
                  place);
}

static const struct row_text *usual_out(enum pattern pattern)
{
    return find_row(usual_rows.out, usual_rows.out_count, pattern);
}

struct row_text row_out(const struct rows *rows, const struct step *step,
                        const struct row_place *place)
{
    return row_of(rows, find_row(rows->out, rows->out_count, step->pattern),
                  usual_out(step->pattern), step, place);
}

struct row_text row_result(const struct rows *rows, const struct step *step,
                           const struct row_place *place)
{
    return row_of(rows, find_row(rows->result, rows->result_count, step->pattern),
                  find_row(usual_rows.result, usual_rows.result_count, step->pattern), step, place);
}

const char *row_value(const struct rows *rows, const struct row_value *value)
{
    const struct row_text row =
        completed(find_row(rows->out, rows->out_count, value->pattern), usual_out(value->pattern));

    if (!row.collect)
        return "";
    return text_filled(row.collect, "name", value->name, "count", or_nothing(value->count), "write",
                       or_nothing(rows->writers[value->scalar]), "list",
                       or_nothing(usual_converters[value->scalar].list), "handle",
                       value->handle ? value->handle->name : "", "record",
                       value->record ? value->record->name : "", "parent",
                       or_nothing(value->parent), "cpus", cpus_out(value->cpus), NULL);
}

char *row_or_nothing(const struct rows *rows, const char *condition, const char *value)
{
    return arena_printf("%s ? %s : %s", condition, value, rows->nothing);
}

char *row_number(const struct rows *rows, enum scalar scalar, const char *expression)
{
    return arena_printf("%s(%s)", rows->writers[scalar], expression);
}

char *rows_call(const struct plan *plan, const char *result, const char *const *arguments,
                size_t count)
{
    const bool has_result = plan->result.pattern != PATTERN_NOTHING;
    const char *head = arena_printf("%s%s%s%s(", has_result ? result : "", has_result ? " = " : "",
                                    plan->collected ? "collect_" : "vir.", plan->function->name);

    return text_wrapped(head, arguments, count, ");", 4);
}

/* ---- keys of typed parameters ---- */

static const char parameter_type_text[] = "VIR_TYPED_PARAM_";

/* The keys that an argument knows, with their types. */
static void add_keys(struct buffer *buffer, const struct api *api, const struct plan *plan,
                     const struct step *step)
{
    struct buffer rows = {0};
    const struct constant **found = NULL;
    size_t count = 0;
    size_t row_count = 0;
    char *globs = arena_copy(step->keys ? step->keys : "");
    char *rest = NULL;

    for (char *glob = strtok_r(globs, " ", &rest); glob; glob = strtok_r(NULL, " ", &rest))
        for (size_t i = 0; i < api->constant_count; i++)
            if (api->constants[i].kind == CONSTANT_STRING && api->constants[i].parameter_type &&
                glob_match(glob, api->constants[i].name, NULL))
                *VECTOR_ADD(found, count) = &api->constants[i];
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (strcmp(found[i]->string, found[j]->string) > 0) {
                const struct constant *swap = found[i];
                found[i] = found[j];
                found[j] = swap;
            }
    for (size_t i = 0; i < count; i++)
        if (!i || !text_equal(found[i - 1]->string, found[i]->string)) {
            buffer_printf(&rows, "{%s, %s%s},\n", text_c_string(found[i]->string),
                          parameter_type_text, found[i]->parameter_type);
            row_count++;
        }
    if (!count) {
        text_fill(buffer, "static const struct params_keys @name@ = {NULL, 0};\n\n", "name",
                  keys_name(plan, step), NULL);
        return;
    }
    text_fill(buffer,
              "static const struct params_key @name@_rows[] = {\n"
              "    @rows@\n"
              "};\n"
              "static const struct params_keys @name@ = {\n"
              "    @name@_rows, @count@};\n"
              "\n",
              "name", keys_name(plan, step), "rows", buffer_text(&rows), "count",
              arena_printf("%zu", row_count), NULL);
}

void rows_add_keys(struct buffer *buffer, const struct api *api, const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].pattern == PATTERN_PARAMS)
            add_keys(buffer, api, plan, &plan->steps[i]);
}
