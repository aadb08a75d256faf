/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's helpers for typed parameters. */
#include <stdio.h>

#include "stand_in.h"

static const struct call of_params = {.grid = {.function = "typed parameters"}};

static char *copied(const char *text)
{
    return strcpy(block_new(&of_params, strlen(text) + 1), text);
}

void virTypedParamsClear(virTypedParameterPtr params, int nparams)
{
    for (int i = 0; params && i < nparams; i++)
        if (params[i].type == VIR_TYPED_PARAM_STRING) {
            free(params[i].value.s);
            params[i].value.s = NULL;
        }
}

void virTypedParamsFree(virTypedParameterPtr params, int nparams)
{
    release_params(params, nparams > 0 ? (size_t)nparams : 0);
}

virTypedParameterPtr virTypedParamsGet(virTypedParameterPtr params, int nparams, const char *name)
{
    for (int i = 0; params && name && i < nparams; i++)
        if (strcmp(params[i].field, name) == 0)
            return &params[i];
    return NULL;
}

#define GET(name, c_type, id, member)                                                              \
    int virTypedParamsGet##name(virTypedParameterPtr params, int nparams, const char *wanted,      \
                                c_type *value)                                                     \
    {                                                                                              \
        const virTypedParameter *found = virTypedParamsGet(params, nparams, wanted);               \
                                                                                                   \
        if (found && found->type != VIR_TYPED_PARAM_##id)                                          \
            return -1;                                                                             \
        if (found && value)                                                                        \
            *value = found->value.member;                                                          \
        return found != NULL;                                                                      \
    }

GET(Boolean, int, BOOLEAN, b)
GET(Double, double, DOUBLE, d)
GET(Int, int, INT, i)
GET(LLong, long long, LLONG, l)
GET(String, const char *, STRING, s)
GET(UInt, unsigned int, UINT, ui)
GET(ULLong, unsigned long long, ULLONG, ul)

/* One more at the end; NULL where the name is too long. */
static virTypedParameterPtr added(virTypedParameterPtr *params, int *nparams, int *maxparams,
                                  const char *name, int type)
{
    virTypedParameterPtr item;

    if (strlen(name) >= VIR_TYPED_PARAM_FIELD_LENGTH)
        return NULL;
    if (*nparams >= *maxparams) {
        const int room = 2 * *nparams + 4;
        virTypedParameterPtr larger = block_new(&of_params, (size_t)room * sizeof *larger);

        if (*params)
            memcpy(larger, *params, (size_t)*nparams * sizeof *larger);
        free(*params);
        *params = larger;
        *maxparams = room;
    }
    item = &(*params)[(*nparams)++];
    memset(item, 0, sizeof *item);
    strcpy(item->field, name);
    item->type = type;
    return item;
}

#define ADD(name, c_type, id, stored)                                                              \
    int virTypedParamsAdd##name(virTypedParameterPtr *params, int *nparams, int *maxparams,        \
                                const char *key, c_type value)                                     \
    {                                                                                              \
        virTypedParameterPtr item = added(params, nparams, maxparams, key, VIR_TYPED_PARAM_##id);  \
                                                                                                   \
        if (!item)                                                                                 \
            return -1;                                                                             \
        item->value.stored;                                                                        \
        return 0;                                                                                  \
    }

ADD(Boolean, int, BOOLEAN, b = (char)value)
ADD(Double, double, DOUBLE, d = value)
ADD(Int, int, INT, i = value)
ADD(LLong, long long, LLONG, l = value)
ADD(String, const char *, STRING, s = value ? copied(value) : NULL)
ADD(UInt, unsigned int, UINT, ui = value)
ADD(ULLong, unsigned long long, ULLONG, ul = value)

int virTypedParamsAddStringList(virTypedParameterPtr *params, int *nparams, int *maxparams,
                                const char *name, const char **values)
{
    for (size_t i = 0; values && values[i]; i++)
        if (virTypedParamsAddString(params, nparams, maxparams, name, values[i]) < 0)
            return -1;
    return 0;
}

int virTypedParamsAddFromString(virTypedParameterPtr *params, int *nparams, int *maxparams,
                                const char *name, int type, const char *value)
{
    virTypedParameterPtr item;

    if (type < VIR_TYPED_PARAM_INT || type > VIR_TYPED_PARAM_STRING || !value)
        return -1;
    if (!(item = added(params, nparams, maxparams, name, type)))
        return -1;
    switch (type) {
    case VIR_TYPED_PARAM_INT:
        item->value.i = (int)strtol(value, NULL, 10);
        break;
    case VIR_TYPED_PARAM_UINT:
        item->value.ui = (unsigned int)strtoul(value, NULL, 10);
        break;
    case VIR_TYPED_PARAM_LLONG:
        item->value.l = strtoll(value, NULL, 10);
        break;
    case VIR_TYPED_PARAM_ULLONG:
        item->value.ul = strtoull(value, NULL, 10);
        break;
    case VIR_TYPED_PARAM_DOUBLE:
        item->value.d = strtod(value, NULL);
        break;
    case VIR_TYPED_PARAM_BOOLEAN:
        item->value.b = strcmp(value, "1") == 0;
        break;
    default:
        item->value.s = copied(value);
    }
    return 0;
}
