/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "case.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "value.h"

enum { EVENT_SECONDS = 5 };

/* What the line before was part of. */
enum section { SECTION_NONE, SECTION_TEXT, SECTION_STEPS };

struct reader {
    struct case_file *file;
    const struct case_words *words;
    struct location location;
    struct scope scope;
    struct json_object *set_up_answers;
    const char *including; /* the file that includes the one being read; NULL: it is not included */

    enum section section;
    struct location section_location;
    const char *text_name;
    struct buffer text;
    unsigned text_lines;
    struct case_steps *steps;
    size_t indent; /* of the steps */
    struct step *step;
};

static struct cursor cursor_at(struct reader *reader, const char *at)
{
    return (struct cursor){reader->location, at, &reader->scope, false};
}

/* True where nothing else stands on the line. */
static bool ends_here(struct cursor *cursor)
{
    if (cursor_at_end(cursor))
        return true;
    error_at(cursor->location, "nothing may follow here: %s", cursor->at);
    return false;
}

/* A text in quotes without names in it, arena memory. */
static const char *read_quoted(struct cursor *cursor, const char *what)
{
    struct expression *expression;
    struct json_object *value = NULL;
    const char *trouble = NULL;
    const struct store nothing = {json_object_new_object(), NULL, "$folder"};
    const char *text = NULL;

    if (cursor_at_end(cursor) || *cursor->at != '"') {
        error_at(cursor->location, "%s is text in quotes", what);
    } else {
        expression = cursor_expression(cursor);
        if (expression && expression_evaluate(expression, &nothing, &value, &trouble))
            text = arena_copy(value_text(value));
        else if (expression)
            error_at(cursor->location, "%s is text without names in it", what);
    }
    json_object_put(value);
    json_object_put(nothing.texts);
    return text;
}

static struct json_object *copy_of(struct json_object *names)
{
    struct json_object *copy = json_object_new_object();

    json_object_object_foreach(names, name, value)
    {
        json_object_object_add(copy, name, json_object_get(value));
    }
    return copy;
}

/* What is now complete, because another section or the end comes. */
static void finish_section(struct reader *reader)
{
    if (reader->section == SECTION_TEXT) {
        if (!reader->text_lines)
            error_at(reader->section_location, "the text %s has no lines: they begin with '|'",
                     reader->text_name);
        json_object_object_add(reader->file->texts, reader->text_name,
                               json_object_new_string(buffer_text(&reader->text)));
    } else if (reader->section == SECTION_STEPS) {
        if (!reader->steps->count)
            error_at(reader->section_location, "no steps follow");
        if (reader->steps == &reader->file->set_up) {
            json_object_put(reader->set_up_answers);
            reader->set_up_answers = copy_of(reader->scope.answers);
        }
    }
    json_object_put(reader->scope.answers);
    reader->scope.answers = json_object_new_object();
    reader->section = SECTION_NONE;
    reader->step = NULL;
}

static bool is_taken(struct cursor *cursor, const char *name)
{
    if (!expression_is_place(name) && !expression_is_variable(name) &&
        !value_has(cursor->scope->texts, name))
        return false;
    error_at(cursor->location, "$%s is something else already", name);
    return true;
}

/* text NAME */
static void begin_text(struct reader *reader, struct cursor *cursor)
{
    const char *name = cursor_at_end(cursor) ? NULL : cursor_name(cursor);

    reader->section = SECTION_TEXT;
    reader->text_name = name ? name : "";
    reader->text = (struct buffer){0};
    reader->text_lines = 0;
    if (!name)
        error_at(cursor->location, "a text needs a name of letters, digits and '_'");
    else if (ends_here(cursor))
        is_taken(cursor, name);
}

/* What the set-up keeps can be named. */
static void name_set_up_answers(struct reader *reader)
{
    if (!reader->set_up_answers)
        return;
    json_object_put(reader->scope.answers);
    reader->scope.answers = copy_of(reader->set_up_answers);
}

static void begin_steps(struct reader *reader, struct case_steps *steps)
{
    reader->section = SECTION_STEPS;
    reader->steps = steps;
    reader->indent = 0;
    steps->location = reader->location;
}

