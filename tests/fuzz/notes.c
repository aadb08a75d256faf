/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever stands in the notes: it is understood, or refused. */
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target_write("golden.notes", data, size);
    target_run();
    return 0;
}
