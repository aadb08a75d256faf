# SPDX-License-Identifier: LGPL-2.1-or-later
"""Options, and the forms in which results are shown."""

import json
import os
import re
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree

from support import CONFORMANCE, DriverTest, error, handle

CASES = """\
    case "answers"
        virConnectOpen "x"
        virDomainGetName null
    case "fails # as C"
        virDomainDestroy null
            fails 42
    case "differs"
        virDomainGetInfo null
    case "left out"
        needs virDomainNew
    """


class Reports(DriverTest):
    def mixed(self, *options):
        """One case of each kind."""
        self.cases(CASES)
        self.both("virConnectOpen", {"answer": handle("virConnect", 1, "k")})
        self.both("virDomainDestroy", error())
        self.answers("virDomainGetInfo", {"answer": "it's\n<1> & \"2\""}, {"answer": 2})
        return self.drive(*options)

    def test_tap(self):
        result = self.mixed()
        lines = result.output.splitlines()
        self.assertEqual(lines[0], "TAP version 13")
        self.assertIn("# language c runtime 1 libvirt 9000000", lines)
        self.assertEqual(result.tests, [
            "ok 1 - driver/a: answers [fake]", r"ok 2 - driver/a: fails \# as C [fake]",
            "not ok 3 - driver/a: differs [fake]",
            "ok 4 - driver/a: left out [fake] # SKIP this libvirt has no virDomainNew"])
        self.assertIn("1..6", lines)
        self.assertEqual(lines[-1], "2 passed, 1 failed, 3 skipped")
        self.assertEqual(result.status, 1)
        at = lines.index(result.tests[2])
        self.assertEqual(lines[at + 1:at + 8], [
            "  ---",
            r"""  - problem: 'answer: C has "it''s\n<1> & \"2\"", fake has 2'""",
            f"    at: '{self.top}/tests/conformance/cases/driver/a.cases:8'",
            "    step: 'virDomainGetInfo null'",
            r"""    C: '{ "answer": "it''s\n<1> & \"2\"" }'""",
            "    fake: '{ \"answer\": 2 }'",
            "  ..."])

    def test_matrix(self):
        """What is proved, only failed, differs, is absent; of what can be called."""
        self.answers("virDomainSetVcpus", {"answer": None}, {"absent": "no"})
        self.cases("case \"x\"\n    virDomainSetVcpus null 1\n", leg="other")
        result = self.mixed()
        self.assertRegex(result.output, r"\n# fake +driver +2 +1 +0 +0 +1 +0 +0\n")
        self.assertRegex(result.output, r"\n# fake +other +0 +0 +0 +0 +0 +1 +0\n")
        self.assertIn("# fake: 3 of 8 functions reached; 1 are not in this libvirt\n",
                      result.output)

    def test_junit(self):
        path = self.top / "junit.xml"
        self.mixed("--junit", path)
        suites = xml.etree.ElementTree.parse(path).getroot()
        suite, of_driver = suites
        self.assertEqual((of_driver.get("name"), of_driver.get("tests")), ("driver", "1"))
        self.assertEqual((suite.get("name"), suite.get("tests"), suite.get("failures"),
                          suite.get("skipped")), ("fake", "5", "1", "2"))
        self.assertEqual([(test.get("classname"), test.get("name"), [child.tag for child in test])
                          for test in suite][:4], [
            ("fake.driver", "driver/a: answers", []),
            ("fake.driver", "driver/a: fails # as C", []),
            ("fake.driver", "driver/a: differs", ["failure"]),
            ("fake.driver", "driver/a: left out", ["skipped"])])
        self.assertEqual(suite[2][0].get("message"),
                         r'answer: C has "it' r"'" r's\n<1> & \"2\"", fake has 2')
        self.assertIn("virDomainGetInfo null", suite[2][0].text)

    def page(self):
        path = self.top / "page.html"
        self.mixed("--html", path)
        return path.read_text(encoding="utf-8")

    def test_page(self):
        page = self.page()
        self.assertNotRegex(page, r"@(style|script|data)@|(src|href)=|https?://")
        data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>',
                                    page, re.DOTALL)[1])
        self.assertEqual((data["libvirt"], data["legs"], data["passed"], data["failed"]),
                         (9000000, ["driver"], 2, 1))
        functions = {entry["name"]: entry for entry in data["functions"]}
        self.assertEqual(sorted(functions), [entry["name"] for entry in data["functions"]])

        def state(name):
            (language,) = functions[name]["languages"]
            return language["standing"], language["legs"].get("driver", {}).get("state")
        self.assertEqual(state("virConnectOpen"), ("reached", "proved"))
        self.assertEqual(state("virDomainDestroy"), ("reached", "failed"))
        self.assertEqual(state("virDomainGetInfo"), ("blank", "differs"))
        self.assertEqual(state("virDomainSetVcpus"), ("blank", "blank"))
        self.assertEqual(state("virTypedParamsFree"), ("helper", "helper"))
        self.assertEqual(state("virDomainNew"), ("elsewhere", "elsewhere"))
        self.assertEqual(functions["virDomainNew"]["languages"][0]["legs"]["driver"]["why"],
                         "needs libvirt 99.0.0, this is 9.0.0")
        self.assertEqual(functions["virDomainGetInfo"]["languages"][0]["legs"]["driver"]["why"],
                         f"{self.top}/tests/conformance/cases/driver/a.cases:8: answer: C has "
                         r'"it' r"'" r's\n<1> & \"2\"", fake has 2')
        self.assertEqual(functions["virDomainSetVcpus"]["languages"][0]["signature"],
                         "fake.virDomainSetVcpus(domain, nvcpus)")

    def test_nothing_ends_the_script_in_the_page(self):
        self.manifest["functions"]["virDomainGetName"]["prototype"] = "</script><!--<script>"
        page = self.page()
        self.assertNotIn("</script><!--", page)
        self.assertEqual(page.count("</script>"), 2)

    def test_functions_of_one_language_alone(self):
        self.language("other")
        self.prepare()
        path = self.build / "other" / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        del manifest["functions"]["virDomainGetInfo"]
        path.write_text(json.dumps(manifest), encoding="utf-8")
        self.prepare = lambda: None
        page = self.page()
        data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
        (entry,) = [entry for entry in data["functions"] if entry["name"] == "virDomainGetInfo"]
        self.assertIsNone(entry["languages"][1])
        self.assertIsNotNone(entry["languages"][0])


