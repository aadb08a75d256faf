# SPDX-License-Identifier: LGPL-2.1-or-later
"""The facts against libvirt's real headers, and the plan against the real library."""

import fnmatch
import os
import pathlib
import subprocess
import unittest

from support import FACTS, TOP, GeneratorTest, bindgen

CC = os.environ.get("CC", "cc")
PROBE = TOP / "tests" / "null-probe"
HEADERS = pathlib.Path("/usr/include/libvirt/libvirt.h").exists()


@unittest.skipUnless(HEADERS, "libvirt's headers are not installed (Debian: libvirt-dev)")
class Headers(GeneratorTest):
    def compile(self, source):
        return subprocess.run([CC, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                               source], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)

    def source(self):
        output = self.folder()
        self.good("emit", "--only", "header-check", "--facts", FACTS, "--installed", "none",
                  "--output", output)
        return output / "header-check" / "header-check.c"

    def test_all_agree(self):
        process = self.compile(self.source())
        self.assertEqual((process.returncode, process.stdout), (0, ""))

    def test_a_difference_is_found(self):
        """Once for each kind of fact."""
        source = self.source()
        text = source.read_text(encoding="utf-8")
        for old, new in (
                ("SAME_FUNCTION(virDomainSetVcpus, int (*)(virDomainPtr domain, unsigned int",
                 "SAME_FUNCTION(virDomainSetVcpus, int (*)(virDomainPtr domain, unsigned long"),
                ("SAME_TYPE(virConnectCloseFunc, void (*)(virConnectPtr conn, int reason",
                 "SAME_TYPE(virConnectCloseFunc, void (*)(virConnectPtr conn, long reason"),
                ("unsigned short nrVirtCpu;", "unsigned char nrVirtCpu;"),
                ("VIR_DOMAIN_AFFECT_CONFIG == 2LL", "VIR_DOMAIN_AFFECT_CONFIG == 3LL"),
                ('SAME_TEXT(VIR_DOMAIN_SCHEDULER_CPU_SHARES, "cpu_shares")',
                 'SAME_TEXT(VIR_DOMAIN_SCHEDULER_CPU_SHARES, "cpu_share")'),
                ("VIR_UUID_BUFLEN == 16LL", "VIR_UUID_BUFLEN == 15LL")):
            with self.subTest(old):
                self.assertEqual(text.count(old), 1)
                source.write_text(text.replace(old, new), encoding="utf-8")
                self.assertNotEqual(self.compile(source).returncode, 0)


@unittest.skipUnless(HEADERS, "libvirt's headers are not installed (Debian: libvirt-dev)")
class Null(GeneratorTest):
    @classmethod
    def setUpClass(cls):
        with open(PROBE / "decided.tsv", encoding="utf-8") as file:
            cls.decided = [line.rstrip("\n").split("\t") for line in file
                           if not line.startswith("#")]

    def probe(self):
        """Rows of function, argument, plan, outcome, error."""
        folder = self.folder()
        process = bindgen("emit", "--only", "null-probe", "--output", folder)
        self.assertEqual(process.returncode, 0, process.stderr)
        program = folder / "probe"
        subprocess.run([CC, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-I", PROBE, "-o", program,
                        folder / "null-probe" / "null-probe.c", PROBE / "probe.c", "-lvirt",
                        "-lvirt-qemu", "-lvirt-lxc", "-lvirt-admin"], check=True)
        process = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 text=True, check=True, timeout=120, cwd=folder,
                                 env=dict(os.environ, HOME=str(folder),
                                          XDG_RUNTIME_DIR=str(folder)))
        return [line.split("\t") for line in process.stdout.splitlines()]

    def reason(self, function, argument, outcome):
        for row in self.decided:
            if (fnmatch.fnmatchcase(function, row[0]) and fnmatch.fnmatchcase(argument, row[1])
                    and row[2] == outcome):
                self.used.add(tuple(row))
                return row[3]
        return None

    def test_one_at_a_time(self):
        import ctypes

        version = ctypes.c_ulong()
        ctypes.CDLL("libvirt.so.0").virGetVersion(ctypes.byref(version), None, None)
        if version.value // 1000000 != 9:
            self.skipTest("what was decided is about libvirt 9")
        self.used = set()
        rows = self.probe()
        self.assertGreater(len(rows), 900)
        wanted = {"yes": "accepted", "no": "refused"}
        undecided = [row for row in rows
                     if row[3] not in (wanted[row[2]], "unreachable")
                     and not self.reason(row[0], row[1], row[3])]
        self.assertEqual(undecided, [])
        unused = [row for row in self.decided if tuple(row) not in self.used]
        self.assertEqual(unused, [])
        # -1 without an error: event loops do so, and what is left out.
        silent = {row[0] for row in rows if row[4] == "silent"}
        self.assertEqual(silent, {"virConnCopyLastError", "virCopyLastError", "virEventAddHandle",
                                  "virEventAddTimeout"})
        reached = [row for row in rows if row[3] != "unreachable"]
        self.assertGreater(len(reached), 0.95 * len(rows))


if __name__ == "__main__":
    unittest.main()
