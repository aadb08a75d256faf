# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

module Libvirt
  class Domain
    # A virtual CPU: its state, and which of the host's CPUs it may run on.
    class VCPUInfo
      attr_reader :number, :state, :cpu_time, :cpu, :cpumap
    end
  end
end
