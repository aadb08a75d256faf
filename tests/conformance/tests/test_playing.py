# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is asked of runners, and what is compared how."""

import os
import unittest

from support import DriverTest, error, handle


class Requests(DriverTest):
    def test_arguments_and_answers(self):
        """Each runner gets its own handles back."""
        self.answers("virConnectOpen", {"answer": handle("virConnect", 1, "test")},
                     {"answer": handle("virConnect", 9, "test")})
        self.both("virDomainGetInfo", {"answer": {"state": 5, "names": ["a", "b"]}})
        self.passes("""\
            conn = virConnectOpen "test:///default"
            info = virDomainGetInfo $conn
            virDomainSetVcpus $info.state [$conn, {"a": $info.names[1], "b": null}, 1.5]
            """)
        for name, number in (("C", 1), ("fake", 9)):
            (request,) = self.called(name, "virDomainSetVcpus")
            self.assertEqual(request, {
                "do": "call", "function": "virDomainSetVcpus",
                "arguments": [5, [{"$handle": number}, {"a": "b", "b": None}, 1.5]]})

    def test_handle_by_key(self):
        self.both("virConnectListAllDomains", {"answer": [handle("virDomain", 2, "a"),
                                                          handle("virDomain", 3, "b c")]})
        self.both("virDomainGetInfo", {"answer": [{"dom": handle("virDomain", 5, "x"), "n": 1},
                                                  {"dom": handle("virDomain", 6, "y"), "n": 2}]})
        self.passes("""\
            doms = virConnectListAllDomains null 0
            virDomainGetName $doms["b c"]
            stats = virDomainGetInfo null
            virDomainDestroy $stats["y"].dom
            """)
        self.assertEqual(self.called("fake", "virDomainGetName")[0]["arguments"], [{"$handle": 3}])
        self.assertEqual(self.called("fake", "virDomainDestroy")[0]["arguments"], [{"$handle": 6}])

    def test_literals(self):
        self.passes(r"""
            virDomainSetVcpus VIR_DOMAIN_AFFECT_LIVE|VIR_DOMAIN_AFFECT_CONFIG 18446744073709551615
            virDomainSetVcpus -9223372036854775808 {VIR_DOMAIN_BLKIO_WEIGHT: true}
            virDomainSetVcpus "a # \"b\" $$ \u00e9" {"$left-out": true}  # a comment
            virDomainSetVcpus [] {}
            virDomainSetVcpus 1e3 false
            """)
        self.assertEqual([request["arguments"] for request in self.called("C", "virDomainSetVcpus")],
                         [[3, 18446744073709551615], [-9223372036854775808, {"weight": True}],
                          ['a # "b" $ \u00e9', {"$left-out": True}], [[], {}], [1000.0, False]])

    def test_callback(self):
        self.passes("""\
            virConnectDomainEventRegisterAny null null 0 {"$callback": "cb", "returns": [1, 2]} "x"
            """)
        self.assertEqual(self.called("C", "virConnectDomainEventRegisterAny")[0]["arguments"][3],
                         {"$callback": "cb", "returns": [1, 2]})
        self.assertEqual(self.called("fake", "virConnectDomainEventRegisterAny")[0]["arguments"][3],
                         {"$callback": "cb", "answers": [1, 2], "otherwise": None, "type": None})

    def test_texts_and_variables(self):
        self.cases("""\
            text NAME            # short
                | made
            text DOMAIN
                | <domain>
                |   <name>$NAME</name> # no comment
                |
                | <path>$folder/x $$5</path>
                |</domain>
            set-up
                conn = virConnectOpen $uri
            case "defined"
                name = virDomainGetName null
                virDomainDefineXML $conn $DOMAIN
                virDomainDefineXML $conn "$name of $uri"
            """)
        self.both("virConnectOpen", {"answer": handle("virConnect", 1, "k")})
        self.both("virDomainGetName", {"answer": "answered"})
        result = self.drive("--variable", "uri=test:///$x")
        self.assertEqual((result.verdicts(), result.status), (["ok"], 0), result.output)
        for name in ("C", "fake"):
            self.assertEqual(self.called(name, "virConnectOpen")[0]["arguments"], ["test:///$x"])
            xml, text = (request["arguments"][1]
                         for request in self.called(name, "virDomainDefineXML"))
            self.assertRegex(xml, r"^<domain>\n  <name>made</name> # no comment\n\n"
                                  rf"<path>{self.top}/temporary/.*/{name}-\d+-\d+/x \$5</path>\n</domain>$")
            self.assertEqual(text, "answered of test:///$x")

    def test_what_each_run_has_of_its_own(self):
        self.cases("""\
            case "one"
                virDomainGetName "$run"
                virDomainGetName $run_uuid
            case "two"
                virDomainGetName $run
            """)
        self.both("virDomainGetName", {"echo": 0})
        result = self.drive()
        self.assertEqual((result.verdicts(), result.status), (["ok", "ok"], 0), result.output)
        words, uuids = set(), set()
        for name in ("C", "fake"):
            first, uuid, second = (request["arguments"][0]
                                   for request in self.called(name, "virDomainGetName"))
            words |= {first, second}
            uuids.add(uuid)
            self.assertRegex(uuid, r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$")
        self.assertEqual((len(words), len(uuids)), (4, 2))

    def test_included_texts(self):
        self.write("tests/conformance/cases/driver/shared.texts", "text MADE\n    | made\n")
        self.cases("""\
            include "shared.texts"
            case "one"
                virDomainGetName $MADE
            """)
        result = self.drive()
        self.assertEqual((result.verdicts(), result.status), (["ok"], 0), result.errors)
        self.assertEqual(self.called("fake", "virDomainGetName")[0]["arguments"], ["made"])

    def test_clean_up_comes_whatever_came_before(self):
        self.cases("""\
            set-up
                conn = virConnectOpen "test"
            clean-up
                virDomainDefineXML $conn "gone"
            case "one"
                virDomainGetName $conn
            """)
        self.both("virConnectOpen", {"answer": handle("virConnect", 1, "k")})
        self.answers("virDomainGetName", {"answer": 1}, {"answer": 2})
        self.both("virDomainDefineXML", error(1, 2, "is not looked at"))
        result = self.drive()
        self.assertEqual(result.verdicts(), ["not ok"])
        self.assertNotIn("is not looked at", result.output)
        for name in ("C", "fake"):
            self.assertEqual(self.called(name, "virDomainDefineXML")[0]["arguments"][1], "gone")

    def test_a_file_is_copied(self):
        path = self.write("from", "bytes")
        self.both("virDomainGetName", {"file": 0})
        self.passes(f"""\
            copy "{path}" "$folder/to"
            virDomainGetName "$folder/to"
                is "bytes"
            """)
        self.fails('copy "/missing" "$folder/to"\n', "cannot copy")

    def test_repeated_until_it_holds(self):
        for script in self.scripts.values():
            script["calls"]["virDomainGetName"] = {"in-turn": [
                {"answer": "early"}, error(1, 2, "not yet"), {"answer": "at last"}]}
        self.passes("""\
            virDomainGetName null
                is "at last"
                within 5
            """)
        self.assertEqual(len(self.called("fake", "virDomainGetName")), 3)

    def test_repeated_in_vain(self):
        self.both("virDomainGetName", {"answer": "early"})
        self.fails("""\
            virDomainGetName null
                has "late"
                within 1
            """, 'C must answer text with "late" in it, it answered "early"')

    def test_text_with_a_part(self):
        self.both("virDomainGetName", {"answer": "a longer text"})
        self.passes('virDomainGetName null\n    has "longer"\n')

    def test_set_up_is_played_before_each_case(self):
        self.cases("""\
            set-up
                conn = virConnectOpen "test"
            case "one"
                virDomainGetName $conn
            case "two"
                virDomainDestroy $conn
            """)
        result = self.drive()
        self.assertEqual(result.verdicts(), ["ok", "ok"], result.output)
        self.assertEqual(len(self.called("fake", "virConnectOpen")), 2)

    def test_all_is_forgotten_at_the_end(self):
        self.passes("virDomainGetName null\n")
        self.assertEqual(self.requests("fake")[-1], {"do": "forget"})
        self.assertEqual(self.requests("C")[-1], {"do": "forget"})

    def test_forget(self):
        self.both("virConnectOpen", {"answer": handle("virConnect", 4, "k")})
        self.both("virConnectListAllDomains", {"answer": [handle("virDomain", 5, "a"),
                                                          handle("virDomain", 6, "b")]})
        self.passes("""\
            conn = virConnectOpen "x"
            doms = virConnectListAllDomains $conn 0
            forget $conn $doms
            """)
        self.assertIn({"do": "forget", "handles": [4, 5, 6]}, self.requests("fake"))

    def test_file(self):
        self.both("virDomainGetName", {"file": 0})
        self.passes("""\
            file "$folder/below/node.xml" "text in $folder"
            virDomainGetName "$folder/below/node.xml"
                is "text in $folder"
            """)

    def test_the_folder_is_fresh_and_goes(self):
        self.passes("file \"$folder/x\" \"\"\n")
        self.assertEqual(os.listdir(self.temporary()), [])

    def test_surplus_and_refusal(self):
        refused = {"wrong-use": {"class": "TypeError", "message": "1 argument is needed, not 2"}}
        self.answers("virDomainGetName", {"answer": "C is not asked"}, refused)
        self.passes("""\
            virDomainGetName 1 "more"
                wrong-use "not 2"
            """)
        self.assertEqual(self.called("C", "virDomainGetName"), [])
        self.assertEqual(self.called("fake", "virDomainGetName"), [
            {"do": "call", "function": "virDomainGetName", "arguments": [1, "more"]}])

    def test_needs(self):
        result = self.play("""\
            virDomainGetName null
            needs virDomainNew
            virDomainDestroy null
            """)
        self.assertEqual(result.verdicts(), ["skip"], result.output)
        self.assertIn("# SKIP this libvirt has no virDomainNew", result.output)
        self.assertEqual(result.status, 0)
        self.assertEqual(self.called("fake", "virDomainDestroy"), [])
        self.assertEqual(len(self.called("fake", "virDomainGetName")), 1)

    def test_needs_what_is_there(self):
        self.passes("""\
            needs virDomainGetName
            virDomainGetName null
            """)

    def test_environment_and_build_in_the_command(self):
        self.language("fake", "FAKE_A=x$build FAKE_B= /usr/bin/env python3 "
                      f"{os.path.dirname(__file__)}/fake_runner.py $source/fake.json")
        self.both("virDomainGetName", {"environment": "FAKE_A"})
        self.script("C")["calls"]["virDomainGetName"] = {"answer": f"x{self.build}"}
        self.passes("virDomainGetName null\n")


class Comparing(DriverTest):
    def test_numbers_of_handles_do_not_matter(self):
        self.answers("virConnectOpen", {"answer": handle("virConnect", 1, "k")},
                     {"answer": handle("virConnect", 7, "k")})
        self.passes("""\
            virConnectOpen "x"
                is {"$handle": "virConnect", "key": "k"}
            """)

    def test_keys_and_kinds_of_handles_matter(self):
        self.answers("virConnectOpen", {"answer": handle("virConnect", 1, "k")},
                     {"answer": handle("virDomain", 1, "other")})
        self.fails("virConnectOpen \"x\"\n", "answer.$handle: C has \"virConnect\", fake has "
                   "\"virDomain\"", "answer.key: C has \"k\", fake has \"other\"")

    def test_lists_without_order(self):
        dom = {key: handle("virDomain", number, key) for number, key in enumerate("abc")}
        for c, language in ((["x", "y"], ["y", "x"]),
                            ([dom["a"], dom["b"]], [dict(dom["b"], number=9), dom["a"]]),
                            ([{"dom": dom["a"], "n": 1}, {"dom": dom["b"], "n": 2}],
                             [{"dom": dom["b"], "n": 2}, {"dom": dom["a"], "n": 1}])):
            with self.subTest(c):
                self.answers("virDomainGetInfo", {"answer": c}, {"answer": language})
                self.passes("virDomainGetInfo null\n")

    def test_other_lists_have_an_order(self):
        for c, language in (([1, 2], [2, 1]), ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}])):
            with self.subTest(c):
                self.answers("virDomainGetInfo", {"answer": c}, {"answer": language})
                self.fails("virDomainGetInfo null\n", "answer[0]", "answer[1]")

    def test_the_folder_in_text(self):
        self.both("virDomainGetName", {"echo": 0})
        self.passes("""\
            virDomainGetName ["in $folder/x and $folder", $folder]
                is ["in $folder/x and $folder", $folder]
            """)

    def test_types_matter(self):
        for c, language in ((1, True), (2, 2.0), (None, 0), ("", None), (18446744073709551615, -1),
                            ({"$bytes": "00"}, {"$text": "00"}), ("1", 1), ([], {}), (0.5, 0.25),
                            ({"$handle": "virDomain", "number": 1, "key": None}, {"state": 1})):
            with self.subTest(c=c, language=language):
                self.answers("virDomainGetInfo", {"answer": c}, {"answer": language})
                self.fails("virDomainGetInfo null\n", "answer")

    def test_records(self):
        self.answers("virDomainGetInfo", {"answer": {"a": 1, "b c": [1, {"x": 2}], "gone": 0}},
                     {"answer": {"b c": [1, {"x": 3}], "a": 1, "more": 5}})
        self.fails("virDomainGetInfo null\n", 'answer["b c"][1].x: C has 2, fake has 3',
                   "answer: fake has no gone", "answer: fake has more as well: 5")

    def test_is(self):
        self.both("virDomainGetInfo", {"answer": {"state": 5, "mem": 1, "doms": [
            {"dom": handle("virDomain", 1, "b"), "n": 1}, {"dom": handle("virDomain", 2, "a")}]}})
        for wanted in ('{"state": 5, …}', '{…}', "…", '{"mem": …, "state": 5, "doms": …}',
                       '{"doms": [{"dom": {"$handle": "virDomain", "key": "a"}, …}, '
                       '{"dom": {"$handle": "virDomain", "key": "b"}, …}], …}'):
            with self.subTest(wanted):
                self.passes(f"virDomainGetInfo null\n    is {wanted}\n")
        for wanted, message in (
                ('{"state": 6, …}', "answer.state: the case has 6, C has 5"),
                ('{"state": 5}', "C has mem as well"), ('{"x": 5, …}', "C has no x"),
                ('{"doms": [{"n": 1, …}, {"n": 1, …}], …}', "answer.doms: C has nothing like"),
                ("[]", "answer: the case has [ ], C has {")):
            with self.subTest(wanted):
                self.fails(f"virDomainGetInfo null\n    is {wanted}\n", message)

    def test_is_an_earlier_answer(self):
        self.answers("virDomainGetName", {"answer": "x1"}, {"answer": "x2"})
        self.passes("""\
            name = virDomainGetName null
                varies
            virDomainGetName null
                is $name
                varies
            """)

    def test_what_is_said_holds_for_the_language_too(self):
        self.answers("virDomainGetName", {"answer": "x1"}, {"answer": "x2"})
        self.fails("""\
            virDomainGetName null
                is "x1"
                varies
            """, "the case has \"x1\", fake has \"x2\"")

    def test_shape(self):
        long = {"a": [1, 2], "t": "x", "d": 1.0, "b": True, "n": None, "y": {"$bytes": "00"},
                "big": {"$integer": "18446744073709551616"}, "h": handle("virDomain", 1, "a")}
        other = {"a": [5, 6], "t": {"$text": "ff"}, "d": {"$double": "nan"}, "b": False, "n": None,
                 "y": {"$bytes": ""}, "big": 3, "h": handle("virDomain", 9, "z")}
        self.answers("virDomainGetInfo", {"answer": long}, {"answer": other})
        self.passes("virDomainGetInfo null\n    shape\n")
        for name, value in (("a", [1]), ("t", 5), ("h", None), ("n", "x"), ("d", 1)):
            with self.subTest(name):
                self.answers("virDomainGetInfo", {"answer": long},
                             {"answer": dict(other, **{name: value})})
                self.fails("virDomainGetInfo null\n    shape\n", f"answer.{name}")

    def test_varies(self):
        self.answers("virDomainGetName", {"answer": 1}, {"answer": ["x"]})
        self.passes("virDomainGetName null\n    varies\n")
        self.answers("virDomainGetName", {"answer": 1}, error())
        self.fails("virDomainGetName null\n    varies\n",
                   "C answered 1, fake failed: no domain (code 42, domain 10)")


