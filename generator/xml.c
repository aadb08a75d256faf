/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements to structs. What names refer to, and what expressions are worth, is left to resolve.c.
 */
#include "xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "xml_internal.h"

struct reader {
    struct api *api;
    const char *path;
    enum library library;
    unsigned release;
};

static struct location location_of(const struct reader *reader, const xmlNode *node)
{
    return (struct location){reader->path, (int)xmlGetLineNo(node)};
}

/* NULL where there is none. */
static const char *attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *found = node->properties; found; found = found->next)
        if (text_equal((const char *)found->name, name)) {
            xmlChar *value = xmlNodeListGetString(node->doc, found->children, 1);
            const char *copy = arena_copy(value ? (const char *)value : "");
            xmlFree(value);
            return copy;
        }
    return NULL;
}

static const char *required(const struct reader *reader, const xmlNode *node, const char *name)
{
    const char *value = attribute(node, name);

    if (!value || !*value) {
        error_at(location_of(reader, node), "<%s> has no %s", (const char *)node->name, name);
        return "";
    }
    return value;
}

static const char *text_of(const xmlNode *node)
{
    xmlChar *content = xmlNodeGetContent(node);
    const char *copy = arena_copy(content ? (const char *)content : "");

    xmlFree(content);
    return copy;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, name);
}

static const xmlNode *child(const xmlNode *node, const char *name)
{
    for (const xmlNode *item = node->children; item; item = item->next)
        if (is_element(item, name))
            return item;
    return NULL;
}

/* Documentation stands in an <info> child, or in an info attribute. */
static const char *documentation_of(const xmlNode *node)
{
    const xmlNode *info = child(node, "info");
    const char *inline_text = attribute(node, "info");

    return info ? text_of(info) : inline_text ? inline_text : "";
}

/* "9.7.0" to 9007000. */
static unsigned version_of(const struct reader *reader, const xmlNode *node)
{
    const char *text = required(reader, node, "version");
    unsigned numbers[3] = {0};

    for (size_t i = 0; i < 3; i++) {
        char *end;
        errno = 0;
        const unsigned long number = strtoul(text, &end, 10);
        if (end == text || errno || number > 999 || *end != (i < 2 ? '.' : '\0')) {
            if (*text)
                error_at(location_of(reader, node), "'%s' is not a version",
                         attribute(node, "version"));
            return 0;
        }
        numbers[i] = (unsigned)number;
        text = end + 1;
    }
    return numbers[0] * 1000000 + numbers[1] * 1000 + numbers[2];
}

static struct parameter read_parameter(const struct reader *reader, const xmlNode *node,
                                       const char *name)
{
    return (struct parameter){
        .location = location_of(reader, node),
        .name = name,
        .documentation = documentation_of(node),
        .type = {.text = required(reader, node, "type")},
        .enumeration_name = attribute(node, "enum"),
    };
}

static struct function read_signature(const struct reader *reader, const xmlNode *node)
{
    const char *file = attribute(node, "file");
    struct function function = {
        .location = location_of(reader, node),
        .name = required(reader, node, "name"),
        .library = reader->library,
        .file = file ? file : "",
        .version = version_of(reader, node),
        .documentation = documentation_of(node),
    };
    const xmlNode *result = child(node, "return");

    if (result) {
        function.result = read_parameter(reader, result, "");
    } else {
        error_at(function.location, "%s has no <return>", function.name);
        function.result = (struct parameter){.name = "", .documentation = "", .type = {.text = ""}};
    }
    for (const xmlNode *item = node->children; item; item = item->next)
        if (is_element(item, "arg")) {
            const char *name = required(reader, item, "name");
            if (function_parameter(&function, name))
                error_at(location_of(reader, item), "%s has two arguments named %s", function.name,
                         name);
            *VECTOR_ADD(function.parameters, function.parameter_count) =
                read_parameter(reader, item, name);
        }
    return function;
}

static void read_function(struct reader *reader, const xmlNode *node)
{
    *VECTOR_ADD(reader->api->functions, reader->api->function_count) = read_signature(reader, node);
}

static void read_callback(struct reader *reader, const xmlNode *node)
{
    VECTOR_ADD(reader->api->callbacks, reader->api->callback_count)->signature =
        read_signature(reader, node);
}

