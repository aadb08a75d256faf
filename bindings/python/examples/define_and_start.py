#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Defines a domain, starts it, stops it and forgets it: define_and_start.py [URI]

On the test driver, which the program uses by default, nothing real happens."""

import sys

import libvirt

XML = """
<domain type='{type}'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type>hvm</type></os>
  <devices><console type='pty'/></devices>
</domain>
"""


def main():
    uri = sys.argv[1] if len(sys.argv) > 1 else "test:///default"
    with libvirt.open(uri) as connection:
        type_ = "test" if connection.getType() == "TEST" else "qemu"
        try:
            domain = connection.defineXML(XML.format(type=type_, name="example"))
        except libvirt.libvirtError as error:
            sys.exit(f"cannot define the domain: {error}")
        try:
            print(f"defined {domain.name()}, {domain.UUIDString()}")
            domain.create()
            print(f"started it as number {domain.ID()}, active: {bool(domain.isActive())}")
            domain.destroy()
            print(f"stopped it, active: {bool(domain.isActive())}")
        finally:
            domain.undefine()
            print("forgot it")


if __name__ == "__main__":
    main()
