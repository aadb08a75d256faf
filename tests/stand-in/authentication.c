/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening a connection, where the caller is asked for credentials. */
#include "control.h"
#include "last_error.h"
#include "generated.h"

struct question {
    const virConnectAuth *auth;
    const char *function;
    virConnectCredential *credentials;
    unsigned int count;
    int answer;
};

static void *ask(void *data)
{
    struct question *question = data;
    struct call call;

    call_of_callback(&call, question->function, true, NULL);
    question->count = (unsigned int)give_count(&call);
    question->credentials = calloc(question->count + 1, sizeof *question->credentials);
    if (!question->credentials)
        abort();
    for (unsigned int i = 0; i < question->count; i++)
        fill_virConnectCredential(&call, path_item(&call, "cred", i), &question->credentials[i]);
    question->answer =
        question->auth->cb(question->credentials, question->count, question->auth->cbdata);
    return NULL;
}

/* Notes what was answered as a call of the callback's type. */
static void note_answer(const struct question *question)
{
    struct call call;

    call_begin(&call, "virConnectAuthCallbackPtr");
    take_signed(&call, question->answer);
    canonical_open(&call.record, '[');
    for (unsigned int i = 0; i < question->count; i++) {
        const virConnectCredential *credential = &question->credentials[i];

        if (credential->result)
            canonical_text(&call.record, credential->result, credential->resultlen);
        else
            canonical_null(&call.record);
    }
    canonical_close(&call.record, ']');
    call_go_on(&call);
}

static bool is_granted(const struct call *call, const virConnectAuth *auth)
{
    struct question question = {.auth = auth, .function = call->grid.function};

    call_in_turn(ask, &question);
    note_answer(&question);
    for (unsigned int i = 0; i < question.count; i++)
        release_virConnectCredential(&question.credentials[i]);
    free(question.credentials);
    return question.answer >= 0;
}

virConnectPtr virConnectOpenAuth(const char *name, virConnectAuthPtr auth, unsigned int flags)
{
    struct call call;

    call_begin(&call, "virConnectOpenAuth");
    take_text(&call, name);
    take_virConnectAuth(&call, auth);
    take_unsigned(&call, flags);
    if (call_fails(&call))
        return NULL;
    if (call.is_played && auth && auth->cb && !is_granted(&call, auth)) {
        last_error_store(&call.grid);
        return NULL;
    }
    return (virConnectPtr)give_handle(&call, &kind_virConnect);
}
