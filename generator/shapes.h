/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shapes for the manifest: how a language's values become canonical, and the other way round. They
 * follow from what the glue is made from. Of functions and callbacks written by hand the names file
 * says what differs from the rule:
 *
 *     virDomainQemuMonitorCommandWithFiles
 *         answer result outfiles       # C's answers that the language gives, in its order
 *     virStreamRecv
 *         answer result data as=value  # only one of them; as=flattened, in maps within a map
 *     virGetVersion
 *         answer libVer typeVer alone=libVer   # or this one and no list
 */
#pragma once

#include "surface.h"

/* Of one argument, answer, or value that a callback is given. */
const char *step_shape(const struct surface *surface, const struct step *step);
/* Of what a function returns. */
const char *answer_shape(const struct surface *surface, const struct bound_function *function);
/* Names of C's answers that it may not tell; "[]" where it tells all. */
char *untold_answers(const struct surface *surface, const struct bound_function *function);
/* Of what a callable returns for a callback type. */
const char *callback_answer_shape(const struct surface *surface, const struct plan *plan);
