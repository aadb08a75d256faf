# SPDX-License-Identifier: LGPL-2.1-or-later
"""A fresh test driver with one object of each class, and one call on it: what test_driver.py
compares, and record_driver_calls.py writes down."""

import os
import tempfile

import libvirt

CALLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "driver_calls.tsv")

DOMAIN = ("<domain type='test'><name>{}</name><memory>8192</memory><vcpu>2</vcpu>"
          "<os><type>hvm</type></os></domain>")
DEVICE = ("<device><parent>scsi_host1</parent><capability type='scsi_host'>"
          "<capability type='fc_host'><wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn>"
          "</capability></capability></device>")
DISK = ("<disk type='file' device='disk'><source file='/guest/new.img'/>"
        "<target dev='vdz' bus='virtio'/></disk>")
POOL = "<pool type='dir'><name>{}</name><target><path>/made-up</path></target></pool>"
NETWORK = "<network><name>{}</name><forward mode='bridge'/><bridge name='br9'/></network>"
VOLUME = "<volume><name>{}</name><capacity>1048576</capacity></volume>"
INTERFACE = "<interface type='ethernet' name='{}'><start mode='none'/></interface>"

NODE = """
<node>
  <cpu><mhz>2100</mhz><model>i986</model><active>2</active><nodes>2</nodes><sockets>1</sockets>
    <cores>2</cores><threads>1</threads></cpu>
  <memory>4194304</memory>
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>test</name>
    <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
    <memory>8388608</memory>
    <currentMemory>2097152</currentMemory>
    <vcpu>2</vcpu>
    <iothreads>2</iothreads>
    <os><type arch='i686'>hvm</type></os>
    <devices>
      <disk type='file' device='disk'><source file='/guest/disk.img'/>
        <target dev='vda' bus='virtio'/></disk>
      <interface type='network'><mac address='aa:bb:cc:dd:ee:01'/><source network='default'/>
        <target dev='eth0'/></interface>
      <graphics type='vnc'/>
      <memballoon model='virtio'/>
    </devices>
  </domain>
  <network>
    <name>default</name>
    <uuid>dd8fe884-6c02-601e-7551-cca97df1c5df</uuid>
    <bridge name='virbr0'/>
    <ip address='192.168.122.1' netmask='255.255.255.0'>
      <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip>
  </network>
  <interface type='ethernet' name='eth1'><start mode='onboot'/><mac address='aa:bb:cc:dd:ee:ff'/>
    <mtu size='1492'/></interface>
  <pool type='dir'>
    <name>default-pool</name>
    <uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>
    <target><path>/default-pool</path></target>
  </pool>
  <device><name>computer</name><capability type='system'><hardware><vendor>Libvirt</vendor>
    <uuid>11111111-2222-3333-4444-555555555555</uuid></hardware></capability></device>
  <device><name>scsi_host1</name><parent>computer</parent><capability type='scsi_host'>
    <host>1</host><unique_id>0</unique_id>
    <capability type='fc_host'><wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn>
    <fabric_wwn>2000000043214321</fabric_wwn></capability>
    <capability type='vport_ops'><max_vports>127</max_vports><vports>0</vports></capability>
  </capability></device>
</node>
"""


def nothing(*_arguments):
    """A callback."""


class World:
    """What the arguments in driver_calls.tsv can name. Attributes are made when they are named."""

    libvirt = libvirt
    nothing = staticmethod(nothing)
    DOMAIN, DEVICE, DISK, POOL, NETWORK, VOLUME, INTERFACE = (
        DOMAIN, DEVICE, DISK, POOL, NETWORK, VOLUME, INTERFACE)

    def __init__(self, folder):
        # test:///default is one for all connections of a process; this one is new.
        node = os.path.join(folder, "node.xml")
        with open(node, "w", encoding="utf-8") as file:
            file.write(NODE)
        self.conn = libvirt.open("test://" + node)
        self.folder = folder
        self.made = {}

    def __getitem__(self, name):
        if name not in self.made:
            makers = {
                "virConnect": lambda: self.conn,
                "virDomain": lambda: self.conn.lookupByName("test"),
                "virDomainSnapshot": lambda: self["virDomain"].snapshotCreateXML(
                    "<domainsnapshot><name>first</name></domainsnapshot>"),
                "virDomainCheckpoint": lambda: self["virDomain"].checkpointCreateXML(
                    "<domaincheckpoint><name>first</name></domaincheckpoint>"),
                "virInterface": lambda: self.conn.interfaceLookupByName("eth1"),
                "virNetwork": lambda: self.conn.networkLookupByName("default"),
                "virNodeDevice": lambda: self.conn.nodeDeviceLookupByName("scsi_host1"),
                "virStoragePool": lambda: self.conn.storagePoolLookupByName("default-pool"),
                "virStorageVol": lambda: self["virStoragePool"].createXML(VOLUME.format("volume")),
                "virStream": lambda: self.conn.newStream(),
                "off": lambda: self.conn.defineXML(DOMAIN.format("off")),
                "paused": lambda: self.after(self["virDomain"], "suspend"),
                "titled": lambda: self.after(self["virDomain"], "setMetadata",
                                             libvirt.VIR_DOMAIN_METADATA_TITLE, "x", None, None),
                "withSnapshot": lambda: self.after(self["virDomain"], "snapshotCreateXML",
                                                   "<domainsnapshot/>"),
                "offNetwork": lambda: self.after(self["virNetwork"], "destroy"),
                "offPool": lambda: self.after(self["virStoragePool"], "destroy"),
                "offInterface": lambda: self.after(self["virInterface"], "destroy"),
                "changing": lambda: self.after(self.conn, "changeBegin"),
                "path": lambda: os.path.join(self.folder, "file"),
                "saved": self.save,
            }
            if name not in makers:
                if not hasattr(self, name):
                    raise KeyError(name)
                return getattr(self, name)
            self.made[name] = makers[name]()
        return self.made[name]

    @staticmethod
    def after(target, method, *arguments):
        """The target, on which the method was called."""
        getattr(target, method)(*arguments)
        return target

    def save(self):
        """The path of a saved domain."""
        self["virDomain"].save(self["path"])
        return self["path"]


def describe(value):
    """A value as text; objects by their class only."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{describe(key)}: {describe(one)}"
                               for key, one in sorted(value.items())) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(describe, value)) + ",)"
    if isinstance(value, list):
        # Lists of names come in the order of a hash table.
        ordered = sorted(value) if all(isinstance(one, str) for one in value) else value
        return "[" + ", ".join(map(describe, ordered)) + "]"
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return repr(value)
    return type(value).__name__


def shape(value):
    """The same without what differs from run to run."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{describe(key)}: {shape(one)}"
                               for key, one in sorted(value.items())) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shape, value)) + ",)"
    if isinstance(value, list):
        return "[" + ", ".join(map(shape, value)) + "]"
    return type(value).__name__


def attempt(target_name, method, arguments, summary):
    """Makes one call in a world of its own; its outcome as text."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        try:
            target = world[target_name]
            given = eval(f"({arguments},)", {}, world) if arguments else ()
            return summary(getattr(target, method)(*given))
        except libvirt.libvirtError as error:
            return f"error {error.get_error_code()}"
        except (RuntimeError, TypeError, ValueError) as error:
            return type(error).__name__
        finally:
            try:
                world.conn.close()
            except libvirt.libvirtError:
                pass


def read_calls():
    """The rows (target, method, arguments, outcome)."""
    with open(CALLS, encoding="utf-8") as file:
        return [tuple(line.rstrip("\n").split("\t")) for line in file if not line.startswith("#")]
