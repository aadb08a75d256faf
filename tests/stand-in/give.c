/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers, out of the grid. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "control.h"
#include "ledger.h"
#include "stand_in.h"

void *block_new(const struct call *call, size_t size)
{
    void *block = ledger_allocate ? ledger_allocate(size, call->grid.function, false)
                                  : calloc(1, size ? size : 1);

    if (!block)
        abort();
    return block;
}

void *block_borrowed(const struct call *call, size_t size)
{
    void *block = ledger_allocate ? ledger_allocate(size, call->grid.function, true)
                                  : calloc(1, size ? size : 1);

    if (!block)
        abort();
    return block;
}

/* ---- numbers ---- */

long long give_signed(struct call *call, const char *path, size_t size)
{
    return grid_signed(&call->grid, path, 8 * (unsigned)size);
}

unsigned long long give_unsigned(struct call *call, const char *path, size_t size)
{
    return grid_unsigned(&call->grid, path, 8 * (unsigned)size);
}

long long give_result(struct call *call, size_t size)
{
    return grid_result(&call->grid, 8 * (unsigned)size);
}

unsigned long long give_result_not(struct call *call, size_t size, unsigned long long failure)
{
    return grid_result_not(&call->grid, 8 * (unsigned)size, failure);
}

int give_yes_no(struct call *call)
{
    return grid_yes_no(&call->grid, "result");
}

double give_double(struct call *call, const char *path)
{
    return grid_double(&call->grid, path);
}

void give_numbers(struct call *call, const char *path, void *list, size_t count, size_t size,
                  bool is_signed)
{
    for (size_t i = 0; list && i < count; i++) {
        const char *item = path_item(call, path, i);
        const unsigned long long number =
            is_signed ? (unsigned long long)grid_signed(&call->grid, item, 8 * (unsigned)size)
                      : grid_unsigned(&call->grid, item, 8 * (unsigned)size);

        if (size == sizeof(int))
            ((unsigned int *)list)[i] = (unsigned int)number;
        else
            ((unsigned long long *)list)[i] = number;
    }
}

size_t give_count(const struct call *call)
{
    return grid_count(&call->grid);
}

size_t give_inner_count(const struct call *call)
{
    return grid_inner_count(&call->grid);
}

size_t give_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- texts and bytes ---- */

char *give_text(struct call *call, const char *path)
{
    char text[GRID_TEXT_ROOM];
    const size_t length = grid_text(&call->grid, path, text, sizeof text);

    return memcpy(block_new(call, length + 1), text, length + 1);
}

const char *give_borrowed_text(struct call *call, const char *path)
{
    char text[GRID_TEXT_ROOM];
    const size_t length = grid_text(&call->grid, path, text, sizeof text);

    return memcpy(block_borrowed(call, length + 1), text, length + 1);
}

bool give_has(struct call *call, const char *path)
{
    return grid_has(&call->grid, path);
}

void give_text_into(struct call *call, const char *path, char *room, size_t size)
{
    grid_text(&call->grid, path, room, size);
}

void give_bytes(struct call *call, const char *path, void *room, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)room)[i] = grid_byte(&call->grid, path, i);
}

void *give_new_bytes(struct call *call, const char *path, size_t *size)
{
    void *bytes = block_new(call, give_count(call));

    *size = give_count(call);
    give_bytes(call, path, bytes, *size);
    return bytes;
}

int give_names(struct call *call, const char *path, char **names, int room)
{
    const size_t count = give_least(give_count(call), room > 0 ? (size_t)room : 0);

    for (size_t i = 0; names && i < count; i++)
        names[i] = give_text(call, path_item(call, path, i));
    return (int)count;
}

int give_texts(struct call *call, const char *path, char ***list)
{
    const size_t count = give_count(call);

    if (!list)
        return (int)count;
    *list = block_new(call, (count + 1) * sizeof **list);
    for (size_t i = 0; i < count; i++)
        (*list)[i] = give_text(call, path_item(call, path, i));
    return (int)count;
}

