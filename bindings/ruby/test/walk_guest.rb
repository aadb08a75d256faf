# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# All that can be called on a guest of a QEMU daemon: walk_guest.rb URI FOLDER SECOND_URI, of a daemon
# that the guest may move to.

require "fileutils"
require "socket"
require "timeout"

require_relative "telling"

URI, FOLDER, SECOND = ARGV

MOVING_TEXT = %r{(?<=<creationTime>)\d+|(?<=:0x)\h{16}|(?<=<domain\ type='qemu'\ id=')\d+|/dev/pts/\d+
                 |(?<=domain-)\d+(?=-walked)|(?<=127\.0\.0\.1:)\d+|(?<="id":"libvirt-)\d+|\d+(?=:\s+stop)
                 |(?<=<id>)\d+}x.freeze

# Of time, of what the guest has done so far, and of other guests of the daemon.
MOVING = /\.(block_stats|block_stats_flags|memory_stats|cpu_stats|vcpus|get_vcpus|id|job_stats)\b/.freeze
MOVING_READERS = %w[cpu_time stateTime time_elapsed allocation physical].freeze

def steady(call, value)
  return shape(value) if call.match?(MOVING)

  with_shapes(value, MOVING_READERS)
end

LIVE = 1
CONFIG = 2

def path(name)
  File.join(FOLDER, "walked-#{name}")
end

GUEST = <<~XML
  <domain type='qemu'>
    <name>walked</name><uuid>11111111-2222-3333-4444-555555555555</uuid>
    <memory unit='MiB'>32</memory><vcpu current='1'>2</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>
    <features><acpi/></features>
    <devices>
      <disk type='file' device='disk'>
        <driver name='qemu' type='qcow2'/><source file='#{path("disk")}'/><target dev='vda' bus='virtio'/>
      </disk>
      <controller type='usb' model='none'/><serial type='pty'/><console type='pty'/>
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
      <interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
      <graphics type='vnc' autoport='yes'/><video><model type='vga'/></video>
    </devices>
  </domain>
XML
EXTRA_DISK = "<disk type='file' device='disk'><driver name='qemu' type='raw'/>" \
             "<source file='#{path("extra")}'/><target dev='vdb' bus='virtio'/></disk>"
MAC = "52:54:00:00:00:01"

def convert_image
  made = system({ "LD_PRELOAD" => nil }, "qemu-img", "convert", "-f", "raw", "-O", "qcow2",
                File.join(FOLDER, "guest.img"), path("disk"))
  abort "no disk" unless made
  FileUtils.cp(File.join(FOLDER, "guest.img"), path("extra"))
end

def remove_files
  FileUtils.rm_f(Dir.glob(path("*")))
end

# ---- what differs in no state ----

def walk_tunables(label, domain, flags)
  { memory_parameters: [[{ "hard_limit" => 1 << 20 }, flags], [{ "soft_limit" => 1 << 19 }, flags], [{}, flags]],
    blkio_parameters: [[{ "weight" => 500 }, flags], [{ "device_weight" => "/dev/null,300" }, flags]],
    scheduler_parameters: [[{ "cpu_shares" => 2000 }, flags], [{ "vcpu_period" => 100_000 }, flags]],
    numa_parameters: [[{ "numa_nodeset" => "0", "numa_mode" => 0 }, flags]],
    interface_parameters: [[MAC, { "inbound.average" => 100, "inbound.peak" => 200 }, flags], [MAC, {}, flags],
                           ["nowhere", { "inbound.average" => 1 }, flags]],
    block_iotune: [["vda", { "total_bytes_sec" => 1 << 33 }, flags], ["vda", { "total_bytes_sec" => 0 }, flags],
                   ["vda", { "read_bytes_sec" => 4096, "write_bytes_sec" => 8192 }, flags],
                   ["nowhere", { "read_iops_sec" => 1 }, flags]] }.each do |name, values|
    values.each { |value| try("#{label}.#{name}=#{value}") { domain.public_send("#{name}=", value) } }
    key = { interface_parameters: [MAC], block_iotune: ["vda"] }.fetch(name, [])
    try("#{label}.#{name} #{flags}") { domain.public_send(name, *key, flags) }
  end
end

def walk_setters(label, domain, flags)
  { memory: [[16 * 1024, flags], [1 << 40, flags]], vcpus: [1, [2, flags], [99, flags]],
    vcpus_flags: [[1, flags]], memory_stats_period: [[1, flags]], max_memory: [64 * 1024],
    autostart: [true, false], migrate_max_downtime: [1234], migrate_max_speed: [50, [40, 0]],
    migrate_compression_cache: [1 << 26], time: [{ "seconds" => 1, "nseconds" => 2 }],
    block_job_speed: ["vda", ["vda", 10]], user_password: [%w[me secret]],
    metadata: [[0, "description", nil, nil, flags], [1, "title ä", nil, nil, flags],
               [2, "<mark n='1'/>", "m", "http://example.org/mark", flags]] }.each do |name, values|
    values.each { |value| try("#{label}.#{name}=#{value}") { domain.public_send("#{name}=", value) } }
  end
  { metadata: [0, nil, flags], num_vcpus: [flags], migrate_max_speed: [0], autostart?: [], max_memory: [],
    memory_parameters: [flags] }.each do |name, arguments|
    try("#{label}.#{name}#{arguments}") { domain.public_send(name, *arguments) }
  end
  try("#{label}.title") { domain.metadata(1, nil, flags) }
  try("#{label}.element") { domain.metadata(2, "http://example.org/mark", flags) }
end

def walk_arguments(label, domain)
  { block_stats: ["vda"], block_stats_flags: ["vda"], blockinfo: ["vda"], block_job_info: ["vda"],
    block_job_abort: ["vda"], block_pull: ["vda"], block_rebase: ["vda"], block_commit: ["vda"],
    ifinfo: [nil], interface_parameters: [MAC], block_iotune: ["vda"], num_vcpus: [4],
    pin_emulator: [[0]], memory_peek: [0, 4], send_key: [0, 10, [28, 1]], inject_nmi: [],
    send_process_signal: [1, 15], qemu_agent_command: ['{"execute":"guest-ping"}', 1, 0],
    qemu_monitor_command: ['{"execute":"query-status"}'], pmsuspend_for_duration: [0, 1], pmwakeup: [], fs_freeze: [],
    fs_thaw: [], fs_info: [], fstrim: [], hostname: [], time: [], abort_job: [], lxc_open_namespace: [],
    migrate_to_uri: ["qemu+tcp://127.0.0.1:1/system", 2 | 1], migrate_to_uri2: [nil, nil, nil, 2],
    migrate_to_uri3: ["qemu+tcp://127.0.0.1:1/system", { "bandwidth" => 1 }, 2], attach_device: ["<nothing/>"],
    detach_device: ["<nothing/>"], update_device: ["<nothing/>"], revert_to_snapshot: [nil],
    lookup_snapshot_by_name: ["nowhere"], rename: ["walked"], cpu_stats: [], vcpus: [],
    open_console: ["nowhere", nil], core_dump: ["/nowhere/at/all"], save: ["/nowhere/at/all"] }
    .each do |name, arguments|
      try("#{label}.#{name}#{arguments}") { domain.public_send(name, *arguments) }
      # A job that runs would refuse the next.
      eventually { gone?(domain) } if name.start_with?("block_") && domain.active?
    end
  ["vda", "nowhere"].each { |disk| try("#{label}.block_resize #{disk}") { domain.block_resize(disk, 2048) } }
  try("#{label}.qemu_monitor_command hmp") { domain.qemu_monitor_command("info status", 1) }
  try("#{label}.qemu_monitor_command wrong") { domain.qemu_monitor_command('{"execute":"nothing"}') }
end

# ---- what a guest that runs can ----

def eventually
  Timeout.timeout(20) { sleep 0.02 until yield }
end

GREETING = "guest ready\r\n"

# It was started paused, so that the greeting waits until somebody listens.
def walk_console(domain)
  stream = domain.connection.stream
  try("open_console") { domain.open_console("serial0", stream, 1) }
  try("resume paused") { domain.resume }
  text = +""
  text << stream.recv(100)[1] until text.end_with?(GREETING)
  tell("greeting", "answer" => text[-GREETING.size..])
  try("console.send") { stream.send("hello\n") }
  echo = +""
  echo << stream.recv(100)[1] until echo.size == 6
  tell("echo", "answer" => echo)
  try("console.abort") { stream.abort }
  try("open_channel nowhere") { domain.open_channel("nowhere", domain.connection.stream) }
end

def walk_screenshot(domain)
  stream = domain.connection.stream
  try("screenshot") { domain.screenshot(stream, 0) }
  try("picture") { stream.recv(2) }
  size = 0
  try("picture recvall") { stream.recvall("opaque") { |data, opaque| size += data.bytesize + opaque.size } }
  tell("picture is large", "answer" => size > 1000)
  try("picture finish") { stream.finish }
  try("screenshot of no screen") { domain.screenshot(domain.connection.stream, 9) }
  ours, qemus = UNIXSocket.pair
  try("open_graphics") { domain.open_graphics(qemus.fileno, 0, 1) }
  tell("graphics greet", "answer" => ours.readpartial(3)) if ours.wait_readable(5)
end

def walk_memory(domain)
  eventually { domain.memory_peek(0x7dfe, 2, 2) == "\x55\xAA".b }
  try("memory_peek") { domain.memory_peek(0x7dfe, 2, 2) }
  try("block_peek") { domain.block_peek("vda", 0, 4) }
end

def walk_devices(domain)
  try("attach_device") { domain.attach_device(EXTRA_DISK) }
  try("attach_device again") { domain.attach_device(EXTRA_DISK) }
  try("blockinfo vdb") { domain.blockinfo("vdb") }
  try("block_resize vdb") { domain.block_resize("vdb", 4096) }
  try("blockinfo vdb resized") { domain.blockinfo("vdb") }
  try("update_device") { domain.update_device(EXTRA_DISK.sub("<target", "<readonly/><target")) }
  try("detach_device nowhere") { domain.detach_device(EXTRA_DISK.sub("vdb", "vdc")) }
  try("attach_device config") { domain.attach_device(EXTRA_DISK, CONFIG) }
  try("detach_device config") { domain.detach_device(EXTRA_DISK, CONFIG) }
  try("detach_device config again") { domain.detach_device(EXTRA_DISK, CONFIG) }
end

# The file, that the daemon makes, of an overlay for the disk.
def add_overlay(domain, name)
  domain.snapshot_create_xml("<domainsnapshot><name>#{name}</name><disks><disk name='vda' snapshot='external'>" \
                             "<source file='#{path(name)}'/></disk><disk name='vdb' snapshot='no'/></disks>" \
                             "</domainsnapshot>", 16 | 4)
end

def gone?(domain)
  domain.block_job_info("vda").type.to_i.zero?
end

def walk_block_jobs(domain)
  try("overlay for pull") { add_overlay(domain, "first") }
  try("block_pull") { domain.block_pull("vda") }
  eventually { gone?(domain) }
  try("overlay for commit") { add_overlay(domain, "second") }
  try("block_commit") { domain.block_commit("vda", nil, nil, 0, 4) }
  eventually { domain.xml_desc.include?("ready='yes'") }
  try("block_job_info of commit") { domain.block_job_info("vda").type }
  try("block_job_speed of commit") { domain.block_job_speed = ["vda", 10] }
  try("block_job_abort pivot") { domain.block_job_abort("vda", 2) }
  eventually { gone?(domain) }
  try("block_rebase copy") { domain.block_rebase("vda", path("copy"), 0, 8) }
  try("block_job_abort") { domain.block_job_abort("vda") }
  eventually { gone?(domain) }
end

def snapshot(domain, name)
  domain.snapshot_create_xml("<domainsnapshot><name>#{name}</name></domainsnapshot>")
end

def walk_snapshots(domain)
  try("no current_snapshot") { domain.current_snapshot }
  first = try("first snapshot") { snapshot(domain, "first") }
  second = try("second snapshot") { snapshot(domain, "second") }
  try("second snapshot again") { snapshot(domain, "second") }
  try("snapshot ä") { snapshot(domain, "ä").delete }
  walk_getters("first", first)
  walk_getters("second", second)
  try("second.parent") { second.parent }
  %w[list_snapshots num_of_snapshots has_current_snapshot? current_snapshot list_all_snapshots]
    .each { |name| try("snapshots: #{name}") { domain.public_send(name) } }
  try("lookup_snapshot_by_name") { domain.lookup_snapshot_by_name("first") }
  try("revert_to_snapshot") { domain.revert_to_snapshot(first) }
  try("current_snapshot reverted") { domain.current_snapshot }
  try("second.delete") { second.delete }
  try("second.delete again") { second.delete }
  try("second.xml_desc deleted") { second.xml_desc }
  try("first.delete") { first.delete }
end

def walk_saving(connection, domain)
  try("managed_save") { domain.managed_save(4) }
  try("has_managed_save?") { domain.has_managed_save? }
  try("state saved") { domain.state }
  try("managed_save_remove") { domain.managed_save_remove }
  try("managed_save_remove again") { domain.managed_save_remove }
  try("create after removal") { domain.create }
  file = path("saved")
  try("save") { domain.save(file) }
  xml = try("save_image_xml_desc") { connection.save_image_xml_desc(file) }
  try("define_save_image_xml") { connection.define_save_image_xml(file, xml) }
  try("restore") { Libvirt::Domain.restore(connection, file) }
  try("restore again") { Libvirt::Domain.restore(connection, file) }
  try("restore nowhere") { Libvirt::Domain.restore(connection, "/nowhere") }
  try("core_dump") { domain.core_dump(path("core"), 16) }
  try("core_dump_with_format") { domain.core_dump_with_format(path("core"), 0, 16) }
  tell("dumped", "answer" => File.size?(path("core")).to_i > 1 << 20)
end

# ---- moving to another daemon ----

def free_port
  TCPServer.open("127.0.0.1", 0) { |server| server.local_address.ip_port }
end

def way
  "tcp://127.0.0.1:#{free_port}"
end

FLAGS = 1 | 512 # live, and the disk is one file for both

def walk_migration(here, domain)
  there = Libvirt.open(SECOND)
  moved = try("migrate") { domain.migrate(there, FLAGS, nil, way, 0) }
  try("active when moved") { domain.active? }
  try("moved.state") { moved.state }
  back = try("migrate3") { moved.migrate3(here, { "migrate_uri" => way, "bandwidth" => 100 }, FLAGS) }
  try("back.state") { back.state }
  try("migrate2 wrong flags") { back.migrate2(there, nil, 1 << 30) }
  try("back.destroy") { back.destroy }
  try("back.info destroyed") { back.info }
  try("moved.name gone") { moved.name }
  try("moved.info gone") { moved.info }
  try("there.close") { there.close }
  try("migrate inactive") { domain.migrate(here, FLAGS) }
end

def walk_life(domain)
  { suspend: [], resume: [], reset: [], reboot: [1], shutdown: [1] }.each do |name, arguments|
    try("running.#{name}") { domain.public_send(name, *arguments) }
    try("state after #{name}") { domain.state }
  end
  try("create running") { domain.create }
  try("undefine running") { domain.undefine }
  try("persistent? undefined") { domain.persistent? }
end

def walk_inactive(connection)
  domain = try("define_domain_xml") { connection.define_domain_xml(GUEST) }
  walk_getters("inactive", domain)
  try("pin_vcpu") { domain.pin_vcpu(0, [0]) }
  try("pin_vcpu config") { domain.pin_vcpu(0, [0], CONFIG) }
  walk_arguments("inactive", domain)
  walk_tunables("inactive", domain, CONFIG)
  walk_tunables("inactive live", domain, LIVE)
  walk_setters("inactive", domain, CONFIG)
  try("rename") { domain.rename("walked-on") }
  try("rename back") { domain.rename("walked") }
  try("define_domain_xml once more") { connection.define_domain_xml(GUEST) }
  domain
end

def walk_running(connection, domain)
  try("create paused") { domain.create(1) }
  walk_console(domain)
  walk_getters("running", domain)
  walk_memory(domain)
  walk_arguments("running", domain)
  walk_tunables("running", domain, LIVE)
  walk_setters("running", domain, LIVE)
  try("lookup_domain_by_id") { connection.lookup_domain_by_id(domain.id) }
  walk_screenshot(domain)
  walk_devices(domain)
  walk_snapshots(domain)
  walk_block_jobs(domain)
end

def walk_ending(connection)
  domain = try("create_domain_xml") { connection.create_domain_xml(GUEST, 2) }
  try("destroy") { domain.destroy }
  try("destroy again") { domain.destroy }
  try("name of a transient one that ended") { domain.name }
  try("info of a transient one that ended") { domain.info }
  try("free") { domain.free }
  walk_freed("domain", domain)
end

remove_files
convert_image
connection = Libvirt.open(URI)
domain = walk_inactive(connection)
walk_running(connection, domain)
walk_saving(connection, domain)
walk_life(domain)
walk_migration(connection, domain)
walk_ending(connection)
try("close") { connection.close }
remove_files
