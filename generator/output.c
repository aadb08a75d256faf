/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a folder of generated files: only what differs, and without leftovers. The names of the
 * files of the last run stand in `.generated` in the folder. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"
#include "text.h"

struct file {
    const char *path;
    struct buffer text;
};

struct output {
    const char *folder;
    struct file *files;
    size_t count;
};

struct output *output_new(const char *folder)
{
    struct output *output = arena_allocate(sizeof *output);

    output->folder = folder;
    return output;
}

void output_add(struct output *output, const char *path, struct buffer *text)
{
    for (size_t i = 0; i < output->count; i++)
        if (text_equal(output->files[i].path, path))
            bug("the file %s is emitted twice", path);
    /* Parts end with an empty line; a file does not. */
    while (text->length > 1 && text->data[text->length - 1] == '\n' &&
           text->data[text->length - 2] == '\n')
        text->data[--text->length] = '\0';
    struct file *file = VECTOR_ADD(output->files, output->count);
    file->path = arena_copy(path);
    file->text = *text;
    *text = (struct buffer){0};
}

static bool refused(const char *what, const char *path)
{
    error_at((struct location){0}, "cannot %s %s: %s", what, path, strerror(errno));
    return false;
}

static bool make_folders(const char *path)
{
    char *copy = arena_copy(path);

    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) < 0 && errno != EEXIST)
            return refused("make the folder", copy);
        *slash = '/';
    }
    return true;
}

static bool is_unchanged(const char *path, const char *text, size_t length)
{
    FILE *stream = fopen(path, "rb");
    bool same = false;

    if (!stream)
        return false;
    char *old = malloc(length + 1);
    if (old)
        same = fread(old, 1, length + 1, stream) == length && memcmp(old, text, length) == 0;
    free(old);
    fclose(stream);
    return same;
}

/* Written beside and renamed, so that nobody ever sees half a file. */
static bool write_file(const char *path, const char *text, size_t length)
{
    if (is_unchanged(path, text, length))
        return true;
    if (!make_folders(path))
        return false;
    const char *beside = arena_printf("%s.new", path);
    FILE *stream = fopen(beside, "wb");
    if (!stream)
        return refused("write", beside);
    const bool written = fwrite(text, 1, length, stream) == length;
    if (fclose(stream) != 0 || !written)
        return refused("write", beside);
    if (rename(beside, path) != 0)
        return refused("rename to", path);
    return true;
}

static void remove_stale(const struct output *output, const char *list_path)
{
    FILE *stream = fopen(list_path, "r");
    char line[4096];

    if (!stream)
        return;
    while (fgets(line, sizeof line, stream)) {
        bool kept = false;

        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < output->count && !kept; i++)
            kept = text_equal(output->files[i].path, line);
        if (!kept)
            unlink(arena_printf("%s/%s", output->folder, line));
    }
    fclose(stream);
}

bool output_finish(struct output *output)
{
    const char *list_path = arena_printf("%s/.generated", output->folder);
    struct buffer list = {0};

    for (size_t i = 0; i < output->count; i++) {
        const struct file *file = &output->files[i];

        if (!write_file(arena_printf("%s/%s", output->folder, file->path), buffer_text(&file->text),
                        file->text.length))
            return false;
        buffer_printf(&list, "%s\n", file->path);
    }
    remove_stale(output, list_path);
    return write_file(list_path, buffer_text(&list), list.length);
}
