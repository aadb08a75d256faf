# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a real daemon does with a guest's disks: snapshots, block jobs, checkpoints and backups."""

import os
import unittest

import libvirt

from daemon import DaemonTest, fresh_name, where_the_machine_allows


class DiskTest(DaemonTest):
    def setUp(self):
        super().setUp()
        self.domain = self.guest(image_format="qcow2")

    def fresh_path(self, ending=".qcow2"):
        """The path of a file that the daemon will make."""
        path = self.daemon.path(fresh_name() + ending)
        self.addCleanup(lambda: os.path.exists(path) and os.unlink(path))
        return path

    def job_is_ready(self):
        # Not cur == end: QEMU is there before libvirt knows that the disk may be changed over.
        return "ready='yes'" in self.domain.XMLDesc()

    def job_is_gone(self, disk="vda"):
        return self.domain.blockJobInfo(disk) == {}


class Snapshots(DiskTest):
    def test_internal(self):
        domain = self.domain
        self.refused(libvirt.VIR_ERR_NO_DOMAIN_SNAPSHOT, domain.snapshotCurrent)
        first = domain.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>")
        second = domain.snapshotCreateXML("<domainsnapshot><name>second</name></domainsnapshot>")
        self.assertEqual(first.getName(), "first")
        self.assertIs(first.domain(), domain)
        self.assertIs(first.connect(), self.conn)
        self.assertEqual(domain.snapshotNum(), 2)
        self.assertEqual(sorted(domain.snapshotListNames()), ["first", "second"])
        self.assertEqual(sorted(one.getName() for one in domain.listAllSnapshots()),
                         ["first", "second"])
        self.assertEqual(domain.hasCurrentSnapshot(), 1)
        self.assertEqual(domain.snapshotCurrent().getName(), "second")
        self.assertEqual((first.isCurrent(), second.isCurrent()), (0, 1))
        self.assertEqual(second.getParent().getName(), "first")
        with self.assertRaises(libvirt.libvirtError):
            first.getParent()
        self.assertEqual(first.numChildren(), 1)
        self.assertEqual(first.listChildrenNames(), ["second"])
        self.assertEqual([one.getName() for one in first.listAllChildren()], ["second"])
        self.assertEqual(first.hasMetadata(), 1)
        self.assertIn("<name>first</name>", first.getXMLDesc())
        self.assertEqual(domain.revertToSnapshot(first), 0)
        self.assertEqual(domain.snapshotCurrent().getName(), "first")
        self.assertEqual(second.delete(), 0)
        self.refused(libvirt.VIR_ERR_NO_DOMAIN_SNAPSHOT, domain.snapshotLookupByName, "second")
        self.assertEqual(first.delete(), 0)

    def test_external(self):
        overlay = self.fresh_path()
        self.domain.snapshotCreateXML(
            f"<domainsnapshot><disks><disk name='vda' snapshot='external'>"
            f"<source file='{overlay}'/></disk></disks></domainsnapshot>",
            libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY
            | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)
        self.assertIn(overlay, self.domain.XMLDesc())
        self.assertEqual(self.domain.snapshotNum(), 0)


class Jobs(DiskTest):
    def add_overlay(self):
        self.domain.snapshotCreateXML(
            f"<domainsnapshot><disks><disk name='vda' snapshot='external'>"
            f"<source file='{self.fresh_path()}'/></disk></disks></domainsnapshot>",
            libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY
            | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)

    def test_pull(self):
        self.add_overlay()
        self.assertEqual(self.domain.blockPull("vda"), 0)
        self.eventually(self.job_is_gone)
        self.assertNotIn("<backingStore type", self.domain.XMLDesc())

    def test_commit(self):
        self.add_overlay()
        self.assertEqual(self.domain.blockCommit(
            "vda", None, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE), 0)
        self.eventually(self.job_is_ready)
        found = self.domain.blockJobInfo("vda")
        self.assertEqual(found["type"], libvirt.VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT)
        self.assertEqual(self.domain.blockJobAbort(
            "vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT), 0)
        self.eventually(self.job_is_gone)

    def test_copy(self):
        copy = self.fresh_path()
        self.assertEqual(self.domain.blockCopy(
            "vda", f"<disk type='file'><source file='{copy}'/><driver type='qcow2'/></disk>",
            {libvirt.VIR_DOMAIN_BLOCK_COPY_GRANULARITY: 65536},
            libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB), 0)
        self.eventually(self.job_is_ready)
        with where_the_machine_allows():
            self.assertEqual(self.domain.blockJobSetSpeed("vda", 10), 0)
        self.assertEqual(self.domain.blockJobAbort(
            "vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT), 0)
        self.eventually(lambda: copy in self.domain.XMLDesc())

    def test_no_job(self):
        self.assertEqual(self.domain.blockJobInfo("vda"), {})
        with self.assertRaises(libvirt.libvirtError):
            self.domain.blockJobAbort("vda")

    def test_threshold(self):
        self.assertEqual(self.domain.setBlockThreshold("vda", 1 << 40), 0)


class Backups(DiskTest):
    def checkpoint(self, name):
        with where_the_machine_allows(libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
                                      libvirt.VIR_ERR_CONFIG_UNSUPPORTED):
            return self.domain.checkpointCreateXML(
                f"<domaincheckpoint><name>{name}</name><disks>"
                f"<disk name='vda' checkpoint='bitmap'/></disks></domaincheckpoint>")

    def test_checkpoints(self):
        first, second = self.checkpoint("first"), self.checkpoint("second")
        self.assertEqual(first.getName(), "first")
        self.assertIs(first.domain(), self.domain)
        self.assertEqual(second.getParent().getName(), "first")
        self.assertEqual(sorted(one.getName() for one in self.domain.listAllCheckpoints()),
                         ["first", "second"])
        self.assertEqual([one.getName() for one in first.listAllChildren()], ["second"])
        self.assertEqual(self.domain.checkpointLookupByName("second").getName(), "second")
        self.assertIn("<name>first</name>", first.getXMLDesc())
        self.assertEqual(second.delete(), 0)
        self.assertEqual(first.delete(), 0)
        self.refused(libvirt.VIR_ERR_NO_DOMAIN_CHECKPOINT,
                     self.domain.checkpointLookupByName, "first")

    def test_backup(self):
        self.refused(libvirt.VIR_ERR_NO_DOMAIN_BACKUP, self.domain.backupGetXMLDesc)
        target = self.fresh_path()
        with where_the_machine_allows(libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
                                      libvirt.VIR_ERR_CONFIG_UNSUPPORTED):
            self.assertEqual(self.domain.backupBegin(
                f"<domainbackup><disks><disk name='vda' type='file'><target file='{target}'/>"
                f"<driver type='qcow2'/></disk></disks></domainbackup>", None), 0)
        self.eventually(lambda: self.domain.jobStats(
            libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED
            | libvirt.VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED).get("operation")
            == libvirt.VIR_DOMAIN_JOB_OPERATION_BACKUP)
        self.assertGreater(os.path.getsize(target), 0)


if __name__ == "__main__":
    unittest.main()
