/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trampolines, one a callback type of libvirt's events, and the tables of event ids. libvirt calls
 * a trampoline on any thread; the Ruby values are made later, where Ruby's lock is held. */
#include <string.h>

#include "emit_rows.h"
#include "trampolines.h"

static const char trampoline[] =
    "struct given_@name@ {\n"
    "    @fields@\n"
    "};\n"
    "\n"
    "static void values_@name@(VALUE values, VALUE self, const void *data)\n"
    "{\n"
    "    const struct given_@name@ *given = data;\n"
    "\n"
    "    @unused@\n"
    "    @gives@\n"
    "}\n"
    "\n"
    "@head@\n"
    "{\n"
    "    const struct given_@name@ given = {@copies@};\n"
    "\n"
    "    callback_fire(@opaque@, values_@name@, &given);\n"
    "    @answer@\n"
    "}\n"
    "\n";

static const char *unused(const char *gives)
{
    if (!*gives)
        return "(void)self;\n(void)values;\n(void)given;";
    return strstr(gives, ", self)") ? "" : "(void)self;";
}

static const struct trampoline_rules rules = {
    .rows = &ruby_rows,
    .variables = "given->",
    .parent = "self",
    .include = "",
    .give = "rb_ary_push(values, @value@);\n",
    .trampoline = trampoline,
    .unused = unused,
    .table = "const struct event_definition @table@[] = {\n"
             "    @rows@\n"
             "    {NULL, 0, 0, NULL},\n"
             "};\n"
             "\n",
};

void ruby_emit_events(const struct surface *surface, struct output *output)
{
    emit_trampolines(surface, &rules, output);
}
