# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Whether calls lose memory, as the beginning of programs that tell.
module Grown
  PROGRAM = <<~'RUBY'
    def resident = File.read("/proc/self/status")[/VmRSS:\s+(\d+)/, 1].to_i * 1024

    # As many calls pass before, until the heap has its size. Then less than 30 bytes a call may stay.
    def small?(count)
      count.times { yield }
      GC.start
      before = resident
      count.times { yield }
      GC.start
      grown = resident - before
      p(grown < 30 * count || grown)
    end
  RUBY
end
