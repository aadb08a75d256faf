#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Awaits the next events of domains with asyncio: asyncio_events.py [URI [COUNT]]

On the test driver, which the program uses by default, it makes the events itself."""

import asyncio
import sys

import libvirt
import libvirtaio


async def main():
    uri = sys.argv[1] if len(sys.argv) > 1 else "test:///default"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    impl = libvirtaio.virEventRegisterAsyncIOImpl()
    events = asyncio.Queue()

    connection = libvirt.open(uri)
    connection.domainEventRegisterAny(
        None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        lambda connection, domain, event, detail, opaque:
        events.put_nowait((domain.name(), event, detail)), None)
    if connection.getType() == "TEST":
        domain = connection.lookupByName("test")
        for change in (domain.suspend, domain.resume, domain.destroy, domain.create):
            # A call that may take long belongs on another thread.
            await asyncio.to_thread(change)
        del domain, change
    for _ in range(count):
        name, event, detail = await events.get()
        print(f"{name}: event {event}, detail {detail}")
    connection.close()
    await impl.drain()


if __name__ == "__main__":
    asyncio.run(main())
