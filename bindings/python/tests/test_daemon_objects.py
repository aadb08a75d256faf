# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets, network filters, networks, interfaces and devices of the host on a real daemon."""

import unittest

import libvirt

from daemon import DaemonTest, fresh_name, where_the_machine_allows


class Secrets(DaemonTest):
    def secret(self, private="no", usage=""):
        secret = self.conn.secretDefineXML(
            f"<secret ephemeral='yes' private='{private}'>{usage}</secret>")
        self.addCleanup(secret.undefine)
        return secret

    def test_bytes(self):
        secret = self.secret()
        self.refused(libvirt.VIR_ERR_NO_SECRET, secret.value)
        for value in (bytes(range(256)), b"\0", b"\xff\xfe\0\xc3", b"x" * 65536):
            self.assertEqual(secret.setValue(value), 0)
            self.assertEqual(secret.value(), value)

    def test_private(self):
        secret = self.secret(private="yes")
        secret.setValue(b"hidden")
        self.refused(libvirt.VIR_ERR_INVALID_SECRET, secret.value)

    def test_lookups_agree(self):
        name = "/nowhere/" + fresh_name()
        secret = self.secret(usage=f"<usage type='volume'><volume>{name}</volume></usage>")
        self.assertEqual(secret.usageType(), libvirt.VIR_SECRET_USAGE_TYPE_VOLUME)
        self.assertEqual(secret.usageID(), name)
        for other in (self.conn.secretLookupByUUID(secret.UUID()),
                      self.conn.secretLookupByUUIDString(secret.UUIDString()),
                      self.conn.secretLookupByUsage(libvirt.VIR_SECRET_USAGE_TYPE_VOLUME, name)):
            self.assertEqual(other.UUID(), secret.UUID())
        self.assertIn(secret.UUIDString(), self.conn.listSecrets())
        self.assertIn(secret.UUIDString(),
                      [one.UUIDString() for one in self.conn.listAllSecrets()])
        self.assertGreaterEqual(self.conn.numOfSecrets(), 1)
        self.assertIn(name, secret.XMLDesc())


class Filters(DaemonTest):
    def test_life(self):
        name = fresh_name()
        with where_the_machine_allows():
            made = self.conn.nwfilterDefineXML(
                f"<filter name='{name}' chain='root'>"
                f"<rule action='drop' direction='in' priority='500'/></filter>")
        self.addCleanup(made.undefine)
        self.assertEqual(made.name(), name)
        self.assertIn("drop", made.XMLDesc())
        for other in (self.conn.nwfilterLookupByName(name),
                      self.conn.nwfilterLookupByUUID(made.UUID()),
                      self.conn.nwfilterLookupByUUIDString(made.UUIDString())):
            self.assertEqual(other.UUID(), made.UUID())
        self.assertIn(name, self.conn.listNWFilters())
        self.assertIn(name, [one.name() for one in self.conn.listAllNWFilters()])
        self.assertGreaterEqual(self.conn.numOfNWFilters(), 1)
        self.assertEqual(self.conn.listAllNWFilterBindings(), [])


