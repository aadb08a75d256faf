/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Callables, and the log of their calls. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

struct callable;

/* From {"$callback": NAME, …}; NULL where it is something else. */
struct callable *callable_new(struct json_object *value);
/* The same of one that returns lists: a list that holds no list is what it returns each time. */
struct callable *callable_new_of_lists(struct json_object *value);
const char *callable_name(const struct callable *callable);
/* The value that comes back last in each call. */
void callable_set_opaque(struct callable *callable, struct json_object *opaque);
/* A virFreeCallback. */
void callable_free(void *callable);

/* Notes a call and takes the arguments over. What it returns stays the callable's. */
struct json_object *callable_fire(struct callable *callable, struct json_object *arguments);
bool callable_raises(const struct callable *callable);
/* The same, for callbacks that return a number: `silent` where the callable says nothing, -1 where
 * it raises. */
int callable_fire_number(struct callable *callable, struct json_object *arguments, int silent);

/* How many calls there have been. */
size_t events_fired(void);
/* The list of those since the last time, which is the caller's. */
struct json_object *events_take(void);

/* Of events: an id and the function that takes it. The last of a list has the id -1 and stands for
 * all others. */
struct event_callback {
    int id;
    void (*function)(void);
};
void (*event_callback(const struct event_callback *list, int id))(void);
