# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of connections, on the test driver and libvirt's default event loop."""

import contextlib
import gc
import io
import sys
import time
import unittest
import weakref

import libvirt

from node import node_uri
from subprograms import LOSING, OURS, check, run

SCSI_HOST = """
<device>
  <name>scsi_host22</name>
  <parent>scsi_host2</parent>
  <capability type='scsi_host'>
    <capability type='fc_host'>
      <wwnn>2000000012341234</wwnn>
      <wwpn>1000000012341234</wwpn>
    </capability>
  </capability>
</device>
"""


def setUpModule():
    if not OURS:
        libvirt.registerErrorHandler(lambda context, error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    # So that a test whose event does not come fails instead of hanging.
    libvirt.virEventAddTimeout(10, lambda timer, opaque: None, None)


class Events(unittest.TestCase):
    def setUp(self):
        self.connection = libvirt.open(node_uri())
        self.domain = self.connection.lookupByName("test")
        self.calls = []

    def tearDown(self):
        del self.domain
        with contextlib.suppress(libvirt.libvirtError):
            self.connection.close()

    def called(self, *arguments):
        self.calls.append(arguments)

    def pump(self, count=1, seconds=5):
        """Runs the loop until so many calls came; none: for a moment."""
        until = time.monotonic() + (seconds if count else 0.05)
        while time.monotonic() < until and (not count or len(self.calls) < count):
            libvirt.virEventRunDefaultImpl()

    def expect(self, *expected):
        """The calls that came must be these, connection and object aside."""
        self.pump(len(expected))
        self.assertEqual([call[2:] for call in self.calls], list(expected))
        self.calls.clear()


class TestDelivery(Events):
    def test_arguments(self):
        number = self.connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.called, "opaque")
        self.assertEqual(number, 0)
        self.domain.suspend()
        self.pump()
        connection, domain, event, detail, opaque = self.calls[0]
        self.assertIs(connection, self.connection)
        self.assertIsInstance(domain, libvirt.virDomain)
        self.assertIsNot(domain, self.domain)
        self.assertEqual(domain.name(), "test")
        self.assertIs(domain.connect(), self.connection)
        self.assertEqual((event, detail, opaque), (
            libvirt.VIR_DOMAIN_EVENT_SUSPENDED, libvirt.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED,
            "opaque"))
        self.assertIs(type(event), int)

    def test_lifecycle_in_order(self):
        self.connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.called, None)
        self.domain.suspend()
        self.domain.resume()
        self.domain.destroy()
        self.domain.create()
        self.expect((3, 0, None), (4, 0, None), (5, 1, None), (2, 0, None))

    def test_one_domain_only(self):
        self.connection.domainEventRegisterAny(
            self.domain, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.called, "one")
        other = self.connection.createXML(
            "<domain type='test'><name>other</name><memory>1024</memory><os><type>hvm</type></os>"
            "</domain>")
        other.destroy()
        self.domain.suspend()
        self.expect((3, 0, "one"))

    def test_metadata_change(self):
        self.connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, self.called, "op")
        self.domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, "text", None, None)
        self.domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<a/>", "key", "urn:x")
        self.expect((libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, None, "op"),
                    (libvirt.VIR_DOMAIN_METADATA_ELEMENT, "urn:x", "op"))

    def test_network(self):
        self.assertEqual(self.connection.networkEventRegisterAny(
            None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, self.called, "net"), 0)
        network = self.connection.networkLookupByName("default")
        network.destroy()
        network.create()
        self.pump(2)
        self.assertIsInstance(self.calls[0][1], libvirt.virNetwork)
        self.assertEqual(self.calls[0][1].name(), "default")
        self.expect((libvirt.VIR_NETWORK_EVENT_STOPPED, 0, "net"),
                    (libvirt.VIR_NETWORK_EVENT_STARTED, 0, "net"))

    def test_storage_pool(self):
        for event in (libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE,
                      libvirt.VIR_STORAGE_POOL_EVENT_ID_REFRESH):
            self.connection.storagePoolEventRegisterAny(None, event, self.called, event)
        pool = self.connection.storagePoolLookupByName("default-pool")
        pool.refresh()
        pool.destroy()
        self.pump(2)
        self.assertIsInstance(self.calls[0][1], libvirt.virStoragePool)
        self.expect((1,), (libvirt.VIR_STORAGE_POOL_EVENT_STOPPED, 0, 0))

    def test_node_device(self):
        connection = libvirt.open("test:///default")  # it makes hosts like one of its own only
        number = connection.nodeDeviceEventRegisterAny(
            None, libvirt.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, self.called, "dev")
        device = connection.nodeDeviceCreateXML(SCSI_HOST, 0)
        device.destroy()
        self.pump(2)
        connection.nodeDeviceEventDeregisterAny(number)
        self.assertIsInstance(self.calls[0][1], libvirt.virNodeDevice)
        self.expect((libvirt.VIR_NODE_DEVICE_EVENT_CREATED, 0, "dev"),
                    (libvirt.VIR_NODE_DEVICE_EVENT_DELETED, 0, "dev"))

    def test_secrets_are_refused_by_the_driver(self):
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.connection.secretEventRegisterAny(
                None, libvirt.VIR_SECRET_EVENT_ID_LIFECYCLE, self.called, None)
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_SUPPORT)
        self.assertFalse(getattr(self.connection, "secretEventCallbackID", {}))

    def test_keywords(self):
        self.connection.domainEventRegisterAny(
            dom=None, eventID=libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, cb=self.called, opaque=1)
        self.domain.suspend()
        self.expect((3, 0, 1))


