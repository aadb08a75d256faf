/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan: what every language does in one call, decided once from the model and the notes.
 *
 * A plan has one step per C argument, in C order, and one for the result. What a language's
 * function takes are the steps with direction in or inout that are `asked`; what it returns are,
 * in this order, the result (if plan_result_is_value()) and the steps with direction out.
 *
 * Functions that fill an array of the caller's are wrapped in a **collector**, a generated C
 * function `collect_NAME` that all languages share: it finds out how much room is needed,
 * allocates, calls, and asks again where the room was too small. Its parameters are those of the C
 * function with one pointer more on each collected array and on its length, so that to a backend a
 * collected array looks like one that libvirt allocated. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "model.h"

struct notes;

/* The closed list of patterns: identifier, name in notes and dumps, role. */
#define PATTERNS(X)                                                                                \
    /* handles in */                                                                               \
    X(HANDLE, "handle", IN)                                                                        \
    X(NULLABLE_HANDLE, "nullable-handle", IN)                                                      \
    X(HANDLE_LIST, "handle-list", IN) /* ended by NULL */                                          \
    /* scalars in */                                                                               \
    X(INT, "int", IN)                                                                              \
    X(UINT, "uint", IN)                                                                            \
    X(LONG, "long", IN)                                                                            \
    X(ULONG, "ulong", IN)                                                                          \
    X(LLONG, "llong", IN)                                                                          \
    X(ULLONG, "ullong", IN)                                                                        \
    X(SIZE, "size", IN)                                                                            \
    X(DOUBLE, "double", IN)                                                                        \
    X(BOOL, "bool", IN)   /* an int that is 0 or 1 */                                              \
    X(ENUM, "enum", IN)   /* an int or unsigned int with the values of an enum */                  \
    X(FLAGS, "flags", IN) /* defaults to 0 */                                                      \
    /* text and bytes in */                                                                        \
    X(STRING, "string", IN)                                                                        \
    X(NULLABLE_STRING, "nullable-string", IN)                                                      \
    X(STRINGS, "strings", IN) /* pair: its length, else ended by NULL */                           \
    X(UUID, "uuid", IN)       /* 16 bytes */                                                       \
    X(BYTES, "bytes", IN)                                                                          \
    X(CPU_MAP, "cpu-map", IN)                                                                      \
    X(SECRET, "secret", IN) /* bytes that are wiped after the call */                              \
    /* arrays and records in */                                                                    \
    X(NUMBERS, "numbers", IN)                                                                      \
    X(FILE_DESCRIPTORS, "file-descriptors", IN)                                                    \
    X(PARAMS, "params", IN)                                                                        \
    X(RECORD, "record", IN)                                                                        \
    /* out, caller allocates; those marked * are collected */                                      \
    X(OUT_SCALAR, "out-scalar", OUT)                                                               \
    X(OUT_RECORD, "out-record", OUT)                                                               \
    X(OUT_RECORD_SIZED, "out-record-sized", OUT)                                                   \
    X(OUT_TEXT, "out-text", OUT)                                                                   \
    X(OUT_UUID, "out-uuid", OUT)                                                                   \
    X(OUT_NAMES, "out-names", OUT)                         /* * strings up to a maximum */         \
    X(OUT_NUMBERS, "out-numbers", OUT)                     /* * numbers up to a maximum */         \
    X(OUT_RECORDS, "out-records", OUT)                     /* * records up to a maximum */         \
    X(OUT_PARAMS, "out-params", OUT)                       /* * asked twice */                     \
    X(OUT_PARAMS_BY_CPU, "out-params-by-cpu", OUT)         /* * strided */                         \
    X(OUT_RECORDS_TWO_CALLS, "out-records-two-calls", OUT) /* * asked twice */                     \
    X(OUT_CPU_MAP, "out-cpu-map", OUT)                     /* * */                                 \
    X(OUT_CPU_MAPS, "out-cpu-maps", OUT)                   /* * a table of them */                 \
    X(OUT_BYTES, "out-bytes", OUT)                         /* * as many as asked for */            \
    /* out, libvirt allocates */                                                                   \
    X(OUT_HANDLES, "out-handles", OUT)                                                             \
    X(OUT_STRINGS, "out-strings", OUT)                                                             \
    X(OUT_STRING, "out-string", OUT)                                                               \
    X(OUT_RECORD_LIST, "out-record-list",                                                          \
      OUT) /* pointers to records, each with its free function */                                  \
    X(OUT_RECORD_BLOCK, "out-record-block", OUT) /* one flat block of records */                   \
    X(OUT_NEW_PARAMS, "out-new-params", OUT)                                                       \
    X(OUT_FILE_DESCRIPTORS, "out-file-descriptors", OUT)                                           \
    X(OUT_NEW_CPU_MAP, "out-new-cpu-map", OUT)                                                     \
    X(OUT_STATS, "out-stats", OUT) /* statistics records: one free function for all */             \
    /* implied: not asked of the caller */                                                         \
    X(LENGTH, "length", IMPLIED)                                                                   \
    X(FIXED, "fixed", IMPLIED)                                                                     \
    /* results */                                                                                  \
    X(NOTHING, "nothing", RESULT)                                                                  \
    X(STATUS, "status", RESULT)                                                                    \
    X(COUNT, "count", RESULT) /* how many; the length of an out step, or an answer by itself */    \
    X(YES_NO, "yes-no", RESULT)                                                                    \
    X(STATE, "state", RESULT) /* a value of an enum, or a number with a meaning of its own */      \
    X(NUMBER, "number", RESULT)                                                                    \
    X(OWNED_STRING, "owned-string", RESULT)                                                        \
    X(BORROWED_STRING, "borrowed-string", RESULT)                                                  \
    X(OWNED_HANDLE, "owned-handle", RESULT)                                                        \
    X(BORROWED_HANDLE, "borrowed-handle", RESULT)                                                  \
    X(OWNED_BYTES, "owned-bytes", RESULT)                                                          \
    X(BORROWED_RECORD, "borrowed-record", RESULT) /* the last error */                             \
    /* callbacks */                                                                                \
    X(CALLBACK, "callback", CALLBACK)                                                              \
    X(OPAQUE, "opaque", CALLBACK)                                                                  \
    X(FREE_CALLBACK, "free-callback", CALLBACK)

