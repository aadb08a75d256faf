/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "names.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

struct names *names_read(const char *language, const char *path)
{
    struct names *names = arena_allocate(sizeof *names);

    names->language = language;
    names->notes = notes_new();
    notes_read(names->notes, path);
    return names;
}

/* Words whose capitals a plain rule would cut in the wrong place. */
static const char *const whole_words[] = {"NWFilter", "IOThread", "IOThreads", "DHCPLease"};

static size_t word_length(const char *name)
{
    size_t length = 0;

    for (size_t i = 0; i < sizeof whole_words / sizeof *whole_words; i++)
        if (text_starts(name, whole_words[i]) &&
            !islower((unsigned char)name[strlen(whole_words[i])]))
            return strlen(whole_words[i]);
    if (name[0] == '_')
        return 1;
    while (isupper((unsigned char)name[length]) || isdigit((unsigned char)name[length]))
        length++;
    /* A run of capitals is a word; its last one belongs to the word that follows in lower case. */
    if (length > 1 && islower((unsigned char)name[length]))
        return length - 1;
    while (name[length] && name[length] != '_' && !isupper((unsigned char)name[length]))
        length++;
    return length;
}

size_t name_words(const char *name, const char *const **words)
{
    const char **list = NULL;
    size_t count = 0;

    if (text_starts(name, "vir"))
        name += 3;
    while (*name) {
        const size_t length = word_length(name);

        if (*name != '_')
            *VECTOR_ADD(list, count) = arena_copy_length(name, length);
        name += length;
    }
    *words = list;
    return count;
}

char *name_snake(const char *const *words, size_t count)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_add(&buffer, "_");
        for (const char *c = words[i]; *c; c++)
            buffer_add_length(&buffer, &(char){(char)tolower((unsigned char)*c)}, 1);
    }
    return arena_copy(buffer_text(&buffer));
}

char *name_camel(const char *const *words, size_t count)
{
    struct buffer buffer = {0};

    for (size_t i = 0; i < count; i++) {
        const char first =
            (char)(i ? toupper((unsigned char)words[i][0]) : tolower((unsigned char)words[i][0]));
        buffer_add_length(&buffer, &first, 1);
        buffer_add(&buffer, words[i] + 1);
    }
    return arena_copy(buffer_text(&buffer));
}

const struct fact *names_fact(const struct names *names, const char *subject, const char *key)
{
    const struct fact *fact = notes_last(names->notes, subject, key);

    if (fact)
        fact_used(fact);
    return fact;
}

const char *names_text(const struct names *names, const char *subject, const char *key,
                       const char *by_rule)
{
    const struct fact *fact = notes_last(names->notes, subject, key);

    if (!fact || !fact->word_count)
        return by_rule;
    const char *text = fact_text(fact, 0);
    for (size_t i = 0; i < fact->word_count; i++)
        fact_applied(fact, i, !text_equal(text, by_rule));
    return text;
}

void names_settled(const struct fact *fact, bool changed)
{
    fact_used(fact);
    if (!changed)
        fact_error(fact, "%s %s: this holds without the note", fact->key, fact_text(fact, 0));
}
