# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bad inputs, and what the driver must say of them. What it must say of tests/conformance/bad/NAME.cases
stands in NAME.err beside it; nothing is played then. UPDATE_ERR=1 writes these files."""

import os
import re
import shutil
import unittest

from support import CONFORMANCE, TOP, DriverTest

BAD = TOP / "tests" / "conformance" / "bad"
DRIVER = TOP / "tests" / "conformance" / "driver"


class Diagnostics(DriverTest):
    said = set()

    def expect(self, result, *wanted):
        """All that is said on standard error."""
        self.said.update(result.errors.splitlines())
        self.assertEqual((result.errors.splitlines(), result.status, result.output),
                         ([*wanted], 2, ""))

    def one(self, wanted, *options):
        self.expect(self.drive(*options), f"conformance: {wanted}")

    def test_cases(self):
        found = sorted(BAD.glob("*.cases"))
        self.assertTrue(found)
        for case in found:
            with self.subTest(case.name):
                folder = self.top / "tests"
                if folder.exists():
                    shutil.rmtree(folder)
                path = self.cases(case.read_text(encoding="utf-8"), name="bad")
                result = self.drive()
                said = result.errors.replace(f"{path}:", f"{case.name}:")
                expected = case.with_suffix(".err")
                if os.environ.get("UPDATE_ERR"):
                    expected.write_text(said, encoding="utf-8")
                self.assertEqual((said, result.status, result.output),
                                 (expected.read_text(encoding="utf-8"), 2, ""))
                self.said.update(said.splitlines())

    def test_no_cases(self):
        self.one(f"there are no cases in {self.top}/tests/conformance/cases")

    def test_no_such_leg(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        self.one("there are no cases of the leg moon", "--leg", "moon")

    def test_no_case_of_the_name(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        result = self.drive("--case", "moon")
        self.assertEqual((result.status, result.errors),
                         (2, 'conformance: no case has "moon" in its name\n'))
        self.said.add(result.errors.strip())

    def test_cases_that_cannot_be_read(self):
        (self.top / "tests/conformance/cases/driver/x.cases").mkdir(parents=True)
        self.one(f"cannot read {self.top}/tests/conformance/cases/driver/x.cases: Is a directory")

    def test_languages(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        self.one(f"there is no {self.top}/bindings/klingon/conformance/command",
                 "--language", "klingon")
        path = self.write("bindings/fake/conformance/command", "# No command.\n\n")
        self.expect(self.drive(), f"{path}:2: there is no command in this file")
        path = self.write("bindings/fake/conformance/command", "A=5\nB=5 true\n")
        self.expect(self.drive(), f"{path}:1: the line has no program",
                    f"{path}:2: the command is one line, this is another")
        path.unlink()
        path.mkdir()
        self.one(f"cannot read {path}: Is a directory")
        shutil.rmtree(self.top / "bindings" / "fake")
        self.one(f"there is no {self.top}/bindings/*/conformance/command")

    def test_included_files(self):
        path = self.write("tests/conformance/cases/driver/shared.texts",
                          'case "one"\ninclude "shared.texts"\n')
        self.cases('include "shared.texts"\ncase "two"\n    virDomainGetName null\n')
        self.expect(self.drive(), f"{path}:1: in an included file stand texts alone",
                    f"{path}:2: an included file includes no other")

    def test_differences(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        self.one(f"there is no {self.top}/bindings/*/conformance/established", "--established")
        self.one(f"there is no {self.top}/bindings/fake/conformance/established", "--established",
                 "--language", "fake")
        self.write("bindings/fake/conformance/established", "true\n")
        path = self.top / "bindings/fake/conformance/differences"
        self.one(f"cannot read {path}: No such file or directory", "--established")
        path.write_text("# Known.\n\nvirDomainGetName\nvirDomainGetName crashes it\n"
                        "virDomain* {answer is 1 it\nvirDomain* {answer is 1}\n"
                        "virDomain* {answer is 1} so\nvirDomain* {answer is 2} so\n",
                        encoding="utf-8")
        self.expect(self.drive("--established"),
                    f"{path}:3: say what virDomainGetName does otherwise",
                    f"{path}:4: virDomainGetName stands in this file already",
                    f"{path}:5: the brace is not closed",
                    f"{path}:6: say what virDomain* does otherwise",
                    f"{path}:7: virDomain* stands in this file already")

    def test_manifests(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        del self.manifest["constants"]
        path = self.build / "fake" / "manifest.json"
        self.one(f"{path} is no manifest: it has no functions and constants")
        self.prepare = lambda: None
        path.write_text("{", encoding="utf-8")
        result = self.drive()
        self.assertRegex(result.errors, rf"^conformance: cannot read {path}: .+\n$")
        path.unlink()
        result = self.drive()
        self.assertRegex(result.errors, rf"^conformance: cannot read {path}: .+\n$")
        self.said.update(result.errors.splitlines())

    def test_no_runner_of_c(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        self.prepare()
        self.prepare = lambda: None
        path = self.build / "conformance" / "reference"
        path.unlink()
        self.one(f"cannot run {path}: No such file or directory")

    def test_data_files(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        accepted = self.write("bindings/fake/conformance/accepted",
                              "virX a text\nvirX text: why\nvirX a text:\n")
        untried = self.write("tests/conformance/cases/untried", "virX driver\n")
        self.expect(self.drive(), *(f"{path}:{line}: the line is not {form}" for path, line, form in (
            *((accepted, line, "FUNCTION ARGUMENT WRONG: why") for line in (1, 2, 3)),
            (untried, 1, "FUNCTION LEG why"))))
        accepted.unlink()
        untried.unlink()
        untried.mkdir()
        self.one(f"cannot read {untried}: Is a directory")

    def test_vectors(self):
        path = self.build / "stand-in" / "vectors.jsonl"
        result = self.drive("--leg", "stand-in")
        self.assertEqual(result.errors.splitlines()[0], f"conformance: cannot read {path}: No such "
                         'file or directory; "make stand-in" makes it')
        self.said.update(result.errors.splitlines())
        path = self.write("build/stand-in/vectors.jsonl", "{}\n")
        self.expect(self.drive("--leg", "stand-in"), f"{path}:1: this is no vector",
                    f"{path}:1: there is no vector in this file")

    def test_reports_that_cannot_be_written(self):
        self.cases('case "x"\n    virDomainGetName null\n')
        for option in ("--junit", "--html"):
            with self.subTest(option):
                result = self.drive(option, self.top / "nowhere" / "x")
                self.assertEqual((result.status, result.errors), (
                    1, f"conformance: cannot write {self.top}/nowhere/x: "
                       "No such file or directory\n"), result.output)
                self.assertTrue(result.output.endswith("1 passed, 0 failed, 2 skipped\n"))
                self.said.update(result.errors.splitlines())


class NothingIsUntested(unittest.TestCase):
    def test_every_message(self):
        """Runs last in this file; every message in the sources was said above."""
        unheard = []
        for source in sorted(DRIVER.glob("*.c")):
            text = re.sub(r'"\s*\n\s*"', "", source.read_text(encoding="utf-8"))
            text = text.replace('" ELLIPSIS "', "…")
            for call in re.finditer(r'\b(error_at|unexpected)\((.*?)\);', text, re.DOTALL):
                strings = re.findall(r'"((?:[^"\\]|\\.)*)"', call[2])
                if not strings:
                    continue
                form = strings[0].replace('\\"', '"')
                # The words of `unexpected` stand in both of its sentences.
                pattern = ".*".join(map(re.escape, re.split(r"%(?:\.\*)?[a-z]+", form)))
                if not any(re.search(pattern, line) for line in Diagnostics.said):
                    unheard.append(f"{source.name}: {form}")
        self.assertTrue(CONFORMANCE.exists())
        self.assertEqual(unheard, [])


if __name__ == "__main__":
    unittest.main()
