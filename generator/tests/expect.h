/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests of the generator are made of: each is a program that says what differs, and
 * is silent otherwise. */
#pragma once

#include <stdbool.h>

/* The two texts are the same. */
void expect(const char *what, const char *got, const char *wanted);
void expect_true(const char *what, bool holds);
/* The exit status; to be returned by main(). */
int expect_status(void);
