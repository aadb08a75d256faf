#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints the statistics of all domains, one call for all of them: domain_statistics.py [URI]"""

import sys

import libvirt


def main():
    uri = sys.argv[1] if len(sys.argv) > 1 else "test:///default"
    wanted = (libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_CPU_TOTAL
              | libvirt.VIR_DOMAIN_STATS_BALLOON | libvirt.VIR_DOMAIN_STATS_VCPU
              | libvirt.VIR_DOMAIN_STATS_INTERFACE | libvirt.VIR_DOMAIN_STATS_BLOCK)
    with libvirt.openReadOnly(uri) as connection:
        try:
            everything = connection.getAllDomainStats(wanted)
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_SUPPORT:
                raise
            # Old drivers know some statistics only.
            everything = connection.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_STATE)
        for domain, statistics in everything:
            print(domain.name())
            for name, value in statistics.items():
                print(f"  {name} = {value}")


if __name__ == "__main__":
    main()
