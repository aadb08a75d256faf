# SPDX-License-Identifier: LGPL-2.1-or-later
"""Between canonical form and a language's: each shape, and what parameters are made of."""

import copy
import json
import pathlib
import sys
import tempfile
import unittest

from support import BUILD, TOP

sys.path.append(str(TOP / "tests" / "conformance"))

from translator import Translator  # noqa: E402

RECORD = {"a": "integer", "b": "text"}
KEYED = {"records": {"name": "text", "size": "integer"}, "as": "map", "key": "name"}
MERGED = {"merged": {"into": {"map": "parameter"}, "field": "params", "with": {"type": "integer"}}}
RECEIVED = {"record": {"result": "integer", "data": "bytes"}, "as": "value"}
TAGGED = {"tagged": {"6": "actual"}, "key": "tag", "value": "val"}
FOUND = {"found": {"map": "parameter"}, "empty": {}}
TEXT, BYTES = {"$text": "66ff"}, {"$bytes": "66ff"}
EITHER = {"$either": [TEXT, BYTES]}
INFO = {"$object": "Info", "readers": {"max_mem": 1, "state": EITHER}}


def named(name, kind="", pattern="text"):
    return {"name": name, "pattern": pattern, "kind": kind}


class TranslateTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.function = {"self": "dom",
                         "arguments": [named("dom"), named("first"), named("second")],
                         "parameters": [{"name": "one", "from": "first"},
                                        {"name": "two", "from": "second", "default": 7}]}
        self.callback = {"parameters": [], "result": "null"}
        self.translator = None
        self.addCleanup(self.close)

    def close(self):
        if self.translator:
            self.translator.close()
        self.translator = None

    def translate(self):
        """Anew, by what the manifest says now."""
        self.close()
        manifest = {"functions": {"virCall": self.function},
                    "callbacks": {"virCallback": self.callback, "virOther": {"parameters": []}},
                    "constants": {"VIR_EVENT": {"enum": "virEventID", "value": 3,
                                                "callback": "virOther"}}}
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "manifest.json")
            path.write_text(json.dumps(manifest), "utf-8")
            self.translator = Translator(BUILD, path)
            self.translator.answer({"do": "hello"}, {})
        return self.translator

    def answered(self, value, shape):
        self.function["result"] = shape
        return self.translate().answer({"do": "call", "function": "virCall"},
                                       {"answer": value})["answer"]

    def request(self, *arguments, **members):
        return self.translate().request({"do": "call", "function": "virCall",
                                         "arguments": list(arguments), **members})

    def given(self, value, shape):
        """The first parameter."""
        self.function["parameters"][0]["shape"] = shape
        return self.request(None, value)["positional"][0]

    def event(self, *arguments, kind="virCallback"):
        event = {"callback": "name", "type": kind, "arguments": list(arguments)}
        (event,) = self.translate().answer({"do": "events"}, {"events": [event]})["events"]
        self.assertEqual(event.pop("callback"), "name")
        return event


