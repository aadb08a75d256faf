/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every command that plans starts with: descriptions, notes, plans, checks. */
#include <unistd.h>

#include "check.h"
#include "commands.h"
#include "xml.h"

static const char *notes_path(const struct options *options)
{
    return options->notes ? options->notes : arena_printf("%s/libvirt.notes", options->facts);
}

bool load_plans(const struct options *options, struct loaded *loaded)
{
    const char *folders[2];
    size_t count = 0;

    if (options->alone) {
        folders[count++] = options->alone;
    } else {
        folders[count++] = options->facts;
        if (options->installed && access(options->installed, R_OK) == 0)
            folders[count++] = options->installed;
    }
    loaded->api = xml_read(folders, count);
    loaded->notes = notes_new();
    if (!loaded->api || error_count() || !notes_read(loaded->notes, notes_path(options)))
        return false;
    loaded->plans = plans_make(loaded->api, loaded->notes);
    check_plans(loaded->plans);
    /* A description alone may be an older one, which lacks what the notes speak of; and where
     * planning stopped, notes were not come to. */
    if (!options->alone && !error_count())
        notes_check(loaded->notes);
    return error_count() == 0;
}

const struct names *load_names(const struct options *options, const struct backend *backend)
{
    const char *path = arena_printf("%s/%s/names", options->bindings, backend->name);

    return names_read(backend->name, path);
}
