# SPDX-License-Identifier: LGPL-2.1-or-later
"""Error handlers, and libvirt's last errors as tuples."""

import contextlib
import gc
import io
import threading
import unittest
import weakref

import libvirt

from subprograms import OURS, run

NO_DOMAIN = (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_FROM_TEST, "Domain not found",
             libvirt.VIR_ERR_ERROR, "Domain not found", None, None, -1, -1)


class Errors(unittest.TestCase):
    def setUp(self):
        self.calls = []
        self.connection = libvirt.open("test:///default")

    def tearDown(self):
        libvirt.registerErrorHandler(lambda context, error: None, None)

    def handler(self, *arguments):
        self.calls.append(arguments)

    def cause(self):
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.connection.lookupByName("missing")
        return caught.exception


class TestHandler(Errors):
    def test_arguments(self):
        self.assertEqual(libvirt.registerErrorHandler(self.handler, "context"), 1)
        self.assertEqual(self.cause().err[:3], NO_DOMAIN[:3])
        self.assertEqual(len(self.calls), 1)
        context, error = self.calls[0]
        self.assertEqual(context, "context")
        self.assertIs(type(error), tuple)
        self.assertEqual(error[:4], NO_DOMAIN[:4])
        self.assertEqual(len(error), 9)

    def test_keywords_and_replacement(self):
        libvirt.registerErrorHandler(f=print, ctx=None)
        libvirt.registerErrorHandler(f=self.handler, ctx=1)
        self.cause()
        self.assertEqual(len(self.calls), 1)

    def test_thread_of_the_call(self):
        threads = []
        libvirt.registerErrorHandler(
            lambda context, error: threads.append(threading.get_ident()), None)
        thread = threading.Thread(target=self.cause)
        thread.start()
        thread.join()
        self.assertEqual(threads, [thread.ident])

    @unittest.skipUnless(OURS, "known to be a SystemError")
    def test_failing_handler(self):
        def fail(context, error):
            raise ValueError("from the handler")

        libvirt.registerErrorHandler(fail, None)
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            self.assertEqual(self.cause().get_error_code(), libvirt.VIR_ERR_NO_DOMAIN)
        self.assertIn("ValueError: from the handler", printed.getvalue())

    @unittest.skipUnless(OURS, "known to differ")
    def test_not_callable(self):
        with self.assertRaises(TypeError):
            libvirt.registerErrorHandler(5, None)

    def test_handler_replaces_itself(self):
        def once(context, error):
            self.calls.append(error[0])
            libvirt.registerErrorHandler(lambda context, error: None, None)

        libvirt.registerErrorHandler(once, None)
        self.cause()
        self.cause()
        self.assertEqual(self.calls, [libvirt.VIR_ERR_NO_DOMAIN])

    @unittest.skipUnless(OURS, "known to print")
    def test_quiet_by_default(self):
        process = run("""
connection = libvirt.open("test:///default")
for _ in range(2):
    try:
        connection.lookupByName("missing")
    except libvirt.libvirtError as error:
        print(error)
    libvirt.registerErrorHandler(None, None)
""")
        self.assertEqual(process.stderr, "")
        self.assertEqual(process.stdout.count("not found"), 2)


@unittest.skipUnless(OURS, "the established binding has none")
class TestConnectionHandler(Errors):
    def test_own_handler(self):
        other = libvirt.open("test:///default")
        libvirt.registerErrorHandler(self.handler, "all")
        self.connection.virConnSetErrorFunc(self.handler, "one")
        self.cause()
        with self.assertRaises(libvirt.libvirtError):
            other.lookupByName("missing")
        self.connection.virConnSetErrorFunc(None, None)
        self.cause()
        self.assertIn("all", [context for context, _ in self.calls])

    def test_closing(self):
        self.connection.virConnSetErrorFunc(self.handler, "one")
        self.assertEqual(self.connection.close(), 0)

    def test_handler_does_not_keep_the_connection(self):
        other = libvirt.open("test:///default")
        other.virConnSetErrorFunc(self.handler, "first")
        other.virConnSetErrorFunc(self.handler, "second")
        gone = weakref.ref(other)
        del other
        gc.collect()
        self.assertIsNone(gone())

    def test_wrong_arguments(self):
        with self.assertRaisesRegex(TypeError, "f must be callable, not int"):
            self.connection.virConnSetErrorFunc(5, None)


class TestLastErrors(Errors):
    def setUp(self):
        super().setUp()
        libvirt.registerErrorHandler(lambda context, error: None, None)

    def test_of_the_thread(self):
        self.cause()
        self.assertEqual(libvirt.virGetLastError()[:4], NO_DOMAIN[:4])
        self.assertEqual(len(libvirt.virGetLastError()), 9)
        libvirt.virResetLastError()
        self.assertIsNone(libvirt.virGetLastError())

    def test_of_the_connection(self):
        fresh = self.connection.virConnGetLastError()
        self.assertEqual(len(fresh), 9)
        self.cause()
        self.assertEqual(self.connection.virConnGetLastError()[:4], NO_DOMAIN[:4])
        self.connection.virConnResetLastError()
        self.assertEqual(self.connection.virConnGetLastError(),
                         (0, 0, None, 0, None, None, None, 0, 0))

    @unittest.skipUnless(OURS, "the established binding has none")
    def test_default_printing(self):
        process = run("""
libvirt.virDefaultErrorFunc((42, 12, "Domain not found", 2, None, None, None, -1, -1))
for wrong in 5, (), (1,) * 8, ("1",) * 9:
    try:
        libvirt.virDefaultErrorFunc(wrong)
    except TypeError:
        print("TypeError")
""")
        self.assertEqual(process.stderr, "libvirt: Test Driver error : Domain not found\n")
        self.assertEqual(process.stdout, "TypeError\n" * 4)


if __name__ == "__main__":
    unittest.main()
