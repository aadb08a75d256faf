# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the tests share: programs in processes of their own, the test driver, daemons.

require "minitest"
require "open3"
require "rbconfig"
require "tempfile"
require "timeout"
require "libvirt"

Minitest.autorun unless defined?(Recorder)

# Where the binding is that is tested.
BUILD = File.dirname($LOADED_FEATURES.grep(/_libvirt\.so\z/).first)

# Assertions and helpers for all.
class BindingTest < Minitest::Test
  PROGRAM_SECONDS = 60

  def skip_with_sanitizers(reason)
    skip reason if ENV.key?("TEST_SANITIZED")
  end

  # So often, or less where sanitizers make all of it slow.
  def repeats(count)
    ENV.key?("TEST_SANITIZED") ? count / 10 : count
  end

  # Runs a program that has the library, in a process of its own: [output, errors, status].
  def run_program(script, *arguments)
    command = [RbConfig.ruby, "-W1", "-I", BUILD, "-rlibvirt", "-e", script, *arguments.map(&:to_s)]
    Open3.popen3(*command, pgroup: true) do |input, output, errors, thread|
      input.close
      readers = [output, errors].map { |pipe| Thread.new { pipe.read } }
      unless thread.join(PROGRAM_SECONDS)
        Process.kill(:KILL, -thread.pid)
        flunk "it does not end: #{readers.map(&:value).join[0, 2000]}"
      end
      [*readers.map(&:value), thread.value]
    end
  end

  # The program prints this, and nothing on standard error.
  def assert_program(expected, script, *arguments)
    output, errors, status = run_program(script, *arguments)
    assert_equal [expected, "", true], [output, errors[0, 3000], status.success?], status.to_s
  end

  # The block's exception, whose message is or matches this.
  def assert_raises_message(kind, message, &block)
    error = assert_raises(kind, &block)
    assert_operator message, :===, error.message
    error
  end

  def eventually(seconds = 15, what = "it did not come")
    deadline = now + seconds
    until (result = yield)
      flunk what if now > deadline
      sleep 0.02
    end
    result
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  # How long the block takes.
  def seconds
    started = now
    yield
    now - started
  end
end

# A test with a connection of its own to the test driver, whose state nobody else has.
class DriverTest < BindingTest
  NODE = <<~XML
    <node>
      <domain type='test'>
        <name>test</name><memory>8388608</memory><vcpu>2</vcpu><os><type>hvm</type></os>
      </domain>
      <network>
        <name>default</name><bridge name='virbr0'/><ip address='192.168.122.1' netmask='255.255.255.0'/>
      </network>
      <pool type='dir'>
        <name>default-pool</name><target><path>/default-pool</path></target>
      </pool>
    </node>
  XML
  FILE = Tempfile.create("node").tap { |file| file.write(NODE).then { file.close } }
  Minitest.after_run { File.unlink(FILE.path) }
  URI = "test://#{FILE.path}"

  def setup
    @conn = Libvirt.open(URI)
    @domain = @conn.lookup_domain_by_name("test")
  end

  def teardown
    @conn.close
  end
end
