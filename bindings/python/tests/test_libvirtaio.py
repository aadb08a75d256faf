# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: libvirt's event loop on asyncio. Each test is a process of its own."""

import unittest

from subprograms import LOSING, OURS, check, run

PROGRAM = """
import asyncio, os, socket, sys, threading, time, warnings
import libvirtaio

async def until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(0.005)
    return bool(condition())
"""


def program(body):
    return PROGRAM + "async def main():\n" + "".join(
        "    " + line + "\n" for line in body.strip().split("\n")) + "asyncio.run(main())\n"


class TestAsyncIO(unittest.TestCase):
    def test_surface(self):
        check(self, program("""
print(libvirtaio.getCurrentImpl())
impl = libvirtaio.virEventRegisterAsyncIOImpl()
print(libvirtaio.getCurrentImpl() is impl, isinstance(impl, libvirtaio.virEventAsyncIOImpl))
print(impl.loop is asyncio.get_running_loop(), impl.is_idle(), await impl.drain())
print(impl, impl.callbacks, impl.descriptors)
print(sorted(libvirtaio.__all__))
"""), """
None
True True
True True None
<virEventAsyncIOImpl callbacks={} descriptors={}> {} {}
['getCurrentImpl', 'virEventAsyncIOImpl', 'virEventRegisterAsyncIOImpl']
""")

    def test_registering_another_time(self):
        check(self, program("""
libvirtaio.virEventRegisterAsyncIOImpl(asyncio.get_running_loop())
try:
    libvirtaio.virEventRegisterAsyncIOImpl()
except RuntimeError as error:
    print(error)
impl = libvirtaio.virEventAsyncIOImpl()
print(impl.is_idle())
"""), """
Event loop is already registered
True
""")

    def test_domain_events(self):
        check(self, program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
connection = libvirt.open(sys.argv[1])
domain = connection.lookupByName("test")
calls = []
number = connection.domainEventRegisterAny(
    None, 0, lambda connection, domain, *rest: calls.append((domain.name(), *rest)), "opaque")
domain.suspend()
domain.resume()
print(await until(lambda: len(calls) == 2), calls)
connection.domainEventDeregisterAny(number)
del domain
connection.close()
await impl.drain()
print(impl.is_idle())
"""), """
True [('test', 3, 0, 'opaque'), ('test', 4, 0, 'opaque')]
True
""")

    def test_timers(self):
        check(self, program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
calls = []
timer = libvirt.virEventAddTimeout(5, lambda *arguments: calls.append(arguments), "opaque")
print(timer, impl.callbacks)
print(await until(lambda: len(calls) >= 3), calls[0])
libvirt.virEventUpdateTimeout(timer, -1)
print(impl.callbacks[timer])
count = len(calls)
await asyncio.sleep(0.03)
print(len(calls) == count)
libvirt.virEventUpdateTimeout(timer, 0)
print(await until(lambda: len(calls) > count))
print(libvirt.virEventRemoveTimeout(timer), impl.callbacks)
await impl.drain()
count = len(calls)
await asyncio.sleep(0.01)
print(len(calls) == count, impl.is_idle())
"""), """
0 {0: <TimeoutCallback iden=0 timeout=5>}
True (0, 'opaque')
<TimeoutCallback iden=0 timeout=-1>
True
True
0 {}
True True
""")

    def test_descriptors(self):
        check(self, program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
first, second = socket.socketpair()
calls = []
def ready(*arguments):
    calls.append(arguments)
    first.recv(10)
watch = libvirt.virEventAddHandle(first.fileno(), libvirt.VIR_EVENT_HANDLE_READABLE, ready, "op")
print(impl.callbacks[watch].event, list(impl.descriptors) == [first.fileno()])
second.send(b"x")
print(await until(lambda: calls), calls == [(watch, first.fileno(), 1, "op")])
libvirt.virEventUpdateHandle(watch, 0)
second.send(b"x")
await asyncio.sleep(0.02)
print(len(calls))
libvirt.virEventUpdateHandle(watch, 1)
print(await until(lambda: len(calls) >= 2))
libvirt.virEventRemoveHandle(watch)
second.send(b"x")
await asyncio.sleep(0.02)
await impl.drain()
print(len(calls), impl.is_idle(), impl.descriptors)
"""), """
1 True
True True
1
True
2 True {}
""")

    def test_two_of_one_descriptor(self):
        check(self, program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
first, second = socket.socketpair()
calls = []
def readable(watch, fd, events, opaque):
    calls.append((opaque, events))
    first.recv(10)
def writable(watch, fd, events, opaque):
    calls.append((opaque, events))
    libvirt.virEventRemoveHandle(watch)
reader = libvirt.virEventAddHandle(first.fileno(), 1, readable, "reader")
writer = libvirt.virEventAddHandle(first.fileno(), 2, writable, "writer")
print(len(impl.descriptors))
print(await until(lambda: calls), calls)
second.send(b"x")
print(await until(lambda: len(calls) == 2), calls[-1])
libvirt.virEventRemoveHandle(reader)
await impl.drain()
print(impl.is_idle())
"""), """
1
True [('writer', 2)]
True ('reader', 1)
True
""")

    @unittest.skipUnless(OURS, "known to support two events only")
    def test_hangup_and_error(self):
        check(self, program("""
warnings.simplefilter("error")
impl = libvirtaio.virEventRegisterAsyncIOImpl()
HANGUP, ERROR = libvirt.VIR_EVENT_HANDLE_HANGUP, libvirt.VIR_EVENT_HANDLE_ERROR
first, second = socket.socketpair()
calls = []
def happened(watch, fd, events, opaque):
    calls.append((opaque, events))
    libvirt.virEventRemoveHandle(watch)
libvirt.virEventAddHandle(first.fileno(), HANGUP | ERROR, happened, "hangup")
second.send(b"data")
await asyncio.sleep(0.02)
print(calls)
libvirt.virEventAddHandle(first.fileno(), HANGUP | 1, happened, "both")
print(await until(lambda: calls), calls)
libvirt.virEventAddHandle(first.fileno(), HANGUP | 1, happened, "both")
second.close()
print(await until(lambda: len(calls) == 3), sorted(calls[1:]))
reading, writing = os.pipe()
libvirt.virEventAddHandle(writing, ERROR, happened, "error")
os.close(reading)
print(await until(lambda: len(calls) == 4), calls[-1])
await impl.drain()
print(impl.is_idle(), impl.descriptors)
first.close()
"""), """
[]
True [('both', 1)]
True [('both', 9), ('hangup', 8)]
True ('error', 4)
True {}
""")

    def test_free_callbacks_come_after_the_remove(self):
        check(self, program("""
import weakref
class Opaque: pass
impl = libvirtaio.virEventRegisterAsyncIOImpl()
opaque = Opaque()
watched = weakref.ref(opaque)
timer = libvirt.virEventAddTimeout(-1, print, opaque)
del opaque
libvirt.virEventRemoveTimeout(timer)
print(impl.callbacks, impl.is_idle())
await asyncio.wait_for(impl.drain(), 5)
print(impl.is_idle(), watched() is None or not hasattr(libvirt, "__version__"))
"""), """
{} False
True True
""")

    def test_unknown_ids(self):
        process = run(program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
print(impl._remove_handle(99), impl._remove_timeout(99))
for update in impl._update_handle, impl._update_timeout:
    try:
        update(99, 1)
    except KeyError as error:
        print(error)
"""))
        self.assertEqual(process.stdout, "-1 -1\n99\n99\n")

    @unittest.skipUnless(OURS, "known to touch the loop from other threads")
    def test_other_threads(self):
        check(self, program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
asyncio.get_running_loop().set_debug(True)
calls = []
def work():
    mine = libvirt.open(sys.argv[1])
    domain = mine.lookupByName("test")
    for _ in range(20):
        number = mine.domainEventRegisterAny(None, 0, lambda *rest: calls.append(rest[2:]), None)
        domain.suspend()
        domain.resume()
        mine.domainEventDeregisterAny(number)
    del domain
    # 1: the loop's thread is just giving it to a callback.
    return mine.close() in (0, 1)
print(await asyncio.gather(*(asyncio.to_thread(work) for _ in range(4))))
await impl.drain()
print(impl.is_idle(), impl.callbacks)
"""), """
[True, True, True, True]
True {}
""")

    def test_exception_in_a_callback(self):
        process = run(program("""
impl = libvirtaio.virEventRegisterAsyncIOImpl()
calls = []
def due(timer, opaque):
    calls.append(timer)
    raise ValueError("from the timer")
timer = libvirt.virEventAddTimeout(1, due, None)
print(await until(lambda: len(calls) >= 2))
libvirt.virEventRemoveTimeout(timer)
await impl.drain()
"""))
        self.assertEqual((process.returncode, process.stdout), (0, "True\n"))
        self.assertIn("ValueError: from the timer", process.stderr)

    @unittest.skipUnless(OURS, "known to print")
    def test_after_the_loop(self):
        check(self, PROGRAM + """
async def main():
    libvirtaio.virEventRegisterAsyncIOImpl()
    connection = libvirt.open(sys.argv[1])
    connection.domainEventRegisterAny(None, 0, print, None)
    return connection
connection = asyncio.run(main())
print(connection.close())
try:
    libvirt.virEventAddTimeout(1, print, None)
except libvirt.libvirtError:
    print("closed")
""", """
0
closed
""", prelude=prelude_without_traceback(), environment=LOSING)


def prelude_without_traceback():
    """What the loop raises inside libvirt is printed: not of interest here."""
    return "import libvirt, sys\nsys.excepthook = lambda *parts: None\n"


if __name__ == "__main__":
    unittest.main()
