# SPDX-License-Identifier: LGPL-2.1-or-later
"""JSON's values, with the marks of docs/conformance.md, to Python's and back by their own types."""

import math
import os
import tempfile

SMALLEST, LARGEST = -(1 << 63), (1 << 64) - 1


class Values:
    """Converts for one runner, which holds its handles and callables."""

    def __init__(self, handles, callables):
        self.handles = handles
        self.callables = callables
        self.files = []
        self.readers = {
            "$bytes": bytes.fromhex,
            "$text": lambda digits: bytes.fromhex(digits).decode("utf-8", "surrogateescape"),
            "$integer": int,
            "$double": float,
            "$file": self.open_file,
            "$handle": lambda number: self.handles.seen[number],
            "$cpu-map": tuple,
            "$map": self.read_map,
        }

    # ---- JSON to Python ----

    def read(self, value):
        if isinstance(value, list):
            return [self.read(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$callback" in value:
            return self.callables.find(value)
        for mark, content in value.items():
            if mark in self.readers:
                return self.readers[mark](content)
        return {name: self.read(one) for name, one in value.items()}

    def read_map(self, pairs):
        """A map whose keys are more than text; what cannot be one is for the binding to refuse."""
        pairs = self.read(pairs)
        try:
            return dict(pairs)
        except TypeError:
            return pairs

    def open_file(self, text):
        """The descriptor of a temporary file with this text, which event loops may watch: it is
        closed when all is forgotten."""
        file = tempfile.TemporaryFile()
        file.write(text.encode("utf-8"))
        file.seek(0)
        self.files.append(file)
        return file.fileno()

    def close_files(self):
        while self.files:
            self.files.pop().close()

    # ---- Python to JSON ----

    def write(self, value, files=False):
        """The value as JSON's; with `files` the integers in it are file descriptors."""
        if value is None or isinstance(value, bool):
            return value
        if hasattr(value, "fileno") or (files and isinstance(value, int)):
            return close_file(value)
        if isinstance(value, int):
            return int(value) if SMALLEST <= value <= LARGEST else {"$integer": str(int(value))}
        if isinstance(value, str):
            return write_text(value)
        if isinstance(value, (list, tuple)):
            return [self.write(one, files) for one in value]
        if isinstance(value, dict):
            return self.write_map(value, files)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"$double": str(value)}
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$bytes": bytes(value).hex()}
        kind = self.handles.kind_of(value)
        return self.handles.write(value, kind) if kind else {"$object": type(value).__name__}

    def write_map(self, value, files):
        pairs = [(write_text(str(name)), self.write(one, files)) for name, one in value.items()]
        is_text = all(isinstance(name, str) for name, _one in pairs)
        return dict(pairs) if is_text else {"$map": pairs}


def write_text(text):
    data = text.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"$text": data.hex()}


def close_file(value):
    if isinstance(value, int):
        os.close(value)
    else:
        value.close()
    return {"$file": None}
