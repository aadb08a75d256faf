/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temporary folders. Where the file system refuses, the program ends. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A new one under TMPDIR, its real path, which daemons of other users may enter. Arena memory. */
const char *folder_temporary(void);
/* A new one in a folder. */
const char *folder_make(const char *parent, const char *name);
/* With all that is in it. */
void folder_remove(const char *path);
/* Writes a file, folders in its path are made; false: errno says why. */
bool folder_write(const char *path, const char *text, size_t length);
/* Copies a file; false: errno says why. */
bool folder_copy(const char *from, const char *to);
