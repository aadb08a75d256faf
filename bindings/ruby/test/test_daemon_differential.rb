# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The established binding and ours on a QEMU daemon.

require_relative "daemon"
require_relative "differential"

class DaemonDifferentialTest < DaemonTest
  include Differential

  def setup
    super
    @cleanups << -> { @conn.list_all_domains.each { |domain| remove(domain) if domain.name.start_with?("walked") } }
    @cleanups << -> { FileUtils.rm_rf(Dir.glob(File.join(daemon.folder, "walked-*"))) }
  end

  # The second daemon is one to migrate to.
  def test_guest
    assert_alike "guest", 540, daemon.uri, daemon.folder, own_daemon.tcp_uri
  end

  def test_all_else
    assert_alike "daemon", 390, daemon.uri, daemon.folder
  end

  def test_events
    assert_alike "events", 44, daemon.uri, daemon.folder
  end
end
