/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A few facts stand in the descriptions as prose only: "bitwise-OR of virDomainXMLFlags", "as
 * VIR_TYPED_PARAM_ULLONG", and an event id whose text is the name of its callback type. Only exact
 * names and type words count; everything else that prose says is left to notes. */
#include <string.h>

#include "xml_internal.h"

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next word of `text` that starts with `prefix`, at a word's start; NULL: none. */
static const char *next_word(const char *text, const char *prefix, size_t *length)
{
    for (const char *found = strstr(text, prefix); found; found = strstr(found + 1, prefix)) {
        if (found > text && is_name_character(found[-1]))
            continue;
        *length = 0;
        while (is_name_character(found[*length]))
            ++*length;
        return found;
    }
    return NULL;
}

static bool is_enumeration(const struct api *api, const char *name)
{
    for (size_t i = 0; i < api->enumeration_count; i++)
        if (text_equal(api->enumerations[i].name, name))
            return true;
    return false;
}

/* The first enum that the text names. */
static const char *mentioned_enumeration(const struct api *api, const char *text)
{
    size_t length;

    for (const char *word = next_word(text, "vir", &length); word;
         word = next_word(word + length, "vir", &length)) {
        const char *name = arena_copy_length(word, length);
        if (is_enumeration(api, name))
            return name;
    }
    return NULL;
}

static bool may_hold_enum(const struct parameter *parameter)
{
    return strstr(parameter->type.text, "int") || strstr(parameter->type.text, "long");
}

static void derive_parameter(const struct api *api, struct parameter *parameter)
{
    if (!parameter->enumeration_name && *parameter->documentation && may_hold_enum(parameter))
        parameter->enumeration_name = mentioned_enumeration(api, parameter->documentation);
}

static void derive_function(const struct api *api, struct function *function)
{
    derive_parameter(api, &function->result);
    for (size_t i = 0; i < function->parameter_count; i++)
        derive_parameter(api, &function->parameters[i]);
}

static const struct {
    const char *words;
    const char *type;
} type_words[] = {
    {"unsigned long long", "ULLONG"},
    {"unsigned int", "UINT"},
    {"long long", "LLONG"},
    {"ullong", "ULLONG"},
    {"llong", "LLONG"},
    {"uint", "UINT"},
    {"int", "INT"},
    {"double", "DOUBLE"},
    {"boolean", "BOOLEAN"},
    {"string", "STRING"},
};

static const char *type_at(const char *text)
{
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++)
        if (text_starts(text, type_words[i].words) &&
            !is_name_character(text[strlen(type_words[i].words)]))
            return type_words[i].type;
    return NULL;
}

static const char *stated_parameter_type(const char *text)
{
    static const char *const openings[] = {"as an ",     "as a ",     "as ",
                                           "with type ", "has type ", "type of "};
    size_t length;

    for (const char *word = next_word(text, "VIR_TYPED_PARAM", &length); word;
         word = next_word(word + length, "VIR_TYPED_PARAM", &length)) {
        const char *type = memchr(word + strlen("VIR_TYPED_PARAM"), '_', length);
        const size_t rest = type ? length - (size_t)(type + 1 - word) : 0;

        for (size_t i = 0; type && i < sizeof type_words / sizeof *type_words; i++)
            if (strlen(type_words[i].type) == rest &&
                strncmp(type + 1, type_words[i].type, rest) == 0)
                return type_words[i].type;
    }
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        for (const char *found = strstr(text, openings[i]); found;
             found = strstr(found + 1, openings[i])) {
            const char *type = type_at(found + strlen(openings[i]));
            if (type)
                return type;
        }
    return NULL;
}

static bool is_callback(const struct api *api, const char *name)
{
    for (size_t i = 0; i < api->callback_count; i++)
        if (text_equal(api->callbacks[i].signature.name, name))
            return true;
    return false;
}

static void derive_constant(const struct api *api, struct constant *constant)
{
    size_t length;

    if (constant->kind == CONSTANT_STRING && !constant->parameter_type)
        constant->parameter_type = stated_parameter_type(constant->documentation);
    if (constant->kind != CONSTANT_ENUMERATOR || constant->callback_name)
        return;
    const char *word = next_word(constant->documentation, "vir", &length);
    const char *name = word ? arena_copy_length(word, length) : "";
    if (text_ends(name, "Callback") && is_callback(api, name))
        constant->callback_name = name;
}

void derive_facts(struct api *api)
{
    for (size_t i = 0; i < api->function_count; i++)
        derive_function(api, &api->functions[i]);
    for (size_t i = 0; i < api->callback_count; i++)
        derive_function(api, &api->callbacks[i].signature);
    for (size_t i = 0; i < api->constant_count; i++)
        derive_constant(api, &api->constants[i]);
}