class Failing(DriverTest):
    def test_fails(self):
        self.both("virDomainGetName", error(message="no domain named made"))
        for words in ("VIR_ERR_NO_DOMAIN", "42", "VIR_ERR_NO_DOMAIN VIR_FROM_QEMU",
                      'VIR_ERR_NO_DOMAIN 10 "named made"', 'VIR_ERR_NO_DOMAIN "named made"'):
            with self.subTest(words):
                self.passes(f"virDomainGetName null\n    fails {words}\n")
        for words, message in (("VIR_ERR_INVALID_ARG", "C must fail otherwise, it failed: no domain"),
                               ("VIR_ERR_NO_DOMAIN VIR_FROM_TEST", "C must fail otherwise"),
                               ('VIR_ERR_NO_DOMAIN "x y"', 'C must fail with "x y" in the')):
            with self.subTest(words):
                self.fails(f"virDomainGetName null\n    fails {words}\n", message)

    def test_it_does_not_fail(self):
        self.both("virDomainGetName", {"answer": 1})
        self.fails("virDomainGetName null\n    fails 42\n", "C must fail, it answered 1")

    def test_errors_are_compared(self):
        for field, value in (("code", 1), ("domain", 1), ("level", 1), ("message", "y"),
                             ("str1", "z"), ("int2", 5)):
            with self.subTest(field):
                wrong = error()
                wrong["error"][field] = value
                self.answers("virDomainGetName", error(), wrong)
                self.fails("virDomainGetName null\n    fails 42\n", f"error.{field}: C has")

    def test_the_function_is_compared_where_it_is_told(self):
        for told, verdict in (("virDomainGetName", self.passes), ("virOther", self.fails)):
            with self.subTest(told):
                c, language = error(), error()
                c["error"]["function"] = "virDomainGetName"
                self.answers("virDomainGetName", c, language)
                self.passes("virDomainGetName null\n    fails 42\n")
                language["error"]["function"] = told
                verdict("virDomainGetName null\n    fails 42\n")

    def test_messages_that_vary(self):
        self.answers("virDomainGetName", error(message="1"), error(message="2"))
        self.passes("virDomainGetName null\n    fails 42\n    varies\n")
        self.answers("virDomainGetName", error(message="1"), error(domain=3))
        self.fails("virDomainGetName null\n    fails 42\n    varies\n", "error.domain")

    def test_a_step_must_work_in_c(self):
        self.answers("virDomainGetName", error(), {"answer": 1})
        self.fails("virDomainGetName null\nvirDomainDestroy null\n",
                   "a.cases:2", "C failed: no domain (code 42, domain 10)")
        self.assertEqual(self.called("fake", "virDomainGetName"), [])
        # What cleans up is played all the same.
        self.assertEqual(len(self.called("C", "virDomainDestroy")), 1)

    def test_absent_in_c(self):
        self.answers("virDomainNew", {"absent": "needs libvirt 99"}, {"absent": "x"})
        self.fails("virDomainNew null\n", 'C: needs libvirt 99; say "needs virDomainNew" above')

    def test_absent_in_the_language(self):
        self.answers("virDomainGetName", {"answer": 1}, {"absent": "fake has it not"})
        self.fails("virDomainGetName null\n", "C answered 1, fake does not have it: fake has it not")

    def test_refused_without_reason(self):
        self.answers("virDomainGetName", {"answer": 1},
                     {"wrong-use": {"class": "TypeError", "message": "no"}})
        self.fails("virDomainGetName null\n", "C answered 1, fake refused: TypeError: no")

    def test_not_refused(self):
        self.answers("virDomainGetName", {"answer": 1}, {"answer": 2})
        self.fails("virDomainGetName null\n    wrong-use\n", "fake must refuse this, it answered 2")

    def test_refused_with_other_words(self):
        self.answers("virDomainGetName", {"answer": 1},
                     {"wrong-use": {"class": "TypeError", "message": "no"}})
        self.fails("virDomainGetName null\n    wrong-use \"domain\"\n",
                   'fake must say "domain", it refused: TypeError: no')

    def test_the_rest_is_compared_after_a_difference(self):
        self.answers("virDomainGetName", {"answer": 1}, {"answer": 2})
        self.answers("virDomainDestroy", {"answer": 3}, {"answer": 4})
        result = self.fails("virDomainGetName null\nvirDomainDestroy null\n", "C has 1, fake has 2",
                            "C has 3, fake has 4")
        self.assertIn("a.cases:2", result.output)
        self.assertIn("a.cases:3", result.output)

    def test_steps_that_lack_an_answer(self):
        self.answers("virConnectOpen", {"answer": handle("virConnect", 1, "k")}, error())
        self.fails("""\
            conn = virConnectOpen "x"
            virDomainGetName $conn
            """, "fake: $conn has no answer")
        self.assertEqual(self.called("fake", "virDomainGetName"), [])

    def test_answers_that_are_not_so(self):
        self.both("virDomainGetInfo", {"answer": {"a": [1]}})
        for words, message in (("$x.b", "C: $x has no b: {"), ("$x.a[1]", "C: $x has no item 1: ["),
                               ('$x.a["k"]', "C: $x has no k: ["), ("$x[0]", "C: $x has no item 0"),
                               ('"in $x"', "C: $x is no text: {")):
            with self.subTest(words):
                self.fails(f"x = virDomainGetInfo null\nvirDomainGetName {words}\n", message)
        self.fails("x = virDomainGetInfo null\nvirDomainGetInfo null\n    is $x.b\n",
                   "C: $x has no b")

    def test_files_that_cannot_be_written(self):
        self.fails('file "$folder/x" "a"\nfile "$folder/x/y" "b"\n', "C: cannot write ",
                   "Not a directory")
        self.fails('file "$folder/x" 5\n', "content is text: 5")


