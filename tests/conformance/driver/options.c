/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "text.h"

static const struct option long_options[] = {
    {"source", required_argument, NULL, 's'},   {"build", required_argument, NULL, 'b'},
    {"language", required_argument, NULL, 'l'}, {"leg", required_argument, NULL, 'g'},
    {"case", required_argument, NULL, 'c'},     {"variable", required_argument, NULL, 'v'},
    {"without", required_argument, NULL, 'w'},  {"jobs", required_argument, NULL, 'j'},
    {"seconds", required_argument, NULL, 't'},  {"translate", required_argument, NULL, 'r'},
    {"verbose", no_argument, NULL, 'V'},        {"established", no_argument, NULL, 'e'},
    {"junit", required_argument, NULL, 'u'},    {"html", required_argument, NULL, 'h'},
    {"help", no_argument, NULL, 'H'},           {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: conformance [OPTION …]\n"
    "Plays the same steps in C and in each language, and compares what came back.\n"
    "\n"
    "  --language NAME        only this language; may be repeated, as --leg\n"
    "  --leg LEG              only this leg: driver, daemon …\n"
    "  --case PART            only cases with this in \"LEG/FILE: name\"\n"
    "  --variable NAME=VALUE  what $NAME stands for in cases: uri, uri2, admin for a daemon's\n"
    "  --without NAME=WHY     why the variable $NAME is not given\n"
    "  --jobs N               so many files of cases side by side (default: one a processor)\n"
    "  --seconds N            so long a step may take (default: 10)\n"
    "  --established          play the established bindings in place of ours: what they have must\n"
    "                         be as in C, or in bindings/LANG/conformance/differences\n"
    "  --translate MANIFEST   play nothing: translate lines of standard input for who asks a "
    "runner\n"
    "                         itself, {\"request\": R} or {\"request\": R, \"answer\": A}\n"
    "  --verbose              show what came of every step\n"
    "  --junit FILE           write the results as JUnit's XML\n"
    "  --html FILE            write the matrix, function by function, as a page\n"
    "  --build DIR            where all is built (default: build)\n"
    "  --source DIR           where the cases and languages are (default: .)\n";

_Noreturn static void usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

_Noreturn static void usage(const char *format, ...)
{
    va_list arguments;

    fputs("conformance: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputs("; see conformance --help\n", stderr);
    exit(2);
}

static unsigned number(const char *option, const char *text)
{
    char *end = NULL;
    const unsigned long value = strtoul(text, &end, 10);

    if (!*text || *end || !value || value > 100000)
        usage("--%s takes a number from 1 on, not \"%s\"", option, text);
    return (unsigned)value;
}

/* NAME=VALUE; a '$' in the value is no name. */
static void add_variable(struct json_object *variables, const char *text)
{
    const char *equals = strchr(text, '=');
    struct buffer value = {0};

    if (!equals || equals == text)
        usage("--variable takes NAME=VALUE, not \"%s\"", text);
    for (const char *c = equals + 1; *c; c++)
        buffer_add(&value, *c == '$' ? "$$" : arena_copy_length(c, 1));
    json_object_object_add(variables, arena_copy_length(text, (size_t)(equals - text)),
                           json_object_new_string(buffer_text(&value)));
}

/* NAME=WHY */
static void add_reason(struct json_object *reasons, const char *text)
{
    const char *equals = strchr(text, '=');

    if (!equals || equals == text)
        usage("--without takes NAME=WHY, not \"%s\"", text);
    json_object_object_add(reasons, arena_copy_length(text, (size_t)(equals - text)),
                           json_object_new_string(equals + 1));
}

static const char *folder(const char *option, const char *path)
{
    char *real = realpath(path, NULL);

    if (!real)
        usage("--%s: there is no %s", option, path);
    const char *copy = arena_copy(real);
    free(real);
    return copy;
}

static void set(struct options *options, int option, const char *value)
{
    switch (option) {
    case 's':
        options->source = value;
        return;
    case 'b':
        options->build = value;
        return;
    case 'l':
        *VECTOR_ADD(options->languages, options->language_count) = value;
        return;
    case 'g':
        *VECTOR_ADD(options->legs, options->leg_count) = value;
        return;
    case 'c':
        options->part = value;
        return;
    case 'v':
        add_variable(options->variables, value);
        return;
    case 'w':
        add_reason(options->without, value);
        return;
    case 'j':
        options->jobs = number("jobs", value);
        return;
    case 't':
        options->seconds = number("seconds", value);
        return;
    case 'r':
        options->translate = value;
        return;
    case 'V':
        options->verbose = true;
        return;
    case 'e':
        options->established = true;
        return;
    case 'u':
        options->junit = value;
        return;
    case 'h':
        options->html = value;
        return;
    }
}

struct options options_read(int argc, char **argv)
{
    struct options options = {
        .source = ".",
        .build = "build",
        .variables = json_object_new_object(),
        .without = json_object_new_object(),
        .jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
        .seconds = 10,
    };
    int which = 0;

    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", long_options, &which)) != -1;) {
        if (option == ':')
            usage("%s takes a value", argv[optind - 1]);
        if (option == '?')
            usage("no such option: %s", argv[optind - 1]);
        if (option == 'H') {
            fputs(help, stdout);
            exit(0);
        }
        set(&options, option, optarg);
    }
    if (optind < argc)
        usage("there is no argument but options: %s", argv[optind]);
    options.source = folder("source", options.source);
    options.build = folder("build", options.build);
    options.source_prefix = text_equal(options.source, folder("source", "."))
                                ? ""
                                : arena_printf("%s/", options.source);
    return options;
}
