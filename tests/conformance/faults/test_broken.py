# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bindings that are broken on purpose, once for each kind of fault that the suite exists to
catch: it must fail, and say what is wrong."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import BUILD, TOP, languages, play_cases, play_vectors


def link(source, target):
    """Another name for the same file, so that make finds it as old as it was."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Copy:
    """Sources and build of a language, to be changed."""

    def __init__(self, facts):
        self.facts = facts
        (BUILD / "faults").mkdir(exist_ok=True)
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="copy-", dir=BUILD / "faults"))
        self.build = self.top / "build"
        for name in facts.SOURCES:
            shutil.copytree(TOP / name, self.top / name, copy_function=link)
        for name in facts.BUILT:
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
        return subprocess.run(self.facts.MAKE, cwd=self.top, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)

    def remove(self):
        shutil.rmtree(self.top)


class BrokenOnPurpose(unittest.TestCase):
    maxDiff = None

    def copy(self, language):
        copy = Copy(language.facts)
        self.addCleanup(copy.remove)
        return copy

    def play(self, language, broken, build):
        if broken.case:
            return play_cases(language, broken.case, build)
        return play_vectors(language, broken.functions, build)

    def make(self, copy):
        made = copy.make()
        self.assertEqual(made.returncode, 0, made.stdout)

    def test_each_is_noticed(self):
        for language in languages():
            self.assertGreaterEqual(len(language.facts.BROKEN), 7)
            for broken in language.facts.BROKEN:
                with self.subTest(f"{language}: {broken.fault}"):
                    copy = self.copy(language)
                    self.assertEqual(copy.change(*broken[1:4]), 1, "places where the pattern is")
                    self.make(copy)
                    played = self.play(language, broken, copy.build)
                    self.assertNotEqual(played.status, 0)
                    self.assertGreater(played.failed, 0, played.output)
                    self.assertRegex(played.output, broken.says)

    def test_what_is_not_broken_passes(self):
        for language in languages():
            copy = self.copy(language)
            # Built anew, so that it is the change that is noticed and not the building.
            first = language.facts.BROKEN[0]
            self.assertEqual(copy.change(first.file, first.pattern, r"\g<0>"), 1)
            self.make(copy)
            functions = sum((broken.functions for broken in language.facts.BROKEN), [])
            in_copy, in_build = (play_vectors(language, functions, build)
                                 for build in (copy.build, BUILD))
            with self.subTest(f"{language}: vectors"):
                # What the language is known to do otherwise is for the suite itself to tell.
                self.assertEqual((in_copy.passed, in_copy.failed),
                                 (in_build.passed, in_build.failed), in_copy.output)
                self.assertGreater(in_copy.passed, in_copy.failed)
                for broken in language.facts.BROKEN:
                    self.assertNotRegex(in_copy.output, broken.says)
            for part in {broken.case for broken in language.facts.BROKEN} - {None}:
                with self.subTest(f"{language}: {part}"):
                    played = play_cases(language, part, copy.build)
                    self.assertEqual(played.status, 0, played.output)
                    self.assertGreater(played.passed, 0)


if __name__ == "__main__":
    unittest.main()
