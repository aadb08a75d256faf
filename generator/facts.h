/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a model back as API descriptions without their prose. */
#pragma once

#include "model.h"
#include "text.h"

/* The four files, named as libvirt names them. */
void facts_write(const struct api *api, struct output *output);
