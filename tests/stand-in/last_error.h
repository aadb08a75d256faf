/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The error of the last call, one a thread. */
#pragma once

struct grid;

void last_error_reset(void);
/* Stores the error that grid_error() says, and tells the error function, as libvirt does. */
void last_error_store(const struct grid *grid);
