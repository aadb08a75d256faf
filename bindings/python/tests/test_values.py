# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values in and out: numbers, text, bytes, CPU maps and typed parameters, right and wrong."""

import enum
import unittest

import libvirt

from node import node_uri

NODE = node_uri("values")


class Index:
    """What is an integer to Python without being an int."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Values(unittest.TestCase):
    def setUp(self):
        self.connection = libvirt.open(NODE)
        self.domain = self.connection.lookupByName("test")


class TestArguments(Values):
    def test_by_position_and_by_name(self):
        for domain in (self.connection.lookupByName("test"),
                       self.connection.lookupByName(name="test")):
            self.assertEqual(domain.name(), "test")
        self.assertEqual(self.domain.XMLDesc(), self.domain.XMLDesc(flags=0))

    def test_wrong_ones(self):
        for text, call in (
                ("missing required argument 'name'", lambda: self.connection.lookupByName()),
                ("no argument named 'nome'", lambda: self.connection.lookupByName(nome="test")),
                ("by position and by name",
                 lambda: self.connection.lookupByName("test", name="test")),
                ("takes at most 1 argument,", lambda: self.connection.lookupByName("a", "b"))):
            with self.subTest(text), self.assertRaisesRegex(TypeError, text):
                call()

    def test_none_where_nothing_is_taken(self):
        with self.assertRaises(TypeError):
            self.domain.name(1)


class TestNumbers(Values):
    def test_whatever_has_an_index(self):
        class Flags(enum.IntFlag):
            NONE = 0

        for flags in 0, False, Index(0), Flags.NONE:
            with self.subTest(flags=flags):
                self.assertIn("<name>test</name>", self.domain.XMLDesc(flags))

    def test_other_types(self):
        for flags in 0.0, "0", None, b"0", [0]:
            with self.subTest(flags=flags), self.assertRaisesRegex(TypeError, "flags must be an"):
                self.domain.XMLDesc(flags)

    def test_an_index_that_fails(self):
        class Failing:
            def __index__(self):
                raise KeyError("mine")

        with self.assertRaisesRegex(KeyError, "mine"):
            self.domain.XMLDesc(Failing())

    def test_nothing_is_cut(self):
        for flags in -1, 1 << 32, 1 << 64, -1 << 70:
            with self.subTest(flags=flags), self.assertRaisesRegex(
                    OverflowError, f"flags must be from 0 to 4294967295, not {flags}"):
                self.domain.XMLDesc(flags)
        for memory in -1, 1 << 64:
            with self.subTest(memory=memory), self.assertRaises(OverflowError):
                self.domain.setMemory(memory)
        for number in 1 << 31, -1 << 31 << 1:
            with self.subTest(number=number), self.assertRaises(OverflowError):
                self.connection.getFreePages([4], number, 1)

    def test_an_inactive_id(self):
        self.assertGreaterEqual(self.domain.ID(), 1)
        self.domain.destroy()
        self.assertEqual(self.domain.ID(), -1)

    def test_answers(self):
        self.assertEqual(self.domain.setMemory(1 << 20), 0)
        self.assertEqual(type(self.domain.isActive()), int)
        self.assertEqual(self.domain.maxMemory(), 8388608)


class TestText(Values):
    def test_other_types(self):
        for name in 5, b"test", None, ["test"]:
            with self.subTest(name=name), self.assertRaisesRegex(TypeError, "name must be str"):
                self.connection.lookupByName(name)

    def test_a_null_character(self):
        with self.assertRaisesRegex(ValueError, "null character"):
            self.connection.lookupByName("test\0er")

    def test_unicode_both_ways(self):
        xml = self.domain.XMLDesc().replace("<name>test<", "<name>täßt-日本-😀<")
        xml = xml.replace(self.domain.UUIDString(), "6695eb01-f6a4-8304-79aa-97f2502e1940")
        domain = self.connection.defineXML(xml)
        self.assertEqual(domain.name(), "täßt-日本-😀")
        self.assertEqual(self.connection.lookupByName("täßt-日本-😀").UUID(), domain.UUID())

    def test_bytes_that_are_not_text(self):
        name = b"\xff\xfe".decode("utf-8", "surrogateescape")
        with self.assertRaises(libvirt.libvirtError):
            self.connection.lookupByName(name)
        with self.assertRaises(UnicodeEncodeError):
            self.connection.lookupByName("\ud800")


class TestBytes(Values):
    def test_uuid(self):
        uuid = self.domain.UUID()
        self.assertIs(type(uuid), bytes)
        self.assertEqual(len(uuid), 16)
        for value in uuid, bytearray(uuid), memoryview(uuid):
            self.assertEqual(self.connection.lookupByUUID(value).name(), "test")
        # No ValueError: virt-install looks up the text of a UUID, to see whether it is free.
        for value in uuid[:15], uuid + b"0", b"", self.domain.UUIDString():
            with self.subTest(value=value), self.assertRaisesRegex(
                    libvirt.libvirtError, f"16 bytes, not {len(value)}") as caught:
                self.connection.lookupByUUID(value)
            self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_INVALID_ARG)
        for value in None, 5, [1] * 16:
            with self.subTest(value=value), self.assertRaisesRegex(TypeError, "must be bytes"):
                self.connection.lookupByUUID(value)


class TestCpuMaps(Values):
    def test_in(self):
        cpus = self.connection.getCPUMap()[0]
        for cpumap in ((True,) * cpus, [1] * cpus, (True,), (1,) * (cpus + 9), [0, "yes"]):
            with self.subTest(cpumap=cpumap):
                self.assertEqual(self.domain.pinVcpu(0, cpumap), 0)

    def test_wrong(self):
        for cpumap in 5, None, "101", {0: True}:
            with self.subTest(cpumap=cpumap), self.assertRaisesRegex(TypeError, "list or tuple"):
                self.domain.pinVcpu(0, cpumap)

    def test_a_truth_value_that_fails(self):
        class Undecided:
            def __bool__(self):
                raise KeyError("mine")

        with self.assertRaisesRegex(KeyError, "mine"):
            self.domain.pinVcpu(0, (Undecided(),))

    def test_out(self):
        count, cpumap, online = self.connection.getCPUMap()
        self.assertEqual(len(cpumap), count)
        self.assertEqual(sum(cpumap), online)
        self.assertEqual({type(cpu) for cpu in cpumap}, {bool})


class TestTypedParameters(Values):
    def test_known_and_unknown_keys(self):
        # The node answers for what reaches it: which type a key was given.
        for params, text in (({"weight": "heavy"}, "'?weight'?"), ({"nonsense": 1}, "nonsense")):
            with self.subTest(params=params), self.assertRaisesRegex(Exception, text):
                self.domain.setSchedulerParameters(params)

    def test_wrong(self):
        for params, error in (([], TypeError), (None, TypeError), ("weight", TypeError),
                              ({5: 1}, TypeError), ({"weight": None}, TypeError),
                              ({"nonsense": None}, TypeError), ({"nonsense": b"x"}, TypeError),
                              ({"weight\0z": 1}, ValueError), ({"w" * 80: 1}, ValueError),
                              ({"nonsense": 1 << 64}, OverflowError),
                              ({"nonsense": -1 << 64}, OverflowError),
                              ({"nonsense": "a\0b"}, ValueError),
                              ({"nonsense": [None]}, TypeError)):
            with self.subTest(params=params), self.assertRaises(error):
                self.domain.setSchedulerParameters(params)

    def test_a_dict_that_shrinks(self):
        params = {}

        class Shrinking:
            def __index__(self):
                params.clear()
                return 1

        params.update(nonsense=Shrinking(), more=2, evenmore=3)
        with self.assertRaises(Exception):
            self.domain.setSchedulerParameters(params)
        self.assertEqual(params, {})

    def test_out(self):
        (domain, stats), = self.connection.getAllDomainStats()
        self.assertEqual(domain.UUID(), self.domain.UUID())
        self.assertEqual(stats["state.state"], libvirt.VIR_DOMAIN_RUNNING)


if __name__ == "__main__":
    unittest.main()
