# SPDX-License-Identifier: LGPL-2.1-or-later
"""The runner of C on a private daemon."""

import json
import os
import sys
import unittest

from support import TOP, ReferenceTest, data, handle

sys.path.insert(0, str(TOP / "tests" / "daemon"))

from guest import IMAGE_SIZE, write_image  # noqa: E402
from private_daemon import PrivateDaemon, Unavailable  # noqa: E402


class Daemon(ReferenceTest):
    """What the test driver does not have: secrets, streams, files, the admin library."""

    USER, PASSWORD = "meerkat", "söme password"

    @classmethod
    def setUpClass(cls):
        cls.daemon = PrivateDaemon(sasl={cls.USER: cls.PASSWORD})
        try:
            cls.daemon.start()
        except Unavailable as error:
            raise unittest.SkipTest(str(error)) from None
        cls.addClassCleanup(cls.daemon.close)

    def open(self):
        self.answer("virEventRegisterDefaultImpl")
        return self.of_handles("virConnectOpen", self.daemon.uri)

    def volume(self, conn, capacity):
        path = self.daemon.path("pool")
        os.makedirs(path, exist_ok=True)
        pool = self.of_handles("virStoragePoolCreateXML", conn, "<pool type='dir'><name>pool</name>"
                               f"<target><path>{path}</path></target></pool>", 0)
        self.addCleanup(lambda: self.answer("virStoragePoolDestroy", pool))
        volume = self.of_handles(
            "virStorageVolCreateXML", pool, "<volume><name>volume.raw</name>"
            f"<capacity>{capacity}</capacity><allocation>0</allocation>"
            "<target><format type='raw'/></target></volume>", 0)
        self.addCleanup(lambda: self.answer("virStorageVolDelete", volume, 0))
        return volume

    def test_secrets(self):
        conn = self.open()
        secret = self.answer("virSecretDefineXML", conn,
                             "<secret ephemeral='no' private='no'><uuid>"
                             "55806c7d-8e93-456f-829b-607d8c198367</uuid></secret>", 0)
        self.assertEqual(secret["key"], "55806c7d-8e93-456f-829b-607d8c198367")
        secret = handle(secret)
        self.answer("virSecretSetValue", secret, data(b"\0se\xffcret"), 0)
        self.assertEqual(self.answer("virSecretGetValue", secret, 0), data(b"\0se\xffcret"))
        self.assertEqual(self.answer("virSecretGetUsageType", secret), 0)
        self.answer("virSecretUndefine", secret)

    def test_pieces(self):
        conn = self.open()
        volume = self.volume(conn, 65536)
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolUpload", volume, stream, 0, 6, 0)
        self.assertEqual(self.answer("virStreamSend", stream, data(b"\0a\xffb\r\n")), 6)
        self.answer("virStreamFinish", stream)
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolDownload", volume, stream, 0, 6, 0)
        received = b""
        while len(received) < 6:
            piece = self.answer("virStreamRecv", stream, 4)
            self.assertEqual(len(piece["data"]["$bytes"]), 2 * piece["result"])
            received += bytes.fromhex(piece["data"]["$bytes"])
        self.assertEqual(received, b"\0a\xffb\r\n")
        self.assertEqual(self.answer("virStreamRecv", stream, 4),
                         {"result": 0, "data": {"$bytes": ""}})
        self.answer("virStreamFinish", stream)
        stream = self.of_handles("virStreamNew", conn, 1)
        self.answer("virStorageVolDownload", volume, stream, 0, 6, 0)
        self.answer("virStreamEventAddCallback", stream, 1, {"$callback": "readable"}, 3)
        self.assertEqual(self.runner.ask("dispatch", events=1, seconds=5), {"events": 1})
        event, = self.events()
        self.assertEqual(event["arguments"][0]["number"], stream["$handle"])
        self.assertEqual(event["arguments"][1:], [1, 3])
        self.answer("virStreamEventUpdateCallback", stream, 0)
        self.answer("virStreamEventRemoveCallback", stream)
        self.answer("virStreamAbort", stream)

    def test_whole(self):
        conn = self.open()
        volume = self.volume(conn, 65536)
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolUpload", volume, stream, 0, 0, 0)
        self.answer("virStreamSendAll", stream,
                    {"$callback": "source", "returns": [data(b"one"), data(b"two"), data(b"")]},
                    "opaque")
        self.answer("virStreamFinish", stream)
        events = self.events()
        self.assertEqual([event["callback"] for event in events], ["source"] * 3)
        self.assertEqual(events[0]["arguments"][2], "opaque")
        self.assertGreater(events[0]["arguments"][1], 1000)
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolDownload", volume, stream, 0, 6, 0)
        self.answer("virStreamRecvAll", stream, {"$callback": "sink"}, None)
        self.answer("virStreamFinish", stream)
        self.assertEqual("".join(event["arguments"][1]["$bytes"] for event in self.events()),
                         b"onetwo".hex())
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolDownload", volume, stream, 0, 6, 0)
        self.error("virStreamRecvAll", stream, {"$callback": "sink", "raises": True}, None)

    def test_sparse(self):
        conn = self.open()
        volume = self.volume(conn, 65536)
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolUpload", volume, stream, 0, 0, 1)
        self.answer("virStreamSparseSendAll", stream,
                    {"$callback": "source", "returns": [data(b"x" * 4096), data(b"")]},
                    {"$callback": "hole", "returns": [
                        {"inData": 1, "length": 4096}, {"inData": False, "length": 61440},
                        {"inData": 0, "length": 0}]},
                    {"$callback": "skip"}, 5)
        self.answer("virStreamFinish", stream)
        events = self.events()
        self.assertIn([events[0]["arguments"][0], 61440, 5],
                      [event["arguments"] for event in events if event["callback"] == "skip"])
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolDownload", volume, stream, 0, 0, 1)
        self.answer("virStreamSparseRecvAll", stream, {"$callback": "sink"},
                    {"$callback": "hole"}, None)
        self.answer("virStreamFinish", stream)
        lengths = {"sink": 0, "hole": 0}
        for event in self.events():
            value = event["arguments"][1]
            lengths[event["callback"]] += (len(value["$bytes"]) // 2 if isinstance(value, dict)
                                           else value)
        self.assertEqual(lengths["sink"] + lengths["hole"], 65536)
        self.assertGreater(lengths["hole"], 0)
        stream = self.of_handles("virStreamNew", conn, 0)
        self.answer("virStorageVolUpload", volume, stream, 0, 0, 1)
        self.answer("virStreamSendHole", stream, 4096, 0)
        self.answer("virStreamFinish", stream)

    def test_guest(self):
        image = self.daemon.path("guest.raw")
        write_image(image)
        conn = self.open()
        guest = self.of_handles("virDomainCreateXML", conn, f"""
            <domain type='qemu'><name>peeked</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
            <os><type arch='x86_64' machine='pc'>hvm</type></os>
            <devices><disk type='file'><driver name='qemu' type='raw'/>
            <source file='{image}'/><target dev='vda' bus='virtio'/></disk>
            <serial type='pty'/><graphics type='vnc' listen='127.0.0.1'/></devices></domain>""", 0)
        self.addCleanup(lambda: self.answer("virDomainDestroy", guest))
        with open(image, "rb") as file:
            start = file.read(16)
        self.assertEqual(self.answer("virDomainBlockPeek", guest, image, 0, 16, 0), data(start))
        self.assertEqual(len(self.answer("virDomainMemoryPeek", guest, 0, 64, 1)["$bytes"]), 128)
        self.error("virDomainBlockPeek", guest, image, 0, IMAGE_SIZE * 2, 0)
        self.assertEqual(self.error("virDomainBlockPeek", guest, image, 0, 2 ** 62, 0)["code"], 2)
        self.assertRegex(self.answer("virDomainQemuMonitorCommand", guest, "info version", 1),
                         r"^\d+\.")
        answer = self.answer(
            "virDomainQemuMonitorCommandWithFiles", guest,
            '{"execute": "getfd", "arguments": {"fdname": "given"}}', [{"$file": "text"}], 0)
        self.assertEqual(answer["outfiles"], [])
        self.assertNotIn("error", json.loads(answer["result"]))
        labels = self.answer("virDomainGetSecurityLabelList", guest)
        self.assertEqual([set(one) for one in labels], [{"label", "enforcing"}] * len(labels))
        self.assertTrue(labels)
        stats = self.answer("virDomainBlockStatsFlags", guest, "vda", 0)
        self.assertIn("rd_operations", stats)
        self.assertEqual(self.answer("virDomainGetJobStats", guest, 0)["type"], 0)
        self.assertEqual(self.answer("virDomainGetBlockJobInfo", guest, "vda", 0), {"result": False})
        self.answer("virDomainOpenGraphicsFD", guest, 0, 1)
        console = self.of_handles("virStreamNew", conn, 1)
        self.answer("virDomainOpenConsole", guest, None, console, 0)
        # What the guest greets with, and then nothing.
        received = {"result": 0}
        while received["result"] != -2:
            received = self.answer("virStreamRecvFlags", console, 1024, 0)
            self.assertTrue(received["result"] == -2 or received["result"] > 0, received)
        self.assertEqual(self.answer("virStreamRecv", console, 1024), {"result": -2})
        self.answer("virStreamAbort", console)

    def test_authentication(self):
        def auth(user, password, **more):
            return {"credtype": [2, 5], "cb": {
                "$callback": "ask", "returns": [[user, password]], **more}}
        self.answer("virEventRegisterDefaultImpl")
        conn = self.of_handles("virConnectOpenAuth", self.daemon.tcp_uri,
                               auth(self.USER, self.PASSWORD), 0)
        self.assertEqual(self.answer("virConnectGetType", conn), "QEMU")
        event, = self.events()
        self.assertEqual([one["type"] for one in event["arguments"][0]], [2, 5])
        self.assertEqual(set(event["arguments"][0][0]),
                         {"type", "prompt", "challenge", "defresult"})
        # A list that is not in a list, too.
        other = auth(self.USER, self.PASSWORD)
        other["cb"]["returns"] = [self.USER, self.PASSWORD]
        self.answer("virConnectOpenAuth", self.daemon.tcp_uri, other, 0)
        for bad in (auth(self.USER, "wrong"), auth("x", "y", raises=True),
                    {"credtype": [2, 5], "cb": {"$callback": "ask", "returns": -1}}):
            self.assertEqual(self.error("virConnectOpenAuth", self.daemon.tcp_uri, bad, 0)["code"],
                             45)

    def test_close_callback(self):
        conn = self.open()
        self.answer("virConnectRegisterCloseCallback", conn, {"$callback": "closed"}, 4)
        self.error("virConnectRegisterCloseCallback", conn, {"$callback": "closed"}, None)
        self.answer("virConnectUnregisterCloseCallback", conn, {"$callback": "closed"})
        self.error("virConnectUnregisterCloseCallback", conn, {"$callback": "closed"})
        self.answer("virConnectRegisterCloseCallback", conn, {"$callback": "closed"}, 4)
        self.daemon.kill()
        self.addCleanup(self.daemon.restart)
        self.assertEqual(self.runner.ask("dispatch", events=1, seconds=10), {"events": 1})
        event, = self.events()
        self.assertEqual(event["arguments"][0]["number"], conn["$handle"])
        self.assertIn(event["arguments"][1], (0, 1))
        self.assertEqual(event["arguments"][2], 4)

    def test_admin(self):
        """In a process that has nothing else to do with libvirt."""
        conn = self.of_handles("virAdmConnectOpen", self.daemon.admin_uri, 0)
        servers = self.answer("virAdmConnectListServers", conn, 0)
        self.assertEqual({one["key"] for one in servers}, {"libvirtd", "admin"})
        server = next(handle(one) for one in servers if one["key"] == "admin")
        clients = self.answer("virAdmServerListClients", server, 0)
        self.assertEqual([one["key"] for one in clients], [None])
        client = handle(clients[0])
        self.assertGreater(self.answer("virAdmClientGetTimestamp", client), 0)
        self.assertIs(self.answer("virAdmClientGetInfo", client, 0)["readonly"], False)
        limits = self.answer("virAdmServerGetClientLimits", server, 0)
        self.assertIn("nclients_max", limits)
        self.answer("virAdmServerSetClientLimits", server,
                    {"nclients_max": limits["nclients_max"]}, 0)
        self.assertEqual(set(self.answer("virAdmConnectGetLoggingFilters", conn, 0)),
                         {"result", "filters"})
        self.answer("virAdmConnectRegisterCloseCallback", conn, {"$callback": "closed"}, None)
        self.answer("virAdmConnectUnregisterCloseCallback", conn, {"$callback": "closed"})
        self.assertEqual(self.error("virAdmConnectLookupServer", conn, "none", 0)["code"], 95)
