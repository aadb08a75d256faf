/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows: how a language declares, converts, passes, collects and releases each pattern, as templates
 * in a table; usual_rows.h has what all share. The holes: name (of the variable), field (the name
 * alone), type, value, text, nullable, handle, record, read, write, list, keys, cast, count, cpus,
 * parent, fallback, free, pair, result; null, zero, blank and empty are what variables begin with.
 */
#pragma once

#include "plan.h"
#include "text.h"

/* One step of one function, as C text; "" for what it does not need; in a language's table NULL for
 * what is as usual. */
struct row_text {
    const char *declare;  /* the variables, one a line */
    const char *prepare;  /* statements before the call, where variables are not zero at first */
    const char *convert;  /* of what is given, before all handles */
    const char *enter;    /* of handles */
    const char *argument; /* what C is passed */
    const char *length;   /* and for its length, where that is implied */
    const char *collect;  /* the language's value */
    const char *release;  /* statements behind it, on every path */
};

struct row {
    enum pattern pattern;
    struct row_text text;
};

struct rows {
    const char *language; /* for messages */
    const struct row *in, *out, *result;
    size_t in_count, out_count, result_count;
    struct row_text number;     /* numbers by value that are given, where `in` has no row */
    const char *const *writers; /* constructors of the language's numbers, by scalar */
    const char *nothing;        /* the expression of the value that says that there is none */
    bool zeroed;                /* variables are zero at first, as they stand in a frame */
};

/* What a row may refer to besides the step; "" where a language has it not. */
struct row_place {
    const struct plan *plan;
    const char *value;     /* where the argument is: "given[0]" or "self" */
    const char *text;      /* its name for messages */
    const char *fallback;  /* its default */
    const char *result;    /* the variable of the C result */
    const char *cpus;      /* what makes a CPU map's value; NULL: cpu_map_out */
    const char *parent;    /* the object that new ones belong to */
    const char *variables; /* what stands before the names of variables: "frame->" */
};

/* What stands in C as it is, and is to be the language's value: an argument of a callback, a field
 * of a record. */
struct row_value {
    enum pattern pattern;
    enum scalar scalar;
    const struct handle *handle;
    const struct record *record;
    const char *name; /* C expressions */
    const char *count;
    const char *parent;
    const char *cpus; /* as in a place */
};

/* True for patterns with a row, and for those that need none. */
bool rows_have(const struct rows *rows, enum pattern pattern);
struct row_text row_in(const struct rows *rows, const struct step *step,
                       const struct row_place *place);
struct row_text row_out(const struct rows *rows, const struct step *step,
                        const struct row_place *place);
/* The value of the C function's own result. */
struct row_text row_result(const struct rows *rows, const struct step *step,
                           const struct row_place *place);
/* "" where no row says how it is collected. */
const char *row_value(const struct rows *rows, const struct row_value *value);
/* The value, or where the C condition is false the one that says that there is none. */
char *row_or_nothing(const struct rows *rows, const char *condition, const char *value);
/* "UINT2NUM(x)" */
char *row_number(const struct rows *rows, enum scalar scalar, const char *expression);
/* "result = vir.virDomainCreate(domain);", or the collector's name, at 4 columns. */
char *rows_call(const struct plan *plan, const char *result, const char *const *arguments,
                size_t count);
/* A C expression over names of arguments and `result`, with what stands before them. */
char *rows_expression(const struct plan *plan, const char *expression, const char *variables);
/* "int" for a parameter that is an int or a pointer to one. */
const char *pointed_type(const struct type *type);
/* "keys_virDomainMigrate3_params": the table of the keys that a step knows. */
char *keys_name(const struct plan *plan, const struct step *step);
/* That table, in C; "" where the plan has no such step. */
void rows_add_keys(struct buffer *buffer, const struct api *api, const struct plan *plan);
