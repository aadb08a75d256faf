/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory, vectors, globs. */
#include <stdint.h>
#include <string.h>

#include "base.h"
#include "expect.h"

static void test_arena(void)
{
    char *large = arena_allocate(1000000);
    char *small = arena_allocate(1);

    expect_true("aligned", ((uintptr_t)large | (uintptr_t)small) % _Alignof(max_align_t) == 0);
    expect_true("zeroed", large[0] == 0 && large[999999] == 0);
    expect("copy", arena_copy_length("abcdef", 3), "abc");
    expect("printf", arena_printf("%s %d", "x", 5), "x 5");
}

static void test_vectors(void)
{
    int *numbers = NULL;
    size_t count = 0;
    bool same = true;

    for (int i = 0; i < 1000; i++)
        *VECTOR_ADD(numbers, count) = i;
    for (int i = 0; i < 1000; i++)
        same = same && numbers[i] == i;
    expect_true("all that was added", same && count == 1000);
}

static void test_globs(void)
{
    static const struct {
        const char *glob, *text, *capture; /* NULL: no match */
    } rows[] = {
        {"virDomainSave", "virDomainSave", ""},
        {"virDomainSave", "virDomainSaveFlags", NULL},
        {"virDomainSave*", "virDomainSaveFlags", "Flags"},
        {"virDomainSave*", "virDomainSave", ""},
        {"vir*Ref", "virDomainRef", "Domain"},
        {"vir*Ref", "virRef", ""},
        {"vir*Ref", "virRefRef", "Ref"},
        {"vir*Ref", "virRefX", NULL},
        {"vir*Get*", "virDomainGetInfo", "Domain"},
        {"vir*Get*", "virGetGetInfo", ""},
        {"*", "anything", "anything"},
        {"*", "", ""},
        {"", "", ""},
        {"", "x", NULL},
        {"a*b*c", "aXbYbZc", "X"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *capture = NULL;
        const bool matches = glob_match(rows[i].glob, rows[i].text, &capture);

        expect(arena_printf("%s on %s", rows[i].glob, rows[i].text), matches ? capture : "no match",
               rows[i].capture ? rows[i].capture : "no match");
    }
}

static void test_texts(void)
{
    expect_true("starts", text_starts("virDomain", "vir") && !text_starts("vi", "vir"));
    expect_true("ends", text_ends("virDomainFree", "Free") && !text_ends("ree", "Free"));
    expect_true("ends as a whole", text_ends("Free", "Free") && text_ends("x", ""));
}

int main(void)
{
    test_arena();
    test_vectors();
    test_globs();
    test_texts();
    return expect_status();
}
