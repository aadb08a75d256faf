# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many threads on one connection and on many, and what may not disturb them."""

import threading
import time
import unittest

import libvirt

from daemon import OURS, DaemonTest, fresh_name, guest_xml, remove_domain

THREADS = 16


class Threads(DaemonTest):
    def all_at_once(self, work):
        """Runs work(number) in each thread; none may fail."""
        errors = []
        barrier = threading.Barrier(THREADS)

        def run(number):
            try:
                barrier.wait(10)
                work(number)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
            self.assertFalse(one.is_alive())
        self.assertEqual(errors, [])

    def use(self, conn, number):
        """Calls that succeed and calls that fail; each thread sees its own errors."""
        domain = conn.defineXML(guest_xml(fresh_name(), "/nowhere"))
        try:
            for turn in range(20):
                self.assertEqual(conn.lookupByName(domain.name()).UUID(), domain.UUID())
                self.assertEqual(domain.info()[0], libvirt.VIR_DOMAIN_SHUTOFF)
                missing = f"missing-{number}-{turn}"
                try:
                    conn.lookupByName(missing)
                    self.fail("it is there")
                except libvirt.libvirtError as error:
                    self.assertIn(missing, str(error))
                for one in conn.listAllDomains():
                    self.assertIsInstance(one.name(), str)
        finally:
            remove_domain(domain)

    def test_one_connection(self):
        self.all_at_once(lambda number: self.use(self.conn, number))

    def test_many_connections(self):
        def work(number):
            conn = libvirt.open(self.daemon.uri)
            self.use(conn, number)
            self.assertEqual(conn.close(), 0)

        self.all_at_once(work)

    def test_open_and_close(self):
        def work(_number):
            for _ in range(5):
                conn = libvirt.open(self.daemon.uri)
                conn.getHostname()
                conn.close()

        self.all_at_once(work)

    def test_others_run_during_a_slow_call(self):
        # Saving takes a while; Python has to go on in the meantime.
        domain = self.guest()
        turns = 0
        saver = threading.Thread(target=domain.managedSave)
        saver.start()
        while saver.is_alive():
            turns += 1
            time.sleep(0.001)
        self.assertGreater(turns, 5)

    @unittest.skipUnless(OURS, "known to crash")
    def test_close_under_way(self):
        for _ in range(5):
            conn = libvirt.open(self.daemon.uri)
            barrier = threading.Barrier(THREADS)

            def work(number, conn=conn, barrier=barrier):
                barrier.wait(10)
                if number == 0:
                    time.sleep(0.01)
                    conn.close()
                    return
                try:
                    while True:
                        conn.getHostname()
                except libvirt.libvirtError as error:
                    self.assertIn(error.get_error_code(), (
                        libvirt.VIR_ERR_INVALID_CONN, libvirt.VIR_ERR_INTERNAL_ERROR))

            self.all_at_once(work)


if __name__ == "__main__":
    unittest.main()
