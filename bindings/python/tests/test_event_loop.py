# SPDX-License-Identifier: LGPL-2.1-or-later
"""Event loops: libvirt's default one with the program's own descriptors and timers, and one written
in Python. Each in a process of its own: a loop is registered once."""

import unittest

from subprograms import OURS, check, run

DEFAULT = """
import os, sys, time
libvirt.virEventRegisterDefaultImpl()
def pump(seconds=0.1):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        libvirt.virEventRunDefaultImpl()
beat = libvirt.virEventAddTimeout(5, lambda *arguments: None, None)
"""

# A loop that polls: small, and shows all that libvirt asks of it.
OWN = """
import os, select, sys, time
class Loop:
    def __init__(self):
        self.last, self.handles, self.timers, self.dead, self.log = 10, {}, {}, [], []
    def number(self):
        self.last += 1
        return self.last
    def add_handle(self, fd, events, callback, opaque):
        number = self.number()
        self.handles[number] = [fd, events, callback, opaque]
        return number
    def update_handle(self, watch, events):
        self.handles[watch][1] = events
    def remove_handle(self, watch):
        self.dead.append(self.handles.pop(watch)[3])
    def add_timeout(self, milliseconds, callback, opaque):
        number = self.number()
        self.timers[number] = [milliseconds, callback, opaque]
        return number
    def update_timeout(self, timer, milliseconds):
        self.timers[timer][0] = milliseconds
    def remove_timeout(self, timer):
        self.dead.append(self.timers.pop(timer)[2])
    def run(self, rounds=1):
        for _ in range(rounds):
            for timer, (milliseconds, callback, opaque) in list(self.timers.items()):
                if milliseconds >= 0 and timer in self.timers:
                    callback(timer, opaque)
            poll = select.poll()
            for fd, *rest in self.handles.values():
                poll.register(fd, select.POLLIN)
            ready = dict(poll.poll(1))
            for watch, (fd, events, callback, opaque) in list(self.handles.items()):
                if fd in ready:
                    callback(watch, fd, events & 1, opaque)
            while self.dead:
                libvirt.virEventInvokeFreeCallback(self.dead.pop())
loop = Loop()
print(libvirt.virEventRegisterImpl(
    loop.add_handle, loop.update_handle, loop.remove_handle,
    loop.add_timeout, loop.update_timeout, loop.remove_timeout))
"""


class TestDefault(unittest.TestCase):
    def test_timer(self):
        check(self, DEFAULT + """
def due(*arguments):
    print(arguments == (timer, "opaque"))
    print(libvirt.virEventUpdateTimeout(timer, -1))
timer = libvirt.virEventAddTimeout(1, due, "opaque")
pump()
libvirt.virEventUpdateTimeout(timer, 0)
pump()
print(libvirt.virEventRemoveTimeout(timer))
pump()
""", """
True
None
True
None
0
""")

    def test_descriptor(self):
        check(self, DEFAULT + """
reading, writing = os.pipe()
def ready(*arguments):
    print(arguments == (watch, reading, libvirt.VIR_EVENT_HANDLE_READABLE, "opaque"),
          os.read(reading, 10))
watch = libvirt.virEventAddHandle(reading, libvirt.VIR_EVENT_HANDLE_READABLE, ready, "opaque")
os.write(writing, b"first")
pump()
libvirt.virEventUpdateHandle(watch, 0)
os.write(writing, b"second")
pump()
libvirt.virEventUpdateHandle(watch, 1)
pump()
print(libvirt.virEventRemoveHandle(watch))
os.write(writing, b"third")
pump()
""", """
True b'first'
True b'second'
0
""")

    def test_removing_within_the_callback(self):
        check(self, DEFAULT + """
def due(number, opaque):
    print(libvirt.virEventRemoveTimeout(number))
libvirt.virEventAddTimeout(0, due, None)
pump()
""", """
0
""")

    def test_unknown_ids(self):
        check(self, DEFAULT + """
for remove in libvirt.virEventRemoveTimeout, libvirt.virEventRemoveHandle:
    try:
        remove(99)
    except libvirt.libvirtError as error:
        print(error, error.err)
print(libvirt.virEventUpdateTimeout(99, 1), libvirt.virEventUpdateHandle(99, 1))
""", """
virEventRemoveTimeout() failed None
virEventRemoveHandle() failed None
None None
""")

    @unittest.skipUnless(OURS, "known to leak")
    def test_opaque_is_dropped(self):
        check(self, DEFAULT + """
import weakref
class Opaque: pass
def watch(opaque):
    weakref.finalize(opaque, print, "dropped")
    return opaque
timer = libvirt.virEventAddTimeout(-1, print, watch(Opaque()))
handle = libvirt.virEventAddHandle(os.pipe()[0], 1, print, watch(Opaque()))
libvirt.virEventRemoveTimeout(timer)
libvirt.virEventRemoveHandle(handle)
pump()
print("end")
""", """
dropped
dropped
end
""")

    @unittest.skipUnless(OURS, "known to differ")
    def test_wrong_arguments(self):
        check(self, DEFAULT + """
for call in (lambda: libvirt.virEventAddTimeout("1", print, None),
             lambda: libvirt.virEventAddTimeout(1, 5, None),
             lambda: libvirt.virEventAddHandle(0, 1, 5, None),
             lambda: libvirt.virEventAddHandle(None, 1, print, None),
             lambda: libvirt.virEventRegisterImpl(1, 2, 3, 4, 5, 6)):
    try:
        print(call())
    except TypeError:
        print("TypeError")
""", """
TypeError
TypeError
TypeError
TypeError
TypeError
""")

    def test_exception_in_a_timer(self):
        process = run(DEFAULT + """
def due(timer, opaque):
    libvirt.virEventRemoveTimeout(timer)
    raise ValueError("from the timer")
libvirt.virEventAddTimeout(1, due, None)
pump()
print("end")
""")
        self.assertEqual((process.returncode, process.stdout), (0, "end\n"))
        self.assertIn("ValueError: from the timer", process.stderr)


