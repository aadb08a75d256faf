# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests/conformance/faults needs to know of Ruby."""

import os
import pathlib

# Names of the files with our code, and of those that allocate for whoever called them.
MODULES = "_libvirt.so"
THROUGH = "ruby*:libruby*"
# Functions whose allocations are not ours: one runs a program's code. Ruby 3.1 itself cannot do without
# memory in the others: it ends where there is none for an exception's backtrace, loses the first block
# of a table where there is none for the second, and leaves a class behind that crashes later.
SPARED = ("rb_vm_exec:rb_exc_raise:rb_st_init_table_with_size:"
          "rb_singleton_class:rb_include_module")
# The function that says that no allocation is ours: while garbage is collected.
PAUSES = "rb_during_gc"
# What Ruby says itself, in other words, where it has no memory.
NO_MEMORY = ()
# How often Ruby asks for a block until there is none: again once garbage is collected.
TRIES = 2
ENVIRONMENT = {}
# What it takes besides where the runner runs with sanitizers.
SANITIZED = {"RUBYOPT": f"-r{pathlib.Path(__file__).parents[1] / 'test' / 'leaks'}"}
# What starts the runner, and is to run under a debugger of memory.
PROGRAM = "ruby"

# ---- broken on purpose ----

# What building it takes besides.
MAKE = (f"RUBY={os.environ.get('RUBY', 'ruby')}",)

# A place for each kind of tests/conformance/faults/kinds.py: file, pattern, what comes in its place
# and, where Ruby says it in its own words, what is said.
GENERATED = "build/ruby/generated/"
BROKEN = {
    "two arguments are swapped": (
        GENERATED + "glue_libvirt_network.c",
        r"virNetworkUpdate\(frame->network, frame->command, frame->section,",
        "virNetworkUpdate(frame->network, frame->section, frame->command,"),
    "a free is missing": (
        GENERATED + "glue_libvirt_storage_pool.c",
        r"(release_virStoragePoolGetXMLDesc\(VALUE data\)\n(?:.*\n){3}) +free\(frame->result\);",
        r"\1"),
    "a reference is never released": (
        "bindings/ruby/handles.c",
        r"if \(handle->pointer\)\n +drop\(handle->pointer, handle->kind\);", ""),
    "a free comes twice": (
        GENERATED + "glue_libvirt_storage_pool.c",
        r"(release_virStoragePoolGetXMLDesc\(VALUE data\)\n(?:.*\n){3} +free\(frame->result\);)",
        r"\1 free(frame->result);"),
    "what is borrowed is freed": (
        GENERATED + "glue_libvirt_network.c",
        r"(vir\.virNetworkGetName\((?:.*\n){3}) +return string_out\(result\);",
        r"\1 VALUE text = string_out(result); free((char *)(size_t)result); return text;"),
    "a width is wrong": (
        GENERATED + "glue_libvirt_storage_vol.c",
        r'ullong_in\(frame->given\[0\], "capacity"\)',
        'uint_in(frame->given[0], "capacity")',
        r"RangeError: capacity: 18446744073709551615 is out"),
    "an error is not raised": (
        GENERATED + "glue_libvirt_storage_vol.c",
        r"(body_virStorageVolResize(?:.*\n){9}.*if \(frame->result <) 0", r"\1 -1"),
    "an argument of a callback is lost": (
        GENERATED + "trampolines.c",
        r"(values_virConnectNetworkEventLifecycleCallback\(VALUE (?:.*\n){6}) +rb_ary_push.*\n",
        r"\1"),
    "an error handler is told another number": (
        "bindings/ruby/overrides/error_handler.c",
        r"INT2NUM\(error->int2\)", "INT2NUM(error->int1)"),
    "an answer for a credential is lost": (
        "bindings/ruby/overrides/authentication.c",
        r"memcpy\(credential->result, RSTRING_PTR\(answer\), length\);\n.*\n.*;",
        "credential->result[0] = '\\\\0';"),
    "an event loop's numbers are swapped": (
        "bindings/ruby/overrides/own_loop.c",
        r"update\(UPDATE_HANDLE, watch, events\)", "update(UPDATE_HANDLE, events, watch)"),
    "what a stream did not take is lost": (
        "bindings/ruby/overrides/stream_loops.c",
        r"from \+= count;", "from = length;"),
    "a 64-bit value is cut": (
        GENERATED + "records.c",
        r"(record_class_virStoragePoolInfo, 1, ULL2NUM\()(record->capacity)",
        r"\1(unsigned int)\2"),
    "a call goes to another function": (
        GENERATED + "glue_libvirt_network.c",
        r"vir\.virNetworkCreate\(frame->network\)", "vir.virNetworkDestroy(frame->network)"),
}

# The same, to be noticed where allocations fail.
BROKEN_ALLOCATIONS = {
    "what good items took is lost where one behind them is bad": (
        "bindings/ruby/text.c",
        r"(    frozen = rb_ary_new_capa\(length\);\n(?:.*\n){3} +)\(\*result\)"
        r"(\[i\].*\n(?:.*\n){2})(    \*value = frozen;)",
        r"    char **made = *result;\n    *result = NULL;\n\1made\2    *result = made;\n\3"),
    "nobody looks whether there was memory": (
        "bindings/ruby/text.c",
        r"if \(!\*result\)", "if (0)"),
}