static void read_fields(const struct reader *reader, const xmlNode *node, struct field **fields,
                        size_t *count)
{
    for (const xmlNode *item = node->children; item; item = item->next) {
        if (!is_element(item, "field"))
            continue;
        struct field field = {
            .location = location_of(reader, item),
            .name = required(reader, item, "name"),
            .documentation = documentation_of(item),
            .type = {.text = required(reader, item, "type")},
        };
        const xmlNode *members = child(item, "union");
        if (members)
            read_fields(reader, members, &field.members, &field.member_count);
        *VECTOR_ADD(*fields, *count) = field;
    }
}

/* A struct with fields is a record, one without is opaque: a handle. */
static void read_struct(struct reader *reader, const xmlNode *node)
{
    const char *type = required(reader, node, "type");
    const char *tag = text_starts(type, "struct ") ? type + strlen("struct ") : type;

    if (child(node, "field")) {
        struct record *record = VECTOR_ADD(reader->api->records, reader->api->record_count);
        *record = (struct record){
            .location = location_of(reader, node),
            .name = required(reader, node, "name"),
            .tag = tag,
            .library = reader->library,
            .documentation = documentation_of(node),
            .version = version_of(reader, node),
            .is_params = text_equal(tag, "_virTypedParameter"),
        };
        read_fields(reader, node, &record->fields, &record->field_count);
    } else {
        *VECTOR_ADD(reader->api->handles, reader->api->handle_count) = (struct handle){
            .location = location_of(reader, node),
            .name = required(reader, node, "name"),
            .tag = tag,
            .library = reader->library,
            .version = version_of(reader, node),
        };
    }
}

static void read_typedef(struct reader *reader, const xmlNode *node)
{
    const char *type = required(reader, node, "type");

    if (text_equal(type, "enum"))
        *VECTOR_ADD(reader->api->enumerations, reader->api->enumeration_count) =
            (struct enumeration){
                .location = location_of(reader, node),
                .name = required(reader, node, "name"),
                .library = reader->library,
                .version = version_of(reader, node),
                .documentation = documentation_of(node),
            };
    else
        *VECTOR_ADD(reader->api->typedefinitions, reader->api->typedefinition_count) =
            (struct typedefinition){
                .location = location_of(reader, node),
                .name = required(reader, node, "name"),
                .target = type,
                .library = reader->library,
                .version = version_of(reader, node),
            };
}

static struct constant read_constant(const struct reader *reader, const xmlNode *node,
                                     enum constant_kind kind, const char *raw)
{
    const char *name = required(reader, node, "name");

    return (struct constant){
        .location = location_of(reader, node),
        .name = name,
        .library = reader->library,
        .kind = kind,
        .version = version_of(reader, node),
        .raw = raw,
        .documentation = documentation_of(node),
        .is_sentinel = kind == CONSTANT_ENUMERATOR && text_ends(name, "_LAST"),
        .release = reader->release,
    };
}

static void read_enumerator(struct reader *reader, const xmlNode *node)
{
    struct constant constant =
        read_constant(reader, node, CONSTANT_ENUMERATOR, required(reader, node, "value"));

    constant.enumeration_name = required(reader, node, "type");
    constant.callback_name = attribute(node, "callback");
    constant.is_bit = attribute(node, "value_bitshift") != NULL;
    *VECTOR_ADD(reader->api->constants, reader->api->constant_count) = constant;
}

static bool is_struct_tag(const char *raw)
{
    return text_starts(raw, "_vir");
}

static void read_macro(struct reader *reader, const xmlNode *node)
{
    const char *string = attribute(node, "string");
    const char *raw = attribute(node, "raw");
    const char *parameters = attribute(node, "params");

    if (string) {
        struct constant constant = read_constant(reader, node, CONSTANT_STRING, string);
        constant.string = string;
        constant.parameter_type = attribute(node, "parameter");
        *VECTOR_ADD(reader->api->constants, reader->api->constant_count) = constant;
    } else if (parameters || (raw && is_struct_tag(raw))) {
        *VECTOR_ADD(reader->api->other_macros, reader->api->other_macro_count) =
            (struct other_macro){
                .location = location_of(reader, node),
                .name = required(reader, node, "name"),
                .raw = raw ? raw : "",
                .parameters = parameters,
                .library = reader->library,
                .version = version_of(reader, node),
            };
    } else {
        *VECTOR_ADD(reader->api->constants, reader->api->constant_count) =
            read_constant(reader, node, CONSTANT_NUMBER, required(reader, node, "raw"));
    }
}

static void read_variable(struct reader *reader, const xmlNode *node)
{
    *VECTOR_ADD(reader->api->variables, reader->api->variable_count) = (struct variable){
        .location = location_of(reader, node),
        .name = required(reader, node, "name"),
        .library = reader->library,
        .type = {.text = required(reader, node, "type")},
        .version = version_of(reader, node),
    };
}

