# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

module Libvirt
  # What the objects that stand for libvirt's structs have in common: Domain::Info and its kin.
  module Record
    # The fields by name, as Symbols.
    def to_h
      instance_variables.to_h { |name| [name.to_s.delete_prefix("@").to_sym, instance_variable_get(name)] }
    end

    # Of one class, with equal fields.
    def ==(other)
      other.instance_of?(self.class) && other.to_h == to_h
    end
    alias eql? ==

    def hash
      [self.class, to_h].hash
    end
  end
end
