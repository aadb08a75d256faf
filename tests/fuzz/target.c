/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "commands.h"
#include "dump.h"
#include "emit_common.h"
#include "facts.h"

static const char *const files[] = {"libvirt-api.xml", "libvirt-qemu-api.xml",
                                    "libvirt-lxc-api.xml", "libvirt-admin-api.xml", "golden.notes"};

static char folder[] = "/tmp/bindgen-fuzz-XXXXXX";
static char path[sizeof folder + 64];

static void give_up(const char *what)
{
    fprintf(stderr, "fuzz: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void remove_folder(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(target_path(files[i]));
    rmdir(folder);
}

static void copy_file(const char *name)
{
    char from[1024];
    char block[65536];
    size_t length;
    FILE *source, *target;

    snprintf(from, sizeof from, "%s/%s%s", GOLDEN, strstr(name, ".xml") ? "api/" : "", name);
    source = fopen(from, "rb");
    target = fopen(target_path(name), "wb");
    if (!source || !target)
        give_up(from);
    while ((length = fread(block, 1, sizeof block, source)) > 0)
        fwrite(block, 1, length, target);
    fclose(source);
    fclose(target);
}

static void make_folder(void)
{
    static bool made;
    int nowhere;

    if (made)
        return;
    made = true;
    if (!mkdtemp(folder))
        give_up(folder);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        copy_file(files[i]);
    atexit(remove_folder);
    /* What it says of bad input is not of interest here. */
    nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0 && !getenv("FUZZ_VERBOSE"))
        dup2(nowhere, STDOUT_FILENO);
}

const char *target_path(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

void target_write(const char *name, const uint8_t *data, size_t size)
{
    FILE *stream;

    make_folder();
    stream = fopen(target_path(name), "wb");
    if (!stream || fwrite(data, 1, size, stream) != size || fclose(stream) != 0)
        give_up(path);
}

void target_run(void)
{
    const struct options options = {.alone = folder,
                                    .notes = arena_copy(target_path("golden.notes"))};
    struct loaded loaded;
    struct buffer buffer = {0};

    if (load_plans(&options, &loaded)) {
        dump_plans(&buffer, loaded.plans);
        dump_table(&buffer, loaded.plans);
        for (size_t i = 0; i < loaded.plans->plan_count; i++)
            dump_reasons(&buffer, &loaded.plans->plans[i]);
        facts_write(loaded.api, output_new(folder));
        emit_common(loaded.plans, output_new(folder));
        notes_check(loaded.notes);
    }
    errors_forget();
    arena_release();
}
