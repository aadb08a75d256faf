# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest's serial line through streams that block. No event loop runs: libvirt's client can miss the
last data where a loop on another thread takes it in just before a call starts to wait for it."""

import threading
import time
import unittest

import libvirt

from daemon import GREETING, ConsoleTest


class Console(ConsoleTest):
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
