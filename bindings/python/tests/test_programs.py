# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that others wrote for the established binding, unchanged, with ours first on their path;
and the same without it, to compare what they say.

Debian's packages: virtinst virt-manager xvfb x11-utils libvirt-clients-qemu, and python3-libvirt,
which the first two bring along. The examples of libvirt-python's source are in no package of
Debian 12's: LIBVIRT_PYTHON_EXAMPLES names a folder with them."""

import collections
import contextlib
import functools
import gzip
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import libvirt

from daemon import GREETING, OURS, DaemonTest, fresh_name, own_daemon
from node import node_uri

PYTHON = "/usr/bin/python3"
FOLDER_OF_OURS = os.path.dirname(os.path.abspath(libvirt.__file__))
SECONDS = 40
# So that nothing stays behind where a test is killed.
ENDS_WITH_US = ["setpriv", "--pdeathsig", "TERM", "--"]

# At its end, each program says which modules it had.
_REPORTER = """
import atexit, os, sys
@atexit.register
def report():
    with open(os.environ["MODULES_REPORT"], "a") as file:
        for name, module in list(sys.modules.items()):
            if name.startswith("libvirt") and getattr(module, "__file__", None):
                print(name, module.__file__, file=file)
"""

Outcome = collections.namedtuple("Outcome", "status output errors")

_scratch = None


def setUpModule():
    global _scratch
    if not OURS:
        raise unittest.SkipTest("about ours only")
    if "TEST_SANITIZED" in os.environ:
        raise unittest.SkipTest("each program takes seconds with the sanitizers")
    installed("setpriv", "util-linux")
    if not os.path.exists(PYTHON):
        raise unittest.SkipTest("needs Debian's package python3")
    # -E -s: without PYTHONPATH, and what pip installed.
    if subprocess.run([PYTHON, "-E", "-s", "-c", "import libvirtmod"], check=False,
                      stderr=subprocess.DEVNULL).returncode:
        raise unittest.SkipTest("needs Debian's package python3-libvirt")
    _scratch = tempfile.mkdtemp(prefix="libvirt-programs-")
    unittest.addModuleCleanup(shutil.rmtree, _scratch)
    os.mkdir(os.path.join(_scratch, "reporter"))
    write(os.path.join("reporter", "sitecustomize.py"), _REPORTER)


