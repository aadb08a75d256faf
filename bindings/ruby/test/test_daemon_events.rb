# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Events of a real daemon: which come, with what, and in which order.

require_relative "daemon"
require_relative "loop"
require_relative "own_loop"
require "socket"

class DaemonEventsTest < DaemonTest
  LIFECYCLE, REBOOT, = *0..1
  GRAPHICS, TRAY_CHANGE, TUNABLE, DEVICE_ADDED, METADATA_CHANGE = 5, 10, 17, 19, 23
  DEFINED, UNDEFINED, STARTED, SUSPENDED, RESUMED, STOPPED, SHUTDOWN = *0..6

  def setup
    Loop.start
    super
  end

  # Registers for an event of a family; what comes is gathered without the connection.
  def collect(kind, event, object = nil, conn: @conn)
    found = []
    id = conn.public_send(:"#{kind}_event_register_any", event,
                          ->(one, *rest) { found << rest if one.equal?(conn) }, object, "opaque")
    @cleanups << -> { conn.public_send(:"#{kind}_event_deregister_any", id) }
    found
  end

  def wait(found, count = 1)
    assert Loop.run { found.size >= count }, "only these came: #{found}"
    found
  end

  def test_lifecycle_in_order
    domain = guest(running: false)
    found = collect(:domain, LIFECYCLE, domain)
    %i[create suspend resume destroy undefine].each { |action| domain.public_send(action) }
    Loop.run { found.any? { |_, event| event == UNDEFINED } }
    # Whether QEMU still tells that it ends is a race.
    events = found.map { |one| one[1] } - [SHUTDOWN]
    assert_equal [RESUMED, STARTED, SUSPENDED, RESUMED, STOPPED, UNDEFINED], events
    assert_equal [domain.name], found.map { |one| one[0].name }.uniq
    assert_equal ["opaque"], found.map(&:last).uniq
  end

  def test_many_in_order
    domain = guest
    found = collect(:domain, LIFECYCLE, domain)
    10.times do
      domain.suspend
      domain.resume
    end
    assert_equal [SUSPENDED, RESUMED] * 10, wait(found, 20).map { |one| one[1] }
  end

  def test_devices_and_metadata
    domain = guest(more: "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>")
    added = collect(:domain, DEVICE_ADDED, domain)
    tray = collect(:domain, TRAY_CHANGE, domain)
    metadata = collect(:domain, METADATA_CHANGE, domain)
    reboot = collect(:domain, REBOOT, domain)
    domain.attach_device(<<~XML)
      <disk type='file'><driver name='qemu' type='raw'/><source file='#{image}'/>
      <target dev='vdb' bus='virtio'/></disk>
    XML
    assert_equal ["virtio-disk1", "opaque"], wait(added)[0][1..]
    domain.update_device(<<~XML, 4)
      <disk type='file' device='cdrom'><source file='#{image}'/><target dev='sda' bus='sata'/></disk>
    XML
    _, text, reason, opaque = wait(tray)[0]
    assert_equal ["sata0-0-0", "opaque"], [text, opaque]
    assert_includes [0, 1], reason
    domain.reset
    assert_equal ["opaque"], wait(reboot)[0][1..]
    domain.metadata = [2, "<a/>", "b", "http://example.org/b"]
    assert_equal [2, "http://example.org/b", "opaque"], wait(metadata)[0][1..]
  end

  def test_tunables
    domain = guest
    tunable = collect(:domain, TUNABLE, domain)
    domain.block_iotune = ["vda", { "total_iops_sec" => 1000 }]
    values, opaque = wait(tunable)[0][1..]
    assert_equal ["vda", 1000, "opaque"],
                 [*values.values_at("blkdeviotune.disk", "blkdeviotune.total_iops_sec"), opaque]
  end

  def test_pool
    found = collect(:storage_pool, 0)
    refreshed = collect(:storage_pool, 1)
    folder = File.join(daemon.folder, fresh_name)
    pool = @conn.define_storage_pool_xml(
      "<pool type='dir'><name>#{fresh_name}</name><target><path>#{folder}</path></target></pool>"
    )
    %i[build create refresh destroy delete undefine].each { |action| pool.public_send(action) }
    # Defined, created, started, stopped, deleted, undefined.
    assert_equal [0, 4, 2, 3, 5, 1], wait(found, 6).map { |one| one[1] }
    assert_equal ["opaque"], wait(refreshed)[0][1..]
  end

  def test_secret
    found = collect(:secret, 0)
    values = collect(:secret, 1)
    secret = @conn.define_secret_xml("<secret ephemeral='yes' private='no'/>")
    secret.value = "value"
    secret.undefine
    assert_equal [[0, 0, "opaque"], [1, 0, "opaque"]], wait(found, 2).map { |one| one[1..] }
    assert_equal [secret.uuid, "opaque"], wait(values)[0].then { |one, opaque| [one.uuid, opaque] }
  end

  def test_network
    found = collect(:network, 0)
    network = @conn.define_network_xml(
      "<network><name>#{fresh_name}</name><forward mode='bridge'/><bridge name='none'/></network>"
    )
    network.undefine
    assert_equal [[0, 0, "opaque"], [1, 0, "opaque"]], wait(found, 2).map { |one| one[1..] }
    assert_instance_of Libvirt::Network, found[0][0]
  end

  # Somebody who looks at a guest's screen: libvirt tells who, and how.
  def test_graphics
    domain = guest(more: "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>")
    found = collect(:domain, GRAPHICS, domain)
    port = domain.xml_desc[/type='vnc' port='(\d+)'/, 1].to_i
    TCPSocket.open("127.0.0.1", port) do |socket|
      socket.write(socket.readpartial(12))
      socket.write("\x01") if socket.readpartial(2)
      wait(found)
    end
    _, phase, local, remote, scheme, subject, opaque = found[0]
    assert_includes 0..2, phase
    assert_equal({ "family" => 0, "node" => "127.0.0.1", "service" => port.to_s }, local)
    assert_equal %w[family node service], remote.keys
    assert_kind_of String, scheme
    assert_kind_of Array, subject
    assert_equal "opaque", opaque
  end

  def test_monitor_events
    domain = guest
    found = []
    id = @conn.domain_qemu_monitor_event_register(->(*all) { found << all }, "STOP", domain, "opaque")
    domain.suspend
    domain.resume
    conn, one, event, seconds, micros, details, opaque = wait(found)[0]
    assert_same @conn, conn
    assert_equal [domain.name, "STOP", nil, "opaque"], [one.name, event, details, opaque]
    assert_in_delta Time.now.to_i, seconds, 60
    assert_includes 0...1_000_000, micros
    assert_nil @conn.domain_qemu_monitor_event_deregister(id)
    domain.suspend
    Loop.settle
    assert_equal 1, found.size
    assert_raises(Libvirt::Error) { @conn.domain_qemu_monitor_event_deregister(id) }
  end

  def test_same_domain_on_two_connections
    domain = guest
    other = Libvirt.open(daemon.uri)
    @cleanups << -> { other.close }
    one = collect(:domain, LIFECYCLE, domain)
    two = collect(:domain, LIFECYCLE, other.lookup_domain_by_name(domain.name), conn: other)
    domain.suspend
    assert_equal SUSPENDED, wait(one)[0][1]
    assert_equal SUSPENDED, wait(two)[0][1]
    assert_same other, two[0][0].connection
  end

  # A callback may use the connection that is in the middle of telling it.
  def test_calls_inside
    domain = guest
    found = []
    id = @conn.domain_event_register_any(LIFECYCLE, lambda do |conn, dom, *|
      found << [conn.lookup_domain_by_name(dom.name).uuid, dom.xml_desc.size]
    end, domain)
    domain.suspend
    assert_equal domain.uuid, wait(found)[0][0]
    @conn.domain_event_deregister_any(id)
  end

  def test_deregister_inside
    domain = guest
    found = []
    id = @conn.domain_event_register_any(LIFECYCLE, lambda do |conn, _, event, *|
      conn.domain_event_deregister_any(id)
      found << event
    end, domain)
    last = collect(:domain, REBOOT, domain)
    domain.suspend
    domain.resume
    domain.reset
    wait(last)
    assert_equal [SUSPENDED], found
  end

  # Other threads work while one runs the loop.
  def test_loop_on_a_thread
    domain = guest
    found = collect(:domain, LIFECYCLE, domain)
    thread = Thread.new { loop { Libvirt.event_run_default_impl } }
    5.times do
      domain.suspend
      domain.resume
    end
    eventually { found.size == 10 }
    thread.kill.join
    assert_equal [SUSPENDED, RESUMED] * 5, found.map { |one| one[1] }
  end

  def test_stress
    domain = guest
    found = collect(:domain, LIFECYCLE, domain)
    domain.suspend
    GC.stress = true
    Loop.run { !found.empty? }
    GC.stress = false
    assert_equal [domain.name, SUSPENDED], found[0].then { |one, event, *| [one.name, event] }
  ensure
    GC.stress = false
  end

  # ---- lost connections ----

  def test_daemon_that_dies
    daemon = own_daemon
    conn = Libvirt.open(daemon.uri)
    found = []
    conn.domain_event_register_any(LIFECYCLE, proc {})
    assert_nil conn.register_close_callback(->(*all) { found << all }, "opaque")
    assert_raises(Libvirt::Error) { conn.register_close_callback(proc {}) }
    daemon.kill
    # 1: end of file.
    assert_equal [[conn, 1, "opaque"]], wait(found)
    refute_predicate conn, :alive?
    # The daemon has to be asked for that, too.
    assert_raises(Libvirt::Error) { conn.unregister_close_callback }
    assert_nil conn.close
    Loop.settle
    assert_equal 1, found.size
  end

  def test_closing_inside_the_close_callback
    daemon = own_daemon
    conn = Libvirt.open(daemon.uri)
    found = []
    conn.domain_event_register_any(LIFECYCLE, proc {})
    conn.register_close_callback(->(one, *) { found << one.close })
    daemon.kill
    assert_equal [nil], wait(found)
    assert_predicate conn, :closed?
  end

  # Calls on other connections go on while one closes that nobody answers.
  def test_closing_while_the_daemon_does_not_answer
    daemon = own_daemon
    conn = Libvirt.open(daemon.uri)
    conn.domain_event_register_any(LIFECYCLE, proc {})
    daemon.freeze_it
    count = 0
    closing = Thread.new { conn.close }
    ticking = Thread.new { loop { sleep 0.01; count += 1; @conn.list_domains } }
    sleep 0.5
    ticking.kill.join
    assert_operator count, :>, 10
    daemon.thaw
    assert_nil closing.value
  end

  # ---- a loop of the program's own, which libvirt has watch its sockets ----

  def test_own_loop
    domain = guest
    assert_program(<<~TEXT, OwnLoop::PROGRAM + <<~'RUBY', daemon.uri, domain.name)
      true
      [3, 4, 3, 4, 3, 4]
      true
      [{}, {}]
      true
    TEXT
      register
      before = Dir.children("/proc/self/fd").size
      conn = Libvirt.open(ARGV[0])
      p $handles.size == 1
      domain = conn.lookup_domain_by_name(ARGV[1])
      seen = []
      conn.domain_event_register_any(0, ->(_, one, event, *) { seen << event if one.name == ARGV[1] })
      3.times { domain.suspend; domain.resume }
      round until seen.size == 6
      p seen
      GC.stress = true
      round
      GC.stress = false
      p conn.alive?
      conn.close
      domain.free
      p [$handles, $timers]
      p Dir.children("/proc/self/fd").size == before
    RUBY
  end

  # What the loop's functions raise comes out of the call in which libvirt called them.
  def test_own_loop_that_raises
    assert_program(<<~TEXT, OwnLoop::PROGRAM + <<~'RUBY', daemon.uri)
      IndexError: mine
      IndexError: mine
      true
    TEXT
      register
      alias adding add_handle
      def add_handle(*) = raise(IndexError, "mine")
      try { Libvirt.open(ARGV[0]) }
      alias add_handle adding
      conn = Libvirt.open(ARGV[0])
      alias updating update_handle
      def update_handle(*)
        alias update_handle updating
        raise IndexError, "mine"
      end
      try { conn.hostname }
      p conn.hostname == conn.hostname
      conn.close
    RUBY
  end

  # A connection that nobody closed ends in a garbage collection, where no Ruby code runs.
  def test_own_loop_and_garbage
    assert_program("true\ntrue\n", OwnLoop::PROGRAM + <<~'RUBY', daemon.uri)
      register
      before = Dir.children("/proc/self/fd").size
      def leave = 5.times { Libvirt.open(ARGV[0]).hostname }
      def deeper(depth) = depth.zero? ? leave : deeper(depth - 1)
      deeper(30)
      GC.start
      round
      p $handles.size <= 1, Dir.children("/proc/self/fd").size <= before + 4
    RUBY
  end

  # ---- the admin library, which cannot be in one process with a connection to QEMU ----

  def test_admin_close_callback
    daemon = own_daemon
    assert_program(<<~TEXT, <<~'RUBY', daemon.admin_uri, daemon.pid)
      nil
      nil
      nil
      nil
      true
      true 1 opaque
      nil
    TEXT
      Libvirt.event_register_default_impl
      conn = Libvirt::Admin.open(ARGV[0])
      p conn.register_close_callback(proc {}), conn.unregister_close_callback
      p conn.close, conn.close, conn.closed?
      conn = Libvirt::Admin.open(ARGV[0])
      seen = nil
      conn.register_close_callback(->(*all) { seen = all }, "opaque")
      Libvirt.event_add_timeout(20, proc {})
      Process.kill(:KILL, ARGV[1].to_i)
      Libvirt.event_run_default_impl until seen
      puts [seen[0].equal?(conn), *seen[1..]].join(" ")
      p conn.close
    RUBY
  end
end
