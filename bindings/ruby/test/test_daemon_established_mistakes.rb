# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the established binding does wrong where a daemon is needed to see it; test_established_mistakes.rb
# has the list.

require_relative "daemon"
require_relative "grown"

class DaemonMistakes < DaemonTest
  CONFIG = Libvirt::Domain::AFFECT_CONFIG

  def test_signed_parameters
    domain = guest(running: false)
    domain.scheduler_parameters = [{ "vcpu_quota" => 5000 }, CONFIG]
    domain.scheduler_parameters = [{ "emulator_quota" => -1, "cpu_shares" => 2000 }, CONFIG]
    expected = { "cpu_shares" => 2000, "vcpu_quota" => 5000, "emulator_quota" => -1, "global_quota" => 0 }
    assert_equal expected, domain.scheduler_parameters(CONFIG).slice(*expected.keys)
  end

  def test_memory_does_not_grow
    skip_with_sanitizers "what is freed stays with them for a while"
    assert_program("true\ntrue\n", "#{Grown::PROGRAM}\n#{<<~'RUBY'}", daemon.uri, guest.name)
      domain = Libvirt.open(ARGV[0]).lookup_domain_by_name(ARGV[1])
      p domain.security_label_list.size.positive?
      small?(3000) { domain.security_label_list }
    RUBY
  end

  # The callback was called, and what it was given is garbage.
  def test_stream_outlives_its_events
    file = volume(1 << 20)
    assert_program("[true, true, true]\n", <<~'RUBY', daemon.uri, file.path)
      Libvirt.event_register_default_impl
      Libvirt.event_add_timeout(20, proc {})
      conn = Libvirt.open(ARGV[0])
      stream = conn.stream(Libvirt::Stream::NONBLOCK)
      pool = conn.list_all_storage_pools.find { |one| one.list_volumes.include?(File.basename(ARGV[1])) }
      pool.lookup_volume_by_path(ARGV[1]).download(stream, 0, 0)
      count = 0
      stream.event_add_callback(Libvirt::Stream::EVENT_READABLE, ->(given, *) { count += 1 if given }, "opaque")
      Libvirt.event_run_default_impl until count >= 5
      5.times { GC.start }
      stream.event_remove_callback
      data = stream.recv(1000)
      stream = nil
      5.times { GC.start }
      p [data[0].positive?, conn.alive?, count >= 5]
    RUBY
  end
end
