# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# What all walks share. A walk calls what can be called, and writes one line of JSON a call: what it was,
# and what came of it. It knows neither binding from the other; differential.rb runs it with both.
#
# A walk says what differs from one process or moment to the next: MOVING_TEXT, a pattern of what texts
# then have, and steady(call, answer), which gives what is to be told.

require "json"
require "libvirt"

FACTS = File.readlines(File.join(__dir__, "surface.tsv"), chomp: true).map { |line| line.split("\t") }
            .select { |kind,| kind == "method" }
            .map { |_kind, path, required, optional| [*path.split("#"), required.to_i, optional.to_i] }

# They change something, take the object away, or wait; or answer the time. What they do is tried one
# after the other at the end.
APART = %w[
  abort abort_job build close create create_with_files current_snapshot delete destroy detach
  domain_event_deregister event_remove_callback finish free interface_change_begin
  interface_change_commit interface_change_rollback managed_save managed_save_remove
  migrate_to_uri2 migrate_to_uri3 pmwakeup reattach reboot recvall refresh reset resume sendall
  shutdown stream suspend undefine wipe
].freeze

HANDLES = %w[Connect Domain Domain::Snapshot Interface NWFilter Network NodeDevice Secret StoragePool
             StorageVol Stream].map { |name| Libvirt.const_get(name) }.freeze

def key_of(handle)
  return handle.uuid if handle.respond_to?(:uuid)

  handle.respond_to?(:name) ? handle.name : nil
end

# Without what is another in each process.
def text(value)
  copy = value.dup.force_encoding(Encoding::UTF_8)
  return { "bytes" => value.unpack1("H*") } unless copy.valid_encoding?

  copy.gsub(MOVING_TEXT, "…")
end

def readers(value)
  names = value.class.instance_methods(false).reject { |name| value.method(name).arity != 0 }
  { "class" => value.class.name }.merge(names.sort.to_h { |name| [name.to_s, plain(value.public_send(name))] })
end

def plain(value)
  case value
  when nil, true, false, Integer, Float then value
  when String then text(value)
  when Symbol then { "symbol" => value.to_s }
  when Array then value.map { |one| plain(one) }
  when Hash then { "hash" => value.map { |key, one| [plain(key), plain(one)] }.sort_by(&:to_s) }
  when *HANDLES then { "handle" => value.class.name, "key" => key_of(value) }
  else value.class.name.start_with?("Libvirt::") ? readers(value) : value.class.name
  end
end

def failure(error)
  told = %w[function_name message code component level].select { |name| error.respond_to?("libvirt_#{name}") }
  { "raised" => error.class.name, "message" => text(error.message) }
    .merge(told.to_h { |name| [name, plain(error.public_send("libvirt_#{name}"))] })
end

TOLD = Hash.new(0)

# The same call once more has a number.
def tell(call, outcome)
  count = TOLD[call] += 1
  puts JSON.generate({ "call" => count == 1 ? call : "#{call} (#{count})" }.merge(outcome))
  $stdout.flush
end

# What the block answers, which is nil where it raises.
def try(call)
  answer = yield
  tell(call, "answer" => steady(call, plain(answer)))
  answer
rescue StandardError => error
  tell(call, failure(error))
  nil
end

# Their times differ from one moment to the next; those of a domain that does not run, the established
# binding does not set.
def moving?(owner, name)
  owner == "Libvirt::Domain" && %w[cpu_stats vcpus get_vcpus].include?(name)
end

def methods_of(object)
  FACTS.select { |owner, name| owner == object.class.name && !name.end_with?("=") && !APART.include?(name) }
end

def walk_getters(label, object)
  methods_of(object).each do |owner, name, required, optional|
    next if required.positive? || moving?(owner, name)

    try("#{label}.#{name}") { object.public_send(name) }
    try("#{label}.#{name}(nil)") { object.public_send(name, nil) } if optional == 1
  end
end

class Strange
end

def walk_wrong_arguments(label, object)
  FACTS.select { |owner,| owner == object.class.name }.each do |_owner, name, required, optional|
    next if name == "initialize"

    try("#{label}.#{name}: too many") { object.public_send(name, *Array.new(20)) }
    next if (required + optional).zero? || %w[free close].include?(name)

    try("#{label}.#{name}: too few") { object.public_send(name) } if required.positive?
    strange = Array.new([required, 1].max) { Strange.new }
    try("#{label}.#{name}: strange") { object.public_send(name, *strange) }
  end
end

def walk_freed(label, object)
  methods_of(object).each do |_owner, name, required,|
    next if %w[closed? connection].include?(name)

    try("freed #{label}.#{name}") { object.public_send(name, *Array.new(required, "1")) }
  end
end

# ---- what moves from one moment to the next ----

def shape(value)
  case value
  when Integer then "number"
  when Array then value.map { |one| shape(one) }
  when Hash then value.transform_values { |one| shape(one) }
  else value
  end
end

# What a list, or a count, is made of.
def kinds(value)
  return shape(value) unless value.is_a?(Array)

  value.map { |one| one.is_a?(Hash) ? one["handle"] : one.class.name }.uniq
end

# An object's readers, where the numbers of some move.
def with_shapes(value, moving)
  return value unless value.is_a?(Hash) && value["class"]

  value.merge(value.slice(*moving).transform_values { "number" })
end
