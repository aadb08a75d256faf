/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data of streams. A call that waits for the other side can be left by an exception, by
 * Thread#kill, Timeout or Ctrl-C above all; the stream is then aborted, as nobody knows how far it
 * came. */
#pragma once

#include "../runtime.h"

#define STREAM_CHUNK 262120 /* libvirt's largest message, less its header */
#define STREAM_WOULD_BLOCK (-2)
#define STREAM_AT_HOLE (-3)

/* `function` is what fails, for exceptions. Bytes that were taken, or STREAM_WOULD_BLOCK; a failure
 * is raised. */
int stream_send(VALUE self, struct bytes bytes, const char *function);
/* [count, data]; a count below 0 stands for no data: STREAM_WOULD_BLOCK, STREAM_AT_HOLE. `flags`
 * NULL: virStreamRecv(). */
VALUE stream_receive(VALUE self, size_t room, const unsigned int *flags, const char *function);
/* Stream#free: its callback ends with it. */
VALUE stream_free(VALUE self);
