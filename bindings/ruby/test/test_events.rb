# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Events on the test driver: what callbacks are given, how they end, and what they may do.

require_relative "support"
require_relative "loop"

def top_level_callback(*arguments)
  $top_level = arguments
end

class EventsTest < DriverTest
  SUSPENDED = 3
  RESUMED = 4
  LIFECYCLE = 0

  def setup
    Loop.start
    super
    @seen = []
  end

  def listen(callback = ->(*arguments) { @seen << arguments }, dom = nil, opaque = nil)
    @conn.domain_event_register_any(LIFECYCLE, callback, dom, opaque)
  end

  def pause_and_resume
    @domain.suspend
    @domain.resume
  end

  def events(count = 2)
    assert Loop.run { @seen.size >= count }, "only these came: #{@seen}"
    Loop.settle
    @seen
  end

  def test_arguments
    assert_kind_of Integer, listen(->(*all) { @seen << all }, @domain, "opaque")
    @domain.suspend
    conn, domain, event, detail, opaque = events(1)[0]
    assert_same @conn, conn
    assert_equal "test", domain.name
    assert_same @conn, domain.connection
    assert_equal [SUSPENDED, 0, "opaque"], [event, detail, opaque]
    @domain.resume
    assert_equal RESUMED, events(2)[1][2]
  end

  def test_kinds_of_callables
    method_seen = []
    object = Object.new
    object.define_singleton_method(:called) { |*arguments| method_seen << arguments }
    subclass = Class.new(Proc)
    callable = Object.new
    callable.define_singleton_method(:call) { |*arguments| method_seen << arguments }
    [object.method(:called), proc { |*all| method_seen << all }, callable,
     ->(conn, domain, event, detail, opaque) { method_seen << [conn, domain, event, detail, opaque] },
     subclass.new { |*all| method_seen << all }].each.with_index(1) do |one, count|
      id = listen(one)
      pause_and_resume
      Loop.run { method_seen.size == 2 * count }
      assert_equal [SUSPENDED, RESUMED], method_seen.last(2).map { |all| all[2] }, one.inspect
      @conn.domain_event_deregister_any(id)
    end
    listen(:top_level_callback)
    @domain.suspend
    Loop.run { $top_level }
    assert_equal SUSPENDED, $top_level[2]
  end

  def test_missing_method_of_a_symbol
    listen(:no_such_method)
    @domain.suspend
    assert_raises(NoMethodError) { Loop.settle }
  end

  def test_deregistration
    id = listen
    assert_nil @conn.domain_event_deregister_any(id)
    pause_and_resume
    Loop.settle
    assert_empty @seen
    error = assert_raises(Libvirt::Error) { @conn.domain_event_deregister_any(id) }
    assert_instance_of Libvirt::Error, error
  end

  def test_legacy
    assert_nil @conn.domain_event_register(->(*all) { @seen << all }, "opaque")
    @domain.suspend
    conn, domain, *rest = events(1)[0]
    assert_same @conn, conn
    assert_equal ["test", SUSPENDED, 0, "opaque"], [domain.name, *rest]
    assert_nil @conn.domain_event_deregister
    @domain.resume
    Loop.settle
    assert_equal 1, @seen.size
    assert_raises(Libvirt::Error) { @conn.domain_event_deregister }
  end

  def test_other_families
    @conn.network_event_register_any(0, ->(*all) { @seen << all }, nil, "net")
    @conn.storage_pool_event_register_any(0, ->(*all) { @seen << all }, nil, "pool")
    @conn.storage_pool_event_register_any(1, ->(*all) { @seen << all }, nil, "refreshed")
    network = @conn.lookup_network_by_name("default")
    network.destroy
    pool = @conn.lookup_storage_pool_by_name("default-pool")
    pool.refresh
    net, refreshed = events(2)
    assert_equal [@conn, network.name, 3, 0, "net"], [net[0], net[1].name, *net[2..]]
    assert_instance_of Libvirt::Network, net[1]
    assert_equal [@conn, pool.name, "refreshed"], [refreshed[0], refreshed[1].name, refreshed[2]]
  end

  # ---- wrong use ----

  def test_unknown_event
    assert_raises_message(ArgumentError, "invalid eventID argument 99") do
      @conn.domain_event_register_any(99, proc {})
    end
    assert_raises_message(ArgumentError, "invalid eventID argument -1") do
      @conn.network_event_register_any(-1, proc {})
    end
  end

  def test_event_that_this_libvirt_lacks
    skip "it has them all" if @conn.libversion >= 12_004_000
    assert_raises_message(Libvirt::NoSupportError, /VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE needs libvirt 12\.4\.0/) do
      @conn.domain_event_register_any(29, proc {})
    end
  end

  def test_wrong_arguments
    [1, nil, "text", Object.new].each do |wrong|
      assert_raises_message(TypeError, /\Acb: wrong argument type/) { listen(wrong) }
    end
    assert_raises_message(TypeError, /\Adom: wrong argument type/) { listen(proc {}, @conn) }
    assert_raises(TypeError) { @conn.domain_event_register_any("0", proc {}) }
    assert_raises(ArgumentError) { @conn.domain_event_register_any(0) }
    assert_raises(TypeError) { @conn.domain_event_deregister_any(nil) }
  end

  def test_freed_objects
    other = Libvirt.open("test:///default")
    domain = other.lookup_domain_by_name("test")
    domain.free
    assert_raises_message(ArgumentError, "dom: Domain has been freed") do
      other.domain_event_register_any(0, proc {}, domain)
    end
    other.close
    assert_raises_message(ArgumentError, "Connect has been freed") do
      other.domain_event_register_any(0, proc {})
    end
    assert_raises_message(ArgumentError, "Connect has been freed") do
      other.domain_event_deregister_any(0)
    end
  end

  # ---- what callbacks do ----

  def test_exception_leaves_through_the_pump
    listen(->(*) { raise IndexError, "mine" })
    @domain.suspend
    assert_raises_message(IndexError, "mine") { Loop.settle }
    @domain.resume
    assert_raises_message(IndexError, "mine") { Loop.settle }
    assert_nil $!
  end

  def test_throw_leaves_through_the_pump
    listen(->(*) { throw :done, 5 })
    @domain.suspend
    assert_equal 5, (catch(:done) { Loop.settle })
  end

  def test_return_leaves_through_the_pump
    assert_equal 7, returning
  end

  def returning
    listen(proc { return 7 })
    @domain.suspend
    Loop.settle
    8
  end

  # None is lost where one before it raises.
  def test_others_come_after_one_that_raises
    listen(->(*) { raise "first" })
    listen(->(*all) { @seen << all }, @domain)
    @domain.suspend
    assert_raises(RuntimeError) { Loop.settle }
    events(1)
    assert_equal [SUSPENDED], (@seen.map { |one| one[2] })
  end

  def test_deregistering_inside
    id = listen(lambda do |conn, _, event, *|
      conn.domain_event_deregister_any(id)
      @seen << event
    end)
    pause_and_resume
    assert_equal [SUSPENDED], events(1)
  end

  # What is gone is not called, though its event came in the same round.
  def test_deregistering_another_inside
    ids = []
    [nil, @domain].each_with_index do |domain, i|
      ids << listen(lambda do |conn, *|
        conn.domain_event_deregister_any(ids[1 - i])
        @seen << i
      end, domain)
    end
    @domain.suspend
    assert_equal 1, events(1).size
  end

  def test_closing_inside
    listen(->(one, *) { @seen << one.close })
    listen(->(one, *) { @seen << one.close }, @domain)
    @domain.suspend
    assert_equal [nil], events(1)
    assert_predicate @conn, :closed?
  end

  def test_calls_inside
    listen(->(conn, domain, *) { @seen << [domain.state, conn.list_domains.size] })
    @domain.suspend
    assert_equal [[[3, 1], 1]], events(1)
  end

  def test_pumping_inside
    listen(lambda do |_, _, event, *|
      @seen << event
      Loop.settle(0.05) if event == SUSPENDED
    end)
    @domain.suspend
    Thread.new { @domain.resume }
    assert_equal [SUSPENDED, RESUMED], events(2)
  end

  # ---- lives ----

  def test_arguments_outlive_the_event
    listen
    5.times { pause_and_resume }
    domains = events(10).map { |one| one[1] }
    @seen.clear
    GC.start
    assert_equal ["test"], domains.map(&:name).uniq
    GC.start
    assert_equal "test", @conn.lookup_domain_by_name("test").name
  end

  def test_callbacks_outlive_a_garbage_collection
    [nil, @domain].each_with_index { |one, i| listen(make_callback(i), one, +"opaque #{i}") }
    GC.start
    GC.verify_compaction_references(toward: :empty, double_heap: true)
    @domain.suspend
    assert_equal [[0, "opaque 0"], [1, "opaque 1"]], events(2).sort
  end

  def make_callback(number)
    ->(*, opaque) { @seen << [number, opaque] }
  end

  def test_stress
    GC.stress = true
    listen(->(_, domain, event, *) { @seen << [domain.name, event] })
    @domain.suspend
    Loop.run { !@seen.empty? }
    GC.stress = false
    assert_equal [["test", SUSPENDED]], @seen
  ensure
    GC.stress = false
  end

  # Nothing keeps what was deregistered.
  def test_callbacks_are_let_go
    collected = 0
    20.times { register_and_deregister(->(*) { collected += 1 }) }
    Loop.settle
    clear_stack
    GC.start
    assert_operator collected, :>=, 15
  end

  def register_and_deregister(finalizer)
    opaque = Object.new
    ObjectSpace.define_finalizer(opaque, finalizer)
    @conn.domain_event_deregister_any(listen(proc {}, nil, opaque))
  end

  def clear_stack(depth = 50)
    depth.zero? ? nil : clear_stack(depth - 1)
  end

  def test_close_ends_callbacks
    listen
    @conn.domain_event_register(->(*all) { @seen << all })
    @domain.suspend
    assert_nil @conn.close
    Loop.settle
    assert_empty @seen
  end
end