class Answers(TranslateTest):
    def test_shapes(self):
        for value, shape, canonical in (
                (0, "null", None), (None, "text", None), ("x", "opaque", "x"),
                (True, "switch", 1), (True, "integer", True), (1, "boolean", 1),
                (1, "zero-or-one", True), (2, "zero-or-one", 2),
                (TEXT, "text", TEXT), (BYTES, "bytes", BYTES), ("x", "bytes", "x"),
                (EITHER, "text", TEXT), (EITHER, "bytes", BYTES),
                ({"$integer": "18446744073709551616"}, "integer",
                 {"$integer": "18446744073709551616"}), (2**64 - 1, "integer", 2**64 - 1),
                (None, {"list": "text", "empty": None}, []), (None, {"list": "text"}, None),
                ([EITHER], {"list": "bytes"}, [BYTES]),
                ({"a": [1, 2.0, "x"], "b": True}, {"map": "parameter"},
                 {"a": [1, 2.0, "x"], "b": True}),
                ([1, "x"], {"record": RECORD, "as": "list"}, {"a": 1, "b": "x"}),
                ({"a": 1}, {"record": RECORD, "as": "map"}, {"a": 1}),
                ({"x": 1, "b": "y"}, {"record": RECORD, "as": "map", "keys": {"a": "x"}},
                 {"a": 1, "b": "y"}),
                ({"a": 1}, {"record": dict(RECORD, a="null"), "as": "map"}, {}),
                (5, {"record": RECORD, "as": "list", "alone": "a"}, {"a": 5}),
                (-2, RECEIVED, {"result": -2}), ({"$bytes": "01"}, RECEIVED,
                                                 {"data": {"$bytes": "01"}}),
                (INFO, {"record": RECORD, "as": "object",
                        "attributes": {"a": "max_mem", "b": "state"}}, {"a": 1, "b": TEXT}),
                (INFO, {"reader": "max_mem", "of": "integer"}, 1),
                ([INFO], {"zipped": {"info": {"mem": "max_mem"}, "maps": "state"}},
                 {"info": [{"mem": 1}], "maps": [TEXT]}),
                ({"vda": {"size": 1}}, KEYED, [{"name": "vda", "size": 1}]),
                ({"$map": [[TEXT, {"size": 1}]]}, KEYED, [{"name": TEXT, "size": 1}]),
                ({"vda": 1}, {**KEYED, "value": "size"}, [{"name": "vda", "size": 1}]),
                ({"actual": 5}, TAGGED, [{"tag": 6, "val": 5}]),
                (2, {"scaled": "integer", "by": 1024}, 2048),
                (-2, {"scaled": "integer", "by": 1024}, -2048),
                ({"type": 1, "time": 2}, MERGED, {"type": 1, "params": {"time": 2}}),
                ({}, FOUND, None), ({"a": 1}, FOUND, {"a": 1}),
                ({}, {**FOUND, "by": "result"}, {"result": False}),
                ({"a": 1}, {"found": {"record": {"info": {"map": "parameter"}}, "as": "value"},
                            "empty": {}, "by": "result"}, {"result": True, "info": {"a": 1}}),
                ({"0": {"4": 1, "8": 2}, "1": {"4": 3}}, {"flattened": "integer"}, [1, 2, 3]),
                ({"0": True, "1": False}, {"indexed": "boolean"}, [True, False]),
                ({"4": [1, 2], "8": [3, 4]}, {"transposed": "integer"}, [1, 3, 2, 4]),
                (5, {"zeroed": "integer"}, 5),
                (-1, {"returned-failure": "integer", "value": -1}, -1)):
            with self.subTest(value=value, shape=shape):
                answered = self.answered(value, shape)
                self.assertEqual((answered, type(answered)), (canonical, type(canonical)))

    def test_what_has_another_shape_is_shown_as_it_is(self):
        for shape in ({"list": "integer"}, {"record": RECORD, "as": "list"}, KEYED, TAGGED, MERGED,
                      {"record": RECORD, "as": "map"}, {"scaled": "integer", "by": 2},
                      {"reader": "a", "of": "text"}, {"zipped": {"a": "b"}}, {"indexed": "text"},
                      {"flattened": "text"}, {"transposed": "text"},
                      {"record": RECORD, "as": "object", "attributes": {"a": "x"}}):
            with self.subTest(shape=shape):
                self.assertEqual(self.answered("x", shape), "x")
        self.assertEqual(self.answered([1], {"record": RECORD, "as": "list"}), [1])
        self.assertEqual(self.answered({"other": 5}, TAGGED), {"other": 5})
        self.assertEqual(self.answered({"a": [1], "b": []}, {"transposed": "integer"}),
                         {"a": [1], "b": []})
        self.assertEqual(self.answered(2**63, {"scaled": "integer", "by": 2}), 2**63)
        self.assertEqual(self.answered(INFO, "integer"), {"$object": "Info"})
        self.assertEqual(self.answered({"$map": [[TEXT, EITHER], [None, 5]]}, None),
                         {"66ff": TEXT, "": 5})

    def test_marks_that_are_rubbish(self):
        for value in ({"$map": 5}, {"$map": [5]}, {"$either": 5}, {"$object": 5, "readers": 5}):
            for shape in (None, "bytes", KEYED, TAGGED, {"reader": "a", "of": "text"}):
                with self.subTest(value=value, shape=shape):
                    self.answered(value, shape)

    def test_what_is_no_answer(self):
        for outcome in ({"absent": "not here"}, {"error": {"code": 1}}):
            request = {"do": "call", "function": "virCall"}
            self.assertEqual(self.translate().answer(request, outcome), outcome)


