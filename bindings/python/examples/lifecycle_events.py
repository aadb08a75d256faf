#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what happens to domains, networks and storage pools: lifecycle_events.py [URI]

Ends with Ctrl-C. On the test driver, which the program uses by default, nothing happens by itself,
so the program does something there, and ends."""

import sys
import threading
import time

import libvirt

DOMAIN_EVENTS = ("defined", "undefined", "started", "suspended", "resumed", "stopped",
                 "shut down", "suspended by its guest", "crashed")
POOL_EVENTS = ("defined", "undefined", "started", "stopped", "created", "deleted")


def text(names, event):
    return names[event] if event < len(names) else f"event {event}"


def domain_event(connection, domain, event, detail, opaque):
    print(f"domain {domain.name()}: {text(DOMAIN_EVENTS, event)} ({detail})", flush=True)


def network_event(connection, network, event, detail, opaque):
    print(f"network {network.name()}: {text(POOL_EVENTS, event)}", flush=True)


def pool_event(connection, pool, event, detail, opaque):
    print(f"storage pool {pool.name()}: {text(POOL_EVENTS, event)}", flush=True)


def connection_lost(connection, reason, opaque):
    print(f"the connection was lost ({reason})", flush=True)
    opaque.set()


def run_loop():
    while True:
        libvirt.virEventRunDefaultImpl()


def do_something(connection):
    domain = connection.lookupByName("test")
    domain.suspend()
    domain.resume()
    network = connection.networkLookupByName("default")
    network.destroy()
    network.create()


def main():
    uri = sys.argv[1] if len(sys.argv) > 1 else "test:///default"
    # Before the first connection is opened, or it will not use the loop.
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_loop, daemon=True).start()

    lost = threading.Event()
    connection = libvirt.open(uri)
    connection.registerCloseCallback(connection_lost, lost)
    connection.domainEventRegisterAny(
        None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, domain_event, None)
    connection.networkEventRegisterAny(
        None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, network_event, None)
    connection.storagePoolEventRegisterAny(
        None, libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, pool_event, None)
    try:
        if connection.getType() == "TEST":
            do_something(connection)
            time.sleep(0.5)
        else:
            connection.setKeepAlive(5, 3)
            lost.wait()
    except KeyboardInterrupt:
        pass
    connection.close()


if __name__ == "__main__":
    main()