class TestOwn(unittest.TestCase):
    def test_events(self):
        check(self, OWN + """
connection = libvirt.open(sys.argv[1])
domain = connection.lookupByName("test")
def called(connection, domain, *arguments):
    print(domain.name(), arguments)
number = connection.domainEventRegisterAny(None, 0, called, "opaque")
domain.suspend()
domain.resume()
loop.run(3)
connection.domainEventDeregisterAny(number)
domain.suspend()
loop.run(3)
print(loop.timers, loop.handles, loop.dead)
""", """
None
test (3, 0, 'opaque')
test (4, 0, 'opaque')
{} {} []
""")

    def test_own_descriptors_and_timers(self):
        check(self, OWN + """
reading, writing = os.pipe()
os.write(writing, b"x")
watch = libvirt.virEventAddHandle(reading, 1, lambda *arguments: print(arguments[2:]), "fd")
timer = libvirt.virEventAddTimeout(0, lambda *arguments: print(arguments[1:]), "timer")
print(sorted(loop.timers) == [timer], sorted(loop.handles) == [watch])
loop.run()
print(libvirt.virEventUpdateTimeout(timer, -1), libvirt.virEventUpdateHandle(watch, 0))
print(loop.timers[timer][0], loop.handles[watch][1])
print(libvirt.virEventRemoveTimeout(timer), libvirt.virEventRemoveHandle(watch))
loop.run()
""", """
None
True True
('timer',)
(1, 'fd')
None None
-1 0
0 0
""")

    def test_what_the_loop_is_given(self):
        check(self, OWN + """
libvirt.virEventAddTimeout(5, print, None)
milliseconds, callback, opaque = list(loop.timers.values())[0]
print(milliseconds, callback is libvirt._eventInvokeTimeoutCallback, type(opaque), len(opaque))
print([type(part).__name__ for part in opaque[:2]])
""", """
None
5 True <class 'tuple'> 3
['PyCapsule', 'PyCapsule']
""")

    def test_second_loop(self):
        check(self, OWN + """
try:
    libvirt.virEventRegisterImpl(print, print, print, print, print, print)
except RuntimeError as error:
    print(error)
""", """
None
Event loop is already registered
""")

    @unittest.skipUnless(OURS, "known to differ")
    def test_wrong_functions_leave_the_place_free(self):
        check(self, """
try:
    libvirt.virEventRegisterImpl(1, 2, 3, 4, 5, 6)
except TypeError:
    print("TypeError")
""" + OWN, """
TypeError
None
""")

    @unittest.skipUnless(OURS, "known to crash")
    def test_wrong_callbacks(self):
        check(self, OWN + """
libvirt.virEventAddTimeout(5, lambda *arguments: print(arguments[1]), "called")
timer, (_, callback, opaque) = list(loop.timers.items())[0]
for wrong in (5, None, (), (1, 2, 3), opaque[:1], (opaque[1], opaque[0], None)):
    for call in (lambda: callback(timer, wrong), lambda: libvirt.virEventInvokeFreeCallback(wrong),
                 lambda: libvirt._eventInvokeHandleCallback(1, 2, 3, wrong)):
        try:
            print(call())
        except TypeError:
            pass
callback(timer, opaque[0], opaque[1])
libvirt.virEventRemoveTimeout(timer)
print(libvirt.virEventInvokeFreeCallback(opaque))
for call in lambda: callback(timer, opaque), lambda: libvirt.virEventInvokeFreeCallback(opaque):
    try:
        call()
    except RuntimeError:
        print("RuntimeError")
""", """
None
called
None
RuntimeError
RuntimeError
""")

    @unittest.skipUnless(OURS, "known to differ")
    def test_failing_functions(self):
        process = run("""
def failing(*arguments):
    raise ValueError("from the loop")
def text(*arguments):
    return "text"
libvirt.virEventRegisterImpl(failing, failing, failing, text, failing, failing)
for add in (lambda: libvirt.virEventAddHandle(0, 1, print, None),
            lambda: libvirt.virEventAddTimeout(0, print, None),
            lambda: libvirt.virEventRemoveHandle(1)):
    try:
        add()
    except libvirt.libvirtError as error:
        print(error)
""")
        self.assertEqual(process.stdout.count("failed"), 3)
        self.assertEqual(process.stderr.count("ValueError: from the loop"), 2)
        self.assertIn("TypeError", process.stderr)

    def test_leaving(self):
        process = run(OWN + """
def leave(timer, opaque):
    raise KeyboardInterrupt
libvirt.virEventAddTimeout(0, leave, None)
try:
    loop.run()
except KeyboardInterrupt:
    print("interrupted")
""")
        if OURS:
            self.assertEqual((process.stdout, process.stderr), ("None\ninterrupted\n", ""))

    def test_exit_with_everything_in_use(self):
        process = run(OWN + """
connection = libvirt.open(sys.argv[1])
connection.domainEventRegisterAny(None, 0, print, None)
libvirt.virEventAddTimeout(0, print, None)
libvirt.virEventAddHandle(0, 1, print, None)
""")
        self.assertEqual((process.returncode, process.stdout, process.stderr), (0, "None\n", ""))


if __name__ == "__main__":
    unittest.main()
