# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A private daemon for tests: the one that the runner started, or one of one's own.

require_relative "support"
require "fileutils"

# What tests/daemon/private_daemon.py says of one that it started.
class Daemon
  PROGRAM = File.expand_path("../../../tests/daemon/private_daemon.py", __dir__)

  # The one that no test kills.
  def self.shared
    @shared ||= ENV["LIBVIRT_TEST_URI"] ? new(ENV) : start.tap { |one| Minitest.after_run { one.stop } }
  end

  def self.start(*options)
    pipe = IO.popen([{ "LD_PRELOAD" => nil }, "python3", PROGRAM, "run", *options, "--", "sh", "-c",
                     "env | grep ^LIBVIRT_; echo; read end", { err: %i[child out] }], "r+")
    text = pipe.gets("\n\n").to_s
    new(text.scan(/^(LIBVIRT_\w+)=(.*)$/).to_h, pipe, text)
  end

  def initialize(environment, pipe = nil, text = "")
    @environment = environment
    @pipe = pipe
    @text = text
  end

  # Why there is none; nil: there is one.
  def unavailable
    @environment["LIBVIRT_TEST_URI"] ? nil : @environment["LIBVIRT_TEST_UNAVAILABLE"] || @text.strip
  end

  def uri = @environment.fetch("LIBVIRT_TEST_URI")
  def tcp_uri = @environment.fetch("LIBVIRT_TEST_TCP_URI")
  def admin_uri = @environment.fetch("LIBVIRT_TEST_ADMIN_URI")
  def folder = @environment.fetch("LIBVIRT_TEST_FOLDER")
  def pid = @environment.fetch("LIBVIRT_TEST_PID").to_i

  # How it crashes, stops answering, and answers again.
  def kill = signal(:KILL)
  def freeze_it = signal(:STOP)
  def thaw = signal(:CONT)

  def stop
    thaw if @pipe
    @pipe&.close
  end

  private

  def signal(name)
    Process.kill(name, pid)
  rescue Errno::ESRCH
    nil
  end
end

# A test with a connection of its own to a daemon.
class DaemonTest < BindingTest
  @names = 0

  def self.fresh_name
    "ruby-#{$$}-#{DaemonTest.instance_variable_set(:@names, DaemonTest.instance_variable_get(:@names) + 1)}"
  end

  def daemon = Daemon.shared

  def setup
    skip daemon.unavailable if daemon.unavailable
    @conn = Libvirt.open(daemon.uri)
    @cleanups = []
  end

  def teardown
    return unless @conn

    @cleanups.reverse_each(&:call)
    @conn.close
  end

  def fresh_name = DaemonTest.fresh_name

  # A pool with a folder of its own.
  def pool
    @pool ||= begin
      path = File.join(daemon.folder, fresh_name)
      made = @conn.define_storage_pool_xml("<pool type='dir'><name>#{File.basename(path)}</name>" \
                                           "<target><path>#{path}</path></target></pool>")
      made.build
      made.create
      @cleanups << lambda do
        made.list_all_volumes.each(&:delete)
        made.destroy
        made.delete
        made.undefine
      end
      made
    end
  end

  def volume(size)
    pool.create_volume_xml("<volume><name>#{fresh_name}</name><capacity>#{size}</capacity>" \
                           "<allocation>0</allocation></volume>")
  end

  # One that the test can do with what it likes.
  def own_daemon
    Daemon.start.tap do |one|
      skip one.unavailable if one.unavailable
      @cleanups << -> { one.stop }
    end
  end

  # A disk of one's own, with the guest on it.
  def image
    File.join(daemon.folder, fresh_name).tap do |file|
      FileUtils.cp(File.join(daemon.folder, "guest.img"), file)
      @cleanups << -> { File.unlink(file) }
    end
  end

  # A domain whose guest greets on its console, once, and then echoes; it runs, or is about to, or else it
  # is defined.
  def guest(running: true, paused: false, more: "")
    xml = <<~XML
      <domain type='qemu'>
        <name>#{fresh_name}</name><memory unit='MiB'>32</memory><vcpu>2</vcpu>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/><source file='#{image}'/><target dev='vda' bus='virtio'/>
          </disk>
          <controller type='usb' model='none'/><serial type='pty'/><console type='pty'/>
          #{more}
        </devices>
      </domain>
    XML
    flags = paused ? Libvirt::Domain::START_PAUSED : 0
    domain = running ? @conn.create_domain_xml(xml, flags) : @conn.define_domain_xml(xml)
    @cleanups << -> { remove(domain) }
    domain
  end

  # Whatever state it is in.
  def remove(domain)
    %i[destroy undefine].each do |action|
      domain.public_send(action)
    rescue Libvirt::Error
      next
    end
  end
end
