# SPDX-License-Identifier: LGPL-2.1-or-later
"""Descriptions of several releases: the facts are what they were made from, any release is planned
by itself, and one that is still to come is either understood or stops with the note to add."""

import re
import shutil
import unittest

from support import FACTS, GOLDEN, INSTALLED, GeneratorTest, bindgen, golden_options


class Facts(GeneratorTest):
    def test_facts_of_facts(self):
        """The committed facts, read and written, are themselves; so nothing gets lost."""
        output = self.folder()
        self.good("facts", "--api", FACTS, "--output", output)
        for path in sorted(FACTS.glob("*-api.xml")):
            with self.subTest(path.name):
                self.assertEqual((output / path.name).read_text(encoding="utf-8"),
                                 path.read_text(encoding="utf-8"))

    def test_facts_plan_as_the_description_does(self):
        output = self.folder()
        self.good("facts", "--api", GOLDEN / "api", "--output", output)
        notes = GOLDEN / "golden.notes"
        self.assertEqual(self.good("dump", *golden_options(output)),
                         self.good("dump", *golden_options()))
        self.assertEqual(self.good("dump", "--table", *golden_options(output, notes)),
                         self.good("dump", "--table", *golden_options()))

    def test_facts_hold_no_prose(self):
        for path in FACTS.glob("*-api.xml"):
            text = path.read_text(encoding="utf-8")
            self.assertNotIn("<info", text)
            self.assertNotIn(" info=", text)

    def test_committed_plan(self):
        """api-xml/libvirt.plan shows what a change of the notes does: `make plan` writes it."""
        self.assertEqual(self.good("dump", "--facts", FACTS, "--installed", "none"),
                         (FACTS / "libvirt.plan").read_text(encoding="utf-8"))


class Installed(GeneratorTest):
    """Whatever libvirt is installed."""

    def setUp(self):
        if not (INSTALLED / "libvirt-api.xml").exists():
            self.skipTest("libvirt's description is not installed (Debian: libvirt-dev)")

    def test_it_is_planned_by_itself(self):
        output = self.good("check", "--api", INSTALLED)
        count = int(re.search(r": (\d+) functions: ", output)[1])
        self.assertGreaterEqual(count, 558)
        self.assertRegex(output, r"\(?\d+ planned, 40 overridden, 59 left out")

    def test_no_plan_differs_from_the_newest_release(self):
        newest = self.good("dump", "--facts", FACTS, "--installed", "none").splitlines()
        names = {line.split("(")[0]: line for line in newest if line.startswith("vir")}
        for line in self.good("dump", "--api", INSTALLED).splitlines():
            if line.startswith("vir"):
                # Flags gain enums from release to release.
                self.assertEqual(re.sub(r"flags vir\w+", "flags", line),
                                 re.sub(r"flags vir\w+", "flags", names[line.split("(")[0]]))

    def test_merged_with_the_facts_it_adds_words_only(self):
        merged = self.good("dump", "--facts", FACTS, "--installed", INSTALLED)
        self.assertEqual(merged, self.good("dump", "--facts", FACTS, "--installed", "none"))

    def test_prose(self):
        """The plan agrees with the documentation's words, or api-xml/prose.notes says why not."""
        output = self.good("prose")
        found = re.search(r"(\d+) functions with documentation, (\d+) statements, .*, all settled",
                          output)
        self.assertGreaterEqual(int(found[1]), 558)
        self.assertGreater(int(found[2]), 1000)

    def test_difference(self):
        output = bindgen("diff", INSTALLED, FACTS).stdout
        self.assertIn("waiting for notes: none\n", output)
        self.assertNotIn("gone: function", output)


