# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the runner of C share: the runner, and cases that ask it."""

import argparse
import json
import os
import pathlib
import subprocess
import unittest

TOP = pathlib.Path(__file__).resolve().parents[3]
OPTIONS = argparse.Namespace(reference=str(TOP / "build/conformance/reference"),
                             bindgen=str(TOP / "build/libvirt-bindgen"))
LEAKS = TOP / "tests/conformance/reference/leaks.suppressions"
WORKED = set()  # functions that answered


class Ended(Exception):
    """The runner ended instead of answering."""


class Runner:
    def __init__(self, folder=None, **environment):
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec "$0" 3>&1 1>&2', os.path.abspath(OPTIONS.reference)], cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            # libvirt's own log warns of a host name that nobody knows.
            env=dict(os.environ, LIBVIRT_DEBUG="error",
                     LSAN_OPTIONS=f"suppressions={LEAKS}:print_suppressions=0",
                     **environment))

    def ask_line(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Ended(self.process.stderr.read())
        return json.loads(answer)

    def ask(self, what, **more):
        return self.ask_line(json.dumps({"do": what, **more}))

    def outcome(self, function, *arguments, **more):
        outcome = self.ask("call", function=function, arguments=list(arguments), **more)
        if "answer" in outcome:
            WORKED.add(function)
        return outcome

    def close(self):
        """Its exit status, and what it said."""
        self.process.stdin.close()
        said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.wait(30), said


def handle(answer):
    return {"$handle": answer["number"]}


def data(value):
    return {"$bytes": value.hex()}


class ReferenceTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.runner = Runner()
        self.addCleanup(self.end)

    def end(self):
        if not self.runner.process.stdin.closed:
            self.assertEqual(self.runner.close(), (0, ""))

    def answer(self, function, *arguments):
        outcome = self.runner.outcome(function, *arguments)
        self.assertEqual(list(outcome), ["answer"], f"{function}: {outcome}")
        return outcome["answer"]

    def error(self, function, *arguments):
        outcome = self.runner.outcome(function, *arguments)
        self.assertEqual(list(outcome), ["error"], f"{function}: {outcome}")
        return outcome["error"]

    def wrong(self, function, *arguments, part, **more):
        outcome = self.runner.outcome(function, *arguments, **more)
        self.assertEqual(list(outcome), ["wrong-use"], f"{function}: {outcome}")
        self.assertEqual(outcome["wrong-use"]["class"], "C")
        self.assertIn(part, outcome["wrong-use"]["message"])

    def events(self):
        return self.runner.ask("events")["events"]

    def of_handles(self, name, *arguments):
        return handle(self.answer(name, *arguments))
