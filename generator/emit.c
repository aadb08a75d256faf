/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `emit`: everything is made in memory and checked before the first file is written. */
#include <stdio.h>

#include "check.h"
#include "commands.h"
#include "emit_common.h"

struct part {
    const char *name;
    void (*emit)(const struct plans *plans, struct output *output);
    bool by_default;
};

/* What no language owns. */
static const struct part parts[] = {
    {"common", emit_common, true},          {"header-check", emit_header_check, false},
    {"null-probe", emit_null_probe, false}, {"reference", emit_reference, false},
    {"stand-in", emit_stand_in, false},
};

static bool is_wanted(const struct options *options, const char *name, bool by_default)
{
    return options->only ? text_equal(options->only, name) : by_default;
}

static struct output *emit_language(const struct options *options, const struct plans *plans,
                                    const struct backend *backend)
{
    const struct emission emission = {plans, load_names(options, backend)};
    struct output *output =
        output_new(arena_printf("%s/%s/generated", options->output, backend->name));

    check_backend(plans, backend);
    if (error_count())
        return NULL;
    backend->emit(&emission, output);
    notes_check(emission.names->notes);
    return output;
}

int command_emit(const struct options *options)
{
    struct loaded loaded;
    struct output *outputs[32];
    size_t count = 0;

    if (!options->output) {
        fputs("libvirt-bindgen: emit takes --output DIR\n", stderr);
        return 2;
    }
    if (!load_plans(options, &loaded))
        return 1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (is_wanted(options, parts[i].name, parts[i].by_default)) {
            outputs[count] = output_new(arena_printf("%s/%s", options->output, parts[i].name));
            parts[i].emit(loaded.plans, outputs[count++]);
        }
    for (size_t i = 0; backends[i]; i++)
        if (is_wanted(options, backends[i]->name, true))
            outputs[count++] = emit_language(options, loaded.plans, backends[i]);
    if (error_count())
        return 1;
    if (!count) {
        error_at((struct location){0}, "there is nothing named %s to emit", options->only);
        return 2;
    }
    for (size_t i = 0; i < count; i++)
        if (!output_finish(outputs[i]))
            return 1;
    return 0;
}
