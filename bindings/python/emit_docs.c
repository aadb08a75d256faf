/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Docstrings: the signature that inspect reads, and what is said of the function. */
#include "document.h"
#include "emit.h"

static char *path(const struct bound_function *function)
{
    return python_path(function, false);
}

static const struct document_words words = {
    .width = 79,
    .number = "an int",
    .worked = "0",
    .none = "empty",
    .list_of = "a list of",
    .label = ": ",
    .patterns =
        {
            [PATTERN_OUT_TEXT] = "a str",
            [PATTERN_OUT_STRING] = "a str",
            [PATTERN_OWNED_STRING] = "a str",
            [PATTERN_BORROWED_STRING] = "a str",
            [PATTERN_OUT_UUID] = "16 bytes",
            [PATTERN_OUT_BYTES] = "bytes",
            [PATTERN_OWNED_BYTES] = "bytes",
            [PATTERN_OUT_NAMES] = "a list of str",
            [PATTERN_OUT_STRINGS] = "a list of str",
            [PATTERN_OUT_NUMBERS] = "a list of int",
            [PATTERN_OUT_FILE_DESCRIPTORS] = "a list of file descriptors",
            [PATTERN_OUT_PARAMS] = "a dict",
            [PATTERN_OUT_NEW_PARAMS] = "a dict",
            [PATTERN_OUT_PARAMS_BY_CPU] = "a list of dicts",
            [PATTERN_OUT_CPU_MAP] = "a tuple of bool, one a CPU",
            [PATTERN_OUT_NEW_CPU_MAP] = "a tuple of bool, one a CPU",
            [PATTERN_OUT_CPU_MAPS] = "a list of tuples of bool, one a CPU",
        },
    .path = path,
};

char *python_documentation(const struct surface *surface, const struct bound_function *function)
{
    return arena_printf("%s(%s)\n--\n\n%s", function->name,
                        bound_parameters(function, function->class_name ? "$self" : "$module"),
                        document_function(surface, function, &words));
}
