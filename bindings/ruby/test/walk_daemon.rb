# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# All that can be called on a QEMU daemon but guests: walk_daemon.rb URI FOLDER.

require_relative "telling"

URI, FOLDER = ARGV

MOVING_TEXT = %r{(?<=:0x)\h{16}|(?<=<available\ unit='bytes'>)\d+|(?<=<allocation\ unit='bytes'>)\d+
                 |(?<=time>)\d+\.\d+|(?<=<mode>)\d+}x.freeze

# Of the machine, which does other things meanwhile.
MOVING = /\A\w+\.(node_free_memory|node_cells_free_memory|node_cpu_stats|node_memory_stats|node_free_pages)\b/.freeze
MOVING_READERS = %w[available allocation mhz].freeze
UNSORTED = /list_/.freeze
# Other daemons add and remove some of the machine's.
SHARED = /(list|list_all|list_defined|num_of|num_of_defined)_(interfaces|nodedevices)/.freeze

def steady(call, value)
  return shape(value) if call.match?(MOVING)
  return kinds(value) if call.match?(SHARED)
  return value.sort_by(&:to_s) if call.match?(UNSORTED) && value.is_a?(Array)

  with_shapes(value, MOVING_READERS)
end

def each_call(label, object, calls)
  calls.each { |name, arguments| try("#{label}.#{name}#{arguments}") { object.public_send(name, *arguments) } }
end

# ---- the machine ----

CPU = "<cpu><arch>x86_64</arch><model>qemu64</model></cpu>"
GUEST = "<domain type='qemu'><name>native</name><memory>32768</memory><os><type arch='x86_64' machine='pc'>hvm</type>" \
        "</os><uuid>11111111-2222-3333-4444-666666666666</uuid></domain>"

def walk_node(connection)
  each_call("node", connection,
            compare_cpu: [CPU], baseline_cpu: [[CPU, CPU]], cpu_model_names: ["x86_64"], max_vcpus: ["qemu"],
            domain_capabilities: [nil, "x86_64", "pc", "qemu", 0], node_suspend_for_duration: [9, 1],
            domain_xml_to_native: ["qemu-argv", GUEST], domain_xml_from_native: ["qemu-argv", "qemu"],
            node_alloc_pages: [[{ "size" => 4, "count" => 1 }], { "start" => 0, "count" => 1 }],
            save_image_xml_desc: ["/nowhere"], qemu_attach: [1], create_domain_xml: ["<domain"],
            define_domain_xml: ["<domain type='qemu'/>"], discover_storage_pool_sources: ["nothing"],
            sys_info: [], set_keepalive: [5, 3])
  each_call("connection", connection,
            node_cells_free_memory: [0, 1], node_cpu_stats: [0], node_memory_stats: [0],
            node_free_pages: [[4], { "startCell" => 0, "cellCount" => 1 }])
  try("keepalive=") { connection.keepalive = [5, 3] }
  parameters = { "shm_pages_to_scan" => 100 }
  try("node_memory_parameters=") { connection.node_memory_parameters = [parameters, 1 << 20] }
  try("node_memory_parameters= unknown") { connection.node_memory_parameters = { "nothing" => 1 } }
  try("defined ä") { connection.define_domain_xml(GUEST.sub("native", "ä")).name }
  each_call("with a domain", connection, list_defined_domains: [], list_all_domains: [2], num_of_defined_domains: [])
  connection.lookup_domain_by_name("ä").undefine
end

def walk_devices(connection)
  device = try("computer") { connection.lookup_nodedevice_by_name("computer") }
  walk_getters("device", device)
  net = try("net") { connection.lookup_nodedevice_by_name("net_lo_00_00_00_00_00_00") }
  if net
    walk_getters("net", net)
    each_call("net", net, detach: [], reattach: [], reset: [], destroy: [])
  end
  each_call("devices", connection, list_nodedevices: ["net"], num_of_nodedevices: ["net"], list_all_nodedevices: [8],
                                   create_nodedevice_xml: ["<device/>"], lookup_nodedevice_by_name: ["nowhere"])
  try("device.free") { device.free }
  walk_freed("device", device)
end

def walk_interfaces(connection)
  each_call("interfaces", connection, lookup_interface_by_name: ["lo"], lookup_interface_by_mac: ["00:00:00:00:00:00"],
                                      define_interface_xml: ["<interface/>"], interface_change_begin: [],
                                      interface_change_commit: [], interface_change_rollback: [])
  interface = try("interface") { connection.lookup_interface_by_name("lo") }
  walk_getters("interface", interface) if interface
end

# ---- what can be made ----

