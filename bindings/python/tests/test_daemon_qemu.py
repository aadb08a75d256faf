# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt_qemu on a real daemon: the monitor's commands and events, and taking over a process."""

import json
import threading
import unittest

import libvirt
import libvirt_qemu

from daemon import OURS, DaemonTest, Loop


def setUpModule():
    Loop.start()


class Monitor(DaemonTest):
    def setUp(self):
        super().setUp()
        self.domain = self.guest()

    def test_command(self):
        answer = json.loads(libvirt_qemu.qemuMonitorCommand(
            self.domain, '{"execute": "query-status"}', 0))
        self.assertEqual(answer["return"]["status"], "running")

    def test_human_command(self):
        self.assertIn("VM status", libvirt_qemu.qemuMonitorCommand(
            self.domain, "info status", libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP))

    def test_wrong_command(self):
        answer = json.loads(libvirt_qemu.qemuMonitorCommand(
            self.domain, '{"execute": "no-such-thing"}', 0))
        self.assertEqual(answer["error"]["class"], "CommandNotFound")

    def test_flags_are_required_as_ever(self):
        if not OURS:
            with self.assertRaises(TypeError):
                libvirt_qemu.qemuMonitorCommand(self.domain, "info status")

    @unittest.skipUnless(hasattr(libvirt_qemu, "qemuMonitorCommandWithFiles"), "too old")
    def test_command_with_files(self):
        text, files = libvirt_qemu.qemuMonitorCommandWithFiles(
            self.domain, '{"execute": "query-status"}')
        self.assertIn("running", text)
        self.assertEqual(list(files), [])

    def test_agent_that_is_not_there(self):
        with self.assertRaises(libvirt.libvirtError):
            libvirt_qemu.qemuAgentCommand(self.domain, '{"execute": "guest-ping"}', 1, 0)

    def test_attach_to_nothing(self):
        with self.assertRaises(libvirt.libvirtError):
            libvirt_qemu.qemuAttach(self.conn, 1, 0)

    def test_events(self):
        found, came = [], threading.Event()

        def callback(conn, domain, event, seconds, micros, details, opaque):
            found.append((conn is self.conn, domain.name(), event, seconds > 0, 0 <= micros < 10**6,
                          details, opaque))
            came.set()

        number = libvirt_qemu.qemuMonitorEventRegister(self.conn, self.domain, "STOP", callback,
                                                       "opaque")
        self.domain.suspend()
        self.assertTrue(came.wait(15))
        libvirt_qemu.qemuMonitorEventDeregister(self.conn, number)
        first = found[0]
        self.assertEqual(first[:5], (True, self.domain.name(), "STOP", True, True))
        self.assertIn(first[5], (None, "{}"))
        self.assertEqual(first[6], "opaque")
        with self.assertRaises(libvirt.libvirtError):
            libvirt_qemu.qemuMonitorEventDeregister(self.conn, number)


if __name__ == "__main__":
    unittest.main()
