/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "take.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callables.h"
#include "handles.h"
#include "values.h"

/* Files in place of ints, which libvirt may go on using. */
static int *lasting_files;
static size_t lasting_file_count;

/* ---- which argument ---- */

/* The next argument; false where there is none to be read, which may be wrong. */
static bool next(struct call *call, const char *name, enum presence presence,
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

/* The same where NULL is nothing to be read either. */
static bool next_pointer(struct call *call, const char *name, enum presence presence,
                         struct json_object **value)
{
    if (!next(call, name, presence, value))
        return false;
    if (!*value && presence == REQUIRED)
        call_wrong_use(call, "%s: %s must not be null", call->function, name);
    return *value != NULL;
}

static void refuse(struct call *call, const char *name, const char *wanted,
                   struct json_object *value)
{
    call_wrong_use(call, "%s: %s must be %s, not %s", call->function, name, wanted,
                   json_object_to_json_string(value));
}

/* The items of a list; NULL where there is none. */
static struct json_object *next_list(struct call *call, const char *name, enum presence presence,
                                     const char *wanted)
{
    struct json_object *value;

    if (!next_pointer(call, name, presence, &value))
        return NULL;
    if (json_object_is_type(value, json_type_array))
        return value;
    refuse(call, name, wanted, value);
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
        refuse(call, name, kind->name, value);
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

    return next_pointer(call, name, presence, &value) ? handle_in(call, name, kind, value) : NULL;
}

void *take_handles(struct call *call, const char *name, const struct kind *kind,
                   enum presence presence)
{
    struct json_object *list = next_list(call, name, presence, "a list of handles");
    const size_t count = list ? json_object_array_length(list) : 0;
    void **handles = list ? call_allocate(call, count + 1, sizeof *handles) : NULL;

    for (size_t i = 0; i < count; i++)
        handles[i] = handle_in(call, name, kind, json_object_array_get_idx(list, i));
    return handles;
}

/* ---- numbers ---- */

static bool signed_in(struct call *call, const char *name, struct json_object *value,
                      long long least, long long most, long long *number)
{
    *number = 0;
    if (!json_object_is_type(value, json_type_int)) {
        refuse(call, name, "an integer", value);
        return false;
    }
    if (json_object_get_int64(value) >= 0 && json_object_get_uint64(value) > (uint64_t)most) {
        call_wrong_use(call, "%s: %s must be at most %lld, not %s", call->function, name, most,
                       json_object_to_json_string(value));
        return false;
    }
    *number = json_object_get_int64(value);
    if (*number < least)
        call_wrong_use(call, "%s: %s must be at least %lld, not %lld", call->function, name, least,
                       *number);
    return *number >= least;
}

static bool unsigned_in(struct call *call, const char *name, struct json_object *value,
                        unsigned long long most, unsigned long long *number)
{
    *number = 0;
    if (!json_object_is_type(value, json_type_int)) {
        refuse(call, name, "an integer", value);
        return false;
    }
    if (json_object_get_int64(value) < 0 || json_object_get_uint64(value) > most) {
        call_wrong_use(call, "%s: %s must be from 0 to %llu, not %s", call->function, name, most,
                       json_object_to_json_string(value));
        return false;
    }
    *number = json_object_get_uint64(value);
    return true;
}

static long long take_signed(struct call *call, const char *name, enum presence presence,
                             long long least, long long most)
{
    struct json_object *value;
    long long number = 0;

    if (next(call, name, presence, &value))
        signed_in(call, name, value, least, most, &number);
    return number;
}

static unsigned long long take_unsigned(struct call *call, const char *name, enum presence presence,
                                        unsigned long long most)
{
    struct json_object *value;
    unsigned long long number = 0;

    if (next(call, name, presence, &value))
        unsigned_in(call, name, value, most, &number);
    return number;
}

int take_int(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;
    struct json_object *inside;
    long long number = 0;
    size_t length;
    char *text;

    if (!next(call, name, presence, &value))
        return 0;
    if (!marked_in(value, "$file", &inside)) {
        signed_in(call, name, value, INT_MIN, INT_MAX, &number);
        return (int)number;
    }
    text = text_in(inside, &length);
    if (!text) {
        refuse(call, name, "an integer or a file", value);
        return 0;
    }
    lasting_files = enlarge(lasting_files, lasting_file_count + 1, sizeof *lasting_files);
    lasting_files[lasting_file_count] = file_with(text, length);
    free(text);
    return lasting_files[lasting_file_count++];
}

unsigned int take_uint(struct call *call, const char *name, enum presence presence)
{
    return (unsigned int)take_unsigned(call, name, presence, UINT_MAX);
}

long take_long(struct call *call, const char *name, enum presence presence)
{
    return (long)take_signed(call, name, presence, LONG_MIN, LONG_MAX);
}

unsigned long take_ulong(struct call *call, const char *name, enum presence presence)
{
    return (unsigned long)take_unsigned(call, name, presence, ULONG_MAX);
}

long long take_llong(struct call *call, const char *name, enum presence presence)
{
    return take_signed(call, name, presence, LLONG_MIN, LLONG_MAX);
}

unsigned long long take_ullong(struct call *call, const char *name, enum presence presence)
{
    return take_unsigned(call, name, presence, ULLONG_MAX);
}

size_t take_size(struct call *call, const char *name, enum presence presence)
{
    return (size_t)take_unsigned(call, name, presence, SIZE_MAX);
}

static bool double_in(struct call *call, const char *name, struct json_object *value,
                      double *number)
{
    struct json_object *inside;

    if (marked_in(value, "$double", &inside)) {
        *number = strtod(json_object_get_string(inside), NULL);
        return true;
    }
    *number = json_object_get_double(value);
    if (json_object_is_type(value, json_type_double) || json_object_is_type(value, json_type_int))
        return true;
    refuse(call, name, "a number", value);
    return false;
}

double take_double(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;
    double number = 0;

    if (next(call, name, presence, &value))
        double_in(call, name, value, &number);
    return number;
}

static bool bool_in(struct call *call, const char *name, struct json_object *value, int *truth)
{
    long long number = 0;

    if (json_object_is_type(value, json_type_boolean))
        number = json_object_get_boolean(value);
    else if (!signed_in(call, name, value, 0, 1, &number))
        return false;
    *truth = (int)number;
    return true;
}

int take_bool(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;
    int truth = 0;

    if (next(call, name, presence, &value))
        bool_in(call, name, value, &truth);
    return truth;
}

/* ---- text and bytes ---- */

/* C text, which the call owns. */
static char *c_text(struct call *call, const char *name, struct json_object *value)
{
    size_t length = 0;
    char *text = text_in(value, &length);
    char *copy = NULL;

    if (!text) {
        refuse(call, name, "text", value);
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

    return next_pointer(call, name, presence, &value) ? c_text(call, name, value) : NULL;
}

const char **take_texts(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = next_list(call, name, presence, "a list of texts");
    const char **texts;

    *count = list ? json_object_array_length(list) : 0;
    texts = list ? call_allocate(call, *count + 1, sizeof *texts) : NULL;
    for (size_t i = 0; i < *count; i++)
        texts[i] = c_text(call, name, json_object_array_get_idx(list, i));
    return texts;
}

void *take_bytes(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *value;
    char *bytes;
    char *copy;

    *count = 0;
    if (!next_pointer(call, name, presence, &value))
        return NULL;
    bytes = bytes_in(value, count);
    if (!bytes) {
        refuse(call, name, "bytes", value);
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
    struct json_object *list = next_list(call, name, presence, "a list of true and false");
    const size_t cpus = list ? json_object_array_length(list) : 0;
    unsigned char *map;

    *count = (cpus + CHAR_BIT - 1) / CHAR_BIT;
    map = list ? call_allocate(call, *count, 1) : NULL;
    for (size_t i = 0; i < cpus; i++) {
        int is_used = 0;

        if (bool_in(call, name, json_object_array_get_idx(list, i), &is_used) && is_used)
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
    struct json_object *list = next_list(call, name, presence, "a list of files");
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
            refuse(call, name, "a list of files", value);
        free(text);
    }
    return files;
}

void files_forget(void)
{
    for (size_t i = 0; i < lasting_file_count; i++)
        close(lasting_files[i]);
    free(lasting_files);
    lasting_files = NULL;
    lasting_file_count = 0;
}

/* ---- lists of numbers ---- */

int *take_ints(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = next_list(call, name, presence, "a list of integers");
    int *numbers;
    long long number;

    *count = list ? json_object_array_length(list) : 0;
    numbers = list ? call_allocate(call, *count, sizeof *numbers) : NULL;
    for (size_t i = 0; i < *count; i++)
        if (signed_in(call, name, json_object_array_get_idx(list, i), INT_MIN, INT_MAX, &number))
            numbers[i] = (int)number;
    return numbers;
}

unsigned int *take_uints(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = next_list(call, name, presence, "a list of integers");
    unsigned int *numbers;
    unsigned long long number;

    *count = list ? json_object_array_length(list) : 0;
    numbers = list ? call_allocate(call, *count, sizeof *numbers) : NULL;
    for (size_t i = 0; i < *count; i++)
        if (unsigned_in(call, name, json_object_array_get_idx(list, i), UINT_MAX, &number))
            numbers[i] = (unsigned int)number;
    return numbers;
}

unsigned long long *take_ullongs(struct call *call, const char *name, enum presence presence,
                                 size_t *count)
{
    struct json_object *list = next_list(call, name, presence, "a list of integers");
    unsigned long long *numbers;

    *count = list ? json_object_array_length(list) : 0;
    numbers = list ? call_allocate(call, *count, sizeof *numbers) : NULL;
    for (size_t i = 0; i < *count; i++)
        unsigned_in(call, name, json_object_array_get_idx(list, i), ULLONG_MAX, &numbers[i]);
    return numbers;
}

void take_same_length(struct call *call, const char *one, size_t one_count, const char *other,
                      size_t other_count)
{
    if (one_count != other_count)
        call_wrong_use(call, "%s: %s has %zu items, and %s %zu", call->function, one, one_count,
                       other, other_count);
}

/* ---- typed parameters ---- */

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
        signed_in(call, item->field, value, INT_MIN, INT_MAX, &number);
        item->value.i = (int)number;
        return;
    case VIR_TYPED_PARAM_UINT:
        unsigned_in(call, item->field, value, UINT_MAX, &natural);
        item->value.ui = (unsigned int)natural;
        return;
    case VIR_TYPED_PARAM_LLONG:
        signed_in(call, item->field, value, LLONG_MIN, LLONG_MAX, &number);
        item->value.l = number;
        return;
    case VIR_TYPED_PARAM_ULLONG:
        unsigned_in(call, item->field, value, ULLONG_MAX, &natural);
        item->value.ul = natural;
        return;
    case VIR_TYPED_PARAM_DOUBLE:
        double_in(call, item->field, value, &item->value.d);
        return;
    case VIR_TYPED_PARAM_BOOLEAN:
        bool_in(call, item->field, value, &truth);
        item->value.b = (char)truth;
        return;
    case VIR_TYPED_PARAM_STRING:
        item->value.s = c_text(call, item->field, value);
        return;
    default:
        refuse(call, item->field, "text, a number, true or false", value);
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

/* ---- records ---- */

struct json_object *take_map(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;

    if (!next_pointer(call, name, presence, &value))
        return NULL;
    if (json_object_is_type(value, json_type_object))
        return value;
    refuse(call, name, "a map", value);
    return NULL;
}

int field_int(struct call *call, struct json_object *map, const char *record, const char *name)
{
    struct json_object *value = NULL;
    long long number = 0;

    if (json_object_object_get_ex(map, name, &value))
        signed_in(call, name, value, INT_MIN, INT_MAX, &number);
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
        text = c_text(call, name, value);
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

    if (!next_pointer(call, name, presence, &value))
        return NULL;
    call->callback = callable_new(value);
    if (!call->callback)
        refuse(call, name, "a callback", value);
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

    return next(call, "", OPTIONAL, &value) ? value : NULL;
}
