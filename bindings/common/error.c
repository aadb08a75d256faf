/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies errors of libvirt's: texts go into the room that comes with the struct, so that the usual
 * error costs no allocation. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libvirt's text and where our copy of it is to be found. */
struct text {
    const char *from;
    const char **to;
    size_t size;
};

enum { TEXT_COUNT = 4 };

static size_t measure(struct text texts[TEXT_COUNT])
{
    size_t total = 0;

    for (int i = 0; i < TEXT_COUNT; i++) {
        texts[i].size = texts[i].from ? strlen(texts[i].from) + 1 : 0;
        *texts[i].to = NULL;
        total += texts[i].size;
    }
    return total;
}

static void copy_texts(const struct text texts[TEXT_COUNT], char *memory)
{
    for (int i = 0; i < TEXT_COUNT; i++) {
        if (!texts[i].size)
            continue;
        *texts[i].to = memcpy(memory, texts[i].from, texts[i].size);
        memory += texts[i].size;
    }
}

void error_copy(struct captured_error *error, const virError *from)
{
    static const virError none;
    char *memory = error->room;

    if (!from)
        from = &none;
    error->is_set = from->code != VIR_ERR_OK;
    error->function = NULL;
    error->overflow = NULL;
    error->code = from->code;
    error->domain = from->domain;
    error->level = (int)from->level;
    error->int1 = from->int1;
    error->int2 = from->int2;

    /* What a reset error still points to is of no meaning. */
    if (!error->is_set)
        from = &none;
    struct text texts[TEXT_COUNT] = {
        {from->message, &error->message, 0},
        {from->str1, &error->str1, 0},
        {from->str2, &error->str2, 0},
        {from->str3, &error->str3, 0},
    };
    const size_t size = measure(texts);
    if (size > sizeof error->room)
        memory = error->overflow = malloc(size);
    if (memory)
        copy_texts(texts, memory);
}

/* What error_no_memory() has to say to the next capture: libvirt lets nobody set its error. */
static _Thread_local bool is_memory_out;
/* What error_of() has to say to it. */
static _Thread_local const char *failed_function;

void error_capture(struct captured_error *error)
{
    if (is_memory_out)
        error_compose(error, VIR_ERR_NO_MEMORY, "out of memory");
    else
        error_copy(error, vir.virGetLastError());
    error->function = failed_function;
    is_memory_out = false;
    failed_function = NULL;
}

void error_compose(struct captured_error *error, int code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error->room, sizeof error->room, format, arguments);
    va_end(arguments);
    error->is_set = true;
    error->code = code;
    error->domain = VIR_FROM_NONE;
    error->level = VIR_ERR_ERROR;
    error->int1 = error->int2 = -1;
    error->message = error->room;
    error->str1 = error->str2 = error->str3 = NULL;
    error->function = NULL;
    error->overflow = NULL;
}

void error_release(struct captured_error *error)
{
    free(error->overflow);
    error->overflow = NULL;
    error->message = error->str1 = error->str2 = error->str3 = NULL;
    error->is_set = false;
}

int error_no_memory(void)
{
    is_memory_out = true;
    return -1;
}

int error_of(const char *function)
{
    failed_function = function;
    return -1;
}
