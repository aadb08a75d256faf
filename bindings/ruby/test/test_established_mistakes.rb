# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the established binding is known to do wrong, and where it is shown to be right here. "this file"
# and test_daemon_established_mistakes.rb have what no other file has.
#
# - An event's connection and domain are borrowed and never given back: the program ends with 1 and without
#   what it wrote, garbage collection raises, the connection is closed after some events.
#     this file: test_program_ends_well_after_events, test_connection_survives_its_events
#     test_events.rb: test_arguments_outlive_the_event
# - Callback and opaque of an event are collected as garbage.
#     this file: test_callbacks_outlive_a_garbage_collection
#     test_events.rb: test_callbacks_outlive_a_garbage_collection, of register_any
# - free after close leaves the pointer, which is freed again.
#     this file: test_free_after_close
#     test_close.rb: test_children_of_a_closed_one
# - Numbers in typed parameters go to the place that the key has in a list of the binding's own.
#     this file: test_one_parameter, test_parameters_in_any_order
#     test_daemon_established_mistakes.rb: test_signed_parameters
#     the conformance suite: every function with typed parameters, some of its keys at a time
# - node_free_pages takes too little memory for many sizes.
#     test_shapes.rb: test_free_pages
# - pin_vcpu writes to where the host has no CPU.
#     this file: test_pinning_to_cpus_that_are_none
# - vcpus of an inactive domain has what was in memory.
#     test_shapes.rb and test_daemon_shapes.rb: test_vcpus_of_an_inactive_domain
# - list_domains has numbers of no domain where some vanish meanwhile.
#     this file: test_domains_vanish_while_they_are_listed
# - What an event loop's function raises leaves libvirt locked.
#     test_own_loop.rb: test_raise_in_a_function, test_raise_in_an_update
#     test_daemon_events.rb: test_own_loop_that_raises
#     this file: test_signals_after_a_raise
# - What the caller asks for is taken from the stack: recv and memory_peek of much.
#     test_daemon_streams.rb: test_send_and_recv
#     this file: test_much_at_once
# - The pointers in an event loop's opaque can be called.
#     test_own_loop.rb: test_wrong_opaques
# - security_label_list, blkio_parameters and disk_errors lose memory with each call.
#     this file: test_memory_does_not_grow
#     test_daemon_established_mistakes.rb: test_memory_does_not_grow
#     the conformance suite: every function, every block
# - A stream's event callback makes garbage collection wait for ever.
#     test_daemon_established_mistakes.rb: test_stream_outlives_its_events
#     test_daemon_stream_events.rb: test_garbage, test_streams_that_are_over
# - Snapshot#parent reads an error that is not there.
#     this file: test_parent_of_a_root
# - list_all_… frees twice where it fails.
#     this file: test_lists_that_fail
#     the conformance suite's faults: each of their allocations fails
# - Exceptions in the blocks of open_auth, sendall and recvall jump over libvirt's frames.
#     test_daemon_authentication.rb: test_ways_out_of_the_block, test_second_answer_raises
#     test_daemon_streams.rb: test_ways_out_of_a_block

require_relative "support"
require_relative "grown"
require_relative "own_loop"

