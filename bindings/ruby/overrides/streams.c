/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams: sending and receiving bytes. */
#include "streams.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "apart.h"
#include "glue.h"

/* One call; it outlives the method where Ruby leaves that. */
struct piece {
    struct apart apart;
    virStreamPtr stream; /* a reference of its own */
    bool has_flags;
    unsigned int flags;
    int result;
    struct captured_error error;
    const char *function; /* that fails */
    size_t length;
    char data[];
};

static void send_piece(struct apart *work)
{
    struct piece *piece = (void *)work;

    piece->result = vir.virStreamSend(piece->stream, piece->data, piece->length);
    if (piece->result == -1)
        error_capture(&piece->error);
}

static void receive_piece(struct apart *work)
{
    struct piece *piece = (void *)work;

    piece->result = piece->has_flags ? vir.virStreamRecvFlags(piece->stream, piece->data,
                                                              piece->length, piece->flags)
                                     : vir.virStreamRecv(piece->stream, piece->data, piece->length);
    if (piece->result == -1)
        error_capture(&piece->error);
}

static void abort_stream(struct apart *work)
{
    vir.virStreamAbort(((struct piece *)work)->stream);
}

static void release_piece(struct apart *work)
{
    struct piece *piece = (void *)work;

    vir.virStreamFree(piece->stream);
    error_release(&piece->error);
    free(piece);
}

static struct piece *piece_new(VALUE self, size_t length, void (*run)(struct apart *),
                               const char *function)
{
    virStreamPtr stream = handle_get(self, &handle_kind_virStream, NULL);
    struct piece *piece = malloc(sizeof *piece + length);

    if (!piece)
        rb_memerror();
    memset(piece, 0, sizeof *piece);
    piece->apart = (struct apart){.run = run, .wake = abort_stream, .release = release_piece};
    vir.virStreamRef(stream);
    piece->stream = stream;
    piece->length = length;
    piece->function = function;
    return piece;
}

static VALUE sent(struct apart *work)
{
    struct piece *piece = (void *)work;

    if (piece->result == -1)
        raise_error(&piece->error, piece->function, error_class_RetrieveError);
    return INT2NUM(piece->result);
}

static VALUE received(struct apart *work)
{
    struct piece *piece = (void *)work;

    if (piece->result == -1)
        raise_error(&piece->error, piece->function, error_class_RetrieveError);
    return rb_ary_new_from_args(
        2, INT2NUM(piece->result),
        piece->result == STREAM_AT_HOLE
            ? Qnil
            : bytes_out(piece->data, piece->result > 0 ? (size_t)piece->result : 0));
}

int stream_send(VALUE self, struct bytes bytes, const char *function)
{
    struct piece *piece = piece_new(self, bytes.length, send_piece, function);

    memcpy(piece->data, bytes.data, bytes.length);
    return NUM2INT(apart_call(&piece->apart, sent));
}

VALUE stream_receive(VALUE self, size_t room, const unsigned int *flags, const char *function)
{
    struct piece *piece = piece_new(self, room, receive_piece, function);

    if (flags) {
        piece->has_flags = true;
        piece->flags = *flags;
    }
    return apart_call(&piece->apart, received);
}

/* ---- methods ---- */

VALUE override_virStreamSend(VALUE self, VALUE data)
{
    const struct bytes bytes = bytes_in(&data, "data");
    const int result = stream_send(self, bytes, "virStreamSend");

    RB_GC_GUARD(data);
    return INT2NUM(result);
}

/* Libvirt answers with an int how much it filled. */
static size_t room_in(VALUE value)
{
    const int room = int_in(value, "nbytes");

    if (room < 0)
        rb_raise(rb_eArgError, "nbytes: %d is negative", room);
    return (size_t)room;
}

static VALUE unless_blocking(VALUE answer, const char *function)
{
    struct captured_error error = {.is_set = true, .message = "there is no data yet"};

    if (RARRAY_AREF(answer, 0) == INT2FIX(STREAM_WOULD_BLOCK))
        raise_error(&error, function, error_class_AgainError);
    return answer;
}

VALUE override_virStreamRecv(VALUE self, VALUE nbytes)
{
    return unless_blocking(stream_receive(self, room_in(nbytes), NULL, "virStreamRecv"),
                           "virStreamRecv");
}

VALUE override_virStreamRecvFlags(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"nbytes", "flags"};
    static const struct signature signature = {1, 2, names};
    VALUE given[2];
    unsigned int flags;

    arguments_read(argc, argv, &signature, given);
    flags = NIL_P(given[1]) ? 0 : uint_in(given[1], "flags");
    return unless_blocking(stream_receive(self, room_in(given[0]), &flags, "virStreamRecvFlags"),
                           "virStreamRecvFlags");
}
