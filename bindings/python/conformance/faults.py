# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests/conformance/faults needs to know of Python."""

import collections
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
# What starts the runner, and is to run under a debugger of memory.
PROGRAM = "python3"

# ---- broken on purpose ----

# What is copied of the sources and of the build, and what builds the copy again.
SOURCES = ("bindings/python", "bindings/common")
BUILT = ("python", "common")
MAKE = ("make", "--silent", "-f", "bindings/python/extension.mk", "BUILD=build", "CC=cc",
        "CFLAGS=-O0", "WARNINGS=-w", "VERSION=0", f"PYTHON={sys.executable}")

# `pattern` is found once in the file, with `replacement` in its place `functions` fail (or the
# `case` of the leg driver does), and what is said of it has `says`.
Broken = collections.namedtuple("Broken", "fault file pattern replacement functions case says")

GENERATED = "build/python/generated/"
BROKEN = (
    Broken("two arguments are swapped", GENERATED + "glue_virNetwork.c",
           r"virNetworkUpdate\(network, command, section,",
           "virNetworkUpdate(network, section, command,",
           ["virNetworkUpdate"], None, r"arrived: command is 4, not 1234567"),
    Broken("a free is missing", GENERATED + "glue_virStoragePool.c",
           r"(vir\.virStoragePoolGetXMLDesc\((?:.*\n){8}) +free\(result\);", r"\1",
           ["virStoragePoolGetXMLDesc"], None, r"left behind: blocks: \d+ became \d+"),
    Broken("texts in parameters are not freed", "bindings/common/params.c",
           r"free\(items\[i\]\.value\.s\);", ";",
           ["virNodeGetMemoryParameters"], None, r"left behind: blocks: \d+ became \d+"),
    Broken("a reference is never released", "bindings/python/handle_class.c",
           r"(GC_UnTrack.*\n.*\n.*\n) +handle_drop_pointer\(handle\);", r"\1",
           ["virStoragePoolLookupByVolume"], None, r"left behind: .*virStoragePool: "),
    Broken("a free comes twice", GENERATED + "glue_virStoragePool.c",
           r"(vir\.virStoragePoolGetXMLDesc\((?:.*\n){8}) +free\(result\);",
           r"\1 free(result); free(result);",
           ["virStoragePoolGetXMLDesc"], None, r"freed twice: "),
    Broken("what is borrowed is freed", GENERATED + "glue_virNetwork.c",
           r"(vir\.virNetworkGetName\((?:.*\n){7})done:",
           r"\1 free((char *)(size_t)result);\ndone:",
           ["virNetworkGetName"], None, r"freed what is borrowed: "),
    Broken("a width is wrong", GENERATED + "glue_virStorageVol.c",
           r'ullong_in\(given\[0\], "capacity", &capacity\)',
           'uint_in(given[0], "capacity", (unsigned int *)&capacity)',
           ["virStorageVolResize"], None, r"OverflowError.*not 18446744073709551615"),
    Broken("an error is not raised", GENERATED + "glue_virStorageVol.c",
           r"(vir\.virStorageVolResize.*\n.*\n +if \(result <) 0", r"\1 -1",
           ["virStorageVolResize"], None, r"must fail, it answered null"),
    Broken("an argument of a callback is lost", GENERATED + "trampolines.c",
           r"(virNetworkPtr net, int event,\n(?:.*\n){9}) +callback_give.*\(detail\)\);", r"\1",
           ["virConnectNetworkEventRegisterAny"], None, r"events\[0\]\.arguments is \["),
    Broken("an error handler is told another number", "bindings/python/overrides/error_handler.c",
           r"error\.int1, error\.int2\)", "error.int1, error.int1)",
           ["virConnSetErrorFunc"], None, r"events\[0\]\.arguments\[0\]\.int2 is "),
    Broken("an answer for a credential is lost", "bindings/python/overrides/authentication.c",
           r"kept = answer_keep\(credential, text, strlen\(text\)\);", "kept = true;",
           ["virConnectOpenAuth"], None, r"arrived: virConnectAuthCallbackPtr\[1\]"),
    Broken("an event loop's numbers are swapped", "bindings/python/overrides/own_loop.c",
           r"update\(UPDATE_HANDLE, watch, events\)", "update(UPDATE_HANDLE, events, watch)",
           ["virEventRegisterImpl"], None, r"events\[1\]\.arguments\[0\] is "),
    Broken("what a stream did not take is lost", "bindings/python/overrides/stream_loops.c",
           r"GetSlice\(rest, \(Py_ssize_t\)number,", "GetSlice(rest, length,",
           ["virStreamSendAll"], None, r"calls arrived, not "),
    Broken("a 64-bit value is cut", GENERATED + "records.c",
           r"PyLong_FromUnsignedLongLong\(record->capacity\),(?=\n[^;]*record->available)",
           "PyLong_FromUnsignedLong((unsigned int)record->capacity),",
           ["virStoragePoolGetInfo"], None, r'"capacity": 4294967295.*18446744073709551615'),
    Broken("a call goes to another function", GENERATED + "glue_virNetwork.c",
           r"vir\.virNetworkCreate\(network\)", "vir.virNetworkDestroy(network)",
           [], "networks: ", r"problem: 'C failed: .*already running.*, python answered null"),
)

# The same, to be noticed where allocations fail.
BROKEN_ALLOCATIONS = (
    Broken("what good items took is lost where one behind them is bad", "bindings/python/text.c",
           r"strings_in_release\(strings, \(unsigned int\)i\);", ";",
           ["virDomainFSFreeze"], None, r"blocks of ours that are not freed"),
    Broken("nobody looks whether there was memory", "bindings/python/text.c",
           r"if \(!strings\)", "if (0)",
           ["virDomainFSFreeze"], None, r"allocation 1: SIGSEGV"),
)
