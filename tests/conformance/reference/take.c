/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "take.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callables.h"
#include "handles.h"
#include "take_internal.h"
#include "values.h"

/* ---- which argument ---- */

bool take_next(struct call *call, const char *name, enum presence presence,
               struct json_object **value)
{
    const size_t index = call->taken++;
    struct json_object *left_out;

    *value = index < call->given ? json_object_array_get_idx(call->arguments, index) : NULL;
    if (index >= call->given || marked_in(*value, "$left-out", &left_out)) {
        if (presence == REQUIRED)
            call_wrong_use(call, "%s: %s is missing", call->function, name);
        return false;
    }
    return true;
}

bool take_next_pointer(struct call *call, const char *name, enum presence presence,
                       struct json_object **value)
{
    if (!take_next(call, name, presence, value))
        return false;
    if (!*value && presence == REQUIRED)
        call_wrong_use(call, "%s: %s must not be null", call->function, name);
    return *value != NULL;
}

void take_refuse(struct call *call, const char *name, const char *wanted, struct json_object *value)
{
    call_wrong_use(call, "%s: %s must be %s, not %s", call->function, name, wanted,
                   json_object_to_json_string(value));
}

struct json_object *take_next_list(struct call *call, const char *name, enum presence presence,
                                   const char *wanted)
{
    struct json_object *value;

    if (!take_next_pointer(call, name, presence, &value))
        return NULL;
    if (json_object_is_type(value, json_type_array))
        return value;
    take_refuse(call, name, wanted, value);
    return NULL;
}

/* ---- handles ---- */

static void *handle_in(struct call *call, const char *name, const struct kind *kind,
                       struct json_object *value)
{
    struct json_object *number;
    const struct kind *found;
    void *handle = NULL;

    if (!marked_in(value, "$handle", &number) || !json_object_is_type(number, json_type_int)) {
        take_refuse(call, name, kind->name, value);
        return NULL;
    }
    handle = handle_find(json_object_get_int64(number), &found);
    if (!handle)
        call_wrong_use(call, "%s: %s is the handle %s, which has ended", call->function, name,
                       json_object_to_json_string(number));
    else if (found != kind)
        call_wrong_use(call, "%s: %s must be a %s, not a %s", call->function, name, kind->name,
                       found->name);
    return handle;
}

void *take_handle(struct call *call, const char *name, const struct kind *kind,
                  enum presence presence)
{
    struct json_object *value;

    return take_next_pointer(call, name, presence, &value) ? handle_in(call, name, kind, value)
                                                           : NULL;
}

void *take_handles(struct call *call, const char *name, const struct kind *kind,
                   enum presence presence)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of handles");
    const size_t count = list ? json_object_array_length(list) : 0;
    void **handles = list ? call_allocate(call, count + 1, sizeof *handles) : NULL;

    for (size_t i = 0; i < count; i++)
        handles[i] = handle_in(call, name, kind, json_object_array_get_idx(list, i));
    return handles;
}

/* ---- text and bytes ---- */

char *text_argument(struct call *call, const char *name, struct json_object *value)
{
    size_t length = 0;
    char *text = text_in(value, &length);
    char *copy = NULL;

    if (!text) {
        take_refuse(call, name, "text", value);
    } else if (strlen(text) != length) {
        call_wrong_use(call, "%s: %s contains a null character", call->function, name);
    } else {
        copy = call_allocate(call, length + 1, 1);
        memcpy(copy, text, length);
    }
    free(text);
    return copy;
}

const char *take_text(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;

    return take_next_pointer(call, name, presence, &value) ? text_argument(call, name, value)
                                                           : NULL;
}

const char **take_texts(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of texts");
    const char **texts;

    *count = list ? json_object_array_length(list) : 0;
    texts = list ? call_allocate(call, *count + 1, sizeof *texts) : NULL;
    for (size_t i = 0; i < *count; i++)
        texts[i] = text_argument(call, name, json_object_array_get_idx(list, i));
    return texts;
}

