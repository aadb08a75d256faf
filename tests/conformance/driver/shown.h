/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text that comes from elsewhere, for people. */
#pragma once

#include <stddef.h>

/* The text in arena memory: UTF-8 with '?' for bytes that are none, cut behind so many bytes. */
const char *shown(const char *text, size_t longest);
