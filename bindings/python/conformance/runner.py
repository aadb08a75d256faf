#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays the steps of the conformance suite in Python: runner.py MANIFEST. It reads requests from
standard input and answers on file descriptor 3, as docs/conformance.md says. All that it knows of
libvirt stands in the manifest, so that it runs with any binding that has the same modules."""

import gc
import importlib
import json
import os
import platform
import sys
import time

from values import Values, write_text

LEFT_OUT = object()
# Of what was looked up in classes: it holds memory that seems to be lost.
CLEAR_CACHES = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache
ERROR_FIELDS = ("code", "domain", "message", "level", "str1", "str2", "str3", "int1", "int2")


class Absent(Exception):
    """Not in this libvirt, or not in this binding."""


class WrongUse(Exception):
    """The binding refused a call; `cause` is its exception."""


class Handles:
    """The handles that were seen, by number."""

    def __init__(self, runner):
        self.runner = runner
        self.seen = {}
        self.last = 0

    def by_number(self, number):
        return self.seen[number]

    def kind_of(self, value):
        """The kind's name; None for what is no handle."""
        for base in type(value).__mro__:
            name = f"{base.__module__}.{base.__name__}"
            for kind, facts in self.runner.manifest["handles"].items():
                if facts["class"] == name:
                    return kind
        return None

    def is_handle(self, value):
        return self.kind_of(value) is not None

    def number_of(self, value):
        for number, one in self.seen.items():
            if one is value or one == value:
                return number
        self.last += 1
        self.seen[self.last] = value
        return self.last

    def write(self, value):
        kind = self.kind_of(value)
        return {"$handle": kind, "number": self.number_of(value),
                "key": self.key_of(value, self.runner.manifest["handles"][kind]["key"])}

    def key_of(self, value, function):
        if not function:
            return None
        try:
            return write_text(self.runner.attribute(function, value)())
        except (Absent, self.runner.error_class):
            return None

    def forget(self, numbers):
        for number in list(self.seen) if numbers is None else numbers:
            self.seen.pop(number, None)


class Callback:
    """A callable that notes how it was called."""

    def __init__(self, runner, name, kind):
        self.runner = runner
        self.name = name
        self.facts = runner.manifest["callbacks"].get(kind, {"parameters": []})
        self.place = self.filled()
        self.answers = [LEFT_OUT]
        self.raises = False
        self.invokes = None

    def filled(self):
        """The place in the records that it is given which is to be filled in; None: in none."""
        for parameter in self.facts["parameters"]:
            shape = parameter["shape"]
            record = shape.get("list") if isinstance(shape, dict) else None
            if isinstance(record, dict) and "filled" in record.get("record", {}).values():
                return list(record["record"].values()).index("filled")
        return None

    def set(self, value):
        if "returns" in value:
            returns = value["returns"]
            in_turn = isinstance(returns, list) and returns
            # Where records are filled in, an answer is a list itself.
            if in_turn and self.place is not None and not isinstance(returns[0], list):
                in_turn = False
            self.answers = list(returns) if in_turn else [returns]
        self.raises = value.get("raises", self.raises)
        self.invokes = value.get("invokes", self.invokes)

    def invoke(self, given):
        """Calls the callback that is given, with the numbers to be told and its opaque value."""
        given = {parameter["pattern"]: value
                 for parameter, value in zip(self.facts["parameters"], given)}
        given["callback"](*self.invokes, given["opaque"])

    def __call__(self, *given):
        self.runner.note(self.name, self.facts["parameters"], given)
        if self.raises:
            raise RuntimeError(f"{self.name} raises, as it was told to")
        if self.invokes is not None:
            self.invoke(given)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is LEFT_OUT:
            return self.default(self.facts.get("result"))
        return self.fill_in(given, answer)

    def default(self, shape):
        """What is returned where nothing is said: that there is no more, or that it worked."""
        if isinstance(shape, dict) and "record" in shape:
            return self.runner.values.read({name: 0 for name in shape["record"]}, shape)
        return {"integer": 0, "bytes": b""}.get(str(shape))

    def fill_in(self, given, answer):
        """The value to return; a list goes into the records that were given."""
        if self.place is not None and isinstance(answer, list):
            for record, text in zip(given[0], answer):
                record[self.place] = self.runner.values.read(text)
            return 0
        return self.runner.values.read(answer, self.facts.get("result"))


