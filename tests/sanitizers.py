# SPDX-License-Identifier: LGPL-2.1-or-later
"""What running programs with a preloaded sanitizer takes."""

import re
import subprocess


def preloaded(sanitizer):
    """The library of the sanitizers, and behind it libtirpc, whose functions it wraps: it looks for
    them before libvirt brings them."""
    listed = subprocess.run(["/sbin/ldconfig", "-p"], stdout=subprocess.PIPE, text=True,
                            check=False).stdout
    return " ".join([sanitizer, *re.findall(r"libtirpc\.so\.3 .*=> (.*)", listed)[:1]])
