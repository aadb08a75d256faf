/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wrong use: for each pattern, the kinds of value that it must refuse. */
#include "emit_vectors.h"
#include "text.h"

/* What a pattern takes, of the kinds of value that there are. */
enum kind {
    KIND_NOTHING = 1 << 0,
    KIND_BOOLEAN = 1 << 1,
    KIND_INTEGER = 1 << 2,
    KIND_FLOAT = 1 << 3,
    KIND_TEXT = 1 << 4,
    KIND_BYTES = 1 << 5,
    KIND_LIST = 1 << 6,
    KIND_MAP = 1 << 7,
    KIND_CALLABLE = 1 << 8,
    KIND_HANDLE = 1 << 9,
};

static const struct {
    enum kind kind;
    const char *word;
    const char *value;
} kinds[] = {
    {KIND_NOTHING, "nothing", "null"},
    {KIND_BOOLEAN, "boolean", "true"},
    {KIND_INTEGER, "integer", "7"},
    {KIND_FLOAT, "float", "1.5"},
    {KIND_TEXT, "text", "\"text\""},
    {KIND_BYTES, "bytes", "{\"$bytes\": \"00ff\"}"},
    {KIND_LIST, "list", "[1, \"two\"]"},
    {KIND_MAP, "map", "{\"a\": 1}"},
    {KIND_CALLABLE, "callable", "{\"$callback\": \"wrong\"}"},
    {KIND_HANDLE, "handle", NULL}, /* of another kind */
};

/* Languages in which true is 1 take it for an integer; an integer is a float, too. */
static unsigned taken_by(const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_INT:
    case PATTERN_UINT:
    case PATTERN_LONG:
    case PATTERN_ULONG:
    case PATTERN_LLONG:
    case PATTERN_ULLONG:
    case PATTERN_SIZE:
    case PATTERN_ENUM:
    case PATTERN_FLAGS:
        return KIND_INTEGER | KIND_BOOLEAN;
    case PATTERN_BOOL:
        return KIND_INTEGER | KIND_BOOLEAN;
    case PATTERN_DOUBLE:
        return KIND_INTEGER | KIND_BOOLEAN | KIND_FLOAT;
    case PATTERN_STRING:
    case PATTERN_NULLABLE_STRING:
        return KIND_TEXT;
    case PATTERN_UUID:
        return KIND_BYTES | KIND_TEXT; /* the wrong length is a case of its own */
    case PATTERN_BYTES:
    case PATTERN_SECRET:
        return KIND_BYTES | KIND_TEXT;
    case PATTERN_PARAMS:
        return KIND_MAP;
    case PATTERN_CPU_MAP:
        return KIND_LIST; /* of whatever is true or false */
    case PATTERN_CALLBACK:
        return KIND_CALLABLE;
    case PATTERN_OPAQUE:
        return ~0U;
    default: /* handles and lists: what is in them is a case of its own */
        return 0;
    }
}

static unsigned taken(const struct step *step)
{
    return taken_by(step) | (step->nullable || step->optional ? KIND_NOTHING : 0);
}

static const char *other_handle(const struct plans *plans, const struct step *step)
{
    const struct handle *root = NULL, *other = NULL;

    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const struct handle_plan *plan = &plans->handle_plans[i];

        if (plan->handle == step->handle)
            continue;
        if (!plan->parent && plan->handle->library == LIBRARY_LIBVIRT)
            root = plan->handle;
        else if (plan->handle->library == LIBRARY_LIBVIRT && !other)
            other = plan->handle;
    }
    return arena_printf("{\"$handle\": \"%s\"}", (root ? root : other)->name);
}

/* ---- one beyond each end ---- */

static const char *beyond(enum scalar scalar, bool below)
{
    const bool is_long = scalar_bits(scalar) == 64;

    if (!scalar_is_signed(scalar))
        return below ? "-1" : is_long ? "{\"$integer\": \"18446744073709551616\"}" : "4294967296";
    if (is_long)
        return below ? "{\"$integer\": \"-9223372036854775809\"}" : "9223372036854775808";
    return below ? "-2147483649" : "2147483648";
}

static const char *wrong_item(const struct plans *plans, const struct step *step)
{
    switch (step->pattern) {
    case PATTERN_HANDLE_LIST:
        return arena_printf("[{\"$handle\": \"%s\"}, {\"$handle\": \"%s\", \"which\": 2}, %s]",
                            step->handle->name, step->handle->name, other_handle(plans, step));
    case PATTERN_STRINGS:
        return "[\"first\", \"second\", 7]";
    case PATTERN_NUMBERS:
        return "[1, 2, \"three\"]";
    case PATTERN_FILE_DESCRIPTORS:
        return "[{\"$file\": \"first\"}, {\"$file\": \"second\"}, \"third\"]";
    case PATTERN_PARAMS:
        return "{\"first\": 1, \"second\": \"text\", \"third\": {\"a\": 1}}";
    default:
        return NULL;
    }
}

/* What was ended, and what belongs to a connection that was. */
static void add_gone(const struct plans *plans, const struct handle *handle,
                     void (*add)(void *context, const char *word, const char *value), void *context)
{
    const bool belongs = plans_handle(plans, handle)->parent;

    add(context, belongs ? "freed" : "closed",
        arena_printf("{\"$handle\": \"%s\", \"ended\": true}", handle->name));
    if (belongs)
        add(context, "of a closed connection",
            arena_printf("{\"$handle\": \"%s\", \"disconnected\": true}", handle->name));
}

void vector_wrong(const struct plans *plans, const struct step *step,
                  void (*add)(void *context, const char *word, const char *value), void *context)
{
    const char *item = wrong_item(plans, step);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!(taken(step) & kinds[i].kind))
            add(context, kinds[i].word,
                kinds[i].value ? kinds[i].value : other_handle(plans, step));
    if (item)
        add(context, "bad item", item);
    switch (step->pattern) {
    case PATTERN_INT:
    case PATTERN_UINT:
    case PATTERN_LONG:
    case PATTERN_ULONG:
    case PATTERN_LLONG:
    case PATTERN_ULLONG:
    case PATTERN_SIZE:
    case PATTERN_ENUM:
    case PATTERN_FLAGS:
        add(context, "too small", beyond(step->scalar, true));
        add(context, "too large", beyond(step->scalar, false));
        break;
    case PATTERN_STRING:
    case PATTERN_NULLABLE_STRING:
        add(context, "null character", "\"a\\u0000b\"");
        break;
    case PATTERN_STRINGS:
        add(context, "null character in an item", "[\"first\", \"a\\u0000b\"]");
        break;
    case PATTERN_UUID:
        add(context, "15 bytes", "{\"$bytes\": \"000102030405060708090a0b0c0d0e\"}");
        add(context, "17 bytes", "{\"$bytes\": \"000102030405060708090a0b0c0d0e0f10\"}");
        break;
    case PATTERN_HANDLE:
    case PATTERN_NULLABLE_HANDLE:
        add_gone(plans, step->handle, add, context);
        break;
    default:
        break;
    }
}
