/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hashes that stand for several arguments of C's. */
#pragma once

#include "../runtime.h"

/* Raises TypeError unless it is a Hash. */
void hash_check(VALUE value, const char *name);
/* What stands under a String or a Symbol; nil where nothing does. */
VALUE hash_item(VALUE hash, const char *key);
