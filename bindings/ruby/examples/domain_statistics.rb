#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Prints the statistics of all domains, one call for all of them: domain_statistics.rb [URI]

require "libvirt"

connection = Libvirt.open_read_only(ARGV.fetch(0, "test:///default"))
connection.all_domain_stats(Libvirt::Domain::STATS_STATE).each do |statistics|
  puts statistics["dom"].name
  statistics["params"].each { |name, value| puts "  #{name} = #{value}" }
end
connection.close