def write(name, text):
    """A file of the tests' own; its path."""
    path = os.path.join(_scratch, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def installed(name, package):
    """The path of a program, or a skip that names what to install."""
    path = shutil.which(name)
    if path is None:
        raise unittest.SkipTest(f"needs Debian's package {package}")
    return path


def environment(ours, folder):
    """Nothing of the user's but the path, and nowhere to leave things but the folder."""
    path = [os.path.join(_scratch, "reporter")]
    if ours:
        path.insert(0, FOLDER_OF_OURS)
    result = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    result.update({
        "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
        "MODULES_REPORT": os.path.join(folder, "modules"),
        "HOME": os.path.join(folder, "home"), "TMPDIR": os.path.join(folder, "home"),
        # No bus is started, no accessibility, no settings that are kept.
        "DBUS_SESSION_BUS_ADDRESS": "disabled:", "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory",
    })
    for name in "CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR":
        result["XDG_" + name] = os.path.join(folder, "home", name.lower())
        os.mkdir(result["XDG_" + name], 0o700)
    return result


class Program:
    """One that runs, with ours or with the established binding. FOLDER in an argument is where it
    starts, and has to itself."""

    def __init__(self, test, ours, command, stdin=subprocess.DEVNULL, **variables):
        self.test, self.ours = test, ours
        self.base = tempfile.mkdtemp(dir=_scratch)
        self.folder = os.path.join(self.base, "work")
        for name in "home", "work":
            os.mkdir(os.path.join(self.base, name))
        if isinstance(stdin, str):
            stdin = self._open("input", "w+")
            stdin.write(variables.pop("text"))
            stdin.seek(0)
        with self._open("output", "w") as output, self._open("errors", "w") as errors:
            # A session of its own has no terminal that a program could ask for passwords.
            self.process = subprocess.Popen(
                [*ENDS_WITH_US, PYTHON, *(word.replace("FOLDER", self.folder) for word in command)],
                env={**environment(ours, self.base), **variables}, cwd=self.folder, stdin=stdin,
                stdout=output, stderr=errors, start_new_session=True)
        test.addCleanup(self.stop)

    def _open(self, name, mode):
        return open(os.path.join(self.base, name), mode, encoding="utf-8")

    @property
    def output(self):
        return read(os.path.join(self.base, "output"))

    @property
    def errors(self):
        return read(os.path.join(self.base, "errors"))

    def wait_for(self, answers, what):
        """Waits until a function's result is true, and returns that."""
        deadline = time.monotonic() + SECONDS
        while True:
            result = answers()
            if result:
                return result
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.test.fail(f"{what}: it did not come (status {self.process.returncode})\n"
                               f"{self.output[-5000:]}\n{self.errors[-5000:]}")
            time.sleep(0.1)

    def says(self, text):
        """Waits for a text in its output, or its log."""
        self.wait_for(lambda: text in self.output or text in self.errors, text)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def finish(self):
        """Waits until it ends, and sees that it had the right modules; what it said, with what
        differs between any two runs made equal."""
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.test.fail(f"it does not end:\n{self.output}\n{self.errors}")
        with self._open("modules", "r") as file:
            self.check_files([line.split()[1] for line in file])
        return Outcome(self.process.returncode, self.normal(self.output), self.normal(self.errors))

    def check_loaded(self):
        """Of a program that runs."""
        with open(f"/proc/{self.process.pid}/maps", encoding="utf-8") as file:
            mapped = {line.split()[-1] for line in file}
        self.check_files([path for path in mapped if re.search(r"/libvirt(mod)?[^/]*(abi3|cpython)",
                                                               path)])

    def check_files(self, files):
        self.test.assertTrue(files, self.errors)
        for file in files:
            self.test.assertEqual(os.path.dirname(file) == FOLDER_OF_OURS, self.ours, file)

    def normal(self, text):
        text = text.replace(self.base, "BASE")
        # The established binding is written in Python in part, and by default prints errors.
        text = re.sub(r'  File "[^"]*/libvirt\w*\.py", .*\n(    .*\n)+', "", text)
        text = re.sub(r"^libvirt: .*\n", "", text, flags=re.MULTILINE)
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", text)
        text = re.sub(r"(00:16:3e|52:54:00)(:[0-9a-f]{2}){3}", "MAC", text)
        return re.sub(r"\b0x[0-9a-f]{6,}", "ADDRESS", text)


class Comparing:
    """For tests that run programs."""

    def compare(self, *command, status=0, **options):
        """Both runs must say the same; what they said."""
        programs = [Program(self, ours, command, **options) for ours in (True, False)]
        outcome, established = (program.finish() for program in programs)
        self.assertEqual(outcome, established)
        self.assertEqual(outcome.status, status, outcome)
        return outcome


@functools.lru_cache(maxsize=None)
def quiet_daemon():
    """One without other tests' guests: some programs act on all that they find."""
    return own_daemon(unittest.addModuleCleanup)


class QuietDaemonTest(Comparing, DaemonTest):
    def setUp(self):
        self.daemon = quiet_daemon()
        self.conn = libvirt.open(self.daemon.uri)
        self.addCleanup(self.conn.close)


# ---- virtinst ----

_SHUT_OFF = """
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <test:runstate>5</test:runstate>
    <name>off</name>
    <memory>65536</memory>
    <vcpu>2</vcpu>
    <os><type arch='i686'>hvm</type></os>
    <devices>
      <disk type='file' device='disk'>
        <source file='/images/off.img'/>
        <target dev='vda' bus='virtio'/>
      </disk>
      <interface type='network'>
        <mac address='52:54:00:11:22:33'/>
        <source network='default'/>
      </interface>
    </devices>
  </domain>
  <pool type='dir'>
    <name>images</name>
    <target><path>/images</path></target>
    <volume type='file'>
      <name>off.img</name>
      <capacity unit='MiB'>8</capacity>
      <target><path>/images/off.img</path></target>
    </volume>
  </pool>
"""

ANY_SYSTEM = ("--osinfo", "detect=off,require=off")


class VirtinstTest(Comparing, unittest.TestCase):
    def setUp(self):
        self.uri = node_uri("virtinst", more=_SHUT_OFF)

    def run_it(self, name, *arguments, **options):
        return self.compare(installed(name, "virtinst"), "--connect", self.uri, *arguments,
                            **options)


class VirtInstall(VirtinstTest):
    def install(self, *arguments, name="new", **options):
        return self.run_it("virt-install", "--name", name, "--memory", "64", *arguments, **options)

    def test_print_xml(self):
        xml = self.install("--import", "--disk", "none", *ANY_SYSTEM, "--print-xml").output
        self.assertIn("<name>new</name>\n  <uuid>UUID</uuid>", xml)

    def test_print_xml_of_all_steps(self):
        xml = self.install(
            "--pxe", "--vcpus", "4,sockets=2", "--disk", "pool=images,size=1",
            "--check", "path_in_use=off", "--disk", "vol=images/off.img",
            "--network", "network=default", "--graphics", "vnc,listen=127.0.0.1",
            "--sound", "ich6", "--watchdog", "default", "--rng", "/dev/urandom",
            "--metadata", "title=something", "--osinfo", "linux2022",
            "--print-step", "all", "--dry-run").output
        self.assertEqual(xml.count("<domain"), 2)
        self.assertIn("/images/off.img", xml)

    def test_install(self):
        output = self.install("--import", "--disk", "pool=images,size=1", *ANY_SYSTEM,
                              "--noautoconsole").output
        self.assertIn("Allocating 'new.qcow2'", output)
        self.assertIn("Domain creation completed.", output)

    def test_install_on_the_default_node(self):
        self.uri = "test:///default"
        output = self.install("--import", "--disk", "none", *ANY_SYSTEM, "--noautoconsole").output
        self.assertIn("Domain creation completed.", output)

    def test_name_in_use(self):
        errors = self.install("--import", "--disk", "none", *ANY_SYSTEM, name="off",
                              status=1).errors
        self.assertIn("Guest name 'off' is already in use", errors)

    def test_no_such_pool(self):
        errors = self.install("--import", "--disk", "pool=nothing,size=1", *ANY_SYSTEM,
                              status=1).errors
        self.assertIn("no storage pool with matching name 'nothing'", errors)

    def test_no_such_node(self):
        self.uri = "test:///nothing/there"
        errors = self.install("--import", "--disk", "none", *ANY_SYSTEM, status=1).errors
        self.assertIn("/nothing/there", errors)


class VirtClone(VirtinstTest):
    def clone(self, *arguments, original="off", name="two", **options):
        return self.run_it("virt-clone", "--original", original, "--name", name, *arguments,
                           **options)

    def test_print_xml(self):
        xml = self.clone("--auto-clone", "--print-xml").output
        self.assertIn("<name>two</name>\n  <uuid>UUID</uuid>", xml)
        self.assertIn("/images/two.img", xml)

    def test_clone(self):
        output = self.clone("--auto-clone").output
        self.assertIn("Allocating 'two.img'", output)
        self.assertIn("Clone 'two' created successfully.", output)

    def test_clone_with_choices(self):
        self.assertIn("Allocating 'x.img'", self.clone(
            "--file", "/images/x.img", "--nonsparse", "--mac", "52:54:00:44:55:66").output)

    def test_refused(self):
        self.assertIn("already in use", self.clone("--auto-clone", name="off", status=1).errors)
        self.assertIn("was not found", self.clone("--auto-clone", original="nothing",
                                                  status=1).errors)


class VirtXml(VirtinstTest):
    def edit(self, *arguments, **options):
        return self.run_it("virt-xml", *arguments, **options)

    def test_print(self):
        self.assertIn("+  <memory unit=\"KiB\">102400</memory>",
                      self.edit("off", "--edit", "--memory", "100", "--print-diff").output)
        self.assertIn("+      <source file=\"/images/new.img\"/>",
                      self.edit("off", "--add-device", "--disk", "/images/new.img,size=1",
                                "--print-diff").output)
        self.assertIn("<source file=\"/images/off.img\"/>",
                      self.edit("--build-xml", "--disk", "/images/off.img").output)

    def test_define(self):
        for change in (["--remove-device", "--disk", "1"],
                       ["--add-device", "--disk", "pool=images,size=1"]):
            with self.subTest(change=change):
                self.assertIn("Domain 'off' defined successfully.",
                              self.edit("off", *change, "--define").output)

    def test_confirmed(self):
        self.assertIn("Define 'off' with the changed XML? (y/n): ",
                      self.edit("off", "--edit", "--vcpus", "1", "--confirm", stdin="text",
                                text="y\n").output)

    def test_start(self):
        self.assertIn("Domain 'off' started successfully.",
                      self.edit("off", "--edit", "--memory", "100", "--start").output)

    def test_refused(self):
        self.assertIn("Domain not found", self.edit("nothing", "--edit", "--memory", "100",
                                                    status=1).errors)


class VirtinstOnDaemon(QuietDaemonTest):
    def run_it(self, name, *arguments):
        outcome = Program(self, True, [installed(name, "virtinst"), "--connect", self.daemon.uri,
                                       *arguments]).finish()
        self.assertEqual(outcome.status, 0, outcome)
        return outcome.output

    def test_life(self):
        name, image, clone = fresh_name(), self.image(), self.daemon.path("clone.img")
        self.assertIn("Domain creation completed.", self.run_it(
            "virt-install", "--name", name, "--memory", "32", "--import", "--virt-type", "qemu",
            "--arch", "x86_64", "--disk", f"path={image},format=raw", "--graphics", "none",
            "--network", "none", *ANY_SYSTEM, "--noautoconsole"))
        domain = self.conn.lookupByName(name)
        self.addCleanup(self.remove, domain)
        self.assertEqual(domain.isActive(), 1)

        self.run_it("virt-xml", name, "--edit", "--metadata", "title=called", "--define")
        self.assertIn("<title>called</title>",
                      domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
        self.run_it("virt-xml", name, "--add-device", "--update", "--disk",
                    f"path={self.image()},format=raw,target.bus=virtio")
        self.assertEqual(domain.XMLDesc().count("<disk "), 2)
        self.run_it("virt-xml", name, "--remove-device", "--define", "--disk", "2")

        domain.destroy()
        self.assertIn("created successfully", self.run_it(
            "virt-clone", "--original", name, "--name", name + "-clone", "--file", clone))
        copy = self.conn.lookupByName(name + "-clone")
        self.addCleanup(self.remove, copy)
        self.assertIn(clone, copy.XMLDesc())
        self.assertNotEqual(copy.UUID(), domain.UUID())
        with open(image, "rb") as one, open(clone, "rb") as other:
            self.assertEqual(one.read(), other.read())

    @staticmethod
    def remove(domain):
        if domain.isActive():
            domain.destroy()
        domain.undefine()


# ---- virt-manager ----


class Windows:
    """virt-manager's windows are on a screen that nobody sees."""

    @classmethod
    def setUpClass(cls):
        cls.program = installed("virt-manager", "virt-manager")
        cls.xwininfo = installed("xwininfo", "x11-utils")
        screen = installed("Xvfb", "xvfb")
        reading, writing = os.pipe()
        server = subprocess.Popen(
            [*ENDS_WITH_US, screen, "-displayfd", str(writing),
             "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-nolisten", "unix"],
            pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

        def stop():
            server.terminate()
            server.wait()

        cls.addClassCleanup(stop)
        os.close(writing)
        with os.fdopen(reading) as file:
            number = file.readline().strip()
        if not number:
            raise unittest.SkipTest("Xvfb does not start")
        cls.display = ":" + number

    def start(self, uri, *arguments, ours=True):
        return Program(self, ours, [self.program, "--connect", uri, "--no-fork", "--debug",
                                    *arguments], DISPLAY=self.display)

    def window(self, program, title):
        """Waits for a window."""
        def find():
            # It fails where a window goes away meanwhile.
            tree = subprocess.run([self.xwininfo, "-display", self.display, "-root", "-tree"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  check=False).stdout
            return f'"{title}": ("virt-manager"' in tree
        program.wait_for(find, title)

    def end(self, program):
        """As by Ctrl+C; its log."""
        program.stop(signal.SIGINT)
        outcome = program.finish()
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(outcome.output, "")
        self.assertIn("Exiting app normally.", outcome.errors)
        self.assertNotIn("Traceback", outcome.errors)
        return outcome.errors


class VirtManager(Windows, unittest.TestCase):
    def test_manager(self):
        programs = [self.start("test:///default", ours=ours) for ours in (True, False)]
        for program in programs:
            self.window(program, "Virtual Machine Manager")
            for line in ("Using domain events", "Using network events",
                         "Using storage pool events", "Using node device events",
                         "domain=test status=Running added", "network=default status=Active added",
                         "pool=default-pool status=Active added",
                         "pool=default state=VIR_STORAGE_POOL_EVENT_STARTED", "Showing manager"):
                program.says(line)
            program.check_loaded()
            self.assertIn("libvirt-glib", read(f"/proc/{program.process.pid}/maps"))
        for program in programs:
            self.end(program)

    def test_windows(self):
        programs = [(self.start("test:///default", option), title) for option, title in (
            ("--show-domain-console=test", "test on test default"),
            ("--show-domain-delete=test", "Delete Virtual Machine"),
            ("--show-domain-creator", "New VM"),
            ("--show-host-summary", "test default - Connection Details"))]
        for program, title in programs:
            self.window(program, title)
        for program, _ in programs:
            self.end(program)


class VirtManagerOnDaemon(Windows, QuietDaemonTest):
    def test_events(self):
        shown, other = (self.guest(running=False) for _ in range(2))
        program = self.start(self.daemon.uri, "--show-domain-console", shown.name())
        self.window(program, f"{shown.name()} on QEMU/KVM")
        program.check_loaded()

        def cause(domain, call, state):
            getattr(domain, call)()
            program.says(f"domain lifecycle event: domain={domain.name()} "
                         f"state=VIR_DOMAIN_EVENT_{state}")

        cause(shown, "create", "STARTED")
        # The serial line, through a stream that the program's loop watches.
        program.says("Opening console stream")
        for call, state in (("create", "STARTED"), ("suspend", "SUSPENDED"),
                            ("resume", "RESUMED"), ("destroy", "STOPPED"),
                            ("undefine", "UNDEFINED")):
            cause(other, call, state)
        program.says(f"domain={other.name()} removed")
        cause(shown, "destroy", "STOPPED")
        self.end(program)


# ---- virt-qemu-qmp-proxy ----


class QmpProxy(QuietDaemonTest):
    """What a program of QEMU's would talk to."""

    def test_commands_and_events(self):
        domain = self.guest()
        ours, established = (self.talk(domain, each) for each in (True, False))
        self.assertEqual(ours, established)

    def talk(self, domain, ours):
        path = os.path.join(_scratch, "qmp")
        program = Program(self, ours, [installed("virt-qemu-qmp-proxy", "libvirt-clients-qemu"),
                                       "--connect", self.daemon.uri, domain.name(), path])
        with socket.socket(socket.AF_UNIX) as one, tempfile.TemporaryFile() as file:
            one.settimeout(SECONDS)
            program.wait_for(lambda: one.connect_ex(path) == 0, path)
            program.check_loaded()
            with one.makefile("r", encoding="utf-8") as answers:
                found = [answers.readline()]
                for command in ({"execute": "qmp_capabilities", "id": 1},
                                {"execute": "query-status", "id": "two"},
                                {"execute": "no-such-thing"}):
                    one.sendall(json.dumps(command).encode())
                    found.append(answers.readline())
                # A file goes to QEMU with the command.
                socket.send_fds(one, [b'{"execute": "add-fd", "arguments": {"fdset-id": 70}}'],
                                [file.fileno()])
                added = json.loads(answers.readline())["return"]
                self.assertEqual(added["fdset-id"], 70)
                domain.suspend()
                event = json.loads(answers.readline())
                self.assertEqual(event["event"], "STOP")
                self.assertAlmostEqual(event["timestamp"]["seconds"], time.time(), delta=60)
                domain.resume()
                found.append(json.loads(answers.readline())["event"])
        self.assertIn('"QMP"', found[0])
        self.assertEqual(json.loads(found[1]), {"return": {}, "id": 1})
        self.assertEqual(json.loads(found[2])["return"]["status"], "running")
        self.assertEqual(json.loads(found[3])["error"]["class"], "CommandNotFound")
        self.assertIsNone(program.process.poll())
        program.stop()
        return found


# ---- libvirt-python's examples ----

_PLACES = ("/usr/share/doc/python3-libvirt/examples", "/usr/share/doc/libvirt-python/examples")


@functools.lru_cache(maxsize=None)
def examples():
    """{name: path} of all that are there; packed ones are unpacked."""
    found = {}
    for place in (os.environ.get("LIBVIRT_PYTHON_EXAMPLES"), *_PLACES):
        for folder, _, names in os.walk(place or os.devnull):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(".py.gz"):
                    name = name[:-3]
                    with gzip.open(path, "rt", encoding="utf-8") as file:
                        path = write(name, file.read())
                if name.endswith(".py"):
                    found.setdefault(name, path)
    return found


def example(name):
    if name not in examples():
        raise unittest.SkipTest(
            f"{name} is not here: Debian's package python3-libvirt has no examples; those of "
            "libvirt-python's source can be in the folder that LIBVIRT_PYTHON_EXAMPLES names")
    return examples()[name]


# All that the tests below run.
EXAMPLES = {
    "consolecallback.py", "dhcpleases.py", "dominfo.py", "domipaddrs.py", "domrestore.py",
    "domsave.py", "domstart.py", "esxlist.py", "event-test.py", "guest-vcpu-daemon.py",
    "guest-vcpu.py", "nodestats.py", "sparsestream.py", "topology.py"}

_EMPTY = """
<node>
  <cpu><nodes>1</nodes><sockets>1</sockets><cores>2</cores><threads>1</threads></cpu>
</node>
"""


class Examples(Comparing, unittest.TestCase):
    """Those that the test driver is enough for."""

    def run_it(self, name, *arguments, **options):
        return self.compare(example(name), *arguments, **options)

    def test_none_is_left_out(self):
        others = sorted(set(examples()) - EXAMPLES)
        if others:
            self.skipTest("nothing runs " + ", ".join(others))

    def test_dominfo(self):
        for domain, line in (("test", "UsedMem:   2097152"), ("nothing", "is not running")):
            self.assertIn(line, self.run_it("dominfo.py", domain,
                                            LIBVIRT_DEFAULT_URI="test:///default").output)

    def test_domipaddrs(self):
        self.assertIn("192.168.122.3/24",
                      self.run_it("domipaddrs.py", "test:///default", "test").output)
        self.assertIn("not found", self.run_it("domipaddrs.py", "test:///default", "no").output)

    def test_topology(self):
        output = self.run_it("topology.py", LIBVIRT_DEFAULT_URI="test:///default").output
        self.assertIn("NUMA nodes: 2", output)

    def test_domsave(self):
        output = self.run_it("domsave.py", "FOLDER", LIBVIRT_DEFAULT_URI=node_uri()).output
        self.assertEqual(output, "Saving test[1] ... \ndone\n")

    def test_domrestore(self):
        folder = tempfile.mkdtemp(dir=_scratch)
        with libvirt.open(node_uri()) as connection:
            connection.lookupByName("test").save(os.path.join(folder, "test"))
        empty = "test://" + write("empty.xml", _EMPTY)
        output = self.run_it("domrestore.py", folder, LIBVIRT_DEFAULT_URI=empty).output
        self.assertEqual(output, "Restoring test ... \ndone\n")

    def test_domstart(self):
        for name, line in (("new", "Starting domain new ... \ndone\n"), ("test", "")):
            path = write("domain.xml", f"<domain type='test'><name>{name}</name>"
                         "<memory>65536</memory><os><type>hvm</type></os></domain>")
            output = self.run_it("domstart.py", path, LIBVIRT_DEFAULT_URI=node_uri()).output
            self.assertEqual(output, line)

    def test_esxlist(self):
        """As far as a machine without ESX lets it: it asks who we are, and finds nobody."""
        outcome = self.run_it("esxlist.py", "127.0.0.1:1", status=1, stdin="text",
                              text="somebody\npassword\n")
        if "Enter username" not in outcome.output:
            self.skipTest("libvirt has no ESX driver here")
        self.assertIn("Failed to open connection to 127.0.0.1:1", outcome.output)

    def test_dhcpleases(self):
        """The test driver has none to list."""
        self.assertIn("Network nothing not found",
                      self.run_it("dhcpleases.py", "test:///default", "nothing").output)
        self.assertIn("not supported by the connection driver: virNetworkGetDHCPLeases",
                      self.run_it("dhcpleases.py", "test:///default", "default", status=1).errors)


class ExamplesOnDaemon(QuietDaemonTest):
    def run_it(self, name, *arguments, **options):
        return self.compare(example(name), *arguments, **options)

    def test_dhcpleases(self):
        path = example("dhcpleases.py")
        network = self.conn.networkDefineXML(
            "<network><name>leases</name><bridge name='testbr70'/>"
            "<ip address='192.0.2.1' netmask='255.255.255.0'>"
            "<dhcp><range start='192.0.2.2' end='192.0.2.9'/></dhcp></ip></network>")
        self.addCleanup(network.undefine)
        self.assertIn("Failed to get leases",
                      self.compare(path, self.daemon.uri, "leases").output)
        # As the DHCP server would write it.
        folder = os.path.join(self.daemon.folder, "lib", "libvirt", "dnsmasq")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "testbr70.status"), "w", encoding="utf-8") as file:
            json.dump([{"ip-address": "192.0.2.5", "mac-address": "aa:bb:cc:dd:ee:ff",
                        "hostname": "guest", "expiry-time": 4000000000}], file)
        output = self.compare(path, self.daemon.uri, "leases").output
        self.assertRegex(output,
                         "2096-10-02 07:06:40 +aa:bb:cc:dd:ee:ff +ipv4 +192.0.2.5/24 +guest")

    def test_nodestats(self):
        domain = self.guest()
        path = example("nodestats.py")
        found = []
        for ours in True, False:
            outcome = Program(self, ours, [path], LIBVIRT_DEFAULT_URI=self.daemon.uri).finish()
            self.assertEqual(outcome.status, 0, outcome)
            # What is free differs from one moment to the next.
            found.append(outcome._replace(output=re.sub(r"MemFree:.*", "", outcome.output)))
        self.assertEqual(*found)
        self.assertIn(f"Domain '{domain.name()}'", found[0].output)

    def test_topology(self):
        self.assertIn("NUMA nodes:", self.run_it(
            "topology.py", LIBVIRT_DEFAULT_URI=self.daemon.uri).output)

    def test_guest_vcpu(self):
        domain = self.guest()
        self.run_it("guest-vcpu.py", "--config", domain.name(), "1", self.daemon.uri)
        self.assertEqual(
            domain.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "guest-cpu.python.libvirt.org",
                            libvirt.VIR_DOMAIN_AFFECT_CONFIG), '<ncpus count="1"/>')
        outcome = self.run_it("guest-vcpu.py", "--live", domain.name(), "1", self.daemon.uri,
                              status=1)
        self.assertIn("guest agent is not configured", outcome.errors)

    def test_guest_vcpu_daemon(self):
        path = example("guest-vcpu-daemon.py")
        for ours in True, False:
            program = Program(self, ours, [path, self.daemon.uri])
            program.says("Connected to " + self.daemon.uri)
            program.check_loaded()
            program.stop()
            self.assertEqual(program.process.returncode, -signal.SIGTERM, program.errors)

    def test_sparsestream(self):
        path = example("sparsestream.py")
        folder = self.daemon.path(fresh_name())
        os.mkdir(folder)
        pool = self.conn.storagePoolCreateXML(
            f"<pool type='dir'><name>sparse</name><target><path>{folder}</path></target></pool>")
        self.addCleanup(pool.destroy)
        source = write("sparse", "first")
        with open(source, "r+b") as file:
            file.seek(3 * 1024 * 1024)
            file.write(b"last")
            file.truncate(4 * 1024 * 1024)
        for ours in True, False:
            volume = pool.createXML("<volume><name>sparse</name>"
                                    "<capacity unit='MiB'>4</capacity><allocation>0</allocation>"
                                    "</volume>")
            copy = os.path.join(_scratch, "sparse-copy")
            for direction, file in ("--upload", source), ("--download", copy):
                outcome = Program(self, ours, [path, self.daemon.uri, direction, volume.path(),
                                               file]).finish()
                self.assertEqual(outcome, Outcome(0, "", ""))
            for file in volume.path(), copy:
                with open(source, "rb") as one, open(file, "rb") as other:
                    self.assertEqual(one.read(), other.read())
                self.assertLessEqual(os.stat(file).st_blocks, os.stat(source).st_blocks + 100)
            volume.delete()
            os.unlink(copy)

    def test_consolecallback(self):
        domain = self.guest()
        path = example("consolecallback.py")
        for ours in True, False:
            with self.subTest(ours=ours):
                self.console(domain, path, ours)

    def console(self, domain, path, ours):
        """On a terminal of its own."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        program = Program(self, ours, [path, self.daemon.uri, domain.UUIDString()], stdin=slave)
        os.close(slave)
        shown = bytearray()

        def receive(wanted, again=lambda: None):
            """Waits until the terminal has shown it; does something every three seconds."""
            last = time.monotonic() - 2.5

            def found():
                nonlocal last
                while select.select([master], [], [], 0)[0]:
                    shown.extend(os.read(master, 1000))
                if time.monotonic() - last > 3:
                    last = time.monotonic()
                    again()
                return wanted in shown
            program.wait_for(found, repr(wanted))

        # The guest has greeted before; it does so after each reset.
        receive(GREETING, domain.reset)
        program.check_loaded()
        os.write(master, b"hello")
        receive(b"hello")
        os.write(master, b"\x1d")
        outcome = program.finish()
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("Escape character is ^]", outcome.output)

    def test_event_test(self):
        """All three event loops see the same."""
        path = example("event-test.py")
        domain = self.guest(running=False)
        programs = [Program(self, ours, [path, "--timeout", "4", "--loop", loop, self.daemon.uri])
                    for ours in (True, False) for loop in ("poll", "asyncio", "native")]
        marker = "<pool type='dir'><name>marker</name><target><path>/</path></target></pool>"

        def ready():
            self.conn.storagePoolDefineXML(marker).undefine()
            return all("marker" in program.output for program in programs)

        programs[0].wait_for(ready, "events")
        domain.create()
        domain.suspend()
        domain.resume()
        with contextlib.suppress(libvirt.libvirtError):
            domain.setMemory(16 * 1024)
        domain.destroy()
        self.conn.storagePoolDefineXML(marker.replace("marker", "other")).undefine()
        found = []
        for program in programs:
            outcome = program.finish()
            self.assertEqual(outcome.status, 0, outcome)
            self.assertIn("event loop", outcome.output)
            found.append([line for line in outcome.output.split("\n")[1:] if "marker" not in line])
        for one in found[1:]:
            self.assertEqual(one, found[0])
        for event in "Started Booted", "Suspended Paused", "Resumed Unpaused", "Stopped Destroyed":
            for number in 1, 2:
                self.assertRegex("\n".join(found[0]),
                                 rf"Callback{number} EVENT: Domain {domain.name()}.* {event}")
        self.assertIn("myStoragePoolEventLifecycleCallback: Storage pool other Defined 0",
                      found[0])


if __name__ == "__main__":
    unittest.main()
