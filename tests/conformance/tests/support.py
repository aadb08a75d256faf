# SPDX-License-Identifier: LGPL-2.1-or-later
"""Running the driver on made-up cases, with runners that answer what a test tells them to."""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
BUILD = BUILD if BUILD.is_absolute() else TOP / BUILD
CONFORMANCE = BUILD / "conformance" / "conformance"
FAKE = HERE / "fake_runner.py"


def argument(name):
    return {"name": name, "pattern": "text", "kind": "", "nullable": False}


def function(name, *arguments, kind="planned", since=7000, library="libvirt"):
    """What a manifest says of it."""
    return {"library": library, "since": since, "kind": kind,
            "prototype": f"int {name}({', '.join('int ' + a for a in arguments)})",
            "signature": f"fake.{name}({', '.join(arguments)})",
            "arguments": [argument(a) for a in arguments],
            "parameters": [{"name": a, "from": a} for a in arguments]}


FUNCTIONS = {
    "virConnectOpen": ("name",),
    "virConnectListAllDomains": ("conn", "flags"),
    "virDomainDefineXML": ("conn", "xml"),
    "virDomainGetName": ("domain",),
    "virDomainGetInfo": ("domain",),
    "virDomainDestroy": ("domain",),
    "virDomainSetVcpus": ("domain", "nvcpus"),
    "virConnectDomainEventRegisterAny": ("conn", "dom", "eventID", "cb", "opaque"),
}

MANIFEST = {
    "version": "12.8.0",
    "constants": {
        "VIR_DOMAIN_AFFECT_LIVE": {"value": 1},
        "VIR_DOMAIN_AFFECT_CONFIG": {"value": 2},
        "VIR_DOMAIN_BLKIO_WEIGHT": {"value": "weight"},
        "VIR_ERR_NO_DOMAIN": {"value": 42},
        "VIR_ERR_INVALID_ARG": {"value": 8},
        "VIR_FROM_QEMU": {"value": 10},
        "VIR_FROM_TEST": {"value": 12},
    },
    "functions": {
        **{name: function(name, *arguments) for name, arguments in FUNCTIONS.items()},
        "virTypedParamsFree": function("virTypedParamsFree", "params", kind="helper"),
        "virDomainNew": function("virDomainNew", "domain", since=99000),
    },
}

SCRIPT = {
    "hello": {"language": "fake", "runtime": "1", "libvirt": 9000000},
    "functions": sorted(FUNCTIONS),
    "constants": {"VIR_DOMAIN_AFFECT_LIVE": 1},
    "calls": {},
}


def handle(kind, number, key):
    return {"$handle": kind, "number": number, "key": key}


def error(code=42, domain=10, message="no domain"):
    return {"error": {"code": code, "domain": domain, "level": 2, "message": message, "str1": None,
                      "str2": None, "str3": None, "int1": -1, "int2": -1}}


class Result:
    """What the driver said."""

    def __init__(self, process):
        self.status = process.returncode
        self.output = process.stdout
        self.errors = process.stderr
        self.tests = re.findall(r"^((?:not )?ok \d+ - .*)$", self.output, re.MULTILINE)
        self.tests = [test for test in self.tests if " - all: " not in test]

    def verdicts(self):
        """"ok", "not ok" or "skip" a test."""
        return ["skip" if " # SKIP" in test else test.split(" ok")[0] + " ok"
                if test.startswith("not") else "ok" for test in self.tests]


class DriverTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        path = tempfile.mkdtemp(prefix="driver-test-")
        self.addCleanup(shutil.rmtree, path)
        self.top = pathlib.Path(path).resolve()
        self.build = self.top / "build"
        self.manifest = copy.deepcopy(MANIFEST)
        self.scripts = {}
        self.script("C")
        self.language("fake")

    def script(self, name):
        """The script of a runner, to be changed before the driver runs."""
        if name not in self.scripts:
            self.scripts[name] = copy.deepcopy(SCRIPT)
            self.scripts[name]["hello"]["language"] = name.lower()
        return self.scripts[name]

    def write(self, path, text):
        path = self.top / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def language(self, name, command=None):
        self.script(name)
        self.write(f"bindings/{name}/conformance/command", command if command is not None else
                   f"# The runner.\n{sys.executable} -I -S {FAKE} $source/{name}.json\n")

    def answers(self, function_name, c, language, name="fake"):
        """What both get from a function."""
        self.script("C")["calls"][function_name] = c
        self.script(name)["calls"][function_name] = language

    def both(self, function_name, outcome):
        for script in self.scripts.values():
            script["calls"][function_name] = outcome

    def cases(self, text, leg="driver", name="a"):
        return self.write(f"tests/conformance/cases/{leg}/{name}.cases", textwrap.dedent(text))

    def prepare(self):
        for name, script in self.scripts.items():
            self.write(f"{name}.json", json.dumps(script))
        for folder in (self.top / "bindings").iterdir():
            self.write(f"build/{folder.name}/manifest.json",
                       json.dumps(dict(self.manifest, language=folder.name)))
        reference = self.write("build/conformance/reference",
                               f"#!/bin/sh\nexec {sys.executable} -I -S {FAKE} {self.top}/C.json\n")
        reference.chmod(0o755)

    def drive(self, *options, environment=None):
        self.prepare()
        return Result(subprocess.run(
            [CONFORMANCE, "--source", self.top, "--build", self.build, *map(str, options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120,
            env=dict(os.environ, TMPDIR=str(self.temporary()), **(environment or {}))))

    def temporary(self):
        folder = self.top / "temporary"
        folder.mkdir(exist_ok=True)
        return folder

    def requests(self, name):
        """What a runner was asked."""
        path = self.top / f"{name}.json.requests"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def called(self, name, function_name):
        """The requests that call a function."""
        return [request for request in self.requests(name)
                if request.get("function") == function_name]

    def play(self, text, *options):
        """Plays one case with these steps."""
        self.cases('case "it works"\n' + textwrap.indent(textwrap.dedent(text), "    "))
        return self.drive(*options)

    def passes(self, text, *options):
        result = self.play(text, *options)
        self.assertEqual((result.verdicts(), result.status, result.errors), (["ok"], 0, ""),
                         result.output)
        return result

    def fails(self, text, *messages, options=()):
        """The only case fails, and these texts stand in the output."""
        result = self.play(text, *options)
        self.assertEqual((result.verdicts(), result.status, result.errors), (["not ok"], 1, ""),
                         result.output)
        for message in messages:
            self.assertIn(message, result.output)
        return result
