# SPDX-License-Identifier: LGPL-2.1-or-later
"""A domain's life on a real daemon: states, definitions, saving, and what can be asked of it."""

import os
import unittest

import libvirt

from daemon import DaemonTest, fresh_name, guest_xml, remove_domain, where_the_machine_allows


class Life(DaemonTest):
    def test_from_definition_to_removal(self):
        domain = self.guest(running=False)
        self.assertEqual(domain.ID(), -1)
        self.assertEqual(domain.isActive(), 0)
        self.assertEqual(domain.isPersistent(), 1)
        self.assertEqual(domain.state(), [libvirt.VIR_DOMAIN_SHUTOFF,
                                          libvirt.VIR_DOMAIN_SHUTOFF_UNKNOWN])
        self.assertEqual(domain.create(), 0)
        self.assertGreater(domain.ID(), 0)
        self.assertEqual(domain.state(), [libvirt.VIR_DOMAIN_RUNNING,
                                          libvirt.VIR_DOMAIN_RUNNING_BOOTED])
        self.assertEqual(domain.suspend(), 0)
        self.assertEqual(domain.state()[0], libvirt.VIR_DOMAIN_PAUSED)
        self.assertEqual(domain.resume(), 0)
        self.assertEqual(domain.reset(), 0)
        self.assertEqual(domain.reboot(libvirt.VIR_DOMAIN_REBOOT_ACPI_POWER_BTN), 0)
        self.assertEqual(domain.shutdown(), 0)
        self.assertEqual(domain.destroyFlags(libvirt.VIR_DOMAIN_DESTROY_GRACEFUL), 0)
        self.assertEqual(domain.state(), [libvirt.VIR_DOMAIN_SHUTOFF,
                                          libvirt.VIR_DOMAIN_SHUTOFF_DESTROYED])
        name = domain.name()
        self.assertEqual(domain.undefine(), 0)
        self.refused(libvirt.VIR_ERR_NO_DOMAIN, self.conn.lookupByName, name)

    def test_transient(self):
        xml = guest_xml(fresh_name(), self.image())
        domain = self.conn.createXML(xml, libvirt.VIR_DOMAIN_START_PAUSED)
        self.addCleanup(remove_domain, domain)
        self.assertEqual(domain.state(), [libvirt.VIR_DOMAIN_PAUSED,
                                          libvirt.VIR_DOMAIN_PAUSED_USER])
        self.assertEqual(domain.isPersistent(), 0)
        self.assertEqual(domain.destroy(), 0)
        self.refused(libvirt.VIR_ERR_NO_DOMAIN, domain.info)

    def test_lookups_agree(self):
        domain = self.guest()
        for other in (self.conn.lookupByName(domain.name()), self.conn.lookupByID(domain.ID()),
                      self.conn.lookupByUUID(domain.UUID()),
                      self.conn.lookupByUUIDString(domain.UUIDString())):
            self.assertEqual(other.UUID(), domain.UUID())
            self.assertIs(other.connect(), self.conn)
        self.assertEqual(len(domain.UUID()), 16)
        self.assertIn(domain.ID(), self.conn.listDomainsID())
        self.assertIn(domain.name(), [one.name() for one in self.conn.listAllDomains(
            libvirt.VIR_CONNECT_LIST_DOMAINS_RUNNING)])
        domain.destroy()
        self.assertIn(domain.name(), self.conn.listDefinedDomains())

    def test_wrong_definition(self):
        self.refused(libvirt.VIR_ERR_NO_NAME, self.conn.defineXML, "<domain type='qemu'/>")
        error = self.refused(libvirt.VIR_ERR_XML_DETAIL, self.conn.defineXML, "<domain")
        self.assertEqual(error.get_error_level(), libvirt.VIR_ERR_ERROR)

    def test_autostart(self):
        domain = self.guest(running=False)
        self.assertEqual(domain.autostart(), 0)
        self.assertEqual(domain.setAutostart(1), 0)
        self.assertEqual(domain.autostart(), 1)

    def test_rename(self):
        domain = self.guest(running=False)
        name = fresh_name()
        self.assertEqual(domain.rename(name), 0)
        self.assertEqual(self.conn.lookupByUUID(domain.UUID()).name(), name)
        remove_domain(self.conn.lookupByName(name))

    def test_metadata(self):
        domain = self.guest(running=False)
        self.refused(libvirt.VIR_ERR_NO_DOMAIN_METADATA, domain.metadata,
                     libvirt.VIR_DOMAIN_METADATA_TITLE, None)
        self.assertEqual(domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "Gürteltier",
                                            None, None), 0)
        self.assertEqual(domain.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None), "Gürteltier")
        self.assertEqual(domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<mark n='1'/>",
                                            "m", "http://example.org/mark"), 0)
        self.assertEqual(domain.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT,
                                         "http://example.org/mark"), '<mark n="1"/>')

    def test_two_writers_see_each_other(self):
        other = libvirt.open(self.daemon.uri)
        self.addCleanup(other.close)
        domain = self.guest(running=False)
        there = other.lookupByName(domain.name())
        domain.setMaxMemory(64 * 1024)
        self.assertEqual(there.maxMemory(), 64 * 1024)

    def test_read_only(self):
        path = self.daemon.uri.replace("libvirt-sock", "libvirt-sock-ro")
        reader = libvirt.openReadOnly(path)
        self.addCleanup(reader.close)
        domain = self.guest(running=False)
        self.refused(libvirt.VIR_ERR_OPERATION_DENIED,
                     reader.lookupByName(domain.name()).create)


