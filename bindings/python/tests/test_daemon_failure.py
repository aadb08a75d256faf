# SPDX-License-Identifier: LGPL-2.1-or-later
"""Daemons that die, or stop answering, in the middle of a call."""

import threading
import time
import unittest

import libvirt

from daemon import DaemonTest, own_daemon


class Failure(DaemonTest):
    def setUp(self):
        self.daemon = own_daemon(self.addCleanup)
        self.conn = libvirt.open(self.daemon.uri)
        self.addCleanup(self.close_what_is_left)

    def close_what_is_left(self):
        try:
            self.conn.close()
        except libvirt.libvirtError:
            pass

    def call_in_thread(self, call):
        """Starts a call that is to fail; (thread, errors)."""
        errors = []

        def run():
            try:
                call()
            except libvirt.libvirtError as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread, errors

    def test_killed_in_the_middle_of_a_call(self):
        # A frozen daemon has taken the call, and cannot answer it.
        self.daemon.freeze()
        thread, errors = self.call_in_thread(self.conn.getCapabilities)
        time.sleep(0.2)
        self.assertTrue(thread.is_alive())
        self.daemon.kill()
        thread.join(15)
        self.assertFalse(thread.is_alive())
        self.assertEqual(len(errors), 1)
        self.assertIn(errors[0].get_error_code(),
                      (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_ERR_SYSTEM_ERROR,
                       libvirt.VIR_ERR_RPC))
        self.assertEqual(errors[0].get_error_domain(), libvirt.VIR_FROM_RPC)

    def test_killed_in_a_long_call_of_a_guest(self):
        domain = self.guest()
        thread, errors = self.call_in_thread(
            lambda: domain.save(self.daemon.path("slow.save")))
        self.daemon.kill()
        thread.join(15)
        self.assertFalse(thread.is_alive())
        # The daemon may have been quick.
        self.assertLessEqual(len(errors), 1)
        with self.assertRaises(libvirt.libvirtError):
            domain.info()

    def test_other_threads_go_on_while_one_waits(self):
        self.daemon.freeze()
        thread, _errors = self.call_in_thread(self.conn.getCapabilities)
        begin = time.monotonic()
        self.assertEqual(sum(range(1000)), 499500)
        self.assertLess(time.monotonic() - begin, 1)
        self.daemon.thaw()
        thread.join(15)
        self.assertFalse(thread.is_alive())

    def test_after_death(self):
        domain = self.guest()
        name = domain.name()
        self.daemon.kill()
        for call in (self.conn.getHostname, self.conn.listAllDomains, domain.info,
                     lambda: self.conn.lookupByName(name)):
            with self.assertRaises(libvirt.libvirtError):
                call()
        self.assertEqual(domain.name(), name)
        with self.assertRaises(libvirt.libvirtError):
            libvirt.open(self.daemon.uri)
        self.daemon.restart()
        conn = libvirt.open(self.daemon.uri)
        self.addCleanup(conn.close)
        # The guest outlived its daemon, and is found again.
        self.assertEqual(conn.lookupByName(name).isActive(), 1)

    def test_stream_of_a_dead_daemon(self):
        domain = self.guest()
        stream = self.conn.newStream()
        domain.openConsole(None, stream)
        thread, errors = self.call_in_thread(lambda: [stream.recv(100) for _ in range(1000)])
        time.sleep(0.2)
        self.daemon.kill()
        thread.join(15)
        self.assertFalse(thread.is_alive())
        self.assertEqual(len(errors), 1)


if __name__ == "__main__":
    unittest.main()