class TestRegistration(Events):
    def register(self, opaque=None, domain=None, callback=None):
        return self.connection.domainEventRegisterAny(
            domain, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, callback or self.called, opaque)

    def test_dictionary_of_opaques(self):
        self.assertFalse(hasattr(self.connection, "domainEventCallbackID"))
        first = self.register("first")
        second = self.register("second", self.domain)
        self.assertEqual(self.connection.domainEventCallbackID,
                         {first: "first", second: "second"})
        self.assertIsNone(self.connection.domainEventDeregisterAny(first))
        self.assertEqual(self.connection.domainEventCallbackID, {second: "second"})

    def test_same_event_twice(self):
        self.register("first")
        with self.assertRaisesRegex(libvirt.libvirtError, "already tracked"):
            self.register("second")
        self.assertEqual(self.connection.domainEventCallbackID, {0: "first"})

    def test_nothing_comes_after_deregistering(self):
        self.connection.domainEventDeregisterAny(self.register())
        self.domain.suspend()
        self.pump(0)
        self.assertEqual(self.calls, [])

    def test_unknown_id(self):
        with self.assertRaisesRegex(libvirt.libvirtError, "77"):
            self.connection.domainEventDeregisterAny(77)
        with self.assertRaises(TypeError):
            self.connection.domainEventDeregisterAny("0")

    def test_unknown_event(self):
        for event in (-1, 999):
            with self.assertRaises(libvirt.libvirtError):
                self.connection.domainEventRegisterAny(None, event, self.called, None)

    def test_deregistering_within_the_callback(self):
        def once(connection, domain, event, detail, number):
            self.calls.append((event,))
            connection.domainEventDeregisterAny(number[0])

        number = []
        number.append(self.register(number, callback=once))
        self.domain.suspend()
        self.domain.resume()
        self.pump(1)
        self.pump(0)
        self.assertEqual(self.calls, [(3,)])
        self.assertEqual(self.connection.domainEventCallbackID, {})

    def test_callback_is_dropped(self):
        class Opaque:
            pass

        opaque = Opaque()
        watched = weakref.ref(opaque)
        number = self.register(opaque)
        del opaque
        gc.collect()
        self.assertIsNotNone(watched())
        self.connection.domainEventDeregisterAny(number)
        self.pump(0)
        gc.collect()
        self.assertIsNone(watched())

    @unittest.skipUnless(OURS, "known to differ")
    def test_wrong_arguments(self):
        with self.assertRaises(TypeError):
            self.register(callback=5)
        with self.assertRaises(TypeError):
            self.register(domain="test")
        with self.assertRaises(TypeError):
            self.register(domain=self.connection)
        with self.assertRaises(TypeError):
            self.connection.domainEventRegisterAny(None, 0, self.called)
        self.register()

    @unittest.skipUnless(OURS, "known to differ")
    def test_close_ends_all(self):
        class Opaque:
            pass

        opaque = Opaque()
        watched = weakref.ref(opaque)
        self.register(opaque)
        self.connection.domainEventRegister(self.called, opaque)
        self.connection.networkEventRegisterAny(None, 0, self.called, opaque)
        self.connection.registerCloseCallback(self.called, opaque)
        del opaque
        self.connection.__dict__.clear()
        del self.domain
        self.assertEqual(self.connection.close(), 0)
        gc.collect()
        self.assertIsNone(watched())
        self.domain = None

    def test_connection_lives_as_long_as_its_callbacks(self):
        self.register("kept")
        connection = weakref.ref(self.connection)
        domain = self.domain
        self.connection = libvirt.open(node_uri())
        gc.collect()
        self.assertIsNotNone(connection())
        domain.suspend()
        self.expect((3, 0, "kept"))
        connection().close()

    def test_closed_connection(self):
        closed = libvirt.open("test:///default")
        closed.close()
        with self.assertRaises(libvirt.libvirtError):
            closed.domainEventRegisterAny(None, 0, self.called, None)


