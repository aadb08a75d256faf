#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of the runner of C, on libvirt's test driver and on a private daemon (test_daemon.py):
test_reference.py --reference PROGRAM [--bindgen PROGRAM] [--summary FILE] [NAME...]

Where all tests run, a pattern of the plan that no call of theirs showed is a failure too."""

import argparse
import os
import subprocess
import sys
import tempfile
import unittest

from support import OPTIONS, TOP, WORKED, Ended, ReferenceTest, Runner, data, handle
import test_daemon

NODE = """
<node>
  <cpu><mhz>2100</mhz><model>i986</model><active>2</active><nodes>2</nodes><sockets>1</sockets>
    <cores>2</cores><threads>1</threads></cpu>
  <memory>4194304</memory>
  <domain type='test'>
    <name>guest</name>
    <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
    <memory>8388608</memory>
    <vcpu>2</vcpu>
    <iothreads>2</iothreads>
    <os><type arch='i686'>hvm</type></os>
    <devices>
      <disk type='file' device='disk'><source file='/guest/disk.img'/>
        <target dev='vda' bus='virtio'/></disk>
      <interface type='network'><mac address='aa:bb:cc:dd:ee:01'/><source network='net'/>
        <target dev='eth0'/></interface>
      <memballoon model='virtio'/>
    </devices>
  </domain>
  <network>
    <name>net</name>
    <bridge name='virbr0'/>
    <ip address='192.168.122.1' netmask='255.255.255.0'>
      <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip>
  </network>
  <pool type='dir'><name>pool</name><target><path>/pool</path></target></pool>
  <device><name>computer</name><capability type='system'><hardware><vendor>Libvirt</vendor>
    <uuid>11111111-2222-3333-4444-555555555555</uuid></hardware></capability></device>
</node>
"""
DOMAIN = ("<domain type='test'><name>{}</name><memory>8192</memory><vcpu>2</vcpu>"
          "<os><type>hvm</type></os><devices><disk type='file'><source file='/guest/other.img'/>"
          "<target dev='vda' bus='virtio'/></disk></devices></domain>")


class Driver(ReferenceTest):
    """On a test driver that is the test's own."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        node = os.path.join(folder.name, "node.xml")
        with open(node, "w", encoding="utf-8") as file:
            file.write(NODE)
        self.uri = "test://" + node
        self.answer("virEventRegisterDefaultImpl")
        self.conn = self.of_handles("virConnectOpen", self.uri)

    @property
    def guest(self):
        return self.of_handles("virDomainLookupByName", self.conn, "guest")


class Requests(Driver):
    def test_hello(self):
        hello = self.runner.ask("hello")
        self.assertEqual(set(hello), {"language", "runtime", "libvirt"})
        self.assertEqual(hello["language"], "c")
        self.assertGreaterEqual(hello["libvirt"], 7000000)

    def test_functions(self):
        names = self.runner.ask("functions")["functions"]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("virDomainGetInfo", names)
        self.assertIn("virStreamSparseSendAll", names)
        self.assertIn("virAdmConnectOpen", names)
        self.assertNotIn("virDomainFree", names)
        # All of the installed headers' release that the plan has, and none that is newer.
        rows = [row.split("\t") for row in dump().splitlines()[1:]]
        versions = self.versions()
        wanted = {row[1] for row in rows if row[2] == "0" and row[12] in ("planned", "override")
                  and versions[row[1]] <= self.headers()}
        self.assertEqual(set(names), wanted)

    @staticmethod
    def headers():
        text = subprocess.run(["pkg-config", "--modversion", "libvirt"], text=True, check=True,
                              stdout=subprocess.PIPE).stdout
        return tuple(map(int, text.split(".")))

    @staticmethod
    def versions():
        """The release of each function, as the plan's text has it."""
        lines = subprocess.run([OPTIONS.bindgen, "dump", "--facts", TOP / "api-xml", "--installed",
                                "none"], text=True, check=True, stdout=subprocess.PIPE).stdout
        return {line.split("(")[0]: tuple(map(int, line.rsplit(" since ", 1)[1].split(".")))
                for line in lines.splitlines() if " since " in line}

    def test_constants(self):
        constants = self.runner.ask("constants")["constants"]
        self.assertEqual(constants["VIR_DOMAIN_RUNNING"], 1)
        self.assertEqual(constants["VIR_DOMAIN_BLKIO_WEIGHT"], "weight")
        self.assertEqual(constants["VIR_TYPED_PARAM_FIELD_LENGTH"], 80)
        self.assertEqual(constants["VIR_CLIENT_TRANS_TCP"], 1)
        self.assertGreater(len(constants), 1200)
        self.assertEqual([name for name in constants if name.endswith("_LAST")
                          and isinstance(constants[name], str)], [])

    def test_absent(self):
        for name, part in (("virDomainFree", "virDomainFree"), ("virNothing", "virNothing")):
            outcome = self.runner.outcome(name, 1)
            self.assertEqual(list(outcome), ["absent"])
            self.assertIn(part, outcome["absent"])
        if self.headers() < (12, 5, 0):
            outcome = self.runner.outcome("virDomainAnnounceInterface")
            self.assertIn("12.5.0", outcome["absent"])

    def test_forget(self):
        guest = self.guest
        self.assertEqual(self.answer("virDomainGetName", guest), "guest")
        self.assertEqual(self.runner.ask("forget", handles=[guest["$handle"], 12345]), {})
        self.wrong("virDomainGetName", guest, part="domain")
        self.answer("virConnectGetType", self.conn)
        self.assertEqual(self.runner.ask("forget"), {})
        self.wrong("virConnectGetType", self.conn, part="conn")
        # Numbers are not given again.
        again = self.answer("virConnectOpen", self.uri)
        self.assertGreater(again["number"], guest["$handle"])

    def test_dispatch_without_events(self):
        self.assertEqual(self.runner.ask("dispatch", events=1, seconds=0.2), {"events": 0})
        self.assertEqual(self.events(), [])

    def test_dispatch_after_a_forget(self):
        self.runner.ask("forget")
        self.assertEqual(self.runner.ask("dispatch", events=1, seconds=0.05), {"events": 0})


