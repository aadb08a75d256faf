/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "declare.h"

#include <string.h>

char *declare_name(const char *type, const char *name)
{
    struct buffer buffer = {0};

    for (const char *c = type; *c; c++) {
        if (*c == ' ' && c[1] == '*' && buffer.length && buffer.data[buffer.length - 1] == '*')
            continue;
        buffer_add_length(&buffer, c, 1);
    }
    while (buffer.length && buffer.data[buffer.length - 1] == ' ')
        buffer.data[--buffer.length] = '\0';
    if (*name && buffer.length && buffer.data[buffer.length - 1] != '*')
        buffer_add(&buffer, " ");
    buffer_add(&buffer, name);
    return buffer.data;
}

char *declare_parameters(const struct function *function)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < function->parameter_count; i++)
        buffer_printf(
            &buffer, "%s%s", i ? ", " : "",
            declare_name(function->parameters[i].type.text, function->parameters[i].name));
    if (!function->parameter_count)
        buffer_add(&buffer, "void");
    return buffer.data;
}

/* HEAD(parameter, parameter …TAIL */
static char *wrapped(const struct function *function, const char *head, const char *tail,
                     size_t indent)
{
    const size_t count = function->parameter_count;
    const char **items = arena_allocate((count + 1) * sizeof *items);

    items[0] = "void";
    for (size_t i = 0; i < count; i++)
        items[i] = declare_name(function->parameters[i].type.text, function->parameters[i].name);
    return text_wrapped(head, items, count ? count : 1, tail, indent);
}

char *declare_pointer_wrapped(const struct function *function, const char *name, const char *tail,
                              size_t indent)
{
    const char *pointer = arena_printf("(*%s)", name);

    return wrapped(function, arena_printf("%s(", declare_name(function->result.type.text, pointer)),
                   arena_printf(")%s", tail), indent);
}

char *declare_comment(const struct function *function)
{
    return wrapped(function,
                   arena_printf("/* %s(", declare_name(function->result.type.text, function->name)),
                   ") */", 0);
}

char *declare_pointer(const struct function *function, const char *name)
{
    return arena_printf("%s(%s)",
                        declare_name(function->result.type.text, arena_printf("(*%s)", name)),
                        declare_parameters(function));
}

static void add_fields(struct buffer *buffer, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];

        if (field->type.kind == TYPE_UNION) {
            struct buffer members = {0};
            add_fields(&members, field->members, field->member_count);
            text_fill(buffer,
                      "union {\n"
                      "    @members@\n"
                      "} @name@;\n",
                      "members", buffer_text(&members), "name", field->name, NULL);
        } else if (field->type.array) {
            buffer_printf(buffer, "%s;\n", field->type.text);
        } else {
            buffer_printf(buffer, "%s;\n", declare_name(field->type.text, field->name));
        }
    }
}

char *declare_fields(const struct record *record)
{
    struct buffer buffer = {0};

    add_fields(&buffer, record->fields, record->field_count);
    return arena_copy(buffer_text(&buffer));
}
