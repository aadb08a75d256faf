# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests/conformance/faults needs to know of Python."""

import sys

# Names of the files with our code, and of those that allocate for whoever called them.
MODULES = "libvirt*.so"
THROUGH = "python3*:libpython3*"
# Functions of these whose allocations are not ours: one runs a program's code; the other has no way
# to say that there is no memory for a new thread, and ends the process.
SPARED = "_PyEval_EvalFrameDefault:PyGILState_Ensure"
# The function that says that no allocation is ours.
PAUSES = ""
# What Python says itself, in other words, where it has no memory: 3.11.2 raises the exception all the
# same where there is none for its text.
NO_MEMORY = ("can't allocate read lock", "")
# How often Python asks for a block until there is none.
TRIES = 1
# Python allocates each block by itself, and says where it was when it crashes.
ENVIRONMENT = {"PYTHONMALLOC": "malloc", "PYTHONFAULTHANDLER": "1"}
# What it takes besides where the runner runs with sanitizers.
SANITIZED = {}
# What starts the runner, and is to run under a debugger of memory.
PROGRAM = "python3"

# ---- broken on purpose ----

# What building it takes besides.
MAKE = (f"PYTHON={sys.executable}",)

# A place for each kind of tests/conformance/faults/kinds.py: file, pattern, what comes in its place
# and, where Python says it in its own words, what is said.
GENERATED = "build/python/generated/"
BROKEN = {
    "two arguments are swapped": (
        GENERATED + "glue_virNetwork.c",
        r"virNetworkUpdate\(network, command, section,",
        "virNetworkUpdate(network, section, command,"),
    "a free is missing": (
        GENERATED + "glue_virStoragePool.c",
        r"(vir\.virStoragePoolGetXMLDesc\((?:.*\n){8}) +free\(result\);", r"\1"),
    "a reference is never released": (
        "bindings/python/handle_class.c",
        r"(GC_UnTrack.*\n.*\n.*\n) +handle_drop_pointer\(handle\);", r"\1"),
    "a free comes twice": (
        GENERATED + "glue_virStoragePool.c",
        r"(vir\.virStoragePoolGetXMLDesc\((?:.*\n){8}) +free\(result\);",
        r"\1 free(result); free(result);"),
    "what is borrowed is freed": (
        GENERATED + "glue_virNetwork.c",
        r"(vir\.virNetworkGetName\((?:.*\n){7})done:",
        r"\1 free((char *)(size_t)result);\ndone:"),
    "a width is wrong": (
        GENERATED + "glue_virStorageVol.c",
        r'ullong_in\(given\[0\], "capacity", &capacity\)',
        'uint_in(given[0], "capacity", (unsigned int *)&capacity)',
        r"OverflowError.*not 18446744073709551615"),
    "an error is not raised": (
        GENERATED + "glue_virStorageVol.c",
        r"(vir\.virStorageVolResize.*\n.*\n +if \(result <) 0", r"\1 -1"),
    "an argument of a callback is lost": (
        GENERATED + "trampolines.c",
        r"(virNetworkPtr net, int event,\n(?:.*\n){9}) +callback_give.*\(detail\)\);", r"\1"),
    "an error handler is told another number": (
        "bindings/python/overrides/error_handler.c",
        r"error\.int1, error\.int2\)", "error.int1, error.int1)"),
    "an answer for a credential is lost": (
        "bindings/python/overrides/authentication.c",
        r"kept = answer_keep\(credential, text, strlen\(text\)\);", "kept = true;"),
    "an event loop's numbers are swapped": (
        "bindings/python/overrides/own_loop.c",
        r"update\(UPDATE_HANDLE, watch, events\)", "update(UPDATE_HANDLE, events, watch)"),
    "what a stream did not take is lost": (
        "bindings/python/overrides/stream_loops.c",
        r"GetSlice\(rest, \(Py_ssize_t\)number,", "GetSlice(rest, length,"),
    "a 64-bit value is cut": (
        GENERATED + "records.c",
        r"PyLong_FromUnsignedLongLong\(record->capacity\),(?=\n[^;]*record->available)",
        "PyLong_FromUnsignedLong((unsigned int)record->capacity),"),
    "a call goes to another function": (
        GENERATED + "glue_virNetwork.c",
        r"vir\.virNetworkCreate\(network\)", "vir.virNetworkDestroy(network)"),
}

# The same, to be noticed where allocations fail.
BROKEN_ALLOCATIONS = {
    "what good items took is lost where one behind them is bad": (
        "bindings/python/text.c",
        r"strings_in_release\(strings, \(unsigned int\)i\);", ";"),
    "nobody looks whether there was memory": (
        "bindings/python/text.c",
        r"if \(!strings\)", "if (0)"),
}
