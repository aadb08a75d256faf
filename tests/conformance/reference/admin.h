/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt-admin, which is loaded when first called: with libvirt 9.0.0 a process cannot have it and
 * a connection to a hypervisor. */
#pragma once

#include <stdbool.h>

/* False where it cannot be loaded. */
bool admin_is_there(void);
/* Ends the program where it has no such function. */
void *admin_function(const char *name);

/* The function with its prototype in the headers. */
#define ADMIN(name) ((__typeof__(&name))admin_function(#name))
