# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each allocation of ours fails in turn, in a call of every function: what comes of it is the right
answer or the language's word for no memory, nothing is lost, and the next call works."""

import tempfile
import unittest

from copies import CopyTest
from runner import Ended, Slow
from stand_in import Mapped, StandIn, vectors
from support import BUILD, languages

VIR_ERR_NO_MEMORY = 2
# Longer vectors only have more of the same.
LONGEST = 2500
MOST_ALLOCATIONS = 5000
# What freed memory is filled with, so that using it shows.
FREED = "165"
# How many lines of what a runner said before it ended are shown.
LAST_WORDS = 20


class Allocator(Mapped):
    """allocator.h"""

    def __init__(self):
        super().__init__(48)
        self.turn = 0

    def begin(self, fail_at, more):
        self.turn += 1
        self.put("=QQQQ", 8, fail_at, more, 0, 0)
        self.put("=Q", 0, self.turn)

    def end(self):
        self.put("=Q", 0, 0)

    def has_failed(self):
        return self.get("=Q", 32) > 0

    def alive(self):
        return self.get("=q", 40)


def without_numbers(value):
    """Handles of two answers have different numbers."""
    if isinstance(value, list):
        return [without_numbers(one) for one in value]
    if isinstance(value, dict):
        return {key: without_numbers(one) for key, one in value.items()
                if key != "number" or "$handle" not in value}
    return value


def size(line):
    """The more the better, but not too much."""
    length = len(str(line))
    return length if length <= LONGEST else -length


def chosen(lines):
    """Of each function's vectors the longest that works, one that fails, and those whose last item
    is wrong: what good ones took before has to be released."""
    found = {}
    for line in lines:
        if line.get("wrong") not in (None, "bad item", "type from the future"):
            continue
        if "alone" in line:
            continue  # a process does it once
        key = line["function"], bool(line.get("fails")), line.get("wrong"), line.get("argument")
        if key not in found or size(found[key]) < size(line):
            found[key] = line
    return list(found.values())


def places(most):
    """From 1 on; of very many, which have items alike, some are enough."""
    place = 1
    while place <= most:
        yield place
        place += 1 + place // 50


