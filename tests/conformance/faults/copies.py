# SPDX-License-Identifier: LGPL-2.1-or-later
"""Copies of a language's sources and build, to be broken."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import BUILD, TOP


def link(source, target):
    """Another name for the same file, so that make finds it as old as it was."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Copy:
    """Sources and build of a language, to be changed."""

    def __init__(self, language):
        self.language = language
        (BUILD / "faults").mkdir(exist_ok=True)
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="copy-", dir=BUILD / "faults"))
        self.build = self.top / "build"
        for name in (f"bindings/{language}", "bindings/common"):
            shutil.copytree(TOP / name, self.top / name, copy_function=link)
        for name in (language.name, "common"):
            shutil.copytree(BUILD / name, self.build / name, copy_function=link)
        for name in ("stand-in", "conformance"):
            (self.build / name).symlink_to(BUILD / name)

    def change(self, name, pattern, replacement):
        """How often the pattern is in the file."""
        path = self.top / name
        text, count = re.subn(pattern, replacement, path.read_text("utf-8"))
        path.unlink()
        path.write_text(text, "utf-8")
        return count

    def make(self):
        """The finished process."""
        command = ["make", "--silent", "-f", f"bindings/{self.language}/extension.mk", "BUILD=build",
                   "CC=cc", "CFLAGS=-O0", "WARNINGS=-w", "VERSION=0", *self.language.facts.MAKE]
        return subprocess.run(command, cwd=self.top, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)

    def remove(self):
        shutil.rmtree(self.top)


class CopyTest(unittest.TestCase):
    maxDiff = None

    def broken_copy(self, language, broken, replacement=None):
        """With one change; it is built, and removed after the test."""
        copy = Copy(language)
        self.addCleanup(copy.remove)
        count = copy.change(broken.file, broken.pattern, replacement or broken.replacement)
        self.assertEqual(count, 1, f"places in {broken.file} where the pattern is")
        made = copy.make()
        self.assertEqual(made.returncode, 0, made.stdout)
        return copy
