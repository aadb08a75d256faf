# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams, with the screenshot of the test driver as what can be received without a daemon, and
transfers by handlers against a stream of Python's own."""

import gc
import unittest
import weakref

import libvirt

from node import node_uri
from subprograms import OURS, check

CHUNK = 262120


def setUpModule():
    if not OURS:
        libvirt.registerErrorHandler(lambda context, error: None, None)


class Streams(unittest.TestCase):
    def setUp(self):
        self.connection = libvirt.open("test:///default")
        self.domain = self.connection.lookupByName("test")

    def screenshot(self, flags=0):
        stream = self.connection.newStream(flags)
        self.assertEqual(self.domain.screenshot(stream, 0), "image/png")
        return stream

    def assert_closed(self, stream):
        with self.assertRaisesRegex(libvirt.libvirtError, "not open"):
            stream.recv(1)


class TestReceiving(Streams):
    def test_recv(self):
        stream = self.screenshot()
        data = stream.recv(8)
        self.assertEqual(data, b"\x89PNG\r\n\x1a\n")
        self.assertIs(type(data), bytes)
        while data:
            data = stream.recv(nbytes=100000)
        self.assertEqual(data, b"")
        self.assertEqual(stream.finish(), 0)
        self.assert_closed(stream)

    def test_recv_without_source(self):
        with self.assertRaises(libvirt.libvirtError) as caught:
            self.connection.newStream().recv(10)
        self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_SUPPORT)

    def test_abort(self):
        stream = self.screenshot()
        self.assertEqual(stream.abort(), 0)
        self.assert_closed(stream)

    def test_recv_flags_are_refused_by_the_driver(self):
        for arguments in (4,), (4, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE):
            with self.assertRaises(libvirt.libvirtError) as caught:
                self.screenshot().recvFlags(*arguments)
            self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_SUPPORT)

    @unittest.skipUnless(OURS, "known to differ")
    def test_wrong_arguments(self):
        stream = self.screenshot()
        with self.assertRaises(ValueError):
            stream.recv(-1)
        with self.assertRaises(TypeError):
            stream.recv("10")
        with self.assertRaises(OverflowError):
            stream.recv(1 << 40)
        with self.assertRaises(TypeError):
            stream.send("text")
        with self.assertRaises(TypeError):
            stream.recv()
        self.assertEqual(stream.recv(0), b"")

    @unittest.skipUnless(OURS, "known to differ")
    def test_send_takes_any_bytes(self):
        for data in b"data", bytearray(b"data"), memoryview(b"data"):
            with self.assertRaises(libvirt.libvirtError) as caught:
                self.connection.newStream().send(data)
            self.assertEqual(caught.exception.get_error_code(), libvirt.VIR_ERR_NO_SUPPORT)