NETWORK = "<network><name>walked</name><uuid>11111111-2222-3333-4444-777777777777</uuid>" \
          "<forward mode='bridge'/><bridge name='none'/></network>"

def walk_network(connection)
  network = try("define_network_xml") { connection.define_network_xml(NETWORK) }
  walk_getters("network", network)
  [true, false, 1].each { |value| try("network.autostart=#{value}") { network.autostart = value } }
  try("network.autostart?") { network.autostart? }
  each_call("network", network, create: [], active?: [])
  try("network.create again") { network.create }
  walk_getters("active network", network)
  each_call("network", network, update: [1, 9, -1, "<portgroup name='p'/>", 2], dhcp_leases: [nil, 0])
  try("network.update nothing") { network.update(0, 0, 0, "<nothing/>", 0) }
  try("network.xml_desc updated") { network.xml_desc(1) }
  each_call("networks", connection, list_networks: [], list_all_networks: [], lookup_network_by_name: ["walked"],
                                    lookup_network_by_uuid: [network.uuid], define_network_xml: ["<network/>"],
                                    create_network_xml: [NETWORK])
  each_call("network in turn", network, destroy: [], undefine: [], name: [], bridge_name: [])
  try("network.undefine again") { network.undefine }
  try("network.free") { network.free }
  walk_freed("network", network)
end

SECRET = "<secret ephemeral='yes' private='no'><uuid>11111111-2222-3333-4444-888888888888</uuid>" \
         "<usage type='volume'><volume>/walked</volume></usage></secret>"

def walk_secret(connection)
  secret = try("define_secret_xml") { connection.define_secret_xml(SECRET) }
  try("secret.value unset") { secret.value }
  [(0..255).to_a.pack("C*"), "\0", "ä", "x" * 5000].each do |value|
    try("secret.value=#{value.bytesize}") { secret.value = value }
    try("secret.value #{value.bytesize}") { secret.value }
  end
  try("secret.value=[]") { secret.value = ["flagged", 0] }
  try("secret.set_value") { secret.set_value("set", 0) }
  try("secret.value=5") { secret.value = 5 }
  walk_getters("secret", secret)
  each_call("secrets", connection, list_secrets: [], list_all_secrets: [], lookup_secret_by_uuid: [secret.uuid],
                                   lookup_secret_by_usage: [1, "/walked"], define_secret_xml: ["<nothing/>"])
  try("no such usage") { connection.lookup_secret_by_usage(1, "/nowhere") }
  each_call("secret in turn", secret, undefine: [], uuid: [], value: [])
  try("secret.free") { secret.free }
  walk_freed("secret", secret)
end

FILTER = "<filter name='walked' chain='root'><uuid>11111111-2222-3333-4444-999999999999</uuid>" \
         "<rule action='drop' direction='in' priority='500'/></filter>"

def walk_filter(connection)
  filter = try("define_nwfilter_xml") { connection.define_nwfilter_xml(FILTER) }
  if filter
    walk_getters("filter", filter)
    each_call("filters", connection, list_nwfilters: [], list_all_nwfilters: [], lookup_nwfilter_by_name: ["walked"],
                                     lookup_nwfilter_by_uuid: [filter.uuid])
    each_call("filter in turn", filter, undefine: [], name: [], xml_desc: [])
    try("filter.free") { filter.free }
    walk_freed("filter", filter)
  end
  each_call("no filter", connection, define_nwfilter_xml: ["<filter/>"], lookup_nwfilter_by_name: ["walked"])
end

# ---- storage ----

POOL = "<pool type='dir'><name>walked</name><uuid>11111111-2222-3333-4444-aaaaaaaaaaaa</uuid>" \
       "<target><path>#{FOLDER}/walked-pool</path></target></pool>"

def volume_xml(name, format = "raw")
  "<volume><name>#{name}</name><capacity>1048576</capacity><allocation>0</allocation>" \
    "<target><format type='#{format}'/></target></volume>"
end

def walk_pool(connection)
  pool = try("define_storage_pool_xml") { connection.define_storage_pool_xml(POOL) }
  walk_getters("inactive pool", pool)
  try("pool.create too early") { pool.create }
  each_call("pool", pool, build: [], create: [], refresh: [])
  [true, false, 1].each { |value| try("pool.autostart=#{value}") { pool.autostart = value } }
  walk_volumes(connection, pool)
  walk_getters("pool", pool)
  each_call("pools", connection, list_storage_pools: [], list_all_storage_pools: [], num_of_storage_pools: [],
                                 lookup_storage_pool_by_name: ["walked"], create_storage_pool_xml: [POOL],
                                 lookup_storage_pool_by_uuid: [pool.uuid], define_storage_pool_xml: ["<pool/>"])
  pool.list_volumes.each { |name| pool.lookup_volume_by_name(name).delete }
  each_call("pool in turn", pool, destroy: [], delete: [], undefine: [], name: [], info: [])
  try("pool.free") { pool.free }
  walk_freed("pool", pool)
