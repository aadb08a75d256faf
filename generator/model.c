/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "declare.h"

static const char *const library_names[LIBRARY_COUNT] = {"libvirt", "libvirt-qemu", "libvirt-lxc",
                                                         "libvirt-admin"};

static const struct {
    const char *name;
    bool is_signed;
} scalars[SCALAR_COUNT] = {
    [SCALAR_NONE] = {"void", false},
    [SCALAR_CHAR] = {"char", true},
    [SCALAR_UCHAR] = {"unsigned char", false},
    [SCALAR_USHORT] = {"unsigned short", false},
    [SCALAR_INT] = {"int", true},
    [SCALAR_UINT] = {"unsigned int", false},
    [SCALAR_LONG] = {"long", true},
    [SCALAR_ULONG] = {"unsigned long", false},
    [SCALAR_LLONG] = {"long long", true},
    [SCALAR_ULLONG] = {"unsigned long long", false},
    [SCALAR_SIZE] = {"size_t", false},
    [SCALAR_DOUBLE] = {"double", true},
};

const char *library_name(enum library library)
{
    return library_names[library];
}

const char *scalar_c_name(enum scalar scalar)
{
    return scalars[scalar].name;
}

bool scalar_is_signed(enum scalar scalar)
{
    return scalars[scalar].is_signed;
}

/* Every list's items start with location and name, except callbacks, whose signature does. */
struct named {
    struct location location;
    const char *name;
};

static const void *find(const void *items, size_t count, size_t size, const char *name)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct named *item = (const void *)((const char *)items + middle * size);
        const int order = strcmp(name, item->name);

        if (order == 0)
            return item;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

#define FIND(list, count, name) find(list, count, sizeof *(list), name)

const struct function *api_function(const struct api *api, const char *name)
{
    return FIND(api->functions, api->function_count, name);
}

const struct callback *api_callback(const struct api *api, const char *name)
{
    return FIND(api->callbacks, api->callback_count, name);
}

const struct record *api_record(const struct api *api, const char *name)
{
    return FIND(api->records, api->record_count, name);
}

const struct handle *api_handle(const struct api *api, const char *name)
{
    return FIND(api->handles, api->handle_count, name);
}

const struct enumeration *api_enumeration(const struct api *api, const char *name)
{
    return FIND(api->enumerations, api->enumeration_count, name);
}

const struct constant *api_constant(const struct api *api, const char *name)
{
    return FIND(api->constants, api->constant_count, name);
}

const struct parameter *function_parameter(const struct function *function, const char *name)
{
    for (size_t i = 0; i < function->parameter_count; i++)
        if (text_equal(function->parameters[i].name, name))
            return &function->parameters[i];
    return NULL;
}

const char *version_text(unsigned version)
{
    return arena_printf("%u.%u.%u", version / 1000000, version / 1000 % 1000, version % 1000);
}

const char *function_prototype(const struct function *function)
{
    return arena_printf("%s(%s)", declare_name(function->result.type.text, function->name),
                        declare_parameters(function));
}
