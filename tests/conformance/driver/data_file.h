/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of one entry a line; '#' at its beginning makes it a comment. */
#pragma once

#include "base.h"

/* Hands over each entry, which may be changed; nothing where there is no such file. */
void data_file_read(const char *path,
                    void (*entry)(struct location location, char *line, void *data), void *data);
