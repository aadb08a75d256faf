/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans for people: one line a function (the format in which changes are reviewed), a table for
 * other programs, and what decided. */
#pragma once

#include "plan.h"
#include "text.h"

/* "virDomainSetVcpus(domain: handle virDomain, nvcpus: uint) -> status  since 0.1.4" */
void dump_plan_line(struct buffer *buffer, const struct plan *plan);
/* All functions, then callback types, records and handles. */
void dump_plans(struct buffer *buffer, const struct plans *plans);
/* Tab-separated with a header: one row an argument, one for the result at position 0. */
void dump_table(struct buffer *buffer, const struct plans *plans);
/* For each argument and result, what decided each of its properties. */
void dump_reasons(struct buffer *buffer, const struct plan *plan);