class BadRequests(unittest.TestCase):
    def end_with(self, line, part):
        runner = Runner()
        with self.assertRaises(Ended) as caught:
            runner.ask_line(line)
        status, _said = runner.close()
        self.assertIn(part, str(caught.exception))
        self.assertEqual(status, 2)

    def test_lines(self):
        self.end_with("", "not JSON")
        self.end_with("{", "not JSON")
        self.end_with("{} {}", "not JSON")
        self.end_with("[1]", "no object")
        self.end_with("null", "no object")
        self.end_with("{}", "no such request")
        self.end_with('{"do": "dance"}', "no such request")
        self.end_with('{"do": "call"}', "lacks its function")
        self.end_with('{"do": "call", "function": "virGetVersion", "arguments": 1}', "no list")
        self.end_with('{"do": "forget", "handles": 1}', "no list")
        self.end_with('{"do": "dispatch", "events": 1, "seconds": 1}', "no event loop")

    def test_answers_need_their_descriptor(self):
        process = subprocess.run(["sh", "-c", 'exec "$0" 3>&-', OPTIONS.reference], check=False,
                                 input="", text=True, stderr=subprocess.PIPE)
        self.assertEqual(process.returncode, 2)
        self.assertIn("file descriptor 3", process.stderr)


class WrongUse(Driver):
    def test_handles(self):
        name = "virDomainGetName"
        self.wrong(name, part="domain is missing")
        self.wrong(name, None, part="domain must not be null")
        self.wrong(name, 1, part="domain")
        self.wrong(name, {"$handle": "x"}, part="domain")
        self.wrong(name, {"$handle": 99}, part="domain")
        self.wrong(name, self.conn, part="virDomain, not a virConnect")
        self.wrong(name, {"$left-out": True}, part="domain is missing")
        self.wrong("virDomainListGetStats", self.guest, 0, 0, part="doms")
        self.wrong("virDomainListGetStats", [self.conn], 0, 0, part="doms")

    def test_too_many(self):
        self.wrong("virDomainGetName", self.guest, 1, part="1 arguments")
        self.wrong("virDomainGetName", self.guest, surplus=[1], part="1 arguments")
        self.wrong("virGetLastErrorCode", 1, part="0 arguments")
        self.assertEqual(self.runner.outcome("virDomainGetName", self.guest, surplus=[]),
                         {"answer": "guest"})

    def test_numbers(self):
        guest = self.guest
        name = "virDomainSetVcpusFlags"
        for value in (-1, 4294967296, 18446744073709551615, "1", None, 1.5, True,
                      {"$integer": "18446744073709551616"}):
            self.wrong(name, guest, value, 0, part="nvcpus")
        self.wrong(name, guest, 1, -1, part="flags")
        for value in (2147483648, -2147483649, "x"):
            self.wrong("virDomainLookupByID", self.conn, value, part="id")
        for value in (-1, {"$integer": "18446744073709551616"}):
            self.wrong("virDomainBlockResize", guest, "vda", value, 0, part="size")
        for value in (2, -1, "yes"):
            self.wrong("virDomainSetAutostart", guest, value, part="autostart")
        self.wrong("virDomainSetTime", guest, 9223372036854775808, 0, 0, part="seconds")

    def test_text(self):
        name = "virDomainLookupByName"
        self.wrong(name, self.conn, 1, part="name")
        self.wrong(name, self.conn, None, part="name must not be null")
        self.wrong(name, self.conn, "a\0b", part="null character")
        self.wrong(name, self.conn, {"$text": "6100"}, part="null character")
        self.wrong(name, self.conn, {"$text": "6"}, part="name")
        self.wrong(name, self.conn, {"$bytes": "61"}, part="name")
        self.wrong("virConnectBaselineCPU", self.conn, ["<cpu/>", 1], 0, part="xmlCPUs")
        self.wrong("virConnectBaselineCPU", self.conn, "<cpu/>", 0, part="xmlCPUs")
        error = self.error(name, self.conn, {"$text": "66ff"})
        self.assertEqual(error["code"], 42)

    def test_bytes_and_lists(self):
        guest = self.guest
        self.wrong("virDomainLookupByUUID", self.conn, data(bytes(15)), part="uuid must be 16")
        self.wrong("virDomainLookupByUUID", self.conn, "x" * 16, part="uuid")
        self.wrong("virDomainPinVcpu", guest, 0, [True, 2], part="cpumap")
        self.wrong("virDomainPinVcpu", guest, 0, {}, part="cpumap")
        self.wrong("virDomainSendKey", guest, 0, 0, [1, -1], 0, part="keycodes")
        self.wrong("virDomainSendKey", guest, 0, 0, 1, 0, part="keycodes")
        self.wrong("virNodeAllocPages", self.conn, [2048], [1, 2], 0, 1, 0, part="pageCounts")
        self.wrong("virDomainCreateWithFiles", guest, [1], 0, part="files")

    def test_params(self):
        guest = self.guest
        name = "virDomainSetBlkioParameters"
        self.wrong(name, guest, [], 0, part="params")
        self.wrong(name, guest, {"weight": "x"}, 0, part="weight")
        self.wrong(name, guest, {"weight": -1}, 0, part="weight")
        self.wrong(name, guest, {"device_weight": 1}, 0, part="device_weight")
        self.wrong(name, guest, {"x" * 80: 1}, 0, part="longer")
        self.wrong(name, guest, {"unknown": None}, 0, part="unknown")
        self.wrong("virDomainSetPerfEvents", guest, {"cmt": 5}, 0, part="cmt")

    def test_records_and_callbacks(self):
        name = "virDomainLxcEnterSecurityLabel"
        label = {"label": "l", "enforcing": 1}
        self.wrong(name, {"model": "none"}, label, 0, part="doi")
        self.wrong(name, {"model": "x" * 300, "doi": "0"}, label, 0, part="longer")
        self.wrong(name, 1, label, 0, part="model")
        self.wrong(name, {"model": "m", "doi": "0"}, {"label": "l", "enforcing": "1"}, 0,
                   part="enforcing")
        name = "virConnectDomainEventRegisterAny"
        self.wrong(name, self.conn, None, 0, 1, None, part="cb")
        self.wrong(name, self.conn, None, 0, None, None, part="cb must not be null")
        self.wrong("virConnectOpenAuth", self.uri, {"credtype": 1}, 0, part="auth")
        self.wrong("virConnectOpenAuth", self.uri, {"credtype": []}, 0, part="callback")


