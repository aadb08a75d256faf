/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the units about event loops share. */
#pragma once

#include "callbacks.h"

/* A loop can be registered once in a process. */
extern bool loop_is_registered;

/* To Python one of libvirt's callbacks is a tuple of capsules with these names: the C function (one
 * of the first two), its opaque pointer, and the function that frees the pointer, or None. */
#define DESCRIPTOR_FUNCTION "virEventHandleCallback"
#define TIMER_FUNCTION "virEventTimeoutCallback"
#define FREE_FUNCTION "virFreeCallback"
#define POINTER "void*"
/* Stands for NULL, which no capsule can hold. */
extern char loop_nothing;

/* The module's functions that an event loop written in Python calls. */
PyObject *invoke_descriptor_callback(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                                     PyObject *keywords);
PyObject *invoke_timer_callback(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                                PyObject *keywords);
PyObject *invoke_free_callback(PyObject *self, PyObject *const *arguments, Py_ssize_t count,
                               PyObject *keywords);
