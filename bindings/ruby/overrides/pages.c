/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages of memory by size and NUMA cell. */
#include <limits.h>
#include <stdlib.h>

#include "glue.h"
#include "hashes.h"

struct paging {
    VALUE self;
    VALUE given[3];
    virConnectPtr connection;
    unsigned int *sizes;
    unsigned int size_count;
    unsigned long long *counts;
    int first_cell;
    unsigned int cell_count;
    unsigned int flags;
    int result;
    struct captured_error error;
};

static VALUE release(VALUE data)
{
    struct paging *paging = (void *)data;

    if (paging->connection)
        handle_leave(paging->self);
    free(paging->sizes);
    free(paging->counts);
    return Qnil;
}

static void cells_in(struct paging *paging, VALUE cells, const char *first, const char *count)
{
    hash_check(cells, "cells");
    paging->first_cell = int_in(hash_item(cells, first), "the first of cells");
    paging->cell_count = uint_in(hash_item(cells, count), "the number of cells");
}

static void flags_in(struct paging *paging)
{
    paging->flags = NIL_P(paging->given[2]) ? 0 : uint_in(paging->given[2], "flags");
}

static unsigned long long *counts_new(unsigned long long count)
{
    unsigned long long *counts = count < INT_MAX ? calloc((size_t)count + 1, sizeof *counts) : NULL;

    if (!counts)
        rb_memerror();
    return counts;
}

/* ---- free ones ---- */

static void *get_free(void *data)
{
    struct paging *paging = data;

    paging->result = vir.virNodeGetFreePages(paging->connection, paging->size_count, paging->sizes,
                                             paging->first_cell, paging->cell_count, paging->counts,
                                             paging->flags);
    if (paging->result < 0)
        error_capture(&paging->error);
    return NULL;
}

/* Libvirt's drivers for tests fill all in, and answer 0. */
static unsigned int filled(const struct paging *paging)
{
    return paging->result ? (unsigned int)paging->result : paging->size_count * paging->cell_count;
}

/* Of one size: libvirt has them by cell. */
static VALUE counts_of(const struct paging *paging, unsigned int place)
{
    VALUE counts = rb_ary_new();

    for (unsigned int i = place; i < filled(paging); i += paging->size_count)
        rb_ary_push(counts, ULL2NUM(paging->counts[i]));
    return paging->cell_count == 1 ? rb_ary_entry(counts, 0) : counts;
}

static VALUE free_pages(VALUE data)
{
    struct paging *paging = (void *)data;
    VALUE hash;

    uints_in(paging->given[0], "pages", &paging->sizes, &paging->size_count);
    cells_in(paging, paging->given[1], "startCell", "cellCount");
    flags_in(paging);
    paging->counts = counts_new((unsigned long long)paging->size_count * paging->cell_count);
    paging->connection = handle_enter(paging->self, &handle_kind_virConnect, NULL);
    call_blocking(get_free, paging);
    if (paging->result < 0)
        raise_error(&paging->error, "virNodeGetFreePages", error_class_Error);
    hash = rb_hash_new();
    for (unsigned int i = 0; i < paging->size_count; i++)
        rb_hash_aset(hash, UINT2NUM(paging->sizes[i]), counts_of(paging, i));
    return hash;
}

/* Connect#node_free_pages([size, ..], {"startCell", "cellCount"}, flags = 0): a Hash from size to
 * count; to an Array of counts, one a cell, where more than one cell is asked for. */
VALUE override_virNodeGetFreePages(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"pages", "cells", "flags"};
    static const struct signature signature = {2, 3, names};
    struct paging paging = {.self = self};

    arguments_read(argc, argv, &signature, paging.given);
    return rb_ensure(free_pages, (VALUE)&paging, release, (VALUE)&paging);
}

/* ---- more or fewer ---- */

static void *allocate(void *data)
{
    struct paging *paging = data;

    paging->result =
        vir.virNodeAllocPages(paging->connection, paging->size_count, paging->sizes, paging->counts,
                              paging->first_cell, paging->cell_count, paging->flags);
    if (paging->result < 0)
        error_capture(&paging->error);
    return NULL;
}

static void pages_in(struct paging *paging, VALUE pages)
{
    if (!RB_TYPE_P(pages, T_ARRAY))
        rb_raise(rb_eTypeError, "pages: wrong argument type %s (expected Array)",
                 NIL_P(pages) ? "nil" : rb_obj_classname(pages));
    paging->size_count = (unsigned int)RARRAY_LEN(pages);
    paging->sizes = calloc((size_t)paging->size_count + 1, sizeof *paging->sizes);
    if (!paging->sizes)
        rb_memerror();
    paging->counts = counts_new(paging->size_count);
    for (unsigned int i = 0; i < paging->size_count; i++) {
        VALUE page = rb_ary_entry(pages, i);

        hash_check(page, "pages");
        paging->sizes[i] = uint_in(hash_item(page, "size"), "a size of pages");
        paging->counts[i] = ullong_in(hash_item(page, "count"), "a number of pages");
    }
}

static VALUE allocate_pages(VALUE data)
{
    struct paging *paging = (void *)data;

    pages_in(paging, paging->given[0]);
    if (!NIL_P(paging->given[1]))
        cells_in(paging, paging->given[1], "start", "count");
    flags_in(paging);
    paging->connection = handle_enter(paging->self, &handle_kind_virConnect, NULL);
    call_blocking(allocate, paging);
    if (paging->result < 0)
        raise_error(&paging->error, "virNodeAllocPages", error_class_Error);
    return INT2NUM(paging->result);
}

/* Connect#node_alloc_pages([{"size", "count"}, ..], {"start", "count"} = nil, flags = 0) */
VALUE override_virNodeAllocPages(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"pages", "cells", "flags"};
    static const struct signature signature = {1, 3, names};
    struct paging paging = {.self = self};

    arguments_read(argc, argv, &signature, paging.given);
    return rb_ensure(allocate_pages, (VALUE)&paging, release, (VALUE)&paging);
}
