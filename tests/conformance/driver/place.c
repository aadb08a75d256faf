/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "place.h"

#include <stdint.h>
#include <string.h>

#include "base.h"

const char *place_word(const char *folder)
{
    const char *slash = strrchr(folder, '/');

    return slash ? slash + 1 : folder;
}

/* FNV-1a: the same for the same folder, and another for another. */
static uint64_t hash(const char *text, uint64_t value)
{
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 0x100000001b3;
    return value;
}

const char *place_uuid(const char *folder)
{
    const uint64_t first = hash(folder, 0xcbf29ce484222325);
    const uint64_t second = hash(folder, first);

    /* Version 4, variant 1, as libvirt's own. */
    return arena_printf("%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(first >> 32),
                        (unsigned)(first >> 16 & 0xffff), (unsigned)(first & 0xfff),
                        (unsigned)(second >> 52), (unsigned long long)(second & 0xffffffffffff));
}
