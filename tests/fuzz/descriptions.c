/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever stands in libvirt-api.xml: it is understood, or refused. */
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target_write("libvirt-api.xml", data, size);
    target_run();
    return 0;
}
