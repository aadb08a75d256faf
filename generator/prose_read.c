/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The phrases by which libvirt's prose states things. Tables are searched from the top: the first
 * row that fits a sentence decides. */
#include "prose.h"

#include <ctype.h>
#include <string.h>

#include "base.h"

static const char *const aspect_names[PROSE_ASPECTS] = {"nullable", "freed", "failure"};

const char *prose_aspect_name(enum prose_aspect aspect)
{
    return aspect_names[aspect];
}

enum prose_aspect prose_aspect_by_name(const char *name)
{
    enum prose_aspect aspect = 0;

    while (aspect < PROSE_ASPECTS && !text_equal(aspect_names[aspect], name))
        aspect++;
    return aspect;
}

struct phrase_row {
    const char *phrase;
    enum prose_answer answer;
};

#define ROWS(table) (table), sizeof(table) / sizeof *(table)

static struct prose_statement first_row(const struct phrase_row *rows, size_t count,
                                        const struct sentence *sentence, const char *name)
{
    struct span words;

    for (size_t i = 0; i < count; i++)
        if (phrase_find(sentence, 0, sentence->word_count, rows[i].phrase, name, &words))
            return (struct prose_statement){rows[i].answer, words};
    return (struct prose_statement){0};
}

/* ---- NULL ---- */

static const struct phrase_row own_nullable[] = {
    {"must|may|can|should not be NULL", PROSE_NO},
    {"cannot be NULL", PROSE_NO},
    {"must be non-NULL", PROSE_NO},
    {"or NULL", PROSE_YES},
    {"may|can be NULL", PROSE_YES},
    {"allowed to be NULL", PROSE_YES},
    {"pass NULL", PROSE_YES},
    {"NULL for|if|means|to", PROSE_YES},
    {"if|when non-NULL", PROSE_YES},
    {"if|when @ is NULL|non-NULL", PROSE_YES},
    {"( optional )", PROSE_YES},
    {"^ optional", PROSE_YES},
};

struct prose_statement prose_own_nullable(const struct sentence *sentence, const char *argument)
{
    return first_row(ROWS(own_nullable), sentence, argument);
}

static const struct phrase_row text_nullable[] = {
    {"@ cannot be NULL", PROSE_NO},
    {"@ must|may|can|should not be NULL", PROSE_NO},
    {"@ must be non-NULL", PROSE_NO},
    {"@ ... , it cannot be NULL", PROSE_NO},
    {"@ is NULL|non-NULL|omitted|optional", PROSE_YES},
    {"@ is not NULL", PROSE_YES},
    {"@ isn't NULL", PROSE_YES},
    {"@ if this pointer isn't NULL", PROSE_YES},
    {"@ ... if it is not NULL", PROSE_YES},
    {"@ as|= NULL", PROSE_YES},
    {"@ to NULL", PROSE_YES},
    {"@ ( optional", PROSE_YES},
    {"optional @", PROSE_YES},
    {"optional parameter|argument @", PROSE_YES},
    {"optional @ argument|parameter", PROSE_YES},
    {"@ parameter|argument is optional", PROSE_YES},
    {"NULL for|as|in @", PROSE_YES},
    {"NULL should|may|can be passed for|as|in @", PROSE_YES},
    /* It must be NULL where it makes no sense: so it may be. */
    {"@ ... may|can|must|to be NULL", PROSE_YES},
    {"@ ... must be set to NULL", PROSE_YES},
    {"@ ... or NULL", PROSE_YES},
};

struct prose_statement prose_nullable(const struct sentence *sentence, const char *argument)
{
    return first_row(ROWS(text_nullable), sentence, argument);
}

/* ---- who frees ---- */

static const struct phrase_row freed[] = {
    {"must|should|need not be freed|deallocated|released", PROSE_NO},
    {"doesn't need to be freed|deallocated|released", PROSE_NO},
    {"must|should|need not free", PROSE_NO},
    {"must|should be freed|deallocated|released", PROSE_YES},
    {"need|needs to be freed|deallocated|released", PROSE_YES},
    {"caller|client|one must|should free", PROSE_YES},
    {"caller frees", PROSE_YES},
    {"will need to free", PROSE_YES},
    {"must call free", PROSE_YES},
    {"should be used to free|release", PROSE_YES},
    {"responsible for|to free|freeing|deallocating", PROSE_YES},
    {"responsible for|to call|calling free|*Free", PROSE_YES},
    {"responsibility to free", PROSE_YES},
    {"corresponding call to ... to release", PROSE_YES},
    {"^ see *Free", PROSE_YES},
};