class Requests(TranslateTest):
    def test_by_position_and_by_name(self):
        self.assertEqual(self.request({"$handle": 7}, 1, 2),
                         {"do": "call", "function": "virCall", "receiver": {"$handle": 7},
                          "positional": [1, 2]})
        left_out = {"$left-out": True}
        self.assertEqual(self.request(left_out, left_out, 2),
                         {"do": "call", "function": "virCall", "positional": [],
                          "keywords": {"two": 2}})
        self.assertEqual(self.request(None, 1, surplus=[8])["positional"], [1, 7, 8])
        self.function["parameters"][0]["block"] = True
        self.assertEqual(self.request(None, "x", 2)["block"], "x")

    def test_what_cannot_be_called(self):
        with self.assertRaisesRegex(ValueError, r"virCall has 3 arguments: \[ 1, 2, 3, 4 \]"):
            self.request(1, 2, 3, 4)
        other = {"do": "call", "function": "virOther", "arguments": [1]}
        self.assertEqual(self.translate().request(other), other)

    def test_shapes(self):
        for value, shape, given in (
                (TEXT, None, TEXT), (BYTES, "opaque", BYTES), ("x", {"list": "text"}, "x"),
                ({"$handle": "virDomain", "number": 5}, "handle", {"$handle": 5}),
                ([{"$handle": 5}], {"list": "handle"}, [{"$handle": 5}]),
                ([True, False], "cpu-map", {"$cpu-map": [True, False]}), ([1], "cpu-map", [1]),
                (1, "boolean", True), (2, "boolean", 2),
                ({"a": 1}, {"record": RECORD, "as": "list"}, [1, None]),
                ({"a": 1}, {"record": RECORD, "as": "map"}, {"a": 1, "b": None}),
                ({"a": 1}, {"record": RECORD, "as": "value"}, 1),
                (2048, {"scaled": "integer", "by": 1024}, 2),
                ({"p": [1, BYTES]}, {"map": "parameter"}, {"p": [1, BYTES]}),
                ({"$bytes": "0011"}, "counted", [2, {"$bytes": "0011"}]),
                (None, "counted", [0, {"$bytes": ""}])):
            with self.subTest(value=value, shape=shape):
                got = self.given(value, shape)
                self.assertEqual((got, type(got)), (given, type(given)))

    def made(self, parameter, *arguments):
        self.function["parameters"] = [dict(parameter, name="made")]
        return self.request(None, *arguments)["positional"]

    def test_made_of_several_arguments(self):
        both = {"from": ["first", "second"], "keys": ["a", "b"]}
        for parameter, arguments, made in (
                ({"from": "first", "as": "length"}, ([7, 8, 9],), 3),
                ({"from": "first", "as": "length"}, (None,), 0),
                ({"from": "first", "as": "negative"}, (-1,), True),
                ({"from": "first", "as": "negative"}, (0,), False),
                ({"from": "first", "as": "negative"}, ("x",), "x"),
                ({"from": "first", "as": "opaque"}, ({"$bytes": "00"},), {"$bytes": "00"}),
                (dict(both, **{"as": "record"}), (5, 6), {"a": 5, "b": 6}),
                (dict(both, **{"as": "record"}), (5,), {"a": 5}),
                (dict(both, **{"as": "records"}), ([1, 2], [3, 4]),
                 [{"a": 1, "b": 3}, {"a": 2, "b": 4}]),
                (dict(both, **{"as": "records"}), ([1, 2], [3]), [[1, 2], [3]]),
                ({"from": ["first", "second"], "as": "zip"}, ([4, 5], [1, 2]),
                 {"$map": [[4, 1], [5, 2]]}),
                ({"from": ["first", "second"], "as": "zip"}, ([4], 5), [[4], 5]),
                ({"from": "first", "as": "member", "member": "x"}, ({"x": 1},), 1),
                ({"from": "first", "as": "member", "member": "x"}, (5,), 5)):
            with self.subTest(parameter=parameter, arguments=arguments):
                self.assertEqual(self.made(parameter, *arguments), [made])
        self.assertEqual(self.made({"from": "first", "as": "member", "member": "x"}, None), [])

    def test_files(self):
        self.function["result"] = {"record": {"result": "text", "files": {"list": "file"}}}
        self.assertTrue(self.request(None)["files"])


