/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each run has of its own: a folder, and from its path a word and a UUID, so that runs beside
 * one another, and after one another, can give names that nobody else gives. */
#pragma once

/* Behind the last slash: $run. */
const char *place_word(const char *folder);
/* $run_uuid. Arena memory. */
const char *place_uuid(const char *folder);
