/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trampolines, one a callback type of libvirt's events, and the tables of event ids. */
#include "emit_rows.h"
#include "trampolines.h"

static const char trampoline[] = "@head@\n"
                                 "{\n"
                                 "    struct callback_call call;\n"
                                 "\n"
                                 "    (void)@first@;\n"
                                 "    if (!callback_begin(&call, @opaque@))\n"
                                 "        return@nothing@;\n"
                                 "    @gives@\n"
                                 "    callback_finish(&call);\n"
                                 "    @answer@\n"
                                 "}\n"
                                 "\n";

static const struct trampoline_rules rules = {
    .rows = &python_rows,
    .variables = "",
    .parent = "call.connection",
    .include = "#include \"pack.h\"",
    .give = "callback_give(&call, @value@);\n",
    .trampoline = trampoline,
    .table = "static const struct event_definition @table@_rows[] = {\n"
             "    @rows@\n"
             "};\n"
             "const struct event_family @table@ = {@table@_rows, @count@};\n"
             "\n",
    .empty_table = "const struct event_family @table@ = {NULL, 0};\n\n",
};

void python_emit_events(const struct surface *surface, struct output *output)
{
    emit_trampolines(surface, &rules, output);
}
