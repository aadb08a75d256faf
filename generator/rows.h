/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows: how a language declares, converts, passes, collects and releases each pattern, as templates
 * in a table. The holes: name (of the
 * variable), field (the name alone), type, value, text, nullable, handle, record, read, write,
 * list, keys, cast, count, cpus, parent, fallback, free, pair, result. */
#pragma once

#include "plan.h"
#include "text.h"

/* One step of one function, as C text; "" for what it does not need. */
struct row_text {
    const char *declare;  /* the variables, one a line */
    const char *prepare;  /* statements before the call */
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

/* Of numbers, by scalar. */
struct row_scalar {
    const char *read;  /* converter from the language */
    const char *write; /* constructor of the language's number */
    const char *list;  /* of lists of them, both ways; NULL: there are none */
};

struct rows {
    const char *language; /* for messages */
    const struct row *in, *out, *result;
    size_t in_count, out_count, result_count;
    struct row_text number;           /* numbers by value that are given, where `in` has no row */
    const struct row_scalar *scalars; /* SCALAR_COUNT */
};

/* What a row may refer to besides the step; "" where a language has it not. */
struct row_place {
    const struct plan *plan;
    const char *value;     /* where the argument is: "given[0]" or "self" */
    const char *text;      /* its name for messages */
    const char *fallback;  /* its default */
    const char *result;    /* the variable of the C result */
    const char *cpus;      /* converter of a CPU map */
    const char *parent;    /* the object that new ones belong to */
    const char *variables; /* what stands before the names of variables: "frame->" */
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
/* A C expression over names of arguments and `result`, with what stands before them. */
char *rows_expression(const struct plan *plan, const char *expression, const char *variables);
/* "int" for a parameter that is an int or a pointer to one. */
const char *pointed_type(const struct type *type);
/* "keys_virDomainMigrate3_params": the table of the keys that a step knows. */
char *keys_name(const struct plan *plan, const struct step *step);
/* That table, in C; "" where the plan has no such step. */
void rows_add_keys(struct buffer *buffer, const struct api *api, const struct plan *plan);
