# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small Linux guest with QEMU's guest agent, made of what is installed: a kernel, busybox and the
agent. It greets on the first serial line, sends back the lines that it gets there, and has a second
disk mounted, so that there are file systems to ask about.

    kernel, initrd = find_kernel(), folder + "/initrd"
    write_initrd(initrd, kernel)
"""

import glob
import gzip
import os
import re
import shutil
import stat
import subprocess

from guest import GREETING

MODULES = ("virtio_pci", "virtio_blk", "virtio_console", "virtio_balloon")

_INIT = """#!/bin/sh
export PATH=/bin:/usr/sbin:/sbin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/virtio-ports
for module in {modules}; do insmod /modules/$module; done
hostname agent-guest
mount -t ext4 /dev/vda /mnt
for port in /sys/class/virtio-ports/*; do
    read -r name < $port/name
    ln -s /dev/${{port##*/}} /dev/virtio-ports/$name
done
/bin/qemu-ga -m virtio-serial -p /dev/virtio-ports/org.qemu.guest_agent.0 -t /run -d
exec < /dev/ttyS0 > /dev/ttyS0 2>&1
stty -echo
echo '{greeting}'
while read -r line; do echo "$line"; done
exec sleep 1000000
"""

_SHUTDOWN = "#!/bin/sh\nexec /bin/poweroff -f\n"

# The agent runs this to set a password; busybox as Debian has it lacks it.
_CHPASSWD = """#!/bin/sh
IFS=: read -r user password
[ "$1" = -e ] || password=$(mkpasswd "$password")
exec sed -i "s|^$user:[^:]*:|$user:$password:|" /etc/shadow
"""

_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/shadow": "root:*:19000:0:99999:7:::\n",
}

_FOLDERS = ("bin", "dev", "etc", "mnt", "modules", "proc", "root", "run", "sys", "tmp", "var",
            "var/run")


class Missing(Exception):
    """What of the guest is not installed."""


def find_kernel():
    """The newest kernel that is installed with its modules, Debian's small one for clouds first."""
    found = [path for path in glob.glob("/boot/vmlinuz-*") if os.path.isdir(_modules_of(path))]
    if not found:
        raise Missing("no kernel is installed; Debian has linux-image-cloud-amd64")
    return max(found, key=lambda path: ("cloud" in path, [
        int(number) for number in re.findall(r"\d+", path)]))


def _modules_of(kernel):
    return "/lib/modules/" + os.path.basename(kernel).removeprefix("vmlinuz-")


def _needed_modules(folder):
    """Paths of the module files, those that others need first. What is built in has none."""
    needs, names = {}, {}
    with open(os.path.join(folder, "modules.dep"), encoding="utf-8") as file:
        for line in file:
            path, _, others = line.partition(":")
            needs[path] = others.split()
            names[re.sub(r"\.ko(\.\w+)?$", "", os.path.basename(path)).replace("-", "_")] = path
    ordered = []

    def add(path):
        # Dependencies are listed with the first to be loaded last.
        for other in reversed(needs[path]):
            add(other)
        if path not in ordered:
            ordered.append(path)

    for name in MODULES:
        if name in names:
            add(names[name])
    return [os.path.join(folder, path) for path in ordered]


def _module_bytes(path):
    """insmod of busybox takes no compressed ones."""
    with open(path, "rb") as file:
        data = file.read()
    for ending, tool in ((".xz", "xz"), (".zst", "zstd"), (".gz", "gzip")):
        if path.endswith(ending):
            return subprocess.run([tool, "-dc"], input=data, stdout=subprocess.PIPE,
                                  check=True).stdout
    return data


def _program(name):
    path = shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")
    if path is None:
        raise Missing(f"{name} is not installed")
    return path


def _libraries(program):
    """Those that a program needs, its interpreter among them, by the paths it looks at."""
    listed = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, check=False).stdout
    return re.findall(r"(/\S+) \(0x", listed)


class _Archive:
    """The format that the kernel unpacks, `newc` of cpio."""

    def __init__(self):
        self._parts = []
        self._names = set()

    def add(self, name, data=b"", mode=stat.S_IFREG | 0o755):
        """One file or, with its mode, folder; the folders above it come by themselves."""
        parent = os.path.dirname(name)
        if parent and parent not in self._names:
            self.add(parent, mode=stat.S_IFDIR | 0o755)
        if name in self._names:
            return
        self._names.add(name)
        self._entry(name, data, mode)

    def _entry(self, name, data, mode):
        fields = (len(self._names), mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        self._parts += [head, bytes(-len(head) % 4), data, bytes(-len(data) % 4)]

    def bytes(self):
        """All of it."""
        self._entry("TRAILER!!!", b"", 0)
        return b"".join(self._parts)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def write_initrd(path, kernel):
    """What the kernel starts with, and all that the guest consists of."""
    archive = _Archive()
    for name in _FOLDERS:
        archive.add(name, mode=stat.S_IFDIR | 0o755)
    busybox, agent = _program("busybox"), _program("qemu-ga")
    for program in (busybox, agent):
        archive.add("bin/" + os.path.basename(program), _read(program))
        for library in _libraries(program):
            archive.add(library[1:], _read(library))
    archive.add("bin/sh", b"/bin/busybox", stat.S_IFLNK | 0o777)
    modules = _needed_modules(_modules_of(kernel))
    names = [f"{number:02}.ko" for number in range(len(modules))]
    for name, module in zip(names, modules):
        archive.add("modules/" + name, _module_bytes(module))
    for name, text in _FILES.items():
        archive.add(name, text.encode(), stat.S_IFREG | 0o644)
    archive.add("sbin/shutdown", _SHUTDOWN.encode())
    archive.add("sbin/chpasswd", _CHPASSWD.encode())
    archive.add("sbin/hwclock", b"/bin/busybox", stat.S_IFLNK | 0o777)
    archive.add("init", _INIT.format(modules=" ".join(names),
                                     greeting=GREETING.decode().strip()).encode())
    with open(path, "wb") as file:
        file.write(gzip.compress(archive.bytes(), 1))


def write_disk(path):
    """A disk with an empty file system, which the guest mounts."""
    with open(path, "wb") as file:
        file.truncate(4 * 1024 * 1024)
    subprocess.run([_program("mkfs.ext4"), "-q", "-F", path], check=True)
