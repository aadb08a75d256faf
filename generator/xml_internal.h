/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stages of reading: elements to structs (xml.c), merging releases (merge.c), types and values
 * (resolve.c). */
#pragma once

#include "model.h"

/* What is a fact but stands in prose only: the enum an argument takes, the type of a parameter's
 * key, the callback of an event id. Works on what has been read from one description, before
 * merging, so that a newer release's word counts. */
void derive_facts(struct api *api);
/* Sorts every list by name and folds what several descriptions say about a symbol into one. */
void merge_api(struct api *api);
/* Parses type spellings, finds what names refer to, computes the values of constants. */
void resolve_api(struct api *api);
/* The value of a constant's expression; false where it is not one. */
bool expression_value(const struct api *api, const char *text, long long *value);
