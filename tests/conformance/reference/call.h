/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call by request: its arguments, what it owns meanwhile, its outcome. */
#pragma once

#include <json-c/json.h>
#include <libvirt/virterror.h>
#include <stdbool.h>
#include <stddef.h>

struct callable;

struct call {
    const char *function;
    struct json_object *arguments; /* a list, or NULL */
    size_t given;                  /* how many arguments there are … */
    size_t taken;                  /* … and how many have been looked at */
    bool has_surplus;
    struct json_object *outcome; /* where it is not an answer */
    struct json_object *answers; /* by name */
    bool is_partial;             /* there would be more of them, had libvirt filled them in */
    void **owned;
    size_t owned_count;
    int *files;
    size_t file_count;
    struct callable *callback; /* owned until it is handed over */
};

/* Zeroed memory that lives as long as the call, of at least one byte. */
void *call_allocate(struct call *call, size_t count, size_t size);
/* The same of a size that the caller asked for; NULL: that much there is not, which is an error. */
void *call_room(struct call *call, size_t count, size_t size);
/* Closed when the call ends. */
void call_own_file(struct call *call, int file);

/* Says that an argument is of the wrong kind; the first that is said stays. */
void call_wrong_use(struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* True where all arguments were taken and were right. */
bool call_ready(struct call *call);
/* Where it holds, keeps libvirt's last error as the outcome. */
bool call_failed(struct call *call, bool failed);
/* An out array had room for all; else ends the program. */
void call_had_room(const struct call *call, size_t count, size_t room);
/* libvirt frees the callback from now on. */
void call_hand_over(struct call *call);

/* A value of the answer, which is taken over. */
void answer_add(struct call *call, const char *name, struct json_object *value);
/* The same where the values beside it are not there this time. */
void answer_add_only(struct call *call, const char *name, struct json_object *value);

/* The outcome; releases what the call owned. */
struct json_object *call_end(struct call *call);
/* libvirt's last error, as outcomes and handlers have it. */
struct json_object *error_out(const virError *error);