enum pattern {
#define PATTERN_ENUMERATOR(id, text, role) PATTERN_##id,
    PATTERNS(PATTERN_ENUMERATOR)
#undef PATTERN_ENUMERATOR
        PATTERN_TOTAL
};

enum pattern_role { ROLE_IN, ROLE_OUT, ROLE_IMPLIED, ROLE_RESULT, ROLE_CALLBACK };

const char *pattern_name(enum pattern pattern);
enum pattern_role pattern_role(enum pattern pattern);
/* True for numbers by value that are given, flags and switches included. */
bool pattern_is_number(enum pattern pattern);
/* PATTERN_TOTAL where no pattern has that name. */
enum pattern pattern_by_name(const char *name);

enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_INOUT };

enum owner {
    OWNER_NONE,               /* plain values and inputs */
    OWNER_BORROWED,           /* libvirt's own; copy, never free */
    OWNER_CALLER,             /* free_function on the whole */
    OWNER_CALLER_EACH,        /* free_function on each item, free() on the array */
    OWNER_HANDLE,             /* a new reference, released with free_function */
    OWNER_CALLER_BUFFER,      /* the caller's memory */
    OWNER_CALLER_BUFFER_EACH, /* the caller's memory holding pointers to free with free_function */
};

/* Values of the result that mean an error; a set. */
enum failure {
    FAILURE_NONE = 0,
    FAILURE_MINUS_ONE = 1, /* any value below 0 that is not an answer */
    FAILURE_NULL = 2,
    FAILURE_ZERO = 4,
    FAILURE_ALL_ONES = 8,
    FAILURE_IF_STORED = 16, /* NULL is an error only where libvirt stored one */
};

/* What decided a part of a step, for check --why. */
struct reason {
    const char *rule;         /* our words, when a rule of structure decided */
    struct location location; /* of the note, when a note decided; file NULL else */
};

