#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A libvirtd of one's own, with QEMU, for tests: it uses nothing of the machine's libvirt but the
programs, and leaves nothing behind.

    with PrivateDaemon() as daemon:
        libvirt.open(daemon.uri)

    private_daemon.py run [--sasl USER:PASSWORD] [--two] -- COMMAND...

The command sees LIBVIRT_DEFAULT_URI and LIBVIRT_TEST_URI, LIBVIRT_TEST_FOLDER (for files that the
daemon is to see), LIBVIRT_TEST_TCP_URI, LIBVIRT_TEST_ADMIN_URI and LIBVIRT_TEST_PID; with --two,
also LIBVIRT_TEST_SECOND_…, the same of a second daemon. The folder has a disk, guest.img, with the guest
of guest.py on it. Where the daemon ended before the command did, what it wrote comes on standard error.
Exit status 77: this machine cannot have such a daemon."""

import argparse
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import configuration  # noqa: E402
import guest  # noqa: E402
import supervisor  # noqa: E402

START_SECONDS = 30
# Those that the kernel gives to nobody by itself, so that only other private daemons take them.
PORTS = range(20000, 30000, 1 + configuration.PORTS)

# The protocol's smallest call, which lists the ways to authenticate: length, program, version,
# procedure, type, serial, status.
_QUESTION = struct.pack(">7I", 28, 0x20008086, 1, 66, 0, 0, 0)


class Unavailable(Exception):
    """Why this machine cannot have a private daemon."""


def program(name):
    """Its path; daemons are often outside a user's PATH."""
    places = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin:/usr/local/sbin"
    path = shutil.which(name, path=places)
    if path is None:
        raise Unavailable(f"{name} is not installed")
    return path


def reserved_ports():
    """A socket that holds the port before the first of configuration.PORTS, which are then ours:
    libvirtd and QEMU look for free ones by trying, and two daemons at once would take the same."""
    for port in PORTS:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    raise Unavailable("no free ports")