class Everything(ReferenceTest):
    """Each function that the test driver has handles for: no outcome but an answer or an error."""

    PLAIN = {
        "int": 0, "uint": 0, "long": 0, "ulong": 0, "llong": 0, "ullong": 0, "size": 16,
        "double": 0.0, "bool": True, "enum": 0, "flags": 0, "string": "x", "nullable-string": "x",
        "strings": ["x"], "uuid": data(bytes(16)), "bytes": data(b"x"), "cpu-map": [True],
        "secret": data(b"x"), "numbers": [1], "file-descriptors": [], "params": {},
        "callback": {"$callback": "name"}, "opaque": "opaque",
    }
    # Connections to elsewhere, and what blocks.
    LEFT_OUT = ("virAdm", "virEvent", "virConnectOpen", "virDefaultErrorFunc", "virConnectClose")

    def world(self):
        """A handle of each kind."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        node = os.path.join(folder.name, "node.xml")
        with open(node, "w", encoding="utf-8") as file:
            file.write(NODE)
        self.runner = Runner(folder.name)
        self.addCleanup(self.end)
        conn = self.of_handles("virConnectOpen", "test://" + node)
        guest = self.of_handles("virDomainLookupByName", conn, "guest")
        other = self.of_handles("virDomainCreateXML", conn, DOMAIN.format("other"), 0)
        pool = self.of_handles("virStoragePoolLookupByName", conn, "pool")
        return {
            "virConnect": conn, "virDomain": guest, "virStoragePool": pool,
            "virNetwork": self.of_handles("virNetworkLookupByName", conn, "net"),
            "virNodeDevice": self.of_handles("virNodeDeviceLookupByName", conn, "computer"),
            "virStream": self.of_handles("virStreamNew", conn, 0),
            "virStorageVol": self.of_handles(
                "virStorageVolCreateXML", pool,
                "<volume><name>volume</name><capacity>1048576</capacity></volume>", 0),
            "virDomainSnapshot": self.of_handles(
                "virDomainSnapshotCreateXML", guest,
                "<domainsnapshot><name>first</name></domainsnapshot>", 0),
            "virDomainCheckpoint": self.of_handles(
                "virDomainCheckpointCreateXML", other,
                "<domaincheckpoint><name>first</name></domaincheckpoint>", 0),
        }

    def setUp(self):
        self.handles = self.world()
        self.names = set(self.runner.ask("functions")["functions"])

    def plans(self):
        """Functions and the arguments that a caller gives, as the table has them."""
        found = {}
        for row in dump().splitlines()[1:]:
            _library, name, position, _argument, kind, direction, pattern, *_more = row.split("\t")
            arguments = found.setdefault(name, [])
            if position != "0" and direction == "in" and pattern not in ("length", "fixed",
                                                                         "free-callback"):
                arguments.append((pattern, kind))
        return {name: arguments for name, arguments in found.items() if name in self.names}

    def value(self, pattern, kind):
        name = kind.replace("const ", "").replace(" *", "").removesuffix("Ptr")
        if pattern in ("handle", "nullable-handle"):
            return self.handles[name]
        if pattern == "handle-list":
            return [self.handles[name]]
        return self.PLAIN[pattern]

    def test_defined_arguments(self):
        called = 0
        for name, arguments in self.plans().items():
            if name.startswith(self.LEFT_OUT):
                continue
            try:
                values = [self.value(pattern, kind) for pattern, kind in arguments]
            except KeyError:
                continue
            with self.subTest(name):
                outcome = self.runner.outcome(name, *values)
                self.assertIn(list(outcome), (["answer"], ["error"]), outcome)
                called += 1
        self.assertGreater(called, 330)

    def test_too_many_and_too_few(self):
        for name, arguments in self.plans().items():
            if name.startswith("virAdm"):
                continue
            with self.subTest(name):
                self.wrong(name, surplus=[1], part=name)
                if arguments and arguments[0][0] == "handle":
                    self.wrong(name, part="is missing")
                    self.wrong(name, "text", part=name)


class Values(Driver):
    def test_handles(self):
        guest = self.answer("virDomainLookupByName", self.conn, "guest")
        self.assertEqual(guest, {"$handle": "virDomain", "number": 2, "key": "guest"})
        self.assertEqual(self.answer("virDomainGetConnect", handle(guest)),
                         {"$handle": "virConnect", "number": 1, "key": None})
        self.assertEqual(self.answer("virConnectListAllDomains", self.conn, 0),
                         [{"$handle": "virDomain", "number": 3, "key": "guest"}])
        self.assertEqual(self.error("virNodeDeviceGetParent", self.of_handles(
            "virNodeDeviceLookupByName", self.conn, "computer"))["code"], 1)
        stats = self.answer("virDomainListGetStats", [handle(guest)], 1, 0)
        self.assertEqual(stats[0]["dom"]["key"], "guest")
        self.assertEqual(stats[0]["params"], {"state.state": 1, "state.reason": 0})
        self.assertEqual(len(self.answer("virConnectGetAllDomainStats", self.conn, 0, 0)), 1)
        stream = self.answer("virStreamNew", self.conn, 0)
        self.assertIsNone(stream["key"])
        snapshot = self.answer("virDomainSnapshotCreateXML", handle(guest),
                               "<domainsnapshot><name>first</name></domainsnapshot>", 0)
        self.assertEqual(snapshot["key"], "first")
        again = self.answer("virDomainSnapshotGetDomain", handle(snapshot))
        self.assertEqual(again["number"], guest["number"])

    def test_text(self):
        guest = self.guest
        self.assertEqual(self.answer("virConnectGetType", self.conn), "TEST")
        self.assertEqual(self.answer("virConnectGetURI", self.conn), self.uri)
        self.assertEqual(self.answer("virDomainGetUUIDString", guest),
                         "6695eb01-f6a4-8304-79aa-97f2502e193f")
        self.assertEqual(self.answer("virDomainGetUUID", guest),
                         {"$bytes": "6695eb01f6a4830479aa97f2502e193f"})
        named = self.answer("virDomainLookupByUUID", self.conn,
                            {"$bytes": "6695eb01f6a4830479aa97f2502e193f"})
        self.assertEqual(named["key"], "guest")
        self.assertEqual(self.answer("virNodeListDevices", self.conn, None, 0), ["computer"])
        self.assertEqual(self.answer("virConnectListDefinedDomains", self.conn), [])
        models = self.answer("virConnectGetCPUModelNames", self.conn, "x86_64", 0)
        self.assertIn("qemu64", models)
        baseline = self.answer("virConnectBaselineCPU", self.conn,
                               ["<cpu><arch>x86_64</arch><model>qemu64</model></cpu>"], 0)
        self.assertIn("qemu64", baseline)
        self.answer("virDomainSetMetadata", guest, 1, "grüße", None, None, 0)
        self.assertEqual(self.answer("virDomainGetMetadata", guest, 1), "grüße")
        self.assertEqual(self.answer("virDomainGetSchedulerType", guest),
                         {"result": "fair", "nparams": 1})

    def test_text_that_is_not_utf8(self):
        error = self.error("virConnectOpen", {"$text": b"test:///\xff\xc3\xa9".hex()})
        self.assertIn(b"/\xff\xc3\xa9", bytes.fromhex(error["message"]["$text"]))

    def test_numbers(self):
        guest = self.guest
        self.assertEqual(self.answer("virConnectNumOfDomains", self.conn), 1)
        self.assertEqual(self.answer("virDomainGetID", guest), 1)
        self.assertEqual(self.answer("virConnectListDomains", self.conn), [1])
        self.assertIs(self.answer("virDomainIsActive", guest), True)
        self.assertIs(self.answer("virDomainIsUpdated", guest), False)
        self.assertEqual(self.answer("virDomainGetMaxMemory", guest), 8388608)
        self.assertEqual(self.answer("virDomainGetState", guest, 0), {"state": 1, "reason": 0})
        self.assertEqual(self.answer("virDomainGetState", guest), {"state": 1, "reason": 0})
        self.assertEqual(self.answer("virDomainGetAutostart", guest), 0)
        self.assertIsNone(self.answer("virDomainSetAutostart", guest, True))
        self.assertEqual(self.answer("virDomainGetAutostart", guest), 1)
        self.answer("virDomainSetAutostart", guest, 0)
        self.answer("virDomainSendKey", guest, 0, 0, [1, 2], 0)
        self.answer("virDomainSetMemory", guest, 1000)
        self.answer("virDomainSetTime", guest, 10, 0, 0)
        self.answer("virDomainSendProcessSignal", guest, 1, 1, 0)
        self.answer("virDomainFSTrim", guest, None, 18446744073709551615, 0)
        self.assertEqual(self.answer("virNodeGetFreePages", self.conn, [2048, 4], 0, 2, 0)
                         ["counts"].__len__(), 4)
        self.assertEqual(self.error("virNodeGetCellsFreeMemory", self.conn, 0, 1)["code"], 8)
        self.assertEqual(self.error("virNodeGetCellsFreeMemory", self.conn, 0, -1)["code"], 8)

    def test_records(self):
        guest = self.guest
        info = self.answer("virDomainGetInfo", guest)
        self.assertEqual(set(info), {"state", "maxMem", "memory", "nrVirtCpu", "cpuTime"})
        self.assertEqual((info["state"], info["nrVirtCpu"]), (1, 2))
        self.assertEqual(self.answer("virNodeGetInfo", self.conn)["model"], "i986")
        self.assertEqual(self.answer("virNodeGetSecurityModel", self.conn),
                         {"model": "testSecurity", "doi": ""})
        self.assertEqual(set(self.answer("virDomainBlockStats", guest, "vda")),
                         {"rd_req", "rd_bytes", "wr_req", "wr_bytes", "errs"})
        self.assertEqual(self.answer("virDomainGetDiskErrors", guest, 0),
                         [{"disk": "vda", "error": 1}])
        self.assertEqual(self.answer("virDomainGetFSInfo", guest, 0)[0],
                         {"mountpoint": "/", "name": "vda1", "fstype": "ext4",
                          "devAlias": ["vda"]})
        addresses = self.answer("virDomainInterfaceAddresses", guest, 0, 0)
        self.assertEqual(addresses[0]["addrs"],
                         [{"type": 0, "addr": "192.168.122.3", "prefix": 24}])
        self.assertIn({"tag": 6, "val": 2097152 * 4},
                      [one | {"val": 2097152 * 4} for one in
                       self.answer("virDomainMemoryStats", guest, 0)])
        self.assertEqual({one["field"] for one in
                          self.answer("virNodeGetCPUStats", self.conn, 0, 0)},
                         {"idle", "iowait", "kernel", "user"})

    def test_cpu_maps(self):
        guest = self.guest
        self.assertIsNone(self.answer("virDomainPinVcpu", guest, 0, [True, False, True]))
        maps = self.answer("virDomainGetVcpuPinInfo", guest, 0)
        self.assertEqual(maps[0], [True, False, True] + [False] * 5)
        self.assertEqual(len(maps), 2)
        vcpus = self.answer("virDomainGetVcpus", guest)
        self.assertEqual(len(vcpus["info"]), 2)
        self.assertEqual(set(vcpus["info"][0]), {"number", "state", "cpuTime", "cpu"})
        self.assertEqual(vcpus["cpumaps"], maps)
        pin = self.answer("virDomainGetEmulatorPinInfo", guest, 0)
        self.assertIs(pin["result"], True)
        self.assertEqual(len(pin["cpumap"]), 8)
        node = self.answer("virNodeGetCPUMap", self.conn, 0)
        self.assertEqual(node, {"cpumap": [True, False, True] + [False, True] + [False] * 3,
                                "online": 3})
        threads = self.answer("virDomainGetIOThreadInfo", guest, 0)
        self.assertEqual([one["iothread_id"] for one in threads], [1, 2])
        self.assertEqual(threads[0]["cpumap"][0], True)

    def test_params(self):
        guest = self.guest
        self.assertIsNone(self.answer("virDomainSetBlkioParameters", guest, {"weight": 100}, 0))
        self.assertEqual(self.answer("virDomainGetBlkioParameters", guest, 0)["weight"], 100)
        self.assertEqual(self.answer("virDomainGetSchedulerParameters", guest), {"weight": 50})
        self.assertIs(self.answer("virDomainGetPerfEvents", guest, 0)["cmt"], False)
        self.answer("virDomainSetPerfEvents", guest, {"cmt": True}, 0)
        self.answer("virDomainSetSchedulerParameters", guest, {})
        error = self.error("virDomainSetBlkioParameters", guest, {"unknown": -5}, 0)
        self.assertIn("unknown", error["message"])
        stats = self.answer("virDomainGetCPUStats", guest, -1, 1, 0)
        self.assertEqual(set(stats[0]), {"cpu_time", "system_time", "user_time"})
        stats = self.answer("virDomainGetCPUStats", guest, 0, 2, 0)
        self.assertEqual([set(one) for one in stats], [{"cpu_time", "vcpu_time"}] * 2)

    def test_files(self):
        """The test driver has nothing to do with them."""
        made = self.answer("virDomainCreateXMLWithFiles", self.conn, DOMAIN.format("made"), [], 0)
        self.assertEqual(made["key"], "made")

    def test_defaults(self):
        guest = self.guest
        self.assertIn("<domain", self.answer("virDomainGetXMLDesc", guest))
        self.assertIn("<domain", self.answer("virDomainGetXMLDesc", guest, {"$left-out": True}))
        self.assertEqual(self.answer("virConnectListAllDomains", self.conn)[0]["key"], "guest")

    def test_errors(self):
        error = self.error("virDomainLookupByName", self.conn, "missing")
        self.assertEqual(error, {
            "code": 42, "domain": 12, "level": 2, "message": "Domain not found",
            "str1": "Domain not found", "str2": None, "str3": None, "int1": -1, "int2": -1,
            "function": "virDomainLookupByName"})
        last = self.answer("virGetLastError")
        self.assertEqual(last, {name: error[name] for name in error if name != "function"})
        self.assertEqual(self.answer("virGetLastErrorCode"), 42)
        self.assertEqual(self.answer("virGetLastErrorMessage"), "Domain not found")
        self.assertIsNone(self.answer("virResetLastError"))
        self.assertIsNone(self.answer("virGetLastError"))
        self.assertIn(self.error("virConnectListAllSecrets", self.conn, 0)["code"], (3,))

    def test_closing(self):
        guest = self.guest
        self.assertEqual(self.answer("virConnectClose", self.conn), 1)
        self.wrong("virConnectGetType", self.conn, part="ended")
        self.assertEqual(self.answer("virDomainGetName", guest), "guest")


class Callbacks(Driver):
    def wait(self, count):
        self.assertEqual(self.runner.ask("dispatch", events=count, seconds=5)["events"], count)
        return self.events()

    def test_lifecycle(self):
        guest = self.guest
        number = self.answer("virConnectDomainEventRegisterAny", self.conn, None, 0,
                             {"$callback": "life"}, {"any": [1, None]})
        self.answer("virDomainSuspend", guest)
        event, = self.wait(1)
        self.assertEqual(event["callback"], "life")
        conn, domain, *rest = event["arguments"]
        self.assertEqual((conn["number"], domain["key"]), (self.conn["$handle"], "guest"))
        self.assertEqual(rest, [3, 0, {"any": [1, None]}])
        self.assertEqual(self.events(), [])
        self.answer("virConnectDomainEventDeregisterAny", self.conn, number)
        self.answer("virDomainResume", guest)
        self.assertEqual(self.runner.ask("dispatch", events=1, seconds=0.2), {"events": 0})

    def test_kinds_of_events(self):
        guest = self.guest
        self.answer("virConnectDomainEventRegisterAny", self.conn, guest, 17,
                    {"$callback": "tunable"}, None)
        self.answer("virConnectNetworkEventRegisterAny", self.conn, None, 0, {"$callback": "net"},
                    7)
        self.answer("virConnectStoragePoolEventRegisterAny", self.conn, None, 0,
                    {"$callback": "pool"}, "text")
        self.answer("virConnectStoragePoolEventRegisterAny", self.conn, None, 1,
                    {"$callback": "refresh"})
        self.answer("virConnectNodeDeviceEventRegisterAny", self.conn, None, 0,
                    {"$callback": "device"}, None)
        network = self.of_handles("virNetworkLookupByName", self.conn, "net")
        pool = self.of_handles("virStoragePoolLookupByName", self.conn, "pool")
        self.answer("virNetworkDestroy", network)
        self.answer("virStoragePoolRefresh", pool, 0)
        self.answer("virStoragePoolDestroy", pool)
        events = {event["callback"]: event["arguments"] for event in self.wait(3)}
        self.assertEqual(events["net"][1:], [{"$handle": "virNetwork", "key": "net",
                                              "number": events["net"][1]["number"]}, 3, 0, 7])
        self.assertEqual(events["pool"][2:], [3, 0, "text"])
        self.assertEqual(events["refresh"][1]["key"], "pool")
        self.assertEqual(events["refresh"][2:], [None])
        self.assertEqual(self.error("virConnectDomainEventRegisterAny", self.conn, None, 9999,
                                    {"$callback": "none"}, None)["code"], 8)

    def test_legacy(self):
        guest = self.guest
        self.answer("virConnectDomainEventRegister", self.conn, {"$callback": "a"}, 1)
        self.answer("virConnectDomainEventRegister", self.conn, {"$callback": "b", "returns": 0},
                    2)
        self.answer("virDomainSuspend", guest)
        self.assertEqual(sorted((event["callback"], event["arguments"][4])
                                for event in self.wait(2)), [("a", 1), ("b", 2)])
        self.answer("virConnectDomainEventDeregister", self.conn, {"$callback": "a"})
        self.answer("virDomainResume", guest)
        self.assertEqual([event["callback"] for event in self.wait(1)], ["b"])
        self.error("virConnectDomainEventDeregister", self.conn, {"$callback": "c"})

    def test_loop(self):
        timer = self.answer("virEventAddTimeout", 1, {"$callback": "tick"}, "opaque")
        self.assertEqual([event["arguments"] for event in self.wait(2)], [[timer, "opaque"]] * 2)
        self.answer("virEventUpdateTimeout", timer, -1)
        self.answer("virEventRemoveTimeout", timer)
        watch = self.answer("virEventAddHandle", {"$file": "text"}, 1, {"$callback": "ready"},
                            None)
        event = self.wait(1)[0]
        self.assertEqual((event["callback"], event["arguments"][0], event["arguments"][2]),
                         ("ready", watch, 1))
        self.answer("virEventUpdateHandle", watch, 0)
        self.answer("virEventRemoveHandle", watch)
        self.assertEqual(self.error("virEventRemoveTimeout", 4711)["code"], 0)
        self.answer("virEventAddTimeout", 1, {"$callback": "tick"}, "opaque")
        self.answer("virEventRunDefaultImpl")

    def test_error_handlers(self):
        self.answer("virSetErrorFunc", "data", {"$callback": "handler"})
        self.error("virDomainLookupByName", self.conn, "missing")
        event, = self.events()
        self.assertEqual(event["callback"], "handler")
        self.assertEqual((event["arguments"][0]["code"], event["arguments"][1]), (42, "data"))
        self.answer("virSetErrorFunc", None, None)
        self.error("virDomainLookupByName", self.conn, "missing")
        self.assertEqual(self.events(), [])
        self.answer("virConnSetErrorFunc", self.conn, None, {"$callback": "of connection"})
        self.answer("virConnSetErrorFunc", self.conn, None, None)
        self.answer("virConnGetLastError", self.conn)
        self.answer("virConnResetLastError", self.conn)

    def test_authentication(self):
        auth = {"credtype": [2, 5], "cb": {"$callback": "ask", "returns": [["u", "p"]]}}
        self.answer("virConnectOpenAuth", self.uri, auth, 0)
        self.answer("virConnectOpenAuth", self.uri, None)


class Preloaded(ReferenceTest):
    """With some of libvirt's functions replaced: preload/preload.c."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.library = os.path.join(folder.name, "preload.so")
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", cls.library,
                        TOP / "tests/conformance/reference/preload/preload.c"], check=True)

    def setUp(self):
        # The shell that hands the descriptor on has it too, and is not looked at by sanitizers.
        self.runner = Runner(LD_PRELOAD=self.library, ASAN_OPTIONS="verify_asan_link_order=0")
        self.addCleanup(self.end)
        self.conn = self.of_handles("virConnectOpen", "test:///default")
        self.guest = self.of_handles("virDomainLookupByName", self.conn, "test")

    def said(self):
        status, said = self.runner.close()
        self.assertEqual(status, 0, said)
        return said.splitlines()

    def test_types_of_params(self):
        """INT 1, UINT 2, LLONG 3, ULLONG 4, DOUBLE 5, BOOLEAN 6, STRING 7."""
        wanted = [("user-name", "x", 7), ("process-id", 5, 3), ("natural", 5, 4),
                  ("negative", -5, 3), ("large", 2 ** 64 - 1, 4), ("truth", True, 6),
                  ("double", 2.5, 5), ("nan", {"$double": "nan"}, 5), ("text", "t", 7),
                  ("bytes", {"$text": "ff"}, 7)]
        params = {name: value for name, value, _type in wanted}
        self.answer("virConnectSetIdentity", self.conn, {**params, "list": ["x", 7]}, 3)
        self.assertEqual(self.said(), [f"{name} {kind}" for name, _value, kind in wanted]
                         + ["list 7", "list 4", "flags 3"])

    def test_files(self):
        self.answer("virDomainOpenGraphics", self.guest, 0, {"$file": "given"}, 0)
        self.assertEqual(self.answer("virDomainLxcEnterNamespace", self.guest,
                                     [{"$file": "one"}, {"$file": ""}], 0), [{"$file": None}] * 2)
        # Each is open at its beginning, and none stays open.
        before = self.files()
        self.answer("virDomainLxcEnterNamespace", self.guest, [{"$file": "x"}], 0)
        self.assertEqual(self.files(), before)
        self.assertEqual(self.said(), ["file 5 given both ways", "file 3 one both ways",
                                       "file 0  both ways", "file 1 x both ways"])

    def files(self):
        return sorted(os.listdir(f"/proc/{self.runner.process.pid}/fd"))

    def test_records_in(self):
        self.assertEqual(
            self.answer("virDomainLxcEnterSecurityLabel", {"model": "m", "doi": "0"},
                        {"label": "läbel", "enforcing": 1}), {"label": "old", "enforcing": -1})
        self.assertEqual(self.said(), ["m 0 läbel 1"])

    def test_values(self):
        self.assertEqual(self.answer("virNodeGetFreeMemory", self.conn), 2 ** 64 - 1)
        self.assertEqual(self.answer("virConnectGetHostname", self.conn),
                         {"$text": "c3a9ffeda080"})
        params = self.answer("virNodeGetSEVInfo", self.conn, 0)
        self.assertEqual(params, {
            "double": 0.1, "whole": 2.0, "infinite": {"$double": "-inf"}, "all": 2 ** 64 - 1,
            "least": -2 ** 63, "twice": [True, -3]})
        self.assertIsInstance(params["whole"], float)
        self.assertIs(params["twice"][0], True)


