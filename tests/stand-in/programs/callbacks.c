/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* callbacks FUNCTION ANSWER …: calls a function with callbacks that print what they are called
 * with, a line each, and answer what is told: bytes and text in hexadecimal, "inData length", or
 * "-1". */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

static char **answers;
static pthread_t caller;
static const char *thread = "calling";

static void note_thread(void)
{
    if (!pthread_equal(caller, pthread_self()))
        thread = "foreign";
}

static void print_bytes(const char *data, size_t count)
{
    printf(" ");
    for (size_t i = 0; i < count; i++)
        printf("%02x", (unsigned char)data[i]);
}

/* How many. */
static size_t read_bytes(const char *digits, char *data)
{
    size_t count = strlen(digits) / 2;

    for (size_t i = 0; i < count; i++) {
        const char pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};
        data[i] = (char)strtoul(pair, NULL, 16);
    }
    return count;
}

/* ---- streams ---- */

static int sink(virStreamPtr stream, const char *data, size_t count, void *opaque)
{
    (void)stream;
    note_thread();
    printf("%s", (const char *)opaque);
    print_bytes(data, count);
    printf("\n");
    return (int)count;
}

static int source(virStreamPtr stream, char *data, size_t count, void *opaque)
{
    (void)stream;
    note_thread();
    printf("%s %zu\n", (const char *)opaque, count);
    return (int)read_bytes(*answers++, data);
}

static int sink_hole(virStreamPtr stream, long long length, void *opaque)
{
    (void)stream;
    (void)opaque;
    printf("holeHandler %lld\n", length);
    return 0;
}

static int source_hole(virStreamPtr stream, int *in_data, long long *length, void *opaque)
{
    (void)stream;
    (void)opaque;
    printf("holeHandler\n");
    return sscanf(*answers++, "%d %lld", in_data, length) == 2 ? 0 : -1;
}

static int skip(virStreamPtr stream, long long length, void *opaque)
{
    (void)stream;
    (void)opaque;
    printf("skipHandler %lld\n", length);
    return 0;
}

static int transfer(const char *function)
{
    virConnectPtr connection = virConnectOpen(NULL);
    virStreamPtr stream = virStreamNew(connection, 0);
    int result = -1;

    if (strcmp(function, "virStreamRecvAll") == 0)
        result = virStreamRecvAll(stream, sink, "called");
    else if (strcmp(function, "virStreamSendAll") == 0)
        result = virStreamSendAll(stream, source, "called");
    else if (strcmp(function, "virStreamSparseRecvAll") == 0)
        result = virStreamSparseRecvAll(stream, sink, sink_hole, "handler");
    else if (strcmp(function, "virStreamSparseSendAll") == 0)
        result = virStreamSparseSendAll(stream, source, source_hole, skip, "handler");
    virStreamFree(stream);
    virConnectClose(connection);
    return result;
}

/* ---- credentials ---- */

static void answer(virConnectCredentialPtr credential)
{
    if (!*answers)
        return;
    credential->result = calloc(1, strlen(*answers) + 1);
    if (!credential->result)
        abort();
    credential->resultlen = (unsigned int)read_bytes(*answers++, credential->result);
}

static int ask(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    const int refuses = *answers && strcmp(*answers, "-1") == 0;

    note_thread();
    printf("%s", (const char *)opaque);
    for (unsigned int i = 0; i < count; i++) {
        const virConnectCredential *credential = &credentials[i];

        printf(" %d", credential->type);
        print_bytes(credential->prompt, strlen(credential->prompt));
        print_bytes(credential->challenge, strlen(credential->challenge));
        print_bytes(credential->defresult, strlen(credential->defresult));
        if (!refuses)
            answer(&credentials[i]);
    }
    printf("\n");
    return refuses ? -1 : 0;
}

static void ignore(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

/* Being refused is no failure here. */
static int authentication(void)
{
    virConnectAuth auth = {.cb = ask, .cbdata = "called"};
    virConnectPtr connection;

    virSetErrorFunc(NULL, ignore);
    connection = virConnectOpenAuth(NULL, &auth, 0);
    if (!connection)
        return virGetLastErrorCode() ? 0 : -1;
    virConnectClose(connection);
    return 0;
}

/* ---- an event loop ---- */

static int answered(void)
{
    return (int)strtol(*answers++, NULL, 10);
}

static int add_handle(int fd, int events, virEventHandleCallback ready, void *opaque,
                      virFreeCallback release)
{
    int watch, ready_fd, ready_events;

    note_thread();
    printf("addHandle %d %d\n", fd, events);
    if (sscanf(*answers++, "%d %d %d", &watch, &ready_fd, &ready_events) == 3)
        ready(watch, ready_fd, ready_events, opaque);
    release(opaque);
    return answered();
}

static void update_handle(int watch, int events)
{
    printf("updateHandle %d %d\n", watch, events);
}

static int remove_handle(int watch)
{
    printf("removeHandle %d\n", watch);
    return answered();
}

static int add_timeout(int timeout, virEventTimeoutCallback due, void *opaque,
                       virFreeCallback release)
{
    printf("addTimeout %d\n", timeout);
    due(answered(), opaque);
    return release ? -1 : answered();
}

static void update_timeout(int timer, int timeout)
{
    printf("updateTimeout %d %d\n", timer, timeout);
}

static int remove_timeout(int timer)
{
    printf("removeTimeout %d\n", timer);
    return answered();
}

static int loop(void)
{
    virEventRegisterImpl(add_handle, update_handle, remove_handle, add_timeout, update_timeout,
                         remove_timeout);
    return 0;
}

int main(int count, char **arguments)
{
    int result;

    if (count < 2)
        return 2;
    caller = pthread_self();
    answers = arguments + 2;
    if (strcmp(arguments[1], "virConnectOpenAuth") == 0)
        result = authentication();
    else if (strcmp(arguments[1], "virEventRegisterImpl") == 0)
        result = loop();
    else
        result = transfer(arguments[1]);
    printf("%s\n", thread);
    return result ? 1 : 0;
}