class Callables:
    """The callables by name and type: the same ones are the same, until all are forgotten."""

    def __init__(self, runner):
        self.runner = runner
        self.named = {}

    def find(self, value, kind):
        key = (value["$callback"], kind)
        if key not in self.named:
            self.named[key] = Callback(self.runner, *key)
        self.named[key].set(value)
        return self.named[key]


class Runner:
    def __init__(self, manifest):
        self.manifest = manifest
        self.events = []
        self.event_count = 0
        self.handles = Handles(self)
        self.callables = Callables(self)
        self.values = Values(self.handles, self.callables)
        self.event_types = {(one["enum"], one["value"]): one["callback"]
                            for one in manifest["constants"].values() if "callback" in one}
        self.error_class = importlib.import_module("libvirt").libvirtError

    # ---- where things are ----

    def owner(self, facts):
        """The module or the class that has a function."""
        try:
            module = importlib.import_module(facts["module"])
            return getattr(module, facts["class"]) if "class" in facts else module
        except (ImportError, AttributeError) as error:
            raise Absent(str(error)) from error

    def attribute(self, name, receiver=LEFT_OUT):
        """The function, bound to its receiver where that is an object of its class."""
        facts = self.manifest["functions"].get(name)
        if not facts:
            raise Absent(f"the manifest has no {name}")
        owner = self.owner(facts)
        bound = receiver is not LEFT_OUT and isinstance(owner, type) and isinstance(receiver, owner)
        try:
            found = getattr(receiver if bound else owner, facts["name"])
        except AttributeError as error:
            raise Absent(str(error)) from error
        if bound or receiver is LEFT_OUT:
            return found
        return lambda *arguments, **keywords: found(receiver, *arguments, **keywords)

    # ---- calls ----

    def call(self, name, arguments, surplus=()):
        """What the function answers, in canonical form."""
        facts = self.manifest["functions"].get(name)
        if not facts:
            raise Absent(f"the manifest has no {name}")
        if len(arguments) > len(facts["arguments"]):
            raise ValueError(f"{name} has {len(facts['arguments'])} arguments: {arguments}")
        given = {argument["name"]: value for argument, value in zip(facts["arguments"], arguments)
                 if value != {"$left-out": True}}
        function = self.attribute(name, self.receiver(facts, given))
        positional, keywords = self.parameters(facts, given, surplus)
        try:
            answer = function(*positional, **keywords)
        except (self.error_class, MemoryError, SystemError):
            raise
        except Exception as error:
            raise WrongUse from error
        return self.values.write(answer, facts["result"])

    def receiver(self, facts, given):
        """The object whose method it is."""
        if facts.get("self") not in given:
            return LEFT_OUT
        value = self.values.read(given[facts["self"]])
        if "through" in facts:
            first = value[0] if isinstance(value, list) and value else value
            # Where it is not of the kind that it should be, the call is to say so.
            if isinstance(first, self.owner(self.manifest["functions"][facts["through"]])):
                return self.attribute(facts["through"], first)()
            owner = self.owner(facts)
            return next((one for one in self.handles.seen.values() if isinstance(one, owner)), None)
        return value

    def parameters(self, facts, given, surplus):
        """What is given by position, and by name behind what is left out."""
        positional, keywords = [], {}
        by_name = False
        for parameter in facts["parameters"]:
            value = self.parameter(facts, parameter, given)
            if value is LEFT_OUT and surplus and "default" in parameter:
                value = parameter["default"]
            if value is LEFT_OUT:
                by_name = True
            elif by_name:
                keywords[parameter["name"]] = value
            else:
                positional.append(value)
        return positional + [self.values.read(value) for value in surplus], keywords

    def parameter(self, facts, parameter, given):
        names = parameter["from"] if isinstance(parameter["from"], list) else [parameter["from"]]
        made = parameter.get("as")
        there = [name for name in names if name in given]
        if not there:
            return LEFT_OUT
        value = given[there[0]]
        if made == "opaque":
            return value
        if made == "length":
            return len(value) if isinstance(value, (list, str)) else 0
        if made == "negative":
            return value < 0 if isinstance(value, int) else self.values.read(value)
        if made == "record":
            return {key: self.values.read(given[name])
                    for key, name in zip(parameter["keys"], names) if name in given}
        if made == "zip":
            return self.zipped([self.values.read(given.get(name)) for name in names])
        return self.values.read(value, parameter.get("shape"),
                                self.callback(facts, names[0], given))

    @staticmethod
    def zipped(lists):
        """A map from one list to the other; what does not make one is for the binding to refuse."""
        try:
            return dict(zip(*lists, strict=True))
        except (TypeError, ValueError):
            return lists

    def callback(self, facts, name, given):
        """The callback type that an event's id asks for; None: the argument's own."""
        argument = next(one for one in facts["arguments"] if one["name"] == name)
        if argument["pattern"] != "callback":
            return None
        for other in facts["arguments"]:
            number = given.get(other["name"])
            if isinstance(number, int) and (other.get("kind"), number) in self.event_types:
                return self.event_types[other["kind"], number]
        return argument["kind"]

    # ---- callbacks ----

    def note(self, name, parameters, given):
        """Notes a call of a callable: C's order, but opaque values last."""
        if len(parameters) != len(given):
            parameters = [{"shape": None, "pattern": ""}] * len(given)
        both = list(zip(parameters, given))
        both.sort(key=lambda one: one[0]["pattern"] == "opaque")
        arguments = [self.values.write(value, parameter["shape"]) for parameter, value in both
                     if parameter["shape"] != "null"]
        self.events.append({"callback": name, "arguments": arguments})
        self.event_count += 1

    def dispatch(self, events, seconds):
        """Runs the default loop until so many callables were called, or the time is up."""
        before, end = self.event_count, time.monotonic() + seconds
        run = self.attribute("virEventRunDefaultImpl")
        # Without it a turn of the loop might never end.
        timer = self.attribute("virEventAddTimeout")(
            int(seconds * 1000), lambda *_given: None, None)
        try:
            while self.event_count - before < events and time.monotonic() < end:
                run()
        finally:
            self.attribute("virEventRemoveTimeout")(timer)
        return self.event_count - before

    # ---- requests ----

    def do_hello(self, _request):
        version = self.call("virGetVersion", [])
        return {"language": self.manifest["language"], "runtime": platform.python_version(),
                "libvirt": version["libVer"]}

    def do_call(self, request):
        return {"answer": self.call(request["function"], request.get("arguments", []),
                                    request.get("surplus", ()))}

    def do_events(self, _request):
        events, self.events = self.events, []
        return {"events": events}

    def do_dispatch(self, request):
        return {"events": self.dispatch(request["events"], request["seconds"])}

    def do_forget(self, request):
        self.handles.forget(request.get("handles"))
        self.callables.named.clear()
        self.values.close_files()
        gc.collect()
        CLEAR_CACHES()
        return {}

    def do_constants(self, _request):
        found = {}
        for name, facts in self.manifest["constants"].items():
            if "left-out" in facts:
                continue
            try:
                found[name] = self.values.write(
                    getattr(importlib.import_module(facts["module"]), facts["name"]))
            except (ImportError, AttributeError):
                pass
        return {"constants": found}

    def do_functions(self, _request):
        return {"functions": [name for name in self.manifest["functions"] if self.is_there(name)]}

    def is_there(self, name):
        try:
            return self.attribute(name) is not None
        except Absent:
            return False

    def error(self, error):
        """The fields of libvirt's error; those of none where it stored none."""
        values = error.err or (0, 0, None, 0, None, None, None, 0, 0)
        return dict(zip(ERROR_FIELDS, map(self.values.write, values)))

    def answer(self, request):
        last = self.handles.last
        try:
            return getattr(self, "do_" + request["do"])(request)
        except self.error_class as error:
            return {"error": self.error(error)}
        except WrongUse as refused:
            cause = refused.__cause__
            return {"wrong-use": {"class": type(cause).__name__, "message": str(cause)}}
        except Absent as absent:
            return {"absent": str(absent)}
        except MemoryError as error:
            # Nobody has heard of the handles in an answer that is not given.
            self.handles.forget(range(last + 1, self.handles.last + 1))
            return {"no-memory": str(error)}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        runner = Runner(json.load(file))
    gc.freeze()  # so that a collection does not look through the manifest
    with os.fdopen(3, "w", encoding="utf-8") as answers:
        for line in sys.stdin.buffer:
            print(json.dumps(runner.answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