class Callbacks(TranslateTest):
    def callable(self, **members):
        self.function["arguments"][1] = named("first", "virCallback", "callback")
        return self.request(None, {"$callback": "name", **members}, 5)["positional"][0]

    def test_the_type(self):
        self.assertEqual(self.callable(raises=True), {
            "$callback": "name", "raises": True, "type": "virCallback", "otherwise": None})
        self.function["arguments"][2] = named("second", "virEventID")
        self.assertEqual(self.callable()["type"], "virCallback")
        self.function["arguments"][1] = named("first", "virCallback", "callback")
        self.assertEqual(self.request(None, {"$callback": "x"}, 3)["positional"][0]["type"],
                         "virOther")

    def test_answers(self):
        for result, returns, answers in (
                ("integer", [1, 2], [1, 2]), ("integer", 5, [5]), ("integer", [], [[]]),
                ("counted", {"$bytes": "00"}, [[1, {"$bytes": "00"}]]),
                ({"record": RECORD, "as": "list"}, {"a": 1, "b": "x"}, [[1, "x"]])):
            with self.subTest(result=result, returns=returns):
                self.callback["result"] = result
                self.assertEqual(self.callable(returns=returns)["answers"], answers)

    def test_where_nothing_is_said(self):
        for result, otherwise in (
                ("integer", 0), ("null", None), ("bytes", {"$bytes": ""}),
                ("counted", [0, {"$bytes": ""}]), ("consumed", None),
                ({"record": {"a": "integer", "b": "integer"}, "as": "list"}, [0, 0])):
            with self.subTest(result=result):
                self.callback["result"] = result
                self.assertEqual(self.callable()["otherwise"], otherwise)

    def test_records_that_are_filled_in(self):
        filled = {"record": {"type": "integer", "result": "filled"}, "as": "list"}
        self.callback["parameters"] = [{"pattern": "record", "shape": {"list": filled}},
                                       {"pattern": "opaque", "shape": "opaque"}]
        one = self.callable(returns=["user", "secret"])
        self.assertEqual((one["fills"], one["answers"]), (1, [["user", "secret"]]))
        self.assertEqual(self.callable(returns=[["user"], ["secret"]])["answers"],
                         [["user"], ["secret"]])
        self.assertEqual(self.event([[2, None]], 5), {"arguments": [[{"type": 2}], 5]})

    def test_called_for_each(self):
        self.callback["each"] = {"opaque": "userdata", "filled": "result"}
        self.assertEqual(self.callable(returns=[["user"], ["secret"]])["answers"],
                         ["user", "secret", None])
        self.assertEqual(self.event({"type": 2, "userdata": 5, "result": None}),
                         {"arguments": [[{"type": 2}], 5]})
        self.assertEqual(self.event(7), {"arguments": [7]})

    def test_events(self):
        self.callback["parameters"] = [{"pattern": "opaque", "shape": "opaque"},
                                       {"pattern": "int", "shape": "integer"},
                                       {"pattern": "int", "shape": "null"}]
        self.assertEqual(self.event("mine", 5, 6), {"arguments": [5, "mine"]})
        self.assertEqual(self.event(1, 2), {"arguments": [1, 2]})
        self.assertEqual(self.event(EITHER, kind=None), {"arguments": [TEXT]})

    def test_what_is_no_event(self):
        for event in ({"arguments": []}, {"callback": "x", "arguments": 5}, 5):
            self.assertEqual(self.translate().answer({"do": "events"}, {"events": [event]}),
                             {"events": [copy.copy(event)]})
