# SPDX-License-Identifier: LGPL-2.1-or-later
"""The runner of the conformance suite, as the driver sees it: a process that is asked and answers.
And in this process, its values, and that they are what the recorded calls gave."""

import ast
import json
import os
import subprocess
import sys
import tempfile
import unittest

import libvirt

from driver_world import NODE, World, read_calls
from test_driver import BETTER

if not hasattr(libvirt, "__version__"):
    raise unittest.SkipTest("the manifest is not of this binding")
if "TEST_SANITIZED" in os.environ:
    raise unittest.SkipTest("it is of Python alone, and each runner takes seconds with the sanitizers")

HERE = os.path.dirname(os.path.abspath(__file__))
CONFORMANCE = os.path.join(HERE, "..", "conformance")
MANIFEST = os.path.join(os.path.dirname(libvirt.__file__), "manifest.json")
BUILD = os.path.dirname(os.path.dirname(libvirt.__file__))
SOURCE = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
LEFT_OUT = {"$left-out": True}

sys.path.append(os.path.join(SOURCE, "tests", "conformance"))

from translator import Translator  # noqa: E402

# Shells know file descriptors of one digit only.
START = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execv("/bin/sh", ["sh", "-c", sys.argv[2]])
"""


class Process:
    """The runner, started as its command says."""

    def __init__(self):
        with open(os.path.join(CONFORMANCE, "command"), encoding="utf-8") as file:
            command = file.read().strip()
        command = command.replace("$build/python", os.path.dirname(libvirt.__file__))
        command = command.replace("$build", BUILD).replace("$source", SOURCE)
        self.translator = Translator(BUILD, MANIFEST)
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(writing), command], stdin=subprocess.PIPE,
            stderr=subprocess.PIPE, pass_fds=[writing], text=True)
        os.close(writing)
        self.answers = os.fdopen(reading, encoding="utf-8")

    def ask(self, do, **members):
        request = {"do": do, **members}
        print(json.dumps(self.translator.request(request)), file=self.process.stdin, flush=True)
        line = self.answers.readline()
        if not line:
            raise EOFError(self.process.stderr.read())
        return self.translator.answer(request, json.loads(line))

    def end(self):
        """Ends it; what it had to say to people."""
        if self.process.stdin.closed:
            return ""
        self.process.stdin.close()
        self.process.wait(timeout=30)
        errors = self.process.stderr.read()
        self.process.stderr.close()
        self.answers.close()
        self.translator.close()
        return errors


class RunnerTest(unittest.TestCase):
    maxDiff = None
    SHARED = False  # one runner for all tests of the class
    shared = None

    @classmethod
    def setUpClass(cls):
        if cls.SHARED:
            cls.shared = Process()
            cls.addClassCleanup(cls.shared.end)

    def setUp(self):
        self.runner = self.shared or Process()
        if not self.shared:
            self.addCleanup(lambda: self.runner.end())
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.node = os.path.join(folder.name, "node.xml")
        with open(self.node, "w", encoding="utf-8") as file:
            file.write(NODE)

    def ask(self, do, **members):
        return self.runner.ask(do, **members)

    def outcome(self, function, *arguments, **members):
        return self.ask("call", function=function, arguments=list(arguments), **members)

    def call(self, function, *arguments, **members):
        outcome = self.outcome(function, *arguments, **members)
        self.assertEqual(list(outcome), ["answer"], outcome)
        return outcome["answer"]

    def handle(self, function, *arguments):
        answer = self.call(function, *arguments)
        return {"$handle": answer["number"]}

    def connect(self):
        return self.handle("virConnectOpen", f"test://{self.node}")

    def domain(self, conn):
        return self.handle("virDomainLookupByName", conn, "test")

    def assert_wrong_use(self, outcome, message, name="TypeError"):
        self.assertEqual(list(outcome), ["wrong-use"], outcome)
        self.assertEqual(outcome["wrong-use"]["class"], name)
        self.assertIn(message, outcome["wrong-use"]["message"])


class Requests(RunnerTest):
    def test_hello(self):
        self.assertEqual(self.ask("hello"), {
            "language": "python", "runtime": ".".join(map(str, sys.version_info[:3])),
            "libvirt": libvirt.getVersion()})

    def test_functions(self):
        found = self.ask("functions")["functions"]
        with open(MANIFEST, encoding="utf-8") as file:
            functions = json.load(file)["functions"]
        # Other libraries may be missing.
        self.assertEqual(
            {name for name in found if functions[name]["library"] == "libvirt"},
            {name for name, facts in functions.items()
             if facts["since"] <= libvirt.getVersion() and facts["library"] == "libvirt"})

    def test_constants(self):
        found = self.ask("constants")["constants"]
        self.assertEqual(found["VIR_DOMAIN_RUNNING"], 1)
        self.assertEqual(found["VIR_DOMAIN_SCHEDULER_CPU_SHARES"], "cpu_shares")
        self.assertEqual(found["VIR_DOMAIN_MEMORY_PARAM_UNLIMITED"], 9007199254740991)
        self.assertGreater(len(found), 1000)

    def test_forget_one(self):
        conn = self.connect()
        first, second = self.domain(conn), self.domain(conn)
        self.assertEqual(self.ask("forget", handles=[first["$handle"]]), {})
        self.assertEqual(self.call("virDomainGetName", second), "test")
        self.assertEqual(self.domain(conn)["$handle"], second["$handle"] + 1)
        with self.assertRaisesRegex(EOFError, "KeyError"):
            self.outcome("virDomainGetName", first)

    def test_forget_all(self):
        conn = self.connect()
        self.assertEqual(self.ask("forget"), {})
        with self.assertRaisesRegex(EOFError, "KeyError"):
            self.outcome("virConnectGetURI", conn)

    def test_it_ends_with_its_input(self):
        self.connect()
        self.assertEqual(self.runner.end(), "")
        self.assertEqual(self.runner.process.returncode, 0)

    def test_what_is_not_there(self):
        conn = self.connect()
        self.assertEqual(self.outcome("virNowhere"), {"absent": "the manifest has no virNowhere"})
        self.assertEqual(list(self.outcome("virTypedParamsFree")), ["absent"])
        if libvirt.getVersion() < 10002000:
            self.assertIn("needs libvirt 10.2.0", self.outcome(
                "virDomainGraphicsReload", self.domain(conn), 0, 0)["absent"])


class Values(RunnerTest):
    """Each shape, on the test driver."""

    SHARED = True

    def setUp(self):
        super().setUp()
        self.conn = self.connect()
        self.dom = self.domain(self.conn)

    def test_handles(self):
        answer = self.call("virDomainLookupByName", self.conn, "test")
        self.assertEqual(answer["$handle"], "virDomain")
        self.assertEqual(answer["key"], "test")
        self.assertEqual(self.call("virDomainGetConnect", self.dom),
                         {"$handle": "virConnect", "number": self.conn["$handle"], "key": None})
        network = self.call("virNetworkLookupByName", self.conn, "default")
        self.assertEqual((network["$handle"], network["key"]), ("virNetwork", "default"))
        domains = self.call("virConnectListAllDomains", self.conn, 0)
        self.assertEqual([one["key"] for one in domains], ["test"])

    def test_the_key_follows_a_new_name(self):
        self.call("virDomainDestroy", self.dom)
        self.call("virDomainRename", self.dom, "other", 0)
        self.assertEqual(self.call("virDomainLookupByName", self.conn, "other")["key"], "other")

    def test_nothing(self):
        self.assertIsNone(self.call("virDomainSuspend", self.dom))
        self.assertIsNone(self.call("virResetLastError"))

    def test_numbers_and_booleans(self):
        self.assertIs(self.call("virDomainIsActive", self.dom), True)
        self.assertIs(self.call("virDomainIsPersistent", self.dom), True)
        self.assertIs(type(self.call("virConnectNumOfDomains", self.conn)), int)
        self.assertEqual(self.call("virDomainGetMaxMemory", self.dom), 8388608)

    def test_text_and_bytes(self):
        self.assertEqual(self.call("virDomainGetName", self.dom), "test")
        self.assertEqual(self.call("virDomainGetUUID", self.dom),
                         {"$bytes": "6695eb01f6a4830479aa97f2502e193f"})
        self.assertEqual(self.call("virDomainGetUUIDString", self.dom),
                         "6695eb01-f6a4-8304-79aa-97f2502e193f")
        uuid = {"$bytes": "6695eb01f6a4830479aa97f2502e193f"}
        self.assertEqual(self.call("virDomainLookupByUUID", self.conn, uuid)["key"], "test")
        odd = self.outcome("virDomainLookupByName", self.conn, {"$text": "66ff"})
        self.assertEqual(odd["error"]["code"], libvirt.VIR_ERR_NO_DOMAIN)

    def test_records(self):
        info = self.call("virDomainGetInfo", self.dom)
        self.assertEqual({**info, "cpuTime": 0}, {
            "state": 1, "maxMem": 8388608, "memory": 2097152, "nrVirtCpu": 2, "cpuTime": 0})
        node = self.call("virNodeGetInfo", self.conn)
        self.assertEqual((node["memory"], node["mhz"]), (4194304, 2100))  # in KiB, as C has it

    def test_several_answers(self):
        self.assertEqual(self.call("virDomainGetState", self.dom, 0), {"state": 1, "reason": 0})
        self.assertEqual(self.call("virDomainGetSchedulerType", self.dom),
                         {"result": "fair", "nparams": 1})
        cpus = self.call("virNodeGetCPUMap", self.conn, 0)
        self.assertEqual(set(cpus), {"cpumap", "online"})
        self.assertIs(cpus["cpumap"][0], True)
        self.assertEqual(self.call("virGetVersion", None), {"libVer": libvirt.getVersion()})
        self.assertEqual(self.call("virGetVersion", "Test"), {
            "libVer": libvirt.getVersion(), "typeVer": libvirt.getVersion()})

    def test_params(self):
        self.assertIsNone(self.call("virDomainSetSchedulerParameters", self.dom, {"weight": 7}))
        self.assertEqual(self.call("virDomainGetSchedulerParameters", self.dom), {"weight": 50})
        tune = self.call("virDomainGetInterfaceParameters", self.dom, "eth0", 0)
        self.assertEqual(tune["inbound.average"], 0)

    def test_statistics(self):
        for function, first in (("virConnectGetAllDomainStats", self.conn),
                                ("virDomainListGetStats", [self.dom])):
            (record,) = self.call(function, first, 0, 0)
            self.assertEqual(record["dom"]["key"], "test")
            self.assertEqual(record["params"]["state.state"], 1)

    def test_cpu_maps(self):
        self.call("virDomainPinVcpu", self.dom, 0, [True, False])
        answer = self.call("virDomainGetVcpus", self.dom)
        self.assertEqual(answer["cpumaps"][0][:2], [True, False])
        self.assertEqual(answer["info"][1]["number"], 1)
        self.assertEqual(self.call("virDomainGetVcpuPinInfo", self.dom, 0)[0][:2], [True, False])
        threads = self.call("virDomainGetIOThreadInfo", self.dom, 0)
        self.assertEqual([one["iothread_id"] for one in threads], [1, 2])
        self.assertIs(type(threads[0]["cpumap"][0]), bool)

    def test_params_by_cpu(self):
        every = self.call("virDomainGetCPUStats", self.dom, 0, 2, 0)
        self.assertIn("cpu_time", every[0])
        self.assertEqual(len(self.call("virDomainGetCPUStats", self.dom, -1, 1, 0)), 1)

    def test_dicts_of_records(self):
        (lease, *_rest) = self.call("virDomainInterfaceAddresses", self.dom, 0, 0)
        self.assertEqual(lease["hwaddr"], "aa:bb:cc:dd:ee:01")
        self.assertEqual(set(lease["addrs"][0]), {"type", "addr", "prefix"})
        tags = {one["tag"]: one["val"] for one in self.call("virDomainMemoryStats", self.dom, 0)}
        self.assertEqual(tags[libvirt.VIR_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON], 2097152)
        self.assertEqual([one for one in self.call("virDomainGetDiskErrors", self.dom, 0)], [
            {"disk": "vda", "error": 1}])

    def test_lists(self):
        self.assertEqual(self.call("virConnectListNetworks", self.conn), ["default"])
        self.assertEqual(self.call("virConnectListDomains", self.conn), [1])
        mounts = self.call("virDomainGetFSInfo", self.dom, 0)
        self.assertEqual(set(mounts[0]), {"mountpoint", "name", "fstype", "devAlias"})

    def test_returned_failure(self):
        self.assertEqual(self.call("virDomainGetID", self.dom), 1)
        self.call("virDomainDestroy", self.dom)
        self.assertEqual(self.call("virDomainGetID", self.dom), -1)

    def test_the_receiver_is_found(self):
        snapshot = self.handle("virDomainSnapshotCreateXML", self.dom,
                               "<domainsnapshot><name>first</name></domainsnapshot>", 0)
        self.assertIsNone(self.call("virDomainRevertToSnapshot", snapshot, 0))
        self.assertEqual(self.call("virDomainSnapshotGetDomain", snapshot)["key"], "test")

    def test_the_last_error(self):
        self.call("virResetLastError")
        self.assertIsNone(self.call("virGetLastError"))
        self.outcome("virDomainLookupByName", self.conn, "nowhere")
        self.assertEqual(self.call("virGetLastError")["code"], libvirt.VIR_ERR_NO_DOMAIN)
        self.assertEqual(self.call("virGetLastErrorCode"), libvirt.VIR_ERR_NO_DOMAIN)

    def test_credentials(self):
        auth = {"credtype": [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE],
                "cb": {"$callback": "auth", "returns": [["user"], ["password"]]},
                "cbdata": ["mine"]}
        with open(self.node, "w", encoding="utf-8") as file:
            file.write(NODE.replace("<node>", "<node><auth><user password='password'>user</user>"
                                              "</auth>"))
        uri = f"test://{self.node}"
        self.assertEqual(self.call("virConnectOpenAuth", uri, auth, 0)["$handle"], "virConnect")
        first, second = self.ask("events")["events"]
        self.assertEqual(set(first["arguments"][0][0]),
                         {"type", "prompt", "challenge", "defresult"})
        self.assertEqual(first["arguments"][0][0]["type"], libvirt.VIR_CRED_AUTHNAME)
        self.assertEqual(second["arguments"][0][0]["type"], libvirt.VIR_CRED_PASSPHRASE)
        self.assertEqual(first["arguments"][-1], ["mine"])
        auth["cb"]["returns"] = [["user"], ["wrong"]]
        refused = self.outcome("virConnectOpenAuth", uri, auth, 0)
        self.assertEqual(refused["error"]["code"], libvirt.VIR_ERR_AUTH_FAILED)


class Failures(RunnerTest):
    SHARED = True

    def setUp(self):
        super().setUp()
        self.conn = self.connect()

    def test_errors(self):
        self.assertEqual(self.outcome("virDomainLookupByName", self.conn, "nowhere")["error"], {
            "code": libvirt.VIR_ERR_NO_DOMAIN, "domain": libvirt.VIR_FROM_TEST,
            "level": libvirt.VIR_ERR_ERROR, "message": "Domain not found",
            "str1": "Domain not found", "str2": None, "str3": None, "int1": -1, "int2": -1})

    def test_a_closed_connection_is_an_error(self):
        self.assertEqual(self.call("virConnectClose", self.conn), 0)
        self.assertEqual(self.outcome("virConnectGetURI", self.conn)["error"]["code"],
                         libvirt.VIR_ERR_INVALID_CONN)

    def test_wrong_use(self):
        for arguments, message, name in (
                ([5], "name must be str", "TypeError"),
                (["a\0b"], "null character", "ValueError"),
                ([None], "name", "TypeError")):
            self.assert_wrong_use(self.outcome("virDomainLookupByName", self.conn, *arguments),
                                  message, name)
        domain = self.domain(self.conn)
        self.assert_wrong_use(self.outcome("virDomainSetVcpus", domain, 1 << 32), "nvcpus",
                              "OverflowError")
        self.assert_wrong_use(self.outcome("virDomainSetVcpus", domain, {"$integer": str(1 << 70)}),
                              "nvcpus", "OverflowError")
        self.assert_wrong_use(self.outcome("virDomainSetVcpus", domain, {"$double": "nan"}),
                              "nvcpus")
        self.assert_wrong_use(self.outcome("virDomainSetSchedulerParameters", domain, 5), "params")
        self.assert_wrong_use(self.outcome("virDomainPinVcpu", domain, 0, 5), "cpumap")

    def test_wrong_receivers(self):
        self.assert_wrong_use(self.outcome("virDomainGetInfo", None), "NoneType")
        self.assert_wrong_use(self.outcome("virDomainGetInfo", self.conn), "virConnect")
        self.assert_wrong_use(self.outcome("virDomainGetInfo"), "needs an argument")

    def test_too_few_and_too_many(self):
        self.assert_wrong_use(self.outcome("virDomainLookupByName", self.conn), "name")
        self.assert_wrong_use(self.outcome("virDomainLookupByName", self.conn, LEFT_OUT), "name")
        self.assert_wrong_use(self.outcome("virDomainLookupByName", self.conn, "test",
                                           surplus=[5]), "1")
        self.assert_wrong_use(self.outcome("virConnectListAllDomains", self.conn, surplus=[5]), "1")

    def test_left_out(self):
        self.assertEqual(len(self.call("virConnectListAllDomains", self.conn, LEFT_OUT)), 1)
        self.assertEqual(len(self.call("virConnectListAllDomains", self.conn)), 1)
        # What stands behind what is left out is given by name.
        self.assertEqual(self.call("virConnectGetAllDomainStats", self.conn, LEFT_OUT, 0)[0]["dom"][
            "key"], "test")
        none = libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_INACTIVE
        self.assertEqual(self.call("virConnectGetAllDomainStats", self.conn, LEFT_OUT, none), [])


class Callbacks(RunnerTest):
    def setUp(self):
        super().setUp()
        self.call("virEventRegisterDefaultImpl")
        self.conn = self.connect()
        self.dom = self.domain(self.conn)

    def register(self, name, event=0, opaque=None, **members):
        return self.call("virConnectDomainEventRegisterAny", self.conn, None, event,
                         {"$callback": name, **members}, opaque)

    def dispatched(self, events):
        return self.ask("dispatch", events=events, seconds=10)["events"]

    def test_events(self):
        number = self.register("life", opaque={"any": [1, None]})
        self.assertIs(type(number), int)
        self.call("virDomainSuspend", self.dom)
        self.call("virDomainResume", self.dom)
        self.assertEqual(self.dispatched(2), 2)
        first, second = self.ask("events")["events"]
        self.assertEqual(first["callback"], "life")
        conn, dom, *rest = first["arguments"]
        self.assertEqual(conn["number"], self.conn["$handle"])
        self.assertEqual((dom["$handle"], dom["key"]), ("virDomain", "test"))
        self.assertEqual(rest, [libvirt.VIR_DOMAIN_EVENT_SUSPENDED, 0, {"any": [1, None]}])
        self.assertEqual(second["arguments"][2], libvirt.VIR_DOMAIN_EVENT_RESUMED)
        self.assertEqual(self.ask("events"), {"events": []})
        self.assertIsNone(self.call("virConnectDomainEventDeregisterAny", self.conn, number))

    def test_the_event_says_which_arguments(self):
        self.register("agent", libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE)
        self.call("virDomainSetMetadata", self.dom, libvirt.VIR_DOMAIN_METADATA_TITLE, "title",
                  None, None, 0)
        self.assertEqual(self.dispatched(1), 1)
        (event,) = self.ask("events")["events"]
        self.assertEqual(event["arguments"][2:], [libvirt.VIR_DOMAIN_METADATA_TITLE, None, None])

    def test_the_same_name_is_the_same_callable(self):
        for name in ("one", "two"):
            self.call("virConnectDomainEventRegister", self.conn, {"$callback": name}, name)
        self.call("virConnectDomainEventDeregister", self.conn, {"$callback": "one"})
        self.call("virDomainSuspend", self.dom)
        self.assertEqual(self.dispatched(1), 1)
        (event,) = self.ask("events")["events"]
        self.assertEqual((event["callback"], event["arguments"][-1]), ("two", "two"))

    def test_dispatch_ends(self):
        self.assertEqual(self.ask("dispatch", events=1, seconds=0.1), {"events": 0})

    def test_dispatch_without_a_loop(self):
        self.runner.end()
        self.runner = Process()
        self.assertIn("error", self.ask("dispatch", events=1, seconds=1))

    def test_one_that_raises(self):
        self.register("bad", raises=True)
        self.call("virDomainSuspend", self.dom)
        self.assertEqual(self.dispatched(1), 1)
        self.assertEqual(len(self.ask("events")["events"]), 1)
        self.assertIn("bad raises", self.runner.end())

    def test_answers_one_after_the_other(self):
        timer = self.call("virEventAddTimeout", 1, {"$callback": "timer", "returns": [1, 2]}, 5)
        self.assertEqual(self.dispatched(3), 3)
        self.call("virEventRemoveTimeout", timer)
        events = self.ask("events")["events"]
        self.assertEqual(events[0], {"callback": "timer", "arguments": [timer, 5]})

    def test_files(self):
        watch = self.call("virEventAddHandle", {"$file": "text"}, libvirt.VIR_EVENT_HANDLE_READABLE,
                          {"$callback": "ready"}, None)
        self.assertGreaterEqual(self.dispatched(1), 1)
        self.call("virEventRemoveHandle", watch)
        event = self.ask("events")["events"][0]
        number, descriptor, events, opaque = event["arguments"]
        self.assertEqual((event["callback"], number, events, opaque),
                         ("ready", watch, libvirt.VIR_EVENT_HANDLE_READABLE, None))
        self.assertGreater(descriptor, 3)

    def test_error_handlers(self):
        self.call("virSetErrorFunc", "mine", {"$callback": "failed"})
        self.outcome("virDomainLookupByName", self.conn, "nowhere")
        (event,) = self.ask("events")["events"]
        error, opaque = event["arguments"]
        self.assertEqual((error["code"], error["message"], opaque),
                         (libvirt.VIR_ERR_NO_DOMAIN, "Domain not found", "mine"))
        self.call("virSetErrorFunc", None, None)

    def test_a_loop_of_ones_own(self):
        self.runner.end()
        self.runner = Process()
        names = ("add", "update", "remove", "addTimer", "updateTimer", "removeTimer")
        self.call("virEventRegisterImpl", *({"$callback": one, "returns": 7} for one in names))
        self.assertEqual(self.call("virEventAddTimeout", 5, {"$callback": "timer"}, None), 7)
        (event,) = self.ask("events")["events"]
        self.assertEqual(event, {"callback": "addTimer", "arguments": [5]})

    def test_a_loop_of_ones_own_that_calls_back(self):
        self.runner.end()
        self.runner = Process()
        names = ("update", "remove", "addTimer", "updateTimer", "removeTimer")
        self.call("virEventRegisterImpl", {"$callback": "add", "returns": 7, "invokes": [1, 2, 4]},
                  *({"$callback": one, "returns": 7} for one in names))
        self.assertEqual(self.call("virEventAddHandle", 3, 5, {"$callback": "ready"}, "mine"), 7)
        self.assertEqual(self.ask("events")["events"], [
            {"callback": "add", "arguments": [3, 5]},
            {"callback": "ready", "arguments": [1, 2, 4, "mine"]}])


class Streams(RunnerTest):
    """As far as they come without a driver that has them."""

    def setUp(self):
        super().setUp()
        self.stream = self.handle("virStreamNew", self.connect(), 0)

    def test_a_source(self):
        self.assertIsNone(self.call("virStreamSendAll", self.stream, {"$callback": "source"}, 5))
        (event,) = self.ask("events")["events"]
        stream, nbytes, opaque = event["arguments"]
        self.assertEqual((stream["$handle"], opaque), ("virStream", 5))
        self.assertGreater(nbytes, 1000)
        failed = self.outcome("virStreamSendAll", self.stream,
                              {"$callback": "source", "returns": {"$bytes": "00ff"}}, None)
        self.assertEqual(failed["error"]["code"], libvirt.VIR_ERR_NO_SUPPORT)

    def test_holes(self):
        self.assertIsNone(self.call(
            "virStreamSparseSendAll", self.stream, {"$callback": "source"},
            {"$callback": "hole", "returns": {"inData": 1, "length": 5}}, {"$callback": "skip"}, 7))
        hole, source = self.ask("events")["events"]
        self.assertEqual((hole["callback"], hole["arguments"][1:]), ("hole", [7]))
        self.assertEqual((source["callback"], source["arguments"][1:]), ("source", [5, 7]))

    def test_received(self):
        self.assertEqual(self.outcome("virStreamRecv", self.stream, 10)["error"]["code"],
                         libvirt.VIR_ERR_NO_SUPPORT)


class InProcess(unittest.TestCase):
    def setUp(self):
        sys.path.insert(0, CONFORMANCE)
        self.addCleanup(sys.path.remove, CONFORMANCE)
        import runner

        with open(MANIFEST, encoding="utf-8") as file:
            self.runner = runner.Runner(json.load(file))


class Converted(InProcess):
    """What the test driver has no values for."""

    def test_written(self):
        for value, written in (
                (None, None), (True, True), (5, 5), ("f\udcff", {"$text": "66ff"}),
                (b"\0\xff", {"$bytes": "00ff"}), ((1 << 64) - 1, (1 << 64) - 1),
                (1 << 64, {"$integer": "18446744073709551616"}), (2.0, 2.0),
                (float("nan"), {"$double": "nan"}), (float("-inf"), {"$double": "-inf"}),
                ((1, [2]), [1, [2]]), ({5: "x"}, {"5": "x"}),
                ({"f\udcff": 1}, {"$map": [({"$text": "66ff"}, 1)]}),
                (object(), {"$object": "object"})):
            with self.subTest(value=value):
                self.assertEqual(self.runner.values.write(value), written)
                self.assertEqual(type(self.runner.values.write(value)), type(written))

    def test_read(self):
        for value, read in (
                ({"$text": "66ff"}, "f\udcff"), ({"$bytes": "00ff"}, b"\0\xff"),
                ({"$integer": "-9223372036854775809"}, -9223372036854775809),
                ({"$double": "inf"}, float("inf")), ({"$cpu-map": [True, False]}, (True, False)),
                ({"$map": [[4, 1], [2048, {"$bytes": "00"}]]}, {4: 1, 2048: b"\0"}),
                ({"$map": [[[], 1]]}, [[[], 1]]),
                ({"p": [1, {"$bytes": "00"}]}, {"p": [1, b"\0"]})):
            with self.subTest(value=value):
                self.assertEqual(self.runner.values.read(value), read)

    def test_files(self):
        number = self.runner.values.read({"$file": "text"})
        self.assertEqual(os.read(number, 10), b"text")
        self.runner.values.close_files()
        with self.assertRaises(OSError):
            os.fstat(number)
        reading, writing = os.pipe()
        with os.fdopen(writing, "wb") as file:
            self.assertEqual(self.runner.values.write([file]), [{"$file": None}])
        self.assertEqual(self.runner.values.write([reading], files=True), [{"$file": None}])
        for descriptor in (reading, writing):
            with self.assertRaises(OSError):
                os.fstat(descriptor)


class Recorded(InProcess):
    """The calls of driver_calls.tsv whose arguments and answers can be compared."""

    def setUp(self):
        super().setUp()
        self.translator = Translator(BUILD, MANIFEST)
        self.addCleanup(self.translator.close)
        self.by_name = {(facts.get("class"), facts["name"]): (name, facts)
                        for name, facts in self.runner.manifest["functions"].items()
                        if facts["module"] == "libvirt"}

    def arguments(self, facts, target, text):
        """C's arguments; None where they are not plain, or made of several."""
        try:
            values = ast.literal_eval(f"({text},)") if text else ()
        except ValueError:
            return None
        given = {facts["self"]: self.runner.values.write(target)} if "self" in facts else {}
        for parameter, value in zip(facts["parameters"], values):
            if "as" in parameter:
                return None
            given[parameter["from"]] = self.runner.values.write(value)
        return [given.get(one["name"], LEFT_OUT) for one in facts["arguments"]]

    def outcome(self, target_name, text, name, facts):
        with tempfile.TemporaryDirectory() as folder:
            world = World(folder)
            arguments = self.arguments(facts, world[target_name], text)
            if arguments is None:
                return None
            request = {"do": "call", "function": name, "arguments": arguments}
            found = self.runner.answer(self.translator.request(request))
            self.runner.do_forget({})
            return self.translator.answer(request, found)

    @unittest.skipIf(libvirt.getVersion() != 9000000, "the outcomes are those of libvirt 9.0.0")
    def test_outcomes(self):
        compared = {"answer": 0, "error": 0}
        for target, method, text, expected in read_calls():
            name, facts = self.by_name.get((target, method), (None, None))
            if not name or expected.startswith("shape") or not isinstance(facts["result"], str):
                continue
            wanted = self.wanted(BETTER.get((target, method, text), expected))
            if wanted and facts["result"] == "null":
                wanted = (wanted[0], None if wanted[0] == "answer" else wanted[1])
            found = self.outcome(target, text, name, facts) if wanted else None
            if found is None:
                continue
            with self.subTest(method, arguments=text):
                (kind,) = found
                self.assertEqual((kind, found[kind]["code"] if kind == "error" else
                                  self.comparable(found[kind])), wanted)
                compared[kind] += 1
        self.assertGreater(compared["answer"], 50)
        self.assertGreater(compared["error"], 50)

    @staticmethod
    def wanted(expected):
        """The outcome that the recorded text is; None where it cannot be told."""
        if expected.startswith("error "):
            return "error", int(expected.removeprefix("error "))
        try:
            return "answer", ast.literal_eval(expected)
        except (SyntaxError, ValueError):
            return None

    @staticmethod
    def comparable(value):
        return bytes.fromhex(value["$bytes"]) if isinstance(value, dict) and "$bytes" in value \
            else value


if __name__ == "__main__":
    unittest.main()
