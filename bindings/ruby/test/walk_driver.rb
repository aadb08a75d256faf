# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# All that can be called on the test driver.

require_relative "telling"

MOVING_TEXT = /(?<=<creationTime>)\d+|(?<=:0x)\h{16}/.freeze

# The test driver makes these of the time, and keeps those in hash tables.
MOVING = /\A\w+\.(info|block_stats|ifinfo)\b/.freeze
UNSORTED = /\.list_(all_)?nodedevices\b/.freeze

def steady(call, value)
  return value.sort_by(&:to_s) if call.match?(UNSORTED) && value.is_a?(Array)
  return value unless call.match?(MOVING) && value.is_a?(Hash)

  value.transform_values { |one| one.is_a?(Integer) && one > 10**8 ? "moving" : one }
end

def world(connection)
  pool = connection.lookup_storage_pool_by_name("default-pool")
  domain = connection.lookup_domain_by_name("test")
  {
    connection: connection, domain: domain,
    network: connection.lookup_network_by_name("default"), pool: pool,
    volume: pool.create_volume_xml(VOLUME), device: connection.lookup_nodedevice_by_name("computer"),
    interface: connection.lookup_interface_by_name("eth1"),
    snapshot: domain.snapshot_create_xml("<domainsnapshot><name>first</name></domainsnapshot>")
  }
end

VOLUME = "<volume><name>disk</name><capacity>1048576</capacity></volume>"
INACTIVE = "<domain type='test'><name>asleep</name><memory>8192</memory><os><type>hvm</type></os>" \
           "<uuid>11111111-2222-3333-4444-555555555555</uuid></domain>"

def walk_lookups(connection, pool, domain)
  uuid = "6695eb01-f6a4-8304-79aa-97f2502e193f"
  try("lookup by id") { connection.lookup_domain_by_id(1) }
  try("lookup by uuid") { connection.lookup_domain_by_uuid(uuid) }
  try("no such id") { connection.lookup_domain_by_id(99) }
  %w[domain interface network nodedevice nwfilter storage_pool].each do |noun|
    try("no such #{noun}") { connection.public_send("lookup_#{noun}_by_name", "nowhere") }
  end
  %w[domain network nwfilter secret storage_pool].each do |noun|
    try("no such uuid of #{noun}") { connection.public_send("lookup_#{noun}_by_uuid", uuid.tr("0-9", "9")) }
    try("bad uuid of #{noun}") { connection.public_send("lookup_#{noun}_by_uuid", "no uuid") }
  end
  try("no such mac") { connection.lookup_interface_by_mac("00:00:00:00:00:00") }
  try("no such secret") { connection.lookup_secret_by_usage(1, "nothing") }
  %w[key name path].each { |noun| try("no such #{noun} of volume") { pool.public_send("lookup_volume_by_#{noun}", "nowhere") } }
  try("volume by key") { pool.lookup_volume_by_key("/default-pool/disk") }
  try("volume by name") { pool.lookup_volume_by_name("disk") }
  try("volume by path") { pool.lookup_volume_by_path("/default-pool/disk") }
  try("no such snapshot") { domain.lookup_snapshot_by_name("nowhere") }
  try("snapshot by name") { domain.lookup_snapshot_by_name("first") }
end

def walk_asleep(connection)
  domain = connection.define_domain_xml(INACTIVE)
  walk_getters("asleep", domain)
  try("asleep.create") { domain.create }
  try("asleep.create again") { domain.create }
  try("asleep.state") { domain.state }
  %w[suspend resume shutdown].each { |name| try("asleep.#{name}") { domain.public_send(name) } }
  try("asleep.create(0)") { domain.create(0) }
  try("asleep.reboot") { domain.reboot }
  try("asleep.managed_save") { domain.managed_save }
  try("asleep.managed_save_remove") { domain.managed_save_remove }
  try("asleep.destroy") { domain.destroy }
  try("asleep.destroy again") { domain.destroy }
  try("asleep.undefine") { domain.undefine }
  try("asleep.undefine again") { domain.undefine }
  try("asleep.name") { domain.name }
end

def walk_arguments(world)
  connection, domain, network, pool = world.values_at(:connection, :domain, :network, :pool)
  { block_peek: ["vda", 0, 4], block_resize: ["vda", 10], block_stats: ["vda"], blockinfo: ["vda"],
    ifinfo: ["testnet0"], memory_peek: [0, 4], num_vcpus: [0], interface_parameters: ["testnet0"],
    pin_vcpu: [0, [0, 1]], send_key: [0, 1, [5]], xml_desc: [1], metadata: [0], rename: ["other"],
    core_dump: ["/nowhere/at/all"], save: ["/nowhere/at/all"], attach_device: ["<nothing/>"],
    detach_device: ["<nothing/>"], update_device: ["<nothing/>"], open_console: [nil, nil],
    pin_emulator: [[0]], qemu_agent_command: ["{}"], qemu_monitor_command: ["x"],
    send_process_signal: [1, 2], fs_freeze: [], fs_thaw: [], fstrim: [], block_job_info: ["vda"],
    lxc_open_namespace: [], pmsuspend_for_duration: [0, 1], migrate_set_max_speed: [1],
    snapshot_create_xml: ["<nothing/>"] }
    .each { |name, arguments| try("domain.#{name}#{arguments}") { domain.public_send(name, *arguments) } }
  { max_vcpus: ["test"], domain_capabilities: [nil, nil, nil, nil], compare_cpu: ["<cpu/>"],
    baseline_cpu: [["<cpu/>"]], cpu_model_names: ["x86_64"], domain_xml_from_native: ["a", "b"],
    domain_xml_to_native: ["a", "b"], node_suspend_for_duration: [0, 1], list_nodedevices: ["system"],
    num_of_nodedevices: ["system"], node_cells_free_memory: [0, 1], node_cpu_stats: [0],
    node_memory_stats: [0], create_domain_xml: ["<nothing/>"], define_domain_xml: ["<nothing/>"],
    create_network_xml: ["<nothing/>"], define_network_xml: ["<nothing/>"],
    create_nodedevice_xml: ["<nothing/>"], define_interface_xml: ["<nothing/>"],
    define_nwfilter_xml: ["<nothing/>"], define_secret_xml: ["<nothing/>"],
    create_storage_pool_xml: ["<nothing/>"], define_storage_pool_xml: ["<nothing/>"],
    discover_storage_pool_sources: ["logical"], save_image_xml_desc: ["/nowhere"],
    qemu_attach: [1], stream: [] }
    .each { |name, arguments| try("connection.#{name}#{arguments}") { connection.public_send(name, *arguments) } }
  try("network.update") { network.update(0, 0, 0, "<nothing/>", 0) }
  try("network.dhcp_leases") { network.dhcp_leases("00:11:22:33:44:55") }
  try("pool.create_volume_xml") { pool.create_volume_xml("<nothing/>") }
