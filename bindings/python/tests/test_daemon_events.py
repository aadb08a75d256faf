# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of a real daemon: which come, with what, and in which order."""

import threading
import time
import unittest

import libvirt

from daemon import DaemonTest, Loop, fresh_name, own_daemon


def setUpModule():
    Loop.start()


class Collector:
    """What came, and a way to wait for more."""

    def __init__(self):
        self.items = []
        self.changed = threading.Condition()

    def add(self, item):
        with self.changed:
            self.items.append(item)
            self.changed.notify_all()

    def wait(self, complete, seconds=15):
        """Until complete(items) is true; the items."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not complete(self.items):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"only these came: {self.items}")
                self.changed.wait(left)
            return list(self.items)


class Events(DaemonTest):
    def collect(self, kind, event, obj=None, conn=None):
        """Registers for an event of a family; what comes is (arguments of the callback)."""
        collector = Collector()
        conn = conn or self.conn
        register = getattr(conn, kind + "EventRegisterAny")
        deregister = getattr(conn, kind + "EventDeregisterAny")
        number = register(obj, event, lambda conn, one, *rest: collector.add(rest), "opaque")
        self.addCleanup(deregister, number)
        return collector

    def test_lifecycle_in_order(self):
        domain = self.guest(running=False)
        events = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, domain)
        domain.create()
        domain.suspend()
        domain.resume()
        domain.destroy()
        domain.undefine()
        found = events.wait(
            lambda items: items and items[-1][0] == libvirt.VIR_DOMAIN_EVENT_UNDEFINED)
        # Whether QEMU still tells that it ends is a race.
        found = [one for one in found if one[0] != libvirt.VIR_DOMAIN_EVENT_SHUTDOWN]
        self.assertEqual([one[0] for one in found], [
            libvirt.VIR_DOMAIN_EVENT_RESUMED, libvirt.VIR_DOMAIN_EVENT_STARTED,
            libvirt.VIR_DOMAIN_EVENT_SUSPENDED, libvirt.VIR_DOMAIN_EVENT_RESUMED,
            libvirt.VIR_DOMAIN_EVENT_STOPPED, libvirt.VIR_DOMAIN_EVENT_UNDEFINED])
        self.assertEqual(found[4], (libvirt.VIR_DOMAIN_EVENT_STOPPED,
                                    libvirt.VIR_DOMAIN_EVENT_STOPPED_DESTROYED, "opaque"))

    def test_definition(self):
        name = fresh_name()
        events = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE)
        domain = self.guest(running=False)
        events.wait(lambda items: (libvirt.VIR_DOMAIN_EVENT_DEFINED,
                                   libvirt.VIR_DOMAIN_EVENT_DEFINED_ADDED, "opaque") in items)
        domain.rename(name)
        events.wait(lambda items: (libvirt.VIR_DOMAIN_EVENT_DEFINED,
                                   libvirt.VIR_DOMAIN_EVENT_DEFINED_RENAMED, "opaque") in items)
        self.conn.lookupByName(name).undefine()

    def test_many_in_order(self):
        domain = self.guest()
        events = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, domain)
        for _ in range(20):
            domain.suspend()
            domain.resume()
        found = events.wait(lambda items: len(items) >= 40)
        self.assertEqual([one[0] for one in found], 20 * [
            libvirt.VIR_DOMAIN_EVENT_SUSPENDED, libvirt.VIR_DOMAIN_EVENT_RESUMED])

    def test_devices(self):
        domain = self.guest()
        added = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, domain)
        disk = (f"<disk type='file'><driver name='qemu' type='raw'/>"
                f"<source file='{self.image()}'/><target dev='vdb' bus='virtio'/></disk>")
        domain.attachDevice(disk)
        self.assertEqual(added.wait(len)[0], ("virtio-disk1", "opaque"))

    def test_reset_tunables_and_metadata(self):
        domain = self.guest()
        reboot = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, domain)
        tunable = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_TUNABLE, domain)
        metadata = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, domain)
        domain.setBlockIoTune("vda", {libvirt.VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC: 1000})
        found, opaque = tunable.wait(len)[0]
        self.assertEqual(found["blkdeviotune.disk"], "vda")
        self.assertEqual(found["blkdeviotune.total_iops_sec"], 1000)
        self.assertEqual(opaque, "opaque")
        domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<a/>", "b",
                           "http://example.org/b")
        self.assertEqual(metadata.wait(len)[0], (libvirt.VIR_DOMAIN_METADATA_ELEMENT,
                                                 "http://example.org/b", "opaque"))
        domain.reset()
        self.assertEqual(reboot.wait(len)[0], ("opaque",))

    def test_disk_change(self):
        domain = self.guest(more="<disk type='file' device='cdrom'>"
                                 "<target dev='sda' bus='sata'/></disk>")
        tray = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_TRAY_CHANGE, domain)
        domain.updateDeviceFlags(
            f"<disk type='file' device='cdrom'><source file='{self.image()}'/>"
            f"<target dev='sda' bus='sata'/></disk>", libvirt.VIR_DOMAIN_DEVICE_MODIFY_FORCE)
        alias, reason, opaque = tray.wait(len)[0]
        self.assertEqual((alias, opaque), ("sata0-0-0", "opaque"))
        self.assertIn(reason, (libvirt.VIR_DOMAIN_EVENT_TRAY_CHANGE_OPEN,
                               libvirt.VIR_DOMAIN_EVENT_TRAY_CHANGE_CLOSE))

    def test_pool(self):
        folder = self.daemon.path(fresh_name())
        events = self.collect("storagePool", libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE)
        refreshed = self.collect("storagePool", libvirt.VIR_STORAGE_POOL_EVENT_ID_REFRESH)
        pool = self.conn.storagePoolDefineXML(
            f"<pool type='dir'><name>{fresh_name()}</name>"
            f"<target><path>{folder}</path></target></pool>")
        pool.build()
        pool.create()
        pool.refresh()
        pool.destroy()
        pool.delete()
        pool.undefine()
        kinds = [libvirt.VIR_STORAGE_POOL_EVENT_DEFINED, libvirt.VIR_STORAGE_POOL_EVENT_CREATED,
                 libvirt.VIR_STORAGE_POOL_EVENT_STARTED, libvirt.VIR_STORAGE_POOL_EVENT_STOPPED,
                 libvirt.VIR_STORAGE_POOL_EVENT_DELETED, libvirt.VIR_STORAGE_POOL_EVENT_UNDEFINED]
        found = events.wait(lambda items: len(items) >= len(kinds))
        # Others may work on pools of theirs at the same time.
        remaining = iter(one[0] for one in found)
        for kind in kinds:
            self.assertIn(kind, remaining)
        self.assertEqual(refreshed.wait(len)[0], ("opaque",))

    def test_secret(self):
        events = self.collect("secret", libvirt.VIR_SECRET_EVENT_ID_LIFECYCLE)
        values = self.collect("secret", libvirt.VIR_SECRET_EVENT_ID_VALUE_CHANGED)
        secret = self.conn.secretDefineXML("<secret ephemeral='yes' private='no'/>")
        secret.setValue(b"value")
        secret.undefine()
        found = events.wait(lambda items: len(items) >= 2)
        self.assertIn((libvirt.VIR_SECRET_EVENT_DEFINED, 0, "opaque"), found)
        self.assertEqual(values.wait(len)[0], ("opaque",))

    def test_network(self):
        events = self.collect("network", libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE)
        network = self.conn.networkDefineXML(
            f"<network><name>{fresh_name()}</name><forward mode='bridge'/>"
            f"<bridge name='none'/></network>")
        network.undefine()
        found = events.wait(lambda items: len(items) >= 2)
        self.assertIn((libvirt.VIR_NETWORK_EVENT_DEFINED, 0, "opaque"), found)
        self.assertIn((libvirt.VIR_NETWORK_EVENT_UNDEFINED, 0, "opaque"), found)

    def test_deregister_inside_the_callback(self):
        domain = self.guest()
        found, numbers = Collector(), []

        def once(conn, _domain, event, _detail, _opaque):
            conn.domainEventDeregisterAny(numbers[0])
            found.add(event)

        numbers.append(self.conn.domainEventRegisterAny(
            domain, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, once, None))
        last = self.collect("domain", libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, domain)
        domain.suspend()
        domain.resume()
        domain.reset()
        last.wait(len)
        self.assertEqual(found.items, [libvirt.VIR_DOMAIN_EVENT_SUSPENDED])


class ClosedFromOutside(DaemonTest):
    def test_close_callback(self):
        daemon = own_daemon(self.addCleanup)
        conn = libvirt.open(daemon.uri)
        closed = Collector()
        self.assertEqual(conn.registerCloseCallback(
            lambda one, reason, opaque: closed.add((one is conn, reason, opaque)), "opaque"), 0)
        daemon.kill()
        self.assertEqual(closed.wait(len), [(True, libvirt.VIR_CONNECT_CLOSE_REASON_EOF, "opaque")])
        self.assertEqual(conn.isAlive(), 0)
        # The daemon has to be asked for that, too.
        self.refused(libvirt.VIR_ERR_INTERNAL_ERROR, conn.unregisterCloseCallback)
        conn.close()

    def test_keepalive(self):
        daemon = own_daemon(self.addCleanup)
        conn = libvirt.open(daemon.uri)
        closed = Collector()
        conn.registerCloseCallback(lambda one, reason, opaque: closed.add(reason), None)
        self.assertEqual(conn.setKeepAlive(1, 1), 0)
        daemon.freeze()
        self.addCleanup(daemon.thaw)
        self.assertEqual(closed.wait(len), [libvirt.VIR_CONNECT_CLOSE_REASON_KEEPALIVE])
        # The daemon has to be asked for that, too.
        self.refused(libvirt.VIR_ERR_INTERNAL_ERROR, conn.unregisterCloseCallback)
        conn.close()


if __name__ == "__main__":
    unittest.main()
