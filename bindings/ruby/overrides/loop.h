/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Event loops: libvirt's default one, or one that the program brings. */
#pragma once

#include "callbacks.h"

enum loop { LOOP_NONE, LOOP_DEFAULT, LOOP_OWN };

/* The one that was registered. */
extern enum loop loop;

/* Methods without a C function: what an event loop written in Ruby calls. */
VALUE event_invoke_handle_callback(VALUE self, VALUE watch, VALUE fd, VALUE events, VALUE opaque);
VALUE event_invoke_timeout_callback(VALUE self, VALUE timer, VALUE opaque);
