# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests on a real daemon share: the daemon, guests, and an event loop in a thread."""

import atexit
import contextlib
import functools
import itertools
import os
import socket
import subprocess
import sys
import threading
import time
import unittest

import libvirt

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "..", "tests", "daemon"))

from guest import GREETING, write_image  # noqa: E402,F401
from private_daemon import PrivateDaemon, Unavailable  # noqa: E402

# What the established binding lacks, or is known to do wrong, is asked of ours only.
OURS = hasattr(libvirt, "__version__")

if not OURS:
    libvirt.registerErrorHandler(lambda context, error: None, None)


def free_port():
    """One of the loopback interface that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class SharedDaemon:
    """The one that the runner of the tests started, by its environment."""

    def __init__(self):
        self.uri = os.environ["LIBVIRT_TEST_URI"]
        self.tcp_uri = os.environ["LIBVIRT_TEST_TCP_URI"]
        self.admin_uri = os.environ["LIBVIRT_TEST_ADMIN_URI"]

    @staticmethod
    def path(name):
        return os.path.join(os.environ["LIBVIRT_TEST_FOLDER"], name)


@functools.lru_cache(maxsize=None)
def shared_daemon():
    """A daemon that no test kills, or a skip with what the machine says."""
    if "LIBVIRT_TEST_URI" in os.environ:
        return SharedDaemon()
    if "LIBVIRT_TEST_UNAVAILABLE" in os.environ:
        raise unittest.SkipTest(os.environ["LIBVIRT_TEST_UNAVAILABLE"])
    return own_daemon(atexit.register)


def own_daemon(add_cleanup, **options):
    """One that a test can do with what it likes."""
    daemon = PrivateDaemon(**options)
    try:
        daemon.start()
    except Unavailable as error:
        raise unittest.SkipTest(str(error)) from None
    add_cleanup(daemon.close)
    return daemon


_GUEST = """
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>32</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <on_reboot>restart</on_reboot>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='{format}'/>
      <source file='{image}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <controller type='usb' model='none'/>
    <serial type='pty'/>
    <console type='pty'/>
    <memballoon model='virtio'/>
    {more}
  </devices>
</domain>
"""

_numbers = itertools.count(1)


def fresh_name():
    """A name that no other test has, in any process."""
    return f"test-{os.getpid()}-{next(_numbers)}"


def guest_xml(name, image, image_format="raw", more=""):
    """A domain with the guest that echoes."""
    return _GUEST.format(name=name, image=image, format=image_format, more=more)


def remove_domain(domain):
    """Whatever state it is in."""
    with contextlib.suppress(libvirt.libvirtError):
        domain.destroy()
    with contextlib.suppress(libvirt.libvirtError):
        domain.undefineFlags(
            libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
            | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
            | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)


class DaemonTest(unittest.TestCase):
    """A test with a connection of its own to a daemon that all share."""

    def setUp(self):
        self.daemon = shared_daemon()
        self.conn = libvirt.open(self.daemon.uri)
        self.addCleanup(self.conn.close)

    def image(self, daemon=None, image_format="raw"):
        """A disk of one's own, with the guest on it."""
        path = (daemon or self.daemon).path(fresh_name() + "." + image_format)
        write_image(path)
        if image_format != "raw":
            # Not with the sanitizers that the tests may run with: some of its runs would not end.
            environment = {name: value for name, value in os.environ.items()
                           if name != "LD_PRELOAD"}
            subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", image_format, path,
                            path + ".new"], check=True, env=environment)
            os.replace(path + ".new", path)
        self.addCleanup(lambda: os.path.exists(path) and os.unlink(path))
        return path

    def guest(self, conn=None, daemon=None, running=True, image_format="raw", more="", flags=0):
        """A domain, removed after the test."""
        xml = guest_xml(fresh_name(), self.image(daemon, image_format), image_format, more)
        domain = (conn or self.conn).defineXML(xml)
        self.addCleanup(remove_domain, domain)
        if running:
            domain.createWithFlags(flags)
        return domain

    def refused(self, code, call, *arguments, **keywords):
        """The call raises libvirt's error with this code."""
        with self.assertRaises(libvirt.libvirtError) as caught:
            call(*arguments, **keywords)
        self.assertEqual(caught.exception.get_error_code(), code, caught.exception)
        return caught.exception

    def eventually(self, answers, seconds=15, what="it did not come"):
        """Waits until a function's result is true, and returns that."""
        deadline = time.monotonic() + seconds
        while True:
            result = answers()
            if result:
                return result
            if time.monotonic() > deadline:
                self.fail(what)
            time.sleep(0.02)


class ConsoleTest(DaemonTest):
    """A guest, and streams on its serial line."""

    def setUp(self):
        super().setUp()
        # Paused, so that the greeting waits until somebody listens.
        self.domain = self.guest(flags=libvirt.VIR_DOMAIN_START_PAUSED)

    def open_console(self, flags=0):
        stream = self.conn.newStream(flags)
        self.assertEqual(self.domain.openConsole(None, stream,
                                                 libvirt.VIR_DOMAIN_CONSOLE_FORCE), 0)
        return stream


@contextlib.contextmanager
def where_the_machine_allows(*codes):
    """Errors with these codes (or, without codes, any) skip the test with libvirt's message."""
    try:
        yield
    except libvirt.libvirtError as error:
        if codes and error.get_error_code() not in codes:
            raise
        raise unittest.SkipTest(f"refused here: {error}") from None


class Loop:
    """The default event loop, in a thread, until the process ends."""

    _started = False

    @classmethod
    def start(cls):
        """To be called before the first connection that is to have events."""
        if cls._started:
            return
        cls._started = True
        libvirt.virEventRegisterDefaultImpl()
        # So that the loop looks up now and then.
        libvirt.virEventAddTimeout(50, lambda timer, opaque: None, None)
        cls._stopping = threading.Event()
        cls._thread = threading.Thread(target=cls._run, daemon=True)
        cls._thread.start()
        atexit.register(cls._stop)

    @classmethod
    def _run(cls):
        while not cls._stopping.is_set():
            libvirt.virEventRunDefaultImpl()

    @classmethod
    def _stop(cls):
        cls._stopping.set()
        cls._thread.join(5)
