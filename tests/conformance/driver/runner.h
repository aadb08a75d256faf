/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of one runner. It is started when it is first asked, and anew after anything went
 * wrong with it. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "language.h"

struct runner;

/* What the runner prints is kept in the file `log`; `environment` ("NAME=value", NULL-ended, or
 * NULL) is set besides the language's own. The language must live as long. */
struct runner *runner_new(const struct language *language, const char *log, unsigned seconds,
                          const char *const *environment);
void runner_free(struct runner *runner);
/* Ends the process; it is started anew when it is asked again. */
void runner_kill(struct runner *runner);
/* Lets it end by itself, as what watches its memory wants it to; true where it ends well, else
 * runner_trouble() says how it ended. */
bool runner_end(struct runner *runner);
const struct language *runner_language(const struct runner *runner);
/* What it says of itself; NULL where it does not start. */
struct json_object *runner_hello(struct runner *runner);
/* The answer to a request, which is taken over; `more` seconds are allowed besides. NULL: there was
 * none, the process is gone and runner_trouble() says why. */
struct json_object *runner_ask(struct runner *runner, struct json_object *request, unsigned more);
/* Ends the process because of what it answered. */
void runner_reject(struct runner *runner, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What went wrong last. */
const char *runner_trouble(const struct runner *runner);
/* The end of what the process printed that went wrong last; "" where it printed nothing. */
const char *runner_output(const struct runner *runner);
