/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values as cases write them: JSON in which `$name` stands for earlier answers and texts, and
 * constants are written by name. Read once, with errors; evaluated for each runner. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "base.h"
#include "text.h"

struct expression;

/* What can be named where something is read. */
struct scope {
    struct json_object *constants; /* name to value */
    struct json_object *texts;     /* of the file, and the caller's variables: name to text */
    struct json_object *answers;   /* names that the steps so far keep */
    const char *missing;           /* set where a caller's variable is named that was not given */
};

/* Where reading stands in a line. */
struct cursor {
    struct location location;
    const char *at;
    struct scope *scope;
    bool marks; /* "…" may be written */
};

/* The caller's variables which cases may name though they are not given. */
bool expression_is_variable(const char *name);
/* "folder", "run" and "run_uuid", which stand for what each run has of its own. */
bool expression_is_place(const char *name);

/* Skips blanks; true at the line's end, or where a comment begins. */
bool cursor_at_end(struct cursor *cursor);
/* A name of letters, digits and '_', arena memory; NULL where none stands here. */
const char *cursor_name(struct cursor *cursor);
/* The next value; NULL after an error was reported. */
struct expression *cursor_expression(struct cursor *cursor);
/* The same where it must be known at once: a constant or a number. False after an error. */
bool cursor_integer(struct cursor *cursor, const char *what, struct json_object **value);
/* Checks the names in a text ("…$name…"); false after an error. */
bool expression_check_text(struct cursor *cursor, const char *text);

/* The name of the answer that is all of the expression: "dom" for $dom; NULL: it is something else.
 */
const char *expression_is_reference(const struct expression *expression);
/* True where it is a text that begins with $folder and a slash. */
bool expression_is_in_folder(const struct expression *expression);

/* What names stand for while a case is played. */
struct store {
    struct json_object *texts;
    struct json_object *answers;
    const char *folder;
};

/* False where an earlier answer is not as the expression has it; trouble says why. */
bool expression_evaluate(const struct expression *expression, const struct store *store,
                         struct json_object **value, const char **trouble);