void *take_bytes(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *value;
    char *bytes;
    char *copy;

    *count = 0;
    if (!take_next_pointer(call, name, presence, &value))
        return NULL;
    bytes = bytes_in(value, count);
    if (!bytes) {
        take_refuse(call, name, "bytes", value);
        return NULL;
    }
    copy = call_allocate(call, *count, 1);
    memcpy(copy, bytes, *count);
    free(bytes);
    return copy;
}

const unsigned char *take_uuid(struct call *call, const char *name, enum presence presence)
{
    size_t count;
    const unsigned char *bytes = take_bytes(call, name, presence, &count);

    if (bytes && count != VIR_UUID_BUFLEN)
        call_wrong_use(call, "%s: %s must be %d bytes, not %zu", call->function, name,
                       VIR_UUID_BUFLEN, count);
    return bytes;
}

unsigned char *take_cpu_map(struct call *call, const char *name, enum presence presence,
                            size_t *count)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of true and false");
    const size_t cpus = list ? json_object_array_length(list) : 0;
    unsigned char *map;

    *count = (cpus + CHAR_BIT - 1) / CHAR_BIT;
    map = list ? call_allocate(call, *count, 1) : NULL;
    for (size_t i = 0; i < cpus; i++) {
        int is_used = 0;

        if (bool_argument(call, name, json_object_array_get_idx(list, i), &is_used) && is_used)
            VIR_USE_CPU(map, i);
    }
    return map;
}

/* ---- files ---- */

int file_with(const char *text, size_t length)
{
    char path[] = "/tmp/reference-XXXXXX";
    const int file = mkstemp(path);

    if (file < 0)
        give_up("cannot make a temporary file");
    unlink(path);
    if (write(file, text, length) != (ssize_t)length || lseek(file, 0, SEEK_SET) != 0)
        give_up("cannot write a temporary file");
    return file;
}

int *take_files(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of files");
    int *files;

    *count = list ? json_object_array_length(list) : 0;
    files = list ? call_allocate(call, *count, sizeof *files) : NULL;
    for (size_t i = 0; i < *count; i++) {
        struct json_object *value = json_object_array_get_idx(list, i);
        struct json_object *inside;
        size_t length = 0;
        char *text = marked_in(value, "$file", &inside) ? text_in(inside, &length) : NULL;

        if (text)
            call_own_file(call, files[i] = file_with(text, length));
        else
            take_refuse(call, name, "a list of files", value);
        free(text);
    }
    return files;
}

/* ---- records ---- */

struct json_object *take_map(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;

    if (!take_next_pointer(call, name, presence, &value))
        return NULL;
    if (json_object_is_type(value, json_type_object))
        return value;
    take_refuse(call, name, "a map", value);
    return NULL;
}

int field_int(struct call *call, struct json_object *map, const char *record, const char *name)
{
    struct json_object *value = NULL;
    long long number = 0;

    if (json_object_object_get_ex(map, name, &value))
        signed_argument(call, name, value, INT_MIN, INT_MAX, &number);
    else
        call_wrong_use(call, "%s: %s lacks %s", call->function, record, name);
    return (int)number;
}

void field_text(struct call *call, struct json_object *map, const char *record, const char *name,
                char *room, size_t size)
{
    struct json_object *value = NULL;
    const char *text = NULL;

    if (json_object_object_get_ex(map, name, &value))
        text = text_argument(call, name, value);
    else
        call_wrong_use(call, "%s: %s lacks %s", call->function, record, name);
    if (!text)
        return;
    if (strlen(text) < size)
        strcpy(room, text);
    else
        call_wrong_use(call, "%s: %s of %s is longer than %zu bytes", call->function, name, record,
                       size - 1);
}

/* ---- callbacks ---- */

struct callable *take_callback(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;

    if (!take_next_pointer(call, name, presence, &value))
        return NULL;
    call->callback = callable_new(value);
    if (!call->callback)
        take_refuse(call, name, "a callback", value);
    return call->callback;
}

struct callable *take_opaque(struct call *call, struct callable *callable)
{
    struct json_object *value = take_any(call);

    if (callable)
        callable_set_opaque(callable, value);
    return callable;
}

struct json_object *take_any(struct call *call)
{
    struct json_object *value;

    return take_next(call, "", OPTIONAL, &value) ? value : NULL;
}