# One function for each existing pattern, as a release to come might bring them.
KNOWN = """
    <enum name='VIR_THING_PAUSED' file='libvirt-thing' value='7' type='virThingState' version='2.0.0'/>
    <enum name='VIR_DOMAIN_EVENT_ID_THING_MOVED' file='libvirt-thing' value='1' type='virDomainEventID' version='2.0.0' info='virThingMovedCallback'/>
    <macro name='VIR_THING_PARAM_SPEED' file='libvirt-thing' version='2.0.0' string='speed'>
      <info>The speed, as VIR_TYPED_PARAM_ULLONG.</info>
    </macro>
    <macro name='VIR_THING_MOST' file='libvirt-thing' version='2.0.0' raw='(VIR_THING_SAME &lt;&lt; 2)'/>
    <functype name='virThingMovedCallback' file='libvirt-thing' module='libvirt-thing' version='2.0.0'>
      <return type='void'/>
      <arg name='conn' type='virConnectPtr'/>
      <arg name='thing' type='virThingPtr'/>
      <arg name='where' type='const char *'/>
      <arg name='opaque' type='void *'/>
    </functype>
"""
FUTURE = (
    ("virThingFutureStart", "int", "virThingPtr thing, unsigned int flags", "status"),
    ("virThingFutureLookup", "virThingPtr", "virConnectPtr conn, const char *name",
     "owned-handle virThing free=virThingFree"),
    ("virThingFutureLookupByUUID", "virThingPtr", "virConnectPtr conn, const unsigned char *uuid",
     "uuid: uuid"),
    ("virThingFutureNumbers", "int",
     "virThingPtr thing, int a, unsigned int b, long c, unsigned long d, long long e, "
     "unsigned long long f, size_t g, double h", "e: llong, f: ullong, g: size, h: double"),
    ("virThingFutureSetNames", "int",
     "virThingPtr thing, const char **names, unsigned int nnames", "names: strings"),
    ("virThingFutureSetParameters", "int",
     "virThingPtr thing, virTypedParameterPtr params, int nparams, unsigned int flags",
     "params: params virTypedParameter"),
    ("virThingFutureGetParameters", "int",
     "virThingPtr thing, virTypedParameterPtr *params, int *nparams, unsigned int flags",
     "params: out-new-params virTypedParameter[nparams] free=virTypedParamsFree"),
    ("virThingFutureGetOldParameters", "int",
     "virThingPtr thing, virTypedParameterPtr params, int *nparams, unsigned int flags",
     "params: out-params virTypedParameter"),
    ("virThingFutureGetInfo", "int", "virThingPtr thing, virThingInfoPtr info",
     "info: out-record virThingInfo"),
    ("virThingFutureGetSizedInfo", "int", "virThingPtr thing, virThingInfoPtr info, size_t size",
     "info: out-record-sized virThingInfo"),
    ("virThingFutureGetNodeStats", "int", "virThingPtr thing, virThingStatsPtr params, int *nparams",
     "params: out-records-two-calls virThingStats"),
    ("virThingFutureGetNumber", "int", "virThingPtr thing, unsigned long long *number",
     "number: out-scalar unsigned long long"),
    ("virThingFutureGetUUID", "int", "virThingPtr thing, unsigned char *uuid", "uuid: out-uuid"),
    ("virThingFutureGetUUIDString", "int", "virThingPtr thing, char *buf", "buf: out-text"),
    ("virThingFuturePeek", "int",
     "virThingPtr thing, unsigned long long offset, size_t size, void *buffer",
     "buffer: out-bytes[size]"),
    ("virThingFutureListAll", "int", "virConnectPtr conn, virThingPtr **things, unsigned int flags",
     "things: out-handles virThing[result] free=virThingFree"),
    ("virThingFutureGetMessages", "int", "virThingPtr thing, char ***msgs, unsigned int flags",
     "msgs: out-strings[result] free=free"),
    ("virThingFutureGetParts", "int", "virThingPtr thing, virThingPartPtr **parts",
     "parts: out-record-list virThingPart[result] free=virThingPartFree"),
    ("virThingFutureGetAllStats", "int", "virConnectPtr conn, virThingStatsRecordPtr **retStats",
     "retStats: out-stats virThingStatsRecord[result] free=virThingStatsRecordListFree"),
    ("virThingFutureAsk", "int", "virThingPtr thing, char **answer",
     "answer: out-string free=free"),
    ("virThingFutureGetText", "char *", "virThingPtr thing", "owned-string free=free"),
    ("virThingFutureGetOwnName", "const char *", "virThingPtr thing", "borrowed-string"),
    ("virThingFutureReset", "void", "virThingPtr thing", "nothing"),
    ("virThingFutureWatch", "int",
     "virThingPtr thing, virThingMovedCallback cb, void *opaque, virFreeCallback freecb",
     "cb: callback virThingMovedCallback, opaque: opaque, freecb: free-callback"),
)


