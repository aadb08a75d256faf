/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Seconds since some moment, which nobody sets back. */
double monotonic_now(void);
