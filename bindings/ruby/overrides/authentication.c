/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening a connection with a block that answers libvirt's questions for credentials. Libvirt asks
 * on the thread that opens, from within the call: an exception, a throw or a break of the block
 * waits there until libvirt has returned. */
#include <stdlib.h>
#include <string.h>

#include "callbacks.h"
#include "glue.h"

struct opening {
    VALUE given[4];
    const char *uri;
    unsigned int flags;
    virConnectAuth auth;
    virConnectAuthPtr used;
    VALUE block;
    bool left; /* the block, otherwise than by an answer */
    virConnectPtr connection;
    struct captured_error error;
};

/* One round of questions. */
struct asking {
    struct opening *opening;
    bool is_elsewhere; /* where there is no block to yield to */
    virConnectCredentialPtr credentials;
    unsigned int count;
};

static VALUE question(const virConnectCredential *credential, VALUE userdata)
{
    VALUE hash = rb_hash_new();

    pack_key(hash, "type", INT2NUM(credential->type));
    pack_key(hash, "prompt", string_out(credential->prompt));
    pack_key(hash, "challenge", string_out(credential->challenge));
    pack_key(hash, "defresult", string_out(credential->defresult));
    pack_key(hash, "result", Qnil);
    pack_key(hash, "userdata", userdata);
    return hash;
}

/* Libvirt frees the answer. */
static void answer_in(VALUE answer, virConnectCredentialPtr credential)
{
    size_t length;

    if (NIL_P(answer))
        return;
    if (!RB_TYPE_P(answer, T_STRING))
        rb_raise(rb_eTypeError, "wrong answer of the block: %s (expected String or nil)",
                 rb_obj_classname(answer));
    length = (size_t)RSTRING_LEN(answer);
    credential->result = malloc(length + 1);
    if (!credential->result)
        rb_memerror();
    memcpy(credential->result, RSTRING_PTR(answer), length);
    credential->result[length] = '\0';
    credential->resultlen = (unsigned int)length;
}

static VALUE ask_each(VALUE data)
{
    const struct asking *asking = (void *)data;

    for (unsigned int i = 0; i < asking->count; i++) {
        virConnectCredentialPtr credential = &asking->credentials[i];

        VALUE asked = question(credential, asking->opening->given[2]);

        answer_in(asking->is_elsewhere
                      ? rb_proc_call(asking->opening->block, rb_ary_new_from_values(1, &asked))
                      : rb_yield(asked),
                  credential);
    }
    return Qnil;
}

static void forget(virConnectCredentialPtr credential)
{
    free_wiped(credential->result, credential->resultlen);
    credential->result = NULL;
    credential->resultlen = 0;
}

static int credentials_wanted(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    struct opening *opening = opaque;
    struct asking asking = {.opening = opening,
                            .credentials = credentials,
                            .count = count,
                            .is_elsewhere = !ruby_native_thread_p()};

    if (!opening->left)
        opening->left = !ruby_run(ask_each, &asking);
    for (unsigned int i = 0; opening->left && i < count; i++)
        forget(&credentials[i]);
    return opening->left ? -1 : 0;
}

static void *open_connection(void *data)
{
    struct opening *opening = data;

    opening->connection = vir.virConnectOpenAuth(opening->uri, opening->used, opening->flags);
    if (!opening->connection)
        error_capture(&opening->error);
    return NULL;
}

static void choose_auth(struct opening *opening)
{
    if (!NIL_P(opening->given[1]))
        ints_in(opening->given[1], "credlist", &opening->auth.credtype, &opening->auth.ncredtype);
    opening->auth.cb = credentials_wanted;
    opening->auth.cbdata = opening;
    opening->block = rb_block_given_p() ? rb_block_proc() : Qnil;
    if (rb_block_given_p())
        dispatcher_start();
    opening->used = rb_block_given_p() ? &opening->auth : loader_default_auth();
}

static VALUE open_with_block(VALUE data)
{
    struct opening *opening = (void *)data;
    VALUE made;

    opening->uri = nullable_string_in(&opening->given[0], "uri");
    opening->flags = NIL_P(opening->given[3]) ? 0 : uint_in(opening->given[3], "flags");
    choose_auth(opening);
    made = new_handle(&handle_kind_virConnect, Qnil);
    call_blocking(open_connection, opening);
    if (!opening->connection)
        raise_error(&opening->error, "virConnectOpenAuth", error_class_ConnectionError);
    new_handle_fill(made, opening->connection);
    opening->connection = NULL;
    return made;
}

static VALUE release_opening(VALUE data)
{
    struct opening *opening = (void *)data;

    if (opening->connection)
        new_handle_free(opening->connection, &handle_kind_virConnect);
    error_release(&opening->error);
    free(opening->auth.credtype);
    return Qnil;
}

VALUE override_virConnectOpenAuth(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"uri", "credlist", "userdata", "flags"};
    static const struct signature signature = {0, 4, names};
    struct opening opening = {.left = false};

    (void)self;
    arguments_read(argc, argv, &signature, opening.given);
    return rb_ensure(open_with_block, (VALUE)&opening, release_opening, (VALUE)&opening);
}
