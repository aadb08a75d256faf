/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a handle is told apart by: for people its name as a rule, for programs its UUID. */
#pragma once

#include "plan.h"

/* The function that answers the key of a handle, of those with the handle as their only argument:
 *  1. XGetName, as text that libvirt keeps;
 *  2. XGetUUIDString, as text in a buffer;
 *  3. XGetY, as text that libvirt keeps, where there is an XLookupByY.
 * NULL where there is none: connections, streams, clients of a daemon. */
const struct plan *handle_key(const struct plans *plans, const struct handle *handle);

/* The function that answers what two handles of one thing have in common, of those with the handle
 * as their only argument:
 *  1. XGetUUID;
 *  2. XGetKey, as text that libvirt keeps: of volumes, whose names are their pool's;
 *  3. the key's, where that is kept text.
 * NULL where there is none. */
const struct plan *handle_identity(const struct plans *plans, const struct handle *handle);
