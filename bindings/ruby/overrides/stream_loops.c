/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole transfers through a stream, from or to a block or an IO. Libvirt's own loops would have
 * Ruby's frames between its own, so these are made of single calls. Whatever ends a block early
 * aborts the stream, and goes on. */
#include "callbacks.h"
#include "glue.h"
#include "streams.h"

struct transfer {
    VALUE self;
    VALUE given[3];
    VALUE io;             /* instead of a block; nil: there is one */
    bool in_stream;       /* a call at the stream is under way, which cleans up by itself */
    bool finished;        /* or failed in the stream */
    const char *method;   /* "sendall" */
    const char *function; /* "virStreamSendAll" */
    void (*move)(struct transfer *transfer);
};

/* ---- calls at the stream ---- */

static int put(struct transfer *transfer, VALUE data)
{
    const struct bytes bytes = bytes_in(&data, "data");
    int count;

    transfer->in_stream = true;
    count = stream_send(transfer->self, bytes, transfer->function);
    transfer->in_stream = false;
    RB_GC_GUARD(data);
    return count;
}

static int get(struct transfer *transfer, const unsigned int *flags, VALUE *data)
{
    VALUE answer;

    transfer->in_stream = true;
    answer = stream_receive(transfer->self, STREAM_CHUNK, flags, transfer->function);
    transfer->in_stream = false;
    *data = RARRAY_AREF(answer, 1);
    return NUM2INT(RARRAY_AREF(answer, 0));
}

static VALUE call_stream(struct transfer *transfer, const char *method, int count,
                         const VALUE *arguments)
{
    VALUE answer;

    transfer->in_stream = true;
    answer = rb_funcallv(transfer->self, rb_intern(method), count, arguments);
    transfer->in_stream = false;
    return answer;
}

static _Noreturn void refuse(const struct transfer *transfer, const char *message, int code)
{
    struct captured_error error = {.is_set = true, .code = code, .message = message};

    raise_error(&error, transfer->function, error_class_RetrieveError);
}

static _Noreturn void refuse_nonblocking(const struct transfer *transfer)
{
    refuse(transfer, "a whole transfer needs a blocking stream", VIR_ERR_OPERATION_INVALID);
}

/* ---- what blocks answer ---- */

static void check_code(const struct transfer *transfer, VALUE code)
{
    if (!RB_INTEGER_TYPE_P(code))
        rb_raise(rb_eArgError, "%s: the block gave %s (expected Integer)", transfer->method,
                 rb_obj_classname(code));
    if (RTEST(rb_funcall(code, '<', 1, INT2FIX(0))))
        refuse(transfer, "the block gave a number below 0", VIR_ERR_OPERATION_FAILED);
}

/* Two items; [code, data] of a source. */
static void check_pair(const struct transfer *transfer, VALUE pair)
{
    if (!RB_TYPE_P(pair, T_ARRAY))
        rb_raise(rb_eTypeError, "%s: the block gave %s (expected Array)", transfer->method,
                 rb_obj_classname(pair));
    if (RARRAY_LEN(pair) != 2)
        rb_raise(rb_eArgError, "%s: the block gave %ld items (expected 2)", transfer->method,
                 RARRAY_LEN(pair));
}

/* The next data of the program's, at most so many bytes; nil at the end. */
static VALUE next_data(const struct transfer *transfer, VALUE opaque, long long most)
{
    VALUE pair, data;

    if (!NIL_P(transfer->io)) {
        data = rb_funcall(transfer->io, rb_intern("read"), 1, LL2NUM(most));
        return NIL_P(data) || RSTRING_LEN(StringValue(data)) == 0 ? Qnil : data;
    }
    pair = rb_yield_values(2, opaque, LL2NUM(most));
    check_pair(transfer, pair);
    check_code(transfer, RARRAY_AREF(pair, 0));
    data = RARRAY_AREF(pair, 1);
    return RSTRING_LEN(StringValue(data)) == 0 ? Qnil : data;
}

static void take_data(const struct transfer *transfer, VALUE data, VALUE opaque)
{
    if (NIL_P(transfer->io))
        check_code(transfer, rb_yield_values(2, data, opaque));
    else
        while (RSTRING_LEN(data) > 0) {
            const long taken = NUM2LONG(rb_funcall(transfer->io, rb_intern("write"), 1, data));

            data = rb_str_substr(data, taken, RSTRING_LEN(data) - taken);
        }
}

static void put_all(struct transfer *transfer, VALUE data)
{
    long from = 0;
    const long length = RSTRING_LEN(data = rb_str_new_frozen(data));

    while (from < length) {
        VALUE rest = from ? rb_str_new(RSTRING_PTR(data) + from, length - from) : data;
        const int count = put(transfer, rest);

        if (count == STREAM_WOULD_BLOCK)
            refuse_nonblocking(transfer);
        from += count;
    }
}

/* ---- without holes ---- */

static void send_all(struct transfer *transfer)
{
    VALUE data;

    while (!NIL_P(data = next_data(transfer, transfer->given[0], STREAM_CHUNK)))
        put_all(transfer, data);
}

static void receive_all(struct transfer *transfer)
{
    VALUE data;
    int count;

    while ((count = get(transfer, NULL, &data)) > 0)
        take_data(transfer, data, transfer->given[0]);
    if (count < 0)
        refuse_nonblocking(transfer);
}

/* ---- with holes ---- */

