#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Prints what happens to domains and networks: lifecycle_events.rb [URI]
#
# Ends with Ctrl-C. On the test driver, which the program uses by default, nothing happens by itself, so the
# program does something there, and ends.

require "libvirt"

DOMAIN_EVENTS = ["defined", "undefined", "started", "suspended", "resumed", "stopped", "shut down",
                 "suspended by its guest", "crashed"].freeze
NETWORK_EVENTS = %w[defined undefined started stopped].freeze

uri = ARGV.fetch(0, "test:///default")
# Before the first connection is opened, or it will not use the loop.
Libvirt.event_register_default_impl
connection = Libvirt.open(uri)
domain_event = proc do |_connection, domain, event, detail, _opaque|
  puts "domain #{domain.name}: #{DOMAIN_EVENTS.fetch(event, "event #{event}")} (#{detail})"
end
network_event = proc do |_connection, network, event, _detail, _opaque|
  puts "network #{network.name}: #{NETWORK_EVENTS.fetch(event, "event #{event}")}"
end
connection.domain_event_register_any(Libvirt::Connect::DOMAIN_EVENT_ID_LIFECYCLE, domain_event)
connection.network_event_register_any(Libvirt::Network::EVENT_ID_LIFECYCLE, network_event)
loop_thread = Thread.new { loop { Libvirt.event_run_default_impl } }

if uri.start_with?("test:")
  domain = connection.lookup_domain_by_name("test")
  domain.suspend
  domain.resume
  network = connection.lookup_network_by_name("default")
  network.destroy
  network.create
  sleep 0.5
else
  begin
    loop_thread.join
  rescue Interrupt
    puts "the end"
  end
end
loop_thread.kill.join
connection.close
