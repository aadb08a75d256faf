# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# An event loop written in Ruby. Programs of their own, since a loop is registered once in a process.

require_relative "support"
require_relative "own_loop"

class OwnLoopTest < BindingTest
  OWN = OwnLoop::PROGRAM

  def check(script, expected)
    assert_program(expected, OWN + script)
  end

  def test_events
    check(<<~'RUBY', <<~TEXT)
      p register
      conn = Libvirt.open("test:///default")
      domain = conn.lookup_domain_by_name("test")
      id = conn.domain_event_register_any(0, ->(_, dom, *rest) { p dom.name, rest }, nil, "opaque")
      p $timers.size, $timers.values[0][1].class, $timers.values[0][1].keys
      domain.suspend
      3.times { round }
      conn.domain_event_deregister_any(id)
      domain.resume
      3.times { round }
      p $timers.size
    RUBY
      nil
      1
      Hash
      ["libvirt_cb", "opaque", "free_func"]
      "test"
      [3, 0, "opaque"]
      0
    TEXT
  end

  def test_procs_and_methods
    check(<<~'RUBY', "nil\ntrue\n")
      p Libvirt.event_register_impl(method(:add_handle), nil, ->(watch) { remove_handle(watch) },
                                    proc { |*all| add_timeout(*all) }, ->(*all) { update_timeout(*all) }, :remove_timeout)
      conn = Libvirt.open("test:///default")
      seen = []
      conn.domain_event_register_any(0, proc { |*all| seen << all })
      conn.lookup_domain_by_name("test").suspend
      round
      p seen.size == 1
    RUBY
  end

  def test_own_descriptors_and_timers
    check(<<~'RUBY', "[12, \"timer\"]\n[11, \"fd\"]\n{}\n{}\n")
      register
      reading, writing = IO.pipe
      watch = Libvirt.event_add_handle(reading, 1, ->(number, _, _, opaque) { p [number, opaque]; reading.readpartial(9) }, "fd")
      timer = Libvirt.event_add_timeout(0, ->(number, opaque) { p [number, opaque] }, "timer")
      writing.write "x"
      round
      Libvirt.event_remove_handle(watch)
      Libvirt.event_remove_timeout(timer)
      round
      p $handles, $timers
    RUBY
  end

  def test_exception_leaves_through_the_invocation
    check(<<~'RUBY', "IndexError: mine\n5\n")
      register
      conn = Libvirt.open("test:///default")
      domain = conn.lookup_domain_by_name("test")
      id = conn.domain_event_register_any(0, proc { raise IndexError, "mine" })
      domain.suspend
      try { round }
      conn.domain_event_deregister_any(id)
      conn.domain_event_register_any(0, proc { throw :x, 5 })
      domain.resume
      p catch(:x) { round }
    RUBY
  end

  # The lock that libvirt holds then is let go.
  def test_raise_in_a_function
    check(<<~'RUBY', <<~TEXT)
      register
      conn = Libvirt.open("test:///default")
      domain = conn.lookup_domain_by_name("test")
      $mine = proc { raise IndexError, "mine" }
      alias working add_timeout
      def add_timeout(*all) = $mine ? $mine.call : working(*all)
      try { conn.domain_event_register_any(0, proc {}) }
      $mine = proc { "text" }
      try { conn.domain_event_register_any(0, proc {}) }
      $mine = proc { throw :x, 5 }
      p catch(:x) { conn.domain_event_register_any(0, proc {}) }
      $mine = proc { Thread.current.kill }
      p Thread.new { conn.domain_event_register_any(0, proc {}) }.join.value
      $mine = nil
      seen = []
      conn.domain_event_register_any(0, proc { |*all| seen << all })
      domain.suspend
      round
      p seen.size, $!
    RUBY
      IndexError: mine
      TypeError: what addTimeout returned: wrong argument type String (expected Integer)
      5
      nil
      1
      nil
    TEXT
  end

  def test_raise_in_an_update
    check(<<~'RUBY', "IndexError: mine\n1\n")
      register
      conn = Libvirt.open("test:///default")
      domain = conn.lookup_domain_by_name("test")
      seen = []
      conn.domain_event_register_any(0, proc { |*all| seen << all })
      alias working update_timeout
      def update_timeout(*all) = (working(*all); raise IndexError, "mine" unless $done; $done = true)
      try { domain.suspend }
      $done = true
      round
      p seen.size
    RUBY
  end

  def test_wrong_opaques
    check(<<~'RUBY', <<~TEXT)
      register
      try { Libvirt.event_invoke_timeout_callback(1, nil) }
      try { Libvirt.event_invoke_timeout_callback(1, {}) }
      try { Libvirt.event_invoke_timeout_callback(1, { "libvirt_cb" => proc {} }) }
      timer = Libvirt.event_add_timeout(0, proc { puts "no" })
      opaque = $timers[timer][1]
      try { Libvirt.event_invoke_handle_callback(1, 1, 1, opaque) }
      try { Libvirt.event_invoke_timeout_callback("1", opaque) }
      opaque["libvirt_cb"].call rescue puts $!.class
      Libvirt.event_remove_timeout(timer)
      p Libvirt.event_invoke_timeout_callback(timer, opaque)
      try { Libvirt.event_register_impl(1) }
      try { Libvirt.event_register_impl(*[nil] * 7) }
      try { Libvirt.event_register_default_impl }
      try { Libvirt.event_run_default_impl }
    RUBY
      TypeError: opaque: wrong argument type nil (expected Hash)
      TypeError: opaque: this is not what libvirt gave the event loop
      TypeError: opaque: this is not what libvirt gave the event loop
      TypeError: opaque: this is of a timeout
      TypeError: timer: wrong argument type String (expected Integer)
      NoMethodError
      nil
      TypeError: addHandle: wrong argument type Integer (expected Symbol, Proc or Method)
      ArgumentError: wrong number of arguments (given 7, expected 0..6)
      Libvirt::Error: an event loop is registered already
      Libvirt::Error: another event loop than the default one is registered
    TEXT
  end

  # Connections that nobody closed end in the middle of a garbage collection.
  def test_garbage_collection_ends_connections
    check(<<~'RUBY', "true\n")
      register
      make = lambda do
        conn = Libvirt.open("test:///default")
        id = conn.domain_event_register_any(0, proc {})
        conn.domain_event_deregister_any(id)
      end
      20.times { make.call }
      GC.start
      round
      p $timers.size < 5
    RUBY
  end

  def test_stress
    check(<<~'RUBY', "[3, 4]\n")
      register
      conn = Libvirt.open("test:///default")
      domain = conn.lookup_domain_by_name("test")
      seen = []
      GC.stress = true
      conn.domain_event_register_any(0, ->(_, _, event, *) { seen << event })
      domain.suspend
      domain.resume
      round
      GC.stress = false
      GC.verify_compaction_references(toward: :empty, double_heap: true)
      p seen
    RUBY
  end

  # Connections that nobody closed are closed when Ruby has ended.
  def test_end_of_the_program
    check(<<~'RUBY', "end\n")
      register
      conn = Libvirt.open("test:///default")
      conn.domain_event_register_any(0, proc {})
      other = Libvirt.open("test:///default")
      other.register_close_callback(proc {})
      Libvirt.event_add_timeout(0, proc {})
      puts "end"
    RUBY
  end

  def test_no_functions
    check(<<~'RUBY', "nil\nLibvirt::RetrieveError\nnil\n")
      p Libvirt.event_register_impl
      begin
        Libvirt.open("test:///default").domain_event_register_any(0, proc {})
      rescue => e
        puts e.class
      end
      p Libvirt.event_register_default_impl
    RUBY
  end
end