class TestReceivingAll(Streams):
    def test_whole(self):
        stream = self.screenshot()
        parts = []

        def keep(receiver, data, opaque):
            self.assertIs(receiver, stream)
            opaque.append(data)
            return len(data)

        self.assertIsNone(stream.recvAll(keep, parts))
        data = b"".join(parts)
        self.assertTrue(data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82"))
        stream.finish()

    def test_handler_answers_nothing(self):
        self.assertIsNone(self.screenshot().recvAll(lambda *arguments: None, None))

    def test_handler_stops(self):
        stream = self.screenshot()
        with self.assertRaisesRegex(RuntimeError, "^recvAll handler returned -1$"):
            stream.recvAll(lambda *arguments: -1, None)
        self.assert_closed(stream)

    def test_handler_raises(self):
        stream = self.screenshot()
        with self.assertRaises(ZeroDivisionError):
            stream.recvAll(lambda *arguments: 1 / 0, None)
        self.assert_closed(stream)


class Script:
    """The other side of a stream: a list of what to receive, and a record of what was done."""

    def __init__(self, receive):
        self.receive = list(receive)
        self.done = []
        self.room = 1 << 30

    def recv(self, nbytes):
        return self.receive.pop(0)

    def recvFlags(self, nbytes, flags=0):
        self.done.append(("recvFlags", flags))
        return self.receive.pop(0)

    def recvHole(self, flags=0):
        return self.receive.pop(0)

    def send(self, data):
        if self.room < 0:
            return self.room
        taken = bytes(data[:self.room])
        self.done.append(taken)
        return len(taken)

    def sendHole(self, length, flags=0):
        self.done.append(length)
        return 0

    def abort(self):
        self.done.append("abort")
        return 0


def never(*_arguments):
    """A handler that the test does not get to."""
    raise AssertionError


class TestTransfers(unittest.TestCase):
    def stream(self, *receive):
        stream = libvirt.open("test:///default").newStream()
        script = Script(receive)
        for name in "recv", "recvFlags", "recvHole", "send", "sendHole", "abort":
            setattr(stream, name, getattr(script, name))
        stream.script, stream.done = script, script.done
        return stream

    def test_send_all(self):
        stream = self.stream()
        pieces = [b"one", b"two", b""]
        asked = []

        def source(sender, nbytes, opaque):
            asked.append((sender is stream, nbytes, opaque))
            return pieces.pop(0)

        self.assertIsNone(stream.sendAll(source, "opaque"))
        self.assertEqual(stream.done, [b"one", b"two"])
        self.assertEqual(asked, [(True, CHUNK, "opaque")] * 3)

    @unittest.skipUnless(OURS, "known to lose data")
    def test_send_all_of_short_writes(self):
        stream = self.stream()
        stream.script.room = 3
        pieces = [b"0123456789", None]
        stream.sendAll(lambda *arguments: pieces.pop(0), None)
        self.assertEqual(stream.done, [b"012", b"345", b"678", b"9"])

    def test_send_all_stops(self):
        stream = self.stream()
        with self.assertRaises(ZeroDivisionError):
            stream.sendAll(lambda *arguments: 1 / 0, None)
        self.assertEqual(stream.done, ["abort"])

    def test_nonblocking_is_refused(self):
        stream = self.stream(-2, -2)
        stream.script.room = -2
        for call in (lambda: stream.sendAll(lambda *arguments: b"x", None),
                     lambda: stream.recvAll(lambda *arguments: 0, None),
                     lambda: stream.sparseRecvAll(lambda *arguments: 0, lambda *arguments: 0,
                                                  None),
                     lambda: stream.sparseSendAll(lambda *arguments: b"x",
                                                  lambda *arguments: (True, 5),
                                                  lambda *arguments: 0, None)):
            with self.assertRaisesRegex(libvirt.libvirtError, "nonblocking"):
                call()

    @unittest.skipUnless(OURS, "known to differ")
    def test_send_all_of_wrong_data(self):
        for wrong, kind in (("text", TypeError), (5, TypeError), (-1, RuntimeError)):
            stream = self.stream()
            with self.assertRaises(kind):
                stream.sendAll(lambda *arguments: wrong, None)
            self.assertEqual(stream.done, ["abort"])

    def test_sparse_receive(self):
        stream = self.stream(b"data", -3, 4096, b"more", -3, 1, b"")
        seen = []

        def data(receiver, piece, opaque):
            seen.append((piece, opaque))
            return len(piece)

        def hole(receiver, length, opaque):
            seen.append((length, opaque))

        self.assertIsNone(stream.sparseRecvAll(data, hole, "op"))
        self.assertEqual(seen, [(b"data", "op"), (4096, "op"), (b"more", "op"), (1, "op")])
        self.assertEqual({call for call in stream.done},
                         {("recvFlags", libvirt.VIR_STREAM_RECV_STOP_AT_HOLE)})

    def test_sparse_receive_stops(self):
        for receive, handlers in (([b"data"], (lambda *arguments: -1, never)),
                                  ([-3, 5], (never, lambda *arguments: -1))):
            stream = self.stream(*receive)
            with self.assertRaises(RuntimeError):
                stream.sparseRecvAll(*handlers, None)
            self.assertEqual(stream.done[-1], "abort")

    def test_sparse_receive_raises(self):
        stream = self.stream(b"data")
        with self.assertRaises(ZeroDivisionError):
            stream.sparseRecvAll(lambda *arguments: 1 / 0, never, None)
        self.assertNotIn("abort", stream.done)

    def test_sparse_send(self):
        stream = self.stream()
        sections = [(True, 4), (False, 4096), (True, 6), (True, 3), (False, 10), (True, 0)]
        pieces = [b"data", b"mor", b"e!!", b""]
        asked, skipped = [], []

        def data(sender, nbytes, opaque):
            asked.append(nbytes)
            return pieces.pop(0)

        def skip(sender, length, opaque):
            skipped.append((length, opaque))
            return 0

        self.assertIsNone(stream.sparseSendAll(
            data, lambda sender, opaque: sections.pop(0), skip, "op"))
        self.assertEqual(stream.done, [b"data", 4096, b"mor", b"e!!", 10])
        self.assertEqual(skipped, [(4096, "op"), (10, "op")])
        self.assertEqual(asked, [4, 6, 3, 0])

    @unittest.skipUnless(OURS, "known to differ")
    def test_sparse_send_of_wrong_answers(self):
        def good(*arguments):
            return True, 5

        for handlers, kind in (((never, lambda *arguments: 5, never), TypeError),
                               ((never, lambda *arguments: (True, "5"), never), TypeError),
                               ((lambda *arguments: "text", good, never), TypeError),
                               ((lambda *arguments: -1, good, never), RuntimeError),
                               ((never, lambda *arguments: (False, 5),
                                 lambda *arguments: -1), RuntimeError)):
            with self.assertRaises(kind):
                self.stream().sparseSendAll(*handlers, None)


class TestEvents(unittest.TestCase):
    def test_callback(self):
        check(self, """
libvirt.virEventRegisterDefaultImpl()
beat = libvirt.virEventAddTimeout(5, lambda *arguments: None, None)
connection = libvirt.open("test:///default")
domain = connection.lookupByName("test")
stream = connection.newStream(libvirt.VIR_STREAM_NONBLOCK)
domain.screenshot(stream, 0)
def ready(receiver, events, opaque):
    print(receiver is stream, events, opaque, len(receiver.recv(8)))
    print(receiver.eventRemoveCallback())
print(stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, ready, "opaque"))
print(stream.cb is ready, stream.eventUpdateCallback(libvirt.VIR_STREAM_EVENT_READABLE))
try:
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, ready, "second")
except libvirt.libvirtError as error:
    print(error)
for _ in range(5):
    libvirt.virEventRunDefaultImpl()
try:
    stream.eventRemoveCallback()
except libvirt.libvirtError as error:
    print(error)
print(stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, ready, "again"))
for _ in range(5):
    libvirt.virEventRunDefaultImpl()
print(stream.abort())
""", """
None
True 0
internal error: stream already has a callback registered
True 1 opaque 8
0
internal error: stream does not have a callback registered
None
True 1 again 8
0
0
""")

    @unittest.skipUnless(OURS, "known to leak")
    def test_stream_is_dropped(self):
        check(self, """
import gc, weakref
libvirt.virEventRegisterDefaultImpl()
beat = libvirt.virEventAddTimeout(5, lambda *arguments: None, None)
connection = libvirt.open("test:///default")
for last in "abort", "eventRemoveCallback":
    stream = connection.newStream(libvirt.VIR_STREAM_NONBLOCK)
    connection.lookupByName("test").screenshot(stream, 0)
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, lambda *arguments: None, None)
    (stream.eventRemoveCallback if last == "abort" else stream.abort)()
    try:
        getattr(stream, last)()
    except libvirt.libvirtError as error:
        print(error)
        del error
    watched = weakref.ref(stream)
    del stream
    for _ in range(3):
        libvirt.virEventRunDefaultImpl()
    gc.collect()
    print(watched())
""", """
None
internal error: stream is not open
None
""")

    @unittest.skipUnless(OURS, "known to differ")
    def test_wrong_arguments(self):
        stream = libvirt.open(node_uri()).newStream()
        with self.assertRaises(TypeError):
            stream.eventAddCallback(1, 5, None)
        with self.assertRaises(TypeError):
            stream.eventAddCallback("1", print, None)
        with self.assertRaises(libvirt.libvirtError):
            stream.eventRemoveCallback()


class TestLives(Streams):
    def test_stream_outlives_its_connection_object(self):
        stream = self.screenshot()
        connection = weakref.ref(self.connection)
        del self.connection, self.domain
        gc.collect()
        self.assertIsNotNone(connection())
        self.assertEqual(stream.recv(4), b"\x89PNG")


if __name__ == "__main__":
    unittest.main()
