/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of C's answers a language's function gives, and how several of them make one value. The
 * rule is that all do, as a list; what differs is data in the names file:
 *
 *     virDomainGetSchedulerType
 *         result tuple         # list where nothing is said; dict, with the arguments' names as
 *                              # keys; merge, into the dict that is among them; drop, when C's own
 *                              # result is not among them; found, when C's own result says
 *                              # whether there is an answer; zeroed, the same where a record of
 *                              # zeros is the answer then; keep, when the count of an array
 *                              # is an answer too
 *         failure -1           # an answer although C means an error; with an error's code, where
 *                              # it is this one: failure nil VIR_ERR_NO_DOMAIN_SNAPSHOT
 */
#pragma once

#include "surface.h"

enum { ANSWERS_MAXIMUM = 16 };

enum answers_form {
    ANSWERS_LIST,
    ANSWERS_TUPLE,
    ANSWERS_DICT,
    ANSWERS_MERGED,
    ANSWERS_FOUND,
    ANSWERS_ZEROED
};

struct answers {
    const struct step *steps[ANSWERS_MAXIMUM]; /* in the language's order */
    size_t count;
    enum answers_form form; /* of one answer: ANSWERS_FOUND, or it stands alone */
};

struct answers answers_of(const struct surface *surface, const struct plan *plan);
/* "result", or the argument's name. */
const char *answer_name(const struct step *step);
/* The dict that the others are merged into. */
const struct step *answers_dict(const struct plan *plan, const struct answers *answers);
/* What is answered where C fails. */
struct failure_answer {
    const char *value;           /* "-1"; NULL: nothing, there is an exception */
    const struct constant *code; /* of the error; NULL: whichever */
};

struct failure_answer answer_of_failure(const struct surface *surface, const struct plan *plan);
