/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The subcommands of libvirt-bindgen. Each returns the exit status. */
#pragma once

#include "backend.h"
#include "notes.h"
#include "plan.h"

struct options {
    const char *facts;     /* folder of the committed facts and notes */
    const char *installed; /* folder of the installed description; NULL: none */
    const char *alone;     /* --api: this description and no other */
    const char *notes;     /* a notes file in place of the facts' own */
    const char *bindings;  /* folder with a folder for each language */
    const char *output;
    const char *only; /* --only: what emit is to write: a language, "common" …; NULL: all */
    bool why;
    bool table;
    const char *const *arguments; /* what stands behind the options */
    size_t argument_count;
};

/* What every command that plans starts with. */
struct loaded {
    struct api *api;
    struct notes *notes;
    struct plans *plans;
};
/* False where something was wrong; that has been reported. */
bool load_plans(const struct options *options, struct loaded *loaded);
/* The names of a language, or NULL where it has none. */
const struct names *load_names(const struct options *options, const struct backend *backend);

int command_check(const struct options *options);
int command_coverage(const struct options *options);
int command_diff(const struct options *options);
int command_dump(const struct options *options);
int command_emit(const struct options *options);
int command_explain(const struct options *options);
int command_facts(const struct options *options);
int command_prose(const struct options *options);
