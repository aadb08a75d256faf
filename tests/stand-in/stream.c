/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams, where a function that reads all of one is played: it ends after three pieces. */
#include "control.h"
#include "generated.h"

enum { PIECES = 3 };

/* Pieces read since the vector began, which is when the record was emptied. */
static _Thread_local unsigned pieces;
static _Thread_local uint64_t record_length;

static bool is_at_end(const struct call *call)
{
    const uint64_t length = control()->record_length;

    if (length < record_length)
        pieces = 0;
    record_length = length;
    return !call->is_played && pieces++ >= PIECES;
}

static int received(struct call *call, char *data, size_t nbytes)
{
    const size_t count = give_least(give_count(call), nbytes);

    if (is_at_end(call))
        return 0;
    give_bytes(call, "data", data, count);
    return (int)count;
}

int virStreamRecv(virStreamPtr stream, char *data, size_t nbytes)
{
    struct call call;

    call_begin(&call, "virStreamRecv");
    take_handle(&call, stream, &kind_virStream, false);
    take_unsigned(&call, nbytes);
    return call_fails(&call) ? -1 : received(&call, data, nbytes);
}

int virStreamRecvFlags(virStreamPtr stream, char *data, size_t nbytes, unsigned int flags)
{
    struct call call;

    call_begin(&call, "virStreamRecvFlags");
    take_handle(&call, stream, &kind_virStream, false);
    take_unsigned(&call, nbytes);
    take_unsigned(&call, flags);
    return call_fails(&call) ? -1 : received(&call, data, nbytes);
}
