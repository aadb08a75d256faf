/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "commands.h"

#ifndef BINDGEN_VERSION
#error "BINDGEN_VERSION is given by the Makefile"
#endif

static const struct {
    const char *name;
    int (*run)(const struct options *options);
    const char *arguments;
    const char *help;
} commands[] = {
    {"emit", command_emit, "", "write the generated files into --output"},
    {"check", command_check, "[FUNCTION …]", "plan every symbol, or say what stands in the way"},
    {"coverage", command_coverage, "", "count the symbols that each language reaches"},
    {"explain", command_explain, "FUNCTION", "show a plan, and the function in each language"},
    {"diff", command_diff, "OLD NEW", "compare two descriptions; what waits for a note"},
    {"facts", command_facts, "", "write a description's facts into --output"},
    {"dump", command_dump, "", "print all plans; --table as tab-separated rows"},
    {"prose", command_prose, "", "compare the plans with the words of the documentation"},
};

static const struct option long_options[] = {
    {"facts", required_argument, NULL, 'f'},    {"installed", required_argument, NULL, 'i'},
    {"api", required_argument, NULL, 'a'},      {"notes", required_argument, NULL, 'n'},
    {"bindings", required_argument, NULL, 'b'}, {"output", required_argument, NULL, 'o'},
    {"only", required_argument, NULL, 'l'},     {"why", no_argument, NULL, 'w'},
    {"table", no_argument, NULL, 't'},          {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},        {NULL, 0, NULL, 0},
};

static void print_help(FILE *stream)
{
    fputs("Usage: libvirt-bindgen COMMAND [OPTION …] [ARGUMENT …]\n"
          "Reads libvirt's API descriptions and writes language bindings.\n\n",
          stream);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(stream, "  %-9s %-13s %s\n", commands[i].name, commands[i].arguments,
                commands[i].help);
    fputs("\n"
          "  --facts DIR      the committed facts and notes (default: api-xml)\n"
          "  --installed DIR  the installed description to merge with them, or none\n"
          "                   (default: /usr/share/libvirt/api, where it exists)\n"
          "  --api DIR        read this description alone\n"
          "  --notes FILE     notes to use in place of libvirt.notes beside the facts\n"
          "  --bindings DIR   the folder of the languages (default: bindings)\n"
          "  --output DIR     where to write\n"
          "  --only NAME      emit only this language, or common, header-check, null-probe,\n"
          "                   reference, stand-in\n"
          "  --why            with check: what decided each argument and result\n"
          "  --table          with dump: tab-separated rows with a header\n"
          "  --help, --version\n",
          stream);
}

static int usage(const char *problem, const char *what)
{
    fprintf(stderr, "libvirt-bindgen: %s%s; see libvirt-bindgen --help\n", problem, what);
    return 2;
}

static int run(const char *name, const struct options *options)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (text_equal(commands[i].name, name))
            return commands[i].run(options);
    return usage("no such command: ", name);
}

int main(int argc, char **argv)
{
    struct options options = {
        .facts = "api-xml", .installed = "/usr/share/libvirt/api", .bindings = "bindings"};

    for (int option; (option = getopt_long(argc, argv, "h", long_options, NULL)) != -1;)
        switch (option) {
        case 'f':
            options.facts = optarg;
            break;
        case 'i':
            options.installed = text_equal(optarg, "none") ? NULL : optarg;
            break;
        case 'a':
            options.alone = optarg;
            break;
        case 'n':
            options.notes = optarg;
            break;
        case 'b':
            options.bindings = optarg;
            break;
        case 'o':
            options.output = optarg;
            break;
        case 'l':
            options.only = optarg;
            break;
        case 'w':
            options.why = true;
            break;
        case 't':
            options.table = true;
            break;
        case 'h':
            print_help(stdout);
            return 0;
        case 'V':
            puts("libvirt-bindgen " BINDGEN_VERSION);
            return 0;
        default:
            return 2;
        }
    if (optind == argc)
        return usage("which command?", "");
    options.arguments = (const char *const *)argv + optind + 1;
    options.argument_count = (size_t)(argc - optind - 1);
    const int status = run(argv[optind], &options);
    arena_release();
    return fflush(stdout) == 0 && !ferror(stdout) ? status : 2;
}
