# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Looks for leaks where they can be told: once the last objects have released what they hold, and before
# Ruby throws its heap away with all that others of its own held. The sanitizer does not know that heap,
# as it is made of pages that no allocator gave; so it is told of them.
# Valgrind is asked by calls of the same names. To be required first (RUBYOPT).

require "fiddle"

# The functions of C that are called here.
module Leaks
  def self.function(name, *arguments)
    Fiddle::Function.new(Fiddle::Handle::DEFAULT[name], arguments, Fiddle::TYPE_VOID)
  end

  # Pages that belong to no file, but for those that the sanitizer has chosen addresses for.
  def self.show_heap
    register = function("__lsan_register_root_region", Fiddle::TYPE_VOIDP, Fiddle::TYPE_SIZE_T)
    File.read("/proc/self/maps").scan(/^(7\h{11})-(\h+) rw-p 0+ 00:00 0\s*$/) do |from, to|
      register.call(from.hex, to.hex - from.hex)
    end
  end
end

at_exit { Leaks.show_heap }
Leaks.function("ruby_vm_at_exit", Fiddle::TYPE_VOIDP).call(Fiddle::Handle::DEFAULT["__lsan_do_leak_check"])
