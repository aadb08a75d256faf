#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays the vectors of the stand-in in one language: play.py [--build DIR] [--verbose] LANGUAGE [FUNCTION…]

It starts the language's runner (bindings/LANGUAGE/conformance/command) on the stand-in, plays each line of
vectors.jsonl, and compares what arrived, what came back, what was released and what is left. A line for
each vector that fails, then "N passed, N failed, N skipped"."""

import argparse
import collections
import json
import mmap
import os
import pathlib
import select
import struct
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
LEFT_OUT = {"$left-out": True}


class Control:
    """The file that is shared with the stand-in; tests/stand-in/control.h says where what is."""

    KINDS, KIND_SIZE, KINDS_AT = 32, 72, 112
    FAULTS, RECORD = 1 << 16, 1 << 22
    FAULTS_AT = KINDS_AT + KINDS * KIND_SIZE
    RECORD_AT = FAULTS_AT + FAULTS
    SIZE = RECORD_AT + RECORD

    def __init__(self, path):
        self.path = path
        with open(path, "wb+") as file:
            file.truncate(self.SIZE)
            self.map = mmap.mmap(file.fileno(), self.SIZE)

    def order(self, function, vector=0, fails=False):
        self.map[8:72] = function.encode().ljust(64, b"\0")
        struct.pack_into("=II", self.map, 72, vector, fails)

    def begin(self, function, vector, fails):
        """Of a vector; what was recorded before is dropped."""
        struct.pack_into("=QQ", self.map, 96, 0, 0)
        for kind in range(self.KINDS):
            struct.pack_into("=I", self.map, self.KINDS_AT + kind * self.KIND_SIZE + 68, 0)
        self.order(function, vector, fails)

    def lines(self, length_at, start, size):
        length = struct.unpack_from("=Q", self.map, length_at)[0]
        text = self.map[start:start + min(length, size)].decode("utf-8", "replace")
        return text.splitlines() + (["…and more"] if length > size else [])

    def faults(self):
        return self.lines(96, self.FAULTS_AT, self.FAULTS)

    def record(self):
        return [json.loads(line) for line in self.lines(104, self.RECORD_AT, self.RECORD)]

    def kinds(self):
        """Name to alive, references, set_up."""
        found = {}
        for kind in range(self.KINDS):
            name, alive, references, set_up, _ = struct.unpack_from(
                "=48sqqII", self.map, self.KINDS_AT + kind * self.KIND_SIZE)
            if name.strip(b"\0"):
                found[name.strip(b"\0").decode()] = (alive, references, set_up)
        return found

    def balance(self):
        """What there is more of where something was not released."""
        left = {name: alive_and_references[:2]
                for name, alive_and_references in self.kinds().items()}
        left["blocks"] = struct.unpack_from("=q", self.map, 80)[0]
        return left


class Ended(Exception):
    """The runner is no more."""


class Runner:
    SECONDS = 10

    def __init__(self, command, build, control):
        stand_in = build / "stand-in"
        environment = dict(os.environ, LD_LIBRARY_PATH=str(stand_in),
                           LD_PRELOAD=str(stand_in / "ledger.so"), STAND_IN_CONTROL=str(control.path),
                           build=str(build), source=str(TOP))
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec 3>&{writing} {writing}>&-; {command}"], pass_fds=[writing],
            stdin=subprocess.PIPE, env=environment, text=True, encoding="utf-8")
        os.close(writing)
        self.answers = os.fdopen(reading, encoding="utf-8")

    def ask(self, **request):
        try:
            print(json.dumps(request), file=self.process.stdin, flush=True)
            if not select.select([self.answers], [], [], self.SECONDS)[0]:
                self.process.kill()
                raise Ended(f"the runner did not answer within {self.SECONDS} seconds")
            line = self.answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Ended(f"the runner ended with status {self.process.wait()}")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        status = self.process.wait()
        self.answers.close()
        return status


def without_false_end(value):
    while value and value[-1] is False:
        value = value[:-1]
    return value


def is_same(expected, got):
    """Whether a canonical value is the one that was to come."""
    if isinstance(expected, dict):
        if set(expected) == {"$any"}:
            return isinstance(got, int) and not isinstance(got, bool)
        if expected == LEFT_OUT:
            return True
        if "$handle" in expected:
            return (isinstance(got, dict) and got.get("$handle") == expected["$handle"] and
                    got.get("key") == expected["key"])
        return (isinstance(got, dict) and set(expected) == set(got) and
                all(is_same(value, got[key]) for key, value in expected.items()))
    if isinstance(expected, list):
        if not isinstance(got, list):
            return not expected and got is None
        if all(isinstance(one, bool) for one in expected + got):
            # CPUs behind the last that is set are as good as not there.
            return without_false_end(expected) == without_false_end(got)
        return len(expected) == len(got) and all(map(is_same, expected, got))
    if expected is None:
        return got is None or got == []
    return type(expected) is type(got) and expected == got


def in_language(expected, shape, got):
    """What is left of an answer in a language whose manifest has this shape for it."""
    if not isinstance(shape, dict):
        return bool(expected) if shape == "boolean" and isinstance(expected, int) else expected
    if "found" in shape:
        if isinstance(expected, dict) and expected.get("result") is False:
            return None
        return in_language(expected, shape["found"], got)
    if "record" in shape and isinstance(expected, dict) and "$handle" not in expected:
        if shape.get("alone") and got is not None and set(got) == {shape["alone"]}:
            expected = {shape["alone"]: expected[shape["alone"]]}
        if shape.get("as") == "value" and isinstance(got, dict) and len(got) == 1:
            expected = {name: value for name, value in expected.items() if name in got}
        return {name: in_language(value, shape["record"][name], value)
                for name, value in expected.items() if name in shape["record"]}
    if isinstance(expected, list):
        for key, item in (("list", shape.get("list")), ("records", {"record": shape.get("records")})):
            if key in shape:
                return [in_language(one, item, one) for one in expected]
        if "tagged" in shape:
            return [one for one in expected if str(one[shape["key"]]) in shape["tagged"]]
    if "scaled" in shape and isinstance(expected, int):
        return expected // shape["by"] * shape["by"]
    return expected


class Player:
    KEPT_OF_KIND = 3
    BATCH = 50

    def __init__(self, arguments):
        self.arguments = arguments
        self.build = pathlib.Path(arguments.build).resolve()
        self.command = (TOP / "bindings" / arguments.language / "conformance" /
                        "command").read_text(encoding="utf-8").strip()
        self.manifest = json.loads(
            (self.build / arguments.language / "manifest.json").read_text(encoding="utf-8"))
        lines = [json.loads(line) for line in
                 (self.build / "stand-in" / "vectors.jsonl").read_text(encoding="utf-8").splitlines()]
        self.makers = {line["handle"]: line for line in lines if "handle" in line}
        self.vectors = [line for line in lines if "vector" in line and self.is_wanted(line)]
        self.counts = collections.Counter()
        self.skipped = collections.Counter()
        self.answered = []

    def is_wanted(self, line):
        return not self.arguments.functions or any(part in line["function"]
                                                   for part in self.arguments.functions)

    # ---- a run of the language's runner ----

    def start(self):
        descriptor, path = tempfile.mkstemp(prefix="stand-in-")
        os.close(descriptor)
        self.control = Control(path)
        self.runner = Runner(self.command, self.build, self.control)
        self.runner.ask(do="hello")
        self.kept = {}
        self.answered = []
        for kind in self.makers:
            self.kept[kind] = [self.make(kind) for _ in range(self.KEPT_OF_KIND)]
        self.runner.ask(do="events")

    def stop(self):
        try:
            self.runner.end()
        finally:
            os.unlink(self.control.path)

    def make(self, kind):
        maker = self.makers[kind]
        outcome = self.runner.ask(do="call", function=maker["function"],
                                  arguments=self.given(maker["arguments"]))
        if "answer" not in outcome:
            raise Ended(f"no {kind} can be made: {outcome}")
        return outcome["answer"]["number"]

    def given(self, value):
        """Arguments with numbers in place of the handles that they ask for."""
        if isinstance(value, list):
            return [self.given(one) for one in value]
        if not isinstance(value, dict) or "$handle" not in value:
            return value
        kind = value["$handle"]
        if not value.get("fresh") and not value.get("closed"):
            return {"$handle": self.kept[kind][value.get("which", 1) - 1]}
        number = self.make(kind)
        self.answered.append(number)
        if value.get("closed"):
            self.runner.ask(do="call", function=self.makers[kind]["release"],
                            arguments=[{"$handle": number}])
        return {"$handle": number}

    # ---- one vector ----

    def noted_handles(self, value):
        if isinstance(value, list):
            for one in value:
                self.noted_handles(one)
        elif isinstance(value, dict):
            if "$handle" in value and "number" in value:
                if value["number"] not in sum(self.kept.values(), []):
                    self.answered.append(value["number"])
            for one in value.values():
                self.noted_handles(one)

    def language_name(self, function, argument):
        """What the language calls an argument of C's; None: it has none for it."""
        facts = self.manifest["functions"].get(function, {})
        for parameter in facts.get("parameters", []):
            made_from = parameter["from"]
            if argument == made_from or argument in made_from and isinstance(made_from, list):
                return parameter["name"]
        return argument if facts.get("self") == argument else None

    def needs_nothing(self, function):
        """Beside the receiver."""
        return not any(parameter["required"] for parameter
                       in self.manifest["functions"].get(function, {}).get("parameters", []))

    def compare_calls(self, line, record):
        if line.get("calls") is None:
            return []
        found = []
        for call in record:
            if (call["function"] == line["function"] or not line["calls"]) and call not in found[-1:]:
                found.append(call)
        if not line["calls"]:
            return [f"called {call['function']} with {call['arguments']}" for call in found]
        if len(found) != len(line["calls"]):
            return [f"called {len(found)} times: {found}"]
        problems = []
        facts = self.manifest["functions"].get(line["function"], {})
        for expected, got in zip(line["calls"], found):
            for argument, one, other in zip(facts.get("arguments", []), expected["arguments"],
                                            got["arguments"]):
                if argument["pattern"] == "params" and other:
                    other = sorted(other)
                if isinstance(one, str) and one.endswith("#fresh"):
                    one = f"{one[:-5]}{self.control.kinds()[one[:-6]][2]}"
                if (self.language_name(line["function"], argument["name"]) and
                        not is_same(one, other)):
                    problems.append(f"{argument['name']} arrived as {json.dumps(other)}, "
                                    f"not {json.dumps(one)}")
        return problems

    def compare_outcome(self, line, outcome):
        expected = line["outcome"]
        shape = self.manifest["functions"].get(line["function"], {}).get("result")
        if "answer" in expected and "answer" in outcome:
            expected = {"answer": in_language(expected["answer"], shape, outcome["answer"])}
        elif "error" in expected and isinstance(shape, dict) and "returned-failure" in shape:
            expected = {"answer": shape["value"]}
        if "wrong-use" in expected:
            message = outcome.get("wrong-use", outcome.get("error", {})).get("message", "")
            name = expected["wrong-use"]
            # The receiver of a method has no name.
            if name == self.manifest["functions"].get(line["function"], {}).get("self"):
                name = None
            names = [name, self.language_name(line["function"], name)] if name else [""]
            # Some languages refuse with the class of libvirt's own errors.
            if (("wrong-use" in outcome or "error" in outcome) and
                    any(one is not None and one in message for one in names)):
                return []
        elif "error" in expected:
            fields = dict(outcome.get("error", {}))
            fields.pop("function", None)
            if is_same(expected["error"], fields):
                return []
        elif "answer" in outcome and is_same(expected["answer"], outcome["answer"]):
            return []
        return [f"outcome {json.dumps(outcome)}, not {json.dumps(expected)}"]

    def play_events(self, line, outcome):
        if "events" not in line or "answer" not in outcome:
            return []
        problems = []
        self.runner.ask(do="dispatch", events=len(line["events"]), seconds=2)
        events = self.runner.ask(do="events")["events"]
        self.noted_handles(events)
        if not is_same(line["events"], events):
            problems.append(f"events {json.dumps(events)}, not {json.dumps(line['events'])}")
        then = [outcome["answer"] if one == {"$answer": True} else one
                for one in self.given(line["then"]["arguments"])]
        undone = self.runner.ask(do="call", function=line["then"]["function"], arguments=then)
        if undone != {"answer": None}:
            problems.append(f"{line['then']['function']}: {json.dumps(undone)}")
        return problems

    def play(self, line):
        """Problems; None where the language cannot do it."""
        name = line["function"]
        if line.get("argument") and not self.language_name(name, line["argument"]):
            return None
        if line.get("wrong") == "too few arguments" and self.needs_nothing(name):
            return None
        if "events" in line:
            self.runner.ask(do="events")  # what came earlier
        self.control.order("")
        arguments = self.given(line["arguments"])
        self.control.begin(name, line["vector"], line.get("fails", False))
        request = {"do": "call", "function": name, "arguments": arguments}
        if "surplus" in line:
            request["surplus"] = line["surplus"]
        outcome = self.runner.ask(**request)
        if "absent" in outcome:
            return None
        self.noted_handles(outcome)
        problems = self.compare_calls(line, self.control.record())
        problems += self.compare_outcome(line, outcome)
        problems += self.play_events(line, outcome)
        problems += self.control.faults()
        self.control.order("")
        return problems

    # ---- all of them ----

    def report(self, line, problems):
        self.counts["failed"] += 1
        what = line.get("wrong") or ("failure" if line.get("fails") else "success")
        argument = f" of {line['argument']}" if line.get("argument") else ""
        print(f"{line['function']} {line['vector']} ({what}{argument}): " + "; ".join(problems))
        if self.arguments.verbose:
            print(f"    {json.dumps(line)}")
        sys.stdout.flush()

    def forget(self):
        self.runner.ask(do="forget", handles=self.answered)
        self.answered = []
        return self.control.balance()

    def play_batch(self, batch, is_replay=False):
        """Vectors after which nothing is left; where something is, one by one to see which."""
        before = self.forget()
        for line in batch:
            try:
                problems = self.play(line)
            except Ended as ended:
                self.report(line, [str(ended)])
                self.stop()
                self.start()
                before = self.forget()
                continue
            if is_replay:
                after = self.forget()
                if after != before:
                    self.report(line, [f"left {name}: {before.get(name)} became {count}"
                                       for name, count in after.items()
                                       if count != before.get(name)])
                    before = after
            elif problems is None:
                self.counts["skipped"] += 1
                self.skipped[line["function"]] += 1
            elif problems:
                self.report(line, problems)
            else:
                self.counts["passed"] += 1
        return is_replay or self.forget() == before or self.play_batch(batch, True)

    def play_all(self):
        self.start()
        for place in range(0, len(self.vectors), self.BATCH):
            self.play_batch(self.vectors[place:place + self.BATCH])
        try:
            self.control.begin("", 0, False)
            self.runner.ask(do="forget")
            left = {name: count for name, count in self.control.balance().items()
                    if count not in (0, (0, 0))}
            if left:
                self.counts["failed"] += 1
                print(f"at the end there are still {left}")
        finally:
            self.stop()
        if self.arguments.verbose:
            for name, count in self.skipped.items():
                print(f"skipped: {count} of {name}")
        print(f"{self.counts['passed']} passed, {self.counts['failed']} failed, "
              f"{self.counts['skipped']} skipped")
        return 1 if self.counts["failed"] or not self.counts["passed"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", metavar="DIR")
    parser.add_argument("--verbose", action="store_true", help="print the vectors that fail")
    parser.add_argument("language")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="a part of a function's name")
    return Player(parser.parse_args()).play_all()


if __name__ == "__main__":
    sys.exit(main())