void give_cpu_map(struct call *call, const char *path, unsigned char *map, size_t size, size_t cpus)
{
    if (!map)
        return;
    memset(map, 0, size);
    for (size_t i = 0; i < cpus && i / 8 < size; i++)
        if (grid_bit(&call->grid, path, i))
            map[i / 8] = (unsigned char)(map[i / 8] | 1 << (i % 8));
}

unsigned char *give_new_cpu_map(struct call *call, const char *path, size_t cpus)
{
    const size_t size = (cpus + 7) / 8;
    unsigned char *map = block_new(call, size);

    give_cpu_map(call, path, map, size, cpus);
    return map;
}

/* ---- typed parameters ---- */

static void give_param(struct call *call, const struct grid_param *from, virTypedParameter *to)
{
    memcpy(to->field, from->name, sizeof to->field);
    to->type = from->type;
    switch (from->type) {
    case GRID_INT:
        to->value.i = (int)from->number;
        break;
    case GRID_UINT:
        to->value.ui = (unsigned int)from->larger_number;
        break;
    case GRID_LLONG:
        to->value.l = from->number;
        break;
    case GRID_ULLONG:
        to->value.ul = from->larger_number;
        break;
    case GRID_DOUBLE:
        to->value.d = from->real;
        break;
    case GRID_BOOLEAN:
        to->value.b = (char)from->number;
        break;
    case GRID_STRING:
        to->value.s = strcpy(block_new(call, strlen(from->text) + 1), from->text);
        break;
    default:
        to->value.ul = 0;
    }
}

void give_params(struct call *call, const char *path, virTypedParameter *params, size_t count)
{
    for (size_t i = 0; params && i < count; i++) {
        struct grid_param param;

        grid_param(&call->grid, path, i, count, &param);
        give_param(call, &param, &params[i]);
    }
}

virTypedParameter *give_new_params(struct call *call, const char *path, size_t count)
{
    virTypedParameter *params = block_new(call, count * sizeof *params);

    give_params(call, path, params, count);
    return params;
}

void release_params(virTypedParameter *params, size_t count)
{
    for (size_t i = 0; params && i < count; i++)
        if (params[i].type == VIR_TYPED_PARAM_STRING)
            free(params[i].value.s);
    free(params);
}

/* ---- handles and files ---- */

/* It belongs to an argument of the kind that it belongs to, or else to what such a one belongs to.
 */
static struct handle *find_handle(const struct call *call, const struct kind *kind)
{
    for (size_t i = call->handle_count; i-- > 0;)
        if (handle_kind(call->handles[i]) == kind)
            return call->handles[i];
    for (size_t i = 0; i < call->handle_count; i++)
        for (struct handle *above = call->handles[i]; above; above = handle_parent(above))
            if (handle_kind(above) == kind)
                return above;
    return NULL;
}

struct handle *give_handle(struct call *call, const struct kind *kind)
{
    struct handle *parent = kind->parent ? find_handle(call, kind->parent) : NULL;

    if (kind->parent && !parent)
        control_fault("%s cannot make a %s without a %s", call->grid.function, kind->name,
                      kind->parent->name);
    return handle_new(kind, parent);
}

struct handle *give_borrowed_handle(struct call *call, const struct kind *kind)
{
    return find_handle(call, kind);
}

int give_handles(struct call *call, const struct kind *kind, void *list)
{
    const size_t count = give_count(call);
    struct handle **handles;

    if (!list)
        return (int)count;
    handles = block_new(call, (count + 1) * sizeof *handles);
    for (size_t i = 0; i < count; i++)
        handles[i] = give_handle(call, kind);
    memcpy(list, &handles, sizeof handles);
    return (int)count;
}

int give_files(struct call *call, int **list)
{
    const size_t count = give_count(call);

    if (!list)
        return (int)count;
    *list = block_new(call, count * sizeof **list);
    for (size_t i = 0; i < count; i++)
        (*list)[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
    return (int)count;
}