end

def walk_volumes(connection, pool)
  volume = try("create_volume_xml") { pool.create_volume_xml(volume_xml("disk")) }
  try("create_volume_xml again") { pool.create_volume_xml(volume_xml("disk")) }
  copy = try("create_volume_xml_from") { pool.create_volume_xml_from(volume_xml("copy", "qcow2"), volume) }
  try("create_vol_xml_from nothing") { pool.create_vol_xml_from(volume_xml("other"), nil) }
  walk_getters("volume", volume)
  walk_getters("copy", copy)
  walk_transfers(connection, volume)
  each_call("volume", volume, resize: [2_097_152], info: [], wipe: [], wipe_pattern: [0])
  try("volume.resize shrink") { volume.resize(1) }
  try("volume.resize flags") { volume.resize(1024, 2) }
  each_call("volumes", pool, lookup_volume_by_name: ["disk"], lookup_volume_by_key: [volume.key],
                             lookup_volume_by_path: [volume.path], list_volumes: [], num_of_volumes: [])
  try("no such volume") { pool.lookup_volume_by_name("nowhere") }
  each_call("copy in turn", copy, delete: [], name: [], info: [])
  try("copy.free") { copy.free }
  walk_freed("copy", copy)
end

DATA = "pieces of data " * 20_000

def upload(volume, stream, length)
  try("volume.upload #{length}") { volume.upload(stream, 0, length) }
end

def walk_transfers(connection, volume)
  stream = connection.stream
  upload(volume, stream, DATA.bytesize)
  try("stream.send") { stream.send(DATA[0, 250_000]) }
  try("stream.send the rest") { stream.send(DATA[250_000..]) }
  try("stream.finish") { stream.finish }
  try("stream.finish again") { stream.finish }
  walk_downloads(connection, volume)
  walk_sendall(connection, volume)
  stream = connection.stream
  try("upload to abort") { volume.upload(stream, 0, 5) }
  try("stream.abort") { stream.abort }
  try("stream.send aborted") { stream.send("x") }
  try("stream.free") { stream.free }
  walk_freed("stream", stream)
end

def walk_downloads(connection, volume)
  stream = connection.stream
  try("volume.download") { volume.download(stream, 3, 5) }
  try("stream.recv") { stream.recv(100) }
  try("stream.recv at the end") { stream.recv(100) }
  try("stream.finish downloaded") { stream.finish }
  got = +"".b
  stream = connection.stream
  try("volume.download all") { volume.download(stream, 0, DATA.bytesize) }
  try("stream.recvall") { stream.recvall("opaque") { |data, _opaque| (got << data) && data.bytesize } }
  tell("all came", "answer" => got == DATA.b)
  try("stream.finish received") { stream.finish }
  { "a negative answer" => -1, "no number" => "x" }.each do |what, answer|
    stream = connection.stream
    volume.download(stream, 0, 5)
    try("recvall with #{what}") { stream.recvall { answer } }
  end
  try("recvall without a block") { connection.stream.recvall }
end

def walk_sendall(connection, volume)
  rest = DATA.dup
  stream = connection.stream
  volume.upload(stream, 0, DATA.bytesize)
  try("stream.sendall") { stream.sendall("opaque") { |_opaque, n| rest.slice!(0, n).then { |data| [data.bytesize, data] } } }
  try("stream.finish sent") { stream.finish }
  { "an error" => [-1, ""], "no array" => 5, "an array of one" => [1], "no text" => [1, 5] }.each do |what, answer|
    stream = connection.stream
    volume.upload(stream, 0, 5)
    try("sendall with #{what}") { stream.sendall { answer } }
  end
  try("sendall without a block") { connection.stream.sendall }
end

connection = Libvirt.open(URI)
try("version") { Libvirt.version("QEMU") }
walk_getters("connection", connection)
walk_node(connection)
walk_devices(connection)
walk_interfaces(connection)
walk_network(connection)
walk_secret(connection)
walk_filter(connection)
walk_pool(connection)
try("close") { connection.close }
try("open nowhere") { Libvirt.open("#{URI}-nowhere") }
reader = try("open_read_only") { Libvirt.open_read_only(URI.sub("libvirt-sock", "libvirt-sock-ro")) }
try("reader defines") { reader.define_domain_xml(GUEST) }
try("reader.close") { reader.close }
