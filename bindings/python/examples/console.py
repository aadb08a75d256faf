#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connects the terminal with a domain's console: console.py URI DOMAIN

Ctrl-] leaves."""

import os
import select
import sys
import termios
import threading
import tty

import libvirt

LEAVE = b"\x1d"


class Console:
    """Two directions between a stream, which never blocks, and the terminal."""

    def __init__(self, domain):
        self.stream = domain.connect().newStream(libvirt.VIR_STREAM_NONBLOCK)
        domain.openConsole(None, self.stream, 0)
        self.done = threading.Event()
        self.stream.eventAddCallback(
            libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_ERROR
            | libvirt.VIR_STREAM_EVENT_HANGUP, self.changed, None)

    def changed(self, stream, events, opaque):
        """Called by the event loop."""
        try:
            data = stream.recv(4096) if events & libvirt.VIR_STREAM_EVENT_READABLE else b""
        except libvirt.libvirtError:
            data = b""
        if data == -2:
            return
        if data:
            os.write(sys.stdout.fileno(), data)
        else:
            self.done.set()

    def run(self):
        """Until the domain or the user ends it."""
        while not self.done.is_set():
            ready, _, _ = select.select([sys.stdin], [], [], 0.1)
            if not ready:
                continue
            data = os.read(sys.stdin.fileno(), 1024)
            if not data or LEAVE in data:
                break
            self.send(data)

    def send(self, data):
        while data and not self.done.is_set():
            sent = self.stream.send(data)
            if sent == -2:
                self.done.wait(0.01)
            else:
                data = data[sent:]

    def close(self):
        try:
            self.stream.eventRemoveCallback()
            if self.done.is_set():
                self.stream.finish()
            else:
                self.stream.abort()
        except libvirt.libvirtError:
            pass  # the other side was faster


def run_loop():
    while True:
        libvirt.virEventRunDefaultImpl()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_loop, daemon=True).start()
    try:
        domain = libvirt.open(sys.argv[1]).lookupByName(sys.argv[2])
        console = Console(domain)
    except libvirt.libvirtError as error:
        sys.exit(f"{sys.argv[0]}: {error}")
    print(f"Connected to {domain.name()}; Ctrl-] leaves.")
    saved = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
    try:
        if saved:
            tty.setraw(sys.stdin)
        console.run()
    finally:
        if saved:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, saved)
        console.close()
        print()


if __name__ == "__main__":
    main()