struct step {
    enum pattern pattern;
    enum direction direction;
    const struct parameter *parameter; /* function->result for the result */
    size_t position;                   /* 1 for the first argument, 0 for the result */
    bool asked;                        /* the language's caller gives it */
    bool nullable;                     /* NULL may be passed, or is an answer */
    bool optional;                     /* libvirt's documentation says that it may be left out */
    /* The step that holds, or receives, this one's length; NULL: none, or see `ended`. */
    const struct step *pair;
    /* How many items an array has, or bytes, or CPUs for a CPU map: a C expression over the names
     * of the parameters (what a pointer to a length received, not the pointer) and `result`; NULL:
     * ended by NULL, or not an array. */
    const char *count;
    /* A length: the step it belongs to. In a collector a LENGTH whose array is collected is a
     * pointer that receives the count; a length that is asked (not PATTERN_LENGTH) stays a value.
     */
    const struct step *length_of;
    const struct handle *handle;
    const struct record *record;
    const struct enumeration *enumeration; /* of flags, enums, states */
    const struct callback *callback;
    enum scalar scalar; /* of scalars, and of the items of arrays of numbers */
    enum owner owner;
    const char *free_function; /* "free", "virDomainFree"; NULL: nothing to free */
    const char *fixed;         /* PATTERN_FIXED: the C expression to pass */
    const char *room;          /* collected: C expression, or call, that says how much room */
    const char *room_function; /* collected: the function that `room` calls; NULL: none */
    const char *keys;          /* PARAMS: glob over the string macros that are its keys; NULL */
    struct reason pattern_reason, nullable_reason, owner_reason, failure_reason, enum_reason;
};

enum plan_kind { PLAN_PLANNED, PLAN_OVERRIDE, PLAN_HELPER };

struct plan {
    const struct function *function;
    enum plan_kind kind;
    const char *reason; /* helper: why it is left out; override: the group it belongs to */
    struct step result;
    struct step *steps;
    size_t step_count;
    unsigned failure;       /* set of enum failure */
    bool keeps_lock;        /* only reads a field of a handle: the interpreter's lock is kept */
    bool collected;         /* call collect_NAME instead of NAME */
    bool collected_by_hand; /* collect_NAME is written by hand in bindings/common */
};

/* How a field of a record is read. */
struct field_plan {
    const struct field *field;
    enum pattern pattern; /* OUT_SCALAR, OUT_TEXT (char[]), OUT_STRING, OUT_STRINGS, OUT_RECORDS,
                             OUT_CPU_MAP, OUT_NEW_PARAMS, BORROWED_HANDLE; CALLBACK and OPAQUE in
                             virConnectAuth; LENGTH for fields that count another */
    const struct field *pair; /* the field with its length */
    bool
        filled_in; /* text that has a length, and its length: whoever gets the record fills it in */
    const struct record *record;
    const struct handle *handle;
};

struct record_plan {
    const struct record *record;
    const char *free_function; /* virDomainFSInfoFree; NULL: nothing to free, or field by field */
    struct field_plan *fields;
    size_t field_count;
};

struct handle_plan {
    const struct handle *handle;
    const char *release;         /* virDomainFree, virConnectClose */
    const char *retain;          /* virDomainRef */
    const struct handle *parent; /* whose connection, domain or network it keeps; NULL: a root */
};

struct plans {
    const struct api *api;
    struct plan *plans; /* by function name; one for every function */
    size_t plan_count;
    struct plan *callback_plans; /* by name; the arguments of a callback type as steps, reversed:
                                    what libvirt passes in is OUT here, what the callback fills in
                                    is IN, `opaque` is OPAQUE */
    size_t callback_plan_count;
    struct record_plan *record_plans;
    size_t record_plan_count;
    struct handle_plan *handle_plans;
    size_t handle_plan_count;
};

/* Reports what it cannot place through error_at(); the caller looks at error_count(). */
struct plans *plans_make(const struct api *api, struct notes *notes);

const struct plan *plans_find(const struct plans *plans, const char *function);
const struct plan *plans_callback(const struct plans *plans, const char *callback);
const struct record_plan *plans_record(const struct plans *plans, const struct record *record);
const struct handle_plan *plans_handle(const struct plans *plans, const struct handle *handle);

const struct step *plan_step(const struct plan *plan, const char *parameter);
/* True for an argument that a function which takes less has not: both have what they share in the
 * same order. */
bool plan_lacks(const struct plan *plain, const struct plan *plan, const struct step *step);
/* The handle whose method it is: the type of the first argument; NULL for a plain function. */
const struct handle *plan_self(const struct plan *plan);
/* False where the result only says that the call worked, or counts an out step. */
bool plan_result_is_value(const struct plan *plan);
/* True for a length that comes with what the language's caller gives. */
bool step_comes_along(const struct step *step);
/* "-1", "NULL", "none" … as dump --table has it. */
const char *plan_failure_text(const struct plan *plan);
const char *step_owner_text(const struct step *step);
/* The C condition that is true where the call failed, of the variable `result`. */
const char *plan_failed_condition(const struct plan *plan, const char *result);
