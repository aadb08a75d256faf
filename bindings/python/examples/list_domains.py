#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lists the domains of a hypervisor: list_domains.py [URI]"""

import sys

import libvirt

STATES = {
    libvirt.VIR_DOMAIN_NOSTATE: "no state",
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_BLOCKED: "blocked",
    libvirt.VIR_DOMAIN_PAUSED: "paused",
    libvirt.VIR_DOMAIN_SHUTDOWN: "shutting down",
    libvirt.VIR_DOMAIN_SHUTOFF: "shut off",
    libvirt.VIR_DOMAIN_CRASHED: "crashed",
    libvirt.VIR_DOMAIN_PMSUSPENDED: "suspended",
}


def main():
    uri = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        with libvirt.openReadOnly(uri) as connection:
            print(f"{connection.getHostname()}, {connection.getType()}")
            for domain in connection.listAllDomains():
                state, max_memory, memory, vcpus, _ = domain.info()
                print(f"  {domain.name():20} {STATES.get(state, state):14} "
                      f"{memory // 1024:6} of {max_memory // 1024} MiB  {vcpus} CPUs")
    except libvirt.libvirtError as error:
        sys.exit(f"{sys.argv[0]}: {error}")


if __name__ == "__main__":
    main()