# What may end a process, or its connection: each is a program of its own.
class FatalMistakes < BindingTest
  EVENTS = <<~'RUBY'
    Libvirt.event_register_default_impl
    conn = Libvirt.open("test:///default")
    domain = conn.lookup_domain_by_name("test")
    def rounds(seen, count) = (Libvirt.event_run_default_impl until seen.size >= count)
  RUBY

  def test_program_ends_well_after_events
    assert_program("an event\n", "#{EVENTS}\n#{<<~'RUBY'}")
      seen = []
      conn.domain_event_register_any(0, ->(*all) { seen << all.size })
      domain.suspend
      rounds(seen, 1)
      # It stays in the buffer until the end.
      print "an event\n"
    RUBY
  end

  def test_connection_survives_its_events
    assert_program("[20, true, \"test\"]\n", "#{EVENTS}\n#{<<~'RUBY'}")
      seen = []
      conn.domain_event_register(->(conn, dom, *) { seen << [conn.class, dom.name] })
      10.times { domain.suspend; domain.resume }
      rounds(seen, 20)
      5.times { GC.start }
      p [seen.size, conn.alive?, conn.lookup_domain_by_name("test").name]
    RUBY
  end

  def test_callbacks_outlive_a_garbage_collection
    assert_program("[[4, \"opaque 1\"]]\n", "#{EVENTS}\n#{<<~'RUBY'}")
      seen = []
      register = ->(number) { conn.domain_event_register(->(*, opaque) { seen << [4, opaque] }, "opaque #{number}") }
      register.call(1)
      5.times { GC.start }
      10_000.times { |i| "another #{i}".then { |text| -> { text } } }
      domain.suspend
      rounds(seen, 1)
      p seen
    RUBY
  end

  def test_free_after_close
    assert_program("[nil]\nend\n", <<~'RUBY')
      freed = 20.times.flat_map do |i|
        conn = Libvirt.open("test:///default")
        domain = conn.lookup_domain_by_name("test")
        pool = conn.list_all_storage_pools.first
        children = [domain, pool, pool.create_volume_xml("<volume><name>v</name><capacity>1</capacity></volume>"),
                    domain.snapshot_create_xml("<domainsnapshot><name>s#{i}</name></domainsnapshot>"),
                    conn.list_all_networks.first, conn.stream, conn.list_all_nodedevices.first, conn.list_all_interfaces.first]
        children[2].delete
        conn.close
        children.map(&:free)
      end
      p freed.uniq
      GC.start
      puts "end"
    RUBY
  end

  def test_pinning_to_cpus_that_are_none
    assert_program("[ArgumentError]\n[RangeError]\n[0]\n", <<~'RUBY')
      domain = Libvirt.open("test:///default").lookup_domain_by_name("test")
      domain.pin_vcpu(0, [0])
      try = ->(*lists) { p lists.map { |list| domain.pin_vcpu(0, list) rescue $!.class }.uniq }
      try.call([8], [10**8], (64..2000).to_a, [0, 10**8], [2**32 - 1])
      try.call([-1], [2**32], [2**64])
      p domain.vcpus[0].cpumap.each_index.select { |cpu| domain.vcpus[0].cpumap[cpu] }
    RUBY
  end

  # Calls go on, and a signal still ends it.
  def test_signals_after_a_raise
    output, _, status = run_program("#{OwnLoop::PROGRAM}\n#{<<~'RUBY'}")
      register
      conn = Libvirt.open("test:///default")
      def add_timeout(*) = raise(IndexError, "mine")
      $stdout.sync = true
      2.times { try { conn.domain_event_register_any(0, proc {}) } }
      Process.kill(:TERM, Process.pid)
      sleep
    RUBY
    assert_equal ["IndexError: mine\n" * 2, Signal.list["TERM"]], [output, status.termsig]
  end

  def test_much_at_once
    assert_program("50000000\n", <<~'RUBY')
      domain = Libvirt.open("test:///default").lookup_domain_by_name("test")
      p domain.memory_peek(0, 50_000_000).bytesize
    RUBY
  end

  def test_lists_that_fail
    assert_program("[]\ntrue\nend\n", <<~'RUBY')
      conn = Libvirt.open("test:///default")
      domain = conn.list_all_domains.first
      things = [conn, domain, domain.snapshot_create_xml("<domainsnapshot/>"), conn.list_all_storage_pools.first]
      calls = things.flat_map { |thing| thing.methods.grep(/^list_all_/).map { |name| thing.method(name) } }
      fails = ->(call) { call.call(1 << 30) && false rescue $!.is_a?(Libvirt::RetrieveError) }
      p calls.reject { |call| 100.times.all? { fails.(call) } }, calls.size >= 12
      GC.start
      puts "end"
    RUBY
  end

  def test_memory_does_not_grow
    skip_with_sanitizers "what is freed stays with them for a while"
    assert_program("true\ntrue\n", "#{Grown::PROGRAM}\n#{<<~'RUBY'}")
      domain = Libvirt.open("test:///default").lookup_domain_by_name("test")
      domain.blkio_parameters = { "device_weight" => "/dev/null,300" }
      small?(20_000) { domain.blkio_parameters }
      small?(20_000) { domain.disk_errors }
    RUBY
  end
