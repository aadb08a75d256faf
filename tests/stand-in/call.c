/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The beginning and the end of each call. */
#include <pthread.h>
#include <stdio.h>

#include "control.h"
#include "last_error.h"
#include "stand_in.h"

void call_begin(struct call *call, const char *function)
{
    const char *played = control()->function;

    *call = (struct call){.grid = {.function = function, .vector = control()->vector}};
    call->is_played = strcmp(function, played) == 0;
    if (!call->is_played)
        call->grid.plain = "plain";
    last_error_reset();
    canonical_open(&call->record, '{');
    canonical_key(&call->record, "function");
    canonical_string(&call->record, function);
    canonical_key(&call->record, "arguments");
    canonical_open(&call->record, '[');
}

void call_go_on(struct call *call)
{
    canonical_close(&call->record, ']');
    canonical_close(&call->record, '}');
    control_record(call->record.data, call->record.length);
    canonical_release(&call->record);
    if (!call->is_played && call->handle_count)
        call->grid.plain = handle_text(call->handles[0]);
}

bool call_fails(struct call *call)
{
    call_go_on(call);
    if (!call->is_played || !control()->fails)
        return false;
    last_error_store(&call->grid);
    return true;
}

void call_in_turn(void *(*work)(void *data), void *data)
{
    pthread_t thread;

    if (control()->vector % 2 && pthread_create(&thread, NULL, work, data) == 0)
        pthread_join(thread, NULL);
    else
        work(data);
}

void call_of_callback(struct call *call, const char *callback, bool is_played,
                      struct handle *connection)
{
    *call = (struct call){.grid = {.function = callback, .vector = control()->vector},
                          .is_played = is_played};
    if (connection) {
        call->handles[0] = connection;
        call->handle_count = 1;
    }
    if (!is_played)
        call->grid.plain = "plain";
}

static char *next_path(struct call *call)
{
    return call->paths[call->path++ % CALL_PATHS];
}

const char *path_field(struct call *call, const char *path, const char *field)
{
    char *joined = next_path(call);

    snprintf(joined, CALL_PATH, "%.100s.%.90s", path, field);
    return joined;
}

const char *path_item(struct call *call, const char *path, size_t place)
{
    char *joined = next_path(call);

    snprintf(joined, CALL_PATH, "%.160s[%zu]", path, place);
    return joined;
}
