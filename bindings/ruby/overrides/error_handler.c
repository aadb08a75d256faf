/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Error handlers, and errors as Hashes. */
#include <stdint.h>
#include <stdlib.h>

#include "callbacks.h"

#include "glue.h"
#include "hashes.h"

#define EVERYWHERE 0 /* the id of the handler of all errors; connections have others */

/* No object owns the handler of all errors; that of a connection lives as long as a variable of
 * the connection, and does not keep it alive. */
static const struct callback_registry handlers = {NULL};
#define VARIABLE "__error_func"

static VALUE error_hash(const struct captured_error *error)
{
    VALUE hash = rb_hash_new();

    pack_key(hash, "code", INT2NUM(error->code));
    pack_key(hash, "domain", INT2NUM(error->domain));
    pack_key(hash, "message", string_out(error->message));
    pack_key(hash, "level", INT2NUM(error->level));
    pack_key(hash, "str1", string_out(error->str1));
    pack_key(hash, "str2", string_out(error->str2));
    pack_key(hash, "str3", string_out(error->str3));
    pack_key(hash, "int1", INT2NUM(error->int1));
    pack_key(hash, "int2", INT2NUM(error->int2));
    return hash;
}

/* ---- handlers ---- */

struct happened {
    struct deferred deferred; /* must be first */
    int id;
    struct captured_error error;
};

/* libvirt has no free callback here, so what it gets is a number and not memory: a handler that was
 * replaced just now is not found any more. */
static VALUE call_handler(VALUE data)
{
    const struct happened *happened = (void *)data;
    const struct callback *callback = callback_find(&handlers, Qnil, happened->id);

    if (callback)
        callback_call(callback, rb_ary_new_from_args(1, error_hash(&happened->error)));
    return Qnil;
}

static VALUE release_happened(VALUE data)
{
    struct happened *happened = (void *)data;

    error_release(&happened->error);
    free(happened);
    return Qnil;
}

static void handle_deferred(struct deferred *deferred)
{
    rb_ensure(call_handler, (VALUE)deferred, release_happened, (VALUE)deferred);
}

/* Ruby's code would reset the error that the failing call is going to raise, so it comes after. */
static void error_happened(void *opaque, virErrorPtr error)
{
    struct happened *happened = calloc(1, sizeof *happened);

    if (!happened)
        return;
    happened->deferred.function = handle_deferred;
    happened->id = (int)(intptr_t)opaque;
    error_copy(&happened->error, error);
    if (call_defer(&happened->deferred))
        return;
    ruby_run(call_handler, happened);
    release_happened((VALUE)happened);
}

/* Nothing goes to standard error unless the program asked for it. */
static void error_ignored(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

static const char *const handler_names[] = {"handler", "userData"};
static const struct signature handler_signature = {1, 2, handler_names};

static void handler_read(VALUE value, VALUE given[2])
{
    setter_read(value, &handler_signature, given);
    if (!NIL_P(given[0]))
        callable_check(given[0], "handler");
}

static struct callback *handler_new(const VALUE given[2], int id)
{
    struct callback *callback = callback_new(Qnil, given[0], given[1]);

    callback_registered(callback, &handlers, id);
    return callback;
}

VALUE override_virSetErrorFunc(VALUE self, VALUE value)
{
    struct callback *before = callback_find(&handlers, Qnil, EVERYWHERE);
    VALUE given[2];

    (void)self;
    handler_read(value, given);
    if (!NIL_P(given[0]))
        handler_new(given, EVERYWHERE);
    if (before)
        callback_drop(before);
    vir.virSetErrorFunc((void *)(intptr_t)EVERYWHERE,
                        NIL_P(given[0]) ? error_ignored : error_happened);
    return value;
}

VALUE override_virConnSetErrorFunc(VALUE self, VALUE value)
{
    static int last_id = EVERYWHERE;
    void *connection;
    VALUE given[2];
    VALUE tied = Qnil;

    handler_read(value, given);
    if (!NIL_P(given[0]))
        tied = callback_tie(handler_new(given, ++last_id));
    connection = handle_get(self, &handle_kind_virConnect, NULL);
    rb_ivar_set(self, rb_intern(VARIABLE), tied);
    vir.virConnSetErrorFunc(connection, (void *)(intptr_t)last_id,
                            NIL_P(given[0]) ? NULL : error_happened);
    return value;
}

/* ---- the last error ---- */

static VALUE error_value(VALUE data)
{
    const struct captured_error *error = (void *)data;

    return error->is_set ? error_hash(error) : Qnil;
}

static VALUE release_error(VALUE data)
{
    error_release((struct captured_error *)data);
    return Qnil;
}

static VALUE error_out(struct captured_error *error)
{
    return rb_ensure(error_value, (VALUE)error, release_error, (VALUE)error);
}

VALUE override_virGetLastError(VALUE self)
{
    struct captured_error error;

    (void)self;
    error_copy(&error, vir.virGetLastError());
    return error_out(&error);
}

VALUE override_virConnGetLastError(VALUE self)
{
    struct captured_error error;

    error_copy(&error, vir.virConnGetLastError(handle_get(self, &handle_kind_virConnect, NULL)));
    error.is_set = true; /* a connection has one always, if only of zeros */
    return error_out(&error);
}

/* ---- printing ---- */

static VALUE field(VALUE hash, const char *key)
{
    return rb_hash_lookup(hash, rb_str_new_cstr(key));
}

static int number_in(VALUE hash, const char *key)
{
    VALUE value = field(hash, key);

    if (NIL_P(value))
        rb_raise(rb_eArgError, "err: there is no %s", key);
    return int_in(value, key);
}

static char *text_of(VALUE *value, VALUE hash, const char *key)
{
    *value = field(hash, key);
    return (char *)(uintptr_t)nullable_string_in(value, key);
}

VALUE override_virDefaultErrorFunc(VALUE self, VALUE hash)
{
    virError error = {0};
    VALUE texts[4];

    (void)self;
    hash_check(hash, "err");
    error.code = number_in(hash, "code");
    error.domain = number_in(hash, "domain");
    error.level = (virErrorLevel)number_in(hash, "level");
    error.message = text_of(&texts[0], hash, "message");
    error.str1 = text_of(&texts[1], hash, "str1");
    error.str2 = text_of(&texts[2], hash, "str2");
    error.str3 = text_of(&texts[3], hash, "str3");
    error.int1 = number_in(hash, "int1");
    error.int2 = number_in(hash, "int2");
    vir.virDefaultErrorFunc(&error);
    for (size_t i = 0; i < 4; i++)
        RB_GC_GUARD(texts[i]);
    return Qnil;
}
