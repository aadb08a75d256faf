# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# An event loop written in Ruby, as the beginning of programs that register it.
module OwnLoop
  # Small, and shows all that libvirt asks of it.
  FUNCTIONS = <<~'RUBY'
    $last, $handles, $timers, $log = 10, {}, {}, []
    def add_handle(fd, events, opaque)
      $handles[$last += 1] = [fd, events, opaque]
      $last
    end
    def update_handle(watch, events)
      $handles[watch][1] = events
    end
    def remove_handle(watch)
      $handles.delete(watch)[2]
    end
    def add_timeout(milliseconds, opaque)
      $timers[$last += 1] = [milliseconds, opaque]
      $last
    end
    def update_timeout(timer, milliseconds)
      $timers[timer][0] = milliseconds
    end
    def remove_timeout(timer)
      $timers.delete(timer)[1]
    end
    def register
      Libvirt.event_register_impl(:add_handle, :update_handle, :remove_handle,
                                  :add_timeout, :update_timeout, :remove_timeout)
    end
    def round
      $timers.to_a.each do |timer, (milliseconds, opaque)|
        Libvirt.event_invoke_timeout_callback(timer, opaque) if milliseconds >= 0
      end
      ready, = IO.select($handles.values.map { |fd, *| IO.for_fd(fd, autoclose: false) }, [], [], 0.01)
      $handles.to_a.each do |watch, (fd, _, opaque)|
        next unless ready&.any? { |io| io.fileno == fd }
        Libvirt.event_invoke_handle_callback(watch, fd, 1, opaque)
      end
    end
  RUBY

  PROGRAM = FUNCTIONS + <<~'RUBY'
    def try
      yield
    rescue Exception => e
      puts "#{e.class}: #{e.message}"
    end
  RUBY
end
