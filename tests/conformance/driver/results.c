/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "results.h"

#include "base.h"
#include "matrix.h"
#include "value.h"
#include "vectors.h"

void results_add_test(struct results *results, struct json_object *test)
{
    const char *verdict = value_text(value_field(test, "verdict"));

    for (enum verdict i = 0; i <= VERDICT_SKIPPED; i++)
        if (text_equal(verdict_name(i), verdict))
            results->counts[i]++;
    json_object_array_add(results->tests, test);
    tap_test((unsigned)json_object_array_length(results->tests), test);
}

bool results_add_line(struct results *results, struct json_object *line)
{
    struct json_object *test = value_field(line, "test");
    struct json_object *matrix = value_field(line, "matrix");

    if (test)
        results_add_test(results, json_object_get(test));
    if (matrix)
        matrix_add(results->matrix, matrix);
    return test || matrix;
}

bool results_have_leg(const struct results *results, const char *leg)
{
    for (size_t i = 0; i < json_object_array_length(results->legs); i++)
        if (text_equal(value_text(json_object_array_get_idx(results->legs, i)), leg))
            return true;
    return false;
}

enum standing results_standing(const struct results *results, const struct language *language,
                               const char *function)
{
    const char *kind = value_text(value_field(value_field(language->functions, function), "kind"));

    if (kind && text_equal(kind, "helper"))
        return STANDING_HELPER;
    for (size_t i = 0; i < json_object_array_length(results->legs); i++) {
        const enum finding finding =
            matrix_finding(results->matrix, value_text(json_object_array_get_idx(results->legs, i)),
                           language->name, function);
        if (finding_is_as_in_c(finding))
            return STANDING_REACHED;
    }
    return value_has(results->setting->functions, function) ||
                   results_have_leg(results, STAND_IN_LEG)
               ? STANDING_BLANK
               : STANDING_ELSEWHERE;
}
