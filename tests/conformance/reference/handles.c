/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handles.h"

#include <stdlib.h>

#include "values.h"

struct entry {
    long long number;
    const struct kind *kind;
    void *handle;
    size_t references; /* how many of libvirt's are ours */
};

static struct entry *entries;
static size_t entry_count;
static long long last_number;

static struct entry *by_address(const void *handle)
{
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].handle == handle)
            return &entries[i];
    return NULL;
}

static struct entry *by_number(long long number)
{
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].number == number)
            return &entries[i];
    return NULL;
}

static struct entry *add(const struct kind *kind, void *handle)
{
    entries = enlarge(entries, entry_count + 1, sizeof *entries);
    entries[entry_count] = (struct entry){++last_number, kind, handle, 1};
    return &entries[entry_count++];
}

static void drop(struct entry *entry)
{
    *entry = entries[--entry_count];
}

static struct json_object *entry_out(const struct entry *entry)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "$handle", json_object_new_string(entry->kind->name));
    json_object_object_add(object, "number", signed_out(entry->number));
    json_object_object_add(object, "key",
                           entry->kind->key ? entry->kind->key(entry->handle) : NULL);
    return object;
}

struct json_object *handle_out(const struct kind *kind, void *handle)
{
    struct entry *entry = handle ? by_address(handle) : NULL;

    if (!handle)
        return NULL;
    if (entry)
        entry->references++;
    return entry_out(entry ? entry : add(kind, handle));
}

struct json_object *handle_lent_out(const struct kind *kind, void *handle)
{
    struct entry *entry = handle ? by_address(handle) : NULL;

    if (!handle)
        return NULL;
    if (!entry) {
        if (!kind->retain)
            give_up("a %s cannot be kept", kind->name);
        kind->retain(handle);
        entry = add(kind, handle);
    }
    return entry_out(entry);
}

struct json_object *handles_out(const struct kind *kind, void **handles, size_t count)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, handle_out(kind, handles[i]));
    free(handles);
    return list;
}

void *handle_find(long long number, const struct kind **kind)
{
    const struct entry *entry = by_number(number);

    if (!entry)
        return NULL;
    *kind = entry->kind;
    return entry->handle;
}

void handle_ended(const void *handle)
{
    struct entry *entry = by_address(handle);

    if (entry && --entry->references == 0)
        drop(entry);
}

static void forget(struct entry *entry)
{
    const struct entry last = *entry;

    drop(entry);
    for (size_t i = 0; i < last.references; i++)
        last.kind->release(last.handle);
}

void handle_forget(long long number)
{
    struct entry *entry = by_number(number);

    if (entry)
        forget(entry);
}

void handles_forget(void)
{
    while (entry_count)
        forget(&entries[entry_count - 1]);
    free(entries);
    entries = NULL;
}
