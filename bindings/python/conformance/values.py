# SPDX-License-Identifier: LGPL-2.1-or-later
"""Canonical values (docs/conformance.md) to Python's and back, by the shapes of the manifest."""

import math
import os
import tempfile

SMALLEST, LARGEST = -(1 << 63), (1 << 64) - 1


class Mismatch(Exception):
    """A value that does not have the shape that the manifest says: it is shown as it is."""


def is_of(value, *keys):
    """True for a canonical value that is a map with one of these keys."""
    return isinstance(value, dict) and any(key in value for key in keys)


def is_one_of_fields(shape):
    """True where a value stands for a record, of whose fields it is one."""
    return is_of(shape, "record") and shape["as"] == "value"


class Values:
    """Converts for one runner, which holds its handles and callables."""

    def __init__(self, handles, callables):
        self.handles = handles
        self.callables = callables
        self.files = []

    # ---- canonical to Python ----

    def read(self, value, shape=None, callback=None):
        """The Python value; `callback` is the callback type where it is not the shape's."""
        if value is None or shape == "opaque":
            return value
        if is_of(value, "$handle", "$bytes", "$text", "$integer", "$double", "$file", "$callback"):
            return self.read_marked(value, shape, callback)
        if shape == "cpu-map" and isinstance(value, list):
            return tuple(value)
        if isinstance(shape, dict):
            return self.read_shaped(value, shape)
        if isinstance(value, list):
            return [self.read(one) for one in value]
        if isinstance(value, dict):
            return {name: self.read(one) for name, one in value.items()}
        return value

    def read_marked(self, value, shape, callback):
        """A value of one of the kinds that JSON does not have."""
        (mark,) = [key for key in value if key.startswith("$")]
        if mark == "$callback":
            kind = callback or (shape["callback"] if is_of(shape, "callback") else None)
            return self.callables.find(value, kind)
        if mark == "$file":
            return self.open_file(value["$file"])
        if mark == "$handle":
            return self.handles.by_number(value.get("number", value["$handle"]))
        return {
            "$bytes": bytes.fromhex,
            "$text": lambda text: bytes.fromhex(text).decode("utf-8", "surrogateescape"),
            "$integer": int,
            "$double": float,
        }[mark](value[mark])

    def read_shaped(self, value, shape):
        if "list" in shape and isinstance(value, list):
            return [self.read(one, shape["list"]) for one in value]
        if "map" in shape and isinstance(value, dict):
            return {name: self.read(one, shape["map"]) for name, one in value.items()}
        if "record" in shape and isinstance(value, dict):
            fields = {name: self.read(value.get(name), one)
                      for name, one in shape["record"].items()}
            if shape["as"] == "list":
                return list(fields.values())
            return fields if shape["as"] == "map" else next(iter(fields.values()))
        if "scaled" in shape and isinstance(value, int):
            return value // shape["by"]
        return self.read(value)

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

    # ---- Python to canonical ----

    def write(self, value, shape=None):
        """The canonical value."""
        if shape == "null":
            return None
        if value is None and not is_of(shape, "empty", "found") and not is_one_of_fields(shape):
            return None
        if shape == "opaque":
            return value
        try:
            return self.write_shaped(value, shape)
        except (Mismatch, AttributeError, KeyError, TypeError, ValueError):
            return self.write_plain(value)

    def write_plain(self, value):
        """A value by its own type."""
        if isinstance(value, (list, tuple)):
            return [self.write_plain(one) for one in value]
        if isinstance(value, dict):
            return {str(name): self.write_plain(one) for name, one in value.items()}
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return int(value) if SMALLEST <= value <= LARGEST else {"$integer": str(int(value))}
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"$double": str(value)}
        if isinstance(value, str):
            return write_text(value)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$bytes": bytes(value).hex()}
        if self.handles.is_handle(value):
            return self.handles.write(value)
        return {"$object": type(value).__name__}

    def write_shaped(self, value, shape):
        if isinstance(shape, dict):
            return self.write_parts(value, shape)
        if shape == "switch" and isinstance(value, bool):
            return int(value)
        if shape == "boolean" and isinstance(value, int) and value in (0, 1):
            return bool(value)
        if shape == "integer" and isinstance(value, bool):
            return int(value)
        if shape == "file":
            close_file(value)
            return {"$file": None}
        if shape == "cpu-map":
            return [bool(one) for one in value]
        return self.write_plain(value)

    def write_parts(self, value, shape):
        """A value that is made of others, by the one word that says how."""
        for word in ("list", "map", "record", "records", "tagged", "scaled", "merged", "found",
                     "flattened", "returned-failure"):
            if word in shape:
                return getattr(self, "write_" + word.replace("-", "_"))(value, shape[word], shape)
        raise Mismatch

    def write_list(self, value, item, shape):
        if value is None:
            return [] if "empty" in shape else None
        if not isinstance(value, (list, tuple)):
            raise Mismatch
        return [self.write(one, item) for one in value]

    def write_map(self, value, item, _shape):
        return {write_key(name): [self.write_plain(part) for part in one]
                if isinstance(one, list) else self.write_plain(one)
                for name, one in value.items()}

    def write_record(self, value, fields, shape):
        if "alone" in shape and not isinstance(value, (list, tuple)):
            return {shape["alone"]: self.write(value, fields[shape["alone"]])}
        if shape["as"] == "value":
            name = next((name for name, one in fields.items() if fits(value, one)),
                        next(iter(fields)))
            return {name: self.write(value, fields[name])}
        if shape["as"] == "list":
            if not isinstance(value, (list, tuple)) or len(value) != len(fields):
                raise Mismatch
            value = dict(zip(fields, value))
        return self.write_fields(value, fields)

    def write_fields(self, value, fields):
        """The fields of a dict; those of which only the presence counts are left out."""
        for name in value.keys() - fields.keys():
            fields = {**fields, name: None}
        return {name: self.write(value[name], one) for name, one in fields.items()
                if name in value and one not in ("null", "filled")}

    def write_records(self, value, fields, shape):
        key = shape["key"]
        return [self.write_fields(
            {key: name, **({shape["value"]: rest} if "value" in shape else rest)}, fields)
            for name, rest in value.items()]

    def write_tagged(self, value, words, shape):
        numbers = {word: int(number) for number, word in words.items()}
        return [{shape["key"]: numbers[word], shape["value"]: self.write_plain(one)}
                for word, one in value.items()]

    def write_scaled(self, value, item, shape):
        return self.write(value * shape["by"], item)

    def write_merged(self, value, parts, _shape):
        rest = {name: one for name, one in value.items() if name not in parts["with"]}
        answer = {name: self.write(value[name], one) for name, one in parts["with"].items()}
        return {**answer, parts["field"]: self.write(rest, parts["into"])}

    def write_found(self, value, item, shape):
        if "by" in shape:
            found = value != shape["empty"]
            return {shape["by"]: found, **(self.write(value, item) if found else {})}
        return None if value == shape["empty"] else self.write(value, item)

    def write_flattened(self, value, item, _shape):
        return [self.write(one, item) for inner in value.values() for one in inner.values()]

    def write_returned_failure(self, value, item, _shape):
        return self.write(value, item)


def write_text(text):
    data = text.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"$text": data.hex()}


def write_key(name):
    """Keys of maps are text in JSON."""
    text = write_text(name)
    return text if isinstance(text, str) else text["$text"]


def fits(value, shape):
    """True where a value may be of this shape, among several."""
    return {"integer": int, "text": str, "bytes": bytes}.get(
        shape if isinstance(shape, str) else "", object) in type(value).__mro__


def close_file(value):
    if isinstance(value, int):
        os.close(value)
    else:
        value.close()
