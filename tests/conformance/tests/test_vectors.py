# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stand-in's leg: vectors, and what comes of them."""

import json
import sys
import unittest

from support import FAKE, FUNCTIONS, DriverTest, function, handle

MAKER = {"handle": "virDomain", "function": "virDomainDefineXML", "arguments": [None, "x"],
         "release": "virDomainDestroy"}
DOMAIN = {"$handle": "virDomain"}


def vector(name="virDomainSetVcpus", number=0, arguments=None, outcome=None, **members):
    if arguments is None:
        arguments = (DOMAIN, 1)[:len(FUNCTIONS.get(name, ()))]
    return {"function": name, "vector": number, "arguments": list(arguments), **members,
            "outcome": {"answer": None} if outcome is None else outcome}


def refused(argument="nvcpus", wrong="text", **members):
    return vector(arguments=[DOMAIN, "x"], wrong=wrong, argument=argument, calls=[],
                  outcome={"wrong-use": argument}, **members)


def refusal(message):
    return {"wrong-use": {"class": "TypeError", "message": message}}


class VectorsTest(DriverTest):
    def setUp(self):
        super().setUp()
        self.lines = [MAKER]
        entry = self.manifest["functions"]["virDomainSetVcpus"]
        entry["self"] = "domain"
        entry["parameters"] = [{"name": "count", "from": "nvcpus", "required": True}]
        self.answer("virDomainDefineXML", {"answer": handle("virDomain", 7, "virDomain#1")})

    def answer(self, name, outcome):
        self.script("fake")["calls"][name] = outcome

    def play(self, *vectors, options=("--leg", "stand-in")):
        self.write("build/stand-in/vectors.jsonl",
                   "".join(json.dumps(line) + "\n" for line in [*self.lines, *vectors]))
        self.result = self.drive(*options)
        self.assertEqual(self.result.errors, "")
        return self.result

    def played(self, outcome, *vectors, options=("--leg", "stand-in")):
        """Verdicts of the functions' tests, with the same outcome for all calls."""
        self.answer("virDomainSetVcpus", outcome)
        verdicts = self.play(*vectors, options=options).verdicts()
        return [verdict for verdict, test in zip(verdicts, self.result.tests)
                if "nothing is alive" not in test]

    def assert_said(self, *texts):
        for text in texts:
            self.assertIn(text, self.result.output)