/* set-up */
static void begin_set_up(struct reader *reader, struct cursor *cursor)
{
    if (reader->file->set_up.location.line)
        error_at(cursor->location, "there is a set-up already, in line %d",
                 reader->file->set_up.location.line);
    else if (reader->file->count)
        error_at(cursor->location, "the set-up stands before the cases");
    begin_steps(reader, &reader->file->set_up);
    ends_here(cursor);
}

/* clean-up */
static void begin_clean_up(struct reader *reader, struct cursor *cursor)
{
    struct case_file *file = reader->file;

    if (file->clean_up.location.line)
        error_at(cursor->location, "there is a clean-up already, in line %d",
                 file->clean_up.location.line);
    else if (file->count)
        error_at(cursor->location, "the clean-up stands before the cases");
    name_set_up_answers(reader);
    begin_steps(reader, &file->clean_up);
    ends_here(cursor);
}

static bool read_lines(struct reader *reader, const char *path);

/* include "file" */
static void begin_include(struct reader *reader, struct cursor *cursor)
{
    const struct location location = reader->location;
    const char *name = read_quoted(cursor, "an included file");
    const char *slash = strrchr(location.file, '/');

    if (!name || !ends_here(cursor))
        return;
    if (reader->including) {
        error_at(location, "an included file includes no other");
        return;
    }
    reader->including = location.file;
    if (!read_lines(reader, arena_printf("%.*s%s", slash ? (int)(slash + 1 - location.file) : 0,
                                         location.file, name)))
        error_at(location, "cannot read %s: %s", name, strerror(errno));
    finish_section(reader);
    reader->including = NULL;
    reader->location = location;
}

/* alone */
static void begin_alone(struct reader *reader, struct cursor *cursor)
{
    if (reader->file->alone)
        error_at(cursor->location, "the file is alone already");
    else if (reader->file->set_up.location.line || reader->file->count)
        error_at(cursor->location, "alone stands before the set-up and the cases");
    reader->file->alone = true;
    ends_here(cursor);
}

/* case "name" */
static void begin_case(struct reader *reader, struct cursor *cursor)
{
    struct case_file *file = reader->file;
    const char *name = read_quoted(cursor, "a case's name");
    struct case_steps *steps;

    for (size_t i = 0; name && i < file->count; i++)
        if (text_equal(file->cases[i].name, name))
            error_at(cursor->location, "there is a case of this name already, in line %d",
                     file->cases[i].location.line);
    if (name)
        ends_here(cursor);
    steps = VECTOR_ADD(file->cases, file->count);
    steps->name = name ? name : "";
    name_set_up_answers(reader);
    begin_steps(reader, steps);
}

static void read_top(struct reader *reader, const char *line)
{
    static const struct {
        const char *word;
        void (*begin)(struct reader *reader, struct cursor *cursor);
        bool included; /* may stand in an included file */
    } sections[] = {{"text", begin_text, true},      {"include", begin_include, true},
                    {"set-up", begin_set_up, false}, {"clean-up", begin_clean_up, false},
                    {"alone", begin_alone, false},   {"case", begin_case, false}};

    finish_section(reader);
    reader->section_location = reader->location;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const size_t length = strlen(sections[i].word);

        if (strncmp(line, sections[i].word, length) == 0 &&
            (!line[length] || line[length] == ' ')) {
            struct cursor cursor = cursor_at(reader, line + length);

            if (reader->including && !sections[i].included)
                error_at(reader->location, "in an included file stand texts alone");
            else
                sections[i].begin(reader, &cursor);
            return;
        }
    }
    error_at(
        reader->location,
        "\"text\", \"include\", \"alone\", \"set-up\", \"clean-up\" or \"case\" is wanted here: %s",
        line);
}

/* A line of a text: what stands behind "| ". */
static void read_text_line(struct reader *reader, const char *line)
{
    struct cursor cursor;

    if (*line != '|') {
        error_at(reader->location, "a line of a text begins with '|'");
        return;
    }
    line += line[1] == ' ' ? 2 : 1;
    cursor = cursor_at(reader, line);
    expression_check_text(&cursor, line);
    if (reader->text_lines++)
        buffer_add(&reader->text, "\n");
    buffer_add(&reader->text, line);
}

static bool read_arguments(struct step *step, struct cursor *cursor)
{
    while (!cursor_at_end(cursor)) {
        struct expression *argument = cursor_expression(cursor);

        if (!argument)
            return false;
        *VECTOR_ADD(step->arguments, step->argument_count) = argument;
    }
    return true;
}

