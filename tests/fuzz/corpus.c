/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzzing target on files: what fuzzing once found must never break again. */
#include <stdio.h>
#include <stdlib.h>

#include "target.h"

static int run(const char *path)
{
    static uint8_t data[1 << 20];
    FILE *stream = fopen(path, "rb");
    size_t size;

    if (!stream) {
        perror(path);
        return 1;
    }
    size = fread(data, 1, sizeof data, stream);
    fclose(stream);
    /* So that a crash is known by its input. */
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, size);
    return 0;
}

int main(int argc, char **argv)
{
    int status = argc < 2;

    for (int i = 1; i < argc; i++)
        status |= run(argv[i]);
    return status;
}
