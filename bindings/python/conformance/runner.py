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

from callables import Callables
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
        self.kinds = {facts["class"]: kind
                      for kind, facts in runner.manifest["handles"].items()}
        self.seen = {}
        self.last = 0

    def kind_of(self, value):
        """The kind's name; None for what is no handle."""
        names = (f"{base.__module__}.{base.__name__}" for base in type(value).__mro__)
        return next((self.kinds[name] for name in names if name in self.kinds), None)

    def number_of(self, value):
        for number, one in self.seen.items():
            if one is value or one == value:
                return number
        self.last += 1
        self.seen[self.last] = value
        return self.last

    def write(self, value, kind):
        return {"$handle": kind, "number": self.number_of(value),
                "key": self.key_of(value, self.runner.manifest["handles"][kind]["key"])}

    def key_of(self, value, function):
        try:
            return write_text(self.runner.attribute(function, value)()) if function else None
        except (Absent, self.runner.error_class):
            return None

    def forget(self, numbers):
        for number in list(self.seen) if numbers is None else numbers:
            self.seen.pop(number, None)


class Runner:
    def __init__(self, manifest):
        self.manifest = manifest
        self.handles = Handles(self)
        self.callables = Callables(self)
        self.values = Values(self.handles, self.callables)
        self.error_class = importlib.import_module("libvirt").libvirtError

    # ---- where things are ----

    def facts(self, name):
        if name not in self.manifest["functions"]:
            raise Absent(f"the manifest has no {name}")
        return self.manifest["functions"][name]

    @staticmethod
    def owner(facts):
        """The module or the class that has a function."""
        try:
            module = importlib.import_module(facts["module"])
            return getattr(module, facts["class"]) if "class" in facts else module
        except (ImportError, AttributeError) as error:
            raise Absent(str(error)) from error

    def attribute(self, name, receiver=LEFT_OUT):
        """The function, bound to its receiver where that is an object of its class."""
        facts = self.facts(name)
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

    def call(self, name, request):
        """What the function answers, by its own types."""
        facts = self.facts(name)
        function = self.attribute(name, self.receiver(facts, request))
        positional = [self.values.read(one) for one in request.get("positional", ())]
        keywords = self.values.read(request.get("keywords", {}))
        try:
            answer = function(*positional, **keywords)
        except (self.error_class, MemoryError, SystemError):
            raise
        except Exception as error:
            raise WrongUse from error
        return self.values.write(answer, request.get("files", False))

    def receiver(self, facts, request):
        """The object whose method it is."""
        if "receiver" not in request:
            return LEFT_OUT
        value = self.values.read(request["receiver"])
        if "through" not in facts:
            return value
        first = value[0] if isinstance(value, list) and value else value
        # Where it is not of the kind that it should be, the call is to say so.
        if isinstance(first, self.owner(self.facts(facts["through"]))):
            return self.attribute(facts["through"], first)()
        owner = self.owner(facts)
        return next((one for one in self.handles.seen.values() if isinstance(one, owner)), None)

    # ---- requests ----

    def do_hello(self, _request):
        return {"language": self.manifest["language"], "runtime": platform.python_version(),
                "libvirt": self.call("virGetVersion", {})}

    def do_call(self, request):
        return {"answer": self.call(request["function"], request)}

    def do_events(self, _request):
        return {"events": self.callables.take_events()}

    def do_dispatch(self, request):
        """Runs the default loop until so many callables were called, or the time is up."""
        before, end = self.callables.count, time.monotonic() + request["seconds"]
        run = self.attribute("virEventRunDefaultImpl")
        # Without it a turn of the loop might never end.
        timer = self.attribute("virEventAddTimeout")(
            int(request["seconds"] * 1000), lambda *_given: None, None)
        try:
            while self.callables.count - before < request["events"] and time.monotonic() < end:
                run()
        finally:
            self.attribute("virEventRemoveTimeout")(timer)
        return {"events": self.callables.count - before}

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
            try:
                if "left-out" not in facts:
                    found[name] = self.values.write(getattr(self.owner(facts), facts["name"]))
            except (Absent, AttributeError):
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
