# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# What Ruby's virtual machine asks of an extension: its lock, its garbage collector, its Ractors.

require_relative "daemon"

class RuntimeTest < BindingTest
  WALK = <<~'RUBY'
    def walk
      connection = Libvirt.open("test:///default")
      domain = connection.lookup_domain_by_name("test")
      pool = connection.lookup_storage_pool_by_name("default-pool")
      values = [
        domain.info.memory, domain.scheduler_parameters.keys.sort, domain.vcpus.map(&:number), domain.uuid,
        connection.node_info.model, connection.list_all_networks.map(&:name),
        connection.all_domain_stats.map { |one| one["params"].size }, pool.info.capacity
      ]
      connection.close
      values
    end
  RUBY

  def test_garbage_collection_at_every_allocation
    assert_program("true\n", "#{WALK}\n#{<<~'RUBY'}")
      plain = walk.inspect
      GC.stress = true
      stressed = walk.inspect
      GC.stress = false
      puts plain == stressed
      warn plain, stressed unless plain == stressed
    RUBY
  end

  # What the collector moves is found again.
  def test_compaction
    assert_program("test\n42\n", <<~'RUBY')
      connection = Libvirt.open("test:///default")
      domain = connection.lookup_domain_by_name("test")
      GC.verify_compaction_references(toward: :empty, double_heap: true)
      puts domain.name
      begin
        connection.lookup_domain_by_name("none")
      rescue Libvirt::RetrieveError => error
        puts error.libvirt_code
      end
      exit!(1) unless domain.connection.equal?(connection)
    RUBY
  end

  def test_ractors_are_refused
    output, errors, status = run_program(<<~'RUBY')
      Thread.report_on_exception = false
      begin
        Ractor.new { Libvirt.version }.take
      rescue Ractor::RemoteError => error
        puts error.cause.class
      end
      puts Libvirt.open("test:///default").closed?
    RUBY
    assert_predicate status, :success?, errors
    assert_equal "Ractor::UnsafeError\nfalse\n", output
  end

  def test_ratio_of_memory_is_told
    require "objspace"
    connection = Libvirt.open("test:///default")
    plain = ObjectSpace.memsize_of(Object.new)
    assert_operator ObjectSpace.memsize_of(connection), :>, plain
    connection.close
  end
end

class LockTest < BindingTest
  def setup
    @daemon = Daemon.start
    skip @daemon.unavailable if @daemon.unavailable
  end

  def teardown
    @daemon&.stop
  end

  # A call waits for a daemon that is stopped, and another thread counts meanwhile.
  def test_others_run_while_a_call_waits
    connection = Libvirt.open(@daemon.uri)
    @daemon.freeze_it
    calling = Thread.new { connection.hostname }
    count = 0
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 1
    count += 1 while Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline
    assert_operator count, :>, 10_000
    assert_predicate calling, :alive?
    @daemon.thaw
    refute_empty calling.value
    connection.close
  end
end
