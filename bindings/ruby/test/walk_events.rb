# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Events of a QEMU daemon through an event loop written in Ruby: walk_events.rb URI FOLDER.
#
# The established binding wraps the connection and the domain of an event without a reference of its own,
# and does not keep callbacks: garbage is not collected here, and the process ends without freeing.

GC.disable

require "socket"

require_relative "own_loop"
require_relative "telling"

URI, FOLDER = ARGV

MOVING_TEXT = /(?<=0x)\h+|\A\d+\z/.freeze

def steady(_call, value)
  value
end

eval OwnLoop::FUNCTIONS

GUEST = <<~XML
  <domain type='qemu'>
    <name>walked-events</name><uuid>11111111-2222-3333-4444-bbbbbbbbbbbb</uuid><memory unit='MiB'>32</memory>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>
    <devices><controller type='usb' model='none'/><graphics type='vnc' autoport='yes'/></devices>
  </domain>
XML

SEEN = []

# What a callback is given; the connection is a new object in theirs.
def seen(name)
  lambda do |connection, domain, *rest|
    SEEN << [name, connection.class.name, domain.class.name, domain.name, *rest]
    :ignored
  end
end

def called_by_name(connection, domain, *rest)
  seen("symbol").call(connection, domain, *rest)
end

# Until nothing came for a while.
def settle
  until_then = 0
  count = -1
  while SEEN.size > count || Process.clock_gettime(Process::CLOCK_MONOTONIC) < until_then
    until_then = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 0.5 if SEEN.size > count
    count = SEEN.size
    round
  end
end

# The events of a call, those of each callback in their order. A guest's BIOS resets it as often as it likes.
def try_events(call, &block)
  try(call, &block)
  settle
  SEEN.uniq! if call == "reset"
  # Whether QEMU still tells that it ends is a race.
  SEEN.reject! { |one| one[0] != "graphics" && one[4] == 6 }
  SEEN.group_by(&:first).sort.each { |name, events| tell("#{call}: #{name}", "answer" => plain(events)) }
  SEEN.clear
end

def walk_registering(connection, domain)
  [[0, seen("all"), nil, "opaque"], [0, seen("one"), domain, { "a" => 1 }], [0, seen("one again"), domain],
   [1, seen("reboot"), domain, 5], [2, seen("offset"), domain], [4, seen("error"), domain], [5, seen("graphics")],
   [1, :called_by_name], [99, seen("unknown")], [-1, seen("negative")], [0, 5], [0, nil], ["x", seen("text")],
   [0, seen("wrong"), "domain"]].map do |arguments|
    shown = arguments.map { |one| one.respond_to?(:call) ? "callback" : one.class }
    try("register_any #{shown}") { connection.domain_event_register_any(*arguments) }
  end
end

def walk_lifecycle(domain)
  try_events("create") { domain.create }
  try_events("suspend") { domain.suspend }
  try_events("resume") { domain.resume }
  try_events("reset") { domain.reset }
  walk_graphics(domain)
  try_events("destroy") { domain.destroy }
end

def walk_graphics(domain)
  client = nil
  try_events("graphics") { (client = TCPSocket.new("127.0.0.1", domain.xml_desc[/port='(\d+)'/, 1].to_i)).read(3) }
  try_events("graphics closed") { client.close }
end

register
connection = Libvirt.open(URI)
domain = try("define") { connection.define_domain_xml(GUEST) }
try("register") { connection.domain_event_register(seen("plain"), "opaque") }
numbers = walk_registering(connection, domain)
settle
walk_lifecycle(domain)
try("deregister") { connection.domain_event_deregister }
try("deregister again") { connection.domain_event_deregister }
numbers.compact.each { |number| try("deregister_any") { connection.domain_event_deregister_any(number) } }
try("deregister_any 99") { connection.domain_event_deregister_any(99) }
try_events("undefine") { domain.undefine }
exit!(true)