class Events(DriverTest):
    def events(self, *rounds, name="cb"):
        return [[{"callback": name, "arguments": call} for call in calls] for calls in rounds]

    def test_events(self):
        """Those of other names wait for their turn."""
        self.script("C")["events"] = self.events([], [[1, "b", "a"], [2, "y", "x"]])
        other = {"callback": "other", "arguments": [7]}
        self.script("fake")["events"] = [
            [], [other], self.events([[1, "b", "a"]])[0], self.events([[2, "y", "x"]])[0]]
        self.script("C")["events"][1].append(other)
        self.passes("""\
            calls = events cb 2
                is [[1, "b", "a"], [2, "y", "x"]]
            events other 1 0
                is [[7]]
            virDomainGetName $calls[1][2]
            """)
        self.assertEqual(self.called("fake", "virDomainGetName")[0]["arguments"], ["x"])
        self.assertEqual(self.called("C", "virDomainGetName")[0]["arguments"], ["x"])

    def test_arguments_have_an_order(self):
        self.script("C")["events"] = self.events([["a", "b"]])
        self.script("fake")["events"] = self.events([["b", "a"]])
        self.fails("events cb 1\n", 'answer[0][0]: C has "a", fake has "b"')

    def test_too_few(self):
        self.script("C")["events"] = self.events([[1]])
        self.fails("events cb 2 1\n", "C: 1 of 2 calls of cb came in 1 seconds")

    def test_too_few_in_the_language(self):
        self.script("C")["events"] = self.events([[1]])
        self.fails("events cb 1 1\n", "fake: 0 of 1 calls of cb came in 1 seconds")

    def test_none(self):
        self.passes("events cb 0 1\n    is []\n")
        self.script("fake")["events"] = self.events([[1]])
        self.fails("events cb 0 1\n", "C has 0 items [ ], fake has 1 [ [ 1 ] ]")

    def test_rubbish(self):
        for answer, message in (({"events": 5}, "what are no events"),
                                ({"events": [{"arguments": []}]}, "what is no event")):
            with self.subTest(message):
                self.script("fake")["requests"] = {"events": answer}
                self.script("C")["events"] = self.events([[1]])
                self.fails("events cb 1 1\n", message)
        self.script("fake")["requests"] = {"dispatch": {"x": 5}}
        self.fails("events cb 1 1\n", "does not say how many events came")


class Constants(DriverTest):
    def test_constants(self):
        self.passes("constants\n")

    def test_wrong_ones(self):
        self.script("C")["constants"] = {"VIR_A": 1, "VIR_B": 2, "VIR_C": "x"}
        self.script("fake")["constants"] = {"VIR_A": 1, "VIR_B": 3, "VIR_D": 4}
        self.fails("constants\n", "answer.VIR_B: C has 2, fake has 3", "fake has no VIR_C",
                   "fake has VIR_D as well: 4")

    def test_none(self):
        self.script("fake")["requests"] = {"constants": {"x": 1}}
        self.fails("constants\n", "what are no constants")


if __name__ == "__main__":
    unittest.main()
