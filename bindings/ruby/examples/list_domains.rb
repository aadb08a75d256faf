#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Lists all domains with what they use: list_domains.rb [URI]

require "libvirt"

STATES = ["no state", "running", "blocked", "paused", "shutting down", "shut off", "crashed", "suspended"].freeze

connection = Libvirt.open_read_only(ARGV.fetch(0, "test:///default"))
connection.list_all_domains.each do |domain|
  info = domain.info
  puts format("%-20s %-14s %3d CPUs %8d MiB", domain.name, STATES.fetch(info.state, "state #{info.state}"),
              info.nr_virt_cpu, info.memory / 1024)
end
connection.close
