/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* records.h and records.c: functions that make a language's values of libvirt's structs, and
 * structs of what is given; as templates, which a language gives. All have the hole name, of the
 * struct. */
#pragma once

#include "record_shapes.h"
#include "rows.h"

struct record_rules {
    const struct rows *rows;
    const char *type;    /* of values: "VALUE " */
    const char *include; /* of a header that it needs besides; "" */
    const char *boolean; /* the value of a field that is true or false. Hole: field */
    const char *cpus;    /* as in struct row_place */
    /* The statements that return the value of `record`; some need `self`. */
    const char *(*body)(const struct shaped *shaped);
    /* The bodies of the functions for `count` records, where they stay apart, and where they are
     * merged. Hole: item, the expression of one. */
    const char *apart, *merged;
    /* The function that makes a key of a tag, and one case of it; NULL: the number is the key.
     * Holes: tag, cases; constant, word. */
    const char *tag_key, *tag_case;
    /* What is given: the type of the function's result, its body, the expression or statement that
     * takes an int, and what stands between two such. Holes: count, names, conversions; index,
     * field. */
    const char *given_type, *given, *given_int, *given_between;
    /* Of records that are objects: what declares a class, what defines it, and the list of all;
     * NULL: there are none. Holes: path, attributes; classes. */
    const char *class_declaration, *class_definition, *classes;
};

void emit_records(const struct surface *surface, const struct record_rules *rules,
                  struct output *output);

/* The value of one field, of `record`; "" where there is none. */
const char *record_field_value(const struct record_rules *rules, const struct shaped *shaped,
                               const struct field_plan *field);