class Vectors(VectorsTest):
    def test_success(self):
        self.assertEqual(self.played({"answer": None}, vector(), vector(number=1)), ["ok"])
        self.assertEqual(self.result.tests[:2], [
            "ok 1 - stand-in/virDomainSetVcpus: 2 vectors [fake]",
            "ok 2 - stand-in: virDomainSetVcpus to virDomainSetVcpus: nothing is alive at the end [fake]"])
        self.assertEqual(self.called("fake", "virDomainSetVcpus")[0]["arguments"],
                         [{"$handle": 7}, 1])
        self.assertEqual(len(self.called("fake", "virDomainDefineXML")), 3)
        self.assert_said("# fake: 2 vectors passed, 0 failed, 0 are not for this language\n")

    def test_a_test_a_function(self):
        self.play(vector(), vector("virDomainGetInfo"), vector("virDomainGetInfo", 1))
        self.assertEqual([test.split(" [")[0] for test in self.result.tests[:2]], [
            "ok 1 - stand-in/virDomainSetVcpus: 1 vectors",
            "ok 2 - stand-in/virDomainGetInfo: 2 vectors"])

    def test_another_answer(self):
        self.assertEqual(self.played({"answer": [1, {"a": 3}]},
                                     vector(outcome={"answer": [1, {"a": 2}]}, number=5)), ["not ok"])
        self.assert_said("problem: 'vector 5 (success): answer[1].a is 3, not 2'",
                         "build/stand-in/vectors.jsonl:2'",
                         """step: 'virDomainSetVcpus { "$handle": "virDomain" } 1'""")

    def test_values(self):
        for wanted, got, verdict in (
                ([], None, "ok"), (None, [], "ok"), (0, False, "not ok"), (2, 2.0, "not ok"),
                ([True, False], [True], "ok"), ([True], [True, True], "not ok"),
                ({"$any": "integer"}, 3, "ok"), ({"$any": "integer"}, True, "not ok"),
                ({"a": 1}, {"a": 1, "b": 2}, "not ok"), ("b", "a", "not ok"),
                (["b", "a"], ["a", "b"], "not ok"),
                (18446744073709551615, 18446744073709551615, "ok"),
                ({"$handle": "virDomain", "key": "k"}, handle("virDomain", 9, "k"), "ok"),
                ({"$handle": "virDomain", "key": "k"}, handle("virDomain", 9, "l"), "not ok")):
            with self.subTest(wanted=wanted, got=got):
                self.assertEqual(self.played({"answer": got}, vector(outcome={"answer": wanted})),
                                 [verdict])

    def test_shapes(self):
        """What the manifest says that the language has is compared."""
        record = {"record": {"a": "integer"}, "as": "map"}
        keyed = {"records": {"name": "text", "a": "integer"}, "as": "map", "key": "name"}
        scaled = {"scaled": "integer", "by": 1024}
        tagged = {"tagged": {"6": "x"}, "key": "tag", "value": "val"}
        for shape, wanted, got in (
                ("boolean", 5, True), (record, {"a": 1, "b": 2}, {"a": 1}),
                ({"list": record}, [{"a": 1, "b": 2}], [{"a": 1}]),
                (keyed, [{"name": "x", "a": 1, "b": 2}], {"x": {"a": 1}}),
                ({"found": record}, {"result": False, "a": 0}, None),
                ({"found": record}, {"result": True, "a": 1}, {"a": 1}),
                ({"found": record, "by": "result"}, {"result": True, "a": 1}, {"a": 1}),
                (tagged, [{"tag": 6, "val": 1}, {"tag": 7, "val": 1}], {"x": 1}),
                (scaled, 2**64 - 1, 2**54 - 1), (scaled, -1, -1),
                ({"record": {"a": "integer", "b": "text"}, "as": "value"}, {"a": 1, "b": "x"}, "x")):
            with self.subTest(shape=shape, wanted=wanted):
                self.manifest["functions"]["virDomainSetVcpus"]["result"] = shape
                self.assertEqual(self.played({"answer": got}, vector(outcome={"answer": wanted})),
                                 ["ok"], self.result.output)

    def test_errors(self):
        error = {"code": 42, "message": "no"}
        failing = vector(fails=True, outcome={"error": error})
        got = {"error": dict(error, domain=1, function="virDomainSetVcpus")}
        self.assertEqual(self.played(got, vector(fails=True, outcome={
            "error": dict(error, domain=1)})), ["ok"])
        self.assertEqual(self.played(got, failing), ["not ok"])
        self.assertEqual(self.played({"answer": 1}, failing), ["not ok"])
        self.assert_said("vector 0 (failure): must fail, it answered 1")
        self.manifest["functions"]["virDomainSetVcpus"]["result"] = {
            "returned-failure": "integer", "value": -1}
        self.assertEqual(self.played({"answer": -1}, failing), ["ok"])

    def test_wrong_use(self):
        """The argument is named as C or the language calls it."""
        for message, verdict in (("count must be", "ok"), ("nvcpus: no", "ok"), ("no", "not ok")):
            self.assertEqual(self.played(refusal(message), refused()), [verdict])
        self.assert_said("vector 0 (text: nvcpus): must name count, it refused: TypeError: no")
        self.assertEqual(self.played(refusal("no"), refused("domain")), ["ok"])
        self.assertEqual(self.played({"answer": 3}, refused()), ["not ok"])
        self.assert_said("must refuse this, it answered 3")

    def test_what_is_not_in_the_language(self):
        self.assertEqual(self.played({"absent": "not here"}, vector()), ["skip"])
        self.assert_said("# SKIP not here")
        self.assertEqual(self.played({"answer": None}, vector(), refused("other")), ["ok"])
        self.assert_said("# fake: 1 vectors passed, 0 failed, 1 are not for this language\n")

    def test_calls(self):
        call = {"function": "virDomainSetVcpus", "arguments": ["virDomain#1", 1]}
        for record, verdict in (([call], "ok"), ([call, call], "ok"), ([], "not ok"),
                                ([dict(call, arguments=["virDomain#1", 2])], "not ok"),
                                ([dict(call, function="virX"), call], "ok")):
            with self.subTest(record=record):
                self.assertEqual(self.played(
                    {"stand-in": {"record": record, "outcome": {"answer": None}}},
                    vector(calls=[call])), [verdict], self.result.output)
        self.assertEqual(self.played({"stand-in": {"record": [call], "outcome": refusal("count")}},
                                     refused()), ["not ok"])
        self.assert_said("1 calls arrived, not 0")

    def test_calls_of_other_functions(self):
        """Those that are named are compared, and each of them counts."""
        one = {"function": "virDomainDestroy", "arguments": ["virDomain#1"]}
        other = {"function": "virDomainGetName", "arguments": ["virDomain#2"]}
        itself = {"function": "virDomainSetVcpus", "arguments": ["virDomain#1", 1]}
        self.manifest["functions"]["virDomainDestroy"]["self"] = "domain"
        for record, verdict in (
                ([itself, one, other], "ok"), ([itself, other, one], "not ok"),
                ([itself, one], "not ok"), ([one, one, other], "not ok"),
                ([dict(one, arguments=["virDomain#2"]), other], "not ok")):
            with self.subTest(record=record):
                self.assertEqual(self.played(
                    {"stand-in": {"record": record, "outcome": {"answer": None}}},
                    vector(calls=[one, other])), [verdict], self.result.output)
        self.assert_said("arrived: domain is ")

    def test_what_callbacks_answered(self):
        """It arrives as a call of the callback's type, which is compared as it is."""
        call = {"function": "virDomainCallback", "arguments": [0, ["a", None]]}
        for got, verdict in ((call, "ok"), (dict(call, arguments=[0, ["b", None]]), "not ok"),
                             (dict(call, arguments=[-1, ["a", None]]), "not ok")):
            self.assertEqual(self.played(
                {"stand-in": {"record": [got], "outcome": {"answer": None}}},
                vector(calls=[call])), [verdict], self.result.output)
        self.assert_said("arrived: virDomainCallback[0] is -1, not 0")

    def test_params_come_in_any_order(self):
        entry = self.manifest["functions"]["virDomainSetVcpus"]
        entry["arguments"][1]["pattern"] = "params"
        call = {"function": "virDomainSetVcpus",
                "arguments": ["virDomain#1", [["a", 1, 5], ["b", 1, 2], ["b", 1, 10]]]}
        got = dict(call, arguments=["virDomain#1", [["b", 1, 10], ["b", 1, 2], ["a", 1, 5]]])
        self.assertEqual(self.played({"stand-in": {"record": [got], "outcome": {"answer": None}}},
                                     vector(calls=[call])), ["ok"], self.result.output)

    def test_faults(self):
        self.assertEqual(self.played({"stand-in": {"faults": ["freed twice: x", "and y"],
                                                   "outcome": {"answer": None}}}, vector()),
                         ["not ok"])
        self.assert_said("vector 0 (success): freed twice: x\n", " and y\n")

    def test_left_behind(self):
        leak = {"stand-in": {"blocks": 1, "outcome": {"answer": None}}}
        self.answer("virDomainGetInfo", {"answer": None})
        self.assertEqual(self.played(leak, vector(), vector("virDomainGetInfo")), ["not ok", "ok"])
        self.assert_said("vector 0 (success): left behind: blocks: 1 became 2'")
        self.assert_said("not ok 3 - ", "problem: 'blocks: 2'")

    def test_events(self):
        event = {"callback": "called", "arguments": [DOMAIN | {"key": "k"}, 5]}
        line = vector(events=[event], then={"function": "virConnectListAllDomains",
                                            "arguments": [DOMAIN, {"$answer": True}]},
                      outcome={"answer": 3})
        came = {"callback": "called", "arguments": [handle("virDomain", 9, "k"), 5]}
        self.script("fake")["events"] = [[], [], [], [came]]
        self.assertEqual(self.played({"answer": 3}, line), ["ok"], self.result.output)
        self.assertEqual(self.called("fake", "virConnectListAllDomains")[-1]["arguments"],
                         [{"$handle": 7}, 3])
        self.assertIn({"do": "forget", "handles": [9]}, self.requests("fake"))
        self.script("fake")["events"] = [[], [], [], [dict(came, arguments=[4])]]
        self.assertEqual(self.played({"answer": 3}, line), ["not ok"])
        self.assert_said("events[0].arguments is ")

    def test_events_within_the_call(self):
        """The loop is run for those alone that did not come yet."""
        came = {"callback": "called", "arguments": [5]}
        for first, rest, verdict in (([came], [], "ok"), ([], [[came]], "ok"),
                                     ([came, came], [], "not ok"), ([], [[]], "not ok")):
            with self.subTest(first=first):
                self.script("fake")["events"] = [[], [], first, *rest]
                self.assertEqual(self.played({"answer": None}, vector(events=[came])), [verdict],
                                 self.result.output)
                dispatched = [one for one in self.requests("fake") if one["do"] == "dispatch"]
                self.assertEqual(len(dispatched), len(rest))
                (self.top / "fake.json.requests").unlink()

    def test_events_of_a_call_that_fails(self):
        came = {"callback": "called", "arguments": [5]}
        failure = {"error": {"code": 42, "domain": 1, "message": "no"}}
        for got, verdict in (([came], "ok"), ([dict(came, arguments=[6])], "not ok")):
            self.script("fake")["events"] = [[], [], got]
            self.assertEqual(self.played(failure, vector(events=[came], outcome=failure)), [verdict],
                             self.result.output)

    def test_fresh_and_closed_handles(self):
        self.assertEqual(self.played({"answer": None}, vector(arguments=[DOMAIN | {"fresh": True}]),
                                     vector(arguments=[DOMAIN | {"ended": True}], number=1),
                                     vector(arguments=[DOMAIN | {"which": 2}, [DOMAIN]])), ["ok"])
        self.assertEqual(len(self.called("fake", "virDomainDefineXML")), 5)
        self.assertEqual(len(self.called("fake", "virDomainDestroy")), 1)
        self.assertEqual(self.called("fake", "virDomainSetVcpus")[2]["arguments"],
                         [{"$handle": 7}, [{"$handle": 7}]])

    def test_alone(self):
        """Before such a vector and behind it the runner is another one."""
        for number, alone in ((1, {}), (3, {"alone": True})):
            self.assertEqual(self.played({"answer": None}, vector(), vector(number=1, **alone),
                                         vector(number=2)), ["ok"])
            self.assertEqual(len(self.called("fake", "virDomainDefineXML")), 3 * number)
            self.assertEqual(len(self.called("fake", "virDomainSetVcpus")), 3)
            (self.top / "fake.json.requests").unlink()

    def test_surplus(self):
        self.played(refusal("too many"), vector(surplus=[1], wrong="too many arguments", calls=[],
                                                outcome={"wrong-use": None}))
        self.assertEqual(self.called("fake", "virDomainSetVcpus")[0]["arguments"][-1], 1)
        self.assertEqual(self.result.verdicts()[0], "ok")

    def test_crash(self):
        """The vector is named, the next ones are played in a new process."""
        self.answer("virDomainGetInfo", {"answer": None})
        self.assertEqual(self.played({"crash": 1}, vector(number=3), vector("virDomainGetInfo")),
                         ["not ok", "ok"])
        self.assert_said("vector 3 (success): the runner was ended by signal 11")

    def test_hang(self):
        """A few times are enough."""
        self.assertEqual(self.played({"hang": 1}, *(vector(number=n) for n in range(9)),
                                     options=("--leg", "stand-in", "--seconds", 1)), ["not ok"])
        self.assert_said("vector 2 (success): the runner was slower than 1 seconds",
                         "0 vectors passed, 3 failed, 6 are not")
        self.assertEqual(len(self.called("fake", "virDomainSetVcpus")), 3)

    def test_no_handle_can_be_made(self):
        self.answer("virDomainDefineXML", {"absent": "no"})
        self.assertEqual(self.played({"answer": None}, vector()), ["not ok"])
        self.assert_said("no virDomain can be made: ")

    def test_case(self):
        self.play(vector(), vector("virDomainGetInfo"),
                  options=("--leg", "stand-in", "--case", "GetInfo"))
        self.assertEqual(len(self.result.tests), 1)

    def test_environment(self):
        self.played({"environment": "LD_PRELOAD"},
                    vector(outcome={"answer": f"{self.build}/stand-in/ledger.so"}))
        self.assertEqual(self.result.verdicts()[0], "ok", self.result.output)