def function_xml(name, result, arguments, version="2.0.0"):
    lines = [f"    <function name='{name}' file='libvirt-thing' module='libvirt-thing' "
             f"version='{version}'>", f"      <return type='{result}'/>"]
    for argument in arguments.split(", "):
        kind, _, argument_name = re.match(r"(.*?)(\s*)(\w+)$", argument).groups()
        lines.append(f"      <arg name='{argument_name}' type='{kind.strip()}'/>")
    return "\n".join([*lines, "    </function>\n"])


class Future(GeneratorTest):
    def future(self, more=""):
        api = self.golden_api()
        self.insert(api, KNOWN + "".join(function_xml(*row[:3]) for row in FUTURE) + more)
        self.replace(api, "<field name='vcpus' type='unsigned short'/>",
                     "<field name='vcpus' type='unsigned short'/>\n"
                     "      <field name='future' type='unsigned long long'/>")
        self.replace(api, "raw='9000000'", "raw='13000000'")
        return api

    def test_what_is_known_needs_no_note(self):
        api = self.future()
        plan = self.good("dump", *golden_options(api)).splitlines()
        lines = {line.split("(")[0].removeprefix("callback "): line for line in plan}
        for name, _result, _arguments, expected in FUTURE:
            with self.subTest(name):
                self.assertIn(expected, lines[name])
        self.assertIn("where: out-string", lines["virThingMovedCallback"])
        self.assertIn("future: out-scalar", "\n".join(plan))

    def test_it_reaches_what_is_written(self):
        api = self.future()
        output = self.folder()
        self.good("emit", *golden_options(api), "--only", "common", "--output", output)
        header = (output / "common" / "vir-api.h").read_text(encoding="utf-8")
        for text in ("VIR_THING_PAUSED = 7,", "#define VIR_THING_MOST 64",
                     '#define VIR_THING_PARAM_SPEED "speed"', "unsigned long long future;",
                     "int (*virThingFutureStart)(virThingPtr thing, unsigned int flags);"):
            self.assertIn(text, header)

    def test_the_older_release_beside_it(self):
        """The facts are of the older release until they are taken anew."""
        newer = self.future()
        older = self.golden_api()
        shutil.copy(GOLDEN / "golden.notes", older / "libvirt.notes")
        plan = self.good("dump", "--facts", older, "--installed", newer)
        self.assertIn("virThingFutureStart(", plan)

    def test_a_new_shape_stops(self):
        api = self.future(function_xml("virThingFutureFold", "int",
                                       "virThingPtr thing, double *weights, int **folds"))
        process = bindgen("check", *golden_options(api))
        self.assertEqual(process.returncode, 1)
        self.assertIn("virThingFutureFold: cannot tell what 'folds' (int **) is", process.stderr)
        self.assertIn("add to the notes:\nvirThingFutureFold\n    pattern folds PATTERN",
                      process.stderr)
        self.assertNotIn("virThingFutureStart", process.stderr)

    def test_difference(self):
        process = bindgen("diff", GOLDEN / "api", self.future(), "--notes",
                          GOLDEN / "golden.notes")
        self.assertEqual(process.returncode, 0, process.stderr)
        for line in ("added: function virThingFutureStart: int virThingFutureStart(",
                     "added: constant VIR_THING_PAUSED: 7",
                     "added: callback type virThingMovedCallback: ",
                     "changed: struct virThingInfo: ", "waiting for notes: none"):
            self.assertIn(line, process.stdout)
        gone = bindgen("diff", self.future(), GOLDEN / "api", "--notes",
                       GOLDEN / "golden.notes").stdout
        self.assertIn("gone: function virThingFutureStart: ", gone)

    def test_difference_that_waits(self):
        api = self.future(function_xml("virThingFutureFold", "int", "int **folds"))
        process = bindgen("diff", GOLDEN / "api", api, "--notes", GOLDEN / "golden.notes")
        self.assertEqual(process.returncode, 1)
        self.assertIn("waiting for notes: 1\n", process.stdout)
        self.assertIn("virThingFutureFold", process.stderr)


if __name__ == "__main__":
    unittest.main()
