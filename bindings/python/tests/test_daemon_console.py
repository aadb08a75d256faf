# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest's serial line through streams: blocking, not blocking, and with the event loop."""

import threading
import time
import unittest

import libvirt

from daemon import GREETING, DaemonTest, Loop


def setUpModule():
    Loop.start()


class Console(DaemonTest):
    def setUp(self):
        super().setUp()
        # Paused, so that the greeting waits until somebody listens.
        self.domain = self.guest(flags=libvirt.VIR_DOMAIN_START_PAUSED)

    def open_console(self, flags=0):
        stream = self.conn.newStream(flags)
        self.assertEqual(self.domain.openConsole(None, stream,
                                                 libvirt.VIR_DOMAIN_CONSOLE_FORCE), 0)
        return stream

    def receive(self, stream, count):
        """So many bytes, from a stream that waits."""
        result = b""
        while len(result) < count:
            piece = stream.recv(count - len(result))
            self.assertNotIn(piece, (b"", -1, -2))
            result += piece
        return result

    def test_greeting_and_echo(self):
        stream = self.open_console()
        self.domain.resume()
        # The BIOS may have written first.
        text = b""
        while not text.endswith(GREETING):
            text += stream.recv(100)
        for message in (b"hello\n", bytes(range(32, 127)) * 3):
            sent = 0
            while sent < len(message):
                sent += stream.send(message[sent:])
            self.assertEqual(self.receive(stream, len(message)), message)
        self.assertEqual(stream.abort(), 0)

    def test_without_blocking(self):
        stream = self.open_console(libvirt.VIR_STREAM_NONBLOCK)
        self.assertEqual(stream.recv(100), -2)
        self.domain.resume()
        text = bytearray()

        def complete():
            piece = stream.recv(100)
            if piece != -2:
                text.extend(piece)
            return text.endswith(GREETING)

        self.eventually(complete)
        stream.abort()

    def test_with_events(self):
        stream = self.open_console(libvirt.VIR_STREAM_NONBLOCK)
        text, complete, opaques = bytearray(), threading.Event(), set()

        def readable(one, events, opaque):
            opaques.add(opaque)
            if events & libvirt.VIR_STREAM_EVENT_READABLE:
                piece = one.recv(1000)
                if piece != -2:
                    text.extend(piece)
            if text.endswith(GREETING):
                one.eventRemoveCallback()
                complete.set()

        self.assertIsNone(stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, readable,
                                                  "opaque"))
        self.domain.resume()
        self.assertTrue(complete.wait(15), bytes(text))
        self.assertEqual(opaques, {"opaque"})
        stream.abort()

    def test_channel_that_is_not_there(self):
        stream = self.conn.newStream()
        with self.assertRaises(libvirt.libvirtError):
            self.domain.openChannel("nothing", stream)

    def test_guest_ends_while_reading(self):
        stream = self.open_console()
        ended = []

        def read():
            try:
                while stream.recv(100):
                    pass
                ended.append("end")
            except libvirt.libvirtError:
                ended.append("error")

        reader = threading.Thread(target=read)
        reader.start()
        time.sleep(0.2)
        self.domain.destroy()
        reader.join(15)
        self.assertFalse(reader.is_alive())
        self.assertEqual(len(ended), 1)


if __name__ == "__main__":
    unittest.main()
