#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The calls that are measured, in Python: calls.py URI. Works like calls.c."""

import itertools
import sys
import time


def python_calls(uri):
    """The calls, by name."""
    import libvirt

    if not hasattr(libvirt, "__version__"):
        # Otherwise the established binding prints each error, which costs more than the call.
        libvirt.registerErrorHandler(lambda context, error: None, None)
    conn = libvirt.open(uri)
    domain = conn.lookupByName("domain-500")
    failure = libvirt.libvirtError

    def failing_lookup():
        try:
            conn.lookupByName("missing")
        except failure:
            pass

    return {
        "version": conn.getLibVersion,
        "name": domain.name,
        "info": domain.info,
        "lookup": lambda: conn.lookupByName("domain-500"),
        "failing-lookup": failing_lookup,
        "list": conn.listAllDomains,
        "statistics": conn.getAllDomainStats,
        "scheduler-out": domain.schedulerParameters,
        "scheduler-in": lambda: domain.setSchedulerParameters({"weight": 50}),
    }


def main():
    calls = python_calls(sys.argv[1])
    for line in sys.stdin:
        name, count = line.split()
        call = calls[name]
        turns = itertools.repeat(None, int(count))
        start = time.perf_counter_ns()
        for _ in turns:
            call()
        print(time.perf_counter_ns() - start, flush=True)


if __name__ == "__main__":
    main()
