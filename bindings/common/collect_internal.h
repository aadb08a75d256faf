/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the generated collectors are made of. */
#pragma once

/* Frees each name and the array. */
void collect_free_names(char **names, int count);
