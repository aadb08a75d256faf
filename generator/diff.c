/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `diff`: what a release adds, changes and drops, and what of it waits for a note. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "xml.h"

struct listing {
    const char *name;
    const char *text; /* what is compared */
};

struct kind {
    const char *title;
    struct listing (*item)(const struct api *api, size_t index);
    size_t (*count)(const struct api *api);
};

static struct listing function_item(const struct api *api, size_t index)
{
    const struct function *function = &api->functions[index];
    return (struct listing){function->name, function_prototype(function)};
}

static size_t function_total(const struct api *api)
{
    return api->function_count;
}

static struct listing callback_item(const struct api *api, size_t index)
{
    const struct function *function = &api->callbacks[index].signature;
    return (struct listing){function->name, function_prototype(function)};
}

static size_t callback_total(const struct api *api)
{
    return api->callback_count;
}

static struct listing constant_item(const struct api *api, size_t index)
{
    const struct constant *constant = &api->constants[index];
    return (struct listing){constant->name, constant->raw};
}

static size_t constant_total(const struct api *api)
{
    return api->constant_count;
}

static struct listing record_item(const struct api *api, size_t index)
{
    const struct record *record = &api->records[index];
    struct buffer buffer = {0};

    for (size_t i = 0; i < record->field_count; i++)
        buffer_printf(&buffer, "%s%s %s", i ? "; " : "", record->fields[i].type.text,
                      record->fields[i].name);
    return (struct listing){record->name, arena_copy(buffer_text(&buffer))};
}

static size_t record_total(const struct api *api)
{
    return api->record_count;
}

static struct listing handle_item(const struct api *api, size_t index)
{
    return (struct listing){api->handles[index].name, api->handles[index].tag};
}

static size_t handle_total(const struct api *api)
{
    return api->handle_count;
}

static const struct kind kinds[] = {
    {"function", function_item, function_total}, {"callback type", callback_item, callback_total},
    {"constant", constant_item, constant_total}, {"struct", record_item, record_total},
    {"handle", handle_item, handle_total},
};

/* Both lists are sorted by name. */
static void compare(const struct kind *kind, const struct api *old, const struct api *new)
{
    const size_t old_count = kind->count(old);
    const size_t new_count = kind->count(new);

    for (size_t i = 0, j = 0; i < old_count || j < new_count;) {
        const struct listing before = i < old_count ? kind->item(old, i) : (struct listing){0};
        const struct listing after = j < new_count ? kind->item(new, j) : (struct listing){0};
        const int order = !before.name ? 1 : !after.name ? -1 : strcmp(before.name, after.name);

        if (order < 0)
            printf("gone: %s %s: %s\n", kind->title, before.name, before.text);
        else if (order > 0)
            printf("added: %s %s: %s\n", kind->title, after.name, after.text);
        else if (!text_equal(before.text, after.text))
            printf("changed: %s %s: %s -> %s\n", kind->title, after.name, before.text, after.text);
        i += order <= 0;
        j += order >= 0;
    }
}

int command_diff(const struct options *options)
{
    if (options->argument_count != 2) {
        fputs("libvirt-bindgen: diff takes two folders\n", stderr);
        return 2;
    }
    const struct api *old = xml_read(&options->arguments[0], 1);
    const struct api *new = xml_read(&options->arguments[1], 1);
    if (!old || !new || error_count())
        return 1;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        compare(&kinds[i], old, new);
    fflush(stdout);
    /* Planning the new one with today's notes prints what waits for a note. */
    struct options alone = *options;
    struct loaded loaded;
    alone.alone = options->arguments[1];
    if (!load_plans(&alone, &loaded)) {
        printf("waiting for notes: %u\n", error_count());
        return 1;
    }
    puts("waiting for notes: none");
    return 0;
}
