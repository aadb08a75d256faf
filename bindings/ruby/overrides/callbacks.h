/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Callbacks: what Ruby gave, kept until libvirt lets go of it, and called on a thread of Ruby's
 * whichever thread libvirt calls on. */
#pragma once

#include "../runtime.h"

/* One id of events and its trampoline. */
struct event_definition {
    const char *name; /* "VIR_DOMAIN_EVENT_ID_LIFECYCLE" */
    long long id;
    unsigned version;
    void (*trampoline)(void);
};
/* Generated; ended by a NULL name. */
extern const struct event_definition domain_events[], network_events[], node_device_events[],
    secret_events[], storage_pool_events[];

/* ---- what can be called ---- */

/* Raises TypeError unless it is a Symbol (a method of the program's main object), or has call(). */
void callable_check(VALUE callable, const char *name);
VALUE callable_call(VALUE callable, int count, const VALUE *arguments);

/* ---- lives ---- */

/* What a callable was registered with; what libvirt is given as opaque. */
struct callback;

/* A kind of registration. */
struct callback_registry {
    /* Ends it, without Ruby's lock; below 0 on failure. NULL: it ends with its object. */
    int (*remove)(void *pointer, int id);
};

/* A new one, registered through `self` (nil: no object, and none is given to the callable). The
 * callable has been checked. Until callback_registered() the caller has to take it back with
 * callback_drop() where nothing comes of it. */
struct callback *callback_new(VALUE self, VALUE callable, VALUE opaque);
void callback_registered(struct callback *callback, const struct callback_registry *registry,
                         int id);
/* It lives on as long as what this object is kept in, and no longer. */
VALUE callback_tie(struct callback *callback);
/* Libvirt does not hold it, and never will. */
void callback_drop(struct callback *callback);
/* The virFreeCallback of all registrations. It may come on any thread, in the middle of a garbage
 * collection, too: what it gives back is reaped later. */
void callback_free(void *opaque);
/* Lets the garbage collector have what libvirt gave back. */
void callbacks_reap(void);

/* What is registered through this object (nil: no object) under this id; NULL: nothing. */
struct callback *callback_find(const struct callback_registry *registry, VALUE self, int id);
/* The object that keeps it, nil where there is nothing; for callback_end(), since libvirt may give
 * it back while it is told to. */
VALUE callback_holder(const struct callback_registry *registry, VALUE self, int id);
/* Libvirt was told to end it: it is not called any more. */
void callback_end(VALUE holder);
/* Ends all that is registered through this object, whose pointer the caller has entered. */
void callbacks_end(VALUE self, void *pointer);

/* ---- calls ---- */

/* Calls it, from any thread: `values` fills in what it gets before the opaque value, where `self`
 * is the object that it was registered through. Within call_pumping() it is called after libvirt
 * has returned. */
void callback_fire(void *opaque, void (*values)(VALUE values, VALUE self, const void *given),
                   const void *given);
/* Calls it now, with these values before the opaque one. */
VALUE callback_call(const struct callback *callback, VALUE values);
/* Calls what call_pumping() has gathered. */
void callbacks_deliver(void);

/* Runs Ruby code from any thread: with Ruby's lock, on a thread of Ruby's, while this one waits.
 * What it raises or throws goes on when the libvirt call that this thread is in has returned; where
 * there is none, it is reported as an exception that ends a thread. False where it did not come to
 * its end, also since Ruby collects garbage, or ends. */
bool ruby_run(VALUE (*function)(VALUE data), void *data);
/* True in finalizers, where no Ruby code can run. */
bool ruby_is_collecting(void);
/* Makes the thread that runs what comes from threads that are not Ruby's, unless there is one. */
void dispatcher_start(void);
