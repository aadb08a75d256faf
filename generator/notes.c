/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notes.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

struct fact_source {
    struct location location;
    const char *key;
    const char **words;
    bool *applied; /* one a word, at least one */
    bool *changed;
    size_t word_count;
    const char **options; /* "length=nparams" */
    bool *option_asked;
    size_t option_count;
    const struct notes_block *block;
    bool asked;
    bool matched;  /* its block matched a subject */
    bool reported; /* something is wrong with it */
};

struct glob {
    struct location location;
    const char *text;
    size_t prefix; /* characters before the first star: most subjects fail there */
    bool matched;
};

struct notes_block {
    struct glob *globs;
    size_t glob_count;
    struct fact_source **facts;
    size_t fact_count;
};

struct notes {
    struct notes_block **blocks;
    size_t block_count;
    size_t line_count;
    /* What matches the subject that was last asked about; questions come subject by subject. */
    const char *subject;
    struct fact *matches;
    size_t match_count;
    struct fact *answers;
    size_t answer_room;
};

struct notes *notes_new(void)
{
    return arena_allocate(sizeof(struct notes));
}

static void read_globs(struct notes_block *block, struct location location, char *line)
{
    for (char *item = strsep(&line, ","); item; item = strsep(&line, ",")) {
        while (isspace((unsigned char)*item))
            item++;
        size_t length = strlen(item);
        while (length && isspace((unsigned char)item[length - 1]))
            length--;
        if (!length) {
            error_at(location, "a name is missing between the commas");
            continue;
        }
        struct glob *glob = VECTOR_ADD(block->globs, block->glob_count);
        *glob = (struct glob){.location = location, .text = arena_copy_length(item, length)};
        glob->prefix = strcspn(glob->text, "*");
    }
}

