# SPDX-License-Identifier: LGPL-2.1-or-later
"""The file through which the stand-in tells what it saw; tests/stand-in/control.h says where what is."""

import json
import mmap
import struct


class Control:
    """A new file."""

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

    def order(self, function, vector):
        """The vector that is played."""
        struct.pack_into("=64sII", self.map, 8, function.encode(), vector, 0)

    def lines(self, length_at, start, size):
        length = struct.unpack_from("=Q", self.map, length_at)[0]
        text = self.map[start:start + min(length, size)].decode("utf-8", "replace")
        return text.splitlines() + (["…and more"] if length > size else [])

    def faults(self):
        return self.lines(96, self.FAULTS_AT, self.FAULTS)

    def record(self):
        return [json.loads(line) for line in self.lines(104, self.RECORD_AT, self.RECORD)]

    def balance(self):
        """Those alive and their references by kind, and the blocks."""
        left = {"blocks": struct.unpack_from("=q", self.map, 80)[0]}
        for kind in range(self.KINDS):
            name, alive, references = struct.unpack_from("=48sqq", self.map,
                                                         self.KINDS_AT + kind * self.KIND_SIZE)
            if name.strip(b"\0"):
                left[name.strip(b"\0").decode()] = (alive, references)
        return left
