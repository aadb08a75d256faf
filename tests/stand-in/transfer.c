/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole transfers through streams, which libvirt makes of its other functions as well. */
#include "last_error.h"
#include "generated.h"

/* As many bytes as libvirt asks for at once. */
enum { MOST = 262120, AT_HOLE = -3 };

#ifndef STAND_IN_REAL_HEADERS
int virStreamAbort(virStreamPtr stream);
int virStreamRecv(virStreamPtr stream, char *data, size_t nbytes);
int virStreamRecvFlags(virStreamPtr stream, char *data, size_t nbytes, unsigned int flags);
int virStreamRecvHole(virStreamPtr stream, long long *length, unsigned int flags);
int virStreamSend(virStreamPtr stream, const char *data, size_t nbytes);
int virStreamSendHole(virStreamPtr stream, long long length, unsigned int flags);
#endif

struct transfer {
    virStreamPtr stream;
    virStreamSinkFunc sink;
    virStreamSinkHoleFunc sink_hole;
    virStreamSourceFunc source;
    virStreamSourceHoleFunc source_hole;
    virStreamSourceSkipFunc skip;
    void *opaque;
    char *room;
    bool has_failed;
};

/* ---- received ---- */

static bool pass_hole(struct transfer *transfer)
{
    long long length = 0;

    return virStreamRecvHole(transfer->stream, &length, 0) == 0 &&
           transfer->sink_hole(transfer->stream, length, transfer->opaque) >= 0;
}

/* A sink may take it in parts. */
static bool pass_data(struct transfer *transfer, int count)
{
    for (int done = 0, taken; done < count; done += taken) {
        taken = transfer->sink(transfer->stream, transfer->room + done, (size_t)(count - done),
                               transfer->opaque);
        if (taken <= 0)
            return false;
    }
    return true;
}

static void *receive_all(void *data)
{
    struct transfer *transfer = data;
    int count = 1;

    while (count && !transfer->has_failed) {
        count = transfer->sink_hole ? virStreamRecvFlags(transfer->stream, transfer->room, MOST,
                                                         VIR_STREAM_RECV_STOP_AT_HOLE)
                                    : virStreamRecv(transfer->stream, transfer->room, MOST);
        transfer->has_failed =
            count == AT_HOLE ? !pass_hole(transfer) : count < 0 || !pass_data(transfer, count);
    }
    return NULL;
}

/* ---- sent ---- */

static bool send_hole(struct transfer *transfer, long long length)
{
    return virStreamSendHole(transfer->stream, length, 0) == 0 &&
           transfer->skip(transfer->stream, length, transfer->opaque) >= 0;
}

static bool send_data(struct transfer *transfer, int count)
{
    for (int done = 0, sent; done < count; done += sent) {
        sent = virStreamSend(transfer->stream, transfer->room + done, (size_t)(count - done));
        if (sent < 0)
            return false;
    }
    return count >= 0;
}

static void *send_all(void *data)
{
    struct transfer *transfer = data;
    int count = 1;

    while (count && !transfer->has_failed) {
        long long length = MOST;
        int in_data = 1;

        if (transfer->source_hole &&
            transfer->source_hole(transfer->stream, &in_data, &length, transfer->opaque) < 0) {
            transfer->has_failed = true;
        } else if (!in_data && length) {
            transfer->has_failed = !send_hole(transfer, length);
        } else {
            count = transfer->source(transfer->stream, transfer->room,
                                     give_least((size_t)length, MOST), transfer->opaque);
            transfer->has_failed = !send_data(transfer, count);
        }
    }
    return NULL;
}

/* ---- both ---- */

static int transferred(const struct call *call, struct transfer *transfer,
                       void *(*work)(void *data))
{
    transfer->room = malloc(MOST);
    if (!transfer->room)
        abort();
    call_in_turn(work, transfer);
    free(transfer->room);
    if (!transfer->has_failed)
        return 0;
    virStreamAbort(transfer->stream);
    last_error_store(&call->grid);
    return -1;
}

int virStreamRecvAll(virStreamPtr stream, virStreamSinkFunc handler, void *opaque)
{
    struct transfer transfer = {.stream = stream, .sink = handler, .opaque = opaque};
    struct call call;

    call_begin(&call, "virStreamRecvAll");
    take_handle(&call, stream, &kind_virStream, false);
    take_callback(&call, handler != NULL);
    take_opaque(&call);
    return call_fails(&call) ? -1 : transferred(&call, &transfer, receive_all);
}

int virStreamSparseRecvAll(virStreamPtr stream, virStreamSinkFunc handler,
                           virStreamSinkHoleFunc holeHandler, void *opaque)
{
    struct transfer transfer = {
        .stream = stream, .sink = handler, .sink_hole = holeHandler, .opaque = opaque};
    struct call call;

    call_begin(&call, "virStreamSparseRecvAll");
    take_handle(&call, stream, &kind_virStream, false);
    take_callback(&call, handler != NULL);
    take_callback(&call, holeHandler != NULL);
    take_opaque(&call);
    return call_fails(&call) ? -1 : transferred(&call, &transfer, receive_all);
}

int virStreamSendAll(virStreamPtr stream, virStreamSourceFunc handler, void *opaque)
{
    struct transfer transfer = {.stream = stream, .source = handler, .opaque = opaque};
    struct call call;

    call_begin(&call, "virStreamSendAll");
    take_handle(&call, stream, &kind_virStream, false);
    take_callback(&call, handler != NULL);
    take_opaque(&call);
    return call_fails(&call) ? -1 : transferred(&call, &transfer, send_all);
}

int virStreamSparseSendAll(virStreamPtr stream, virStreamSourceFunc handler,
                           virStreamSourceHoleFunc holeHandler, virStreamSourceSkipFunc skipHandler,
                           void *opaque)
{
    struct transfer transfer = {.stream = stream,
                                .source = handler,
                                .source_hole = holeHandler,
                                .skip = skipHandler,
                                .opaque = opaque};
    struct call call;

    call_begin(&call, "virStreamSparseSendAll");
    take_handle(&call, stream, &kind_virStream, false);
    take_callback(&call, handler != NULL);
    take_callback(&call, holeHandler != NULL);
    take_callback(&call, skipHandler != NULL);
    take_opaque(&call);
    return call_fails(&call) ? -1 : transferred(&call, &transfer, send_all);
}