static bool read_call(struct reader *reader, struct step *step, struct cursor *cursor)
{
    struct json_object *function = value_field(reader->words->functions, step->name);

    if (!function) {
        error_at(step->location, "no function is named %s", step->name);
        return false;
    }
    step->kind = STEP_CALL;
    step->declared = json_object_array_length(value_field(function, "arguments"));
    return read_arguments(step, cursor);
}

static bool read_count(struct cursor *cursor, const char *what, unsigned *count)
{
    char *end = NULL;

    if (cursor_at_end(cursor) || !isdigit((unsigned char)*cursor->at)) {
        error_at(cursor->location, "%s is missing", what);
        return false;
    }
    *count = (unsigned)strtoul(cursor->at, &end, 10);
    cursor->at = end;
    return true;
}

/* events NAME COUNT [seconds] */
static bool read_events(struct reader *reader, struct step *step, struct cursor *cursor)
{
    (void)reader;
    step->kind = STEP_EVENTS;
    step->seconds = EVENT_SECONDS;
    step->name = cursor_at_end(cursor) ? NULL : cursor_name(cursor);
    if (!step->name) {
        error_at(step->location, "the name of a $callback is missing");
        return false;
    }
    return read_count(cursor, "how many calls must come", &step->events) &&
           (cursor_at_end(cursor) ||
            (read_count(cursor, "the number of seconds", &step->seconds) && ends_here(cursor)));
}

/* forget $name … */
static bool read_forget(struct reader *reader, struct step *step, struct cursor *cursor)
{
    (void)reader;
    step->kind = STEP_FORGET;
    if (!read_arguments(step, cursor))
        return false;
    for (size_t i = 0; i < step->argument_count; i++)
        if (!expression_is_reference(step->arguments[i]))
            step->argument_count = 0;
    if (!step->argument_count)
        error_at(step->location, "what is forgotten is written $name");
    return step->argument_count;
}

static bool read_constants(struct reader *reader, struct step *step, struct cursor *cursor)
{
    (void)reader;
    step->kind = STEP_CONSTANTS;
    return ends_here(cursor);
}

/* file "$folder/name" TEXT */
static bool read_file(struct reader *reader, struct step *step, struct cursor *cursor)
{
    (void)reader;
    step->kind = STEP_FILE;
    if (!read_arguments(step, cursor))
        return false;
    if (step->argument_count == 2 && expression_is_in_folder(step->arguments[0]))
        return true;
    error_at(step->location, "a file is written: file \"$folder/name\" TEXT");
    return false;
}

/* copy FROM "$folder/name" */
static bool read_copy(struct reader *reader, struct step *step, struct cursor *cursor)
{
    (void)reader;
    step->kind = STEP_COPY;
    if (!read_arguments(step, cursor))
        return false;
    if (step->argument_count == 2 && expression_is_in_folder(step->arguments[1]))
        return true;
    error_at(step->location, "a file is copied: copy FROM \"$folder/name\"");
    return false;
}

/* needs FUNCTION */
static bool read_needs(struct reader *reader, struct step *step, struct cursor *cursor)
{
    step->kind = STEP_NEEDS;
    step->name = cursor_at_end(cursor) ? NULL : cursor_name(cursor);
    if (step->name && value_has(reader->words->functions, step->name))
        return ends_here(cursor);
    error_at(step->location, "needs takes the name of a function");
    return false;
}

static const struct {
    const char *word;
    bool (*read)(struct reader *reader, struct step *step, struct cursor *cursor);
    bool answers;
} step_words[] = {
    {"events", read_events, true},        {"forget", read_forget, false},
    {"constants", read_constants, false}, {"file", read_file, false},
    {"copy", read_copy, false},           {"needs", read_needs, false},
};

static const char *trimmed(const char *line)
{
    size_t length = strlen(line);

    while (length && line[length - 1] == ' ')
        length--;
    return arena_copy_length(line, length);
}

/* NAME = */
static void read_keep(struct step *step, struct cursor *cursor)
{
    const char *start = cursor->at;
    const char *name = cursor_name(cursor);

    if (name && !cursor_at_end(cursor) && cursor->at[0] == '=' && cursor->at[1] == ' ') {
        cursor->at++;
        cursor_at_end(cursor);
        step->keep = name;
    } else {
        cursor->at = start;
    }
}