class PrivateDaemon:
    """A context manager; start() and close() do the same by hand.

    sasl: {user: password}, which TCP then asks for."""

    def __init__(self, sasl=None):
        self.sasl = sasl
        self.folder = None
        self.port = None
        self._reserved = None
        self._supervisor = None
        self._runs = False

    # ---- where it is ----

    def _socket(self, name):
        return os.path.join(self.folder, "run", "libvirt", name)

    @property
    def uri(self):
        """Its Unix socket."""
        return "qemu+unix:///system?socket=" + self._socket("libvirt-sock")

    @property
    def read_only_uri(self):
        """The socket for readers; to be opened with openReadOnly."""
        return "qemu+unix:///system?socket=" + self._socket("libvirt-sock-ro")

    @property
    def tcp_uri(self):
        """Its TCP port on loopback."""
        return f"qemu+tcp://127.0.0.1:{self.port}/system"

    @property
    def spare_port(self):
        """One that neither it nor its guests use, for a migration to it."""
        return self.port + configuration.PORTS - 1

    @property
    def admin_uri(self):
        """For the admin library."""
        return "libvirtd+unix:///system?socket=" + self._socket("libvirt-admin-sock")

    @property
    def pid(self):
        """The daemon's process id; for signals from programs that have no other way."""
        inside = self._command("pid")
        namespace = os.readlink(f"/proc/{self._supervisor.pid}/ns/pid_for_children")
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{name}/ns/pid") != namespace:
                    continue
                with open(f"/proc/{name}/status", encoding="utf-8") as file:
                    ids = next(line for line in file if line.startswith("NSpid:")).split()
            except OSError:
                continue
            if ids[-1] == inside:
                return int(name)
        raise Unavailable("the daemon does not run")

    def path(self, name):
        """A place for a file that the daemon and its guests see under the same path."""
        return os.path.join(self.folder, "files", name)

    # ---- its life ----

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exception):
        self.close()

    def start(self):
        """Makes the folder, and starts the daemon."""
        if os.geteuid() != 0:
            raise Unavailable("a private libvirtd needs root, for namespaces of its own")
        daemon, unshare = program("libvirtd"), program("unshare")
        # Short, since it becomes part of the path of sockets.
        self.folder = tempfile.mkdtemp(prefix="libvirt-", dir="/tmp")
        try:
            self._write_files()
            self._start_supervisor(unshare, daemon)
            self.restart()
        except BaseException:
            self.close()
            raise

    def _write_files(self):
        # Guests may run as another user, where somebody's configuration says so.
        os.chmod(self.folder, 0o755)
        for name in (*supervisor.COVERED, "sasl", "files", "run/lock"):
            os.makedirs(os.path.join(self.folder, name))
        self._reserved = reserved_ports()
        self.port = self._reserved.getsockname()[1] + 1
        files = configuration.configuration_files(self.folder, self.port, uuid.uuid4(),
                                                  bool(self.sasl))
        for name, text in files.items():
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        guest.write_image(self.path("guest.img"))
        for user, password in (self.sasl or {}).items():
            subprocess.run(
                [program("saslpasswd2"), "-a", "libvirt", "-c", "-p", "-u", self.hostname,
                 "-f", os.path.join(self.folder, "passwords"), user],
                input=password, text=True, check=True)

    @property
    def hostname(self):
        """The name of the machine that the daemon believes to be on."""
        return os.path.basename(self.folder).replace("_", "x").lower()

    def _start_supervisor(self, unshare, daemon):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("LIBVIRT_", "LD_", "ASAN_", "PYTHON"))}
        self._supervisor = subprocess.Popen(
            [unshare, "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child",
             "--propagation", "unchanged", "--mount-proc", sys.executable, supervisor.__file__, self.folder, daemon, self.hostname],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment,
            start_new_session=True)
        answer = self._supervisor.stdout.readline().strip()
        if answer != "ready":
            raise Unavailable("no namespaces of our own: " + (answer or "unshare failed"))

    def _command(self, *words):
        try:
            self._supervisor.stdin.write(" ".join(str(word) for word in words) + "\n")
            return self._supervisor.stdout.readline().strip()
        except BrokenPipeError:
            return "the supervisor is gone"

    def restart(self):
        """Starts the daemon after kill(); guests that run are found again."""
        answer = self._command("start")
        if answer != "done":
            raise Unavailable(answer)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._command("wait", 0) == "done":
                raise Unavailable("libvirtd ended at once:\n" + self.log())
            if time.monotonic() > deadline:
                raise Unavailable("libvirtd does not start:\n" + self.log())
            time.sleep(0.02)
        self._runs = True

    def _answers(self):
        """Connections are taken long before a daemon that is to fail has failed: only an answer
        shows that it is there."""
        with socket.socket(socket.AF_UNIX) as one:
            one.settimeout(START_SECONDS)
            try:
                one.connect(self._socket("libvirt-sock"))
                one.sendall(_QUESTION)
                return len(one.recv(4096)) > 0
            except OSError:
                return False

    def log(self):
        """What the daemon wrote."""
        texts = []
        for name in ("output", "libvirtd.log"):
            try:
                with open(os.path.join(self.folder, name), encoding="utf-8",
                          errors="replace") as file:
                    texts.append(file.read())
            except OSError:
                pass
        return "".join(texts)

    def last_words(self):
        """How the daemon ended and what it wrote, where it ended without being told to here; else
        nothing."""
        ending = self._command("ending") if self._runs else "it runs"
        return "" if ending == "it runs" else f"libvirtd ended with {ending}:\n{self.log()}"

    def kill(self):
        """Ends the daemon as a crash does, and waits until it is gone; guests run on."""
        self._runs = False
        self._command("signal", int(signal.SIGKILL))
        self._command("wait", 10)

    def terminate(self):
        """Asks the daemon to end, and waits until it did; guests run on."""
        self._runs = False
        self._command("signal", int(signal.SIGTERM))
        return self._command("wait", 10) == "done"

    def freeze(self):
        """The daemon stops answering, with all its sockets open."""
        self._command("signal", int(signal.SIGSTOP))

    def thaw(self):
        """The opposite of freeze()."""
        self._command("signal", int(signal.SIGCONT))

    def close(self):
        """Ends the daemon with all guests, and removes every file of it."""
        if self._supervisor is not None:
            self._supervisor.stdin.close()
            try:
                self._supervisor.wait(20)
            except subprocess.TimeoutExpired:
                # --kill-child: the namespace goes with it.
                self._supervisor.kill()
                self._supervisor.wait()
            self._supervisor.stdout.close()
            self._supervisor = None
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, prefix="LIBVIRT_TEST_"):
        """What tells other programs where it is."""
        return {
            prefix + "URI": self.uri,
            prefix + "FOLDER": os.path.join(self.folder, "files"),
            prefix + "TCP_URI": self.tcp_uri,
            prefix + "ADMIN_URI": self.admin_uri,
            prefix + "PID": str(self.pid),
        }


def run(command, sasl=None, two=False):
    """Runs a command with one or two daemons; its exit status."""
    with PrivateDaemon(sasl) as daemon:
        environment = dict(os.environ, LIBVIRT_DEFAULT_URI=daemon.uri, **daemon.environment())
        if not two:
            status = subprocess.run(command, env=environment, check=False).returncode
            print(daemon.last_words(), end="", file=sys.stderr)
            return status
        with PrivateDaemon(sasl) as second:
            environment.update(second.environment("LIBVIRT_TEST_SECOND_"))
            return subprocess.run(command, env=environment, check=False).returncode


def main():
    parser = argparse.ArgumentParser(description="Runs a command with a private libvirtd.")
    parser.add_argument("run", choices=["run"])
    parser.add_argument("--sasl", metavar="USER:PASSWORD", help="who may connect over TCP")
    parser.add_argument("--two", action="store_true", help="two daemons, as for migration")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    try:
        status = run(arguments.command,
                     dict([arguments.sasl.split(":", 1)]) if arguments.sasl else None,
                     arguments.two)
    except Unavailable as error:
        print(f"private_daemon: {error}", file=sys.stderr)
        status = 77
    except KeyboardInterrupt:
        status = 130
    # A command that a signal ended has a negative one here.
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
