/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants: as a rule in the class that their prefix names, without it; else in the module,
 * without VIR_.
 *
 *     constant VIR_DOMAIN_JOB_*
 *         class Libvirt::Domain::JobInfo  # in this class, without VIR_
 *         name *                          # with this name
 *     constant VIR_DOMAIN_XML_SECURE
 *         also Libvirt::Domain DOMAIN_XML_SECURE  # and there
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"

/* "VIR_NODE_DEVICE_" of virNodeDevice, "VIR_SERVER_" of virAdmServer */
static char *prefix_of(const struct handle *handle)
{
    const char *const *words;
    const size_t count = name_words(ruby_bare_name(handle), &words);
    char *prefix = arena_printf("VIR_%s_", name_snake(words, count));
    const char *filter = strstr(prefix, "nw_filter");

    if (filter)
        prefix = arena_printf("VIR_NWFILTER%s", filter + strlen("nw_filter"));
    for (char *c = prefix; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return prefix;
}

/* The QEMU and LXC libraries have no handles of their own. */
static bool are_together(enum library one, enum library other)
{
    return (one == LIBRARY_ADMIN) == (other == LIBRARY_ADMIN);
}

static const struct handle *handle_of(const struct surface *surface,
                                      const struct constant *constant)
{
    const struct plans *plans = surface->emission->plans;
    const struct handle *found = NULL;

    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const struct handle *handle = plans->handle_plans[i].handle;
        if (are_together(handle->library, constant->library) &&
            text_starts(constant->name, prefix_of(handle)) &&
            (!found || strlen(handle->name) > strlen(found->name)))
            found = handle;
    }
    return found;
}

static struct constant_place place_by_rule(const struct surface *surface,
                                           const struct constant *constant)
{
    const struct handle *handle = handle_of(surface, constant);

    if (handle)
        return (struct constant_place){ruby_class_of(surface, handle),
                                       constant->name + strlen(prefix_of(handle))};
    return (struct constant_place){ruby_module_of(constant->library),
                                   constant->name + strlen("VIR_")};
}

struct constant_place ruby_place_constant(const struct surface *surface,
                                          const struct constant *constant)
{
    const struct names *names = surface->emission->names;
    const char *subject = arena_printf("constant %s", constant->name);
    struct constant_place place = place_by_rule(surface, constant);
    const struct fact *class_fact = names_fact(names, subject, "class");

    if (class_fact) {
        place.module = fact_text(class_fact, 0);
        place.name = constant->name + strlen("VIR_");
    }
    place.name = names_text(names, subject, "name", place.name);
    return place;
}

const struct constant_place *ruby_constant_places(const struct surface *surface,
                                                  const struct constant *constant, size_t *count)
{
    const char *subject = arena_printf("constant %s", constant->name);
    struct constant_place *places = NULL;
    size_t fact_count;
    const struct fact *facts;

    *count = 0;
    *VECTOR_ADD(places, *count) = ruby_place_constant(surface, constant);
    facts = notes_find(surface->emission->names->notes, subject, "also", &fact_count);
    for (size_t i = 0; i < fact_count; i++) {
        *VECTOR_ADD(places, *count) =
            (struct constant_place){facts[i].words[0], fact_text(&facts[i], 1)};
        fact_used(&facts[i]);
    }
    return places;
}

/* ---- the table ---- */

struct placed {
    struct constant_place place;
    const struct constant *constant;
};

struct placed_list {
    struct placed *items;
    size_t count;
};

static void add_places(struct placed_list *list, const struct surface *surface,
                       const struct constant *constant)
{
    size_t count;
    const struct constant_place *places = ruby_constant_places(surface, constant, &count);

    for (size_t i = 0; i < count; i++)
        *VECTOR_ADD(list->items, list->count) = (struct placed){places[i], constant};
}

static int by_place(const void *a, const void *b)
{
    const struct placed *one = a;
    const struct placed *other = b;
    const int order = strcmp(one->place.module, other->place.module);

    return order ? order : strcmp(one->place.name, other->place.name);
}

static void check_places(const struct placed_list *list)
{
    for (size_t i = 1; i < list->count; i++)
        if (by_place(&list->items[i - 1], &list->items[i]) == 0)
            error_at(list->items[i].constant->location, "%s and %s would both be %s::%s in Ruby",
                     list->items[i - 1].constant->name, list->items[i].constant->name,
                     list->items[i].place.module, list->items[i].place.name);
}

static void add_row(struct buffer *rows, const struct placed *placed)
{
    const struct constant *constant = placed->constant;
    const bool is_text = constant->kind == CONSTANT_STRING;

    buffer_printf(rows, "{\"%s\", \"%s\", %u, %s, %lld%s},\n", placed->place.module,
                  placed->place.name, constant->version,
                  is_text ? text_c_string(constant->string) : "NULL", is_text ? 0 : constant->value,
                  !is_text && constant->value > 2147483647 ? "LL" : "");
}

void ruby_emit_constants(const struct surface *surface, struct output *output)
{
    const struct api *api = surface->emission->plans->api;
    struct placed_list list = {0};
    struct buffer file = {0}, rows = {0};

    for (size_t i = 0; i < api->constant_count; i++)
        if (surface_has_constant(surface, &api->constants[i]))
            add_places(&list, surface, &api->constants[i]);
    sort_items(list.items, list.count, sizeof *list.items, by_place);
    check_places(&list);
    for (size_t i = 0; i < list.count; i++)
        add_row(&rows, &list.items[i]);
    text_fill(&file,
              "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
              "/* Generated by libvirt-bindgen: libvirt's constants. */\n"
              "#include \"runtime.h\"\n"
              "\n"
              "const struct constant_definition constant_definitions[] = {\n"
              "    @rows@\n"
              "    {NULL, NULL, 0, NULL, 0},\n"
              "};\n",
              "rows", buffer_text(&rows), NULL);
    buffer_fit(&file);
    output_add(output, "constant_tables.c", &file);
}