static const struct {
    const char *element;
    void (*read)(struct reader *reader, const xmlNode *node);
} symbols[] = {
    {"enum", read_enumerator},   {"function", read_function}, {"functype", read_callback},
    {"macro", read_macro},       {"struct", read_struct},     {"typedef", read_typedef},
    {"variable", read_variable},
};

static void read_symbol(struct reader *reader, const xmlNode *node)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (text_equal((const char *)node->name, symbols[i].element)) {
            symbols[i].read(reader, node);
            return;
        }
    error_at(location_of(reader, node), "<%s> is a kind of symbol that is not known here",
             (const char *)node->name);
}

struct description {
    const char *folder;
    xmlDoc *documents[LIBRARY_COUNT];
    unsigned release;
};

static void report_xml_error(void *path, const xmlError *error)
{
    size_t length = strlen(error->message);

    while (length && error->message[length - 1] == '\n')
        length--;
    error_at((struct location){path, error->line}, "%.*s", (int)length, error->message);
}

static const xmlNode *symbols_of(const xmlDoc *document)
{
    const xmlNode *root = xmlDocGetRootElement((xmlDoc *)document);

    return root && is_element(root, "api") ? child(root, "symbols") : NULL;
}

static unsigned release_of(const xmlNode *symbols_node)
{
    for (const xmlNode *node = symbols_node->children; node; node = node->next)
        if (is_element(node, "macro")) {
            const char *name = attribute(node, "name");
            const char *raw = attribute(node, "raw");
            if (name && raw && text_equal(name, "LIBVIR_VERSION_NUMBER"))
                return (unsigned)strtoul(raw, NULL, 0);
        }
    return 0;
}

static bool parse_description(struct description *description)
{
    for (enum library library = 0; library < LIBRARY_COUNT; library++) {
        char *path = arena_printf("%s/%s-api.xml", description->folder, library_name(library));

        if (access(path, R_OK) != 0) {
            error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
            continue;
        }
        xmlSetStructuredErrorFunc(path, (xmlStructuredErrorFunc)report_xml_error);
        xmlDoc *document = xmlReadFile(path, NULL,
                                       XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT |
                                           XML_PARSE_NOBLANKS);
        xmlSetStructuredErrorFunc(NULL, NULL);
        description->documents[library] = document;
        if (!document)
            continue;
        const xmlNode *symbols_node = symbols_of(document);
        if (!symbols_node)
            error_at((struct location){path, 1}, "this is not an API description: it has no "
                                                 "<symbols> in an <api>");
        else if (library == LIBRARY_LIBVIRT)
            description->release = release_of(symbols_node);
    }
    return error_count() == 0;
}

static int by_release(const void *a, const void *b)
{
    const struct description *first = a;
    const struct description *second = b;

    return first->release < second->release ? -1 : first->release > second->release;
}

static void read_description(struct api *api, const struct description *description)
{
    for (enum library library = 0; library < LIBRARY_COUNT; library++) {
        struct reader reader = {
            .api = api,
            .path = arena_printf("%s/%s-api.xml", description->folder, library_name(library)),
            .library = library,
            .release = description->release,
        };
        const xmlNode *symbols_node = symbols_of(description->documents[library]);

        for (const xmlNode *node = symbols_node->children; node; node = node->next)
            if (node->type == XML_ELEMENT_NODE)
                read_symbol(&reader, node);
    }
}

struct api *xml_read(const char *const *folders, size_t folder_count)
{
    struct description *descriptions = arena_allocate(folder_count * sizeof *descriptions);
    struct api *api = NULL;
    bool parsed = true;

    for (size_t i = 0; i < folder_count; i++) {
        descriptions[i].folder = folders[i];
        parsed = parse_description(&descriptions[i]) && parsed;
    }
    if (parsed) {
        api = arena_allocate(sizeof *api);
        sort_items(descriptions, folder_count, sizeof *descriptions, by_release);
        for (size_t i = 0; i < folder_count; i++) {
            read_description(api, &descriptions[i]);
            derive_facts(api);
            api->version = descriptions[i].release;
        }
        /* What could not be read whole cannot be looked into. */
        if (error_count()) {
            api = NULL;
        } else {
            merge_api(api);
            resolve_api(api);
        }
    }
    for (size_t i = 0; i < folder_count; i++)
        for (enum library library = 0; library < LIBRARY_COUNT; library++)
            xmlFreeDoc(descriptions[i].documents[library]);
    xmlCleanupParser();
    return api;
}
