/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "params.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct params *params)
{
    const int room = params->room ? params->room * 2 : 8;
    virTypedParameterPtr items;

    if (params->count < params->room)
        return true;
    items = realloc(params->items, (size_t)room * sizeof *items);
    if (!items)
        return false;
    params->items = items;
    params->room = room;
    return true;
}

enum params_result params_add(struct params *params, const char *name, size_t name_length, int type,
                              virTypedParameterPtr *item)
{
    virTypedParameterPtr added;

    if (name_length >= sizeof added->field)
        return PARAMS_NAME_TOO_LONG;
    if (memchr(name, '\0', name_length))
        return PARAMS_NAME_HAS_NUL;
    if (!make_room(params))
        return PARAMS_NO_MEMORY;
    added = &params->items[params->count++];
    memset(added, 0, sizeof *added);
    memcpy(added->field, name, name_length);
    added->type = type;
    *item = added;
    return PARAMS_OK;
}

void params_free(virTypedParameterPtr items, int count)
{
    for (int i = 0; items && i < count; i++)
        if (items[i].type == VIR_TYPED_PARAM_STRING)
            free(items[i].value.s);
    free(items);
}

void params_release(struct params *params)
{
    params_free(params->items, params->count);
    memset(params, 0, sizeof *params);
}

int params_filled(const virTypedParameter *items, int count)
{
    int filled = 0;

    while (items && filled < count && items[filled].type)
        filled++;
    return filled;
}

int params_key_type(const struct params_key *keys, size_t count, const char *name)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(name, keys[middle].name);

        if (order == 0)
            return keys[middle].type;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}
