# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of faults share: the languages, and playing parts of the suite."""

import importlib.util
import os
import pathlib
import re
import subprocess

from kinds import BROKEN, BROKEN_ALLOCATIONS, broken

TOP = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("BUILD", "build")).absolute()


class Language:
    """One that has a runner; `facts` is its bindings/LANG/conformance/faults.py, which says what
    is the language's own: see Python's."""

    def __init__(self, name):
        folder = TOP / "bindings" / name / "conformance"
        self.name = name
        self.command = next(line for line in (folder / "command").read_text("utf-8").splitlines()
                            if line and not line.startswith("#"))
        self.manifest = BUILD / name / "manifest.json"
        specification = importlib.util.spec_from_file_location(f"{name}_faults",
                                                               folder / "faults.py")
        self.facts = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(self.facts)
        self.broken = broken(name, BROKEN, self.facts.BROKEN)
        self.broken_allocations = broken(name, BROKEN_ALLOCATIONS, self.facts.BROKEN_ALLOCATIONS)

    def __str__(self):
        return self.name


def languages():
    """Those that are built here."""
    return [Language(path.parents[1].name)
            for path in sorted(TOP.glob("bindings/*/conformance/command"))
            if (BUILD / path.parents[1].name / "manifest.json").exists()]


class Played:
    """What came of parts of the suite: how many tests passed and failed, and what was said."""

    def __init__(self, *processes):
        self.output = "".join(process.stdout + process.stderr for process in processes)
        self.status = max((process.returncode for process in processes), default=0)
        self.passed = self.failed = self.skipped = 0
        closings = re.findall(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", self.output, re.M)
        for passed, failed, skipped in closings:
            self.passed += int(passed)
            self.failed += int(failed)
            self.skipped += int(skipped)


def play(language, legs, part, build, environment, seconds=10):
    """The driver's process, which played what has this part in LEG/FILE: name."""
    command = [build / "conformance" / "conformance", "--source", TOP, "--build", build,
               "--language", language.name, "--seconds", str(seconds), "--case", part]
    for leg in legs:
        command += ["--leg", leg]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", check=False, timeout=3600,
                          env=dict(os.environ, **(environment or {})))


def play_vectors(language, functions, build=BUILD, environment=None):
    """Plays the vectors of these functions."""
    return Played(*(play(language, ["stand-in"], f"stand-in/{function}:", build, environment)
                    for function in functions))


def play_cases(language, part, build=BUILD, environment=None):
    """Plays the cases for libvirt's test driver that have this in LEG/FILE: name."""
    return Played(play(language, ["driver"], part, build, environment))
