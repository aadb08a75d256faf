# SPDX-License-Identifier: LGPL-2.1-or-later
"""Languages whose callables are not called as C's callbacks are."""

import unittest

from test_vectors import DOMAIN, VectorsTest, vector

FUNCTION = "virDomainSetVcpus"
TYPE = "virDomainCallback"


def event(*arguments, name="called"):
    return {"callback": name, "arguments": list(arguments)}


class CalledTest(VectorsTest):
    """The second argument of the function is a callback."""

    def setUp(self):
        super().setUp()
        self.entry = self.manifest["functions"][FUNCTION]
        self.entry["arguments"][1].update(pattern="callback", kind=TYPE)
        self.facts = self.manifest.setdefault("callbacks", {})
        self.facts[TYPE] = {"parameters": [], "result": "integer"}

    def callback(self, events, name="called", **members):
        return vector(arguments=[DOMAIN, {"$callback": name, **members}], events=events)

    def verdict(self, line, came):
        """Where the language's callable was called like this within the call."""
        self.script("fake")["events"] = [[], [], came]
        return self.played({"answer": None}, line)

    def assert_called(self, line, *came):
        self.assertEqual(self.verdict(line, list(came)), ["ok"], self.result.output)

    def assert_not_called(self, line, *came):
        self.assertEqual(self.verdict(line, list(came)), ["not ok"], self.result.output)


class LeftOut(CalledTest):
    def test_an_argument_that_is_not_given(self):
        for places, came in (([0], ["b", "c"]), ([1], ["a", "c"]), ([0, 2], ["b"]),
                             ([], ["a", "b", "c"])):
            with self.subTest(places=places):
                self.facts[TYPE]["left-out"] = places
                line = self.callback([event("a", "b", "c")])
                self.assert_called(line, event(*came))
                self.assert_not_called(line, event(*came, "more"))
                self.assert_not_called(line, event("d", *came[1:]))

    def test_given_all_the_same(self):
        self.facts[TYPE]["left-out"] = [0]
        self.assert_not_called(self.callback([event("a", "b")]), event("a", "b"))
        self.assert_said("events[0].arguments is ")

    def test_each_callable_by_its_own_type(self):
        self.facts[TYPE]["left-out"] = [0]
        self.facts["virDomainOtherCallback"] = {"parameters": []}
        self.entry["arguments"][0].update(pattern="callback", kind="virDomainOtherCallback")
        line = vector(arguments=[{"$callback": "one"}, {"$callback": "two"}],
                      events=[event(1, 2, name="one"), event(1, 2, name="two")])
        self.assert_called(line, event(1, 2, name="one"), event(2, name="two"))
        self.assert_not_called(line, event(2, name="one"), event(2, name="two"))
        self.assert_not_called(line, event(1, 2, name="one"), event(1, 2, name="two"))

    def test_a_callable_of_another_name(self):
        self.facts[TYPE]["left-out"] = [0]
        line = self.callback([event(1, 2, name="somebody")])
        self.assert_called(line, event(1, 2, name="somebody"))


class Each(CalledTest):
    ITEMS = [{"type": 1, "prompt": "a"}, {"type": 2, "prompt": "b"}]

    def setUp(self):
        super().setUp()
        self.facts[TYPE]["each"] = {"opaque": "userdata", "filled": "result"}

    def test_an_event_an_item(self):
        one, other = self.ITEMS
        line = self.callback([event([one, other], "opaque")])
        self.assert_called(line, event([one], "opaque"), event([other], "opaque"))
        self.assert_not_called(line, event([one, other], "opaque"), event([one, other], "opaque"))
        self.assert_not_called(line, event([one], "opaque"), event([one], "opaque"))
        self.assert_not_called(line, event([one], "opaque"), event([other], "another"))
        self.assert_said("events[1].arguments[1] is ")

    def test_none_for_an_empty_list(self):
        line = self.callback([event([], "opaque")])
        self.assert_called(line)
        self.assert_not_called(line, event([], "opaque"))

    def test_events_behind_it(self):
        one, other = self.ITEMS
        line = self.callback([event([one], 0), event([], 1), event([other], 2)])
        self.assert_called(line, event([one], 0), event([other], 2))

    def in_record(self, **members):
        line = vector(arguments=[DOMAIN, {"kinds": [1], "cb": {"$callback": "called", **members}}],
                      events=[event(self.ITEMS, "opaque")])
        self.entry["arguments"][1].update(pattern="record", kind="virDomainRecord")
        return line

    def test_a_callable_in_a_record(self):
        separate = [event([item], "opaque") for item in self.ITEMS]
        callable_shape = {"callback": TYPE}
        for parameter in ({"shape": {"record": {"kinds": {"list": "integer"},
                                                "cb": callable_shape}, "as": "map"}},
                          {"as": "member", "member": "cb", "shape": callable_shape}):
            with self.subTest(parameter=parameter):
                self.entry["parameters"] = [
                    {"name": "count", "from": "nvcpus", "required": True, **parameter}]
                self.assert_called(self.in_record(), *separate)
                self.assert_not_called(self.in_record(), *[event(self.ITEMS, "opaque")] * 2)

    def test_a_member_of_another_parameter(self):
        self.entry["parameters"] = [{"name": "other", "from": "domain", "as": "member",
                                     "member": "cb", "shape": {"callback": TYPE}}]
        self.assert_called(self.in_record(), event(self.ITEMS, "opaque"))

    def test_no_answer_for_all_of_the_list(self):
        for members, verdict in (({"returns": -1}, "skip"), ({}, "ok"),
                                 ({"returns": [["a", "b"]]}, "ok"), ({"returns": []}, "ok")):
            with self.subTest(members=members):
                line = self.callback([event([], "opaque")], **members)
                self.assertEqual(self.verdict(line, []), [verdict], self.result.output)
                self.assertEqual(len(self.called("fake", FUNCTION)), int(verdict == "ok"))
                (self.top / "fake.json.requests").unlink()

    def test_others_can_refuse(self):
        del self.facts[TYPE]["each"]
        self.assert_called(self.callback([event([], "opaque")], returns=-1),
                           event([], "opaque"))
        self.assertEqual(len(self.called("fake", FUNCTION)), 1)


if __name__ == "__main__":
    unittest.main()
