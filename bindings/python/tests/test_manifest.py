# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manifest against the modules that it describes, and against the plan."""

import importlib
import inspect
import json
import os
import unittest

import libvirt

if not hasattr(libvirt, "__version__"):
    raise unittest.SkipTest("the manifest is not of this binding")

HERE = os.path.dirname(os.path.abspath(__file__))
PLAN = os.path.join(HERE, "..", "..", "..", "api-xml", "libvirt.plan")
RUNNING = libvirt.getVersion()

PATH = os.path.join(os.path.dirname(libvirt.__file__), "manifest.json")
with open(PATH, encoding="utf-8") as file:
    MANIFEST = json.load(file)
FUNCTIONS = MANIFEST["functions"]

# What the modules have besides libvirt's functions; connect() also where C has none for it.
NOT_LIBVIRTS = {"virEventInvokeFreeCallback", "connect", "getConnect", "getDomain", "c_pointer"}
# The only one of C's arguments that Python does not take: (function, argument).
NOT_TAKEN = {("virAdmConnectUnregisterCloseCallback", "cb"),
             ("virConnectUnregisterCloseCallback", "cb"),
             ("virDomainGetCPUStats", "ncpus"), ("virDomainMemoryStats", "flags")}
PLAIN = {"null", "integer", "double", "text", "bytes", "boolean", "zero-or-one", "switch", "handle",
         "file", "cpu-map", "opaque", "filled"}


def find(facts):
    """The function that an entry describes; AttributeError where it is too new."""
    owner = importlib.import_module(facts["module"])
    if "class" in facts:
        owner = getattr(owner, facts["class"])
    return getattr(owner, facts["name"])


def available(since, module="libvirt"):
    """True for what this libvirt has: the library of the module may be missing as a whole."""
    if since > RUNNING:
        return False
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def origins(parameter):
    return parameter["from"] if isinstance(parameter["from"], list) else [parameter["from"]]


class Complete(unittest.TestCase):
    def test_all_that_is_planned(self):
        with open(PLAN, encoding="utf-8") as plan:
            names = {line.split("(")[0] for line in plan
                     if line.startswith("vir") and " helper: " not in line}
        self.assertGreater(len(names), 500)
        self.assertEqual(set(FUNCTIONS), names)

    def test_all_that_the_modules_have(self):
        known = {(facts["module"], facts.get("class"), facts["name"])
                 for facts in FUNCTIONS.values()}
        for module_name in sorted({facts["module"] for facts in FUNCTIONS.values()}):
            if not available(0, module_name):
                continue
            module = importlib.import_module(module_name)
            owners = [(None, module)] + [
                (name, value) for name, value in vars(module).items()
                if inspect.isclass(value) and value.__module__ == module_name]
            for class_name, owner in owners:
                found = {name for name, value in vars(owner).items()
                         if callable(value) and not inspect.isclass(value)
                         and not name.startswith(("_", "get_"))} - NOT_LIBVIRTS
                self.assertEqual({name for name in found
                                  if (module_name, class_name, name) not in known}, set())

    def test_every_function_is_there(self):
        for name, facts in FUNCTIONS.items():
            with self.subTest(name):
                if available(facts["since"], facts["module"]):
                    self.assertTrue(callable(find(facts)))
                elif facts["since"] > RUNNING and available(0, facts["module"]):
                    with self.assertRaises(AttributeError):
                        find(facts)

    def test_handles(self):
        self.assertGreater(len(MANIFEST["handles"]), 15)
        for name, facts in MANIFEST["handles"].items():
            module, class_name = facts["class"].split(".")
            if available(0, module):
                found = getattr(importlib.import_module(module), class_name)
                self.assertTrue(inspect.isclass(found))
            if facts["key"]:
                self.assertEqual(FUNCTIONS[facts["key"]]["class"], name)

    def test_constants(self):
        self.assertGreater(len(MANIFEST["constants"]), 1500)
        for name, facts in MANIFEST["constants"].items():
            if "left-out" not in facts and available(facts["since"], facts["module"]):
                value = getattr(importlib.import_module(facts["module"]), facts["name"])
                self.assertEqual(value, facts["value"], name)

    def test_event_ids_know_their_callback(self):
        constant = MANIFEST["constants"]["VIR_DOMAIN_EVENT_ID_GRAPHICS"]
        self.assertEqual(constant["callback"], "virConnectDomainEventGraphicsCallback")
        self.assertEqual(constant["enum"], "virDomainEventID")
        for facts in MANIFEST["constants"].values():
            if "callback" in facts:
                self.assertIn(facts["callback"], MANIFEST["callbacks"])


