#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Defines a domain, starts it, stops it and removes it again: define_and_start.rb [URI]

require "libvirt"

DESCRIPTION = <<~XML
  <domain type='%<type>s'>
    <name>ruby-example</name>
    <memory unit='MiB'>64</memory>
    <vcpu>1</vcpu>
    <os><type>hvm</type></os>
  </domain>
XML

connection = Libvirt.open(ARGV.fetch(0, "test:///default"))
domain = connection.define_domain_xml(format(DESCRIPTION, type: connection.type.downcase))
puts "#{domain.name}: defined, #{domain.uuid}"
begin
  domain.create
  puts "#{domain.name}: started, id #{domain.id}"
  domain.destroy
  puts "#{domain.name}: stopped"
rescue Libvirt::Error => error
  warn "#{error.libvirt_function_name}: #{error.libvirt_message} (#{error.libvirt_code})"
ensure
  domain.undefine
end
connection.close