class Options(DriverTest):
    def setUp(self):
        super().setUp()
        self.cases(CASES)
        self.both("virDomainDestroy", error())

    def test_case(self):
        self.assertEqual(len(self.drive("--case", "differs").tests), 1)
        self.assertEqual(len(self.drive("--case", "driver/a: ").tests), 4)

    def test_leg(self):
        self.cases('case "x"\n    virDomainGetName null\n', leg="other")
        self.cases("rubbish\n", leg="third")
        self.assertEqual(len(self.drive("--leg", "other").tests), 1)
        result = self.drive("--leg", "other", "--leg", "driver")
        self.assertEqual((len(result.tests), result.errors), (5, ""))

    def test_language(self):
        self.language("second")
        self.language("third")
        tests = self.drive("--language", "third", "--language", "fake", "--case", "answers").tests
        self.assertEqual([test.split("[")[1] for test in tests], ["fake]", "third]"])
        self.assertFalse((self.top / "second.json.requests").exists())

    def test_jobs(self):
        """The order of the files holds, however they are played."""
        for name in "bcdef":
            self.cases(f'case "{name}"\n    virDomainGetName null\n', name=name)
        for jobs in (1, 3, 20):
            with self.subTest(jobs):
                result = self.drive("--jobs", jobs)
                self.assertEqual([test.split(" - ")[1].split(": ")[1] for test in result.tests[4:]],
                                 [f"{name} [fake]" for name in "bcdef"])

    def alone(self, *files):
        """Whether files take turns where one is alone; others are played side by side."""
        for name, text, leg in files:
            self.cases(text + 'case "x"\n    virConnectOpen "x"\n', name=name, leg=leg)
        self.both("virConnectOpen", {"alone": str(self.top / "lock")})
        return self.drive("--jobs", 4, "--case", ": x").verdicts()

    def test_files_that_are_alone(self):
        self.assertEqual(self.alone(("b", "alone\n", "driver"), ("c", "", "driver"),
                                    ("d", "alone\n", "driver")), ["ok", "ok", "ok"])

    def test_files_that_are_not_alone(self):
        self.assertIn("not ok", self.alone(("b", "", "driver"), ("c", "", "driver")))

    def test_files_that_are_alone_in_another_leg(self):
        self.assertIn("not ok", self.alone(("b", "alone\n", "driver"), ("c", "", "other")))

    def test_variables_that_are_not_given(self):
        self.cases('text T\n    | $admin\ncase "x"\n    virConnectOpen $T\n', name="b")
        result = self.drive("--case", "driver/b")
        self.assertEqual(result.tests,
                         ["ok 1 - driver/b: x [fake] # SKIP the file needs --variable admin=…"])
        self.assertFalse(self.called("fake", "virConnectOpen"))

    def test_why_variables_are_not_given(self):
        self.cases('case "x"\n    virConnectOpen $uri\n', name="b")
        result = self.drive("--case", "driver/b", "--without", "uri=no daemon = none")
        self.assertIn("# SKIP no daemon = none", result.output)

    def test_verbose(self):
        output = self.drive("--verbose", "--case", "answers").output
        self.assertIn(f"""\
# {self.top}/tests/conformance/cases/driver/a.cases:3: virDomainGetName null
#     C: {{ "answer": null }}
#     fake: {{ "answer": null }}
""", output)

    def test_paths_within_the_source(self):
        """Where the source is the folder in which one stands, paths are below it."""
        self.prepare()
        process = subprocess.run([CONFORMANCE, "--verbose"], cwd=self.top, text=True, timeout=60,
                                 stdout=subprocess.PIPE, check=False)
        self.assertIn("\n# tests/conformance/cases/driver/a.cases:2: ", process.stdout)

    def test_help(self):
        process = subprocess.run([CONFORMANCE, "--help"], text=True, timeout=60,
                                 stdout=subprocess.PIPE, check=False)
        self.assertEqual(process.returncode, 0)
        for option in ("language", "leg", "case", "jobs", "verbose", "junit", "html", "build",
                       "seconds", "variable", "without", "source"):
            self.assertIn(f"  --{option} ", process.stdout)

    def test_wrong_options(self):
        for options, said in ((["--nonsense"], "no such option: --nonsense"),
                              (["--leg"], "--leg takes a value"),
                              (["--jobs", "0"], '--jobs takes a number from 1 on, not "0"'),
                              (["--seconds", "x"], '--seconds takes a number from 1 on, not "x"'),
                              (["--variable", "x"], '--variable takes NAME=VALUE, not "x"'),
                              (["--without", "x"], '--without takes NAME=WHY, not "x"'),
                              (["--build", "/nonexistent"], "--build: there is no /nonexistent"),
                              (["more"], "there is no argument but options: more")):
            with self.subTest(said):
                result = self.drive(*options)
                self.assertEqual((result.status, result.output, result.errors), (
                    2, "", f"conformance: {said}; see conformance --help\n"))

    def test_stopped(self):
        """Nothing is left behind: no runner, no folder."""
        self.script("fake")["calls"]["virDomainGetName"] = {"hang": 1}
        self.prepare()
        with subprocess.Popen(
                [CONFORMANCE, "--source", self.top, "--build", self.build, "--seconds", "60"],
                stdout=subprocess.PIPE, text=True,
                env=dict(os.environ, TMPDIR=str(self.temporary()))) as process:
            requests = self.top / "fake.json.requests"
            for _ in range(200):
                if requests.exists() and "virDomainGetName" in requests.read_text(encoding="utf-8"):
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 2)
        self.assertIn("Bail out! stopped by a signal", output)
        self.assertEqual(list(self.temporary().iterdir()), [])
        for _ in range(100):
            if not self.runners():
                break
            time.sleep(0.05)
        self.assertEqual(self.runners(), [])

    def runners(self):
        """The processes of this test's runners."""
        found = []
        for name in os.listdir("/proc"):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if str(self.top / "fake.json").encode() in file.read():
                        found.append(name)
            except OSError:
                continue
        return found


if __name__ == "__main__":
    unittest.main()
