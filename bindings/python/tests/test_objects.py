# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects and modules: relatives, lives, what programs do to them, what is absent, and the modules
under C's names."""

import copy
import gc
import inspect
import os
import pickle
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import weakref

import libvirt

from node import node_uri
from subprograms import check

NODE = node_uri("objects")
NEEDS = r"needs libvirt \d+\.\d+\.\d+, this is \d+\.\d+\.\d+"


class Objects(unittest.TestCase):
    def setUp(self):
        self.connection = libvirt.open(NODE)
        self.domain = self.connection.lookupByName("test")


class TestRelatives(Objects):
    def test_of_a_domain(self):
        self.assertIs(self.domain.connect(), self.connection)
        self.assertIs(self.domain._conn, self.connection)
        self.assertFalse(hasattr(self.connection, "connect"))
        self.assertFalse(hasattr(self.connection, "_conn"))

    def test_of_a_snapshot(self):
        snapshot = self.domain.snapshotCreateXML("<domainsnapshot/>")
        self.assertIs(snapshot.domain(), self.domain)
        self.assertIs(snapshot.getDomain(), self.domain)
        self.assertIs(snapshot._dom, self.domain)
        for connection in snapshot.connect(), snapshot.getConnect(), snapshot._conn:
            self.assertIs(connection, self.connection)

    def test_numbers_on_classes(self):
        self.assertEqual(libvirt.virStorageVol.streamBufSize, 262120)


class TestLives(Objects):
    def test_a_child_keeps_its_connection(self):
        connection = weakref.ref(self.connection)
        self.connection = None
        gc.collect()
        self.assertIsNotNone(connection())
        self.assertEqual(self.domain.name(), "test")
        self.domain = None
        gc.collect()
        self.assertIsNone(connection())

    def test_cycles_are_collected(self):
        self.domain.self = self.domain
        self.connection.domain = self.domain
        domain = weakref.ref(self.domain)
        self.domain = self.connection = None
        gc.collect()
        self.assertIsNone(domain())

    def test_close(self):
        connection = libvirt.open(NODE)
        self.assertEqual(connection.close(), 0)
        self.assertIsNone(connection._o)
        self.assertEqual(connection.c_pointer(), 0)
        self.assertEqual(self.connection.close(), 1)
        self.assertEqual(self.domain.name(), "test")

    def test_with(self):
        with libvirt.open(NODE) as connection:
            self.assertEqual(connection.getType(), "TEST")
        with self.assertRaises(libvirt.libvirtError):
            connection.getType()
        with self.assertRaises(libvirt.libvirtError):
            with connection:
                pass

    def test_close_while_others_are_in_calls(self):
        for _ in range(20):
            connection = libvirt.open(NODE)
            started = threading.Barrier(5)
            outcomes = []

            def work():
                started.wait()
                try:
                    while True:
                        connection.getAllDomainStats()
                except libvirt.libvirtError as error:
                    outcomes.append(error.get_error_code())

            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads:
                thread.start()
            started.wait()
            connection.close()
            for thread in threads:
                thread.join()
            self.assertEqual(outcomes, [libvirt.VIR_ERR_INVALID_CONN] * 4)

    def test_an_exception_on_its_way_survives(self):
        def fail():
            domain = self.connection.lookupByName("test")
            raise KeyError(domain.name())

        with self.assertRaisesRegex(KeyError, "test"):
            fail()

    def test_at_the_end_of_the_process(self):
        check(self, """
            import sys
            connection = libvirt.open(sys.argv[1])
            domains = connection.listAllDomains()
            sys.kept = connection, domains
        """)


class TestManners(Objects):
    def test_attributes(self):
        self.domain.note = "mine"
        self.domain.name = lambda: "replaced"
        self.assertEqual((self.domain.note, self.domain.name()), ("mine", "replaced"))
        del self.domain.name
        self.assertEqual(self.domain.name(), "test")
        self.assertEqual(vars(self.domain), {"note": "mine"})

    def test_attributes_of_classes(self):
        with unittest.mock.patch.object(libvirt.virDomain, "name", lambda self: "replaced"):
            self.assertEqual(self.domain.name(), "replaced")
        self.assertEqual(self.domain.name(), "test")

    def test_derived(self):
        class Mine(libvirt.virDomain):
            def __init__(self, connection, capsule):
                super().__init__(connection, _obj=capsule)
                self.extra = 5

            def name(self):
                return "mine " + super().name()

        mine = Mine(self.connection, self.domain._o)
        self.assertEqual((mine.name(), mine.extra), ("mine test", 5))
        self.assertIs(mine.connect(), self.connection)
        self.assertIn(".Mine name='test'", repr(mine))

    def test_derived_without_an_object(self):
        class Fake(libvirt.virDomain):
            def __init__(self):
                self.calls = []

        fake = Fake()
        self.assertIn("freed", repr(fake))
        with self.assertRaises(libvirt.libvirtError):
            fake.info()

    def test_mocks(self):
        domain = unittest.mock.create_autospec(libvirt.virDomain, instance=True)
        domain.name.return_value = "mocked"
        self.assertEqual(domain.name(), "mocked")
        self.assertIsInstance(domain, libvirt.virDomain)
        with self.assertRaises(AttributeError):
            domain.noSuchMethod()

    def test_two_lookups_are_two_objects(self):
        other = self.connection.lookupByName("test")
        self.assertNotEqual(self.domain, other)
        self.assertEqual(len({self.domain, other}), 2)
        self.assertIsInstance(self.domain.c_pointer(), int)

    def test_repr(self):
        self.assertRegex(repr(self.domain), r"^<libvirt\.virDomain name='test' at 0x[0-9a-f]+>$")
        connection = libvirt.open(NODE)
        self.assertRegex(repr(connection), r"^<libvirt\.virConnect at 0x[0-9a-f]+>$")
        connection.close()
        self.assertRegex(repr(connection), r"^<libvirt\.virConnect closed at 0x[0-9a-f]+>$")

    def test_no_copies(self):
        for attempt in copy.copy, copy.deepcopy, pickle.dumps:
            with self.subTest(attempt), self.assertRaisesRegex(TypeError, "virDomain.*process"):
                attempt(self.domain)

    def test_wrong_objects(self):
        for call in (lambda: libvirt.virDomain.name(self.connection),
                     lambda: self.domain.migrate3(self.domain, {}),
                     lambda: self.domain.migrate3(5, {})):
            with self.assertRaises(TypeError):
                call()


