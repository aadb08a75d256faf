/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shown.h"

#include <string.h>

#include "text.h"

/* How many bytes the character has that begins here; 0: it is none. */
static size_t character_length(const char *text)
{
    static const struct {
        unsigned char mask;
        unsigned char lead;
        unsigned char least; /* of the second byte, where the first one is the lead itself */
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0}, {0xf0, 0xe0, 0xa0}, {0xf8, 0xf0, 0x90}};
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t length = 1; length <= sizeof forms / sizeof *forms; length++) {
        if ((bytes[0] & forms[length - 1].mask) != forms[length - 1].lead)
            continue;
        for (size_t i = 1; i < length; i++)
            if ((bytes[i] & 0xc0) != 0x80)
                return 0;
        if ((length == 2 && bytes[0] < 0xc2) ||
            (length > 2 && bytes[0] == forms[length - 1].lead &&
             bytes[1] < forms[length - 1].least) ||
            (bytes[0] == 0xed && bytes[1] >= 0xa0) || bytes[0] > 0xf4 ||
            (bytes[0] == 0xf4 && bytes[1] >= 0x90))
            return 0;
        return length;
    }
    return 0;
}

const char *shown(const char *text, size_t longest)
{
    struct buffer result = {0};

    while (*text) {
        const size_t length = character_length(text);

        if (result.length + length > longest) {
            buffer_add(&result, "…");
            break;
        }
        if (length)
            buffer_add_length(&result, text, length);
        else
            buffer_add(&result, "?");
        text += length ? length : 1;
    }
    return buffer_text(&result);
}
