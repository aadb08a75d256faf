# SPDX-License-Identifier: LGPL-2.1-or-later
"""One bad input a message. The inputs are in tests/bad, and among a language's tests: additions to
the made-up description (*.xml), whole descriptions (*.whole.xml), additions to its notes (*.notes)
or what stands before them (*.first.notes), and to the names of a language (*.names). Each says with
EXPECT, on the line that is wrong, what the generator must say of that line; it must say nothing
else."""

import re
import shutil

import unittest

from support import FACTS, GOLDEN, TOP, GeneratorTest, bindgen, format_patterns, golden_options

BAD = TOP / "tests" / "bad"
LANGUAGES = sorted(path.parent.name for path in TOP.glob("bindings/*/emit.c"))


def expectations(text, path, first_line=1):
    """The lines "file:line: message" that a text wants."""
    for number, line in enumerate(text.splitlines(), first_line):
        parts = re.split(r"\s*EXPECT ", line.removesuffix(" -->"))
        for message in parts[1:]:
            yield f"{path}:{number}: {message}"


def expectations_elsewhere(text):
    """EXPECT-AT FUNCTION|CONSTANT ARGUMENT|- message: the description's line is what is reported."""
    xml = GOLDEN / "api" / "libvirt-api.xml"
    lines = xml.read_text(encoding="utf-8").splitlines()
    for function, argument, message in re.findall(r"EXPECT-AT (\S+) (\S+) (.*)", text):
        line = next(i for i, line in enumerate(lines, 1)
                    if re.search(f"<(function|enum|macro) name='{function}'", line))
        if argument != "-":
            line = next(i for i, text in enumerate(lines[line:], line + 1)
                        if f"<arg name='{argument}'" in text)
        yield f"{xml}:{line}: {message}"


def reported(process):
    """What was said, without the hints below it and the closing count."""
    return [line for line in process.stderr.splitlines()
            if re.match(r"\S+:\d+: |libvirt-bindgen: (?!\d+ errors?$)", line)]


