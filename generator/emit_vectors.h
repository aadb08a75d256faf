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
    bool refuses; /* the callback that is asked says that it failed */
    /* Handles that the answer holds, so far, of each kind: by their place in handle_plans. */
    unsigned made[64];
};

struct vector vector_new(const struct plans *plans, const struct plan *plan, unsigned number);
/* What was written; the text is released. */
const char *vector_text(struct canonical *text);

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

/* Callbacks with opaque that are called before the function returns, for pieces of what goes
 * through a stream. */
bool vector_transfers(const struct plan *plan);
/* What they are called with, and the calls that what they answer leads to; NULL: there are none. */
const char *vector_transfer_events(const struct vector *vector);
const char *vector_transfer_calls(const struct vector *vector);
/* What the callback is to answer, one after the other; NULL: nothing is said. */
const char *vector_transfer_answers(const struct vector *vector, const struct step *callback);

/* The type of the callback within a record that is asked before the function returns; NULL: there
 * is none. */
const struct plan *vector_asked_type(const struct vector *vector);
/* Such a record is given; both threads ask. */
bool vector_asks(const struct vector *vector);
/* A callable that answers what it is asked. */
const char *vector_asked_callable(const struct vector *vector);
/* What it is asked, and its answers as they arrive, as a call of its type. */
const char *vector_asked_events(const struct vector *vector);
const char *vector_asked_call(const struct vector *vector);

/* It is given an event loop of the program's own, once a process and not beside the default one. */
bool vector_is_alone(const struct plan *plan);
/* One of the loop's functions. */
void vector_put_loop_function(const struct vector *vector, const struct step *callback,
                              struct canonical *given);
/* What they are called with; and what they answer and call back, calls of the types of these. */
const char *vector_loop_events(const struct vector *vector);
const char *vector_loop_calls(const struct vector *vector);

/* What a callback is called by: `called`, or its argument's name where there are several. */
const char *vector_callback_name(const struct plan *plan, const struct step *callback);
/* What callbacks that stay registered are called with. */
const char *vector_registered_events(const struct vector *vector);
/* The function that takes the callback back, with the arguments that it shares with this one. */
const char *vector_undoing(const struct vector *vector);

/* Values that the step's pattern refuses: calls `add` with a word for each and its JSON. */
void vector_wrong(const struct plans *plans, const struct step *step,
                  void (*add)(void *context, const char *word, const char *value), void *context);