class Saving(DaemonTest):
    def test_managed(self):
        domain = self.guest()
        self.assertEqual(domain.hasManagedSaveImage(), 0)
        self.assertEqual(domain.managedSave(libvirt.VIR_DOMAIN_SAVE_PAUSED), 0)
        self.assertEqual(domain.hasManagedSaveImage(), 1)
        self.assertEqual(domain.isActive(), 0)
        self.assertIn(domain.name(), domain.managedSaveGetXMLDesc())
        self.assertEqual(domain.managedSaveDefineXML(domain.managedSaveGetXMLDesc()), 0)
        domain.create()
        self.assertEqual(domain.state(), [libvirt.VIR_DOMAIN_PAUSED,
                                          libvirt.VIR_DOMAIN_PAUSED_MIGRATION])
        domain.managedSave()
        self.assertEqual(domain.managedSaveRemove(), 0)
        self.assertEqual(domain.hasManagedSaveImage(), 0)

    def test_to_a_file(self):
        domain = self.guest()
        path = self.daemon.path(fresh_name() + ".save")
        self.assertEqual(domain.save(path), 0)
        self.addCleanup(os.unlink, path)
        self.assertIn(domain.name(), self.conn.saveImageGetXMLDesc(path))
        self.assertEqual(self.conn.saveImageDefineXML(path, self.conn.saveImageGetXMLDesc(path)), 0)
        self.assertEqual(self.conn.restore(path), 0)
        self.assertEqual(domain.isActive(), 1)

    def test_with_parameters(self):
        domain = self.guest()
        path = self.daemon.path(fresh_name() + ".save")
        self.assertEqual(domain.saveParams({libvirt.VIR_DOMAIN_SAVE_PARAM_FILE: path}), 0)
        self.addCleanup(os.unlink, path)
        self.assertEqual(self.conn.restoreParams({libvirt.VIR_DOMAIN_SAVE_PARAM_FILE: path},
                                                 libvirt.VIR_DOMAIN_SAVE_PAUSED), 0)
        self.assertEqual(domain.state()[0], libvirt.VIR_DOMAIN_PAUSED)

    def test_memory_dump(self):
        domain = self.guest()
        path = self.daemon.path(fresh_name() + ".core")
        with where_the_machine_allows():
            domain.coreDump(path, libvirt.VIR_DUMP_MEMORY_ONLY)
        self.assertGreater(os.path.getsize(path), 0)
        os.unlink(path)