class Accepted(VectorsTest):
    def accepted(self, text, *vectors, outcome=None):
        self.write("bindings/fake/conformance/accepted", text)
        return self.played(outcome or {"answer": None}, *vectors)

    def test_wrong_use_that_is_accepted(self):
        self.assertEqual(self.accepted("# Why.\nvirDomainSet* nvcpus text: texts are numbers\n",
                                       refused()), ["ok"])
        self.assertEqual(self.accepted("virDomainSetVcpus nvcpus map: x\n", refused()), ["not ok"])
        self.assertEqual(self.accepted("* - too many arguments: x\n", vector(
            surplus=[1], wrong="too many arguments", calls=[], outcome={"wrong-use": None})),
            ["ok"])

    def test_faults_are_not_accepted(self):
        self.assertEqual(self.accepted("* * text: x\n", refused(), outcome={
            "stand-in": {"faults": ["freed twice"], "outcome": {"answer": None}}}), ["not ok"])


class Established(VectorsTest):
    OPTIONS = ("--leg", "stand-in", "--established")

    def setUp(self):
        super().setUp()
        self.write("bindings/fake/conformance/established",
                   f"{sys.executable} -I -S {FAKE} $source/fake.json\n")
        self.differences("")

    def differences(self, text):
        self.write("bindings/fake/conformance/differences", text)

    def test_the_same(self):
        self.assertEqual(self.played({"answer": None}, vector(), options=self.OPTIONS), ["ok"])

    def test_known_differences(self):
        self.assertEqual(self.played({"answer": 4}, vector(), vector(number=1, outcome={"answer": 4}),
                                     options=self.OPTIONS), ["not ok"])
        self.differences("vir*Set* {answer is 4, *}  too many\n")
        self.assertEqual(self.played({"answer": 4}, vector(), vector(number=1, outcome={"answer": 4}),
                                     options=self.OPTIONS), ["ok"])
        self.assert_said("# fake: 1 vectors passed, 0 failed, 0 are not for this language\n",
                         "# fake: 1 vectors differ, as is known\n")
        self.assertRegex(self.result.output, r"\n# fake +stand-in +1 +0 +0 +0 +0 +0 +0\n")

    def test_known_breaks(self):
        self.differences("virDomainSetVcpus {the runner *}  it does\n")
        self.assertEqual(self.played({"crash": True}, vector(), options=self.OPTIONS), ["ok"])

    def test_known_crashes(self):
        self.differences("virDomainSetVcpus crashes always\n")
        self.assertEqual(self.played({"crash": True}, vector(), options=self.OPTIONS), ["skip"])
        self.assert_said("# SKIP not called: it crashes\n")
        self.assertEqual(self.called("fake", "virDomainSetVcpus"), [])

    def test_calls_that_are_known_to_crash(self):
        self.differences("virDomainSetVcpus crashes {* 7} of sevens\n")
        self.assertEqual(self.played({"answer": None}, vector(arguments=[DOMAIN, 7]), vector(),
                                     options=self.OPTIONS), ["ok"])
        self.assertEqual([call["arguments"][1] for call in self.called("fake", "virDomainSetVcpus")],
                         [1])

    def test_wrong_use(self):
        self.assertEqual(self.played({"answer": None}, refused(), options=self.OPTIONS), ["skip"])
        self.assertEqual(self.called("fake", "virDomainSetVcpus"), [])

    def test_what_is_left(self):
        self.assertEqual(self.played({"stand-in": {"blocks": 1, "outcome": {"answer": None}}}, vector(),
                                     options=self.OPTIONS), ["ok"])
        self.assertNotIn("nothing is alive", self.result.output)

    def test_kinds_that_it_lacks(self):
        self.lines.append({"handle": "virDomainSnapshot", "function": "virDomainSnapshotCreateXML",
                           "arguments": [DOMAIN], "release": "virDomainSnapshotFree"})
        self.answer("virDomainDefineXML", {"absent": "no such module"})
        self.assertEqual(self.played({"answer": None}, vector(),
                                     vector(arguments=[[{"$handle": "virDomainSnapshot"}], 1]),
                                     options=self.OPTIONS), ["skip"])
        self.assert_said("# SKIP no virDomainSnapshot: no virDomain: no such module\n")
        self.assertEqual(self.called("fake", "virDomainSetVcpus"), [])