class Diagnostics(GeneratorTest):
    said = set()

    def expect(self, process, wanted):
        found = reported(process)
        self.said.update(found)
        self.assertEqual(sorted(found), sorted(wanted))
        self.assertEqual(process.returncode, 1)

    def notes_case(self, case):
        """A notes file made of the golden one and the case."""
        golden = (GOLDEN / "golden.notes").read_text(encoding="utf-8")
        text = case.read_text(encoding="utf-8")
        path = self.folder() / "golden.notes"
        first = case.name.endswith(".first.notes")
        path.write_text(text + golden if first else golden + text, encoding="utf-8")
        return path, text, 1 if first else golden.count("\n") + 1

    def run_notes(self, case):
        path, text, line = self.notes_case(case)
        if "EXPECT-AT" in text:
            return self.run_notes_about_xml(path, text)
        # As the committed notes are read: all of them must be of use.
        facts = path.parent
        for file in (GOLDEN / "api").iterdir():
            shutil.copy(file, facts)
        process = bindgen("check", "--facts", facts, "--installed", "none", "--notes", path)
        return self.expect(process, expectations(text, path, line))

    def run_notes_about_xml(self, path, text):
        process = bindgen("check", *golden_options(notes=path))
        self.expect(process, expectations_elsewhere(text))

    def run_xml(self, case):
        api = self.golden_api()
        text = case.read_text(encoding="utf-8")
        line = 1
        if case.name.endswith(".whole.xml"):
            (api / "libvirt-api.xml").write_text(text, encoding="utf-8")
        else:
            line = self.insert(api, text)
        notes = GOLDEN / "golden.notes"
        beside = case.with_name(case.name.removesuffix(".xml") + ".with.notes")
        if beside.exists():
            notes, _text, _line = self.notes_case(beside)
        process = bindgen("check", *golden_options(api, notes))
        self.expect(process, expectations(text, api / "libvirt-api.xml", line))

    def test_notes(self):
        for case in sorted(BAD.glob("*.notes")):
            if not case.name.endswith(".with.notes"):
                with self.subTest(case.name):
                    self.run_notes(case)

    def test_descriptions(self):
        for case in sorted(BAD.glob("*.xml")):
            with self.subTest(case.name):
                self.run_xml(case)

    def test_names(self):
        for case in sorted(TOP.glob("bindings/*/test*/bad/*.names")):
            with self.subTest(case.name):
                language = case.parents[2].name
                bindings = self.folder()
                golden = GOLDEN / "names" / language
                names = bindings / language / "names"
                names.parent.mkdir()
                before = golden.read_text(encoding="utf-8")
                text = case.read_text(encoding="utf-8")
                names.write_text(before + text, encoding="utf-8")
                process = bindgen("emit", *golden_options(), "--bindings", bindings, "--only",
                                  language, "--output", self.folder())
                self.expect(process, [*expectations(text, names, before.count("\n") + 1),
                                      *expectations_elsewhere(text)])

    def test_decisions(self):
        """Entries of prose.notes; what else of the made-up prose is not settled goes to stdout."""
        decisions = self.folder() / "prose.notes"
        decisions.write_text("""\
virThingCreate
    decided result failure it is not said
    decided result failure it is said twice EXPECT virThingCreate: result failure is settled already
    decided result freed EXPECT decided takes an argument or result, an aspect and a reason
    decided result lost it is EXPECT 'lost' is not one of nullable, freed, failure
    decided thing nullable no EXPECT virThingCreate: nothing to settle here: thing nullable
""", encoding="utf-8")
        text = decisions.read_text(encoding="utf-8")
        # EXPECT is no part of an entry, which may be too short.
        decisions.write_text(re.sub(r" EXPECT .*", "", text), encoding="utf-8")
        process = bindgen("prose", *golden_options(), "--facts", decisions.parent)
        self.assertNotIn("virThingCreate result failure", process.stdout)
        self.assertIn("virThingGetCPUStats result failure: plan says -1, prose says nothing",
                      process.stdout)
        self.expect(process, expectations(text, decisions))

    def test_a_pattern_without_a_row(self):
        """Every language writes the last error by hand."""
        path = self.folder() / "notes"
        golden = (GOLDEN / "golden.notes").read_text(encoding="utf-8")
        path.write_text(golden.replace("virThingLastProblem, virConnect", "virConnect"),
                        encoding="utf-8")
        for language in LANGUAGES:
            process = bindgen("emit", *golden_options(notes=path), "--only", language, "--output",
                              self.folder(), "--bindings", self.golden_bindings())
            self.assertRegex(process.stderr, r"libvirt-api.xml:\d+: \w+ has no row for the pattern "
                             r"borrowed-record, which virThingLastProblem uses")
            self.said.update(reported(process))

    def reference(self, api, notes):
        """Emits the runner of C, which is not to work; the only thing that is said."""
        output = self.folder() / "out"
        process = bindgen("emit", *golden_options(api, notes), "--only", "reference", "--output",
                          output)
        self.assertEqual(process.returncode, 1)
        self.assertFalse(output.exists())
        self.said.update(reported(process))
        (line,) = {line.split(": ", 1)[1] for line in reported(process)}
        return line

    def changed_notes(self, old="", new=""):
        path = self.folder() / "notes"
        golden = (GOLDEN / "golden.notes").read_text(encoding="utf-8")
        self.assertIn(old, golden)
        path.write_text(golden.replace(old, new, 1) if old else golden + new, encoding="utf-8")
        return path

    def test_a_pattern_without_a_row_in_the_reference(self):
        text = "the reference has no row for the pattern {}, which {} uses"
        by_hand = self.changed_notes("of=cpumaps\n    returns count\n    by-hand\n",
                                     "of=cpumaps\n    returns count\n")
        self.assertEqual(self.reference(GOLDEN / "api", by_hand),
                         text.format("out-cpu-maps", "virThingGetPinInfos"))
        field = self.changed_notes(new="record virThingInfo\n    field vcpus secret\n")
        self.assertEqual(self.reference(GOLDEN / "api", field),
                         text.format("secret", "virThingInfo"))
        callback = self.changed_notes(new="virThingEventCallback\n    pattern number uuid\n")
        self.assertEqual(self.reference(GOLDEN / "api", callback),
                         text.format("uuid", "virThingEventCallback"))

    def test_a_callback_that_is_nobodys(self):
        api = self.golden_api()
        self.replace(api, "      <arg name='opaque' type='void *'/>\n    </functype>\n"
                     "    <!-- handles -->", "    </functype>\n    <!-- handles -->")
        self.assertEqual(self.reference(api, GOLDEN / "golden.notes"),
                         "virThingEventCallback: the reference cannot tell whose call it is")

    def test_a_long_line(self):
        path = self.folder() / "notes"
        path.write_text("virThing" + "x" * 1100 + "\n", encoding="utf-8")
        process = bindgen("check", *golden_options(notes=path))
        self.assertIn(f"{path}:1: the line is longer than 1022 characters", reported(process))
        self.said.update(reported(process))

    def two_releases(self, change):
        """Plans the made-up release together with an older one."""
        newer, older = self.golden_api(), self.golden_api()
        change(older)
        self.replace(older, "raw='9000000'", "raw='8000000'")
        shutil.copy(GOLDEN / "golden.notes", newer / "libvirt.notes")
        return newer / "libvirt-api.xml", bindgen("check", "--facts", newer, "--installed", older)

    def test_releases_that_contradict(self):
        for what, old, new in (
                ("virThingNumbers: a type", "<arg name='c' type='long'/>",
                 "<arg name='c' type='int'/>"),
                ("virThingNumbers: the number of arguments",
                 "      <arg name='c' type='long'/>\n", ""),
                ("virThingInfo: the field vcpus", "<field name='vcpus' type='unsigned short'/>",
                 "<field name='vcpus' type='unsigned char'/>"),
                ("VIR_THING_ON: the value", "name='VIR_THING_ON' file='libvirt-thing' value='1'",
                 "name='VIR_THING_ON' file='libvirt-thing' value='3'")):
            with self.subTest(what):
                _path, process = self.two_releases(lambda api: self.replace(api, old, new))
                self.assertEqual(process.returncode, 1)
                (line,) = reported(process)
                self.assertRegex(line, rf": {what} differs from the older release's$")
                self.said.add(line)

    def test_what_may_differ(self):
        """A struct may grow, the last of an enum moves, things are added."""
        for old, new in (("      <field name='vcpus' type='unsigned short'/>\n", ""),
                         ("name='VIR_THING_LAST' file='libvirt-thing' value='2'",
                          "name='VIR_THING_LAST' file='libvirt-thing' value='1'")):
            with self.subTest(old):
                _path, process = self.two_releases(lambda api: self.replace(api, old, new))
                self.assertEqual((process.returncode, process.stderr), (0, ""))

    def test_files(self):
        nowhere = self.folder() / "nowhere"
        file = self.folder() / "file"
        file.write_text("", encoding="utf-8")
        for arguments, message in (
                (["check", "--api", nowhere], f"cannot read {nowhere}/libvirt-api.xml"),
                (["check", *golden_options(notes=nowhere)], f"cannot read {nowhere}"),
                (["check", "virNothing", *golden_options()], "no function is named virNothing"),
                (["explain", "virNothing", *golden_options()], "no function is named virNothing"),
                (["facts", "--api", GOLDEN / "api", "--output", file / "x"],
                 f"cannot make the folder {file}")):
            with self.subTest(message):
                process = bindgen(*arguments)
                self.assertEqual(process.returncode, 1)
                self.assertIn(message, process.stderr)
                self.said.update(reported(process))
        process = bindgen("emit", "--only", "klingon", "--output", nowhere)
        self.assertEqual(process.returncode, 2)
        self.assertIn("there is nothing named klingon to emit", process.stderr)
        self.said.update(reported(process))
        self.assertFalse(nowhere.exists())

    def no_vectors(self, message, text="", notes=("", "")):
        """What the stand-in cannot play, of a made-up libvirt that is changed."""
        api = self.golden_api()
        if text:
            self.insert(api, text)
        path = self.folder() / "notes"
        golden = (GOLDEN / "golden.notes").read_text(encoding="utf-8")
        self.assertIn(notes[0], golden)
        path.write_text(golden.replace(*notes), encoding="utf-8")
        output = self.folder() / "out"
        process = bindgen("emit", *golden_options(api, path), "--only", "stand-in",
                          "--output", output)
        self.assertEqual(process.returncode, 1)
        self.assertIn(message, process.stderr)
        self.assertFalse(output.exists())
        self.said.update(reported(process))

    def test_what_has_no_vectors(self):
        self.no_vectors("virConnectThingEventRegister: no function takes back what it registers")
        self.no_vectors("virThingSetParameters: no constant is a key of params whose type is known "
                        "(keys VIR_NOTHING_*)",
                        notes=("keys params VIR_THING_PARAM_*", "keys params VIR_NOTHING_*"))
        self.no_vectors("virThingSetPart: no vector gives the field cpumap of virThingPart", """
    <function name='virThingSetPart' file='libvirt-thing' module='libvirt-thing' version='1.0.0'>
      <return type='int'/>
      <arg name='thing' type='virThingPtr'/>
      <arg name='part' type='const virThingPart *'/>
    </function>
""")
        self.no_vectors("virConnectSendAll: no function sends bytes", """
    <functype name='virConnectSourceFunc' file='libvirt-thing' module='libvirt-thing' version='1.0.0'>
      <return type='int'/>
      <arg name='conn' type='virConnectPtr'/>
      <arg name='data' type='char *'/>
      <arg name='nbytes' type='size_t'/>
      <arg name='opaque' type='void *'/>
    </functype>
    <function name='virConnectSendAll' file='libvirt-thing' module='libvirt-thing' version='1.0.0'>
      <return type='int'/>
      <arg name='conn' type='virConnectPtr'/>
      <arg name='handler' type='virConnectSourceFunc'/>
      <arg name='opaque' type='void *'/>
    </function>
""", notes=("virThingLastProblem, virConnect", "virThingLastProblem, virConnectSendAll, virConnect"))
        self.no_vectors("no function makes a virOther for vectors from numbers and texts", """
    <struct name='virOther' file='libvirt-thing' type='struct _virOther' version='1.0.0'/>
    <typedef name='virOtherPtr' file='libvirt-thing' type='virOther *' version='1.0.0'/>
    <function name='virOtherFree' file='libvirt-thing' module='libvirt-thing' version='1.0.0'>
      <return type='int'/>
      <arg name='other' type='virOtherPtr'/>
    </function>
""", notes=("virThingFree, virThing*Free", "virOtherFree, virThingFree, virThing*Free"))

    def test_nothing_is_written_where_something_is_wrong(self):
        api = self.golden_api()
        self.insert(api, (BAD / "unclear-result.xml").read_text(encoding="utf-8"))
        output = self.folder() / "out"
        process = bindgen("emit", *golden_options(api), "--only", "common", "--output", output)
        self.assertEqual(process.returncode, 1)
        self.assertFalse(output.exists())

    def test_the_note_to_add_is_printed(self):
        api = self.golden_api()
        self.insert(api, (BAD / "unclear-result.xml").read_text(encoding="utf-8").replace(
            "<return type='int'/>", "<return type='int' info='the answer, or -1'/>"))
        process = bindgen("check", *golden_options(api))
        self.assertIn("    libvirt says: the answer, or -1\n    add to the notes:\n"
                      "virThingGetAnswer\n    returns PATTERN error=VALUE\n", process.stderr)


class NothingIsUntested(unittest.TestCase):
    def test_every_message(self):
        """Runs last; every message in the sources was said by one of the tests above."""
        unheard = []
        # The test of files brings it about in one of its three forms.
        elsewhere = {"cannot %s %s: %s"}
        sources = [*(TOP / "generator").glob("*.c"), *TOP.glob("bindings/*/emit*.c")]
        for source in sources:
            for message, pattern in format_patterns(source, r"(?:error_at|fact_error|contradiction|ask_for_note)"):
                if message not in elsewhere and source.name != "base.c" and not any(
                        pattern.search(line) for line in Diagnostics.said):
                    unheard.append(f"{source.name}: {message}")
        self.assertEqual(unheard, [])


if __name__ == "__main__":
    unittest.main()
