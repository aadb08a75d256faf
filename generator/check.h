/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must hold of the whole before anything is written. */
#pragma once

#include "backend.h"
#include "plan.h"

/* The invariants of the plans themselves. */
void check_plans(const struct plans *plans);
/* Every pattern in use has a row in the backend. */
void check_backend(const struct plans *plans, const struct backend *backend);

struct check_counts {
    size_t planned, overridden, helpers;
    size_t enumerators, strings, numbers;
    size_t records, callbacks, handles;
};
struct check_counts check_count(const struct plans *plans);
