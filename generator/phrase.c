/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "phrase.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "text.h"

/* ---- sentences ---- */

/* Every run of blanks and line ends as one blank. */
static const char *on_one_line(const char *text)
{
    struct buffer buffer = {0};

    for (; *text; text++) {
        if (!isspace((unsigned char)*text))
            buffer_add_length(&buffer, text, 1);
        else if (buffer.length && buffer.data[buffer.length - 1] != ' ')
            buffer_add(&buffer, " ");
    }
    if (buffer.length && buffer.data[buffer.length - 1] == ' ')
        buffer.data[--buffer.length] = '\0';
    return buffer_text(&buffer);
}

static bool is_mark(char c)
{
    return c && strchr(",():;", c);
}

/* What stands around words and means nothing here: quotes, the * of *must*, the @ of names. */
static bool is_decoration(char c)
{
    return c && strchr("\"`'*@", c);
}

static bool ends_word(const char *text)
{
    return !*text || *text == ' ' || is_mark(*text) ||
           (is_decoration(*text) && (!text[1] || text[1] == ' ' || is_mark(text[1])));
}

static bool is_abbreviation(const char *word, size_t length)
{
    static const char *const abbreviations[] = {"i.e.", "e.g.", "etc.", "..."};

    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (strlen(abbreviations[i]) == length && strncmp(abbreviations[i], word, length) == 0)
            return true;
    return false;
}

static void add_word(struct sentence *sentence, const char *text, size_t length, size_t start)
{
    *VECTOR_ADD(sentence->words, sentence->word_count) =
        (struct word){arena_copy_length(text, length), start, start + length, false};
}

/* A mark is a word; but a parenthesis right behind a word makes it a call, and () is no word. */
static size_t take_mark(struct sentence *sentence, const char *text, size_t at)
{
    struct word *last = sentence->word_count ? &sentence->words[sentence->word_count - 1] : NULL;

    if (text[at] == '(' && last && last->end == at) {
        last->is_call = true;
        if (text[at + 1] == ')') {
            last->end += 2;
            return at + 2;
        }
    }
    add_word(sentence, text + at, 1, at);
    return at + 1;
}

/* A word and the full stop behind it, if that ends the sentence. */
static size_t take_word(struct sentence *sentence, const char *text, size_t at, bool *is_last)
{
    size_t end = at;

    while (!ends_word(text + end))
        end++;
    const bool has_stop = text[end - 1] == '.' && !is_abbreviation(text + at, end - at);
    if (end - has_stop > at)
        add_word(sentence, text + at, end - at - has_stop, at);
    *is_last = has_stop && !is_mark(text[end]);
    return end;
}

static size_t take_sentence(struct sentence *sentence, const char *text)
{
    bool is_last = false;
    size_t at = 0;

    while (text[at] && !is_last) {
        if (text[at] == ' ' || is_decoration(text[at]))
            at++;
        else if (is_mark(text[at]))
            at = take_mark(sentence, text, at);
        else
            at = take_word(sentence, text, at, &is_last);
    }
    sentence->text = arena_copy_length(text, at);
    return at;
}

void sentences_add(struct sentences *sentences, const char *paragraph)
{
    const char *rest = on_one_line(paragraph);

    while (*rest) {
        struct sentence sentence = {0};

        rest += take_sentence(&sentence, rest);
        rest += strspn(rest, " ");
        if (sentence.word_count)
            *VECTOR_ADD(sentences->items, sentences->count) = sentence;
    }
}

/* ---- phrases ---- */

bool word_equal(const struct word *word, const char *text)
{
    return strcasecmp(word->text, text) == 0;
}

/* One of a phrase's alternatives, with a star at its beginning or end. */
static bool alternative_matches(const char *alternative, size_t length, const char *word)
{
    const size_t word_length = strlen(word);

    if (length > 1 && alternative[0] == '*')
        return word_length >= length - 1 &&
               strncasecmp(alternative + 1, word + word_length - (length - 1), length - 1) == 0;
    if (length > 1 && alternative[length - 1] == '*')
        return strncasecmp(alternative, word, length - 1) == 0;
    return word_length == length && strncasecmp(alternative, word, length) == 0;
}

static bool element_matches(const char *element, size_t length, const struct word *word,
                            const char *name)
{
    if (length == 1 && *element == '@')
        return text_equal(word->text, name);
    for (size_t at = 0; at < length;) {
        const size_t end = at + strcspn(element + at, "| ");

        if (alternative_matches(element + at, end - at, word->text))
            return true;
        at = end + 1;
    }
    return false;
}

struct range {
    const struct sentence *sentence;
    size_t end; /* behind the last word to look at */
    const char *name;
};

static bool matches_at(const struct range *range, size_t at, const char *phrase, size_t *end)
{
    const size_t length = strcspn(phrase, " ");
    const char *rest = phrase + length + strspn(phrase + length, " ");

    if (!length) {
        *end = at;
        return true;
    }
    if (length == 3 && text_starts(phrase, "...")) {
        for (size_t i = at; i <= range->end; i++)
            if (matches_at(range, i, rest, end))
                return true;
        return false;
    }
    if (length == 1 && *phrase == '^')
        return at == 0 && matches_at(range, at, rest, end);
    if (length == 1 && *phrase == '$')
        return at == range->end && matches_at(range, at, rest, end);
    return at < range->end &&
           element_matches(phrase, length, &range->sentence->words[at], range->name) &&
           matches_at(range, at + 1, rest, end);
}

bool phrase_find(const struct sentence *sentence, size_t from, size_t end, const char *phrase,
                 const char *name, struct span *found)
{
    const struct range range = {sentence, end, name};

    for (size_t at = from; at < end; at++)
        if (matches_at(&range, at, phrase, &found->end)) {
            found->first = at;
            return true;
        }
    return false;
}

bool phrase_in(const struct sentence *sentence, const char *phrase, const char *name)
{
    struct span found;

    return phrase_find(sentence, 0, sentence->word_count, phrase, name, &found);
}

/* ---- quotes ---- */

const char *sentence_quote(const struct sentence *sentence, struct span span)
{
    enum { LONGEST = 100 };
    const struct word *words = sentence->words;
    size_t first = 0;
    size_t end = sentence->word_count;

    if (strlen(sentence->text) <= LONGEST)
        return sentence->text;
    /* What stands behind the phrase may go first, then what stands before it. */
    while (end > span.end && words[end - 1].end - words[first].start > LONGEST)
        end--;
    while (first < span.first && words[end - 1].end - words[first].start > LONGEST)
        first++;
    return arena_printf(
        "%s%.*s%s", first ? "… " : "", (int)(words[end - 1].end - words[first].start),
        sentence->text + words[first].start, end < sentence->word_count ? " …" : "");
}
