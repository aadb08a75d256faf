/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a language makes of libvirt's structs: lists of their fields where the names file says
 * nothing.
 *
 *     record virDomainFSInfo
 *         shape tuple          # or dict; pair, where two fields are key and value of one dict;
 *                              # keyed, where the first is the key and a dict of the others the
 *                              # value; tags PREFIX, where the first is one of the constants with
 *                              # that prefix and names the key; only, where one field is all;
 *                              # object CLASS, one with the fields as its attributes
 *         boolean enforcing    # a field that is true or false
 *         scale memory 1024    # a field in other units
 *         empty addrs          # nothing where there are none
 *         left-out conn        # a field that is not given
 *         attribute state stateTime   # what an object or a dict calls a field
 *         filled result        # one that a callable fills in
 */
#pragma once

#include "surface.h"

enum shape {
    SHAPE_LIST,
    SHAPE_TUPLE,
    SHAPE_DICT,
    SHAPE_PAIR,
    SHAPE_KEYED,
    SHAPE_TAGS,
    SHAPE_ONLY,
    SHAPE_OBJECT,
};

struct shaped {
    const struct surface *surface;
    const struct record_plan *plan;
    const char *subject;
    enum shape shape;
    const struct fact *fact;
};

struct shaped shape_of(const struct surface *surface, const struct record_plan *plan);
/* True where several records become one dict. */
bool merges_records(const struct shaped *shaped);
bool field_is_value(const struct shaped *shaped, const struct field_plan *field);

/* The field whose value is the record's, besides its key; NULL: it is made of more than one. */
const struct field_plan *record_alone(const struct shaped *shaped);

bool field_is_boolean(const struct shaped *shaped, const struct field *field);
bool field_may_be_none(const struct shaped *shaped, const struct field *field);
bool field_is_filled(const struct shaped *shaped, const struct field *field);
/* "1024"; NULL: in libvirt's own units. */
const char *field_scale(const struct shaped *shaped, const struct field *field);

/* maxMem -> max_mem: what an object calls a field. */
const char *record_attribute(const struct shaped *shaped, const struct field *field);
/* What a dict calls it: as C does, where nothing is said. */
const char *record_key(const struct shaped *shaped, const struct field *field);
/* The constants that a record's tag may be, each with its word; NULL behind the last. */
const struct constant *record_tag(const struct shaped *shaped, size_t index, const char **word);
/* The same of a record by itself. */
bool record_makes_dict(const struct surface *surface, const struct record *record);

/* What of a record a language's glue calls. */
struct record_needs {
    bool one, block, list; /* a value of one; of an array; of an array of pointers */
    bool free_block, free_list;
    bool given;
};

struct record_needs record_needs(const struct surface *surface, const struct record *record);
/* Statements that free what the `count` items of the array `records` hold. */
const char *record_freeing(const struct shaped *shaped);
