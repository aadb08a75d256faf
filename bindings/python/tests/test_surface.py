# SPDX-License-Identifier: LGPL-2.1-or-later
"""The surface of the established binding: every class, method, function and constant is there, with
the same parameter names, order and defaults. surface.tsv and constants.tsv hold it as facts."""

import csv
import importlib
import inspect
import pathlib
import unittest

import libvirt

HERE = pathlib.Path(__file__).parent
RUNNING = libvirt.getVersion()


def rows(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def find(path):
    """The object at "libvirt.virDomain.create"; AttributeError where there is none."""
    module, *names = path.split(".")
    found = importlib.import_module(module)
    for name in names:
        found = getattr(found, name)
    return found


def parameters_of(function):
    """The parameters as text: "self, xml, flags=0"."""
    texts = []
    for parameter in inspect.signature(function).parameters.values():
        text = parameter.name
        if parameter.default is not inspect.Parameter.empty:
            text += f"={parameter.default!r}"
        texts.append(text)
    return ", ".join(texts)


class Surface(unittest.TestCase):
    maxDiff = None

    def test_functions(self):
        """Every function of the established binding has its parameters, or is too new for the
        libvirt that runs and says so."""
        for row in rows("surface.tsv"):
            with self.subTest(row["name"]):
                if int(row["since"]) > RUNNING:
                    with self.assertRaisesRegex(AttributeError, r"needs libvirt \d+\.\d+\.\d+"):
                        find(row["name"])
                else:
                    self.assertEqual(parameters_of(find(row["name"])), row["parameters"])

    @unittest.skipIf(RUNNING < 9000000, "the facts are those of libvirt 9.0.0")
    def test_constants(self):
        """Every constant has its value, as a plain int or str."""
        for row in rows("constants.tsv"):
            with self.subTest(row["name"]):
                value = find(row["name"])
                self.assertEqual(repr(value), row["value"])
                self.assertIn(type(value), (int, str))

    def test_constants_stand_in_the_module(self):
        """Programs scan the module's dictionary by prefix."""
        found = {name for name in vars(libvirt) if name.startswith("VIR_")}
        wanted = {
            row["name"].removeprefix("libvirt.")
            for row in rows("constants.tsv")
            if row["name"].startswith("libvirt.")
        }
        self.assertEqual(wanted - found, set())

    def test_no_sentinels(self):
        """Constants that only end their enum would change with each release."""
        self.assertFalse(hasattr(libvirt, "VIR_DOMAIN_LAST"))
        self.assertFalse(hasattr(libvirt, "VIR_ERR_NUMBER_LAST"))
        self.assertTrue(hasattr(libvirt, "VIR_DOMAIN_MEMORY_STAT_LAST"))

    def test_numbers_of_macros(self):
        self.assertEqual(libvirt.VIR_UUID_BUFLEN, 16)
        self.assertEqual(libvirt.VIR_UUID_STRING_BUFLEN, 37)
        self.assertEqual(libvirt.VIR_DOMAIN_SEND_KEY_MAX_KEYS, 16)
        self.assertEqual(libvirt.VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, 9007199254740991)


class Classes(unittest.TestCase):
    def test_programs_find_the_classes(self):
        classes = dict(inspect.getmembers(libvirt, inspect.isclass))
        wanted = {row["name"].split(".")[1] for row in rows("surface.tsv")
                  if row["name"].startswith("libvirt.vir") and row["name"].count(".") == 2}
        self.assertEqual(wanted - set(classes), set())
        for name in wanted:
            self.assertEqual(classes[name].__name__, name)
            self.assertEqual(classes[name].__module__, "libvirt")

    def test_the_exception(self):
        self.assertTrue(issubclass(libvirt.libvirtError, Exception))

    def test_admin(self):
        try:
            admin = importlib.import_module("libvirt_admin")
        except ImportError as error:
            self.skipTest(str(error))
        for name in ("virAdmConnect", "virAdmServer", "virAdmClient"):
            self.assertTrue(inspect.isclass(getattr(admin, name)))
        self.assertEqual(parameters_of(admin.virAdmConnect.listServers), "self, flags=0")
        self.assertEqual(parameters_of(admin.virAdmServer.lookupClient), "self, id, flags=0")
        self.assertEqual(parameters_of(admin.virAdmServer.setClientLimits), "self, params, flags=0")
        self.assertEqual(parameters_of(admin.virAdmClient.info), "self, flags=0")


class Documentation(unittest.TestCase):
    def test_every_function_is_documented(self):
        for row in rows("surface.tsv"):
            if int(row["since"]) > RUNNING or "._" in row["name"]:
                continue
            with self.subTest(row["name"]):
                self.assertTrue(inspect.getdoc(find(row["name"])))

    def test_names_are_those_of_python(self):
        text = inspect.getdoc(libvirt.virDomain.blockCopy)
        self.assertIn("virDomain.blockRebase()", text)
        self.assertIn("params: Pointer to block copy parameter objects, or None", text)
        self.assertNotIn("@flags", text)
        self.assertRegex(text, r"In C: virDomainBlockCopy\. Since libvirt 1\.2\.8\.$")


if __name__ == "__main__":
    unittest.main()
