# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

module Libvirt
  # As File.open does: a block gets the connection, which is closed when the block is left.
  closing = lambda do |*names|
    Module.new do
      names.each do |name|
        define_method(name) do |*arguments, **keywords, &block|
          connection = super(*arguments, **keywords)
          next connection unless block

          begin
            block.call(connection)
          ensure
            connection.close
          end
        end
      end
    end
  end

  singleton_class.prepend closing.call(:open, :open_read_only)
  Admin.singleton_class.prepend closing.call(:open)
end
