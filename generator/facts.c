/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts.h"

#include <string.h>

static const char *escaped(const char *text)
{
    static const struct {
        char character;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'\'', "&apos;"}, {'\n', " "}};
    struct buffer buffer = {0};

    for (; *text; text++) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof *entities && !entity; i++)
            if (entities[i].character == *text)
                entity = entities[i].entity;
        if (entity)
            buffer_add(&buffer, entity);
        else
            buffer_add_length(&buffer, text, 1);
    }
    return buffer_text(&buffer);
}

static const char *optional_attribute(const char *name, const char *value)
{
    return value ? arena_printf(" %s='%s'", name, escaped(value)) : "";
}

static void add_parameter(struct buffer *buffer, const char *element,
                          const struct parameter *parameter)
{
    buffer_printf(
        buffer, "      <%s%s type='%s'%s/>\n", element,
        *parameter->name ? optional_attribute("name", parameter->name) : "",
        escaped(parameter->type.text),
        optional_attribute("enum", parameter->enumeration ? parameter->enumeration->name : NULL));
}

static void add_signature(struct buffer *buffer, const char *element,
                          const struct function *function)
{
    buffer_printf(buffer, "    <%s name='%s' file='%s' version='%s'>\n", element, function->name,
                  function->file, version_text(function->version));
    add_parameter(buffer, "return", &function->result);
    for (size_t i = 0; i < function->parameter_count; i++)
        add_parameter(buffer, "arg", &function->parameters[i]);
    buffer_printf(buffer, "    </%s>\n", element);
}

static void add_fields(struct buffer *buffer, const struct field *fields, size_t count,
                       const char *indent)
{
    for (size_t i = 0; i < count; i++) {
        buffer_printf(buffer, "%s<field name='%s' type='%s'", indent, fields[i].name,
                      escaped(fields[i].type.text));
        if (!fields[i].member_count) {
            buffer_add(buffer, "/>\n");
            continue;
        }
        buffer_printf(buffer, ">\n%s  <union>\n", indent);
        add_fields(buffer, fields[i].members, fields[i].member_count,
                   arena_printf("%s    ", indent));
        buffer_printf(buffer, "%s  </union>\n%s</field>\n", indent, indent);
    }
}

static void add_constant(struct buffer *buffer, const struct constant *constant)
{
    const char *version = version_text(constant->version);

    switch (constant->kind) {
    case CONSTANT_ENUMERATOR:
        buffer_printf(
            buffer, "    <enum name='%s' value='%s'%s type='%s' version='%s'%s/>\n", constant->name,
            escaped(constant->raw), constant->is_bit ? " value_bitshift=''" : "",
            constant->enumeration->name, version,
            optional_attribute("callback",
                               constant->callback ? constant->callback->signature.name : NULL));
        return;
    case CONSTANT_NUMBER:
        buffer_printf(buffer, "    <macro name='%s' raw='%s' version='%s'/>\n", constant->name,
                      escaped(constant->raw), version);
        return;
    case CONSTANT_STRING:
        buffer_printf(buffer, "    <macro name='%s' string='%s' version='%s'%s/>\n", constant->name,
                      escaped(constant->string), version,
                      optional_attribute("parameter", constant->parameter_type));
        return;
    }
}

static void add_macros_and_enums(struct buffer *buffer, const struct api *api, enum library library)
{
    for (size_t i = 0; i < api->other_macro_count; i++) {
        const struct other_macro *macro = &api->other_macros[i];
        if (macro->library == library)
            buffer_printf(buffer, "    <macro name='%s'%s raw='%s' version='%s'/>\n", macro->name,
                          optional_attribute("params", macro->parameters), escaped(macro->raw),
                          version_text(macro->version));
    }
    for (size_t i = 0; i < api->constant_count; i++)
        if (api->constants[i].library == library)
            add_constant(buffer, &api->constants[i]);
    for (size_t i = 0; i < api->enumeration_count; i++)
        if (api->enumerations[i].library == library)
            buffer_printf(buffer, "    <typedef name='%s' type='enum' version='%s'/>\n",
                          api->enumerations[i].name, version_text(api->enumerations[i].version));
}

static void add_types(struct buffer *buffer, const struct api *api, enum library library)
{
    for (size_t i = 0; i < api->handle_count; i++)
        if (api->handles[i].library == library)
            buffer_printf(buffer, "    <struct name='%s' type='struct %s' version='%s'/>\n",
                          api->handles[i].name, api->handles[i].tag,
                          version_text(api->handles[i].version));
    for (size_t i = 0; i < api->record_count; i++) {
        const struct record *record = &api->records[i];
        if (record->library != library)
            continue;
        buffer_printf(buffer, "    <struct name='%s' type='struct %s' version='%s'>\n",
                      record->name, record->tag, version_text(record->version));
        add_fields(buffer, record->fields, record->field_count, "      ");
        buffer_add(buffer, "    </struct>\n");
    }
    for (size_t i = 0; i < api->typedefinition_count; i++) {
        const struct typedefinition *definition = &api->typedefinitions[i];
        if (definition->library == library)
            buffer_printf(buffer, "    <typedef name='%s' type='%s' version='%s'/>\n",
                          definition->name, escaped(definition->target),
                          version_text(definition->version));
    }
    for (size_t i = 0; i < api->variable_count; i++) {
        const struct variable *variable = &api->variables[i];
        if (variable->library == library)
            buffer_printf(buffer, "    <variable name='%s' type='%s' version='%s'/>\n",
                          variable->name, escaped(variable->type.text),
                          version_text(variable->version));
    }
}

static void add_functions(struct buffer *buffer, const struct api *api, enum library library)
{
    for (size_t i = 0; i < api->callback_count; i++)
        if (api->callbacks[i].signature.library == library)
            add_signature(buffer, "functype", &api->callbacks[i].signature);
    for (size_t i = 0; i < api->function_count; i++)
        if (api->functions[i].library == library)
            add_signature(buffer, "function", &api->functions[i]);
}

void facts_write(const struct api *api, struct output *output)
{
    for (enum library library = 0; library < LIBRARY_COUNT; library++) {
        struct buffer buffer = {0};

        buffer_printf(
            &buffer,
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            "<!-- Facts of libvirt %s: names, types, values and the release each appeared "
            "in. Written by `libvirt-bindgen facts`. -->\n"
            "<api name='%s'>\n  <symbols>\n",
            version_text(api->version), library_name(library));
        add_macros_and_enums(&buffer, api, library);
        add_types(&buffer, api, library);
        add_functions(&buffer, api, library);
        buffer_add(&buffer, "  </symbols>\n</api>\n");
        output_add(output, arena_printf("%s-api.xml", library_name(library)), &buffer);
    }
}
