/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes JSON in the canonical form of docs/conformance.md into a growing text. Commas come by
 * themselves. The generator and the stand-in share it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* All zero is empty; canonical_release() frees it. */
struct canonical {
    char *data; /* NUL-ended once something was written */
    size_t length;
    size_t capacity;
    bool wants_comma;
};

void canonical_open(struct canonical *text, char bracket);
void canonical_close(struct canonical *text, char bracket);
void canonical_key(struct canonical *text, const char *key);
void canonical_null(struct canonical *text);
void canonical_boolean(struct canonical *text, bool value);
void canonical_signed(struct canonical *text, long long value);
void canonical_unsigned(struct canonical *text, unsigned long long value);
void canonical_double(struct canonical *text, double value);
/* `$text` where it is not UTF-8. */
void canonical_text(struct canonical *text, const char *value, size_t length);
/* NULL becomes null. */
void canonical_string(struct canonical *text, const char *value);
void canonical_bytes(struct canonical *text, const void *value, size_t length);
/* JSON that is written already. */
void canonical_raw(struct canonical *text, const char *json);
void canonical_release(struct canonical *text);

bool canonical_is_utf8(const char *value, size_t length);
