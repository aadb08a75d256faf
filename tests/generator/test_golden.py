# SPDX-License-Identifier: LGPL-2.1-or-later
"""The made-up description, in which every pattern occurs: its plan, and what is written from it.
UPDATE_GOLDEN=1 writes the expected files anew, to be looked at as changes."""

import os
import re
import subprocess
import unittest

from support import GOLDEN, TOP, GeneratorTest, golden_options, language_tests

UPDATE = "UPDATE_GOLDEN" in os.environ
EXPECTED = GOLDEN / "expected"
LANGUAGES = sorted(path.parent.name for path in TOP.glob("bindings/*/emit.c"))

MADE_UP = """\
#pragma once
#include "vir-api.h"
#define VIR_ERR_OK 0
#define VIR_UUID_BUFLEN 16
#define VIR_TYPED_PARAM_UINT 2
#define VIR_TYPED_PARAM_STRING 7
typedef struct _virDomain *virDomainPtr;
typedef struct _virError virError;
int virGetLastErrorCode(void);
void virTypedParamsFree(virTypedParameterPtr params, int nparams);
{}
"""


class Golden(GeneratorTest):
    def compare(self, path, text):
        if UPDATE:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.assertTrue(path.exists(), path)
        self.assertEqual(text, path.read_text(encoding="utf-8"), path)

    def compare_folder(self, expected, folder):
        names = sorted(path.name for path in folder.iterdir() if path.name != ".generated")
        for name in names:
            with self.subTest(name):
                self.compare(expected / name, (folder / name).read_text(encoding="utf-8"))
        self.assertEqual(sorted(path.name for path in expected.iterdir()), names)

    def emit(self, part):
        output = self.folder()
        self.good("emit", *golden_options(), "--bindings", self.golden_bindings(), "--only", part,
                  "--output", output)
        return output / part

    def test_plan(self):
        self.compare(EXPECTED / "libvirt.plan", self.good("dump", *golden_options()))

    def test_table(self):
        self.compare(EXPECTED / "table.tsv", self.good("dump", "--table", *golden_options()))

    def test_reasons(self):
        # With the paths of the notes as they are given.
        options = golden_options("tests/golden/api", "tests/golden/golden.notes")
        self.compare(EXPECTED / "why.txt", self.good("check", "--why", *options))

    def test_every_pattern_occurs(self):
        header = (TOP / "generator" / "plan.h").read_text(encoding="utf-8")
        patterns = re.findall(r'^\s*X\([A-Z_]+, "([a-z-]+)"', header, re.MULTILINE)
        self.assertGreater(len(patterns), 50)
        rows = self.good("dump", "--table", *golden_options()).splitlines()
        found = {row.split("\t")[6] for row in rows}
        self.assertEqual(set(patterns) - found, set())

    def test_common(self):
        self.compare_folder(EXPECTED / "common", self.emit("common"))

    def test_reference(self):
        self.compare_folder(EXPECTED / "reference", self.emit("reference"))

    def test_languages(self):
        for language in LANGUAGES:
            folder = self.emit(language) / "generated"
            self.compare_folder(language_tests(language) / "golden", folder)

    def test_written_code_is_tidy(self):
        """No line is too long, none ends in blanks, no two are empty in a row."""
        for part in ("common", "reference", *LANGUAGES):
            for path in sorted(self.emit(part).rglob("*.[ch]")):
                text = path.read_text(encoding="utf-8")
                with self.subTest(path.name):
                    self.assertEqual([line for line in text.splitlines() if len(line) > 100], [])
                    self.assertNotRegex(text, r"[ \t]\n|\n\n\n|\t")
                    self.assertTrue(text.endswith("\n") and not text.endswith("\n\n"))

    def test_written_code_compiles(self):
        common = self.emit("common")
        command = [os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Werror",
                   "-fsyntax-only", "-I", common, "-I", TOP / "bindings" / "common"]
        # The made-up libvirt lacks what the loader's own units call.
        subprocess.run([*command, common / "vir-api.c"], check=True)

    def prototypes(self):
        """Of all functions of the made-up libvirt."""
        rows = self.good("dump", "--table", *golden_options()).splitlines()[1:]
        bindings = self.golden_bindings()
        for cells in (row.split("\t") for row in rows):
            if cells[2] == "0":
                explained = self.good("explain", cells[1], *golden_options(), "--bindings",
                                      bindings)
                yield explained.splitlines()[0] + ";"

    def test_the_reference_compiles(self):
        """With headers made of the declarations that the languages' glue has."""
        headers = self.folder()
        (headers / "libvirt").mkdir()
        for name in ("libvirt-admin", "libvirt-lxc", "libvirt-qemu", "libvirt", "virterror"):
            (headers / "libvirt" / f"{name}.h").write_text('#include "made-up.h"\n',
                                                           encoding="utf-8")
        shared = "\n".join(self.prototypes())
        (headers / "made-up.h").write_text(MADE_UP.format(shared), encoding="utf-8")
        command = [os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra",
                   "-Werror", "-fsyntax-only", "-I", headers, "-I", self.emit("common"), "-I",
                   TOP / "bindings" / "common", "-I", TOP / "tests" / "conformance" / "reference"]
        sources = sorted(self.emit("reference").glob("*.c"))
        subprocess.run([*command, *sources], check=True)


if __name__ == "__main__":
    unittest.main()
