/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What came of a run, as the reports show it. A test of vectors has "vectors": {"passed": number,
 * "decided": number, "failed": number, "left out": number}; "accepted" and "decided" of a test are
 * places in the language's lists. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "batch.h"
#include "untried.h"

struct results {
    const struct setting *setting;
    int64_t libvirt;          /* its version, as 9000000 */
    struct json_object *legs; /* names of those that were played, in order */
    struct json_object *tests;
    struct json_object *matrix;
    unsigned counts[VERDICT_SKIPPED + 1];
    const struct untried *untried;
    size_t untried_count;
};

/* How a function of a language stands, over all legs. */
enum standing {
    STANDING_REACHED,   /* some leg has a finding that is as C's */
    STANDING_BLANK,     /* none has */
    STANDING_ELSEWHERE, /* this libvirt has no such function, and there is no stand-in */
    STANDING_HELPER,    /* a language's programs do not call it */
};

void results_add_test(struct results *results, struct json_object *test);
/* Adds a line of a worker; false where it is none. */
bool results_add_line(struct results *results, struct json_object *line);
bool results_have_leg(const struct results *results, const char *leg);
enum standing results_standing(const struct results *results, const struct language *language,
                               const char *function);
/* Adds tests: that every function was reached in every language, and tried by every leg, and that
 * what is said to be exceptions occurs. `reason`: why it cannot be said, or NULL. */
void results_add_completeness(struct results *results, const char *reason);
/* The same for established bindings: that each of their known differences was seen. */
void results_add_seen(struct results *results, const char *reason);

/* The formats. */
void tap_test(unsigned number, struct json_object *test);
void tap_matrix(const struct results *results);
/* Both write a file; false after saying why not. */
bool junit_write(const struct results *results, const char *path);
bool page_write(const struct results *results, const char *path);
