/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The error of one call, copied before anything can reset it: libvirt keeps one error a thread and
 * every call clears it. */
#pragma once

#include <stdbool.h>

#include "loader.h"

struct captured_error {
    bool is_set; /* libvirt stored an error */
    int code;
    int domain;
    int level;
    int int1;
    int int2;
    const char *message; /* NULL where libvirt gave none; so the other strings */
    const char *str1;
    const char *str2;
    const char *str3;
    const char *function; /* the one that failed; NULL: the one that was called */
    char *overflow;       /* memory for texts that do not fit the room below */
    char room[512];
};

/* Copies this thread's error. Call it on the thread of the failed call, before retaking the
 * interpreter's lock and before any other libvirt call. Without memory the texts are NULL. */
void error_capture(struct captured_error *error);
/* Copies an error that libvirt hands to an error function. */
void error_copy(struct captured_error *error, const virError *from);
/* Makes an error of our own, in the shape of libvirt's for a bad argument; a message too long is
 * cut. */
void error_compose(struct captured_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void error_release(struct captured_error *error);
/* For common C that runs out of memory between libvirt calls: what error_capture() finds next on
 * this thread is VIR_ERR_NO_MEMORY. Always -1. */
int error_no_memory(void);
/* For common C that calls other functions first, and has seen one of them fail: error_capture()
 * tells its name. Always -1. */
int error_of(const char *function);
