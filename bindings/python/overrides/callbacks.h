/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python callables that libvirt calls back: what stands behind libvirt's opaque pointer, how a
 * generated trampoline delivers an event, and the generated tables of events.
 *
 * A trampoline has the signature of libvirt's callback type and reads like this:
 *
 *     static void trampoline_virConnectDomainEventRTCChangeCallback(
 *         virConnectPtr conn, virDomainPtr dom, long long utcoffset, void *opaque)
 *     {
 *         struct callback_call call;
 *
 *         (void)conn;
 *         if (!callback_begin(&call, opaque))
 *             return;
 *         vir.virDomainRef(dom);
 *         callback_give(&call, handle_out(dom, &handle_kind_virDomain, call.connection));
 *         callback_give(&call, PyLong_FromLongLong(utcoffset));
 *         callback_finish(&call);
 *     }
 *
 * callback_begin() gives the connection object first, callback_finish() the program's opaque last.
 * Where the type returns int (virConnectDomainEventCallback), a trampoline returns 0. */
#pragma once

#include "../runtime.h"

#define CALLBACK_ARGUMENTS 12

struct callback_registry;

/* One callable and what it is called with; it belongs to libvirt, which gives it back through
 * callback_free(). */
struct python_callback {
    PyObject *connection; /* the object it was registered through: given first, kept alive */
    PyObject *callable;   /* NULL once it was deregistered */
    PyObject *opaque;     /* given last; NULL: the callable takes none */
    unsigned holders;     /* libvirt, and whoever is registering it just now */
    /* Set while it is registered. */
    const struct callback_registry *registry;
    int id;
    struct python_callback *next;
    struct python_callback *next_returned;
};

/* A new one, its three references taken (connection and opaque may be NULL); NULL with TypeError
 * where the callable, the argument `name`, cannot be called. The caller holds it too, until
 * callback_let_go(). */
struct python_callback *callback_new(PyObject *connection, PyObject *callable, const char *name,
                                     PyObject *opaque);
/* After the registration: it worked and libvirt holds the callback, or it failed. */
void callback_let_go(struct python_callback *callback, bool registered);
/* The virFreeCallback of all registrations. It may come on any thread, inside libvirt's locks, and
 * after the interpreter is gone: so it only queues, and callbacks_collect() drops the references.
 */
void callback_free(void *opaque);
/* Drops what libvirt gave back. Call it after a libvirt call that may have given something back;
 * what comes at other times is collected by Python's main thread. */
void callbacks_collect(void);

/* One delivery in progress. */
struct callback_call {
    PyObject *connection; /* for handle_out() */
    PyObject *callable;
    PyObject *opaque;
    PyObject *arguments[CALLBACK_ARGUMENTS + 1];
    size_t count;
    bool failed;              /* an argument could not be converted: the exception is set */
    PyObject *interrupted[3]; /* an exception that was on its way when libvirt called */
    PyGILState_STATE lock;
};

/* Takes the interpreter's lock. False where there is nothing to do: the callback was deregistered,
 * or the interpreter is gone or going. */
bool callback_begin(struct callback_call *call, void *opaque);
/* The next argument, its reference taken over; NULL: its conversion failed, the exception is set.
 * Later ones may still be given; they are released. */
void callback_give(struct callback_call *call, PyObject *argument);
/* Calls, reports an exception on standard error as Python does, lets go of the lock. */
void callback_finish(struct callback_call *call);
/* The same where the answer counts: a new reference; NULL where the call failed, which has been
 * reported. The lock stays until callback_leave(). */
PyObject *callback_answer(struct callback_call *call);
void callback_leave(struct callback_call *call);

/* The lock without a callback: for libvirt calls that end in Python by another way. False where
 * the interpreter is gone or going. */
bool callback_lock(PyGILState_STATE *lock);
void callback_unlock(PyGILState_STATE lock);

/* Reports the exception that is set, if one is. SystemExit and KeyboardInterrupt are kept where
 * this thread is inside a call that callback_outcome() ends, and raised by it; all others are
 * printed. */
void callback_report(PyObject *callable);
/* Around a call of libvirt's that may run callbacks and can raise afterwards, the event loop above
 * all. callback_outcome() is false, with the exception set, where a callback asked to leave. */
void callback_expect(void);
bool callback_outcome(void);

/* ---- callbacks that an object owns ---- */

/* A kind of registration. Under it stand the callbacks that close() has to end. */
struct callback_registry {
    const char *attribute; /* "domainEventCallbackID": {id: opaque} on the connection; NULL: none */
    /* Ends it; below 0 on failure. Called without the interpreter's lock. */
    int (*remove)(void *pointer, int id);
    bool gives_back; /* libvirt calls callback_free() afterwards */
};

/* Enters a callback that libvirt now holds. False, with an exception set, where the connection's
 * dictionary could not be written. */
bool callback_registered(struct python_callback *callback, const struct callback_registry *registry,
                         int id);
/* The callback registered through this object (NULL: any) under this id; NULL: none. */
struct python_callback *callback_find(const struct callback_registry *registry, PyObject *object,
                                      int id);
/* Leaves the registry, and drops the references at once: libvirt has been told, or never asks. */
void callback_unregistered(const struct callback_registry *registry, PyObject *object, int id);
/* Ends all registrations made through this object, whose pointer the caller has entered; failures
 * are ignored. */
void callbacks_end(PyObject *object, void *pointer);

/* Steps of the above: out of the registry, out of the list, and without references. */
void callback_leave_registry(struct python_callback *callback);
void callback_leave_list(struct python_callback *callback);
void callback_empty(struct python_callback *callback);

/* ---- events; generated ---- */

/* One event id of a family, with the trampoline that fits what libvirt says about it. */
struct event_definition {
    const char *constant; /* "VIR_DOMAIN_EVENT_ID_LIFECYCLE" */
    int id;
    unsigned version;
    void (*trampoline)(void); /* to be cast to the callback type that the registration takes */
};
/* Sorted by id. */
struct event_family {
    const struct event_definition *events;
    size_t count;
};
extern const struct event_family domain_events;
extern const struct event_family network_events;
extern const struct event_family storage_pool_events;
extern const struct event_family node_device_events;
extern const struct event_family secret_events;
