# SPDX-License-Identifier: LGPL-2.1-or-later
"""The arguments of every domain event, also of those that the test driver never fires: against a
libvirt.so.0 of the test's own, which fires all of them."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from subprograms import OURS

HERE = os.path.dirname(os.path.abspath(__file__))

PROGRAM = """
import libvirt
connection = libvirt.open("fake:///")
def called(connection_, domain, *arguments):
    assert connection_ is connection and domain.name() == "fake"
    *values, opaque = arguments
    print(opaque, *map(repr, values))
for event in range(27):
    connection.domainEventRegisterAny(None, event, called, event)
libvirt.virEventRegisterDefaultImpl()
libvirt.virEventRunDefaultImpl()
for event in range(27):
    connection.domainEventDeregisterAny(event)
libvirt.virEventRunDefaultImpl()
"""

PARAMETERS = ("{'int': -1, 'uint': 4294967290, 'llong': -5, 'ullong': 18446744073709551615, "
              "'double': 0.5, 'boolean': True, 'string': 'text'}")

EXPECTED = f"""\
0 1 2
1
2 -3600
3 3
4 '/path' 'alias' 4
5 2 {{'family': 0, 'node': '127.0.0.1', 'service': '5900'}} \
{{'family': 2, 'node': None, 'service': None}} 'none' \
[('x509dname', 'CN=a'), ('saslUsername', 'b')]
6 '/path' None 4 'enospc'
7
8 'vda' 1 2
9 None '/new' 'alias' 5
10 'alias' 1
11 3
12 3
13 1048576
14 3
15 'alias'
16 'vda' 1 2
17 {PARAMETERS}
18 1 2
19 'alias'
20 3
21 {PARAMETERS}
22 'alias'
23 2 'urn:x'
24 'vda' None 18446744073709551615 1
25 1 2 3
26 'alias' 1099511627776
"""


@unittest.skipUnless(OURS, "the established binding is linked against libvirt's symbol versions")
@unittest.skipUnless(shutil.which("cc"), "needs a C compiler")
class TestShapes(unittest.TestCase):
    def test_every_domain_event(self):
        with tempfile.TemporaryDirectory(prefix="libvirt-fake-") as folder:
            subprocess.run(
                ["cc", "-std=gnu11", "-shared", "-fPIC", "-O1", "-o", os.path.join(folder, "libvirt.so.0"),
                 os.path.join(HERE, "fake_libvirt.c")], check=True)
            environment = dict(os.environ, LD_LIBRARY_PATH=folder)
            process = subprocess.run(
                [sys.executable, "-c", PROGRAM], env=environment, text=True, timeout=60,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(process.stderr, "")
        self.assertEqual(process.stdout, EXPECTED)
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