static void receive_hole(struct transfer *transfer)
{
    const VALUE arguments[2] = {call_stream(transfer, "recv_hole", 0, NULL), transfer->given[1]};

    check_code(transfer, callable_call(transfer->given[0], 2, arguments));
}

static void sparse_receive(struct transfer *transfer)
{
    const unsigned int flags = VIR_STREAM_RECV_STOP_AT_HOLE;
    VALUE data;
    int count;

    while ((count = get(transfer, &flags, &data)))
        if (count == STREAM_AT_HOLE)
            receive_hole(transfer);
        else if (count < 0)
            refuse_nonblocking(transfer);
        else
            take_data(transfer, data, transfer->given[1]);
}

/* Where the program's data stands, and how far that goes. */
static bool is_in_data(const struct transfer *transfer, long long *length)
{
    VALUE pair = callable_call(transfer->given[0], 1, &transfer->given[2]);
    VALUE inside;

    check_pair(transfer, pair);
    inside = RARRAY_AREF(pair, 0);
    *length = llong_in(RARRAY_AREF(pair, 1), "the length of the section");
    return RTEST(inside) && inside != INT2FIX(0);
}

static void send_hole(struct transfer *transfer, long long length)
{
    const VALUE arguments[2] = {transfer->given[2], LL2NUM(length)};

    call_stream(transfer, "send_hole", 1, &arguments[1]);
    check_code(transfer, callable_call(transfer->given[1], 2, arguments));
}

static void sparse_send(struct transfer *transfer)
{
    long long length;

    for (;;) {
        const bool in_data = is_in_data(transfer, &length);

        if (!in_data && length > 0) {
            send_hole(transfer, length);
        } else {
            const long long most = length < STREAM_CHUNK ? length : STREAM_CHUNK;
            VALUE data = next_data(transfer, transfer->given[2], most);

            if (NIL_P(data))
                return;
            put_all(transfer, data);
        }
    }
}

/* ---- the frame of all ---- */

static VALUE move(VALUE data)
{
    struct transfer *transfer = (void *)data;

    transfer->move(transfer);
    transfer->finished = true;
    return Qnil;
}

static void *abort_stream(void *stream)
{
    vir.virStreamAbort(stream);
    return NULL;
}

static VALUE abort_it(VALUE stream)
{
    call_regardless(abort_stream, (void *)stream);
    return Qnil;
}

static VALUE leave(VALUE stream)
{
    handle_leave(stream);
    return Qnil;
}

/* Whoever freed the stream in the block has done more than that. */
static VALUE abort_unless_finished(VALUE data)
{
    const struct transfer *transfer = (void *)data;
    virStreamPtr stream;

    if (transfer->finished || transfer->in_stream || !handle_is_open(transfer->self))
        return Qnil;
    stream = handle_enter(transfer->self, &handle_kind_virStream, NULL);
    return rb_ensure(abort_it, (VALUE)stream, leave, transfer->self);
}

static VALUE run(struct transfer *transfer)
{
    return rb_ensure(move, (VALUE)transfer, abort_unless_finished, (VALUE)transfer);
}

/* An IO, or what is like one, stands where a block's opaque value would. */
static void block_or_io(struct transfer *transfer, VALUE first, const char *io_method)
{
    handle_get(transfer->self, &handle_kind_virStream, NULL);
    transfer->io = Qnil;
    if (rb_block_given_p())
        return;
    if (!rb_respond_to(first, rb_intern(io_method)))
        rb_raise(rb_eRuntimeError, "%s needs a block, or an object that responds to %s",
                 transfer->method, io_method);
    transfer->io = first;
}

VALUE override_virStreamSendAll(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"opaque"};
    static const struct signature signature = {0, 1, names};
    struct transfer transfer = {
        .self = self, .method = "sendall", .function = "virStreamSendAll", .move = send_all};

    arguments_read(argc, argv, &signature, transfer.given);
    block_or_io(&transfer, transfer.given[0], "read");
    return run(&transfer);
}

VALUE override_virStreamRecvAll(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"opaque"};
    static const struct signature signature = {0, 1, names};
    struct transfer transfer = {
        .self = self, .method = "recvall", .function = "virStreamRecvAll", .move = receive_all};

    arguments_read(argc, argv, &signature, transfer.given);
    block_or_io(&transfer, transfer.given[0], "write");
    return run(&transfer);
}

VALUE override_virStreamSparseRecvAll(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"holeHandler", "opaque"};
    static const struct signature signature = {1, 2, names};
    struct transfer transfer = {.self = self,
                                .method = "sparse_recvall",
                                .function = "virStreamSparseRecvAll",
                                .move = sparse_receive};

    arguments_read(argc, argv, &signature, transfer.given);
    callable_check(transfer.given[0], names[0]);
    block_or_io(&transfer, transfer.given[1], "write");
    return run(&transfer);
}

VALUE override_virStreamSparseSendAll(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"holeHandler", "skipHandler", "opaque"};
    static const struct signature signature = {2, 3, names};
    struct transfer transfer = {.self = self,
                                .method = "sparse_sendall",
                                .function = "virStreamSparseSendAll",
                                .move = sparse_send};

    arguments_read(argc, argv, &signature, transfer.given);
    callable_check(transfer.given[0], names[0]);
    callable_check(transfer.given[1], names[1]);
    block_or_io(&transfer, transfer.given[2], "read");
    return run(&transfer);
}
