/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments, as they arrived, into the record. */
#include <sys/stat.h>
#include <unistd.h>

#include "control.h"
#include "stand_in.h"

void take_handle(struct call *call, const void *handle, const struct kind *kind, bool nullable)
{
    struct handle *known = (struct handle *)handle;

    if (!handle) {
        if (!nullable)
            control_fault("%s got NULL in place of a %s", call->grid.function, kind->name);
        canonical_null(&call->record);
        return;
    }
    if (!handle_check(handle, kind, call->grid.function)) {
        canonical_string(&call->record, "wrong handle");
        return;
    }
    canonical_string(&call->record, handle_text(known));
    if (call->handle_count < CALL_HANDLES)
        call->handles[call->handle_count++] = known;
}

void take_handle_list(struct call *call, const void *list, const struct kind *kind)
{
    void *const *handles = list;

    if (!handles) {
        canonical_null(&call->record);
        return;
    }
    canonical_open(&call->record, '[');
    for (; *handles; handles++)
        take_handle(call, *handles, kind, false);
    canonical_close(&call->record, ']');
}

void take_signed(struct call *call, long long value)
{
    canonical_signed(&call->record, value);
}

void take_unsigned(struct call *call, unsigned long long value)
{
    canonical_unsigned(&call->record, value);
}

void take_double(struct call *call, double value)
{
    canonical_double(&call->record, value);
}

void take_boolean(struct call *call, int value)
{
    if (value == 0 || value == 1)
        canonical_boolean(&call->record, value);
    else
        canonical_signed(&call->record, value);
}

void take_text(struct call *call, const char *value)
{
    canonical_string(&call->record, value);
}

void take_texts(struct call *call, const char *const *list, long long count)
{
    if (!list) {
        canonical_null(&call->record);
        return;
    }
    canonical_open(&call->record, '[');
    for (long long i = 0; count < 0 ? list[i] != NULL : i < count; i++)
        canonical_string(&call->record, list[i]);
    canonical_close(&call->record, ']');
}

void take_bytes(struct call *call, const void *value, size_t size)
{
    if (value || size)
        canonical_bytes(&call->record, value, size);
    else
        canonical_bytes(&call->record, "", 0);
}

/* CPUs behind the last that is set are as good as not there. */
void take_cpu_map(struct call *call, const unsigned char *map, size_t size)
{
    size_t cpus = map ? 8 * size : 0;

    while (cpus && !(map[(cpus - 1) / 8] >> ((cpus - 1) % 8) & 1))
        cpus--;
    canonical_open(&call->record, '[');
    for (size_t i = 0; i < cpus; i++)
        canonical_boolean(&call->record, map[i / 8] >> (i % 8) & 1);
    canonical_close(&call->record, ']');
}

void take_numbers(struct call *call, const void *list, size_t count, size_t size, bool is_signed)
{
    canonical_open(&call->record, '[');
    for (size_t i = 0; list && i < count; i++) {
        if (size == sizeof(int)) {
            const unsigned int number = ((const unsigned int *)list)[i];
            if (is_signed)
                canonical_signed(&call->record, (int)number);
            else
                canonical_unsigned(&call->record, number);
        } else {
            const unsigned long long number = ((const unsigned long long *)list)[i];
            if (is_signed)
                canonical_signed(&call->record, (long long)number);
            else
                canonical_unsigned(&call->record, number);
        }
    }
    canonical_close(&call->record, ']');
}

static void take_file(struct call *call, int file)
{
    char text[1000];
    struct stat status;
    const ssize_t length = fstat(file, &status) == 0 && S_ISREG(status.st_mode)
                               ? pread(file, text, sizeof text, 0)
                               : -1;

    canonical_open(&call->record, '{');
    canonical_key(&call->record, "$file");
    if (length < 0)
        canonical_null(&call->record);
    else
        canonical_text(&call->record, text, (size_t)length);
    canonical_close(&call->record, '}');
}

void take_files(struct call *call, const int *list, size_t count)
{
    canonical_open(&call->record, '[');
    for (size_t i = 0; list && i < count; i++)
        take_file(call, list[i]);
    canonical_close(&call->record, ']');
}

static void take_param(struct call *call, const virTypedParameter *param)
{
    switch (param->type) {
    case VIR_TYPED_PARAM_INT:
        canonical_signed(&call->record, param->value.i);
        break;
    case VIR_TYPED_PARAM_UINT:
        canonical_unsigned(&call->record, param->value.ui);
        break;
    case VIR_TYPED_PARAM_LLONG:
        canonical_signed(&call->record, param->value.l);
        break;
    case VIR_TYPED_PARAM_ULLONG:
        canonical_unsigned(&call->record, param->value.ul);
        break;
    case VIR_TYPED_PARAM_DOUBLE:
        canonical_double(&call->record, param->value.d);
        break;
    case VIR_TYPED_PARAM_BOOLEAN:
        take_boolean(call, param->value.b);
        break;
    case VIR_TYPED_PARAM_STRING:
        canonical_string(&call->record, param->value.s);
        break;
    default:
        control_fault("%s got a typed parameter of type %d", call->grid.function, param->type);
        canonical_null(&call->record);
    }
}

/* A list of pairs of name and value: which of several of one name comes first counts. */
void take_params(struct call *call, const virTypedParameter *params, size_t count)
{
    if (!params && !count) {
        canonical_null(&call->record);
        return;
    }
    canonical_open(&call->record, '[');
    for (size_t i = 0; i < count; i++) {
        canonical_open(&call->record, '[');
        canonical_text(&call->record, params[i].field,
                       strnlen(params[i].field, sizeof params[i].field));
        canonical_signed(&call->record, params[i].type);
        take_param(call, &params[i]);
        canonical_close(&call->record, ']');
    }
    canonical_close(&call->record, ']');
}

void take_callback(struct call *call, bool is_there)
{
    canonical_raw(&call->record, is_there ? "{\"$callback\": null}" : "null");
}

void take_opaque(struct call *call)
{
    canonical_raw(&call->record, "{\"$left-out\": true}");
}
