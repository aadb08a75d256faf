/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fuzzing target is made of. Each defines LLVMFuzzerTestOneInput(); libFuzzer calls it with
 * whatever it comes up with, corpus.c with the files on its command line. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A temporary folder with the made-up description and its notes, made once; the path of a file in
 * it. */
const char *target_path(const char *name);
/* Writes the input over one of its files. */
void target_write(const char *name, const uint8_t *data, size_t size);
/* Reads, plans, checks, prints, and writes into memory; forgets everything. */
void target_run(void);