struct prose_statement prose_freed(const struct sentence *sentence)
{
    return first_row(ROWS(freed), sentence, NULL);
}

/* Functions that free, by how libvirt calls them; some that its prose names there are not. */
static bool is_free_function(const char *name)
{
    static const char *const endings[] = {"Free", "Close", "Clear", "Error"};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_starts(name, "vir") && text_ends(name, endings[i]))
            return true;
    return false;
}

const char *prose_free_function(const struct sentence *sentence)
{
    struct span words;

    for (size_t i = 0; i < sentence->word_count; i++)
        if (is_free_function(sentence->words[i].text))
            return sentence->words[i].text;
    for (size_t i = 0; i < sentence->word_count; i++)
        if (sentence->words[i].is_call && text_equal(sentence->words[i].text, "free"))
            return "free";
    return phrase_find(sentence, 0, sentence->word_count, "with|using free", NULL, &words) ? "free"
                                                                                           : NULL;
}

/* ---- results ---- */

/* What stands behind a value. The row that begins earliest decides, so that "NULL in case of error,
 * a string otherwise" is an error's. */
static const struct phrase_row meanings[] = {
    {"error ... or when|if", PROSE_BOTH},
    {"no error", PROSE_NO},
    {"success*", PROSE_NO},
    {"none", PROSE_NO},
    {"does not exist", PROSE_NO},
    {"doesn't exist", PROSE_NO},
    {"error", PROSE_YES},
    {"fail*", PROSE_YES},
    {"cannot|couldn't", PROSE_YES},
    {"could not", PROSE_YES},
    {"not registered|found", PROSE_YES},
    {"no ... registered|found", PROSE_YES},
};

/* Numbers, and NULL, where they are what comes back: not in "sets @x to NULL", "@x is 0", "at least
 * 1", "a 0 terminated string". */
static bool is_value(const struct sentence *sentence, size_t at)
{
    static const char *const before[] = {"to", "is", "least"};
    const char *text = sentence->words[at].text;
    const char *digits = text + (*text == '-');

    if (!text_equal(text, "NULL") && (!*digits || digits[strspn(digits, "0123456789")]))
        return false;
    for (size_t i = 0; at && i < sizeof before / sizeof *before; i++)
        if (word_equal(&sentence->words[at - 1], before[i]))
            return false;
    return at + 1 == sentence->word_count || !word_equal(&sentence->words[at + 1], "terminated");
}

/* What stands between a value and the next. */
static size_t clause_end(const struct sentence *sentence, size_t at)
{
    do
        at++;
    while (at < sentence->word_count && !is_value(sentence, at));
    return at;
}

/* The rows are looked for behind the value, up to the next. */
static void look_for(const struct phrase_row *row, const struct sentence *sentence, size_t at,
                     size_t *earliest, struct prose_value *value)
{
    struct span found;

    if (!phrase_find(sentence, at + 1, clause_end(sentence, at), row->phrase, NULL, &found) ||
        found.first >= *earliest)
        return;
    *earliest = found.first;
    value->answer = row->answer;
    value->words = (struct span){at, found.end};
}

/* "the name or NULL", and nothing more. */
static bool is_bare(const struct sentence *sentence, size_t at)
{
    const struct word *words = sentence->words;

    return at && word_equal(&words[at - 1], "or") &&
           (at + 1 == sentence->word_count || word_equal(&words[at + 1], ","));
}

static struct prose_value read_value(const struct sentence *sentence, size_t at)
{
    struct prose_value value = {.text = sentence->words[at].text, .words = {at, at + 1}};
    const bool is_number = isdigit((unsigned char)*value.text);
    const struct phrase_row rest = {"otherwise", is_number ? PROSE_NO : PROSE_YES};
    size_t earliest = sentence->word_count;

    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        look_for(&meanings[i], sentence, at, &earliest, &value);
    look_for(&rest, sentence, at, &earliest, &value);
    if (value.answer != PROSE_SILENT)
        return value;
    if (!is_number && is_bare(sentence, at))
        value.answer = PROSE_YES;
    else if (value.text[0] == '-' && !text_equal(value.text, "-1"))
        value.answer = PROSE_NO; /* one more value below 0, and not for an error */
    return value;
}

size_t prose_values(const struct sentence *sentence, struct prose_value **values)
{
    size_t count = 0;

    *values = NULL;
    for (size_t i = 0; i < sentence->word_count; i++)
        if (is_value(sentence, i))
            *VECTOR_ADD(*values, count) = read_value(sentence, i);
    return count;
}
