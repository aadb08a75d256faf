# SPDX-License-Identifier: LGPL-2.1-or-later
"""A running guest moves between two daemons, in each of the ways that there are, and back."""

import unittest

import libvirt

from daemon import DaemonTest, free_port, own_daemon, remove_domain


class Migration(DaemonTest):
    @classmethod
    def setUpClass(cls):
        cls.second = own_daemon(cls.addClassCleanup)

    def setUp(self):
        super().setUp()
        self.there = libvirt.open(self.second.tcp_uri)
        self.addCleanup(self.there.close)
        self.domain = self.guest()
        # The same file is at the same path for both.
        self.flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_UNSAFE

    def parameters(self):
        return {libvirt.VIR_MIGRATE_PARAM_URI: f"tcp://127.0.0.1:{free_port()}",
                libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 100,
                libvirt.VIR_MIGRATE_PARAM_LISTEN_ADDRESS: "127.0.0.1"}

    def arrived(self, conn):
        moved = conn.lookupByName(self.domain.name())
        self.addCleanup(remove_domain, moved)
        self.assertEqual(moved.UUID(), self.domain.UUID())
        self.eventually(lambda: moved.state()[0] == libvirt.VIR_DOMAIN_RUNNING)
        return moved

    def test_there_and_back_with_parameters(self):
        result = self.domain.migrate3(self.there, self.parameters(), self.flags)
        self.assertEqual(result.name(), self.domain.name())
        moved = self.arrived(self.there)
        self.assertEqual(self.domain.isActive(), 0)
        moved.migrate3(self.conn, self.parameters(), self.flags)
        self.arrived(self.conn)

    def test_plain(self):
        self.domain.migrate(self.there, self.flags, None, f"tcp://127.0.0.1:{free_port()}", 0)
        self.arrived(self.there)

    def test_with_description(self):
        self.domain.migrate2(self.there, self.domain.XMLDesc(libvirt.VIR_DOMAIN_XML_MIGRATABLE),
                             self.flags, None, f"tcp://127.0.0.1:{free_port()}", 0)
        self.arrived(self.there)

    def test_between_the_daemons(self):
        flags = self.flags | libvirt.VIR_MIGRATE_PEER2PEER
        self.assertEqual(self.domain.migrateToURI3(self.second.tcp_uri, self.parameters(), flags),
                         0)
        moved = self.arrived(self.there)
        self.assertEqual(moved.migrateToURI2(self.daemon.tcp_uri,
                                             f"tcp://127.0.0.1:{free_port()}", None, flags), 0)
        self.arrived(self.conn)

    def test_refused(self):
        with self.assertRaises(libvirt.libvirtError):
            self.domain.migrateToURI("qemu+tcp://127.0.0.1:1/system",
                                     self.flags | libvirt.VIR_MIGRATE_PEER2PEER, None, 0)
        self.assertEqual(self.domain.state()[0], libvirt.VIR_DOMAIN_RUNNING)

    def test_limits(self):
        self.assertEqual(self.domain.migrateSetMaxDowntime(1234), 0)
        self.assertEqual(self.domain.migrateGetMaxDowntime(), 1234)
        self.assertEqual(self.domain.migrateSetMaxSpeed(50), 0)
        self.assertEqual(self.domain.migrateGetMaxSpeed(), 50)
        self.assertGreater(self.domain.migrateGetCompressionCache(), 0)
        self.assertEqual(self.domain.migrateSetCompressionCache(1 << 26), 0)


if __name__ == "__main__":
    unittest.main()
