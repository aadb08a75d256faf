# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line: help, the looking commands, wrong use, the manual page."""

import re
import subprocess
import unittest

from support import BINDGEN, FACTS, TOP, GeneratorTest, bindgen, golden_options

MANUAL = TOP / "generator" / "libvirt-bindgen.1"


def commands_in(text):
    return re.findall(r"^  ([a-z]+)  ", text, re.MULTILINE)


class Help(GeneratorTest):
    def test_help(self):
        for arguments in (["--help"], ["check", "--help"], ["-h"]):
            output = self.good(*arguments)
            self.assertIn("Usage: libvirt-bindgen COMMAND", output)
        self.assertLessEqual(
            {"emit", "check", "coverage", "explain", "diff", "facts", "dump", "prose"},
            set(commands_in(output)))
        self.assertEqual([line for line in output.splitlines() if len(line) > 80], [])

    def test_version(self):
        self.assertRegex(self.good("--version"), r"^libvirt-bindgen \d+\.\d+\.\d+\n$")

    def test_wrong_use(self):
        for arguments, message in (([], "which command?"), (["fly"], "no such command: fly"),
                                   (["check", "--fast"], "unrecognized option"),
                                   (["emit"], "emit takes --output DIR"),
                                   (["explain"], "explain takes one function"),
                                   (["diff", "x"], "diff takes two folders"),
                                   (["facts"], "facts takes --api DIR and --output DIR")):
            with self.subTest(arguments):
                process = bindgen(*arguments)
                self.assertEqual(process.returncode, 2)
                self.assertIn(message, process.stderr)

    def test_manual(self):
        """It has all commands and options that --help has."""
        text = MANUAL.read_text(encoding="utf-8").replace(r"\-", "-")
        output = self.good("--help")
        for word in [*commands_in(output), *re.findall(r"--[a-z]+", output)]:
            self.assertIn(word, text)
        process = subprocess.run(["man", "--warnings", "-l", MANUAL], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, check=False)
        if process.returncode != 127:
            self.assertEqual(process.stderr, "")

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            process = subprocess.run([BINDGEN, "dump",
                                      *map(str, golden_options())], stdout=full,
                                     stderr=subprocess.PIPE, check=False)
        self.assertEqual(process.returncode, 2)


class Looking(GeneratorTest):
    def test_explain(self):
        output = self.good("explain", "virDomainSetVcpusFlags", "--facts", FACTS)
        self.assertIn("int virDomainSetVcpusFlags(virDomainPtr domain, unsigned int nvcpus, "
                      "unsigned int flags)", output)
        self.assertIn("pattern flags virDomainVcpuFlags: a number named flags", output)
        self.assertIn("Python: libvirt.virDomain.setVcpusFlags(self, nvcpus, flags=0)", output)
        self.assertIn("domain.setVcpusFlags(nvcpus)", output)

    def test_explain_what_is_left_out(self):
        self.assertIn("Python: left out", self.good("explain", "virDomainRef", "--facts", FACTS))

    def test_why(self):
        output = self.good("check", "virDomainGetID", "--why", "--facts", FACTS)
        self.assertRegex(output, r"    pattern number unsigned int: \S+libvirt.notes:\d+\n")
        self.assertIn("    pattern handle virDomain: a pointer to a handle\n", output)

    def test_coverage(self):
        rows = [line.split() for line in self.good("coverage", "--facts", FACTS).splitlines()[1:]]
        self.assertTrue(rows)
        for _language, reached, callable_ones in rows:
            self.assertEqual((reached, callable_ones), ("509", "509"))


if __name__ == "__main__":
    unittest.main()
