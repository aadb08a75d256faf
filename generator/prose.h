/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt's own prose states of a function, read from its words, to be compared with the plan:
 * whether NULL may be passed, who frees, which results mean an error. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "phrase.h"
#include "plan.h"

enum prose_aspect { PROSE_NULLABLE, PROSE_FREED, PROSE_FAILURE, PROSE_ASPECTS };
/* "nullable" */
const char *prose_aspect_name(enum prose_aspect aspect);
/* PROSE_ASPECTS where no aspect has that name. */
enum prose_aspect prose_aspect_by_name(const char *name);

/* ---- what a sentence states ---- */

enum prose_answer {
    PROSE_SILENT,
    PROSE_YES,
    PROSE_NO,
    PROSE_BOTH, /* of a result: an error, or an answer */
};

struct prose_statement {
    enum prose_answer answer;
    struct span words;
};

/* Whether NULL may be passed, as a sentence of the argument's own documentation has it … */
struct prose_statement prose_own_nullable(const struct sentence *sentence, const char *argument);
/* … and as one of the function's text has it, which has to name the argument. */
struct prose_statement prose_nullable(const struct sentence *sentence, const char *argument);

/* Whether the caller frees; what, is for others to find out. */
struct prose_statement prose_freed(const struct sentence *sentence);
/* The first function that a sentence names to free with: "virDomainFree" where it names one, else
 * "free"; NULL: none. */
const char *prose_free_function(const struct sentence *sentence);

/* What a sentence of the result's documentation states of one value. */
struct prose_value {
    const char *text;         /* "-1", "0", "NULL" */
    enum prose_answer answer; /* does it mean an error? */
    struct span words;
};
size_t prose_values(const struct sentence *sentence, struct prose_value **values);

/* ---- plans against prose ---- */

struct prose_disagreement {
    const struct plan *plan;
    const struct step *step;
    enum prose_aspect aspect;
    const char *plan_says;
    const char *words;  /* the prose's; NULL: it is silent */
    const char *reason; /* why the plan is right; NULL: not settled */
};

struct prose_comparison {
    size_t functions; /* that have documentation */
    size_t statements;
    struct prose_disagreement *disagreements; /* one an argument and aspect, function by function */
    size_t disagreement_count;
};

struct prose_comparison prose_compare(const struct plans *plans);
bool prose_is_documented(const struct function *function);
/* "result", or the argument's name. */
const char *prose_subject(const struct prose_disagreement *disagreement);
