# SPDX-License-Identifier: LGPL-2.1-or-later
"""The class libvirtError, and how errors are raised."""

import inspect
import pickle
import threading
import traceback
import unittest

import libvirt

NO_DOMAIN = (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_FROM_TEST, "Domain not found",
             libvirt.VIR_ERR_ERROR, "Domain not found", None, None, -1, -1)

GETTERS = ("get_error_code", "get_error_domain", "get_error_message", "get_error_level",
           "get_str1", "get_str2", "get_str3", "get_int1", "get_int2")


class Errors(unittest.TestCase):
    def setUp(self):
        self.connection = libvirt.open("test:///default")
        libvirt.virResetLastError()

    def failure(self):
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.connection.lookupByName("missing")
        return caught.exception


class TestRaised(Errors):
    def test_values(self):
        error = self.failure()
        self.assertEqual(error.err, NO_DOMAIN)
        self.assertEqual(str(error), "Domain not found")
        self.assertEqual(error.args, ("Domain not found",))
        for getter, value in zip(GETTERS, NO_DOMAIN):
            self.assertEqual(getattr(error, getter)(), value, getter)

    def test_it_is_an_exception_like_others(self):
        error = self.failure()
        self.assertIsInstance(error, Exception)
        self.assertEqual(type(error), libvirt.libvirtError)
        self.assertEqual(libvirt.libvirtError.__bases__, (Exception,))
        self.assertIn("libvirt.libvirtError: Domain not found",
                      traceback.format_exception_only(error)[0])

    def test_each_thread_has_its_own(self):
        errors = {}

        def fail(name):
            try:
                if name == "domain":
                    self.connection.lookupByName("missing")
                else:
                    self.connection.networkLookupByName("missing")
            except libvirt.libvirtError as error:
                errors[name] = error.get_error_code()

        for _ in range(50):
            threads = [threading.Thread(target=fail, args=(name,)) for name in ("domain", "network")]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(errors, {"domain": libvirt.VIR_ERR_NO_DOMAIN,
                                      "network": libvirt.VIR_ERR_NO_NETWORK})

    def test_long_messages_are_whole(self):
        name = "n" * 3000
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.connection.storagePoolLookupByName(name)
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_STORAGE_POOL)
        self.assertIn(name, str(caught.exception)[:3100])
        self.assertIn(name, caught.exception.get_str2())


class TestMadeByHand(Errors):
    def test_without_an_error_of_libvirts(self):
        error = libvirt.libvirtError("mine")
        self.assertEqual((str(error), error.err, error.args), ("mine", None, ("mine",)))
        for getter in GETTERS:
            self.assertIsNone(getattr(error, getter)(), getter)
        self.assertEqual(str(libvirt.libvirtError(defmsg="named")), "named")

    def test_after_a_failed_call(self):
        self.failure()
        error = libvirt.libvirtError("mine")
        self.assertEqual((str(error), error.err), ("Domain not found", NO_DOMAIN))
        self.connection.lookupByName("test")
        self.assertEqual(str(libvirt.libvirtError("mine")), "mine")

    def test_err_is_a_plain_attribute(self):
        error = libvirt.libvirtError("mine")
        error.err = [libvirt.VIR_ERR_NO_SUPPORT, None, "mine"]
        self.assertEqual(error.get_error_code(), libvirt.VIR_ERR_NO_SUPPORT)
        self.assertEqual(error.get_error_message(), "mine")
        with self.assertRaises(IndexError):
            error.get_int2()

    def test_wrong_arguments(self):
        for arguments in (), ("a", "b"):
            with self.assertRaises(TypeError):
                libvirt.libvirtError(*arguments)
        with self.assertRaises(TypeError):
            libvirt.libvirtError(message="x")
        self.assertEqual(str(inspect.signature(libvirt.libvirtError)), "(defmsg)")

    def test_derived(self):
        class Mine(libvirt.libvirtError):
            def __init__(self, text):
                super().__init__(text)
                self.text = text

        with self.assertRaises(libvirt.libvirtError) as caught:
            raise Mine("mine")
        self.assertEqual((caught.exception.text, caught.exception.err), ("mine", None))

    def test_pickles(self):
        original = self.failure()
        original.note = "kept"
        with self.assertRaises(libvirt.libvirtError):
            self.connection.networkLookupByName("missing")  # must not show in the copy
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            copy = pickle.loads(pickle.dumps(original, protocol))
            self.assertEqual((type(copy), copy.err, copy.args, copy.note),
                             (libvirt.libvirtError, NO_DOMAIN, original.args, "kept"))


class TestClosed(Errors):
    def test_use_of_a_closed_connection(self):
        self.connection.close()
        for call in (self.connection.close, self.connection.getType,
                     self.connection.listAllDomains, lambda: self.connection.lookupByName("test")):
            with self.assertRaisesRegex(libvirt.libvirtError, "invalid connection") as caught:
                call()
            self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_INVALID_CONN)
            self.assertEqual(caught.exception.get_error_level(), libvirt.VIR_ERR_ERROR)

    def test_use_of_a_freed_object(self):
        domain = self.connection.lookupByName("test")
        domain.__del__()
        with self.assertRaisesRegex(libvirt.libvirtError, "invalid domain") as caught:
            domain.name()
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_INVALID_DOMAIN)


if __name__ == "__main__":
    unittest.main()
