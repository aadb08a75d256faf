# SPDX-License-Identifier: LGPL-2.1-or-later
"""A node for the test driver: unlike test:///default, whoever opens its URI has it alone."""

import atexit
import os
import tempfile

_NODE = """
<node>
  <cpu><nodes>1</nodes><sockets>1</sockets><cores>2</cores><threads>1</threads></cpu>
  <domain type='test'>
    <name>test</name>
    <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
    <memory>8388608</memory>
    <currentMemory>2097152</currentMemory>
    <vcpu>2</vcpu>
    <os><type arch='i686'>hvm</type></os>
  </domain>
  <network>
    <name>default</name>
    <bridge name='virbr0'/>
    <ip address='192.168.122.1' netmask='255.255.255.0'/>
  </network>
  <pool type='dir'>
    <name>default-pool</name>
    <target><path>/default-pool</path></target>
  </pool>
  {more}
</node>
"""

_folder = tempfile.mkdtemp(prefix="libvirt-node-")


@atexit.register
def _remove():
    for name in os.listdir(_folder):
        os.unlink(os.path.join(_folder, name))
    os.rmdir(_folder)


def node_uri(name="node", more=""):
    """The URI of a node with these additional elements."""
    path = os.path.join(_folder, name + ".xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(_NODE.format(more=more))
    return "test://" + path
