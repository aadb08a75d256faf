/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* virConnectOpenAuth(): {"credtype": [number, …], "cb": callable, "cbdata": any value}; the
 * callable is called with the credentials as {type, prompt, challenge, defresult}, and returns
 * their texts, or -1. */
#include <string.h>

#include "functions.h"
#include "kinds.h"

static struct json_object *credential_out(const virConnectCredential *credential)
{
    struct json_object *map = json_object_new_object();

    json_object_object_add(map, "type", signed_out(credential->type));
    json_object_object_add(map, "prompt", text_out(credential->prompt));
    json_object_object_add(map, "challenge", text_out(credential->challenge));
    json_object_object_add(map, "defresult", text_out(credential->defresult));
    return map;
}

static int ask(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    struct json_object *arguments = json_object_new_array();
    struct json_object *list = json_object_new_array();
    struct json_object *texts;

    for (unsigned int i = 0; i < count; i++)
        json_object_array_add(list, credential_out(&credentials[i]));
    json_object_array_add(arguments, list);
    texts = callable_fire(opaque, arguments);
    if (callable_raises(opaque) || !json_object_is_type(texts, json_type_array))
        return -1;
    for (unsigned int i = 0; i < count; i++) {
        struct json_object *text = json_object_array_get_idx(texts, i);
        size_t length = 0;

        credentials[i].result = text ? text_in(text, &length) : NULL;
        credentials[i].resultlen = (unsigned int)length;
    }
    return 0;
}

static struct json_object *field(struct json_object *map, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(map, name, &value);
    return value;
}

/* NULL where there is no such list. */
static int *take_types(struct call *call, struct json_object *list, unsigned int *count)
{
    int *types;

    *count = 0;
    if (!json_object_is_type(list, json_type_array)) {
        call_wrong_use(call, "%s: auth must have a list of numbers, credtype", call->function);
        return NULL;
    }
    *count = (unsigned int)json_object_array_length(list);
    types = call_allocate(call, *count, sizeof *types);
    for (unsigned int i = 0; i < *count; i++)
        types[i] = json_object_get_int(json_object_array_get_idx(list, i));
    return types;
}

void call_virConnectOpenAuth(struct call *call)
{
    const char *name = take_text(call, "name", OPTIONAL);
    struct json_object *map = take_map(call, "auth", OPTIONAL);
    unsigned int flags = take_uint(call, "flags", OPTIONAL);
    virConnectAuth auth = {.cb = ask};
    virConnectPtr result;

    if (map) {
        auth.credtype = take_types(call, field(map, "credtype"), &auth.ncredtype);
        auth.cbdata = call->callback = callable_new_of_lists(field(map, "cb"));
        if (!auth.cbdata)
            call_wrong_use(call, "%s: auth must have a callback, cb", call->function);
        else
            callable_set_opaque(auth.cbdata, field(map, "cbdata"));
    }
    if (!call_ready(call))
        return;
    result = virConnectOpenAuth(name, map ? &auth : NULL, flags);
    if (!call_failed(call, !result))
        answer_add(call, "result", handle_out(&kind_virConnect, result));
}
