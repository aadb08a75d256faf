/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From C names to a language's names. A C name is split into words once; a language joins them by
 * its own rule, and bindings/LANG/names holds what the rule does not give. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "notes.h"
#include "plan.h"

struct names {
    const char *language;
    struct notes *notes;
};

/* Reads bindings/LANG/names. */
struct names *names_read(const char *language, const char *path);

/* The words of a C name without its `vir`: virDomainGetXMLDesc -> Domain Get XML Desc. Runs of
 * capitals are one word (XML, UUID, NWFilter is NW Filter's exception and kept: NWFilter). */
size_t name_words(const char *name, const char *const **words);
/* snake_case, camelCase. */
char *name_snake(const char *const *words, size_t count);
char *name_camel(const char *const *words, size_t count);

/* The last fact with this key about a subject, marked as used; NULL: the rule holds. */
const struct fact *names_fact(const struct names *names, const char *subject, const char *key);
/* Its first word, or the rule's answer. */
const char *names_text(const struct names *names, const char *subject, const char *key,
                       const char *by_rule);
/* A fact that was taken as a whole; one that says what holds anyway is an error. */
void names_settled(const struct fact *fact, bool changed);
