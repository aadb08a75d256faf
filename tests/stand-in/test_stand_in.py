# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stand-in itself: its symbols, its record, its ledger; and what is written for it."""

import collections
import ctypes.util
import json
import os
import pathlib
import re
import subprocess
import unittest

from control_file import Control
from support import BUILD, FACTS, GOLDEN, TOP, GeneratorTest, bindgen

STAND_IN = BUILD / "stand-in"
HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = ("libvirt", "libvirt-qemu", "libvirt-lxc", "libvirt-admin")
COMPILER = os.environ.get("CC", "cc")
HEADERS = pathlib.Path("/usr/include/libvirt/libvirt.h")


def symbols(path):
    """Name and version of what a library gives to others, what is its own left out."""
    text = subprocess.run(["objdump", "-T", path], check=True, capture_output=True, text=True).stdout
    found = set()
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 6 and "*UND*" not in words and words[-1].startswith("vir"):
            version = words[-2].strip("()")
            if "PRIVATE" not in version:
                found.add((words[-1], version))
    return found


def functions():
    """Library and version of all that the facts have."""
    found = {}
    for library in LIBRARIES:
        text = (FACTS / f"{library}-api.xml").read_text(encoding="utf-8")
        for name, version in re.findall(r"<function name='(\w+)'[^>]* version='([\d.]+)'", text):
            found[name] = library, version
    return found


