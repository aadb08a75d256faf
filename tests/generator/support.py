# SPDX-License-Identifier: LGPL-2.1-or-later
"""Running the generator on made-up and real descriptions."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
BUILD = BUILD if BUILD.is_absolute() else TOP / BUILD
BINDGEN = BUILD / "libvirt-bindgen"
FACTS = TOP / "api-xml"
GOLDEN = TOP / "tests" / "golden"
INSTALLED = pathlib.Path(os.environ.get("API_INSTALLED", "/usr/share/libvirt/api"))


def bindgen(*arguments, environment=None, cwd=TOP):
    """The finished process."""
    return subprocess.run([BINDGEN, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, cwd=cwd, timeout=120,
                          env=dict(os.environ, **(environment or {})))


def language_tests(language):
    """The folder of its tests, which each language calls as its own tools do."""
    (folder,) = (TOP / "bindings" / language).glob("test*")
    return folder


def golden_options(api=GOLDEN / "api", notes=GOLDEN / "golden.notes"):
    return ["--api", api, "--notes", notes]


class GeneratorTest(unittest.TestCase):
    maxDiff = None

    def folder(self):
        """A temporary one."""
        path = tempfile.mkdtemp(prefix="bindgen-")
        self.addCleanup(shutil.rmtree, path)
        return pathlib.Path(path)

    def good(self, *arguments, **options):
        """Runs it where it must work without a word on standard error; its output."""
        process = bindgen(*arguments, **options)
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        return process.stdout

    def golden_api(self):
        """A copy of the made-up description, to be changed."""
        folder = self.folder() / "api"
        shutil.copytree(GOLDEN / "api", folder)
        return folder

    def golden_bindings(self):
        """A folder with the names of each language for the made-up description."""
        folder = self.folder()
        for names in (GOLDEN / "names").iterdir():
            (folder / names.name).mkdir()
            shutil.copy(names, folder / names.name / "names")
        return folder

    def insert(self, api, text):
        """Adds symbols to a copy; the line on which they begin."""
        path = api / "libvirt-api.xml"
        before, after = path.read_text(encoding="utf-8").split("  </symbols>", 1)
        path.write_text(before + text + "  </symbols>" + after, encoding="utf-8")
        return before.count("\n") + 1

    def replace(self, api, old, new):
        """Changes one place of a copy."""
        path = api / "libvirt-api.xml"
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, old)
        path.write_text(text.replace(old, new), encoding="utf-8")


def format_patterns(source, macro=r"error_at"):
    """Every message that the C file can report, as a regular expression."""
    text = source.read_text(encoding="utf-8")
    for call in re.finditer(macro + r"\((.*?)\);", text, re.DOTALL):
        strings = re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r'"\s*\n\s*"', "", call[1]))
        if strings:
            yield strings[0], re.compile(
                ".*".join(map(re.escape, re.split(r"%(?:\.\*)?[a-z]+", strings[0]))), re.DOTALL)
