/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C values as canonical ones, and what is in canonical ones. NULL is JSON's null. */
#pragma once

#include <json-c/json.h>
#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

struct json_object *signed_out(long long value);
struct json_object *unsigned_out(unsigned long long value);
struct json_object *double_out(double value);
struct json_object *boolean_out(bool value);
struct json_object *text_out(const char *text);
struct json_object *bytes_out(const void *bytes, size_t count);
struct json_object *texts_out(char *const *texts, size_t count);
struct json_object *ints_out(const int *numbers, size_t count);
struct json_object *uints_out(const unsigned int *numbers, size_t count);
struct json_object *ullongs_out(const unsigned long long *numbers, size_t count);
struct json_object *cpu_map_out(const unsigned char *map, int cpus);
struct json_object *params_out(const virTypedParameter *params, size_t count);
/* Closes them. */
struct json_object *files_out(const int *files, size_t count);

typedef struct json_object *record_encoder(const void *record);
struct json_object *record_out(const void *record, record_encoder *encode);
/* One behind the other. */
struct json_object *records_out(const void *records, size_t count, size_t size,
                                record_encoder *encode);
/* Pointers to them. */
struct json_object *record_list_out(const void *list, size_t count, record_encoder *encode);

/* Frees the text in parameters, not themselves. */
void params_clear(virTypedParameterPtr params, size_t count);

int cpu_map_bytes(int cpus);

/* The one value of {"$word": value}; false where it is not that. */
bool marked_in(struct json_object *value, const char *word, struct json_object **inside);
/* The bytes of text, {"$text": …} or {"$bytes": …}, freed by the caller; NULL where it is none. */
char *text_in(struct json_object *value, size_t *length);
char *bytes_in(struct json_object *value, size_t *length);

/* Ends the program with a message. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *allocate(size_t count, size_t size);
/* realloc() that always works. */
void *enlarge(void *memory, size_t count, size_t size);
