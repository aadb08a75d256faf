/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of what writes build/stand-in/vectors.jsonl: what is given, what must arrive and what
 * must come back, of one vector of one function. tests/stand-in/grid.h has the values. */
#pragma once

#include "canonical.h"
#include "grid.h"
#include "plan.h"

struct vector {
    const struct plans *plans;
    const struct plan *plan;
    struct grid grid;
    /* Handles that the answer holds, so far, of each kind: by their place in handle_plans. */
    unsigned made[64];
};

unsigned scalar_bits(enum scalar scalar);

/* How many vectors it takes to give this argument, this answer, each of its values. */
unsigned vector_inputs_needed(const struct plan *plan, const struct step *step);
unsigned vector_answers_needed(const struct plans *plans, const struct step *step);

/* What the caller gives for a step, and what libvirt must get. */
void vector_input(const struct vector *vector, const struct step *step, struct canonical *given,
                  struct canonical *arrives);
/* How long a list that is given is. */
size_t vector_input_count(const struct vector *vector, const struct step *step);

/* What the call answers. */
void vector_answer(struct vector *vector, struct canonical *answer);
/* The error of a call that fails. */
void vector_error(const struct grid *grid, struct canonical *answer);
/* What a callback of this type is called with; `opaque` is the last. */
void vector_event(struct vector *vector, const struct plan *callback, const char *opaque,
                  struct canonical *arguments);

/* Values that the step's pattern refuses: calls `add` with a word for each and its JSON. */
void vector_wrong(const struct plans *plans, const struct step *step,
                  void (*add)(void *context, const char *word, const char *value), void *context);
