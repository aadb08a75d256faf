# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What methods take and give on a real daemon, where the test driver has no such thing.

require_relative "daemon"
require "socket"

class DaemonShapesTest < DaemonTest
  def inactive(more = "")
    domain = @conn.define_domain_xml(<<~XML)
      <domain type='qemu'>
        <name>#{fresh_name}</name><memory unit='MiB'>32</memory><vcpu>2</vcpu>#{more}
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
      </domain>
    XML
    @cleanups << -> { domain.undefine }
    domain
  end

  def test_vcpus_of_an_inactive_domain
    domain = inactive("<cputune><vcpupin vcpu='1' cpuset='0'/></cputune>")
    cpus = @conn.node_cpu_map.size
    assert_operator cpus, :>, 1
    assert_equal [[0, 0, 0, -1, cpus], [1, 0, 0, -1, 1]],
                 domain.vcpus.map { |one| [one.number, one.state, one.cpu_time, one.cpu, one.cpumap.count(true)] }
    assert_equal [true] + [false] * (cpus - 1), domain.vcpus[1].cpumap
  end

  def test_running_domain
    domain = guest
    assert_equal [[0, 1], [1, 1]], domain.vcpus.map { |one| [one.number, one.state] }
    assert_equal @conn.node_cpu_map.size, domain.vcpus[0].cpumap.size
    assert_equal 0, domain.job_stats["type"]
    assert_equal 0, domain.block_job_info("vda").type
    assert_includes domain.memory_stats.map(&:tag), Libvirt::Domain::MemoryStats::RSS
    assert_equal({}, domain.disk_errors)
    assert_kind_of Array, domain.security_label_list
    error = assert_raises(Libvirt::RetrieveError) { domain.qemu_agent_command("{}") }
    assert_equal "virDomainQemuAgentCommand", error.libvirt_function_name
  end

  def test_graphics
    ours, qemus = UNIXSocket.pair
    domain = guest
    error = assert_raises(Libvirt::Error) { domain.open_graphics(qemus) }
    assert_includes error.message, "graphics"
  ensure
    ours.close
    qemus.close
  end

  def test_node
    assert_includes @conn.node_memory_stats.keys, "total"
    assert_equal @conn.node_memory_stats(-1, 0)["total"], @conn.node_memory_stats["total"]
    assert_includes @conn.node_cpu_stats.keys, "user"
    assert_equal [@conn.node_cpu_stats(0).keys], [@conn.node_cpu_stats.keys]
    pages = @conn.node_free_pages([4], { "startCell" => 0, "cellCount" => 1 })
    assert_kind_of Integer, pages[4]
  end

  # Libvirt wants a loop of events for it, which is not there.
  def test_keepalive
    [-> { @conn.set_keepalive(5, 3) }, -> { @conn.keepalive = [5, 3] }].each do |call|
      error = assert_raises(Libvirt::RetrieveError, &call)
      assert_includes error.message, "event loop"
    end
  end
end
