/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters, built and taken apart without libvirt's help, so that a language's converter
 * cannot disturb the thread's error. Memory is libvirt's kind: malloc and free. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "loader.h"

/* A growing array; all zero is empty. */
struct params {
    virTypedParameterPtr items;
    int count;
    int room;
};

enum params_result {
    PARAMS_OK,
    PARAMS_NO_MEMORY,
    PARAMS_NAME_TOO_LONG, /* 80 bytes or more */
    PARAMS_NAME_HAS_NUL,
};

/* Appends a parameter with name and type and a zeroed value for the caller to fill in; a string
 * value must be malloc'ed. */
enum params_result params_add(struct params *params, const char *name, size_t name_length, int type,
                              virTypedParameterPtr *item);
/* Frees strings and array. */
void params_release(struct params *params);
/* The same for an array that libvirt or a collector allocated. */
void params_free(virTypedParameterPtr items, int count);

/* How many of so many are filled in: those of a CPU that is not there are not. */
int params_filled(const virTypedParameter *items, int count);

/* The type libvirt documents for a key of one of its families of keys: VIR_TYPED_PARAM_ULLONG …;
 * 0 where the key is not among them. `keys` is sorted by name. */
struct params_key {
    const char *name;
    int type;
};
int params_key_type(const struct params_key *keys, size_t count, const char *name);