class Sweep:
    """All allocations of vectors, in a runner that is started anew where one ended it."""

    def __init__(self, language, makers, build=BUILD):
        self.language, self.makers, self.build = language, makers, build
        self.allocator = Allocator()
        self.errors = tempfile.TemporaryFile()
        self.problems = []
        self.failed = self.vectors = 0
        self.start()

    def start(self):
        facts = self.language.facts
        self.stand_in = StandIn(
            self.language, self.makers, [BUILD / "faults" / "allocator.so"],
            dict(facts.ENVIRONMENT, ALLOCATOR_CONTROL=self.allocator.path,
                 ALLOCATOR_MODULES=facts.MODULES, ALLOCATOR_THROUGH=facts.THROUGH,
                 ALLOCATOR_SPARED=facts.SPARED, ALLOCATOR_PAUSES=facts.PAUSES,
                 MALLOC_PERTURB_=FREED),
            self.errors, self.build)

    def close(self):
        self.stand_in.close()
        self.allocator.close()
        self.errors.close()

    # ---- one call ----

    def call(self, line, fail_at):
        """The outcome, and whether an allocation failed."""
        stand_in = self.stand_in
        stand_in.control.order("")
        arguments = stand_in.given(line["arguments"])
        stand_in.control.order(line["function"], line["vector"], line.get("fails", False))
        try:
            self.allocator.begin(fail_at, self.language.facts.TRIES - 1)
            outcome = stand_in.runner.call(line["function"], *arguments)
            if "events" in line and "then" in line and "answer" in outcome:
                self.deliver(line)
        finally:
            self.allocator.end()
        stand_in.note(outcome)
        if "then" in line and "answer" in outcome:
            self.take_back(line, outcome, fail_at)
            outcome = {"answer": "taken back"}
        return without_numbers(outcome), self.allocator.has_failed()

    def deliver(self, line):
        """Lets callbacks be called, which get what there is memory for."""
        self.stand_in.runner.ask(do="dispatch", events=len(line["events"]), seconds=0.02)
        self.stand_in.note(self.stand_in.runner.ask(do="events"))

    def take_back(self, line, outcome, fail_at):
        then = [outcome["answer"] if one == {"$answer": True} else one
                for one in self.stand_in.given(line["then"]["arguments"])]
        undone = self.stand_in.runner.call(line["then"]["function"], *then)
        if undone != {"answer": None}:
            self.report(line, fail_at, f"{line['then']['function']}: {undone}")

    # ---- all its allocations ----

    def report(self, line, fail_at, text, said_lines=1):
        self.errors.seek(0)
        said = self.errors.read().decode("utf-8", "replace").strip().splitlines()[-said_lines:]
        what = line.get("wrong") or ("failure" if line.get("fails") else "success")
        self.problems.append(f"{line['function']} {line['vector']} ({what}), allocation {fail_at}: "
                             f"{text} {' | '.join(said)}")

    def once(self, line, fail_at, expected, before):
        """One call; whether an allocation failed in it."""
        outcome, has_failed = self.call(line, fail_at)
        no_memory = ("no-memory" in outcome or
                     outcome.get("error", {}).get("code") == VIR_ERR_NO_MEMORY or
                     outcome.get("wrong-use", {}).get("message") in self.language.facts.NO_MEMORY)
        if has_failed and not no_memory and outcome != expected:
            self.report(line, fail_at, f"outcome {outcome}, not {expected}")
        if not has_failed and outcome != expected:
            self.report(line, fail_at, f"outcome {outcome} afterwards, not {expected}")
        for fault in self.stand_in.control.faults():
            self.report(line, fail_at, fault)
        after = self.stand_in.forget()
        if after != before:
            self.report(line, fail_at, "left " + ", ".join(
                f"{name}: {before.get(name)} became {count}" for name, count in after.items()
                if count != before.get(name)))
        return has_failed, after

    def all_once(self, line, expected):
        """How many allocations there are, about."""
        before = self.stand_in.forget()
        self.at = 0
        for self.at in places(MOST_ALLOCATIONS):
            has_failed, before = self.once(line, self.at, expected, before)
            if not has_failed:
                return self.at
            self.failed += 1
        self.report(line, self.at, "there is no end of it")
        return self.at

    def find_leak(self, line, expected, count):
        """What grows a second time is no cache."""
        for fail_at in places(count):
            alive = []
            for _ in range(3):
                self.once(line, fail_at, expected, self.stand_in.forget())
                alive.append(self.allocator.alive())
            if alive[0] < alive[1] < alive[2]:
                self.report(line, fail_at, f"blocks of ours that are not freed: {alive}")

    def play(self, line):
        self.vectors += 1
        self.at = 0
        try:
            expected, _ = self.call(line, 0)
            if "absent" in expected:
                return
            self.stand_in.forget()
            alive = self.allocator.alive()
            count = self.all_once(line, expected)
            self.stand_in.forget()
            if self.allocator.alive() > alive:
                self.find_leak(line, expected, count)
        except (Ended, Slow) as ended:
            self.report(line, self.at, str(ended), LAST_WORDS)
            self.stand_in.close()
            self.start()


class Allocations(CopyTest):
    def sweep(self, language, lines, makers, build=BUILD):
        sweep = Sweep(language, makers, build)
        self.addCleanup(sweep.close)
        for line in lines:
            sweep.play(line)
        return sweep

    def test_every_function(self):
        makers, lines = vectors()
        lines = chosen(lines)
        self.assertGreater(len({line["function"] for line in lines}), 490)
        for language in languages():
            with self.subTest(str(language)):
                sweep = self.sweep(language, lines, makers)
                self.assertEqual(sweep.problems, [])
                self.assertGreater(sweep.failed, len(lines))

    def test_what_is_broken_is_noticed(self):
        makers, lines = vectors()
        for language in languages():
            for broken in language.broken_allocations:
                with self.subTest(f"{language}: {broken.fault}"):
                    copy = self.broken_copy(language, broken)
                    sweep = self.sweep(language, [line for line in chosen(lines) if line["function"]
                                                  in broken.functions], makers, copy.build)
                    self.assertRegex("\n".join(sweep.problems), broken.says)


if __name__ == "__main__":
    unittest.main()
