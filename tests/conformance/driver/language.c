/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "language.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "text.h"
#include "value.h"

struct language language_c(const char *build)
{
    const char **command = arena_allocate(2 * sizeof *command);

    command[0] = arena_printf("%s/conformance/reference", build);
    if (access(command[0], X_OK) != 0)
        error_at((struct location){0}, "cannot run %s: %s", command[0], strerror(errno));
    return (struct language){
        .name = "C", .command = command, .environment = arena_allocate(sizeof(char *))};
}

/* $build and $source in a word of a command. */
static const char *replaced(const char *word, const char *build, const char *source)
{
    const struct {
        const char *name;
        const char *value;
    } variables[] = {{"$build", build}, {"$source", source}};
    struct buffer text = {0};

    while (*word) {
        size_t length = 1;
        const char *value = NULL;

        for (size_t i = 0; !value && i < sizeof variables / sizeof *variables; i++)
            if (text_starts(word, variables[i].name)) {
                length = strlen(variables[i].name);
                value = variables[i].value;
            }
        if (value)
            buffer_add(&text, value);
        else
            buffer_add_length(&text, word, length);
        word += length;
    }
    return buffer_text(&text);
}

/* A vector of words that ends with NULL. */
static const char **ended(const char **words, size_t count)
{
    *VECTOR_ADD(words, count) = NULL;
    return words;
}

static bool is_assignment(const char *word)
{
    const size_t length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
                                       "0123456789");

    return length && word[length] == '=';
}

/* NAME=value … PROGRAM ARGUMENT … */
static void read_command(struct language *language, struct location location, char *line,
                         const char *build, const char *source)
{
    const char **environment = NULL;
    size_t environment_count = 0;
    size_t count = 0;
    char *rest = NULL;

    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        const char *text = replaced(word, build, source);

        if (!count && is_assignment(word))
            *VECTOR_ADD(environment, environment_count) = text;
        else
            *VECTOR_ADD(language->command, count) = text;
    }
    if (!count)
        error_at(location, "the line has no program");
    language->command = ended(language->command, count);
    language->environment = ended(environment, environment_count);
}

static void read_command_file(struct language *language, const char *path, const char *build,
                              const char *source)
{
    struct location location = {path, 0};
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;

    if (!stream) {
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
        return;
    }
    while (getline(&line, &room, stream) >= 0) {
        location.line++;
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#')
            continue;
        if (language->command)
            error_at(location, "the command is one line, this is another");
        else
            read_command(language, location, line, build, source);
    }
    if (ferror(stream))
        error_at((struct location){0}, "cannot read %s: %s", path, strerror(errno));
    else if (!language->command)
        error_at(location, "there is no command in this file");
    free(line);
    fclose(stream);
}

static void read_manifest(struct language *language, const char *build)
{
    const char *path = arena_printf("%s/%s/manifest.json", build, language->name);

    language->manifest = json_object_from_file(path);
    if (!language->manifest) {
        const char *problem = arena_copy(json_util_get_last_err());
        error_at((struct location){0}, "cannot read %s: %.*s", path, (int)strcspn(problem, "\n"),
                 problem);
        return;
    }
    value_keep(language->manifest);
    language->functions = value_field(language->manifest, "functions");
    if (!json_object_is_type(language->functions, json_type_object) ||
        !json_object_is_type(value_field(language->manifest, "constants"), json_type_object))
        error_at((struct location){0}, "%s is no manifest: it has no functions and constants",
                 path);
}

static bool is_wanted(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(names[i], name))
            return true;
    return !count;
}

/* bindings/LANG/conformance/FILE */
static const char *language_name(const char *path)
{
    const char *end = strrchr(path, '/') - strlen("/conformance");
    const char *start = end;

    while (start[-1] != '/')
        start--;
    return arena_copy_length(start, (size_t)(end - start));
}

static const struct language *find(const struct language *languages, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(languages[i].name, name))
            return &languages[i];
    return NULL;
}

struct language *languages_find(const char *source, const char *build, const char *const *names,
                                size_t name_count, bool established, size_t *count)
{
    const unsigned errors = error_count();
    const char *file = established ? "established" : "command";
    struct language *languages = NULL;
    glob_t found = {0};

    *count = 0;
    glob(arena_printf("%s/bindings/*/conformance/%s", source, file), 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = language_name(found.gl_pathv[i]);

        if (!is_wanted(name, names, name_count))
            continue;
        struct language *language = VECTOR_ADD(languages, *count);
        language->name = name;
        language->established = established;
        read_command_file(language, arena_copy(found.gl_pathv[i]), build, source);
        read_manifest(language, build);
        if (established)
            language->differences = differences_read(
                arena_printf("%s/bindings/%s/conformance/differences", source, name),
                &language->difference_count);
        language->accepted =
            accepted_read(arena_printf("%s/bindings/%s/conformance/accepted", source, name),
                          &language->accepted_count);
    }
    globfree(&found);
    for (size_t i = 0; i < name_count; i++)
        if (!find(languages, *count, names[i]))
            error_at((struct location){0}, "there is no %s/bindings/%s/conformance/%s", source,
                     names[i], file);
    if (!*count && !name_count)
        error_at((struct location){0}, "there is no %s/bindings/*/conformance/%s", source, file);
    if (error_count() != errors)
        *count = 0;
    return *count ? languages : NULL;
}

static bool is_nothing(struct json_object *value)
{
    return !value || (json_object_is_type(value, json_type_int) && !json_object_get_int64(value)) ||
           value_has(value, "$left-out");
}

bool language_calls_plain(const struct language *language, const char *function,
                          struct json_object *given)
{
    struct json_object *facts = value_field(language->functions, function);
    struct json_object *without = value_field(value_field(facts, "plain"), "without");
    struct json_object *arguments = value_field(facts, "arguments");

    for (size_t i = 0; without && i < json_object_array_length(arguments); i++) {
        struct json_object *name = value_field(json_object_array_get_idx(arguments, i), "name");
        struct json_object *value = json_object_array_get_idx(given, i);

        for (size_t j = 0; j < json_object_array_length(without); j++)
            if (json_object_equal(json_object_array_get_idx(without, j), name) &&
                !is_nothing(value))
                return false;
    }
    return without != NULL;
}

struct json_object *language_tells(const struct language *language, struct json_object *error,
                                   struct json_object *got)
{
    struct json_object *told = json_object_new_object();

    json_object_object_foreach(error, field, value)
    {
        const bool may_be_missing = language->established || text_equal(field, "function");

        if (!got || !may_be_missing || value_has(got, field))
            json_object_object_add(told, field, json_object_get(value));
    }
    return told;
}
