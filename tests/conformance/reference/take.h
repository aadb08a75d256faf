/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments, taken from a call in C order. What is of the wrong kind is told to the call, and then
 * the value means nothing. Memory is the call's. */
#pragma once

#include <libvirt/libvirt.h>

#include "call.h"

struct kind;

/* What may stand in place of a value: nothing, or NULL (which also is what is left out). */
enum presence { REQUIRED, OPTIONAL };

void *take_handle(struct call *call, const char *name, const struct kind *kind,
                  enum presence presence);
/* Ended by NULL. */
void *take_handles(struct call *call, const char *name, const struct kind *kind,
                   enum presence presence);

/* Left out, they are 0. A file in place of an int is open until all is forgotten. */
int take_int(struct call *call, const char *name, enum presence presence);
unsigned int take_uint(struct call *call, const char *name, enum presence presence);
long take_long(struct call *call, const char *name, enum presence presence);
unsigned long take_ulong(struct call *call, const char *name, enum presence presence);
long long take_llong(struct call *call, const char *name, enum presence presence);
unsigned long long take_ullong(struct call *call, const char *name, enum presence presence);
size_t take_size(struct call *call, const char *name, enum presence presence);
double take_double(struct call *call, const char *name, enum presence presence);
/* 0 or 1. */
int take_bool(struct call *call, const char *name, enum presence presence);

const char *take_text(struct call *call, const char *name, enum presence presence);
/* Ended by NULL. */
const char **take_texts(struct call *call, const char *name, enum presence presence, size_t *count);
const unsigned char *take_uuid(struct call *call, const char *name, enum presence presence);
void *take_bytes(struct call *call, const char *name, enum presence presence, size_t *count);
/* The count is that of bytes. */
unsigned char *take_cpu_map(struct call *call, const char *name, enum presence presence,
                            size_t *count);
int *take_files(struct call *call, const char *name, enum presence presence, size_t *count);

int *take_ints(struct call *call, const char *name, enum presence presence, size_t *count);
unsigned int *take_uints(struct call *call, const char *name, enum presence presence,
                         size_t *count);
unsigned long long *take_ullongs(struct call *call, const char *name, enum presence presence,
                                 size_t *count);
/* Two lists that share one length. */
void take_same_length(struct call *call, const char *one, size_t one_count, const char *other,
                      size_t other_count);

/* Keys of typed parameters whose types libvirt states. */
struct key {
    const char *name;
    int type;
};
#define KEYS(keys) keys, sizeof keys / sizeof *keys
virTypedParameterPtr take_params(struct call *call, const char *name, enum presence presence,
                                 const struct key *keys, size_t key_count, size_t *count);

/* The map of a record; NULL where there is none. */
struct json_object *take_map(struct call *call, const char *name, enum presence presence);
int field_int(struct call *call, struct json_object *map, const char *record, const char *name);
void field_text(struct call *call, struct json_object *map, const char *record, const char *name,
                char *room, size_t size);

/* A callback, which becomes the call's, with the opaque value that follows. */
struct callable *take_callback(struct call *call, const char *name, enum presence presence);
struct callable *take_opaque(struct call *call, struct callable *callable);
/* Any value; it stays the request's. */
struct json_object *take_any(struct call *call);

/* A temporary file with a text; its place is its beginning. */
int file_with(const char *text, size_t length);
/* Closes what ints in place of files are. */
void files_forget(void);
