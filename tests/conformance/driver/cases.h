/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The batch that plays the cases of a file. */
#pragma once

#include "batch.h"
#include "case.h"

struct batch cases_batch(const struct case_file *file);
