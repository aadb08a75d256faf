#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What running programs with a preloaded sanitizer takes; for tests in other languages:

    sanitizers.py environment LIBRARY REPORTS   the environment, NAME=value a line
    sanitizers.py findings REPORTS MODULE       what was reported, leaks where MODULE (a pattern) is
                                                among the callers; exit status 1: something was"""

import fnmatch
import os
import re
import subprocess
import sys

SUPPRESSIONS = os.path.splitext(os.path.abspath(__file__))[0] + ".suppressions"


def preloaded(sanitizer):
    """The library of the sanitizers, and behind it libtirpc, whose functions it wraps: it looks for
    them before libvirt brings them."""
    listed = subprocess.run(["/sbin/ldconfig", "-p"], stdout=subprocess.PIPE, text=True,
                            check=False).stdout
    return " ".join([sanitizer, *re.findall(r"libtirpc\.so\.3 .*=> (.*)", listed)[:1]])


def environment(sanitizer, reports, leaks=True, frame_pointers=False):
    """Of programs whose reports go to files in this folder. Each caller is told with its module,
    by which ours are known; source files alone would not do. Stacks for signals are left to the
    interpreter: what it has put in place of the sanitizers' they would unmap. GLib's own allocator
    would hide what is lost. Tests that count blocks preload a library before the sanitizers'. To find who
    lost a block takes most of the time, so `leaks` may be left to others; with frame pointers, as in
    our own programs, it is fast."""
    return {"LD_PRELOAD": preloaded(sanitizer),
            "G_SLICE": "always-malloc",
            "ASAN_OPTIONS": f"fast_unwind_on_malloc={int(frame_pointers or not leaks)}:detect_leaks={int(leaks)}:"
                            "malloc_context_size=16:use_sigaltstack=0:verify_asan_link_order=0:"
                            f'stack_trace_format="    #%n %p %F %L %M":log_path={reports}/report',
            "LSAN_OPTIONS": f"exitcode=0:print_suppressions=0:suppressions={SUPPRESSIONS}",
            "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={reports}/report"}


def is_suppressed(text):
    """Whether what is lost is said to be lost by libvirt or its libraries themselves."""
    with open(SUPPRESSIONS, encoding="utf-8") as file:
        return any(line.split(":")[1].strip() in text for line in file if line.startswith("leak:"))


def is_among_callers(text, patterns):
    """Whether a module or a program like one of these is."""
    names = re.findall(r"[\w.+-]+(?=[+)\s])", text)
    return any(fnmatch.fnmatch(re.sub(r"\+0x[0-9a-f]+$", "", name), pattern)
               for name in names for pattern in patterns)


def findings(reports, patterns):
    """What the sanitizers reported, a text each. Interpreters lose memory at their end, and so do
    programs that tests run; a leak is ours where one of our modules is among the callers."""
    for name in sorted(os.listdir(reports)):
        with open(os.path.join(reports, name), encoding="utf-8", errors="replace") as file:
            text = file.read()
        if "LeakSanitizer" not in text:
            yield text
            continue
        for leak in text.split("\n\n"):
            if "leak of" in leak and is_among_callers(leak, patterns):
                yield leak


def main():
    what, *arguments = sys.argv[1:]
    if what == "environment":
        print("\n".join(f"{name}={value}" for name, value in environment(*arguments).items()))
        return 0
    texts = list(findings(arguments[0], arguments[1:]))
    print("\n\n".join(texts))
    return 1 if texts else 0


if __name__ == "__main__":
    sys.exit(main())
