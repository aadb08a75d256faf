# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

require "_libvirt"
require_relative "libvirt/connect"
require_relative "libvirt/domain"
require_relative "libvirt/record"
require_relative "libvirt/stream"

# Manage virtual machines, networks and storage through libvirt.
module Libvirt
  # A version of libvirt or of a driver: 9.0.0 is 9000000.
  class Version
    attr_reader :version, :type

    def initialize(type, version)
      @type = type
      @version = version
    end

    def major
      @version / 1_000_000
    end

    def minor
      (@version % 1_000_000) / 1000
    end

    def release
      @version % 1000
    end

    def to_s
      "#{major}.#{minor}.#{release}"
    end
  end

  # Also where the module is included.
  def lxc_enter_security_label(...)
    Libvirt.lxc_enter_security_label(...)
  end

  # What libvirt looks up by the connection alone is found here, too.
  class NodeDevice
    # nil where it fails, whatever the reason is.
    def lookup_scsi_host_by_wwn(*arguments)
      connection.lookup_scsi_host_by_wwn(*arguments)
    rescue Error
      nil
    end
  end

  class StoragePool # :nodoc:
    def lookup_volume_by_key(key)
      connection.lookup_volume_by_key(key)
    end

    def lookup_volume_by_path(path)
      connection.lookup_volume_by_path(path)
    end
  end
end
