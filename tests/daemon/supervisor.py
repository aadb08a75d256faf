# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first process of a private daemon's namespaces; private_daemon.py starts it.

It puts folders of its own over those that libvirtd uses, and then obeys lines on standard input:
`start`, `signal NUMBER`, `wait SECONDS`, `pid` and `ending`, each answered by a line. When the input
ends, for whatever reason, it ends, and the kernel ends the daemon and all its guests with it."""

import contextlib
import ctypes
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time

# Whole parents, since the folders that libvirtd uses need not exist on the machine.
COVERED = {"run": "/run", "lib": "/var/lib", "cache": "/var/cache", "log": "/var/log",
           "etc": "/etc/libvirt"}


# libvirtd does not start where the account is missing that it was built to run guests as, even when
# it is told to use another.
ACCOUNTS = ("libvirt-qemu", "qemu")


CLONE_NEWNS, MS_PRIVATE, MS_REC = 0x20000, 1 << 18, 1 << 14


def keep_mounts_private():
    """What is mounted here stays here, in a changed root too: there "/" is no mount point, so that
    `unshare` cannot do this itself."""
    library = ctypes.CDLL(None, use_errno=True)

    def call(name, *arguments):
        if getattr(library, name)(*arguments) != 0:
            raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")

    root, namespace = os.open("/", os.O_RDONLY), os.open("/proc/self/ns/mnt", os.O_RDONLY)
    call("setns", namespace, CLONE_NEWNS)  # takes this process to the root of all mounts
    call("mount", b"none", b"/", None, ctypes.c_ulong(MS_PRIVATE | MS_REC), None)
    os.fchdir(root)
    os.chroot(".")
    os.close(root)
    os.close(namespace)


def bind(own, target):
    """Puts one of ours over the machine's, in this mount namespace only."""
    subprocess.run(["mount", "--bind", own, target], check=True)


def cover(folder):
    for name, target in COVERED.items():
        os.makedirs(target, exist_ok=True)
        bind(os.path.join(folder, name), target)
    if not os.path.islink("/var/run"):
        bind(os.path.join(folder, "run"), "/var/run")
    add_missing(folder, "/etc/passwd", {one.pw_name for one in pwd.getpwall()},
                "{}:x:65534:65534::/nonexistent:/bin/false\n")
    add_missing(folder, "/etc/group", {one.gr_name for one in grp.getgrall()}, "{}:x:65534:\n")


def add_missing(folder, path, names, line):
    """Adds the accounts to a copy of the file, and puts that over it."""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    copy = os.path.join(folder, os.path.basename(path))
    with open(copy, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text + "".join(line.format(name) for name in ACCOUNTS if name not in names))
    os.chmod(copy, 0o644)
    bind(copy, path)


class Supervisor:
    def __init__(self, folder, program):
        self.folder = folder
        self.program = program
        self.process = None
        self.status = None
        signal.signal(signal.SIGCHLD, self.reap)
        # Whoever started this decides when it ends, by closing its input.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def reap(self, _number, _frame):
        """Guests become this process's children when their daemon goes."""
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            if process == self.process:
                self.process, self.status = None, status

    def start(self):
        if self.process is not None:
            return "it runs already"
        for name in ("libvirt-sock", "libvirt-sock-ro", "libvirt-admin-sock"):
            path = os.path.join(self.folder, "run", "libvirt", name)
            if os.path.exists(path):
                os.unlink(path)
        output = os.path.join(self.folder, "output")
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        try:
            self.process = os.posix_spawn(
                self.program,
                [self.program, "--listen", "-p", "/run/libvirtd.pid",
                 "-f", "/etc/libvirt/libvirtd.conf"],
                dict(os.environ, SASL_CONF_PATH=os.path.join(self.folder, "sasl")),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
                    (os.POSIX_SPAWN_DUP2, 1, 2)],
                setsigmask=[], setsigdef=[signal.SIGINT, signal.SIGHUP])
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        return "done"

    def signal(self, number):
        if self.process is None:
            return "it does not run"
        os.kill(self.process, int(number))
        return "done"

    def pid(self):
        return str(self.process)

    def wait(self, seconds):
        deadline = time.monotonic() + float(seconds)
        while self.process is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        return "it runs" if self.process is not None else "done"

    def ending(self):
        """How the daemon ended, in words."""
        if self.process is not None:
            return "it runs"
        code = os.waitstatus_to_exitcode(self.status)
        return f"signal {-code}" if code < 0 else f"exit status {code}"

    def serve(self):
        commands = {"start": self.start, "signal": self.signal, "wait": self.wait,
                    "pid": self.pid, "ending": self.ending}
        for line in sys.stdin:
            name, *arguments = line.split()
            print(commands[name](*arguments), flush=True)


def main():
    folder, program, hostname = sys.argv[1:]
    try:
        socket.sethostname(hostname)
        keep_mounts_private()
        cover(folder)
        supervisor = Supervisor(folder, program)
        print("ready", flush=True)
        supervisor.serve()
    except (OSError, subprocess.CalledProcessError) as error:
        print(error, flush=True)
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # The rest of this namespace goes first, so that nothing writes into what is removed.
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
