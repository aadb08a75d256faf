/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the parts of planning: arguments (plan_arguments.c), results and failures
 * (plan_results.c), ownership, counts and room (plan_memory.c), records and handles
 * (plan_types.c), put together in plan.c. */
#pragma once

#include "notes.h"
#include "plan.h"

struct planner {
    const struct api *api;
    struct notes *notes;
    struct plans *plans;
};

/* Decides pattern, pair and direction of every argument. False where one could not be placed;
 * that has been reported. */
bool plan_arguments(struct planner *planner, struct plan *plan);
/* The same for the arguments of a callback type, as its callee sees them. */
bool plan_callback_arguments(struct planner *planner, struct plan *plan);
/* Nullability, optional arguments, enums. */
void plan_attributes(struct planner *planner, struct plan *plan);
bool plan_result(struct planner *planner, struct plan *plan);
/* Who owns what, how long arrays are, how much room to make. */
bool plan_memory(struct planner *planner, struct plan *plan);
void plan_types(struct planner *planner);

/* A note about an argument; NULL: none. The word that names it is word 0. */
const struct fact *argument_fact(struct planner *planner, const struct plan *plan, const char *key,
                                 const char *argument);
/* The step of an argument, or that of the `result`; NULL: no such argument here. */
struct step *step_or_result(struct plan *plan, const char *name);
/* The step a note calls by its name; reports where there is none. */
struct step *step_named(struct plan *plan, const char *name, struct location location);
/* Prints what the description says of an argument and the note to add. */
void ask_for_note(const struct function *function, const struct parameter *parameter,
                  const char *problem, const char *note);
/* The handle's release function: "virDomainFree". */
const char *handle_release(struct planner *planner, const struct handle *handle);
