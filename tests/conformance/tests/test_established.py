# SPDX-License-Identifier: LGPL-2.1-or-later
"""Established bindings: they may lack functions, and differ where that is written down."""

import sys
import unittest

from support import FAKE, DriverTest, error


class Established(DriverTest):
    def setUp(self):
        super().setUp()
        self.write("bindings/fake/conformance/established",
                   f"{sys.executable} -I -S {FAKE} $source/fake.json\n")
        self.differences("")

    def differences(self, text):
        self.write("bindings/fake/conformance/differences", text)

    def test_the_same(self):
        self.both("virDomainGetName", {"answer": 1})
        self.passes("virDomainGetName null\n", "--established")

    def test_what_it_lacks(self):
        self.answers("virDomainGetName", {"answer": 1}, {"absent": "no such thing"})
        result = self.passes("x = virDomainGetName null\nvirDomainGetName $x\n", "--established")
        self.assertRegex(result.output, r"\n# fake +driver +0 +0 +0 +0 +0 +1 +0\n")

    def test_it_need_not_refuse(self):
        self.answers("virDomainGetName", {"answer": 1}, {"answer": 1})
        self.passes('virDomainGetName 5\n    wrong-use "x"\n', "--established")

    def test_it_may_tell_less_of_errors(self):
        said = error(1, 2, "no")
        self.answers("virDomainGetName", said, {"error": {"code": 1, "domain": 2, "message": "no"}})
        self.passes("virDomainGetName null\n    fails 1\n", "--established")
        self.fails("virDomainGetName null\n    fails 1\n", "error: fake has no level")
        self.answers("virDomainGetName", said, {"error": {"code": 1, "domain": 2, "message": "yes"}})
        self.fails("virDomainGetName null\n    fails 1\n", "error.message: ",
                   options=["--established"])

    def test_other_differences(self):
        self.answers("virDomainGetName", {"answer": 1}, {"answer": 2})
        self.fails("virDomainGetName null\n", "answer: C has 1, fake has 2",
                   options=["--established"])

    def test_known_differences(self):
        self.answers("virDomainGetName", error(1, 2, "no"), {"answer": None})
        self.differences("virDomainGetName  NULL where it fails\n")
        result = self.passes("virDomainGetName null\n    varies\n", "--established")
        self.assertIn("all: every known difference is seen [fake]", result.output)
        self.assertRegex(result.output, r"\n# fake +driver +0 +0 +0 +1 +0 +0 +0\n")

    def test_known_crashes(self):
        self.answers("virDomainGetName", {"answer": 1}, {"crash": True})
        for text in ("crashes where that is NULL", "crashes {*Name null} where that is NULL"):
            self.differences(f"virDomainGetName {text}\n")
            self.passes("virDomainGetName null\n", "--established")
        self.differences("virDomainGetName crashes {* 1} where that is 1\n")
        self.assertIn("not ok 1", self.play("virDomainGetName null\n", "--established").output)

    def test_differences_that_are_gone(self):
        self.both("virDomainGetName", {"answer": 1})
        self.differences("virDomainGetName  NULL where it fails\nvirConnectOpen  gone\n")
        self.cases('case "x"\n    virDomainGetName null\n')
        result = self.drive("--established")
        self.assertEqual(result.status, 1)
        path = self.top / "bindings/fake/conformance/differences"
        self.assertIn(f"{path}:1: this difference was not seen", result.output)
        self.assertIn(f"{path}:2: this difference was not seen", result.output)

    def test_what_differs(self):
        self.answers("virDomainGetName", {"answer": 1}, {"answer": 2})
        self.differences("virDomain* {answer: C has *, fake has 3}  another one\n")
        self.fails("virDomainGetName null\n", "answer: C has 1, fake has 2",
                   options=["--established"])
        self.differences("virDomain* {answer: C has *, fake has 2}  this one\n")
        self.passes("virDomainGetName null\n", "--established")


if __name__ == "__main__":
    unittest.main()