class TestExceptions(Events):
    def fail(self, *arguments):
        self.calls.append(arguments)
        raise ValueError("from the callback")

    def test_traceback_and_the_loop_goes_on(self):
        self.connection.domainEventRegisterAny(None, 0, self.fail, None)
        self.domain.suspend()
        self.domain.resume()
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            self.expect((3, 0, None), (4, 0, None))
        self.assertEqual(printed.getvalue().count("ValueError: from the callback"), 2)
        self.assertIn("Traceback", printed.getvalue())

    def test_excepthook(self):
        seen = []
        sys.excepthook, hook = lambda *parts: seen.append(parts[0]), sys.excepthook
        try:
            self.connection.domainEventRegisterAny(None, 0, self.fail, None)
            self.domain.suspend()
            self.pump(1)
        finally:
            sys.excepthook = hook
        self.assertEqual(seen, [ValueError])

    @unittest.skipUnless(OURS, "known to differ")
    def test_leaving_leaves_the_loop(self):
        for kind in (KeyboardInterrupt, SystemExit):
            def leave(*arguments, kind=kind):
                raise kind("now")

            number = self.connection.domainEventRegisterAny(None, 0, leave, None)
            self.domain.suspend()
            with self.assertRaisesRegex(kind, "now"):
                self.pump(1)
            self.connection.domainEventDeregisterAny(number)
            self.domain.resume()
            self.pump(0)


class TestDeprecated(Events):
    def other(self, *arguments):
        self.calls.append(arguments + ("other",))

    def test_register_and_deregister(self):
        self.assertIsNone(self.connection.domainEventRegister(self.called, "first"))
        self.assertEqual(self.connection.domainEventCallbacks, {self.called: "first"})
        self.connection.domainEventRegister(self.called, "again")
        self.domain.suspend()
        self.pump(1)
        self.assertIs(self.calls[0][0], self.connection)
        self.assertEqual(self.calls[0][1].name(), "test")
        self.expect((3, 0, "again"))
        self.assertIsNone(self.connection.domainEventDeregister(self.called))
        self.domain.resume()
        self.pump(0)
        self.assertEqual(self.calls, [])
        self.connection.domainEventRegister(self.called, "anew")
        self.domain.suspend()
        self.expect((3, 0, "anew"))

    def test_beside_an_event_by_id(self):
        self.connection.domainEventRegisterAny(None, 0, self.called, "by id")
        self.connection.domainEventRegister(self.called, "deprecated")
        self.domain.suspend()
        self.pump(2)
        self.assertEqual({call[-1] for call in self.calls}, {"by id", "deprecated"})

    def test_unknown_callable(self):
        self.assertIsNone(self.connection.domainEventDeregister(self.called)
                          if OURS else None)
        self.connection.domainEventRegister(self.called, None)
        with self.assertRaises(KeyError):
            self.connection.domainEventDeregister(self.other)

    @unittest.skipUnless(OURS, "known to differ")
    def test_one_failing_does_not_hide_the_others(self):
        def fail(*arguments):
            raise AttributeError("from the callback")

        self.connection.domainEventRegister(fail, None)
        self.connection.domainEventRegister(self.called, "called")
        self.domain.suspend()
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            self.expect((3, 0, "called"))
        self.assertIn("AttributeError: from the callback", printed.getvalue())

    @unittest.skipUnless(OURS, "known to differ")
    def test_not_callable(self):
        with self.assertRaises(TypeError):
            self.connection.domainEventRegister(5, None)
        self.connection.domainEventRegister(self.called, "works")
        self.domain.suspend()
        self.expect((3, 0, "works"))

    @unittest.skipUnless(OURS, "known to differ")
    def test_failed_registration_leaves_nothing(self):
        closed = libvirt.open("test:///default")
        closed.close()
        for _ in range(2):
            with self.assertRaises(libvirt.libvirtError):
                closed.domainEventRegister(self.called, None)
        self.assertFalse(getattr(closed, "domainEventCallbacks", {}))


