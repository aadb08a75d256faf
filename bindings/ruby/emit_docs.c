/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* documentation.rb: every method with what is said of it, for rdoc, ri and YARD, which cannot read
 * tables of C. It is never loaded. */
#include <string.h>

#include "doc.h"
#include "document.h"
#include "emit.h"

static const struct document_words words = {
    .width = 90,
    .number = "an Integer",
    .worked = "nil",
    .none = "nil",
    .list_of = "an Array of",
    .label = ":: ",
    .patterns =
        {
            [PATTERN_OUT_TEXT] = "a String",
            [PATTERN_OUT_STRING] = "a String",
            [PATTERN_OWNED_STRING] = "a String",
            [PATTERN_BORROWED_STRING] = "a String",
            [PATTERN_OUT_UUID] = "a String of 16 bytes",
            [PATTERN_OUT_BYTES] = "a binary String",
            [PATTERN_OWNED_BYTES] = "a binary String",
            [PATTERN_OUT_NAMES] = "an Array of Strings",
            [PATTERN_OUT_STRINGS] = "an Array of Strings",
            [PATTERN_OUT_NUMBERS] = "an Array of Integers",
            [PATTERN_OUT_FILE_DESCRIPTORS] = "an Array of file descriptors",
            [PATTERN_OUT_PARAMS] = "a Hash with Strings as keys",
            [PATTERN_OUT_NEW_PARAMS] = "a Hash with Strings as keys",
            [PATTERN_OUT_PARAMS_BY_CPU] = "an Array of Hashes",
            [PATTERN_OUT_CPU_MAP] = "an Array of true or false, one a CPU",
            [PATTERN_OUT_NEW_CPU_MAP] = "an Array of true or false, one a CPU",
            [PATTERN_OUT_CPU_MAPS] = "an Array of Arrays of true or false, one a CPU",
            [PATTERN_YES_NO] = "true or false",
        },
    .path = ruby_path,
};

/* Words that are no names of variables in Ruby. */
char *ruby_parameter_name(const char *name)
{
    static const char *const reserved[] = {
        "alias", "and",  "begin", "break",  "case", "class", "def",    "do",    "else",  "end",
        "for",   "if",   "in",    "module", "next", "nil",   "not",    "or",    "redo",  "rescue",
        "retry", "self", "super", "then",   "true", "undef", "unless", "until", "while", "yield",
    };

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (text_equal(name, reserved[i]))
            return arena_printf("%s_", name);
    return arena_copy(name);
}

static const char *parameters(const struct bound_function *function)
{
    struct buffer text = {0};

    if (ruby_is_setter(function))
        return "(value)";
    if (!function->parameter_count)
        return "";
    for (size_t i = 0; i < function->parameter_count; i++) {
        const struct bound_parameter *parameter = &function->parameters[i];

        buffer_printf(&text, "%s%s", i ? ", " : "(", ruby_parameter_name(parameter->name));
        if (parameter->value)
            buffer_printf(&text, " = %s", parameter->value);
    }
    buffer_add(&text, ")");
    return buffer_text(&text);
}

/* "memory, or [memory, flags]" */
static const char *taken_by_setter(const struct bound_function *function)
{
    struct buffer text = {0};

    if (function->parameter_count == 1)
        return "";
    buffer_printf(&text, "Takes %s%s[", function->required == 1 ? function->parameters[0].name : "",
                  function->required == 1 ? ", or " : "");
    for (size_t i = 0; i < function->parameter_count; i++)
        buffer_printf(&text, "%s%s", i ? ", " : "", function->parameters[i].name);
    buffer_add(&text, "].\n\n");
    return buffer_text(&text);
}

/* As a comment, indented like the method below it. */
static void add_comment(struct buffer *file, const char *text)
{
    while (*text) {
        const size_t length = strcspn(text, "\n");

        buffer_printf(file, "  #%s%.*s\n", length ? " " : "", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* An alias; of a setter, a method that takes the arguments one by one. */
static void add_other(struct buffer *file, const struct bound_function *function, const char *name)
{
    const struct bound_function other = ruby_renamed(function, name);

    if (ruby_is_setter(function) == ruby_is_setter(&other)) {
        buffer_printf(file, "  alias %s %s\n", name, function->name);
        return;
    }
    buffer_add(file, "\n");
    add_comment(file, arena_printf("The same as #%s, whose arguments it takes one by one.",
                                   function->name));
    buffer_printf(file, "  def %s%s\n  end\n", name, parameters(&other));
}

static void add_method(struct buffer *file, const struct surface *surface,
                       const struct bound_function *function)
{
    size_t count;
    const char *const *others = ruby_other_names(surface, function, &count);

    if (ruby_is_merged(surface, function->plan))
        return;
    buffer_add(file, "\n");
    if (ruby_is_setter(function))
        add_comment(file, taken_by_setter(function));
    add_comment(file, document_function(surface, function, &words));
    buffer_printf(file, "  def %s%s%s\n  end\n", function->class_name ? "" : "self.",
                  function->name, parameters(function));
    for (size_t i = 0; i < count; i++)
        add_other(file, function, others[i]);
}

static void add_runtime_methods(struct buffer *file, const struct surface *surface,
                                const char *owner)
{
    size_t count;
    const struct runtime_method *methods = ruby_runtime_methods(surface, owner, &count);

    for (size_t i = 0; i < count; i++) {
        struct buffer text = {0};

        doc_wrap(&text, methods[i].text, "", "", words.width);
        buffer_add(file, "\n");
        add_comment(file, buffer_text(&text));
        buffer_printf(file, "  def %s%s\n  end\n", methods[i].name, methods[i].parameters);
    }
}

void ruby_emit_documentation(const struct surface *surface, struct output *output)
{
    struct buffer file = {0};
    size_t count;
    const char **owners = ruby_owners(surface, &count);

    buffer_add(&file,
               "# frozen_string_literal: true\n\n"
               "# SPDX-License-Identifier: LGPL-2.1-or-later\n"
               "# Generated by libvirt-bindgen, for rdoc, ri and YARD: this is not loaded.\n");
    for (size_t i = 0; i < count; i++) {
        const bool is_module = !strchr(owners[i], ':') || text_ends(owners[i], "::Admin");

        buffer_printf(&file, "\n%s %s\n", is_module ? "module" : "class", owners[i]);
        for (size_t j = 0; j < surface->function_count; j++)
            if (text_equal(ruby_owner(&surface->functions[j]), owners[i]))
                add_method(&file, surface, &surface->functions[j]);
        add_runtime_methods(&file, surface, owners[i]);
        buffer_add(&file, "end\n");
    }
    output_add(output, "documentation.rb", &file);
}
