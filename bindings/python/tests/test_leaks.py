# SPDX-License-Identifier: LGPL-2.1-or-later
"""Nothing leaks: each call of driver_calls.tsv, made again and again, leaves the memory in use as it
was, whether it succeeds or fails."""

import ctypes
import gc
import os
import subprocess
import sys
import tempfile
import unittest

import libvirt

from driver_world import World, read_calls

WARM_UP, CALLS = 12, 40
# Other threads' memory comes and goes as well, but a leak shows in every batch.
MOST_BATCHES = 16
# A leak is at least a pointer a call.
ENOUGH = 8 * CALLS

# What grows all the same.
GROWS = {
    ("virConnect", "registerCloseCallback"): "the test driver takes any number, and forgets them",
    ("virDomain", "checkpointCreateXML"): "the test driver leaks where it fails, in C too",
    ("virDomain", "screenshot"): "the test driver leaks the picture, in C too",
}


class Mallinfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
        "fordblks", "keepcost")]


LIBC = ctypes.CDLL(None)
LIBC.mallinfo2.restype = Mallinfo


def in_use():
    gc.collect()
    info = LIBC.mallinfo2()
    return info.uordblks + info.hblkhd


def call_often(call, given, times):
    for _ in range(times):
        try:
            call(*given)
        except (libvirt.libvirtError, RuntimeError, TypeError, ValueError):
            pass


def growth(call, given):
    """What every batch of calls left behind at the least."""
    call_often(call, given, WARM_UP)
    least = None
    for _ in range(MOST_BATCHES):
        before = in_use()
        call_often(call, given, CALLS)
        grown = in_use() - before
        least = grown if least is None else min(least, grown)
        if least < ENOUGH:
            break
    return least


def growth_of_row(target_name, method, arguments):
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        given = eval(f"({arguments},)", {}, world) if arguments else ()
        return growth(getattr(world[target_name], method), given)


def main():
    """Prints the calls that leave something behind."""
    libvirt.virEventRegisterDefaultImpl()
    kept = []
    if growth(lambda: kept.append(bytes(64)), ()) < ENOUGH:
        print("a leak is not seen")
    for target, method, arguments, _outcome in read_calls():
        grown = growth_of_row(target, method, arguments)
        if grown >= ENOUGH and (target, method) not in GROWS:
            print(f"{target}.{method}({arguments}): {grown / CALLS:.1f} bytes a call")


class Leaks(unittest.TestCase):
    @unittest.skipIf("TEST_SANITIZED" in os.environ, "the sanitizers count by themselves")
    def test_calls(self):
        process = subprocess.run(
            [sys.executable, os.path.abspath(__file__)], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=240,
            env=dict(os.environ, PYTHONMALLOC="malloc", PYTHONPATH=os.pathsep.join(sys.path),
                     # No warnings of libvirt's: about a machine's name without an address.
                     LIBVIRT_DEBUG="4"))
        self.assertEqual((process.stdout, process.stderr), ("", ""))
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    main()
