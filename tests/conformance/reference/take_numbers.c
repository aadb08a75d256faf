/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers, alone and in lists. None is cut. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "take_internal.h"
#include "values.h"

/* Files in place of ints, which libvirt may go on using. */
static int *lasting_files;
static size_t lasting_file_count;

bool signed_argument(struct call *call, const char *name, struct json_object *value,
                     long long least, long long most, long long *number)
{
    *number = 0;
    if (!json_object_is_type(value, json_type_int)) {
        take_refuse(call, name, "an integer", value);
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

bool unsigned_argument(struct call *call, const char *name, struct json_object *value,
                       unsigned long long most, unsigned long long *number)
{
    *number = 0;
    if (!json_object_is_type(value, json_type_int)) {
        take_refuse(call, name, "an integer", value);
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

    if (take_next(call, name, presence, &value))
        signed_argument(call, name, value, least, most, &number);
    return number;
}

static unsigned long long take_unsigned(struct call *call, const char *name, enum presence presence,
                                        unsigned long long most)
{
    struct json_object *value;
    unsigned long long number = 0;

    if (take_next(call, name, presence, &value))
        unsigned_argument(call, name, value, most, &number);
    return number;
}

int take_int(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;
    struct json_object *inside;
    long long number = 0;
    size_t length;
    char *text;

    if (!take_next(call, name, presence, &value))
        return 0;
    if (!marked_in(value, "$file", &inside)) {
        signed_argument(call, name, value, INT_MIN, INT_MAX, &number);
        return (int)number;
    }
    text = text_in(inside, &length);
    if (!text) {
        take_refuse(call, name, "an integer or a file", value);
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

bool double_argument(struct call *call, const char *name, struct json_object *value, double *number)
{
    struct json_object *inside;

    if (marked_in(value, "$double", &inside)) {
        *number = strtod(json_object_get_string(inside), NULL);
        return true;
    }
    *number = json_object_get_double(value);
    if (json_object_is_type(value, json_type_double) || json_object_is_type(value, json_type_int))
        return true;
    take_refuse(call, name, "a number", value);
    return false;
}

double take_double(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;
    double number = 0;

    if (take_next(call, name, presence, &value))
        double_argument(call, name, value, &number);
    return number;
}

bool bool_argument(struct call *call, const char *name, struct json_object *value, int *truth)
{
    long long number = 0;

    if (json_object_is_type(value, json_type_boolean))
        number = json_object_get_boolean(value);
    else if (!signed_argument(call, name, value, 0, 1, &number))
        return false;
    *truth = (int)number;
    return true;
}

int take_bool(struct call *call, const char *name, enum presence presence)
{
    struct json_object *value;
    int truth = 0;

    if (take_next(call, name, presence, &value))
        bool_argument(call, name, value, &truth);
    return truth;
}

/* ---- lists of numbers ---- */

int *take_ints(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of integers");
    int *numbers;
    long long number;

    *count = list ? json_object_array_length(list) : 0;
    numbers = list ? call_allocate(call, *count, sizeof *numbers) : NULL;
    for (size_t i = 0; i < *count; i++)
        if (signed_argument(call, name, json_object_array_get_idx(list, i), INT_MIN, INT_MAX,
                            &number))
            numbers[i] = (int)number;
    return numbers;
}

unsigned int *take_uints(struct call *call, const char *name, enum presence presence, size_t *count)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of integers");
    unsigned int *numbers;
    unsigned long long number;

    *count = list ? json_object_array_length(list) : 0;
    numbers = list ? call_allocate(call, *count, sizeof *numbers) : NULL;
    for (size_t i = 0; i < *count; i++)
        if (unsigned_argument(call, name, json_object_array_get_idx(list, i), UINT_MAX, &number))
            numbers[i] = (unsigned int)number;
    return numbers;
}

unsigned long long *take_ullongs(struct call *call, const char *name, enum presence presence,
                                 size_t *count)
{
    struct json_object *list = take_next_list(call, name, presence, "a list of integers");
    unsigned long long *numbers;

    *count = list ? json_object_array_length(list) : 0;
    numbers = list ? call_allocate(call, *count, sizeof *numbers) : NULL;
    for (size_t i = 0; i < *count; i++)
        unsigned_argument(call, name, json_object_array_get_idx(list, i), ULLONG_MAX, &numbers[i]);
    return numbers;
}

void take_same_length(struct call *call, const char *one, size_t one_count, const char *other,
                      size_t other_count)
{
    if (one_count != other_count)
        call_wrong_use(call, "%s: %s has %zu items, and %s %zu", call->function, one, one_count,
                       other, other_count);
}

void files_forget(void)
{
    for (size_t i = 0; i < lasting_file_count; i++)
        close(lasting_files[i]);
    free(lasting_files);
    lasting_files = NULL;
    lasting_file_count = 0;
}
