/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handles that the driver knows by number. Each entry holds references of libvirt's, so that
 * no other object comes to the same address. */
#pragma once

#include <json-c/json.h>
#include <stddef.h>

/* A kind of handle; one `kind_NAME` each is generated. */
struct kind {
    const char *name;
    void (*release)(void *handle);
    void (*retain)(void *handle);             /* NULL: libvirt lends none of this kind */
    struct json_object *(*key)(void *handle); /* NULL: it has none */
};

/* Takes a reference over. */
struct json_object *handle_out(const struct kind *kind, void *handle);
/* Of a handle that is libvirt's: takes a reference of its own where it is new. */
struct json_object *handle_lent_out(const struct kind *kind, void *handle);
/* Takes references and the array over. */
struct json_object *handles_out(const struct kind *kind, void **handles, size_t count);

/* NULL where the number is not known. */
void *handle_find(long long number, const struct kind **kind);
/* One reference was released elsewhere. */
void handle_ended(const void *handle);
void handle_forget(long long number);
void handles_forget(void);
