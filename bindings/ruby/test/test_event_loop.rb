# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# libvirt's default event loop: the program's own descriptors and timers, what ends it at once, and
# threads that are not Ruby's. Programs of their own, since a loop is registered once in a process.

require_relative "support"

class DefaultLoopTest < BindingTest
  DEFAULT = <<~RUBY
    Libvirt.event_register_default_impl
    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    def pump(seconds = 0.1)
      timer = Libvirt.event_add_timeout(5, proc {})
      deadline = now + seconds
      Libvirt.event_run_default_impl while now < deadline
      Libvirt.event_remove_timeout(timer)
    end
    def try
      yield
    rescue Exception => e
      puts "\#{e.class}: \#{e.message}"
    end
  RUBY

  def check(script, expected)
    assert_program(expected, DEFAULT + script)
  end

  def test_timer
    check(<<~'RUBY', "true\nnil\ntrue\nnil\nnil\n")
      timer = Libvirt.event_add_timeout(1, lambda do |*arguments|
        p arguments == [timer, "opaque"], Libvirt.event_update_timeout(timer, -1)
      end, "opaque")
      pump
      Libvirt.event_update_timeout(timer, 0)
      pump
      p Libvirt.event_remove_timeout(timer)
      pump
    RUBY
  end

  def test_descriptor
    check(<<~'RUBY', "true\nfirst\ntrue\nsecond\nnil\n")
      reading, writing = IO.pipe
      watch = Libvirt.event_add_handle(reading, 1, lambda do |*arguments|
        p arguments == [watch, reading.fileno, 1, "opaque"]
        puts reading.readpartial(10)
      end, "opaque")
      writing.write "first"
      pump
      Libvirt.event_update_handle(watch, 0)
      writing.write "second"
      pump
      Libvirt.event_update_handle(watch, 1)
      pump
      p Libvirt.event_remove_handle(watch)
      writing.write "third"
      pump
    RUBY
  end

  # The second one's event came in the same round.
  def test_removing_another_within_a_callback
    check(<<~'RUBY', "1\n")
      pipes = Array.new(2) { IO.pipe }
      watches = pipes.map.with_index do |(reading, writing), i|
        writing.write "x"
        Libvirt.event_add_handle(reading.fileno, 1, lambda do |*|
          puts 1
          watches.each { |watch| Libvirt.event_remove_handle(watch) }
        end)
      end
      pump
    RUBY
  end

  def test_unknown_ids
    check(<<~'RUBY', <<~TEXT)
      try { Libvirt.event_remove_timeout(99) }
      try { Libvirt.event_remove_handle(99) }
      p Libvirt.event_update_timeout(99, 1), Libvirt.event_update_handle(99, 1)
    RUBY
      Libvirt::Error: Call to virEventRemoveTimeout failed
      Libvirt::Error: Call to virEventRemoveHandle failed
      nil
      nil
    TEXT
  end

  def test_wrong_arguments
    check(<<~'RUBY', <<~TEXT)
      try { Libvirt.event_add_timeout("1", proc {}) }
      try { Libvirt.event_add_timeout(1, 5) }
      try { Libvirt.event_add_timeout(2**40, proc {}) }
      try { Libvirt.event_add_handle(0, 1, nil) }
      try { Libvirt.event_add_handle(nil, 1, proc {}) }
      try { Libvirt.event_register_impl(:a, :b, :c, :d, :e, :f) }
      p Libvirt.event_register_default_impl
    RUBY
      TypeError: timeout: wrong argument type String (expected Integer)
      TypeError: cb: wrong argument type Integer (expected Symbol, Proc or Method)
      RangeError: timeout: 1099511627776 is out of range of int
      TypeError: cb: wrong argument type nil (expected Symbol, Proc or Method)
      TypeError: fd: wrong argument type NilClass (expected IO or Integer)
      Libvirt::Error: an event loop is registered already
      nil
    TEXT
  end

  def test_no_loop
    assert_program("Libvirt::RetrieveError\nTimeout::Error\n", <<~'RUBY')
      require "timeout"
      begin
        Libvirt.open("test:///default").domain_event_register_any(0, proc {})
      rescue => e
        puts e.class
      end
      begin
        Timeout.timeout(0.1) { Libvirt.event_run_default_impl }
      rescue Timeout::Error
        puts $!.class
      end
    RUBY
  end

  # ---- what ends it ----

  def test_interrupts
    check(<<~'RUBY', <<~TEXT)
      require "timeout"
      def quick
        started = now
        yield
        puts "slow" if now - started > 2
      end
      quick { try { Timeout.timeout(0.1) { loop { Libvirt.event_run_default_impl } } } }
      thread = Thread.new { loop { Libvirt.event_run_default_impl } }
      sleep 0.1
      quick { thread.kill; thread.join; puts "killed" }
      thread = Thread.new { try { loop { Libvirt.event_run_default_impl } } }
      sleep 0.1
      quick { thread.raise(IndexError, "mine"); thread.join }
      Thread.new { sleep 0.1; Process.kill(:INT, $$) }
      quick { try { loop { Libvirt.event_run_default_impl } } }
    RUBY
      Timeout::Error: execution expired
      killed
      IndexError: mine
      Interrupt: 
    TEXT
  end

  # Alone in its process, so that no other thread is there to notice.
  def test_interrupt_from_outside
    reading, writing = IO.pipe
    pid = spawn(RbConfig.ruby, "-W1", "-I", BUILD, "-rlibvirt", "-e", <<~'RUBY', out: writing)
      Libvirt.event_register_default_impl
      trap(:USR1) { $stdout.syswrite "trapped\n" }
      $stdout.syswrite "ready\n"
      begin
        loop { Libvirt.event_run_default_impl }
      rescue Interrupt
        $stdout.syswrite "interrupted\n"
      end
    RUBY
    writing.close
    assert_equal "ready\n", reading.gets
    sleep 0.2
    Process.kill(:USR1, pid)
    assert_equal "trapped\n", Timeout.timeout(5) { reading.gets }
    Process.kill(:INT, pid)
    assert_equal "interrupted\n", Timeout.timeout(5) { reading.gets }
  ensure
    Process.kill(:KILL, pid)
    Process.wait(pid)
  end

  def test_other_threads_run
    check(<<~'RUBY', "true\n")
      count = 0
      Thread.new { loop { count += 1; sleep 0.005 } }
      is_due = false
      Libvirt.event_add_timeout(200, proc { is_due = true })
      Libvirt.event_run_default_impl until is_due
      p count > 10
    RUBY
  end

  def test_killed_within_a_callback
    check(<<~'RUBY', "in it\nended\n")
      Libvirt.event_add_timeout(1, proc { puts "in it"; Thread.current.kill; puts "no" })
      thread = Thread.new do
        loop { Libvirt.event_run_default_impl }
      ensure
        puts "ended"
      end
      thread.join
    RUBY
  end

  def test_exit_within_a_callback
    output, _, status = run_program(DEFAULT + <<~'RUBY')
      at_exit { puts "at exit" }
      Libvirt.event_add_timeout(1, proc { exit 3 })
      loop { Libvirt.event_run_default_impl }
    RUBY
    assert_equal ["at exit\n", 3], [output, status.exitstatus]
  end

  # The program ends though a thread waits in the loop.
  def test_end_of_the_program
    check(<<~'RUBY', "end\n")
      conn = Libvirt.open("test:///default")
      conn.domain_event_register_any(0, proc {})
      Thread.new { loop { Libvirt.event_run_default_impl } }
      sleep 0.1
      puts "end"
    RUBY
  end

  # ---- fibers ----

  # The smallest scheduler that does.
  SCHEDULER = <<~'RUBY'
    class Scheduler
      def initialize
        @timers, @blocked, @ready = {}, {}, Thread::Queue.new
      end
      def run
        until @ready.empty? && @timers.empty? && @blocked.empty?
          @ready.pop.resume until @ready.empty?
          due = @timers.select { |_, at| at <= now }.keys
          due.each { |fiber| @timers.delete(fiber); fiber.resume }
          Thread.pass
        end
      end
      alias close run
      def fiber(&block) = Fiber.new(blocking: false, &block).tap(&:resume)
      def kernel_sleep(seconds = nil) = (@timers[Fiber.current] = now + seconds; Fiber.yield)
      def block(_, timeout = nil) = (@blocked[Fiber.current] = true; Fiber.yield; @blocked.delete(Fiber.current); true)
      def unblock(_, fiber) = @ready << fiber
      def io_wait(_, events, _) = events
    end
  RUBY

  def test_fiber_scheduler
    check(SCHEDULER + <<~'RUBY', "true\ntrue\n[:event, 3]\n")
      seen = []
      count = 0
      thread = Thread.new do
        Fiber.set_scheduler(Scheduler.new)
        conn = Libvirt.open("test:///default")
        domain = conn.lookup_domain_by_name("test")
        conn.domain_event_register_any(0, ->(_, _, event, *) { sleep 0.01; seen << [:event, event] })
        Libvirt.event_add_timeout(150, ->(timer, _) { seen << :timer; Libvirt.event_remove_timeout(timer) })
        Fiber.schedule { Libvirt.event_run_default_impl until seen.include?(:timer) && seen.size > 1 }
        Fiber.schedule { until seen.include?(:timer); count += 1; sleep 0.005; end; domain.suspend }
      end
      thread.join
      p count > 8, seen[0] == :timer, seen[1]
    RUBY
  end

  # ---- threads that are not Ruby's ----

  # Runs a function of libvirt's on a thread that Ruby does not know.
  FOREIGN = <<~'RUBY'
    require "fiddle"
    LIBVIRT = Fiddle.dlopen("libvirt.so.0")
    C = Fiddle.dlopen(nil)
    def foreign(symbol, argument = 0)
      id = Fiddle::Pointer.malloc(8)
      create = Fiddle::Function.new(C["pthread_create"], [Fiddle::TYPE_VOIDP] * 4, Fiddle::TYPE_INT)
      join = Fiddle::Function.new(C["pthread_join"], [Fiddle::TYPE_LONG, Fiddle::TYPE_VOIDP], Fiddle::TYPE_INT)
      create.call(id, 0, LIBVIRT[symbol], argument)
      join.call(id[0, 8].unpack1("q"), 0)
    end
  RUBY

  def test_foreign_thread
    check(FOREIGN + <<~'RUBY', "[0, \"test\", 3, true]\n")
      conn = Libvirt.open("test:///default")
      domain = conn.lookup_domain_by_name("test")
      seen = nil
      conn.domain_event_register_any(0, ->(c, d, event, *) { seen = [c.list_domains.size - 1, d.name, event, Thread.current != Thread.main] })
      domain.suspend
      foreign("virEventRunDefaultImpl")
      p seen
    RUBY
  end

  def test_foreign_threads_at_once
    check(FOREIGN + <<~'RUBY', "true\n")
      count = 0
      Libvirt.event_add_timeout(0, proc { count += 1; sleep 0.001 })
      Array.new(8) { Thread.new { 10.times { foreign("virEventRunDefaultImpl") } } }.each(&:join)
      p count >= 10
    RUBY
  end

  def test_exception_on_a_foreign_thread
    output, errors, status = run_program(DEFAULT + FOREIGN + <<~'RUBY')
      timer = Libvirt.event_add_timeout(0, proc { raise IndexError, "mine" })
      2.times { foreign("virEventRunDefaultImpl") }
      Libvirt.event_remove_timeout(timer)
      Libvirt.event_add_timeout(0, proc { throw :nowhere })
      foreign("virEventRunDefaultImpl")
      puts "end"
    RUBY
    assert_equal ["end\n", true], [output, status.success?]
    assert_equal 2, errors.scan("mine (IndexError)").size, errors
    assert_equal 1, errors.scan("uncaught throw :nowhere").size, errors
  end

  def test_exit_on_a_foreign_thread
    output, errors, status = run_program(DEFAULT + FOREIGN + <<~'RUBY')
      Libvirt.event_add_timeout(0, proc { exit 4 })
      foreign("virEventRunDefaultImpl")
      sleep 5
      puts "not reached"
    RUBY
    assert_equal ["", "", 4], [output, errors, status.exitstatus]
  end

  def test_killed_dispatcher
    check(FOREIGN + <<~'RUBY', "killed\nnew\n")
      timer = Libvirt.event_add_timeout(0, proc { puts "killed"; Thread.current.kill })
      foreign("virEventRunDefaultImpl")
      Thread.pass while Thread.list.any? { |one| one.name == "libvirt callbacks" }
      foreign("virEventRunDefaultImpl")
      Libvirt.event_remove_timeout(timer)
      Libvirt.event_add_timeout(0, proc { puts "new" })
      foreign("virEventRunDefaultImpl")
    RUBY
  end

  # Something else than this library runs the loop on a thread of Ruby's, without its lock.
  def test_loop_run_by_others
    output, errors, status = run_program(DEFAULT + FOREIGN + <<~'RUBY')
      run = Fiddle::Function.new(LIBVIRT["virEventRunDefaultImpl"], [], Fiddle::TYPE_INT)
      timer = Libvirt.event_add_timeout(0, proc { puts Thread.current == Thread.main })
      run.call
      Libvirt.event_remove_timeout(timer)
      Libvirt.event_add_timeout(0, proc { raise IndexError, "mine" })
      run.call
      p $!
    RUBY
    assert_equal ["true\nnil\n", true], [output, status.success?]
    assert_match(/mine \(IndexError\)/, errors)
  end

  # A thread that waits when the program ends does not keep it.
  def test_end_with_a_foreign_thread
    check(FOREIGN + <<~'RUBY', "end\n")
      Libvirt.event_add_timeout(0, proc { sleep })
      Thread.new { foreign("virEventRunDefaultImpl") }
      sleep 0.2
      puts "end"
      exit!(0) if Thread.list.size < 2
      Thread.list.each { |one| one.kill if one.name == "libvirt callbacks" }
    RUBY
  end

  # ---- lives ----

  def test_opaque_is_dropped
    check(<<~'RUBY', "true\n")
      dropped = 0
      count = proc { dropped += 1 }
      add = lambda do
        10.times do
          opaque = Object.new
          ObjectSpace.define_finalizer(opaque, count)
          Libvirt.event_remove_timeout(Libvirt.event_add_timeout(-1, proc {}, opaque))
        end
      end
      add.call
      pump
      GC.start
      p dropped >= 8
    RUBY
  end

  def test_fork
    skip_with_sanitizers "their allocator may be locked by another thread when the process forks"
    check(FOREIGN + <<~'RUBY', "child\nforeign child\ntrue\nparent\n")
      seen = []
      Libvirt.event_add_timeout(1, proc { seen << 1 })
      2.times { Libvirt.event_run_default_impl }
      $stdout.flush
      pid = fork do
        seen.clear
        Libvirt.event_run_default_impl while seen.empty?
        puts "child" if seen == [1]
        require "timeout"
        begin
          Timeout.timeout(0.1) { loop { Libvirt.event_run_default_impl } }
        rescue Timeout::Error
        end
        Libvirt.event_add_timeout(0, proc { |*| seen << Thread.current.name })
        foreign("virEventRunDefaultImpl")
        puts "foreign child" if seen.include?("libvirt callbacks")
      end
      Process.wait(pid)
      p $?.success?
      seen.clear
      Libvirt.event_run_default_impl while seen.empty?
      puts "parent" if seen == [1]
    RUBY
  end
end
