/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the generated functions of the stand-in are made of. Each of them begins a call, takes its
 * arguments, asks whether it is to fail, and gives its answers:
 *
 *     call_begin(&call, "virDomainGetInfo");
 *     take_handle(&call, domain, &kind_virDomain, false);
 *     if (call_fails(&call))
 *         return -1;
 *     fill_virDomainInfo(&call, "info", info);
 *     return 0;
 *
 * What is given follows from grid.h, under the same paths by which the generator writes vectors. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The real headers where they are, else our own declarations, which have all functions. */
#ifdef STAND_IN_REAL_HEADERS
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <libvirt/libvirt-admin.h>
#include <libvirt/libvirt-lxc.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#define STAND_IN_KNOWS(version) (LIBVIR_VERSION_NUMBER >= (version))
#define STAND_IN_DEFINES(version) STAND_IN_KNOWS(version)
#define SAME_AS_TABLE(name) _Static_assert(1, #name)
#else
#include "vir-api.h"
/* What the real headers have is compiled with them; here is the rest, as the loader calls it. */
#define STAND_IN_KNOWS(version) 1
#define STAND_IN_DEFINES(version) ((version) > STAND_IN_REAL_VERSION || !STAND_IN_REAL_VERSION)
#define SAME_AS_TABLE(name)                                                                        \
    _Static_assert(__builtin_types_compatible_p(__typeof__(&name),                                 \
                                                __typeof__(((struct vir_functions *)0)->name)),    \
                   #name)
#endif
#define WEAK __attribute__((weak))

#include "canonical.h"
#include "grid.h"
#include "handle.h"

enum { CALL_HANDLES = 8, CALL_PATHS = 16, CALL_PATH = 200 };

struct call {
    struct grid grid;
    struct canonical record;
    struct handle *handles[CALL_HANDLES]; /* those among the arguments, in their order */
    size_t handle_count;
    bool is_played; /* the function is the one of the vector */
    char paths[CALL_PATHS][CALL_PATH];
    size_t path;
};

/* Forgets the thread's last error, as every function of libvirt's does. */
void call_begin(struct call *call, const char *function);
/* Ends the arguments and writes the record; true where the call is to fail, its error stored. */
bool call_fails(struct call *call);
/* The same for a function that cannot fail. */
void call_go_on(struct call *call);
/* In odd vectors another thread does it, which is waited for. */
void call_in_turn(void *(*work)(void *data), void *data);
/* As if it were a call of this callback type, of the same vector. */
void call_of_callback(struct call *call, const char *callback, bool is_played,
                      struct handle *connection);

/* "path.field" and "path[3]"; good until a few more were asked for. */
const char *path_field(struct call *call, const char *path, const char *field);
const char *path_item(struct call *call, const char *path, size_t place);

/* ---- arguments: noted in canonical form ---- */

void take_handle(struct call *call, const void *handle, const struct kind *kind, bool nullable);
void take_handle_list(struct call *call, const void *list, const struct kind *kind);
void take_signed(struct call *call, long long value);
void take_unsigned(struct call *call, unsigned long long value);
void take_double(struct call *call, double value);
void take_boolean(struct call *call, int value);
void take_text(struct call *call, const char *value);
/* count < 0: ended by NULL. */
void take_texts(struct call *call, const char *const *list, long long count);
void take_bytes(struct call *call, const void *value, size_t size);
void take_cpu_map(struct call *call, const unsigned char *map, size_t size);
void take_numbers(struct call *call, const void *list, size_t count, size_t size, bool is_signed);
/* What is in the files stands in the record. */
void take_files(struct call *call, const int *list, size_t count);
void take_params(struct call *call, const virTypedParameter *params, size_t count);
/* That there is one. */
void take_callback(struct call *call, bool is_there);
void take_opaque(struct call *call);

/* ---- answers ---- */

/* Memory that the caller is to free, and memory that it must not. */
void *block_new(const struct call *call, size_t size);
void *block_borrowed(const struct call *call, size_t size);

/* A number of a record; units are multiples of 1024. */
#define FILL_SIGNED(call, path, record, field)                                                     \
    ((record)->field = (__typeof__((record)->field))give_signed(                                   \
         call, path_field(call, path, #field), sizeof(record)->field))
#define FILL_UNSIGNED(call, path, record, field)                                                   \
    ((record)->field = (__typeof__((record)->field))give_unsigned(                                 \
         call, path_field(call, path, #field), sizeof(record)->field))
#define FILL_UNITS(call, path, record, field)                                                      \
    (FILL_UNSIGNED(call, path, record, field), (record)->field &= ~1023UL)

long long give_signed(struct call *call, const char *path, size_t size);
unsigned long long give_unsigned(struct call *call, const char *path, size_t size);
/* Numbers among which some mean that the call failed: these are not given. */
long long give_result(struct call *call, size_t size);
unsigned long long give_result_not(struct call *call, size_t size, unsigned long long failure);
int give_yes_no(struct call *call);
double give_double(struct call *call, const char *path);
char *give_text(struct call *call, const char *path);
const char *give_borrowed_text(struct call *call, const char *path);
bool give_has(struct call *call, const char *path);
void give_text_into(struct call *call, const char *path, char *room, size_t size);
void give_bytes(struct call *call, const char *path, void *room, size_t size);
void *give_new_bytes(struct call *call, const char *path, size_t *size);
/* Into the caller's array; how many. */
int give_names(struct call *call, const char *path, char **names, int room);
void give_numbers(struct call *call, const char *path, void *list, size_t count, size_t size,
                  bool is_signed);
void give_cpu_map(struct call *call, const char *path, unsigned char *map, size_t size,
                  size_t cpus);
unsigned char *give_new_cpu_map(struct call *call, const char *path, size_t cpus);
void give_params(struct call *call, const char *path, virTypedParameter *params, size_t count);
virTypedParameter *give_new_params(struct call *call, const char *path, size_t count);
/* Texts and all. */
void release_params(virTypedParameter *params, size_t count);
/* A new list, ended by NULL; how many. */
int give_texts(struct call *call, const char *path, char ***list);
int give_handles(struct call *call, const struct kind *kind, void *list);
int give_files(struct call *call, int **list);
/* Its texts are borrowed. */
void give_error(struct call *call, virError *error);
struct handle *give_handle(struct call *call, const struct kind *kind);
/* Of the arguments, or what these belong to. */
struct handle *give_borrowed_handle(struct call *call, const struct kind *kind);
size_t give_count(const struct call *call);
size_t give_inner_count(const struct call *call);
size_t give_least(size_t a, size_t b);
