# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a private libvirtd is told: its configuration files, as text."""

_DAEMON = """
listen_tls = 0
listen_tcp = 1
listen_addr = "127.0.0.1"
tcp_port = "{port}"
auth_tcp = "{tcp_authentication}"
auth_unix_ro = "none"
auth_unix_rw = "none"
host_uuid = "{uuid}"
ovs_timeout = 1
log_level = 3
log_outputs = "3:file:{folder}/libvirtd.log"
"""

# Neither cgroups nor security labels nor a virtlogd: all three may be missing, or be the machine's.
_QEMU = """
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
cgroup_controllers = []
namespaces = []
stdio_handler = "file"
vnc_listen = "127.0.0.1"
migration_port_min = {first_migration_port}
migration_port_max = {last_migration_port}
remote_display_port_min = {first_display_port}
remote_display_port_max = {last_display_port}
"""

# The only mechanism in Debian's modules that also encrypts, which libvirt demands on plain TCP.
_SASL = """
mech_list: digest-md5
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/passwords
"""


# How many ports a daemon and its guests need.
PORTS = 32


def configuration_files(folder, port, uuid, with_sasl):
    """{path inside the folder: text}; `port` is the first of PORTS, and the one that it listens on.
    The last is left to tests."""
    values = {
        "folder": folder,
        "port": port,
        "first_migration_port": port + 1,
        "last_migration_port": port + 9,
        "first_display_port": port + 10,
        "last_display_port": port + PORTS - 2,
        "uuid": uuid,
        "tcp_authentication": "sasl" if with_sasl else "none",
    }
    return {
        "etc/libvirtd.conf": _DAEMON.format(**values),
        "etc/qemu.conf": _QEMU.format(**values),
        "sasl/libvirt.conf": _SASL.format(**values),
    }