static bool read_step_words(struct reader *reader, struct step *step, struct cursor *cursor)
{
    const char *name = cursor_name(cursor);

    if (!name) {
        error_at(cursor->location, "a step begins with the name of a function");
        return false;
    }
    for (size_t i = 0; i < sizeof step_words / sizeof *step_words; i++)
        if (text_equal(step_words[i].word, name)) {
            if (step->keep && !step_words[i].answers) {
                error_at(cursor->location, "%s has no answer that could be kept", name);
                return false;
            }
            return step_words[i].read(reader, step, cursor);
        }
    step->name = name;
    return read_call(reader, step, cursor);
}

static void finish_step(struct reader *reader)
{
    struct step *step = reader->step;

    if (!step)
        return;
    if (step->argument_count > step->declared && step->kind == STEP_CALL &&
        step->expectation != EXPECT_WRONG_USE)
        error_at(step->location, "%s takes %zu arguments, there are %zu", step->name,
                 step->declared, step->argument_count);
    if (step->keep && (step->expectation == EXPECT_ERROR || step->expectation == EXPECT_WRONG_USE))
        error_at(step->location, "%s must fail, so there is no answer to keep", step->name);
    if (step->within && step->expectation == EXPECT_WORKS)
        error_at(step->location, "within needs an is, has or fails that says what for");
    reader->step = NULL;
}

static void read_step(struct reader *reader, const char *line)
{
    struct cursor cursor = cursor_at(reader, line);
    struct step *step = arena_allocate(sizeof *step);

    finish_step(reader);
    step->location = reader->location;
    step->text = trimmed(line);
    read_keep(step, &cursor);
    reader->step = step;
    *VECTOR_ADD(reader->steps->steps, reader->steps->count) = step;
    if (!read_step_words(reader, step, &cursor)) {
        /* Its qualifiers are read all the same, its answer can be named. */
        step->declared = step->argument_count;
        if (!step->name)
            step->name = "";
    }
    if (step->keep && !is_taken(&cursor, step->keep))
        json_object_object_add(reader->scope.answers, step->keep, json_object_new_boolean(true));
}

static void expect(struct step *step, struct cursor *cursor, enum expectation expectation)
{
    if (step->expectation != EXPECT_WORKS)
        error_at(cursor->location, "the step has one of is, has, fails and wrong-use already");
    step->expectation = expectation;
}

/* is VALUE */
static void read_is(struct step *step, struct cursor *cursor)
{
    expect(step, cursor, EXPECT_ANSWER);
    cursor->marks = true;
    step->answer = cursor_expression(cursor);
    if (step->answer)
        ends_here(cursor);
}

/* ["part of the message"] */
static void read_part(struct step *step, struct cursor *cursor)
{
    if (cursor_at_end(cursor))
        return;
    step->part = read_quoted(cursor, "a part of the message");
    if (step->part)
        ends_here(cursor);
}

/* fails CODE [DOMAIN] ["part of the message"] */
static void read_fails(struct step *step, struct cursor *cursor)
{
    expect(step, cursor, EXPECT_ERROR);
    if (!cursor_integer(cursor, "the error's code", &step->code))
        return;
    if (!cursor_at_end(cursor) && *cursor->at != '"' &&
        !cursor_integer(cursor, "the error's domain", &step->domain))
        return;
    read_part(step, cursor);
}

/* has "part of the answer" */
static void read_has(struct step *step, struct cursor *cursor)
{
    expect(step, cursor, EXPECT_PART);
    step->part = read_quoted(cursor, "a part of the answer");
    if (step->part)
        ends_here(cursor);
    else
        step->part = "";
}

/* wrong-use ["part of the message"] */
static void read_wrong_use(struct step *step, struct cursor *cursor)
{
    expect(step, cursor, EXPECT_WRONG_USE);
    read_part(step, cursor);
}

static void set_extent(struct step *step, struct cursor *cursor, enum extent extent)
{
    if (step->extent_given)
        error_at(cursor->location, "the step has one of shape and varies already");
    step->extent = extent;
    step->extent_given = true;
    ends_here(cursor);
}

static void read_shape(struct step *step, struct cursor *cursor)
{
    set_extent(step, cursor, EXTENT_SHAPE);
}

