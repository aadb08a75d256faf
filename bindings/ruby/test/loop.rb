# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# libvirt's default event loop in this process, run by whoever waits for something.
module Loop
  # To be called before the first connection that is to have events.
  def self.start
    return if @started

    @started = true
    Libvirt.event_register_default_impl
    # So that the loop looks up now and then.
    Libvirt.event_add_timeout(20, proc {})
  end

  # Runs it until the block is true; false where that does not come.
  def self.run(seconds = 15)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    until (result = yield)
      return false if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      Libvirt.event_run_default_impl
    end
    result
  end

  # What comes within a while of its own accord.
  def self.settle(seconds = 0.15)
    until_then = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    run { Process.clock_gettime(Process::CLOCK_MONOTONIC) > until_then }
  end
end
