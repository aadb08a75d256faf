/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"

const char *folder_temporary(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = arena_printf("%s/conformance-XXXXXX", parent && *parent ? parent : "/tmp");
    char *real = mkdtemp(path) ? realpath(path, NULL) : NULL;

    if (!real || chmod(real, 0755) != 0)
        bug("cannot make the folder %s: %s", path, strerror(errno));
    const char *copy = arena_copy(real);
    free(real);
    return copy;
}

const char *folder_make(const char *parent, const char *name)
{
    const char *path = arena_printf("%s/%s", parent, name);

    if (mkdir(path, 0755) != 0)
        bug("cannot make the folder %s: %s", path, strerror(errno));
    return path;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    remove(path);
    return 0;
}

void folder_remove(const char *path)
{
    enum { DESCRIPTORS = 16 };

    nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

bool folder_write(const char *path, const char *text, size_t length)
{
    char *parent = arena_copy(path);

    for (char *slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(parent, 0755);
        *slash = '/';
    }
    FILE *stream = fopen(path, "w");
    if (!stream)
        return false;
    const bool written = fwrite(text, 1, length, stream) == length;
    return fclose(stream) == 0 && written;
}

bool folder_copy(const char *from, const char *to)
{
    enum { COPIED_AT_ONCE = 1 << 20 };
    const int source = open(from, O_RDONLY | O_CLOEXEC);
    const int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ssize_t length = source < 0 || target < 0 ? -1 : 1;

    while (length > 0)
        length = sendfile(target, source, NULL, COPIED_AT_ONCE);
    if (source >= 0)
        close(source);
    return (target < 0 || close(target) == 0) && length == 0;
}