static void read_varies(struct step *step, struct cursor *cursor)
{
    set_extent(step, cursor, EXTENT_NOTHING);
}

/* within SECONDS: what comes at last is what the step says, so C's need not be compared. */
static void read_within(struct step *step, struct cursor *cursor)
{
    if (step->within)
        error_at(cursor->location, "the step has a within already");
    if (read_count(cursor, "the number of seconds", &step->within))
        set_extent(step, cursor, EXTENT_NOTHING);
}

static const struct {
    const char *word;
    void (*read)(struct step *step, struct cursor *cursor);
    bool of_events; /* may stand below events */
} qualifiers[] = {
    {"is", read_is, true},          {"has", read_has, false},
    {"fails", read_fails, false},   {"wrong-use", read_wrong_use, false},
    {"shape", read_shape, true},    {"varies", read_varies, true},
    {"within", read_within, false},
};

static void read_qualifier(struct reader *reader, const char *line)
{
    struct step *step = reader->step;
    const size_t length = strcspn(line, " ");
    struct cursor cursor = cursor_at(reader, line + length);

    for (size_t i = 0; i < sizeof qualifiers / sizeof *qualifiers; i++) {
        if (strncmp(line, qualifiers[i].word, length) != 0 || qualifiers[i].word[length])
            continue;
        if (step->kind != STEP_CALL && !(step->kind == STEP_EVENTS && qualifiers[i].of_events))
            error_at(reader->location, "%s does not stand below such a step", qualifiers[i].word);
        else
            qualifiers[i].read(step, &cursor);
        return;
    }
    error_at(reader->location,
             "is, has, fails, wrong-use, shape, varies or within is wanted here: %s", line);
}

/* A line of a case or of the set-up: steps all have the indentation of the first one. */
static void read_step_line(struct reader *reader, const char *line, size_t indent)
{
    if (!reader->indent)
        reader->indent = indent;
    if (indent == reader->indent)
        read_step(reader, line);
    else if (indent > reader->indent)
        read_qualifier(reader, line);
    else
        error_at(reader->location, "the line is indented less than the steps above it");
}

static void read_line(struct reader *reader, char *line)
{
    const size_t indent = strspn(line, " ");
    const char *content = line + indent;

    if (reader->section == SECTION_TEXT && indent && *content && *content != '#') {
        read_text_line(reader, content);
        return;
    }
    if (!*content || *content == '#')
        return;
    if (*content == '\t')
        error_at(reader->location, "lines are indented with blanks, not with tabs");
    else if (!indent) {
        finish_step(reader);
        read_top(reader, content);
    } else if (reader->section == SECTION_STEPS)
        read_step_line(reader, content, indent);
    else
        error_at(reader->location, "the line belongs to no text, set-up or case");
}

/* All lines of a file; false: errno says why there are none. */
static bool read_lines(struct reader *reader, const char *path)
{
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    bool failed;

    if (!stream)
        return false;
    reader->location = (struct location){arena_copy(path), 0};
    for (ssize_t length; (length = getline(&line, &room, stream)) >= 0;) {
        reader->location.line++;
        line[length && line[length - 1] == '\n' ? length - 1 : length] = '\0';
        read_line(reader, line);
    }
    failed = ferror(stream);
    free(line);
    fclose(stream);
    return !failed;
}

struct case_file *case_file_read(const char *path, const char *leg, const char *name,
                                 const struct case_words *words)
{
    const unsigned errors = error_count();
    struct reader reader = {.words = words, .location = {arena_copy(path), 0}};
    struct case_file *file = arena_allocate(sizeof *file);

    *file = (struct case_file){.path = reader.location.file,
                               .leg = leg,
                               .name = name,
                               .texts = value_keep(copy_of(words->variables))};
    reader.file = file;
    reader.scope = (struct scope){
        .constants = words->constants, .texts = file->texts, .answers = json_object_new_object()};
    if (!read_lines(&reader, path))
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
    finish_step(&reader);
    finish_section(&reader);
    if (!file->count && error_count() == errors)
        error_at(reader.location, "there is no case in this file");
    file->missing = reader.scope.missing;
    json_object_put(reader.scope.answers);
    json_object_put(reader.set_up_answers);
    return error_count() == errors ? file : NULL;
}
