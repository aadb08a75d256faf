/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Batches played side by side, each in a process of its own. */
#pragma once

#include <stdbool.h>

#include "batch.h"
#include "results.h"

/* What they report is added to the results in the order of the batches. False where the run was
 * stopped by a signal. */
bool workers_play(const struct batch *batches, size_t count, unsigned jobs,
                  struct results *results);
