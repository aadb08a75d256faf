/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's functions about errors. Their texts are borrowed, copies excepted. */
#include "last_error.h"

#include <pthread.h>
#include <stdio.h>

#include "ledger.h"
#include "generated.h"

static _Thread_local virError last;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static virErrorFunc error_function;
static void *error_data;

void last_error_reset(void)
{
    memset(&last, 0, sizeof last);
}

static char *borrowed(const char *text)
{
    const struct call call = {.grid = {.function = "the last error"}};

    return strcpy(block_borrowed(&call, strlen(text) + 1), text);
}

static virError error_of(const struct grid *grid)
{
    struct grid_error error;

    grid_error(grid, &error);
    return (virError){
        .code = error.code,
        .domain = error.domain,
        .level = (virErrorLevel)error.level,
        .message = borrowed(error.message),
        .str1 = borrowed(error.str1),
        .str2 = borrowed(error.str2),
        .str3 = error.str3 ? borrowed(error.str3) : NULL,
        .int1 = error.int1,
        .int2 = error.int2,
    };
}

void give_error(struct call *call, virError *error)
{
    *error = error_of(&call->grid);
}

void last_error_store(const struct grid *grid)
{
    virErrorFunc function;
    void *data;

    last = error_of(grid);
    pthread_mutex_lock(&lock);
    function = error_function;
    data = error_data;
    pthread_mutex_unlock(&lock);
    if (function)
        function(data, &last);
    else
        fprintf(stderr, "libvirt: error : %s\n", last.message);
}

/* These keep the error; the one that is played finds that of its vector. */
static struct call note(const char *function, const virConnect *connection, const virError *error)
{
    const virError kept = last;
    struct call call;

    call_begin(&call, function);
    if (connection)
        take_handle(&call, connection, &kind_virConnect, false);
    if (error)
        take_virError(&call, error);
    call_go_on(&call);
    last = kept;
    if (call.is_played)
        last = error_of(&call.grid);
    return call;
}

virErrorPtr virGetLastError(void)
{
    note("virGetLastError", NULL, NULL);
    return last.code ? &last : NULL;
}

int virGetLastErrorCode(void)
{
    struct call call = note("virGetLastErrorCode", NULL, NULL);

    return call.is_played ? (int)give_signed(&call, "result", sizeof last.code) : last.code;
}

int virGetLastErrorDomain(void)
{
    struct call call = note("virGetLastErrorDomain", NULL, NULL);

    return call.is_played ? (int)give_signed(&call, "result", sizeof last.domain) : last.domain;
}

const char *virGetLastErrorMessage(void)
{
    struct call call = note("virGetLastErrorMessage", NULL, NULL);

    if (call.is_played)
        return give_borrowed_text(&call, "result");
    return last.code ? last.message : "no error";
}

void virResetLastError(void)
{
    note("virResetLastError", NULL, NULL);
    last_error_reset();
}

virErrorPtr virConnGetLastError(virConnectPtr conn)
{
    note("virConnGetLastError", conn, NULL);
    return last.code ? &last : NULL;
}

void virConnResetLastError(virConnectPtr conn)
{
    note("virConnResetLastError", conn, NULL);
}

static char *copied(const char *text)
{
    const struct call call = {.grid = {.function = "a copy of an error"}};

    return text ? strcpy(block_new(&call, strlen(text) + 1), text) : NULL;
}

int virCopyLastError(virErrorPtr to)
{
    if (!to)
        return -1;
    *to = last;
    to->message = copied(last.message);
    to->str1 = copied(last.str1);
    to->str2 = copied(last.str2);
    to->str3 = copied(last.str3);
    return to->code;
}

int virConnCopyLastError(virConnectPtr conn, virErrorPtr to)
{
    (void)conn;
    return virCopyLastError(to);
}

virErrorPtr virSaveLastError(void)
{
    const struct call call = {.grid = {.function = "virSaveLastError"}};
    virErrorPtr error = block_new(&call, sizeof *error);

    virCopyLastError(error);
    return error;
}

void virResetError(virErrorPtr err)
{
    if (!err)
        return;
    free(err->message);
    free(err->str1);
    free(err->str2);
    free(err->str3);
    memset(err, 0, sizeof *err);
}

void virFreeError(virErrorPtr err)
{
    virResetError(err);
    free(err);
}

void virSetErrorFunc(void *userData, virErrorFunc handler)
{
    struct call call;

    call_begin(&call, "virSetErrorFunc");
    take_opaque(&call);
    take_callback(&call, handler != NULL);
    call_go_on(&call);
    event_replace(&call, fire_virErrorFunc, (void (*)(void))handler, userData);
    pthread_mutex_lock(&lock);
    error_function = handler;
    error_data = userData;
    pthread_mutex_unlock(&lock);
}

void virDefaultErrorFunc(virErrorPtr err)
{
    note("virDefaultErrorFunc", NULL, err);
    if (err && err->message)
        fprintf(stderr, "libvirt: error : %s\n", err->message);
}