def vectors():
    lines = (STAND_IN / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
    return [line for line in map(json.loads, lines) if "vector" in line]


class Symbols(unittest.TestCase):
    def test_every_function_is_in_its_library_with_its_version(self):
        prefixes = dict(zip(LIBRARIES, ("LIBVIRT", "LIBVIRT_QEMU", "LIBVIRT_LXC", "LIBVIRT_ADMIN")))
        ours = {library: symbols(STAND_IN / f"{library}.so.0") for library in LIBRARIES}
        self.assertGreater(len(functions()), 560)
        for name, (library, version) in functions().items():
            with self.subTest(name):
                self.assertIn((name, f"{prefixes[library]}_{version}"), ours[library])

    def test_all_that_the_installed_libvirt_gives_is_there(self):
        checked = 0
        for library in LIBRARIES:
            name = ctypes.util.find_library(library[3:])
            real = name and next((folder / name for folder in map(pathlib.Path, (
                "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib")) if (folder / name).exists()),
                None)
            if not real:
                continue
            checked += 1
            given = symbols(real)
            self.assertTrue(given, real)
            self.assertEqual(given - symbols(STAND_IN / f"{library}.so.0"), set(), library)
        if not checked:
            self.skipTest("libvirt is not installed")

    def test_sonames(self):
        for library in LIBRARIES:
            text = subprocess.run(["objdump", "-p", STAND_IN / f"{library}.so.0"], check=True,
                                  capture_output=True, text=True).stdout
            self.assertRegex(text, rf"SONAME +{library}\.so\.0\n")


@unittest.skipUnless(HEADERS.exists(), "libvirt's headers are not installed")
class Programs(GeneratorTest):
    """C programs that use libvirt, run on the stand-in."""

    @classmethod
    def setUpClass(cls):
        for name in ("memory", "record", "callbacks"):
            subprocess.run([COMPILER, "-Wall", "-Wextra", "-Werror", "-O0", "-o",
                            STAND_IN / f"test-{name}", HERE / "programs" / f"{name}.c",
                            STAND_IN / "libvirt.so.0", "-lpthread", "-Wno-use-after-free",
                            "-Wno-deprecated-declarations", "-Wno-free-nonheap-object"], check=True)

    def play(self, name, *arguments, control=None):
        """The control file, after the program ran."""
        control = control or Control(self.folder() / "control")
        environment = dict(os.environ, LD_LIBRARY_PATH=str(STAND_IN),
                           LD_PRELOAD=str(STAND_IN / "ledger.so"), STAND_IN_CONTROL=str(control.path))
        self.printed = subprocess.run([STAND_IN / f"test-{name}", *arguments], env=environment,
                                      check=True, stdout=subprocess.PIPE, text=True).stdout
        return control

    def mistake(self, name):
        """Faults, and what is left of blocks, domains and connections."""
        control = self.play("memory", name)
        left = control.balance()
        return control.faults(), left["blocks"], left["virDomain"][0], left["virConnect"][0]

    def test_right_use_leaves_nothing(self):
        self.assertEqual(self.mistake("none"), ([], 0, 0, 0))

    def test_what_is_realloced_is_released(self):
        self.assertEqual(self.mistake("realloc"), ([], 0, 0, 0))

    def test_what_is_not_freed_is_left(self):
        self.assertEqual(self.mistake("leak"), ([], 1, 0, 0))

    def test_a_handle_that_is_not_freed_keeps_its_connection(self):
        self.assertEqual(self.mistake("leaked handle"), ([], 0, 1, 1))

    def test_freed_twice(self):
        self.assertEqual(self.mistake("twice"), (["freed twice: virDomainGetXMLDesc"], 0, 0, 0))

    def test_freed_the_inside(self):
        self.assertEqual(self.mistake("inside"), (["freed the inside of a block"], 0, 0, 0))

    def test_freed_what_is_borrowed(self):
        self.assertEqual(self.mistake("borrowed"),
                         (["freed what is borrowed: virDomainGetName"], 0, 0, 0))

    def test_handle_of_another_kind(self):
        self.assertEqual(self.mistake("wrong kind")[0],
                         ["virDomainCreate got virConnect#1 in place of a virDomain"])

    def test_no_handle(self):
        self.assertEqual(self.mistake("no handle")[0],
                         ["virDomainCreate got no handle at all in place of a virDomain"])

    def test_dead_handle(self):
        self.assertEqual(self.mistake("dead handle"),
                         (["virDomainCreate got virDomain#1, which is freed"], 0, 0, 0))

    def test_handle_freed_twice(self):
        self.assertEqual(self.mistake("freed handle twice"),
                         (["virDomainFree got virDomain#1, which is freed"], 0, 0, 0))

    def test_arguments_arrive_bit_for_bit(self):
        record = self.play("record").record()
        given = {call["function"]: call["arguments"] for call in record}
        self.assertEqual(given["virConnectOpen"], [None])
        self.assertEqual(given["virDomainLookupByName"],
                         ["virConnect#1", {"$text": b"not \xff UTF-8".hex()}])
        self.assertEqual(given["virDomainSetVcpusFlags"], ["virDomain#1", 2**32 - 1, 2**31])
        self.assertEqual(given["virDomainSetMemory"], ["virDomain#1", 2**64 - 1])
        self.assertEqual(given["virDomainMigrateSetMaxDowntime"], ["virDomain#1", 2**64 - 1, 0])
        self.assertEqual(given["virDomainPinVcpu"],
                         ["virDomain#1", 0, [True, False, True] + 12 * [False] + [True]])
        self.assertEqual(given["virDomainSetMemoryParameters"], ["virDomain#1", [
            ["int", 1, -2**31], ["uint", 2, 2**32 - 1], ["llong", 3, -2**63],
            ["ullong", 4, 2**64 - 1], ["double", 5, 0.1], ["boolean", 6, True],
            ["string", 7, "déjà \"\\\n"]], 0])

    def test_calls_of_several_threads_are_all_noted(self):
        control = self.play("record", "threads")
        flags = collections.Counter(call["arguments"][1] for call in control.record()
                                    if call["function"] == "virDomainGetXMLDesc")
        self.assertEqual(flags, {number: 4 for number in range(500)})
        self.assertEqual((control.faults(), control.balance()["blocks"]), ([], 0))


    # ---- callbacks that are called within the call ----

    def answers(self, line):
        """What the callbacks answer, in the order in which the events ask for it."""
        for one in line["arguments"]:
            if isinstance(one, dict) and "cb" in one:
                returns = one["cb"]["returns"]
                return [-1] if returns == -1 else [self.text(text) for text in returns[0]]
        if "alone" in line:
            return [answer for one in line["arguments"]
                    for answer in (one.get("invokes"), one.get("returns")) if answer is not None]
        returns = {one["$callback"]: list(one["returns"]) for one in line["arguments"]
                   if isinstance(one, dict) and "returns" in one}
        return [returns[event["callback"]].pop(0) for event in line["events"]
                if event["callback"] in returns]

    @staticmethod
    def text(value):
        """Text as bytes."""
        return {"$bytes": value.encode().hex() if isinstance(value, str) else value["$text"]}

    def in_words(self, value):
        """As the program prints and takes it; None: not at all."""
        if isinstance(value, list) and all(isinstance(number, int) for number in value):
            return " ".join(map(str, value))
        if isinstance(value, list):
            return " ".join(self.in_words(field if isinstance(field, int) else self.text(field))
                            for record in value for field in record.values())
        if value == {"$any": "integer"}:
            return "262120"  # as much as libvirt asks for
        if isinstance(value, dict) and "$bytes" in value:
            return value["$bytes"]
        if isinstance(value, dict) and "inData" in value:
            return f"{value['inData']} {value['length']}"
        return str(value) if isinstance(value, int) else None

    def test_callbacks_get_what_the_vectors_say(self):
        lines = [line for line in vectors() if "events" in line and "then" not in line]
        self.assertEqual(len(lines), 33)
        for line in lines:
            with self.subTest(function=line["function"], vector=line["vector"]):
                control = Control(self.folder() / "control")
                control.order(line["function"], line["vector"])
                self.play("callbacks", line["function"], *map(self.in_words, self.answers(line)),
                          control=control)
                *printed, thread = self.printed.splitlines()
                self.assertEqual(printed, [
                    " ".join([event["callback"], *filter(None, map(self.in_words, event["arguments"]))])
                    for event in line["events"]])
                self.assertEqual(thread == "foreign", bool(line["vector"] % 2 and printed))
                # It calls the function itself in its own way.
                wanted = [call for call in line.get("calls", [])
                          if call["function"] != line["function"]]
                called = [call for call in control.record() if call["function"] in
                          {one["function"] for one in wanted}]
                self.assertEqual(json.dumps(called).replace("virStream+1", "virStream#1"),
                                 json.dumps(wanted))
                self.assertEqual((control.faults(), control.balance()["blocks"]), ([], 0))


class Headers(GeneratorTest):
    """A wrong prototype or field does not compile."""

    def compile(self, change, *flags, name="libvirt-domain"):
        source = self.folder() / "changed.c"
        text = (STAND_IN / f"{name}.c").read_text(encoding="utf-8")
        self.assertEqual(text.count(change[0]), 1, change[0])
        source.write_text(text.replace(*change), encoding="utf-8")
        return subprocess.run([COMPILER, "-std=c11", "-D_GNU_SOURCE", "-Werror", "-fsyntax-only",
                               "-I", HERE, "-I", STAND_IN, "-I", BUILD / "common", *flags, source],
                              capture_output=True, text=True, check=False,
                              env=dict(os.environ, LC_ALL="C"))

    RIGHT = ("WEAK int virDomainSetVcpus(virDomainPtr domain, unsigned int nvcpus)",) * 2
    WRONG = (RIGHT[0], RIGHT[0].replace("unsigned int", "unsigned long"))
    NEWER = ("WEAK int virDomainGraphicsReload(virDomainPtr domain, unsigned int type, "
             "unsigned int flags)")

    @unittest.skipUnless(HEADERS.exists(), "libvirt's headers are not installed")
    def test_with_the_real_headers(self):
        self.assertEqual(self.compile(self.RIGHT, "-DSTAND_IN_REAL_HEADERS").stderr, "")
        self.assertIn("conflicting types for 'virDomainSetVcpus'",
                      self.compile(self.WRONG, "-DSTAND_IN_REAL_HEADERS").stderr)

    def test_with_our_declarations(self):
        flag = "-DSTAND_IN_REAL_VERSION=0"
        self.assertEqual(self.compile(self.RIGHT, flag).stderr, "")
        self.assertIn("virDomainSetVcpus", self.compile(self.WRONG, flag).stderr)

    def test_all_of_it_without_headers(self):
        for source in sorted([*STAND_IN.glob("*.c"), *HERE.glob("*.c")]):
            if source.name == "ledger.c":
                continue
            with self.subTest(source.name):
                process = subprocess.run(
                    [COMPILER, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
                     "-DSTAND_IN_REAL_VERSION=0", "-fsyntax-only", "-I", HERE, "-I", STAND_IN,
                     "-I", BUILD / "common", source], capture_output=True, text=True, check=False)
                self.assertEqual(process.stderr, "")

    def test_what_the_headers_lack(self):
        wrong = (self.NEWER, self.NEWER.replace("int type", "long type"))
        self.assertIn("virDomainGraphicsReload",
                      self.compile(wrong, "-DSTAND_IN_REAL_VERSION=9000000").stderr)


class Vectors(GeneratorTest):
    def test_every_function_is_played(self):
        plans = self.good("dump", "--table", "--facts", FACTS, "--installed", "none").splitlines()
        rows = [row.split("\t") for row in plans[1:]]
        wanted = {row[1] for row in rows if row[2] == "0" and row[12] != "helper"}
        played = {line["function"] for line in vectors() if "wrong" not in line}
        played |= {line["then"]["function"] for line in vectors() if "then" in line}
        self.assertEqual(wanted - played, set())

    def test_every_argument_is_misused(self):
        plans = self.good("dump", "--table", "--facts", FACTS, "--installed", "none").splitlines()
        rows = [row.split("\t") for row in plans[1:]]
        helpers = {row[1] for row in rows if row[2] == "0" and row[12] == "helper"}
        patterns = {"length", "fixed", "opaque", "free-callback"}
        wanted = {(row[1], row[3]) for row in rows if row[1] not in helpers and row[2] != "0" and
                  row[5] == "in" and row[6] not in patterns and row[0].startswith("libvirt")}
        misused = {(line["function"], line["argument"]) for line in vectors() if "argument" in line}
        functions_of_api = set(functions())
        self.assertEqual({one for one in wanted - misused if one[0] in functions_of_api}, set())

    def test_there_are_not_too_many(self):
        self.assertLess(len(vectors()), 25000)

    def test_integers_at_both_ends_and_beyond(self):
        lines = [line for line in vectors() if line["function"] == "virDomainSetVcpus"]
        numbers = {json.dumps(line["arguments"][1]) for line in lines
                   if len(line["arguments"]) > 1 and "surplus" not in line}
        self.assertLessEqual({"0", "1", "4294967295", "4294967296", "-1"}, numbers)

    def test_written_the_same_everywhere(self):
        first, second = self.folder(), self.folder()
        options = ["--facts", FACTS, "--installed", "none", "--only", "stand-in", "--output"]
        self.good("emit", *options, first, environment={"LC_ALL": "C", "TZ": "UTC"})
        self.good("emit", *options, second,
                  environment={"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"}, cwd=TOP)
        names = sorted(path.name for path in (first / "stand-in").iterdir())
        self.assertEqual(names, sorted(path.name for path in (second / "stand-in").iterdir()))
        for name in names:
            self.assertEqual((first / "stand-in" / name).read_bytes(),
                             (second / "stand-in" / name).read_bytes(), name)


class WrittenCode(unittest.TestCase):
    def test_it_is_tidy(self):
        """No line is too long, none ends in blanks, no two are empty in a row."""
        for path in sorted(STAND_IN.glob("*.[ch]")):
            text = path.read_text(encoding="utf-8")
            with self.subTest(path.name):
                self.assertEqual([line for line in text.splitlines() if len(line) > 100], [])
                self.assertNotRegex(text, r"[ \t]\n|\n\n\n|\t|\n\n$")


class MadeUp(GeneratorTest):
    """The made-up libvirt, in which every pattern occurs."""

    UNDOING = """    <function name='virConnectThingEventDeregister' file='libvirt-thing' module='libvirt-thing' version='1.0.0'>
      <return type='int'/>
      <arg name='conn' type='virConnectPtr'/>
      <arg name='callbackID' type='int'/>
    </function>
"""
    NOTES = "virConnectThingEventDeregister\n    override what no pattern expresses\n"

    def emit(self, api):
        folder = self.folder()
        notes = folder / "notes"
        notes.write_text((GOLDEN / "golden.notes").read_text(encoding="utf-8") + self.NOTES,
                         encoding="utf-8")
        return folder, bindgen("emit", "--api", api, "--notes", notes, "--only", "stand-in",
                               "--output", folder)

    def test_all_patterns_have_vectors(self):
        api = self.golden_api()
        self.insert(api, self.UNDOING)
        folder, process = self.emit(api)
        self.assertEqual(process.stderr, "")
        lines = (folder / "stand-in" / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
        played = {json.loads(line).get("function") for line in lines}
        self.assertIn("virThingPin", played)
        self.assertGreater(len(played), 40)


class InstalledBinding(unittest.TestCase):
    def test_it_loads_without_a_word_about_versions(self):
        """The distribution's Python binding was linked with the real library."""
        python = pathlib.Path("/usr/bin/python3")
        program = "import libvirt, libvirt_qemu; print(libvirt.__file__, libvirt.getVersion())"
        if not python.exists() or subprocess.run([python, "-c", "import libvirt_qemu"], check=False,
                                                 capture_output=True).returncode:
            self.skipTest("it is not installed")
        process = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True,
                                 env=dict(os.environ, LD_LIBRARY_PATH=str(STAND_IN)))
        self.assertEqual(process.stderr, "")
        self.assertRegex(process.stdout, r"^/usr/.* 12008000\n$")


if __name__ == "__main__":
    unittest.main()
