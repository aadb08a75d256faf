# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics of guests that run."""

import unittest

import libvirt

from daemon import DaemonTest, where_the_machine_allows


class Statistics(DaemonTest):
    def setUp(self):
        super().setUp()
        self.domain = self.guest()

    def record(self):
        """What getAllDomainStats() says of the guest; nothing where a guest of another test ended
        while libvirt asked it, for then all of the call fails."""
        try:
            found = {domain.name(): record for domain, record in self.conn.getAllDomainStats()}
        except libvirt.libvirtError:
            return {}
        return found[self.domain.name()]

    def test_all_domains(self):
        def booted():
            record = self.record()
            return record if record.get("block.0.rd.bytes", 0) >= 512 else None

        record = self.eventually(booted, what="it did not boot")
        self.assertEqual(record["state.state"], libvirt.VIR_DOMAIN_RUNNING)
        self.assertEqual(record["vcpu.current"], 1)
        self.assertEqual(record["block.count"], 1)
        self.assertEqual(record["block.0.name"], "vda")

    def test_some_domains(self):
        other = self.guest()
        found = self.conn.domainListGetStats([self.domain, other],
                                             libvirt.VIR_DOMAIN_STATS_STATE)
        self.assertEqual([domain.name() for domain, _record in found],
                         [self.domain.name(), other.name()])
        for domain, record in found:
            self.assertIs(domain.connect(), self.conn)
            self.assertEqual(set(record), {"state.state", "state.reason"})

    def test_processor_time(self):
        with where_the_machine_allows():
            total = self.domain.getCPUStats(True)
        self.assertEqual(len(total), 1)
        self.assertGreater(total[0]["cpu_time"], 0)

    def test_scheduler(self):
        with where_the_machine_allows():
            kind, count = self.domain.schedulerType()
        self.assertEqual(kind, "posix")
        self.assertGreater(count, 0)
        with where_the_machine_allows():
            self.assertIsInstance(self.domain.schedulerParameters(), dict)

    def test_tunables_in_the_definition(self):
        config = libvirt.VIR_DOMAIN_AFFECT_CONFIG
        with where_the_machine_allows():
            self.domain.setMemoryParameters({libvirt.VIR_DOMAIN_MEMORY_HARD_LIMIT: 1 << 20}, config)
        self.assertEqual(self.domain.memoryParameters(config)["hard_limit"], 1 << 20)

    def test_performance_events(self):
        self.assertIsInstance(self.domain.perfEvents(), dict)

    def test_job_statistics(self):
        self.assertEqual(self.domain.jobInfo()[0], libvirt.VIR_DOMAIN_JOB_NONE)
        self.assertEqual(self.domain.jobStats()["type"], libvirt.VIR_DOMAIN_JOB_NONE)
        self.domain.managedSave()
        self.domain.create()
        with self.assertRaises(libvirt.libvirtError):
            self.domain.abortJob()

    def test_memory(self):
        self.assertEqual(self.domain.setMemory(16 * 1024), 0)
        self.assertEqual(self.domain.setMemoryStatsPeriod(1), 0)
        self.assertIn("rss", self.domain.memoryStats())


if __name__ == "__main__":
    unittest.main()
