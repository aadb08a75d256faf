/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes through streams. Handlers of whole transfers return nothing where all went well; a
 * source returns bytes, and after the last none; one of holes {"inData": …, "length": …}. */
#include <string.h>

#include "functions.h"
#include "kinds.h"

enum { NOT_NOW = -2, AT_HOLE = -3 };

/* ---- pieces ---- */

static void received(struct call *call, const char *data, int result)
{
    if (result == NOT_NOW || result == AT_HOLE) {
        answer_add_only(call, "result", signed_out(result));
        return;
    }
    if (call_failed(call, result < 0))
        return;
    answer_add(call, "result", signed_out(result));
    answer_add(call, "data", bytes_out(data, (size_t)result));
}

void call_virStreamRecv(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    const size_t nbytes = take_size(call, "nbytes", REQUIRED);
    char *data = call_ready(call) ? call_room(call, nbytes, 1) : NULL;

    if (data)
        received(call, data, virStreamRecv(stream, data, nbytes));
}

void call_virStreamRecvFlags(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    const size_t nbytes = take_size(call, "nbytes", REQUIRED);
    const unsigned int flags = take_uint(call, "flags", OPTIONAL);
    char *data = call_ready(call) ? call_room(call, nbytes, 1) : NULL;

    if (data)
        received(call, data, virStreamRecvFlags(stream, data, nbytes, flags));
}

void call_virStreamSend(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    size_t nbytes;
    const char *data = take_bytes(call, "data", REQUIRED, &nbytes);
    int result;

    if (!call_ready(call))
        return;
    result = virStreamSend(stream, data, nbytes);
    if (!call_failed(call, result < 0 && result != NOT_NOW))
        answer_add(call, "result", signed_out(result));
}

/* ---- whole transfers ---- */

/* One opaque value of libvirt's stands for all handlers. */
struct transfer {
    struct callable *handler, *hole, *skip;
    struct json_object *piece; /* of bytes, which is sent in parts */
    size_t sent;
};

static struct json_object *with_stream(virStreamPtr stream)
{
    struct json_object *arguments = json_object_new_array();

    json_object_array_add(arguments, handle_lent_out(&kind_virStream, stream));
    return arguments;
}

static int take_in(virStreamPtr stream, const char *data, size_t nbytes, void *opaque)
{
    const struct transfer *transfer = opaque;
    struct json_object *arguments = with_stream(stream);

    json_object_array_add(arguments, bytes_out(data, nbytes));
    return callable_fire_number(transfer->handler, arguments, (int)nbytes);
}

/* Returns how much of the piece fits; what is left goes without asking. */
static int send_piece(struct transfer *transfer, char *data, size_t nbytes)
{
    size_t length = 0;
    char *bytes = bytes_in(transfer->piece, &length);
    size_t part = length - transfer->sent;

    if (!bytes)
        give_up("a source must return bytes, not %s", json_object_to_json_string(transfer->piece));
    if (part > nbytes)
        part = nbytes;
    memcpy(data, bytes + transfer->sent, part);
    free(bytes);
    transfer->sent += part;
    if (transfer->sent == length)
        transfer->piece = NULL;
    return (int)part;
}

static int give_out(virStreamPtr stream, char *data, size_t nbytes, void *opaque)
{
    struct transfer *transfer = opaque;
    struct json_object *arguments;
    struct json_object *value;

    if (transfer->piece)
        return send_piece(transfer, data, nbytes);
    arguments = with_stream(stream);
    json_object_array_add(arguments, unsigned_out(nbytes));
    value = callable_fire(transfer->handler, arguments);
    if (callable_raises(transfer->handler))
        return -1;
    if (!value || json_object_is_type(value, json_type_int))
        return json_object_get_int(value);
    transfer->piece = value;
    transfer->sent = 0;
    return send_piece(transfer, data, nbytes);
}

static int length_to(struct callable *callable, virStreamPtr stream, long long length)
{
    struct json_object *arguments = with_stream(stream);

    json_object_array_add(arguments, signed_out(length));
    return callable_fire_number(callable, arguments, 0);
}

static int hole_in(virStreamPtr stream, long long length, void *opaque)
{
    return length_to(((const struct transfer *)opaque)->hole, stream, length);
}

static int skip(virStreamPtr stream, long long length, void *opaque)
{
    return length_to(((const struct transfer *)opaque)->skip, stream, length);
}

static long long number_in(struct json_object *map, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(map, name, &value);
    return json_object_is_type(value, json_type_boolean) ? json_object_get_boolean(value)
                                                         : json_object_get_int64(value);
}

static int hole_out(virStreamPtr stream, int *in_data, long long *length, void *opaque)
{
    struct callable *hole = ((const struct transfer *)opaque)->hole;
    struct json_object *value = callable_fire(hole, with_stream(stream));

    if (callable_raises(hole) || !json_object_is_type(value, json_type_object))
        return -1;
    *in_data = (int)number_in(value, "inData");
    *length = number_in(value, "length");
    return 0;
}

/* The handlers, of which several share one opaque value. */
static struct callable *take_handler(struct call *call, const char *name)
{
    struct callable *callable = take_callback(call, name, REQUIRED);

    call_hand_over(call);
    return callable;
}

static void share_opaque(struct call *call, const struct transfer *transfer)
{
    struct json_object *opaque = take_any(call);
    struct callable *const all[] = {transfer->handler, transfer->hole, transfer->skip};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            callable_set_opaque(all[i], opaque);
}

static void end(struct transfer *transfer)
{
    callable_free(transfer->handler);
    callable_free(transfer->hole);
    callable_free(transfer->skip);
}

void call_virStreamRecvAll(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    struct transfer transfer = {.handler = take_handler(call, "handler")};

    share_opaque(call, &transfer);
    if (call_ready(call))
        call_failed(call, virStreamRecvAll(stream, take_in, &transfer) < 0);
    end(&transfer);
}

void call_virStreamSparseRecvAll(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    struct transfer transfer = {0};

    transfer.handler = take_handler(call, "handler");
    transfer.hole = take_handler(call, "holeHandler");
    share_opaque(call, &transfer);
    if (call_ready(call))
        call_failed(call, virStreamSparseRecvAll(stream, take_in, hole_in, &transfer) < 0);
    end(&transfer);
}

void call_virStreamSendAll(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    struct transfer transfer = {.handler = take_handler(call, "handler")};

    share_opaque(call, &transfer);
    if (call_ready(call))
        call_failed(call, virStreamSendAll(stream, give_out, &transfer) < 0);
    end(&transfer);
}

void call_virStreamSparseSendAll(struct call *call)
{
    virStreamPtr stream = take_handle(call, "stream", &kind_virStream, REQUIRED);
    struct transfer transfer = {0};

    transfer.handler = take_handler(call, "handler");
    transfer.hole = take_handler(call, "holeHandler");
    transfer.skip = take_handler(call, "skipHandler");
    share_opaque(call, &transfer);
    if (call_ready(call))
        call_failed(call, virStreamSparseSendAll(stream, give_out, hole_out, skip, &transfer) < 0);
    end(&transfer);
}
