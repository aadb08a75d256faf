# SPDX-License-Identifier: LGPL-2.1-or-later
"""A language's runner on the stand-in, to play single vectors with faults of our own."""

import json
import mmap
import os
import struct
import tempfile

from runner import Runner
from support import BUILD

STAND_IN = BUILD / "stand-in"


def vectors():
    """How handles are made, by kind; all vectors."""
    lines = [json.loads(line)
             for line in (STAND_IN / "vectors.jsonl").read_text("utf-8").splitlines()]
    return ({line["handle"]: line for line in lines if "handle" in line},
            [line for line in lines if "vector" in line])


class Mapped:
    """A file that is shared with a library in the runner."""

    def __init__(self, size):
        descriptor, self.path = tempfile.mkstemp(prefix="faults-")
        os.ftruncate(descriptor, size)
        self.map = mmap.mmap(descriptor, size)
        os.close(descriptor)

    def get(self, form, place):
        return struct.unpack_from(form, self.map, place)[0]

    def put(self, form, place, *values):
        struct.pack_into(form, self.map, place, *values)

    def close(self):
        self.map.close()
        os.unlink(self.path)


class Control(Mapped):
    """tests/stand-in/control.h"""

    KINDS, KIND_SIZE, KINDS_AT = 32, 72, 112
    FAULTS = 1 << 16
    FAULTS_AT = KINDS_AT + KINDS * KIND_SIZE
    SIZE = FAULTS_AT + FAULTS + (1 << 22)

    def __init__(self):
        super().__init__(self.SIZE)

    def order(self, function, vector=0, fails=False):
        """Before a vector, and with nothing before handles are made and forgotten."""
        if function:
            self.put("=QQ", 96, 0, 0)
            for kind in range(self.KINDS):
                self.put("=I", self.KINDS_AT + kind * self.KIND_SIZE + 68, 0)
        self.put("=64sII", 8, function.encode(), vector, fails)

    def faults(self):
        length = min(self.get("=Q", 96), self.FAULTS)
        text = self.map[self.FAULTS_AT:self.FAULTS_AT + length]
        return text.decode("utf-8", "replace").splitlines()

    def balance(self):
        """Blocks, handles and references that there are."""
        found = {"blocks": self.get("=q", 80)}
        for kind in range(self.KINDS):
            name, alive, references = struct.unpack_from("=48sqq", self.map,
                                                         self.KINDS_AT + kind * self.KIND_SIZE)
            if name.strip(b"\0"):
                found[name.strip(b"\0").decode()] = alive, references
        return found


class StandIn:
    """A runner with some handles of each kind."""

    KEPT = 3

    def __init__(self, language, makers, preload=(), environment=None, errors=None,
                 build=BUILD):
        self.makers = makers
        self.control = Control()
        environment = dict(environment or {}, LD_LIBRARY_PATH=str(STAND_IN),
                           LD_PRELOAD=" ".join([*map(str, preload), str(STAND_IN / "ledger.so")]),
                           STAND_IN_CONTROL=self.control.path)
        self.runner = Runner(language.command, build, language.manifest, environment, errors)
        self.runner.ask(do="hello")
        self.kept = {}
        self.last = 0
        for kind in makers:
            self.kept[kind] = [self.make(kind) for _ in range(self.KEPT)]
        self.first = self.last + 1

    def note(self, value):
        """The last of the handles in a value."""
        if isinstance(value, dict):
            self.last = max(self.last, value.get("number", 0) if "$handle" in value else 0)
            value = list(value.values())
        for one in value if isinstance(value, list) else []:
            self.note(one)

    def make(self, kind):
        maker = self.makers[kind]
        outcome = self.runner.call(maker["function"], *self.given(maker["arguments"]))
        self.note(outcome)
        return outcome["answer"]["number"]

    def given(self, value):
        """Arguments with numbers in place of the handles that they ask for."""
        if isinstance(value, list):
            return [self.given(one) for one in value]
        if not isinstance(value, dict) or "$handle" not in value:
            return value
        kind = value["$handle"]
        if value.get("fresh"):
            return {"$handle": self.make(kind)}
        return {"$handle": self.kept[kind][value.get("which", 1) - 1]}

    def forget(self):
        """All but what is kept; the balance."""
        self.control.order("")
        self.runner.ask(do="events")
        # Callbacks may have been given some that nobody heard of.
        self.runner.ask(do="forget", handles=list(range(self.first, self.last + 50)))
        self.first = self.last + 1
        return self.control.balance()

    def close(self):
        self.runner.close()
        self.control.close()