class TestConstructors(Objects):
    def test_from_a_capsule(self):
        self.assertEqual(type(self.domain._o).__name__, "PyCapsule")
        domain = libvirt.virDomain(self.connection, _obj=self.domain._o)
        self.domain = None
        self.assertEqual(domain.name(), "test")
        self.assertIs(domain.connect(), self.connection)
        connection = libvirt.virConnect(self.connection._o)
        self.assertEqual(connection.getType(), "TEST")
        connection.close()
        self.assertEqual(self.connection.getType(), "TEST")

    def test_without(self):
        for make in (lambda: libvirt.virDomain(self.connection), libvirt.virConnect,
                     lambda: libvirt.virDomain(self.connection, 5)):
            with self.assertRaisesRegex(Exception, "Expected a wrapped C Object"):
                make()
        with self.assertRaises(TypeError):
            libvirt.virDomain()
        with self.assertRaisesRegex(TypeError, "virNetworkPtr"):
            libvirt.virNetwork(self.connection, self.domain._o)

    def test_signatures(self):
        for kind, signature in ((libvirt.virConnect, "(_obj=None)"),
                                (libvirt.virDomain, "(conn, _obj=None)"),
                                (libvirt.virDomainSnapshot, "(dom, _obj=None)"),
                                (libvirt.virNetworkPort, "(net, _obj=None)")):
            self.assertEqual(str(inspect.signature(kind)), signature)


class TestAbsence(Objects):
    """What the running libvirt does not have yet."""

    def setUp(self):
        super().setUp()
        if hasattr(libvirt.virDomain, "autostartOnce"):
            self.skipTest("this libvirt has everything that is asked for here")

    def test_of_methods(self):
        for holder in self.domain, libvirt.virDomain:
            self.assertFalse(hasattr(holder, "autostartOnce"))
            self.assertNotIn("autostartOnce", dir(holder))
            self.assertIn("name", dir(holder))
            with self.assertRaisesRegex(AttributeError, "virDomainGetAutostartOnce " + NEEDS):
                holder.autostartOnce

    def test_dir_names_what_is_there(self):
        for name, kind in inspect.getmembers(libvirt, inspect.isclass):
            if name.startswith("vir"):
                for attribute in dir(kind):
                    getattr(kind, attribute)

    def test_a_program_may_put_something_in_its_place(self):
        self.domain.autostartOnce = lambda: 1
        self.assertEqual(self.domain.autostartOnce(), 1)

    def test_of_constants(self):
        self.assertFalse(hasattr(libvirt, "VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE"))
        with self.assertRaisesRegex(AttributeError, "NIC_MAC_CHANGE " + NEEDS):
            libvirt.VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE
        with self.assertRaisesRegex(AttributeError, "module 'libvirt' has no attribute 'foo'"):
            libvirt.foo
        self.assertEqual(getattr(libvirt, "VIR_NO_SUCH_THING", 5), 5)


