/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads API descriptions, libvirt's own and the project's facts alike, and merges them into one
 * model: the newest release decides what is, whoever brings documentation gives the words. */
#pragma once

#include "model.h"

/* Reads the four descriptions in each folder. Problems are reported through error_at(); NULL where
 * a folder could not be read at all. */
struct api *xml_read(const char *const *folders, size_t folder_count);
