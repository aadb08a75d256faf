/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C declarations of what the model holds, as text. */
#pragma once

#include "model.h"
#include "text.h"

/* "unsigned int flags", "char **names", "int (*handler)(…)"; no blank behind a star. */
char *declare_name(const char *type, const char *name);
/* "virDomainPtr domain, unsigned int flags", or "void". */
char *declare_parameters(const struct function *function);
/* "int (*virDomainCreate)(virDomainPtr domain)": a pointer to such a function. */
char *declare_pointer(const struct function *function, const char *name);
/* The same, and the prototype as a comment, wrapped at 100 columns; `tail` ends the text, and the
 * line begins `indent` columns further right. */
char *declare_pointer_wrapped(const struct function *function, const char *name, const char *tail,
                              size_t indent);
char *declare_comment(const struct function *function);
/* The fields of a record, one a line, unions included. */
char *declare_fields(const struct record *record);
