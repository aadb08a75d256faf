/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters: of the type that libvirt states for a key, else of the one that the value looks
 * like. */
#include <limits.h>
#include <string.h>

#include "take_internal.h"

struct parameters {
    virTypedParameterPtr items;
    size_t count;
    const struct key *keys;
    size_t key_count;
};

/* Of a key that is not known: what the value looks like; 0 where there is no such parameter. */
static int type_of_value(struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_boolean:
        return VIR_TYPED_PARAM_BOOLEAN;
    case json_type_double:
        return VIR_TYPED_PARAM_DOUBLE;
    case json_type_int:
        return json_object_get_int64(value) < 0 ? VIR_TYPED_PARAM_LLONG : VIR_TYPED_PARAM_ULLONG;
    case json_type_string:
        return VIR_TYPED_PARAM_STRING;
    case json_type_object:
        return json_object_object_get_ex(value, "$double", NULL) ? VIR_TYPED_PARAM_DOUBLE
               : json_object_object_get_ex(value, "$text", NULL) ? VIR_TYPED_PARAM_STRING
                                                                 : 0;
    default:
        return 0;
    }
}

static int type_of(const struct parameters *params, const char *name, struct json_object *value)
{
    for (size_t i = 0; i < params->key_count; i++)
        if (strcmp(params->keys[i].name, name) == 0)
            return params->keys[i].type;
    return type_of_value(value);
}

static void parameter_in(struct call *call, virTypedParameterPtr item, struct json_object *value)
{
    unsigned long long natural = 0;
    long long number = 0;
    int truth = 0;

    switch (item->type) {
    case VIR_TYPED_PARAM_INT:
        signed_argument(call, item->field, value, INT_MIN, INT_MAX, &number);
        item->value.i = (int)number;
        return;
    case VIR_TYPED_PARAM_UINT:
        unsigned_argument(call, item->field, value, UINT_MAX, &natural);
        item->value.ui = (unsigned int)natural;
        return;
    case VIR_TYPED_PARAM_LLONG:
        signed_argument(call, item->field, value, LLONG_MIN, LLONG_MAX, &number);
        item->value.l = number;
        return;
    case VIR_TYPED_PARAM_ULLONG:
        unsigned_argument(call, item->field, value, ULLONG_MAX, &natural);
        item->value.ul = natural;
        return;
    case VIR_TYPED_PARAM_DOUBLE:
        double_argument(call, item->field, value, &item->value.d);
        return;
    case VIR_TYPED_PARAM_BOOLEAN:
        bool_argument(call, item->field, value, &truth);
        item->value.b = (char)truth;
        return;
    case VIR_TYPED_PARAM_STRING:
        item->value.s = text_argument(call, item->field, value);
        return;
    default:
        take_refuse(call, item->field, "text, a number, true or false", value);
    }
}

static void add_parameter(struct call *call, struct parameters *params, const char *name,
                          struct json_object *value)
{
    virTypedParameterPtr item = &params->items[params->count++];

    if (strlen(name) >= sizeof item->field) {
        call_wrong_use(call, "%s: the key %s is longer than %zu bytes", call->function, name,
                       sizeof item->field - 1);
        return;
    }
    strcpy(item->field, name);
    item->type = type_of(params, name, value);
    parameter_in(call, item, value);
}

static size_t parameter_total(struct json_object *map)
{
    size_t total = 0;

    json_object_object_foreach(map, name, value)
    {
        (void)name;
        total += json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 1;
    }
    return total;
}

virTypedParameterPtr take_params(struct call *call, const char *name, enum presence presence,
                                 const struct key *keys, size_t key_count, size_t *count)
{
    struct parameters params = {.keys = keys, .key_count = key_count};
    struct json_object *map = take_map(call, name, presence);

    *count = 0;
    if (!map)
        return NULL;
    params.items = call_allocate(call, parameter_total(map), sizeof *params.items);
    json_object_object_foreach(map, key, value)
    {
        if (!json_object_is_type(value, json_type_array)) {
            add_parameter(call, &params, key, value);
            continue;
        }
        for (size_t i = 0; i < json_object_array_length(value); i++)
            add_parameter(call, &params, key, json_object_array_get_idx(value, i));
    }
    *count = params.count;
    return params.items;
}