class TestCloseCallback(Events):
    def test_register_and_unregister(self):
        self.assertEqual(self.connection.registerCloseCallback(self.called, "opaque"), 0)
        self.assertIsNone(self.connection.unregisterCloseCallback())

    def test_close_does_not_call_it(self):
        connection = libvirt.open("test:///default")
        connection.registerCloseCallback(self.called, "opaque")
        connection.close()
        self.pump(0)
        self.assertEqual(self.calls, [])


class TestDispatchers(Events):
    """The private ones that the established binding has."""

    def test_methods(self):
        data = {"cb": self.called, "opaque": "op"}
        dispatch = self.connection._dispatchDomainEventRTCChangeCallback
        if OURS:
            self.assertEqual(dispatch(self.domain, 5, data), 0)
            self.assertEqual(self.calls, [(self.connection, self.domain, 5, "op")])

    @unittest.skipUnless(OURS, "its objects want capsules")
    def test_wrong_data(self):
        with self.assertRaises(TypeError):
            self.connection._dispatchDomainEventGenericCallback(self.domain, 5)
        with self.assertRaises(KeyError):
            self.connection._dispatchDomainEventGenericCallback(self.domain, {})


LOOP_THREAD = """
import sys, threading
libvirt.virEventRegisterDefaultImpl()
def loop():
    while True:
        libvirt.virEventRunDefaultImpl()
threading.Thread(target=loop, daemon=True).start()
connection = libvirt.open(sys.argv[1])
domain = connection.lookupByName("test")
came = threading.Event()
"""


class TestProcesses(unittest.TestCase):
    def test_exit_with_a_loop_thread(self):
        check(self, LOOP_THREAD + """
def callback(*arguments):
    came.set()
connection.domainEventRegisterAny(None, 0, callback, None)
domain.suspend()
print(came.wait(10))
""", """
True
""", environment=LOSING)

    def test_exit_while_callbacks_come(self):
        for _ in range(3):
            process = run(LOOP_THREAD + """
def callback(*arguments):
    came.set()
connection.domainEventRegisterAny(None, 0, callback, None)
def fire():
    while True:
        domain.suspend()
        domain.resume()
threading.Thread(target=fire, daemon=True).start()
libvirt.virEventAddTimeout(0, lambda *arguments: None, None)
came.wait(10)
""", environment=LOSING)
            self.assertEqual(process.returncode, 0, process.stderr)
            if OURS:
                self.assertEqual(process.stderr, "")

    @unittest.skipUnless(OURS, "known to differ")
    def test_exit_from_a_callback_on_the_main_thread(self):
        process = run("""
libvirt.virEventRegisterDefaultImpl()
connection = libvirt.open("test:///default")
domain = connection.lookupByName("test")
def callback(*arguments):
    raise SystemExit(3)
connection.domainEventRegisterAny(None, 0, callback, None)
domain.suspend()
while True:
    libvirt.virEventRunDefaultImpl()
""")
        self.assertEqual((process.returncode, process.stderr), (3, ""))

    def test_interrupting_the_loop(self):
        process = run("""
import os, signal, threading
libvirt.virEventRegisterDefaultImpl()
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    while True:
        libvirt.virEventRunDefaultImpl()
except KeyboardInterrupt:
    print("interrupted")
""")
        self.assertEqual((process.stdout, process.stderr), ("interrupted\n", ""))

    def test_threads_register_and_deregister(self):
        check(self, LOOP_THREAD + """
def work():
    mine = libvirt.open(sys.argv[1])
    domain = mine.lookupByName("test")
    for _ in range(50):
        number = mine.domainEventRegisterAny(None, 0, lambda *arguments: None, object())
        domain.suspend()
        domain.resume()
        mine.domainEventDeregisterAny(number)
    mine.close()
threads = [threading.Thread(target=work) for _ in range(4)]
libvirt.virEventAddTimeout(1, lambda *arguments: None, None)
for thread in threads: thread.start()
for thread in threads: thread.join()
print("done")
""", """
done
""", environment=LOSING)


if __name__ == "__main__":
    unittest.main()