class TestModules(Objects):
    def test_constants_are_plain(self):
        self.assertIs(type(libvirt.VIR_DOMAIN_RUNNING), int)
        self.assertIs(type(libvirt.VIR_DOMAIN_SCHEDULER_WEIGHT), str)
        self.assertIn("VIR_DOMAIN_RUNNING", vars(libvirt))

    def test_no_libvirt(self):
        """A libvirt.so.0 that cannot be opened, as good as none."""
        with tempfile.TemporaryDirectory() as folder:
            open(os.path.join(folder, "libvirt.so.0"), "w", encoding="ascii").close()
            process = subprocess.run(
                [sys.executable, "-c", "import libvirt"], text=True, stderr=subprocess.PIPE,
                env=dict(os.environ, LD_LIBRARY_PATH=folder), timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertRegex(process.stderr, r"ImportError: libvirt\.so\.0 cannot be opened: install "
                         r"the package libvirt0 \(Debian, Ubuntu\) or libvirt-libs \(Fedora\)")

    def test_no_library_of_another_module(self):
        for module, library in (("libvirt_qemu", "libvirt-qemu"), ("libvirt_lxc", "libvirt-lxc"),
                                ("libvirt_admin", "libvirt-admin"),
                                ("libvirtmod_qemu", "libvirt-qemu")):
            with tempfile.TemporaryDirectory() as folder:
                open(os.path.join(folder, library + ".so.0"), "w", encoding="ascii").close()
                process = subprocess.run(
                    [sys.executable, "-c", "import libvirt\nimport " + module], text=True,
                    stderr=subprocess.PIPE, env=dict(os.environ, LD_LIBRARY_PATH=folder),
                    timeout=60)
            self.assertRegex(process.stderr,
                             rf"ImportError: {library}\.so\.0 cannot be opened: install")

    def test_importing_libvirt_alone(self):
        check(self, """
            import sys
            print(sorted(name for name in sys.modules if "libvirt" in name))
        """, """
            ['libvirt']
        """)

    def test_the_others(self):
        import libvirt_admin
        import libvirt_lxc
        import libvirt_qemu

        self.assertEqual(libvirt_qemu.qemuMonitorCommand.__module__, "libvirt_qemu")
        self.assertEqual(libvirt_admin.virAdmConnect.__module__, "libvirt_admin")
        self.assertTrue(callable(libvirt_lxc.lxcOpenNamespace))


class TestRawModules(Objects):
    def test_capsules_for_objects(self):
        import libvirtmod

        self.assertEqual(libvirtmod.virDomainGetName(self.domain._o), "test")
        capsule = libvirtmod.virDomainLookupByName(self.connection._o, "test")
        self.assertIn('"virDomainPtr"', repr(capsule))
        domain = libvirt.virDomain(self.connection, _obj=capsule)
        del capsule
        self.assertEqual(domain.UUID(), self.domain.UUID())
        (capsule,) = libvirtmod.virConnectListAllDomains(self.connection._o, 0)
        self.assertEqual(libvirtmod.virDomainGetName(capsule), "test")
        ((capsule, stats),) = libvirtmod.virConnectGetAllDomainStats(self.connection._o, 0, 0)
        self.assertEqual(libvirtmod.virDomainGetUUIDString(capsule), self.domain.UUIDString())

    def test_a_connection_by_capsules_alone(self):
        import libvirtmod

        connection = libvirtmod.virConnectOpen(NODE)
        domain = libvirtmod.virDomainLookupByName(connection, "test")
        del connection
        self.assertEqual(libvirtmod.virDomainGetName(domain), "test")

    def test_wrong_arguments(self):
        import libvirtmod

        for arguments in (), (5,), (None,), ("test",), (self.connection._o,), (self.domain._o, 5):
            with self.subTest(arguments=arguments), self.assertRaises(TypeError):
                libvirtmod.virDomainGetName(*arguments)

    def test_a_closed_connection(self):
        import libvirtmod

        capsule = self.connection._o
        self.connection.close()
        with self.assertRaises(libvirt.libvirtError):
            libvirtmod.virConnectGetType(capsule)

    def test_what_objects_have_besides(self):
        import libvirtmod

        capsule = libvirtmod.virDomainLookupByName(self.connection._o, "test")
        self.assertGreater(libvirtmod.virDomain_pointer(capsule), 0)
        self.assertEqual(libvirtmod.virDomain_pointer(self.domain._o), self.domain.c_pointer())
        self.assertEqual(libvirtmod.virDomainFree(capsule), 0)
        self.assertEqual(libvirtmod.virDomain_pointer(capsule), 0)
        with self.assertRaisesRegex(libvirt.libvirtError, "invalid domain"):
            libvirtmod.virDomainFree(capsule)
        for wrong in 5, None, self.connection._o, self.domain:
            with self.assertRaisesRegex(TypeError, "expected a capsule with a virDomain"):
                libvirtmod.virDomainFree(wrong)
        self.assertEqual(self.domain.name(), "test")

    def test_names_that_are_not_c_s(self):
        import libvirtmod

        self.assertEqual(libvirtmod.virConnectListDomainsID(self.connection._o), [1])
        for name in ("virRegisterErrorHandler", "virEventInvokeFreeCallback",
                     "virEventInvokeHandleCallback", "virEventInvokeTimeoutCallback"):
            self.assertTrue(callable(getattr(libvirtmod, name)))
        self.assertFalse(hasattr(libvirtmod, "virAdmServerFree"))

    def test_kin(self):
        import libvirtmod_lxc
        import libvirtmod_qemu

        self.assertTrue(callable(libvirtmod_qemu.virDomainQemuMonitorCommand))
        self.assertTrue(callable(libvirtmod_lxc.virDomainLxcOpenNamespace))
        self.assertIsNone(re.match("libvirt_", libvirtmod_qemu.__name__))


if __name__ == "__main__":
    unittest.main()
