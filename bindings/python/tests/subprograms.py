# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs of their own for tests: an event loop is registered once in a process, and how a process
ends can be seen from outside only."""

import os
import subprocess
import sys
import textwrap

import libvirt

from node import node_uri

# What the established binding is known to do wrong is asked of ours only.
OURS = hasattr(libvirt, "__version__")

PRELUDE = """
import libvirt
if not hasattr(libvirt, "__version__"):
    libvirt.registerErrorHandler(lambda context, error: None, None)
"""


# Of a program that ends, and its threads with it, in the middle of an event, or whose event loop keeps
# for ever what libvirt wants back: sanitizers let it lose that.
LOSING = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


def run(source, timeout=60, prelude=PRELUDE, environment=None):
    """Runs Python source in a process with the same module search path, and a node's URI as
    argument; the finished process."""
    return subprocess.run(
        [sys.executable, "-c", prelude + textwrap.dedent(source), node_uri()], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout)


def check(test, source, expected="", **options):
    """The same, where it must end well, quietly, and with these lines on its output."""
    process = run(source, **options)
    test.assertEqual(process.stderr, "")
    test.assertEqual(process.stdout.split("\n")[:-1], textwrap.dedent(expected).split("\n")[1:-1]
                     if expected else [])
    test.assertEqual(process.returncode, 0)
    return process