class Networks(DaemonTest):
    def network(self, forward="<forward mode='bridge'/><bridge name='none'/>"):
        network = self.conn.networkDefineXML(
            f"<network><name>{fresh_name()}</name>{forward}</network>")
        self.addCleanup(network.undefine)
        return network

    def test_definition(self):
        network = self.network()
        self.assertEqual((network.isActive(), network.isPersistent()), (0, 1))
        self.assertEqual(network.bridgeName(), "none")
        self.assertEqual(network.autostart(), 0)
        self.assertEqual(network.setAutostart(1), 0)
        self.assertEqual(network.autostart(), 1)
        for other in (self.conn.networkLookupByName(network.name()),
                      self.conn.networkLookupByUUID(network.UUID()),
                      self.conn.networkLookupByUUIDString(network.UUIDString())):
            self.assertEqual(other.UUID(), network.UUID())
        self.assertIn(network.name(), self.conn.listDefinedNetworks())
        self.assertIn(network.name(), [one.name() for one in self.conn.listAllNetworks()])

    def test_ports_of_a_network_that_needs_no_bridge(self):
        network = self.network()
        with where_the_machine_allows():
            network.create()
        self.addCleanup(network.destroy)
        self.assertEqual(network.isActive(), 1)
        with where_the_machine_allows():
            port = network.portCreateXML(
                "<networkport><uuid>6695eb01-f6a4-8304-79aa-97f2502e1931</uuid><owner>"
                "<uuid>6695eb01-f6a4-8304-79aa-97f2502e1930</uuid>"
                "<name>owner</name></owner><mac address='52:54:00:00:00:02'/>"
                "</networkport>")
        self.assertEqual(network.portLookupByUUID(port.UUID()).UUIDString(), port.UUIDString())
        self.assertEqual(len(network.listAllPorts()), 1)
        self.assertIs(port.network(), network)
        self.assertIn("owner", port.XMLDesc())
        self.assertIsInstance(port.parameters(), dict)
        self.assertEqual(port.delete(), 0)

    def test_isolated(self):
        network = self.network("<bridge name='vbrtest9'/>")
        with where_the_machine_allows():
            network.create()
        self.addCleanup(network.destroy)
        self.assertEqual(network.DHCPLeases(), [])


class Host(DaemonTest):
    def test_devices(self):
        with where_the_machine_allows():
            devices = self.conn.listAllDevices()
        self.assertIn("computer", [one.name() for one in devices])
        for device in devices:
            self.assertIsInstance(device.XMLDesc(), str)
            self.assertEqual(device.numOfCaps(), len(device.listCaps()))
        computer = self.conn.nodeDeviceLookupByName("computer")
        self.assertIsNone(computer.parent())
        self.assertEqual(self.conn.numOfDevices(None), len(self.conn.listDevices(None)))

    def test_interfaces(self):
        with where_the_machine_allows():
            interfaces = self.conn.listAllInterfaces()
        for interface in interfaces:
            self.assertEqual(self.conn.interfaceLookupByName(interface.name()).MACString(),
                             interface.MACString())
            self.assertIn(interface.isActive(), (0, 1))

    def test_machine(self):
        conn = self.conn
        self.assertEqual(conn.getType(), "QEMU")
        self.assertEqual(len(conn.getInfo()), 8)
        self.assertIn("<capabilities>", conn.getCapabilities())
        self.assertIn("<domainCapabilities>", conn.getDomainCapabilities(virttype="qemu"))
        self.assertGreater(conn.getFreeMemory(), 0)
        self.assertGreater(conn.getVersion(), 7000000)
        self.assertIn("qemu64", conn.getCPUModelNames("x86_64"))
        self.assertEqual(conn.isEncrypted(), 0)
        self.assertEqual(conn.isSecure(), 1)
        self.assertEqual(conn.getMaxVcpus("qemu") > 0, True)
        count, online, _total = conn.getCPUMap()
        self.assertEqual(count, len(online))
        self.assertIn("total", conn.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS))
        self.assertIn("user", conn.getCPUStats(libvirt.VIR_NODE_CPU_STATS_ALL_CPUS))
        with where_the_machine_allows():
            self.assertEqual(len(conn.getCellsFreeMemory(0, 1)), 1)

    def test_processors(self):
        cpu = "<cpu><arch>x86_64</arch><model>qemu64</model></cpu>"
        self.assertIn(self.conn.compareCPU(cpu), (
            libvirt.VIR_CPU_COMPARE_INCOMPATIBLE, libvirt.VIR_CPU_COMPARE_IDENTICAL,
            libvirt.VIR_CPU_COMPARE_SUPERSET))
        self.assertIn("<cpu", self.conn.baselineCPU([cpu, cpu]))
        with where_the_machine_allows():
            self.conn.compareHypervisorCPU(None, "x86_64", "pc", "qemu", cpu)
        with where_the_machine_allows():
            self.conn.baselineHypervisorCPU(None, "x86_64", "pc", "qemu", [cpu])

    def test_native_configuration(self):
        domain = self.guest(running=False)
        native = self.conn.domainXMLToNative("qemu-argv", domain.XMLDesc())
        self.assertIn("qemu-system", native)


if __name__ == "__main__":
    unittest.main()