class Parameters(unittest.TestCase):
    def test_they_are_those_of_the_functions(self):
        for name, facts in FUNCTIONS.items():
            if not available(facts["since"], facts["module"]):
                continue
            with self.subTest(name):
                found = list(inspect.signature(find(facts)).parameters.values())
                if "class" in facts:
                    self.assertEqual(found.pop(0).name, "self")
                self.assertEqual([one.name for one in found],
                                 [one["name"] for one in facts["parameters"]])
                for one, parameter in zip(found, facts["parameters"]):
                    required = one.default is inspect.Parameter.empty
                    self.assertEqual(parameter["required"], required)
                    if not required:
                        self.assertEqual(parameter["default"], one.default)

    def test_they_are_made_from_arguments(self):
        not_taken = set()
        for name, facts in FUNCTIONS.items():
            arguments = [one["name"] for one in facts["arguments"]]
            taken = {origin for one in facts["parameters"] for origin in origins(one)}
            self.assertEqual(taken - set(arguments), set(), name)
            if "self" in facts:
                self.assertIn(facts["self"], arguments)
                self.assertEqual(facts["self"] in taken, "through" in facts, name)
                taken.add(facts["self"])
            not_taken |= {(name, one) for one in arguments if one not in taken}
        self.assertEqual(not_taken, NOT_TAKEN)

    def test_how_they_are_made(self):
        def parameter(function, name):
            return next(one for one in FUNCTIONS[function]["parameters"] if one["name"] == name)

        self.assertEqual(parameter("virDomainSendKey", "nkeycodes")["as"], "length")
        self.assertEqual(parameter("virDomainSendKey", "nkeycodes")["from"], "keycodes")
        self.assertEqual(parameter("virDomainGetCPUStats", "total")["as"], "negative")
        self.assertEqual(parameter("virDomainSetTime", "time")["keys"], ["seconds", "nseconds"])
        self.assertEqual(parameter("virNodeAllocPages", "pages")["as"], "zip")
        self.assertEqual(parameter("virConnectRegisterCloseCallback", "opaque")["as"], "opaque")
        self.assertEqual(parameter("virDomainPinVcpu", "cpumap")["shape"], "cpu-map")

    def test_receivers_that_c_does_not_take(self):
        through = {name: facts["through"] for name, facts in FUNCTIONS.items()
                   if "through" in facts}
        self.assertEqual(through, {"virDomainListGetStats": "virDomainGetConnect",
                                   "virDomainRevertToSnapshot": "virDomainSnapshotGetDomain"})


class Shapes(unittest.TestCase):
    def check(self, shape):
        """A shape is one of those that the documentation lists."""
        if isinstance(shape, str):
            self.assertIn(shape, PLAIN)
            return
        (word,) = set(shape) & {"list", "map", "record", "records", "tagged", "scaled", "merged",
                                "found", "flattened", "returned-failure", "callback"}
        if word in ("list", "scaled", "found", "flattened", "returned-failure"):
            self.check(shape[word])
        elif word == "map":
            self.assertEqual(shape["map"], "parameter")
        elif word in ("record", "records"):
            for field in shape[word].values():
                self.check(field)
            self.assertIn(shape["as"], ("list", "map", "value"))
        elif word == "merged":
            self.check(shape["merged"]["into"])
            for field in shape["merged"]["with"].values():
                self.check(field)
        elif word == "callback":
            self.assertIn(shape["callback"], MANIFEST["callbacks"])

    def test_all(self):
        for name, facts in FUNCTIONS.items():
            with self.subTest(name):
                self.check(facts["result"])
                for parameter in facts["parameters"]:
                    self.check(parameter.get("shape", "text"))
        for name, facts in MANIFEST["callbacks"].items():
            with self.subTest(name):
                self.check(facts["result"])
                for parameter in facts["parameters"]:
                    self.check(parameter["shape"])

    def test_some(self):
        def result(name):
            return FUNCTIONS[name]["result"]

        self.assertEqual(result("virDomainCreate"), "null")
        self.assertEqual(result("virDomainIsActive"), "zero-or-one")
        self.assertEqual(result("virDomainGetID"), {"returned-failure": "integer", "value": -1})
        self.assertEqual(result("virNodeGetInfo")["record"]["memory"],
                         {"scaled": "integer", "by": 1024})
        self.assertEqual(result("virDomainGetSecurityLabel")["record"]["enforcing"], "switch")
        self.assertEqual(result("virDomainGetDiskErrors")["value"], "error")
        self.assertEqual(result("virDomainMemoryStats")["tagged"]["6"], "actual")
        self.assertEqual(result("virDomainGetJobStats")["merged"]["with"], {"type": "integer"})
        self.assertEqual(result("virDomainGetBlockJobInfo")["empty"], {})
        self.assertEqual(result("virStreamRecv"),
                         {"record": {"result": "integer", "data": "bytes"}, "as": "value"})
        self.assertEqual(list(result("virGetLastError")["record"]),
                         ["code", "domain", "message", "level", "str1", "str2", "str3", "int1",
                          "int2"])

    def test_what_is_not_told(self):
        untold = {name: facts["untold"] for name, facts in FUNCTIONS.items() if "untold" in facts}
        self.assertEqual(untold, {
            "virAdmConnectGetLoggingFilters": ["result"],
            "virAdmConnectGetLoggingOutputs": ["result"],
            "virDomainGetBlockJobInfo": ["info"], "virDomainGetEmulatorPinInfo": ["result"],
            "virGetVersion": ["typeVer"], "virNodeGetFreePages": ["result"],
            "virStreamRecv": ["result", "data"], "virStreamRecvFlags": ["result", "data"]})

    def test_callables(self):
        def given(name):
            return [one["name"] for one in MANIFEST["callbacks"][name]["parameters"]]

        self.assertEqual(given("virConnectDomainEventCallback"),
                         ["conn", "dom", "event", "detail", "opaque"])
        self.assertEqual(given("virErrorFunc"), ["userData", "error"])
        self.assertEqual(given("virStreamSourceFunc"), ["st", "nbytes", "opaque"])
        self.assertEqual(MANIFEST["callbacks"]["virStreamSourceFunc"]["result"], "bytes")


if __name__ == "__main__":
    unittest.main()
