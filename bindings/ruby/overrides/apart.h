/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that wait for the other side for as long as that takes, and that Ruby can leave: each runs
 * on a thread that is not Ruby's, while Ruby waits where interrupts and fiber schedulers get
 * through. What is left behind ends by itself. */
#pragma once

#include <stdatomic.h>

#include "../runtime.h"

/* The first member of what a call works on, which is allocated with malloc(). */
struct apart {
    void (*run)(struct apart *work);
    /* Makes run() return soon, where Ruby has left; on another thread. */
    void (*wake)(struct apart *work);
    /* Frees it, with all in it; on any thread. */
    void (*release)(struct apart *work);
    atomic_uint holders; /* set by apart_call() */
};

/* Takes the work over; answers what `collect` makes of it once run() has returned. */
VALUE apart_call(struct apart *work, VALUE (*collect)(struct apart *work));
