# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same input gives the same bytes, and only what changes is written."""

import hashlib
import os
import shutil
import subprocess
import unittest

from support import FACTS, TOP, GeneratorTest, golden_options


def digests(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def times(folder):
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns
            for path in folder.rglob("*") if path.is_file()}


class SameBytes(GeneratorTest):
    def test_two_runs_locales_zones_and_folders(self):
        outputs = []
        for environment in ({"LC_ALL": "C", "TZ": "UTC"},
                            {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Tokyo"}):
            output = self.folder()
            self.good("emit", "--output", output, environment=environment)
            outputs.append(digests(output))
        elsewhere = self.folder() / "copy"
        elsewhere.mkdir()
        for name in ("api-xml", "bindings"):
            shutil.copytree(TOP / name, elsewhere / name)
        self.good("emit", "--output", "out", cwd=elsewhere)
        outputs.append(digests(elsewhere / "out"))
        self.assertGreater(len(outputs[0]), 30)
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])

    def test_paths_and_times_do_not_show(self):
        output = self.folder()
        self.good("emit", "--output", output)
        for path in output.rglob("*"):
            if path.is_file():
                self.assertNotIn(str(TOP), path.read_text(encoding="utf-8"), path)

    def test_dumps(self):
        for arguments in (["dump"], ["dump", "--table"], ["check", "--why"], ["coverage"]):
            self.assertEqual(self.good(*arguments), self.good(*arguments))


class OnlyWhatChanges(GeneratorTest):
    def test_a_second_run_writes_nothing(self):
        output = self.folder()
        self.good("emit", "--output", output)
        before = times(output)
        self.good("emit", "--output", output)
        self.assertEqual(times(output), before)

    def test_a_note_rewrites_what_it_changes(self):
        facts = self.folder()
        for path in FACTS.iterdir():
            shutil.copy(path, facts)
        output = self.folder()
        self.good("emit", "--facts", facts, "--output", output)
        before = times(output)
        with open(facts / "libvirt.notes", "a", encoding="utf-8") as notes:
            notes.write("virDomainSave\n    nullable to\n")
        self.good("emit", "--facts", facts, "--output", output)
        after = times(output)
        changed = {name for name in after if after[name] != before.get(name)}
        self.assertEqual({name for name in changed if name.startswith("python/")},
                         {"python/generated/glue_virDomain.c", "python/generated/manifest.json"})
        self.assertEqual({name for name in changed if name.startswith("common/")}, set())

    def test_what_is_not_written_any_more_goes(self):
        output = self.folder()
        options = [*golden_options(), "--bindings", self.golden_bindings(), "--output", output]
        self.good("emit", *options)
        stale = output / "common" / "stale.c"
        stale.write_text("", encoding="utf-8")
        with open(output / "common" / ".generated", "a", encoding="utf-8") as file:
            file.write("stale.c\n")
        mine = output / "common" / "mine.c"
        mine.write_text("", encoding="utf-8")
        self.good("emit", *options)
        self.assertFalse(stale.exists())
        self.assertTrue(mine.exists())


class Incremental(GeneratorTest):
    """The Makefile rebuilds what a change touches, and nothing else."""

    def make(self, tree):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("BUILD", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
        process = subprocess.run(
            ["make", "-C", tree, "WERROR=1", "python", "CFLAGS=-O0",
             f"PYTHON={os.environ.get('PYTHON', 'python3')}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env=environment)
        self.assertEqual(process.returncode, 0, process.stdout)
        return [line.split()[-1] for line in process.stdout.splitlines() if " -c -o " in line]

    def test_notes_and_sources(self):
        tree = self.folder() / "tree"
        shutil.copytree(TOP, tree, ignore=shutil.ignore_patterns("build", ".git"))
        self.assertGreater(len(self.make(tree)), 50)
        self.assertEqual(self.make(tree), [])
        with open(tree / "api-xml" / "libvirt.notes", "a", encoding="utf-8") as notes:
            notes.write("virDomainSave\n    nullable to\n")
        self.assertEqual(self.make(tree), ["build/python/generated/glue_virDomain.c"])
        os.utime(tree / "api-xml" / "libvirt.notes")
        self.assertEqual(self.make(tree), [])
        os.utime(tree / "generator" / "dump.c")
        self.assertEqual(self.make(tree), ["generator/dump.c"])


if __name__ == "__main__":
    unittest.main()