class Completeness(VectorsTest):
    """What is said only of a run of all, with every leg."""

    def setUp(self):
        super().setUp()
        names = ("virConnectOpen", "virDomainSetVcpus", "virTypedParamsFree")
        self.manifest["functions"] = {name: self.manifest["functions"][name] for name in names}
        self.manifest["functions"]["virDomainNew"] = function("virDomainNew", since=99000)
        self.all = [vector("virConnectOpen", arguments=["x"]), vector(), vector("virDomainNew")]
        self.both("virConnectOpen", {"answer": None})
        for script in self.scripts.values():
            script["functions"] = list(names)

    def run_all(self, *vectors, legs=("daemon", "driver"), untried=""):
        for leg in legs:
            self.cases('case "x"\n    virConnectOpen "x"\n    virDomainSetVcpus null 1\n', leg=leg)
        self.write("tests/conformance/cases/untried", untried)
        self.play(*(vectors or self.all), options=())
        return [line for line in self.result.output.splitlines() if " - all: " in line]

    def test_nothing_is_missing(self):
        self.assertEqual(self.run_all(), [
            "ok 7 - all: every function is reached where it is supported [fake]",
            "ok 8 - all: every leg tries every function [driver]"])
        self.assertEqual(self.result.status, 0)

    def test_only_a_part(self):
        self.run_all()
        for options in (("--leg", "driver"), ("--case", "x"), ("--language", "fake")):
            self.assertIn("# SKIP only a part was played", self.drive(*options).output)

    def test_no_leg_reaches(self):
        lines = self.run_all(*self.all[:2])
        self.assertTrue(all(line.startswith("not ok") for line in lines), lines)
        self.assert_said("reached by no leg, 1 functions: virDomainNew",
                         "not tried on the leg stand-in, 1 functions: virDomainNew")

    def test_the_stand_in_alone(self):
        self.answers("virDomainSetVcpus", {"answer": 1}, {"answer": None})
        self.run_all()
        self.assert_said("reached on the stand-in alone, though another leg supports it, 1 "
                         "functions: virDomainSetVcpus (daemon)")

    def test_the_stand_in_suffices(self):
        """Where C is told that it is not supported, and the language something else."""
        unsupported = {"error": {"code": 3, "domain": 1, "message": "no"}}
        self.answers("virDomainSetVcpus", unsupported, {"answer": None})
        steps = 'case "x"\n    virConnectOpen "x"\n    virDomainSetVcpus null 1\n        fails 3\n'
        self.cases(steps, leg="driver")
        lines = self.run_all(legs=())
        self.assertTrue(lines[0].startswith("ok"), self.result.output)
        self.assertRegex(self.result.output, r"# fake +driver +1 +0 +0 +0 +1 +0 +0\n")

    def test_not_tried(self):
        self.cases('case "x"\n    virConnectOpen "x"\n', leg="other")
        self.run_all()
        self.assert_said("not tried on the leg other, 1 functions: virDomainSetVcpus")
        lines = self.run_all(untried="# Not so.\nvirDomain* other needs hardware\n")
        self.assertTrue(lines[1].startswith("ok"), self.result.output)

    def test_tried_after_all(self):
        self.run_all(untried="virConnectOpen driver why\nvirNothing driver why\n")
        self.assert_said("cases/untried:1: tried on the leg driver after all, 1 functions: "
                         "virConnectOpen", "cases/untried:2: no function is named virNothing")

    def test_what_could_not_be_played(self):
        """A file without its variables says nothing of its functions."""
        self.cases('case "x"\n    virConnectOpen $uri\n    virDomainSetVcpus null 1\n', leg="other")
        lines = self.run_all()
        self.assertTrue(lines[1].startswith("ok"), self.result.output)
        self.assertRegex(self.result.output, r"# fake +other +0 +0 +0 +0 +0 +0 +2\n")

    def test_accepted_that_never_occurs(self):
        self.write("bindings/fake/conformance/accepted", "* * text: x\n* * map: y\n")
        self.assertEqual(self.run_all(*self.all, refused())[1],
                         "not ok 9 - all: what the language accepts on purpose occurs [fake]")
        self.assert_said("accepted:2: no vector is accepted because of this line")
        self.assertNotIn("accepted:1:", self.result.output)


if __name__ == "__main__":
    unittest.main()
