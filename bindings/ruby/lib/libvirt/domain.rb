# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

module Libvirt
  class Domain
    of_interface = instance_method(:ifinfo)
    remove_method :ifinfo
    # nil where there is no interface to ask about.
    define_method(:ifinfo) { |device| of_interface.bind_call(self, device) unless device.nil? }

    # A virtual CPU: its state, and which of the host's CPUs it may run on.
    class VCPUInfo
      include Record

      attr_reader :number, :state, :cpu_time, :cpu, :cpumap
    end
  end
end