class Asking(DaemonTest):
    def test_running(self):
        domain = self.guest()
        info = domain.info()
        self.assertEqual(info[:4], [libvirt.VIR_DOMAIN_RUNNING, 32768, 32768, 1])
        self.assertGreater(info[4], 0)
        self.assertEqual(domain.OSType(), "hvm")
        self.assertEqual(domain.maxVcpus(), 1)
        self.assertEqual(domain.vcpusFlags(libvirt.VIR_DOMAIN_VCPU_MAXIMUM
                                           | libvirt.VIR_DOMAIN_VCPU_CONFIG), 1)
        self.assertEqual(domain.controlInfo()[0], libvirt.VIR_DOMAIN_CONTROL_OK)
        self.assertIn("actual", domain.memoryStats())
        self.assertEqual(len(domain.blockStats("vda")), 5)
        self.assertIn("rd_bytes", domain.blockStatsFlags("vda"))
        self.assertEqual(domain.blockInfo("vda")[0], 1024 * 1024)
        self.assertEqual(domain.diskErrors(), {})
        self.assertEqual(domain.isUpdated(), 0)
        self.assertEqual(domain.hasCurrentSnapshot(), 0)
        processors, maps = domain.vcpus()
        self.assertEqual(processors[0][0], 0)
        self.assertEqual(len(maps), 1)
        self.assertEqual(len(domain.vcpuPinInfo()), 1)
        self.assertIsInstance(domain.emulatorPinInfo(), tuple)
        for label, enforcing in domain.securityLabelList():
            self.assertIsInstance(label, str)
            self.assertIs(enforcing, False)

    def test_memory_and_disk_as_bytes(self):
        domain = self.guest()
        self.eventually(lambda: domain.memoryPeek(0x7dfe, 2, libvirt.VIR_MEMORY_PHYSICAL)
                        == b"\x55\xaa", what="the boot sector is not in memory")
        self.assertEqual(domain.blockPeek("vda", 510, 2), b"\x55\xaa")
        self.assertIn(b"guest ready", domain.blockPeek("vda", 0, 512))

    def test_pinning(self):
        domain = self.guest()
        every = tuple([True] * len(domain.emulatorPinInfo()))
        with where_the_machine_allows():
            self.assertEqual(domain.pinVcpu(0, every), 0)
            self.assertEqual(domain.pinVcpuFlags(0, every, libvirt.VIR_DOMAIN_AFFECT_LIVE), 0)
            self.assertEqual(domain.pinEmulator(every), 0)

    def test_iothreads(self):
        domain = self.guest()
        self.assertEqual(domain.addIOThread(3), 0)
        self.assertEqual([one[0] for one in domain.ioThreadInfo()], [3])
        with where_the_machine_allows():
            domain.setIOThreadParams(3, {libvirt.VIR_DOMAIN_IOTHREAD_POLL_MAX_NS: 1000},
                                     libvirt.VIR_DOMAIN_AFFECT_LIVE)
        self.assertEqual(domain.delIOThread(3), 0)

    def test_devices_in_and_out(self):
        domain = self.guest()
        image = self.image()
        disk = (f"<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
                f"<source file='{image}'/><target dev='vdb' bus='virtio'/></disk>")
        self.assertEqual(domain.attachDevice(disk), 0)
        self.assertEqual(domain.blockInfo("vdb")[0], 1024 * 1024)
        throttle = {libvirt.VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC: 1 << 33}
        self.assertEqual(domain.setBlockIoTune("vdb", throttle), 0)
        self.assertEqual(domain.blockIoTune("vdb")["read_bytes_sec"], 1 << 33)
        self.assertEqual(domain.blockResize("vdb", 4096), 0)
        self.assertEqual(domain.blockInfo("vdb")[0], 4096 * 1024)
        self.assertEqual(domain.detachDeviceFlags(disk, libvirt.VIR_DOMAIN_AFFECT_LIVE), 0)

    def test_interface(self):
        domain = self.guest(more="<interface type='user'><mac address='52:54:00:00:00:01'/>"
                                 "</interface>")
        self.assertEqual(domain.interfaceParameters(
            "52:54:00:00:00:01", libvirt.VIR_DOMAIN_AFFECT_CONFIG)["inbound.average"], 0)
        with where_the_machine_allows(libvirt.VIR_ERR_CONFIG_UNSUPPORTED):
            domain.setInterfaceParameters("52:54:00:00:00:01", {
                libvirt.VIR_DOMAIN_BANDWIDTH_IN_AVERAGE: 100}, libvirt.VIR_DOMAIN_AFFECT_CONFIG)

    def test_keys_and_signals(self):
        domain = self.guest()
        self.assertEqual(domain.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 10, [28, 1], 2), 0)
        self.assertEqual(domain.injectNMI(), 0)
        self.refused(libvirt.VIR_ERR_NO_SUPPORT,
                     domain.sendProcessSignal, 1, libvirt.VIR_DOMAIN_PROCESS_SIGNAL_TERM)

    def test_the_agent_that_is_not_there(self):
        domain = self.guest()
        for call in (domain.fsInfo, domain.getTime, domain.hostname, domain.fsFreeze,
                     domain.fsThaw, domain.fSTrim, domain.guestInfo):
            arguments = (None, 0) if call == domain.fSTrim else ()
            with self.assertRaises(libvirt.libvirtError):
                call(*arguments)

    def test_graphics(self):
        domain = self.guest(more="<graphics type='vnc' autoport='yes'/>"
                                 "<video><model type='vga'/></video>")
        stream = self.conn.newStream()
        mime = domain.screenshot(stream, 0)
        self.assertIn(mime, ("image/x-portable-pixmap", "image/png"))
        received = bytearray()
        stream.recvAll(lambda st, data, opaque: received.extend(data), None)
        stream.finish()
        self.assertIn(bytes(received[:2]), (b"P6", b"\x89P"))
        with where_the_machine_allows():
            os.close(domain.openGraphicsFD(0))


if __name__ == "__main__":
    unittest.main()
