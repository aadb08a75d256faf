# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runners that crash, hang, write rubbish or do not start; the run goes on."""

import unittest

from support import DriverTest

TWO_CASES = """\
    case "first"
        virConnectOpen "x"
        virDomainGetName null
        virDomainDestroy null
    case "second"
        virDomainGetInfo null
    """


class Runners(DriverTest):
    def trouble(self, deed, *messages, who="fake", options=()):
        """A deed in the second step fails the first case, the second one is played in a new process."""
        self.cases(TWO_CASES)
        self.both("virDomainGetName", {"answer": None})
        self.script(who)["calls"]["virDomainGetName"] = deed
        result = self.drive(*options)
        self.assertEqual((result.verdicts(), result.status, result.errors),
                         (["not ok", "ok"], 1, ""), result.output)
        for message in (*messages, "a.cases:3", "step: 'virDomainGetName null'"):
            self.assertIn(message, result.output)
        self.assertEqual(self.called(who, "virDomainDestroy"), [])
        self.assertEqual(self.requests("fake")[-1], {"do": "forget"})
        return result

    def test_crash(self):
        self.trouble({"crash": 1}, "fake: the runner was ended by signal 11 (Segmentation fault)")

    def test_crash_of_c(self):
        self.trouble({"crash": 1}, "C: the runner was ended by signal 11 (Segmentation fault)",
                     who="C")

    def test_hang(self):
        self.trouble({"hang": 1}, "fake: the runner was slower than 2 seconds",
                     options=("--seconds", 2))

    def test_leave(self):
        self.script("fake")["greeting"] = b"printed on standard output".hex()
        result = self.trouble({"leave": 3}, "fake: the runner ended with status 3", "output: ")
        self.assertIn("printed on standard output", result.output)
        self.assertIn("about to leave", result.output)

    def test_rubbish(self):
        for text, said in (("hello", "what is no JSON object: hello"),
                           ("[1]", "what is no JSON object: [1]"), ("", "what is no JSON object: "),
                           ('{"answer": 1', "what is no JSON object: {\"answer\": 1"),
                           ('{"answer": 1} x', "what is no JSON object: {\"answer\": 1} x"),
                           ("x" * 300, f"what is no JSON object: {'x' * 200}…"),
                           ('{"x": 1}', 'what is no outcome: { "x": 1 }'),
                           ('{"answer": 1, "x": 1}', "what is no outcome"),
                           ('{"error": {"code": 1}}', "what is no outcome"),
                           ('{"error": 5}', "what is no outcome"),
                           ('{"wrong-use": {"class": "x"}}', "what is no outcome"),
                           ('{"absent": null}', "what is no outcome")):
            with self.subTest(text):
                self.trouble({"rubbish": text}, f"fake: the runner wrote {said}")

    def test_unasked(self):
        """It is seen when the next step begins."""
        self.cases(TWO_CASES)
        self.script("fake")["calls"]["virDomainGetName"] = {"twice": {"answer": None}}
        result = self.drive()
        self.assertEqual(result.verdicts(), ["not ok", "ok"], result.output)
        self.assertIn('fake: the runner wrote a line that nobody asked for: {"answer": null}',
                      result.output)

    def test_closed(self):
        self.trouble({"close": 1}, "fake: the runner closed its answers but goes on",
                     options=("--seconds", 5))

    def test_at_the_end(self):
        """Forgetting all belongs to the case."""
        for who in ("fake", "C"):
            with self.subTest(who):
                self.scripts[who]["requests"] = {"forget": {"crash": 1}}
                self.fails("virDomainGetName null\n",
                           f"{who}, when all was forgotten at the end: the runner was ended by signal")
                self.scripts[who]["requests"] = {}

    def test_how_it_ends(self):
        """Once all is played."""
        for deed, said in (({"crash": 1}, "the runner was ended by signal 11 (Segmentation fault)"),
                           ({"leave": 3}, "the runner ended with status 3"),
                           ({"hang": 1}, "the runner did not end when it was asked nothing more")):
            for who in ("fake", "C"):
                with self.subTest(said, who=who):
                    self.scripts[who]["ending"] = deed
                    result = self.play("virDomainGetName null\n", "--seconds", 2)
                    self.assertEqual(result.verdicts(), ["ok", "not ok"], result.output)
                    self.assertIn(said, result.output)
                    self.assertIn(f"the runner ends well [{who}]", result.output)
                    self.assertEqual("about to leave" in result.output, "leave" in deed)
                    del self.scripts[who]["ending"]

    def test_a_language_that_does_not_start(self):
        """All its cases fail, those of others are played."""
        self.language("other", "/nonexistent/runner")
        self.cases(TWO_CASES)
        result = self.drive()
        self.assertEqual([test.split("[")[1] for test in result.tests if test.startswith("not")],
                         ["other]"] * 2, result.output)
        self.assertIn("other: the runner ended with status 127", result.output)
        self.assertIn("cannot run /nonexistent/runner: No such file or directory", result.output)
        self.assertEqual(result.status, 1)

    def test_a_hello_without_language(self):
        self.script("fake")["hello"] = {"runtime": "1"}
        self.fails("virDomainGetName null\n",
                   'fake: the runner does not say its language: { "runtime": "1" }')

    def test_c_does_not_start(self):
        self.script("C")["requests"] = {"hello": {"leave": 4}}
        del self.script("C")["hello"]
        result = self.play("virDomainGetName null\n")
        self.assertEqual(result.status, 2)
        self.assertIn("Bail out! C: the runner ended with status ", result.output)

    def test_c_without_functions(self):
        self.script("C")["requests"] = {"functions": {"x": 1}}
        result = self.play("virDomainGetName null\n")
        self.assertEqual(result.status, 2)
        self.assertIn("Bail out! C: it does not say its functions", result.output)

    def test_large_answers(self):
        text = "ä" * 3_000_000
        self.answers("virDomainGetName", {"answer": text}, {"answer": text + "x"})
        self.passes("virDomainGetName null\n    shape\n")
        result = self.fails("virDomainGetName null\n")
        self.assertIn("answer: C has ", result.output)
        self.assertLess(len(result.output), 20_000)

    def test_large_requests(self):
        self.both("virDomainGetName", {"echo": 0})
        self.passes(f'virDomainGetName "{"x" * 2_000_000}"\n')

    def test_bytes_that_are_no_text(self):
        """They are shown as '?', what is cut ends with a whole character."""
        self.script("fake")["greeting"] = "ff c3 28 e4b8ad"
        self.trouble({"rubbish-bytes": "c3a4 ff e282 " + "c3a4" * 200},
                     f"what is no JSON object: ä???{'ä' * 97}…", "output: '??(中'")
        self.trouble({"rubbish-bytes": b'{"answer": "\xff"}'.hex()},
                     'what is no JSON object: {"answer": "?"}')


if __name__ == "__main__":
    unittest.main()
