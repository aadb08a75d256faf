/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all languages share: libvirt's declarations, the loader's table, the collectors. */
#pragma once

#include "plan.h"
#include "text.h"

/* Queues vir-api.h, vir-api.c, collect.h and collect.c. */
void emit_common(const struct plans *plans, struct output *output);
/* Queues header-check.c. */
void emit_header_check(const struct plans *plans, struct output *output);
/* Queues null-probe.c. */
void emit_null_probe(const struct plans *plans, struct output *output);
/* Queues the generated part of the runner of C, tests/conformance/reference/. */
void emit_reference(const struct plans *plans, struct output *output);
/* Queues the stand-in's libraries as C, their linker scripts, and vectors.jsonl. */
void emit_stand_in(const struct plans *plans, struct output *output);
/* Collectors alone. */
void emit_collectors(const struct plans *plans, struct output *output);
