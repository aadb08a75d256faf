/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the descriptions spell out, looked up: types through their typedefs, names of enums and
 * callbacks, values of constants. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "xml_internal.h"

static const struct {
    const char *spelling;
    enum scalar scalar;
} scalar_spellings[] = {
    {"char", SCALAR_CHAR},
    {"unsigned char", SCALAR_UCHAR},
    {"unsigned short", SCALAR_USHORT},
    {"int", SCALAR_INT},
    {"unsigned int", SCALAR_UINT},
    {"unsigned", SCALAR_UINT},
    {"long", SCALAR_LONG},
    {"unsigned long", SCALAR_ULONG},
    {"long long", SCALAR_LLONG},
    {"long long int", SCALAR_LLONG},
    {"unsigned long long", SCALAR_ULLONG},
    {"unsigned long long int", SCALAR_ULLONG},
    {"size_t", SCALAR_SIZE},
    {"double", SCALAR_DOUBLE},
};

static const struct typedefinition *find_typedef(const struct api *api, const char *name)
{
    for (size_t low = 0, high = api->typedefinition_count; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(name, api->typedefinitions[middle].name);
        if (order == 0)
            return &api->typedefinitions[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Splits "const char ** const" into its words; stars are counted, const and struct noted. A const
 * behind a star says nothing about what is pointed to. */
static const char *base_words(const char *text, struct type *type)
{
    struct buffer base = {0};

    while (*text) {
        size_t length = 0;
        if (*text == '*') {
            type->pointers++;
            text++;
            continue;
        }
        if (isspace((unsigned char)*text)) {
            text++;
            continue;
        }
        while (text[length] && text[length] != '*' && !isspace((unsigned char)text[length]))
            length++;
        if (length == 5 && strncmp(text, "const", 5) == 0) {
            if (!type->pointers)
                type->is_const = true;
        } else if (!(length == 6 && strncmp(text, "struct", 6) == 0)) {
            if (base.length)
                buffer_add(&base, " ");
            buffer_add_length(&base, text, length);
        }
        text += length;
    }
    return buffer_text(&base);
}

static bool resolve_base(const struct api *api, const char *base, struct type *type)
{
    for (size_t i = 0; i < sizeof scalar_spellings / sizeof *scalar_spellings; i++)
        if (text_equal(base, scalar_spellings[i].spelling)) {
            type->kind = TYPE_SCALAR;
            type->scalar = scalar_spellings[i].scalar;
            return true;
        }
    if (text_equal(base, "void")) {
        type->kind = TYPE_VOID;
        return true;
    }
    if (text_equal(base, "union")) {
        type->kind = TYPE_UNION;
        return true;
    }
    const struct typedefinition *definition = find_typedef(api, base);
    if (definition)
        return resolve_base(api, base_words(definition->target, type), type);
    if ((type->record = api_record(api, base))) {
        type->kind = type->record->is_params ? TYPE_PARAMS : TYPE_RECORD;
        return true;
    }
    if ((type->handle = api_handle(api, base))) {
        type->kind = TYPE_HANDLE;
        return true;
    }
    if ((type->callback = api_callback(api, base))) {
        type->kind = TYPE_CALLBACK;
        return true;
    }
    if ((type->enumeration = api_enumeration(api, base))) {
        type->kind = TYPE_SCALAR;
        type->scalar = SCALAR_INT;
        return true;
    }
    return false;
}

static void resolve_type(const struct api *api, struct type *type, struct location location,
                         const char *owner)
{
    const char *text = type->text;
    const char *bracket = strchr(text, '[');

    /* Array fields carry their declarator: "char label[4097]". */
    if (bracket) {
        long long length = 0;
        const char *end = strchr(bracket, ']');
        const char *name = bracket;

        while (name > text && !isspace((unsigned char)name[-1]))
            name--;
        type->array_text = end ? arena_copy_length(bracket + 1, (size_t)(end - bracket - 1)) : "";
        if (!expression_value(api, type->array_text, &length) || length <= 0)
            error_at(location, "%s: '%s' is not the length of an array", owner, type->array_text);
        type->array = (long)length;
        text = arena_copy_length(text, (size_t)(name - text));
    }
    const char *base = base_words(text, type);
    if (!resolve_base(api, base, type))
        error_at(location, "%s: '%s' is a type that no description declares", owner, base);
}

static void resolve_parameter(const struct api *api, struct parameter *parameter, const char *owner)
{
    resolve_type(api, &parameter->type, parameter->location, owner);
    if (!parameter->enumeration_name)
        return;
    parameter->enumeration = api_enumeration(api, parameter->enumeration_name);
    if (!parameter->enumeration)
        error_at(parameter->location, "%s: no enum is named %s", owner,
                 parameter->enumeration_name);
}

static void resolve_function(const struct api *api, struct function *function)
{
    resolve_parameter(api, &function->result, function->name);
    for (size_t i = 0; i < function->parameter_count; i++)
        resolve_parameter(api, &function->parameters[i], function->name);
}

static void resolve_fields(const struct api *api, struct field *fields, size_t count,
                           const char *owner)
{
    for (size_t i = 0; i < count; i++) {
        resolve_type(api, &fields[i].type, fields[i].location, owner);
        resolve_fields(api, fields[i].members, fields[i].member_count, owner);
    }
}

/* A recursive descent over what C allows in a constant: literals, names, + - * / % << >> & | ^ ~
 * and parentheses; comments are skipped. */
struct expression {
    const struct api *api;
    const char *rest;
    unsigned depth;
    bool failed;
};

static void skip_blanks(struct expression *expression)
{
    for (;;) {
        while (isspace((unsigned char)*expression->rest))
            expression->rest++;
        if (!text_starts(expression->rest, "/*"))
            return;
        const char *end = strstr(expression->rest + 2, "*/");
        if (!end) {
            expression->failed = true;
            return;
        }
        expression->rest = end + 2;
    }
}

static bool accept(struct expression *expression, const char *token)
{
    skip_blanks(expression);
    if (!text_starts(expression->rest, token))
        return false;
    expression->rest += strlen(token);
    return true;
}

static long long parse_level(struct expression *expression, int level);

static long long named_value(struct expression *expression)
{
    size_t length = 0;
    long long value = 0;

    while (isalnum((unsigned char)expression->rest[length]) || expression->rest[length] == '_')
        length++;
    const struct constant *constant =
        api_constant(expression->api, arena_copy_length(expression->rest, length));
    expression->rest += length;
    if (!constant || constant->kind == CONSTANT_STRING || expression->depth > 200) {
        expression->failed = true;
        return 0;
    }
    struct expression inner = {expression->api, constant->raw, expression->depth + 1, false};
    value = parse_level(&inner, 0);
    skip_blanks(&inner);
    expression->failed = expression->failed || inner.failed || *inner.rest;
    return value;
}

static long long parse_primary(struct expression *expression)
{
    skip_blanks(expression);
    if (accept(expression, "(")) {
        const long long value = parse_level(expression, 0);
        if (!accept(expression, ")"))
            expression->failed = true;
        return value;
    }
    if (accept(expression, "-"))
        return (long long)(0ULL - (unsigned long long)parse_primary(expression));
    if (accept(expression, "~"))
        return ~parse_primary(expression);
    if (isdigit((unsigned char)*expression->rest)) {
        char *end;
        const unsigned long long value = strtoull(expression->rest, &end, 0);
        while (*end && strchr("uUlL", *end))
            end++;
        expression->rest = end;
        return (long long)value;
    }
    if (isalpha((unsigned char)*expression->rest) || *expression->rest == '_')
        return named_value(expression);
    expression->failed = true;
    return 0;
}

static long long apply(struct expression *expression, const char *operator, long long left,
                       long long right)
{
    const unsigned long long a = (unsigned long long)left;
    const unsigned long long b = (unsigned long long)right;

    switch (*operator) {
    case '|':
        return left | right;
    case '^':
        return left ^ right;
    case '&':
        return left & right;
    case '+':
        return (long long)(a + b);
    case '-':
        return (long long)(a - b);
    case '*':
        return (long long)(a * b);
    }
    if (text_equal(operator, "<<") && right >= 0 && right < 64)
        return (long long)(a << right);
    if (text_equal(operator, ">>") && right >= 0 && right < 64)
        return (long long)(a >> right);
    if (text_equal(operator, "/") && right > 0)
        return left / right;
    if (text_equal(operator, "%") && right > 0)
        return left % right;
    expression->failed = true;
    return 0;
}

static long long parse_level(struct expression *expression, int level)
{
    static const char *const operators[][4] = {{"|"},        {"^"},      {"&"},
                                               {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}};

    if (level == sizeof operators / sizeof *operators)
        return parse_primary(expression);
    if (++expression->depth > 200) {
        expression->failed = true;
        return 0;
    }
    long long value = parse_level(expression, level + 1);
    for (bool found = true; found && !expression->failed;) {
        found = false;
        for (size_t i = 0; i < 3 && operators[level][i] && !found; i++)
            if (accept(expression, operators[level][i])) {
                const long long right = parse_level(expression, level + 1);
                value = apply(expression, operators[level][i], value, right);
                found = true;
            }
    }
    expression->depth--;
    return value;
}

bool expression_value(const struct api *api, const char *text, long long *value)
{
    struct expression expression = {api, text, 0, false};
    const long long result = parse_level(&expression, 0);

    skip_blanks(&expression);
    if (expression.failed || *expression.rest)
        return false;
    *value = result;
    return true;
}

static int by_value(const void *a, const void *b)
{
    const struct constant *first = *(const struct constant *const *)a;
    const struct constant *second = *(const struct constant *const *)b;

    if (first->value != second->value)
        return first->value < second->value ? -1 : 1;
    return strcmp(first->name, second->name);
}

static void resolve_constant(const struct api *api, struct constant *constant)
{
    if (constant->kind == CONSTANT_STRING)
        return;
    if (!expression_value(api, constant->raw, &constant->value))
        error_at(constant->location, "%s: cannot compute '%s'", constant->name, constant->raw);
    if (constant->callback_name &&
        !(constant->callback = api_callback(api, constant->callback_name)))
        error_at(constant->location, "%s: no callback type is named %s", constant->name,
                 constant->callback_name);
    if (constant->kind != CONSTANT_ENUMERATOR)
        return;
    struct enumeration *enumeration =
        (struct enumeration *)api_enumeration(api, constant->enumeration_name);
    if (!enumeration) {
        error_at(constant->location, "%s: no enum is named %s", constant->name,
                 constant->enumeration_name);
        return;
    }
    constant->enumeration = enumeration;
    enumeration->is_flags = enumeration->is_flags || constant->is_bit;
    *VECTOR_ADD(enumeration->constants, enumeration->constant_count) = constant;
}

void resolve_api(struct api *api)
{
    for (size_t i = 0; i < api->constant_count; i++)
        resolve_constant(api, &api->constants[i]);
    for (size_t i = 0; i < api->enumeration_count; i++)
        sort_items(api->enumerations[i].constants, api->enumerations[i].constant_count,
                   sizeof *api->enumerations[i].constants, by_value);
    for (size_t i = 0; i < api->function_count; i++)
        resolve_function(api, &api->functions[i]);
    for (size_t i = 0; i < api->callback_count; i++)
        resolve_function(api, &api->callbacks[i].signature);
    for (size_t i = 0; i < api->record_count; i++)
        resolve_fields(api, api->records[i].fields, api->records[i].field_count,
                       api->records[i].name);
    for (size_t i = 0; i < api->variable_count; i++)
        resolve_type(api, &api->variables[i].type, api->variables[i].location,
                     api->variables[i].name);
}
