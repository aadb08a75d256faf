/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether what came is what should have come. A problem is a record: "problem" is what is wrong,
 * "at" file and line, "step" as written, "C" and "got" the outcomes, "output" what a broken runner
 * printed; all are text, some may be missing. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "case.h"
#include "language.h"
#include "matrix.h"
#include "play.h"

/* A step and what came of it. */
struct judged {
    const struct step *step;
    const struct record *c; /* NULL: C was not asked, the step alone says what must come */
    const struct record *got;
    const struct language *language; /* NULL where `got` is */
};

/* True where what the step itself says is so. */
bool judge_holds(const struct step *step, const struct record *record);
/* What is wrong with C's record of a step; NULL where nothing is. */
const char *judge_c(const struct step *step, const struct record *record);
/* What is wrong with the record of a language, whose C is right; NULL where nothing is. */
const char *judge_language(const struct judged *judged);
/* True for an error in place of which a language whose manifest has this shape answers. */
bool judge_is_answered(struct json_object *shape, struct json_object *outcome);
/* What findings of the step are noted under: its function, "constants", or "". */
const char *judge_subject(const struct step *step);
/* The place of the difference that an established binding is known to have here; their count:
 * there is none. */
size_t judge_decided(const struct judged *judged, const char *problem);
/* What the step says of its function in that language; FINDING_COUNT: nothing. */
enum finding judge_finding(const struct judged *judged, const char *problem);
/* What C's record says of it; FINDING_COUNT: nothing. */
enum finding judge_c_finding(const struct step *step, const struct record *record);

/* "failed: the message (code 42, domain 10)" */
const char *outcome_in_words(struct json_object *outcome);
struct json_object *problem_new(const struct judged *judged, const char *problem);