class Loops(ReferenceTest):
    """What belongs to processes of its own."""

    def test_own_loop(self):
        names = ("addHandle", "updateHandle", "removeHandle", "addTimeout", "updateTimeout",
                 "removeTimeout")
        self.answer("virEventRegisterImpl",
                    *({"$callback": name, "returns": 5} for name in names))
        self.answer("virEventUpdateTimeout", 5, 100)
        self.answer("virEventRemoveHandle", 7)
        self.assertEqual(self.events(), [
            {"callback": "updateTimeout", "arguments": [5, 100]},
            {"callback": "removeHandle", "arguments": [7]}])
        self.assertEqual(self.answer("virEventAddTimeout", 9, {"$callback": "x"}, None), 5)

    def test_default_error_handler(self):
        """It prints, on standard error."""
        self.answer("virDefaultErrorFunc",
                    {"code": 42, "domain": 12, "level": 2, "message": "told"})
        status, said = self.runner.close()
        self.assertEqual(status, 0)
        self.assertIn("told", said)


def dump():
    return subprocess.run([OPTIONS.bindgen, "dump", "--table", "--facts", TOP / "api-xml",
                           "--installed", "none"], text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def unseen_patterns():
    patterns, seen = {}, set()
    for row in dump().splitlines()[1:]:
        cells = row.split("\t")
        kind = cells[12] if cells[2] == "0" else kind
        if kind == "helper":
            continue
        patterns.setdefault(cells[6], cells[1])
        if cells[1] in WORKED:
            seen.add(cells[6])
    return {name: patterns[name] for name in sorted(set(patterns) - seen)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", default=OPTIONS.reference)
    parser.add_argument("--bindgen", default=OPTIONS.bindgen)
    parser.add_argument("--summary", metavar="FILE", help="where to put the closing line as well")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of a test's name")
    parser.parse_args(namespace=OPTIONS)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in OPTIONS.names] or None
    result = unittest.TextTestRunner().run(unittest.TestSuite(
        loader.loadTestsFromModule(one) for one in (sys.modules["__main__"], test_daemon)))
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    passed = max(result.testsRun - failed - skipped, 0)
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}")
    if not OPTIONS.names and not skipped:
        for pattern, function in unseen_patterns().items():
            print(f"no call showed the pattern {pattern}, which {function} uses")
            failed += 1
    closing = f"{passed} passed, {failed} failed, {skipped} skipped"
    print(closing)
    if OPTIONS.summary:
        with open(OPTIONS.summary, "w", encoding="utf-8") as file:
            print(closing, file=file)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
