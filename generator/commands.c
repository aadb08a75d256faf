/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The subcommands that look: check, coverage, dump, explain, facts. */
#include "commands.h"

#include <stdio.h>

#include "check.h"
#include "dump.h"
#include "facts.h"
#include "xml.h"

static void print(const struct buffer *buffer)
{
    fputs(buffer_text(buffer), stdout);
}

static int failed(void)
{
    fprintf(stderr, "libvirt-bindgen: %u error%s\n", error_count(), error_count() == 1 ? "" : "s");
    return 1;
}

/* The plans of the functions named on the command line, or all. */
static bool each_chosen(const struct options *options, const struct plans *plans,
                        struct buffer *buffer,
                        void (*add)(struct buffer *buffer, const struct plan *plan))
{
    for (size_t i = 0; i < options->argument_count; i++) {
        const struct plan *plan = plans_find(plans, options->arguments[i]);
        if (!plan) {
            error_at((struct location){0}, "no function is named %s", options->arguments[i]);
            return false;
        }
        add(buffer, plan);
    }
    for (size_t i = 0; !options->argument_count && i < plans->plan_count; i++)
        add(buffer, &plans->plans[i]);
    return true;
}

static void add_left_out(struct buffer *buffer, const struct plans *plans)
{
    for (size_t i = 0; i < plans->plan_count; i++)
        if (plans->plans[i].kind == PLAN_HELPER)
            buffer_printf(buffer, "  left out: %s: %s\n", plans->plans[i].function->name,
                          plans->plans[i].reason);
}

int command_check(const struct options *options)
{
    struct loaded loaded;
    struct buffer buffer = {0};

    if (!load_plans(options, &loaded))
        return failed();
    if (options->why || options->argument_count) {
        if (!each_chosen(options, loaded.plans, &buffer,
                         options->why ? dump_reasons : dump_plan_line))
            return failed();
    } else {
        add_left_out(&buffer, loaded.plans);
    }
    const struct check_counts counts = check_count(loaded.plans);
    buffer_printf(&buffer, "libvirt %s: %zu functions: %zu planned, %zu overridden, %zu left out\n",
                  version_text(loaded.api->version), loaded.plans->plan_count, counts.planned,
                  counts.overridden, counts.helpers);
    buffer_printf(
        &buffer, "%zu constants: %zu enumerators and %zu strings; %zu numbers beside them\n",
        counts.enumerators + counts.strings, counts.enumerators, counts.strings, counts.numbers);
    buffer_printf(&buffer, "%zu structs, %zu handles, %zu callback types; %zu lines of notes\n",
                  counts.records, counts.handles, counts.callbacks, notes_line_count(loaded.notes));
    print(&buffer);
    return 0;
}

int command_dump(const struct options *options)
{
    struct loaded loaded;
    struct buffer buffer = {0};

    if (!load_plans(options, &loaded))
        return failed();
    (options->table ? dump_table : dump_plans)(&buffer, loaded.plans);
    print(&buffer);
    return 0;
}

int command_coverage(const struct options *options)
{
    struct loaded loaded;

    if (!load_plans(options, &loaded))
        return failed();
    printf("%-10s %9s %9s\n", "language", "functions", "of");
    for (size_t i = 0; backends[i]; i++) {
        const struct emission emission = {loaded.plans, load_names(options, backends[i])};
        size_t reached = 0;
        size_t callable = 0;

        for (size_t j = 0; j < loaded.plans->plan_count; j++) {
            const struct plan *plan = &loaded.plans->plans[j];
            if (plan->kind == PLAN_HELPER)
                continue;
            callable++;
            reached += backends[i]->explain(&emission, plan) != NULL;
        }
        printf("%-10s %9zu %9zu\n", backends[i]->title, reached, callable);
    }
    return error_count() ? failed() : 0;
}

int command_explain(const struct options *options)
{
    struct loaded loaded;
    struct buffer buffer = {0};

    if (options->argument_count != 1) {
        fputs("libvirt-bindgen: explain takes one function\n", stderr);
        return 2;
    }
    if (!load_plans(options, &loaded))
        return failed();
    const struct plan *plan = plans_find(loaded.plans, options->arguments[0]);
    if (!plan) {
        error_at((struct location){0}, "no function is named %s", options->arguments[0]);
        return failed();
    }
    buffer_printf(&buffer, "%s\n", function_prototype(plan->function));
    dump_reasons(&buffer, plan);
    for (size_t i = 0; backends[i]; i++) {
        const struct emission emission = {loaded.plans, load_names(options, backends[i])};
        const char *text = backends[i]->explain(&emission, plan);
        buffer_printf(&buffer, "%s: %s\n", backends[i]->title, text ? text : "left out");
    }
    print(&buffer);
    return 0;
}

int command_facts(const struct options *options)
{
    const char *folder = options->alone ? options->alone : options->installed;

    if (!folder || !options->output) {
        fputs("libvirt-bindgen: facts takes --api DIR and --output DIR\n", stderr);
        return 2;
    }
    const struct api *api = xml_read(&folder, 1);
    if (!api || error_count())
        return failed();
    struct output *output = output_new(options->output);
    facts_write(api, output);
    return output_finish(output) ? 0 : failed();
}
