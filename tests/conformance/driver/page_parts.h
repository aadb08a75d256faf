/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the page, built in from the files of the same names. */
#pragma once

extern const char page_html[];
extern const char page_css[];
extern const char page_js[];
