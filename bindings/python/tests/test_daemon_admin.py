# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt_admin on a real daemon: its servers, their clients and limits, and its log.

libvirt 9.0.0 crashes, in C too, where one process connects both to a hypervisor and to a daemon's
admin socket: both libraries register the same types with GLib. So the clients that these tests look
at are processes of their own."""

import subprocess
import sys
import threading
import time
import unittest

import libvirt

from daemon import OURS, DaemonTest, Loop, own_daemon, shared_daemon

if not OURS:
    raise unittest.SkipTest("the established binding has no libvirt_admin")
import libvirt_admin  # noqa: E402



def setUpModule():
    Loop.start()


CLIENT = """
import sys, libvirt
conn = libvirt.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
try:
    conn.listAllDomains()
    print("alive")
except libvirt.libvirtError:
    print("closed")
"""


class AdminTest(DaemonTest):
    def setUp(self):
        self.daemon = shared_daemon()
        self.admin = self.open()
        self.server = self.admin.lookupServer("libvirtd")

    def open(self, daemon=None):
        conn = libvirt_admin.open((daemon or self.daemon).admin_uri, 0)
        self.addCleanup(conn.close)
        return conn

    def client(self):
        """A process with a connection over TCP, and that client as the server sees it."""
        process = subprocess.Popen([sys.executable, "-c", CLIENT, self.daemon.tcp_uri], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.assertEqual(process.stdout.readline(), "open\n")
        clients = [one for one in self.server.listClients()
                   if one.transport() == libvirt_admin.VIR_CLIENT_TRANS_TCP]
        return process, max(clients, key=lambda one: one.ID())


class Connection(AdminTest):
    def test_asking(self):
        self.assertIsInstance(self.admin, libvirt_admin.virAdmConnect)
        self.assertEqual(self.admin.isAlive(), 1)
        self.assertIn("libvirtd", self.admin.getURI())
        self.assertEqual(self.admin.getLibVersion(), libvirt.getVersion())
        self.assertEqual(libvirt_admin.getVersion(), libvirt.getVersion())

    def test_servers(self):
        self.assertEqual(sorted(one.name() for one in self.admin.listServers()),
                         ["admin", "libvirtd"])
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.admin.lookupServer("nothing")
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_SERVER)

    def test_logging(self):
        before = self.admin.getLoggingFilters()
        self.assertEqual(self.admin.setLoggingFilters("3:util.object"), 0)
        self.assertIn("util.object", self.admin.getLoggingFilters())
        self.assertEqual(self.admin.setLoggingFilters(before or ""), 0)
        outputs = self.admin.getLoggingOutputs()
        self.assertIn("libvirtd.log", outputs)
        self.assertEqual(self.admin.setLoggingOutputs(outputs), 0)

    def test_closed(self):
        admin = libvirt_admin.open(self.daemon.admin_uri, 0)
        self.assertEqual(admin.close(), 0)
        with self.assertRaises(libvirt.libvirtError):
            admin.listServers()

    def test_nobody_there(self):
        with self.assertRaises(libvirt.libvirtError):
            libvirt_admin.open("libvirtd+unix:///system?socket=/nowhere", 0)

    def test_daemon_that_dies(self):
        daemon = own_daemon(self.addCleanup)
        admin = libvirt_admin.open(daemon.admin_uri, 0)
        closed = []
        came = threading.Event()
        admin.registerCloseCallback(
            lambda conn, reason, opaque: (closed.append((conn is admin, reason, opaque)),
                                          came.set()), "opaque")
        daemon.kill()
        self.assertTrue(came.wait(15))
        self.assertEqual(closed, [(True, libvirt.VIR_CONNECT_CLOSE_REASON_EOF, "opaque")])
        with self.assertRaises(libvirt.libvirtError):
            admin.listServers()


class Server(AdminTest):
    def test_threads(self):
        found = self.server.threadPoolParameters()
        self.assertGreaterEqual(found[libvirt_admin.VIR_THREADPOOL_WORKERS_MAX],
                                found[libvirt_admin.VIR_THREADPOOL_WORKERS_MIN])
        most = found[libvirt_admin.VIR_THREADPOOL_WORKERS_MAX]
        self.assertEqual(self.server.setThreadPoolParameters(
            {libvirt_admin.VIR_THREADPOOL_WORKERS_MAX: most + 1}), 0)
        self.assertEqual(self.server.threadPoolParameters()[
            libvirt_admin.VIR_THREADPOOL_WORKERS_MAX], most + 1)
        self.server.setThreadPoolParameters({libvirt_admin.VIR_THREADPOOL_WORKERS_MAX: most})

    def test_limits(self):
        found = self.server.clientLimits()
        most = found[libvirt_admin.VIR_SERVER_CLIENTS_MAX]
        self.assertGreaterEqual(found[libvirt_admin.VIR_SERVER_CLIENTS_CURRENT], 0)
        self.assertEqual(self.server.setClientLimits(
            {libvirt_admin.VIR_SERVER_CLIENTS_MAX: most + 1}), 0)
        self.assertEqual(self.server.clientLimits()[libvirt_admin.VIR_SERVER_CLIENTS_MAX],
                         most + 1)
        self.server.setClientLimits({libvirt_admin.VIR_SERVER_CLIENTS_MAX: most})

    def test_keys_that_are_not_there(self):
        with self.assertRaises(libvirt.libvirtError):
            self.server.setClientLimits({"nothing": 1})

    def test_certificates_that_are_not_there(self):
        with self.assertRaises(libvirt.libvirtError):
            self.server.updateTlsFiles()


class Clients(AdminTest):
    def test_client(self):
        _process, client = self.client()
        self.assertEqual(self.server.lookupClient(client.ID()).ID(), client.ID())
        self.assertLess(abs(client.timestamp() - time.time()), 600)
        found = client.info()
        self.assertIs(found[libvirt_admin.VIR_CLIENT_INFO_READONLY], False)
        self.assertIn("127.0.0.1", found[libvirt_admin.VIR_CLIENT_INFO_SOCKET_ADDR])
        self.assertGreater(self.server.clientLimits()[libvirt_admin.VIR_SERVER_CLIENTS_CURRENT], 0)

    def test_closing(self):
        process, client = self.client()
        number = client.ID()
        self.assertEqual(client.close(), 0)
        self.eventually(lambda: number not in [one.ID() for one in self.server.listClients()])
        self.assertEqual(process.communicate("go on\n")[0], "closed\n")

    def test_nobody(self):
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.server.lookupClient(1 << 40)
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_CLIENT)


if __name__ == "__main__":
    unittest.main()