end

def walk_setters(world)
  domain, network, pool = world.values_at(:domain, :network, :pool)
  { vcpus: [1, [2, 1], [2], "x", [1, 2, 3], nil, 2**40], autostart: [true, false, 1, nil],
    memory: ["x", [1, 2, 3]], max_memory: ["x"], memory_stats_period: [1, [1, 0], "x"],
    migrate_max_downtime: [1, [1, 0], "x"], migrate_max_speed: [1, [1, 0], "x"],
    block_job_speed: ["vda", ["vda", 1], 1], metadata: [[0, "title"], [0], 0, [0, 1], "x"],
    user_password: [["me", "secret"], ["me"], "me"], time: [1], memory_parameters: [1, [1, 2], {}],
    scheduler_parameters: [1, {}], blkio_parameters: [1, {}], numa_parameters: [1, {}],
    interface_parameters: [1, ["testnet0"], ["testnet0", 1]], block_iotune: [1, ["vda"], ["vda", 1]],
    migrate_compression_cache: [1, "x"], vcpus_flags: [1, [1, 0], "x"] }.each do |name, values|
    values.each { |value| try("domain.#{name}=#{value.inspect}") { domain.public_send("#{name}=", value) } }
  end
  [true, false, 1].each do |value|
    try("network.autostart=#{value}") { network.autostart = value }
    try("pool.autostart=#{value}") { pool.autostart = value }
  end
  try("domain.max_memory") { domain.max_memory }
  try("domain.num_vcpus") { domain.num_vcpus(0) }
  try("domain.title") { domain.metadata(1) }
end

def walk_changes(world)
  network, pool, volume, interface, snapshot, domain =
    world.values_at(:network, :pool, :volume, :interface, :snapshot, :domain)
  child = domain.snapshot_create_xml("<domainsnapshot><name>second</name></domainsnapshot>")
  try("child.parent") { child.parent }
  walk_getters("child", child)
  walk_getters("parent", snapshot)
  try("domain.revert_to_snapshot") { domain.revert_to_snapshot(snapshot) }
  try("domain.current_snapshot") { domain.current_snapshot }
  try("child.delete") { child.delete }
  try("child.delete again") { child.delete }
  try("snapshot.delete") { snapshot.delete }
  try("domain without current_snapshot") { domain.current_snapshot }
  try("pool.create_vol_xml") { pool.create_vol_xml(VOLUME.sub("disk", "other")) }
  try("pool.create_vol_xml again") { pool.create_vol_xml(VOLUME.sub("disk", "other")) }
  try("pool.create_vol_xml_from") { pool.create_vol_xml_from(VOLUME.sub("disk", "copy"), volume) }
  %w[wipe delete delete].each { |name| try("volume.#{name}") { volume.public_send(name) } }
  %w[refresh build create destroy create refresh destroy undefine name].each do |name|
    try("pool.#{name} in turn") { pool.public_send(name) }
  end
  %w[create destroy create destroy undefine name].each do |name|
    try("network.#{name} in turn") { network.public_send(name) }
  end
  %w[destroy create destroy undefine name].each do |name|
    try("interface.#{name} in turn") { interface.public_send(name) }
  end
end

def walk_opening
  try("version") { Libvirt.version }
  try("version of test") { Libvirt.version("Test") }
  try("open nowhere") { Libvirt.open("nowhere:///") }
  try("open a number") { Libvirt.open(5) }
  try("open a null character") { Libvirt.open("test:///default\0") }
  try("open_read_only nowhere") { Libvirt.open_read_only("nowhere:///") }
  try("open two") { Libvirt.open("test:///default", 1) }
  HANDLES.each do |handle|
    try("#{handle}.new") { handle.new }
    try("#{handle}.allocate") { handle.allocate }
  end
end

def walk_closed(connection)
  domain = connection.lookup_domain_by_name("test")
  try("connection.close") { connection.close }
  try("connection.close again") { connection.close }
  try("connection.closed? when closed") { connection.closed? }
  walk_freed("connection", connection)
  walk_freed("domain of a closed connection", domain)
  try("domain.free of a closed connection") { domain.free }
end

walk_opening
things = world(Libvirt.open("test:///default"))
things.each { |label, object| walk_getters(label, object) }
walk_lookups(*things.values_at(:connection, :pool, :domain))
things.each { |label, object| walk_wrong_arguments(label, object) }
walk_arguments(things)
walk_setters(things)
walk_asleep(things[:connection])
walk_changes(things)
things.drop(1).each do |label, object|
  try("#{label}.free") { object.free }
  try("#{label}.free again") { object.free }
  walk_freed(label, object)
end
walk_closed(things[:connection])
