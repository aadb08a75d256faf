# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest's serial line through streams that do not block, with the event loop that these need."""

import threading
import unittest

import libvirt

from daemon import GREETING, ConsoleTest, Loop


def setUpModule():
    Loop.start()


class ConsoleEvents(ConsoleTest):
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


if __name__ == "__main__":
    unittest.main()
