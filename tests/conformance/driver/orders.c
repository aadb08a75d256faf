/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "orders.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "control.h"

void orders_open(const char *path)
{
    setenv("STAND_IN_CONTROL", path, 1);
    control();
}

void orders_reset(void)
{
    memset(control(), 0, sizeof *control());
    memcpy(control()->magic, CONTROL_MAGIC, sizeof control()->magic);
}

static void order(const char *function, unsigned vector, bool fails)
{
    struct control *file = control();

    if (strlen(function) >= sizeof file->function)
        bug("%s is too long a name for the stand-in", function);
    strcpy(file->function, function);
    file->vector = vector;
    file->fails = fails;
}

void orders_none(void)
{
    order("", 0, false);
}

void orders_begin(const char *function, unsigned vector, bool fails)
{
    struct control *file = control();

    file->fault_length = 0;
    file->record_length = 0;
    for (size_t i = 0; i < CONTROL_KINDS; i++)
        file->kinds[i].made = 0;
    order(function, vector, fails);
}

/* The lines in one of the file's rooms; `make` makes a value of each. */
static struct json_object *lines(const char *room, uint64_t length, size_t size,
                                 struct json_object *(*make)(const char *line))
{
    struct json_object *list = json_object_new_array();
    char *text = arena_copy_length(room, length < size ? (size_t)length : size);
    char *rest = NULL;

    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        json_object_array_add(list, make(line));
    if (length > size)
        json_object_array_add(list, json_object_new_string("… and more"));
    return list;
}

struct json_object *orders_calls(void)
{
    return lines(control()->record, control()->record_length, CONTROL_RECORD, json_tokener_parse);
}

struct json_object *orders_faults(void)
{
    return lines(control()->faults, control()->fault_length, CONTROL_FAULTS,
                 json_object_new_string);
}

unsigned orders_set_up(const char *kind)
{
    for (size_t i = 0; i < CONTROL_KINDS; i++)
        if (text_equal(control()->kinds[i].name, kind))
            return control()->kinds[i].set_up;
    return 0;
}

struct json_object *orders_balance(void)
{
    struct json_object *balance = json_object_new_object();

    json_object_object_add(balance, "blocks", json_object_new_int64(control()->blocks));
    for (size_t i = 0; i < CONTROL_KINDS && *control()->kinds[i].name; i++) {
        const struct control_kind *kind = &control()->kinds[i];
        struct json_object *counts = json_object_new_array();

        json_object_array_add(counts, json_object_new_int64(kind->alive));
        json_object_array_add(counts, json_object_new_int64(kind->references));
        json_object_object_add(balance, kind->name, counts);
    }
    return balance;
}
