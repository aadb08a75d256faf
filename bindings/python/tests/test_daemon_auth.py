# SPDX-License-Identifier: LGPL-2.1-or-later
"""openAuth against a daemon that asks for user and password over TCP."""

import contextlib
import io
import os
import tempfile
import unittest

import libvirt

from daemon import OURS, own_daemon

USER, PASSWORD = "meerkat", "söme password"
TYPES = [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE]


class Authentication(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = own_daemon(cls.addClassCleanup, sasl={USER: PASSWORD})

    def answer(self, user, password):
        """A callback, and what it was asked."""
        asked = []

        def callback(credentials, opaque):
            for credential in credentials:
                asked.append((credential[0], credential[1], opaque))
                credential[4] = user if credential[0] == libvirt.VIR_CRED_AUTHNAME else password
            return 0

        return callback, asked

    def test_right(self):
        callback, asked = self.answer(USER, PASSWORD)
        conn = libvirt.openAuth(self.daemon.tcp_uri, [TYPES, callback, "opaque"], 0)
        self.assertEqual(conn.listAllDomains(), [])
        self.assertEqual(conn.getType(), "QEMU")
        conn.close()
        self.assertEqual({one[0] for one in asked}, set(TYPES))
        for _kind, prompt, opaque in asked:
            self.assertIsInstance(prompt, str)
            self.assertEqual(opaque, "opaque")

    def refuse(self, auth):
        with self.assertRaises(libvirt.libvirtError) as caught:
            libvirt.openAuth(self.daemon.tcp_uri, auth, 0)
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_AUTH_FAILED)

    def test_wrong(self):
        self.refuse([TYPES, self.answer(USER, "wrong")[0], None])
        self.refuse([TYPES, self.answer("nobody", PASSWORD)[0], None])

    def test_refused_by_the_callback(self):
        self.refuse([TYPES, lambda credentials, opaque: -1, None])

    def test_exception_in_the_callback(self):
        def fail(_credentials, _opaque):
            raise ZeroDivisionError("told")

        with contextlib.redirect_stderr(io.StringIO()) as errors:
            self.refuse([TYPES, fail, None])
        self.assertIn("ZeroDivisionError", errors.getvalue())

    def test_nobody_to_ask(self):
        with self.assertRaises(libvirt.libvirtError):
            libvirt.open(self.daemon.tcp_uri)

    @unittest.skipUnless(OURS, "known to be a SystemError")
    def test_callback_without_answer(self):
        with self.assertRaises((libvirt.libvirtError, TypeError)), \
                contextlib.redirect_stderr(io.StringIO()):
            libvirt.openAuth(self.daemon.tcp_uri, [TYPES, lambda credentials, opaque: None, None])

    def test_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as file:
            file.write(f"[credentials-test]\nauthname={USER}\npassword={PASSWORD}\n"
                       f"[auth-libvirt-127.0.0.1]\ncredentials=test\n")
            file.flush()
            uri = self.daemon.tcp_uri + "?authfile=" + file.name
            conn = libvirt.openAuth(uri, [TYPES, self.answer(None, None)[0], None])
            self.assertEqual(conn.isAlive(), 1)
            conn.close()
        self.assertFalse(os.path.exists(file.name))

    def test_unix_socket_asks_nothing(self):
        callback, asked = self.answer(USER, PASSWORD)
        libvirt.openAuth(self.daemon.uri, [TYPES, callback, None]).close()
        self.assertEqual(asked, [])


if __name__ == "__main__":
    unittest.main()
