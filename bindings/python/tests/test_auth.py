# SPDX-License-Identifier: LGPL-2.1-or-later
"""openAuth, on a node of the test driver that asks for a name and a password. SASL over TCP is in
test_daemon_auth.py."""

import contextlib
import io
import unittest

import libvirt

from node import node_uri
from subprograms import OURS

TYPES = [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE]
ANSWERS = {libvirt.VIR_CRED_AUTHNAME: "bob", libvirt.VIR_CRED_PASSPHRASE: "123456"}


def setUpModule():
    if not OURS:
        libvirt.registerErrorHandler(lambda context, error: None, None)


class TestAuth(unittest.TestCase):
    def setUp(self):
        self.uri = node_uri("auth", "<auth><user password='123456'>bob</user></auth>")
        self.asked = []

    def answer(self, credentials, opaque):
        self.asked.append((credentials, [list(each) for each in credentials], opaque))
        for credential in credentials:
            credential[4] = ANSWERS[credential[0]]
        return 0

    def open(self, callback, types=TYPES, kind=list):
        return libvirt.openAuth(self.uri, kind([types, callback, "opaque"]), 0)

    def failing(self, callback, kind=libvirt.libvirtError):
        """Opens in vain; the exception, and what was printed."""
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            with self.assertRaises(kind) as caught:
                self.open(callback)
        return caught.exception, printed.getvalue()

    def test_questions_and_answers(self):
        connection = self.open(self.answer)
        self.assertIsInstance(connection, libvirt.virConnect)
        self.assertEqual(connection.lookupByName("test").name(), "test")
        self.assertEqual([type(given) for given, _, _ in self.asked], [tuple, tuple])
        (_, (password,), _) = self.asked[1]
        self.assertIn(password[2], ("localhost", None))  # None from libvirt 11 on
        password[2] = "localhost"
        self.assertEqual([(asked, opaque) for _, asked, opaque in self.asked], [
            ([[libvirt.VIR_CRED_AUTHNAME, "Enter username for localhost", "localhost", None,
               None]], "opaque"),
            ([[libvirt.VIR_CRED_PASSPHRASE, "Enter bob's password for localhost", "localhost",
               None, None]], "opaque")])

    def test_nobody_asks(self):
        for auth in [[], None, None], [TYPES, None, None], [TYPES, self.answer, None]:
            connection = libvirt.openAuth("test:///default", auth)
            self.assertEqual(connection.getType(), "TEST")
        self.assertEqual(self.asked, [])

    def test_keywords(self):
        connection = libvirt.openAuth(
            uri=self.uri, auth=[TYPES, self.answer, None], flags=libvirt.VIR_CONNECT_RO)
        self.assertEqual(connection.getType(), "TEST")

    def test_refusal(self):
        error, printed = self.failing(lambda *arguments: -1)
        self.assertEqual(error.get_error_code(), libvirt.VIR_ERR_AUTH_FAILED)
        self.assertEqual(printed, "")

    def test_exception(self):
        error, printed = self.failing(lambda *arguments: 1 / 0)
        self.assertEqual(error.get_error_code(), libvirt.VIR_ERR_AUTH_FAILED)
        self.assertIn("ZeroDivisionError", printed)

    def test_no_answer(self):
        self.failing(lambda *arguments: 0)

    def test_no_callback(self):
        error, _ = self.failing(None)
        self.assertIn("Missing authentication callback", str(error))

    def test_wrong_password(self):
        def wrong(credentials, opaque):
            for credential in credentials:
                credential[4] = "wrong"
            return 0

        error, _ = self.failing(wrong)
        self.assertEqual(error.get_error_code(), libvirt.VIR_ERR_AUTH_FAILED)

    @unittest.skipUnless(OURS, "known to be a SystemError")
    def test_wrong_answers(self):
        for wrong in None, "0":
            error, printed = self.failing(lambda *arguments, wrong=wrong: wrong)
            self.assertEqual(error.get_error_code(), libvirt.VIR_ERR_AUTH_FAILED)
            self.assertIn("TypeError", printed)

    @unittest.skipUnless(OURS, "known to differ")
    def test_odd_lists(self):
        def shorten(credentials, opaque):
            credentials[0].clear()
            return 0

        self.failing(shorten)

        def embedded(credentials, opaque):
            credentials[0][4] = "bo\0b"
            return 0

        _, printed = self.failing(embedded)
        self.assertIn("ValueError", printed)

        def binary(credentials, opaque):
            credentials[0][4] = ANSWERS[credentials[0][0]].encode()
            return 0

        self.open(binary).close()

    @unittest.skipUnless(OURS, "known to crash")
    def test_tuples_and_none(self):
        self.open(self.answer, kind=tuple).close()
        self.open(self.answer, types=tuple(TYPES)).close()
        libvirt.openAuth("test:///default", None).close()

    @unittest.skipUnless(OURS, "known to crash")
    def test_wrong_arguments(self):
        for auth in (5, [], [TYPES], [TYPES, None], "abc", [TYPES, 5, None], [["x"], None, None],
                     [5, None, None], {}):
            with self.assertRaises(TypeError):
                libvirt.openAuth("test:///default", auth)
        with self.assertRaises(TypeError):
            libvirt.openAuth(5, None)
        with self.assertRaises(TypeError):
            libvirt.openAuth("test:///default")

    @unittest.skipUnless(OURS, "known to differ")
    def test_interrupt(self):
        def interrupt(*arguments):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.open(interrupt)


if __name__ == "__main__":
    unittest.main()
