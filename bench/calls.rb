#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# The calls that are measured, in Ruby: calls.rb URI. Works like calls.c: objects are freed in the turn
# that makes them, and what is left of other calls is collected before. What a binding has not is not
# answered for: statistics of all domains are new in ours.

require "libvirt"

connection = Libvirt.open(ARGV.fetch(0))
domain = connection.lookup_domain_by_name("domain-500")
failing_lookup = lambda do
  connection.lookup_domain_by_name("missing")
rescue Libvirt::RetrieveError
  nil
end
calls = {
  "version" => -> { connection.libversion },
  "name" => -> { domain.name },
  "info" => -> { domain.info },
  "lookup" => -> { connection.lookup_domain_by_name("domain-500").free },
  "failing-lookup" => failing_lookup,
  "list" => -> { connection.list_all_domains.each(&:free) },
  "scheduler-out" => -> { domain.scheduler_parameters },
  "scheduler-in" => -> { domain.scheduler_parameters = { "weight" => 50 } }
}
calls["statistics"] = -> { connection.all_domain_stats(0) } if connection.respond_to?(:all_domain_stats)
# ruby-libvirt 0.7.1 passes flags for scheduler parameters that not every driver knows.
calls.select! do |_name, call|
  call.call
  true
rescue Libvirt::Error
  false
end

# Nanoseconds for so many turns.
def time(call, turns)
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
  while turns.positive?
    call.call
    turns -= 1
  end
  Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) - start
end

nothing = -> {}
$stdout.sync = true
$stdin.each_line do |line|
  name, count = line.split
  unless calls.key?(name)
    puts "-"
    next
  end
  turns = Integer(count)
  GC.start
  # What turning takes is not the call's.
  puts time(calls[name], turns) - time(nothing, turns)
end
