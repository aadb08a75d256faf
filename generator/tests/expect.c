/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "expect.h"

#include <stdio.h>

#include "base.h"

static unsigned passed;
static unsigned failed;

void expect(const char *what, const char *got, const char *wanted)
{
    if (text_equal(got, wanted)) {
        passed++;
        return;
    }
    fprintf(stderr, "%s:\n%s\n-- wanted:\n%s\n", what, got, wanted);
    failed++;
}

void expect_true(const char *what, bool holds)
{
    expect(what, holds ? "true" : "false", "true");
}

int expect_status(void)
{
    arena_release();
    printf("%u passed, %u failed\n", passed, failed);
    return failed || !passed;
}