end

class Mistakes < DriverTest
  INTERFACE = %w[inbound.average inbound.peak inbound.burst outbound.average outbound.peak outbound.burst].freeze

  def interface_domain
    @conn.define_domain_xml(<<~XML)
      <domain type='test'>
        <name>interface</name><memory>8192</memory><os><type>hvm</type></os>
        <devices><interface type='network'><mac address='aa:bb:cc:dd:ee:ff'/><source network='default'/>
        </interface></devices>
      </domain>
    XML
  end

  def test_one_parameter
    mac = "aa:bb:cc:dd:ee:ff"
    domain = interface_domain
    domain.interface_parameters = [mac, { "outbound.average" => 2000 }, Libvirt::Domain::AFFECT_CONFIG]
    found = domain.interface_parameters(mac, Libvirt::Domain::AFFECT_CONFIG)
    assert_equal [0, 0, 0, 2000, 0, 0], found.values_at(*INTERFACE)
    config = Libvirt::Domain::AFFECT_CONFIG
    @domain.numa_parameters = [{ "numa_nodeset" => "0", "numa_mode" => 1 }, config]
    @domain.numa_parameters = [{ "numa_mode" => 2 }, config]
    assert_equal({ "numa_mode" => 2, "numa_nodeset" => "0" }, @domain.numa_parameters(config))
  end

  def test_parameters_in_any_order
    [{ "device_weight" => "/dev/null,300", "weight" => 600 },
     { "weight" => 700, "device_weight" => "/dev/null,400" }].each do |parameters|
      @domain.blkio_parameters = parameters
      assert_equal parameters, @domain.blkio_parameters.slice(*parameters.keys)
    end
    numbers = INTERFACE.each_with_index.to_h { |name, i| [name, 100 + i] }
    domain = interface_domain
    [numbers, numbers.to_a.reverse.to_h].each do |parameters|
      domain.interface_parameters = ["aa:bb:cc:dd:ee:ff", parameters, Libvirt::Domain::AFFECT_CONFIG]
      found = domain.interface_parameters("aa:bb:cc:dd:ee:ff", Libvirt::Domain::AFFECT_CONFIG)
      assert_equal numbers, found.slice(*INTERFACE)
    end
  end

  # libvirt says how many there are, and gives fewer.
  def test_domains_vanish_while_they_are_listed
    last = nil
    listing = Array.new(3) { Thread.new { [].tap { |listed| listed.concat(@conn.list_domains) until last } } }
    made = Array.new(repeats(200)) do
      Array.new(20) { |i| @conn.create_domain_xml(vanishing(i)) }.each(&:destroy).last
    end
    last = made.size * 20 + 1
    listed = listing.flat_map(&:value).uniq
    assert_operator listed.size, :>, 20
    assert_empty(listed.reject { |id| id.between?(1, last) })
  end

  def vanishing(number)
    "<domain type='test'><name>vanishing-#{number}</name><memory>8192</memory><os><type>hvm</type></os></domain>"
  end

  def test_parent_of_a_root
    root = @domain.snapshot_create_xml("<domainsnapshot><name>root</name></domainsnapshot>")
    child = @domain.snapshot_create_xml("<domainsnapshot><name>child</name></domainsnapshot>")
    100.times { assert_nil root.parent }
    assert_equal "root", child.parent.name
    assert_raises(Libvirt::RetrieveError) { @domain.lookup_snapshot_by_name("none") }
    assert_nil root.parent
  end
end