static void read_fact(struct notes_block *block, struct location location, char *line)
{
    char *rest = NULL;
    const char *key = strtok_r(line, " \t", &rest);
    struct fact_source *fact = arena_allocate(sizeof *fact);

    fact->location = location;
    fact->key = arena_copy(key);
    fact->block = block;
    for (char *word = strtok_r(NULL, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
        const char *equals = strchr(word, '=');
        /* Names of setters end with one. */
        if (equals && equals[1] && equals > word && islower((unsigned char)*word))
            *VECTOR_ADD(fact->options, fact->option_count) = arena_copy(word);
        else
            *VECTOR_ADD(fact->words, fact->word_count) = arena_copy(word);
    }
    fact->option_asked = arena_allocate(fact->option_count + 1);
    fact->applied = arena_allocate(fact->word_count + 1);
    fact->changed = arena_allocate(fact->word_count + 1);
    *VECTOR_ADD(block->facts, block->fact_count) = fact;
}

/* A comment begins at a '#' at the line's start or behind a blank. */
static void cut_comment(char *line)
{
    for (char *c = line; *c; c++)
        if (*c == '#' && (c == line || isspace((unsigned char)c[-1]))) {
            *c = '\0';
            return;
        }
}

static void finish_block(const struct notes_block *block)
{
    if (block && !block->fact_count && block->glob_count)
        error_at(block->globs[0].location, "%s: no facts follow", block->globs[0].text);
}

static void read_line(struct notes *notes, struct location location, char *line,
                      struct notes_block **block)
{
    cut_comment(line);
    size_t length = strlen(line);
    while (length && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    if (!length)
        return;
    notes->line_count++;
    if (isspace((unsigned char)*line)) {
        if (*block)
            read_fact(*block, location, line + strspn(line, " \t"));
        else
            error_at(location, "a fact stands before any name");
        return;
    }
    finish_block(*block);
    *block = arena_allocate(sizeof **block);
    *VECTOR_ADD(notes->blocks, notes->block_count) = *block;
    read_globs(*block, location, line);
}

bool notes_read(struct notes *notes, const char *path)
{
    FILE *stream = fopen(path, "r");
    struct location location = {arena_copy(path), 0};
    struct notes_block *block = NULL;
    char line[1024];

    if (!stream) {
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    while (fgets(line, sizeof line, stream)) {
        location.line++;
        if (!strchr(line, '\n') && !feof(stream)) {
            error_at(location, "the line is longer than %zu characters", sizeof line - 2);
            for (int c = fgetc(stream); c != '\n' && c != EOF;)
                c = fgetc(stream);
            continue;
        }
        read_line(notes, location, line, &block);
    }
    finish_block(block);
    fclose(stream);
    notes->subject = NULL;
    return true;
}

static void match_block(struct notes *notes, struct notes_block *block, const char *subject)
{
    const size_t length = strlen(subject);
    const char *capture = NULL;
    bool matched = false;

    for (size_t i = 0; i < block->glob_count; i++) {
        struct glob *glob = &block->globs[i];
        const char *found = NULL;

        /* Most differ behind "virDomain", so they are compared from the end of the prefix. */
        if (glob->prefix > length ||
            (glob->prefix && glob->text[glob->prefix - 1] != subject[glob->prefix - 1]) ||
            strncmp(glob->text, subject, glob->prefix) != 0 ||
            !glob_match(glob->text, subject, &found))
            continue;
        glob->matched = true;
        matched = true;
        if (!capture)
            capture = found;
    }
    for (size_t i = 0; matched && i < block->fact_count; i++) {
        struct fact_source *source = block->facts[i];

        source->matched = true;
        *VECTOR_ADD(notes->matches, notes->match_count) = (struct fact){
            .location = source->location,
            .key = source->key,
            .words = source->words,
            .word_count = source->word_count,
            .capture = capture,
            .source = source,
        };
    }
}

const struct fact *notes_find(struct notes *notes, const char *subject, const char *key,
                              size_t *count)
{
    *count = 0;
    if (!notes->subject || !text_equal(notes->subject, subject)) {
        notes->subject = arena_copy(subject);
        notes->match_count = 0;
        for (size_t i = 0; i < notes->block_count; i++)
            match_block(notes, notes->blocks[i], subject);
    }
    if (notes->answer_room < notes->match_count) {
        notes->answer_room = notes->match_count * 2;
        notes->answers = arena_allocate(notes->answer_room * sizeof *notes->answers);
    }
    for (size_t i = 0; i < notes->match_count; i++)
        if (text_equal(notes->matches[i].key, key)) {
            notes->matches[i].source->asked = true;
            notes->answers[(*count)++] = notes->matches[i];
        }
    return notes->answers;
}

const struct fact *notes_last(struct notes *notes, const char *subject, const char *key)
{
    size_t count;
    const struct fact *facts = notes_find(notes, subject, key, &count);

    if (!count)
        return NULL;
    struct fact *copy = arena_allocate(sizeof *copy);
    *copy = facts[count - 1];
    return copy;
}

/* Replaces '*' by what the block's first star stood for. */
static const char *with_capture(const struct fact *fact, const char *text)
{
    struct buffer buffer = {0};

    if (!fact->capture || !*fact->capture || !strchr(text, '*'))
        return text;
    for (; *text; text++) {
        if (*text == '*')
            buffer_add(&buffer, fact->capture);
        else
            buffer_add_length(&buffer, text, 1);
    }
    return buffer_text(&buffer);
}

const char *fact_option(const struct fact *fact, const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; i < fact->source->option_count; i++) {
        const char *option = fact->source->options[i];
        if (strncmp(option, name, length) == 0 && option[length] == '=') {
            fact->source->option_asked[i] = true;
            return with_capture(fact, option + length + 1);
        }
    }
    return NULL;
}

const char *fact_text(const struct fact *fact, size_t first)
{
    struct buffer buffer = {0};

    for (size_t i = first; i < fact->word_count; i++)
        buffer_printf(&buffer, "%s%s", i > first ? " " : "", fact->words[i]);
    return with_capture(fact, buffer_text(&buffer));
}

void fact_applied(const struct fact *fact, size_t word, bool changed)
{
    fact->source->applied[word] = true;
    fact->source->changed[word] = fact->source->changed[word] || changed;
}

void fact_used(const struct fact *fact)
{
    for (size_t i = 0; i < fact->word_count + 1; i++)
        fact_applied(fact, i, true);
}

void fact_error(const struct fact *fact, const char *format, ...)
{
    va_list arguments;

    if (fact->source->reported)
        return; /* it is asked for several subjects */
    fact->source->reported = true;
    va_start(arguments, format);
    error_at_list(fact->location, format, arguments);
    va_end(arguments);
}

static void check_fact(const struct fact_source *fact)
{
    if (!fact->matched || fact->reported)
        return; /* that, or its globs, have been reported */
    if (!fact->asked) {
        error_at(fact->location, "'%s' is not a fact that is known here", fact->key);
        return;
    }
    for (size_t i = 0; i < fact->option_count; i++)
        if (!fact->option_asked[i]) {
            error_at(fact->location, "%s: the option '%s' is not known here", fact->key,
                     fact->options[i]);
            return;
        }
    const size_t count = fact->word_count ? fact->word_count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *word = fact->word_count ? fact->words[i] : fact->key;
        if (!fact->applied[i])
            error_at(fact->location, "%s %s: nothing here is called '%s'", fact->key, word, word);
        else if (!fact->changed[i])
            error_at(fact->location, "%s %s: this holds without the note", fact->key, word);
    }
}

void notes_check(const struct notes *notes)
{
    for (size_t i = 0; i < notes->block_count; i++) {
        const struct notes_block *block = notes->blocks[i];

        for (size_t j = 0; j < block->glob_count; j++)
            if (!block->globs[j].matched)
                error_at(block->globs[j].location, "%s matches nothing", block->globs[j].text);
        for (size_t j = 0; j < block->fact_count; j++)
            check_fact(block->facts[j]);
    }
}

size_t notes_line_count(const struct notes *notes)
{
    return notes->line_count;
}
