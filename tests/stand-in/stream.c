/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams, where a function that sends or receives all of one is played: the pieces are that
 * function's. */
#include "control.h"
#include "generated.h"

enum { AT_HOLE = -3 };

/* Where a transfer stands, and the record at the last call: that grows until a vector begins. */
static struct {
    size_t piece;
    size_t offset;
    uint64_t record_length;
} at;

static struct grid played(void)
{
    return (struct grid){.function = control()->function, .vector = control()->vector};
}

static void begin(void)
{
    at.piece = 0;
    at.offset = 0;
}

/* False at the end, behind which another transfer begins. */
static bool is_there(struct grid_piece *piece, bool may_be_hole)
{
    const struct grid grid = played();
    const uint64_t length = control()->record_length;

    if (length <= at.record_length)
        begin();
    at.record_length = length;
    if (at.piece == grid_piece_count(&grid)) {
        begin();
        return false;
    }
    *piece = grid_piece(&grid, at.piece, may_be_hole);
    return true;
}

static void go_on(const struct grid_piece *piece, size_t count)
{
    at.offset += count;
    if (!piece->is_hole && at.offset < (size_t)piece->length)
        return;
    at.offset = 0;
    at.piece++;
}

static int received_of_transfer(char *data, size_t nbytes, bool may_be_hole)
{
    const struct grid grid = played();
    struct grid_piece piece;
    size_t count;

    if (!is_there(&piece, may_be_hole))
        return 0;
    if (piece.is_hole)
        return AT_HOLE;
    count = give_least((size_t)piece.length - at.offset, nbytes);
    for (size_t i = 0; i < count; i++)
        data[i] = (char)grid_byte(&grid, piece.path, at.offset + i);
    go_on(&piece, count);
    return (int)count;
}

static int received(struct call *call, char *data, size_t nbytes, bool may_be_hole)
{
    const size_t count = give_least(give_count(call), nbytes);

    if (!call->is_played)
        return received_of_transfer(data, nbytes, may_be_hole);
    give_bytes(call, "data", data, count);
    return (int)count;
}

int virStreamRecv(virStreamPtr stream, char *data, size_t nbytes)
{
    struct call call;

    call_begin(&call, "virStreamRecv");
    take_handle(&call, stream, &kind_virStream, false);
    take_unsigned(&call, nbytes);
    return call_fails(&call) ? -1 : received(&call, data, nbytes, false);
}

int virStreamRecvFlags(virStreamPtr stream, char *data, size_t nbytes, unsigned int flags)
{
    struct call call;

    call_begin(&call, "virStreamRecvFlags");
    take_handle(&call, stream, &kind_virStream, false);
    take_unsigned(&call, nbytes);
    take_unsigned(&call, flags);
    return call_fails(&call) ? -1
                             : received(&call, data, nbytes, flags & VIR_STREAM_RECV_STOP_AT_HOLE);
}

int virStreamRecvHole(virStreamPtr stream, long long *length, unsigned int flags)
{
    struct grid_piece piece = {0};
    struct call call;

    call_begin(&call, "virStreamRecvHole");
    take_handle(&call, stream, &kind_virStream, false);
    take_unsigned(&call, flags);
    if (call_fails(&call))
        return -1;
    if (call.is_played)
        piece.length = give_signed(&call, "length", sizeof *length);
    else if (is_there(&piece, true) && piece.is_hole)
        go_on(&piece, 0);
    else
        control_fault("virStreamRecvHole: there is no hole");
    if (length)
        *length = piece.length;
    return 0;
}

int virStreamSend(virStreamPtr stream, const char *data, size_t nbytes)
{
    const struct grid grid = played();
    struct call call;

    call_begin(&call, "virStreamSend");
    take_handle(&call, stream, &kind_virStream, false);
    take_bytes(&call, data, nbytes);
    if (call_fails(&call))
        return -1;
    return call.is_played ? (int)give_result(&call, sizeof(int)) : (int)grid_taken(&grid, nbytes);
}
