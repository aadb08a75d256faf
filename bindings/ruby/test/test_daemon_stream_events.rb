# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Events of streams, with libvirt's own loop on a thread.

require_relative "daemon"
require "timeout"

class StreamEventsTest < DaemonTest
  READABLE = Libvirt::Stream::EVENT_READABLE

  def self.loop_thread
    @loop_thread ||= begin
      Libvirt.event_register_default_impl
      Thread.new { loop { Libvirt.event_run_default_impl } }
    end
  end

  def setup
    self.class.loop_thread
    super
    @stream = @conn.stream(Libvirt::Stream::NONBLOCK)
    @seen = Queue.new
  end

  def console
    domain = guest(paused: true)
    domain.open_console(nil, @stream, 0)
    domain.resume
  end

  def take
    Timeout.timeout(20) { @seen.pop }
  end

  def test_readable
    console
    assert_nil @stream.event_add_callback(READABLE, ->(*given) { @seen << given }, "opaque")
    stream, events, opaque = take
    assert_same @stream, stream
    assert_equal [READABLE, "opaque"], [events, opaque]
    count, data = @stream.recv(100)
    assert_equal count, data.bytesize
    assert_nil @stream.event_update_callback(0)
    sleep 0.1
    @seen.clear
    sleep 0.2
    assert_predicate @seen, :empty?
    assert_nil @stream.event_remove_callback
    @stream.abort
  end

  def test_again_after_removal
    console
    2.times do |round|
      @stream.event_add_callback(READABLE, ->(_stream, _events, opaque) { @seen << opaque }, round)
      assert_equal round, take
      @stream.event_remove_callback
      sleep 0.1
      @seen.clear
    end
    @stream.abort
  end

  def test_second
    skip_with_sanitizers "libvirt loses a reference on the stream here"
    console
    @stream.event_add_callback(READABLE, proc {})
    error = assert_raises(Libvirt::RetrieveError) { @stream.event_add_callback(READABLE, proc {}) }
    assert_equal "virStreamEventAddCallback", error.libvirt_function_name
    @stream.event_remove_callback
    @stream.abort
  end

  # The callback lives as long as libvirt has it, whatever the program keeps.
  def test_garbage
    console
    seen = @seen
    @stream.event_add_callback(READABLE, proc { |*, opaque| seen << opaque }, Object.new)
    5.times { GC.start }
    GC.compact
    assert_instance_of Object, take
    @stream.event_remove_callback
    @stream.abort
  end

  # The callback refers to the stream, and so does libvirt.
  def test_streams_that_are_over
    volume = volume(1000)
    [%i[abort event_remove_callback], %i[event_remove_callback finish], %i[free],
     %i[abort free free]].each do |ends|
      20.times do
        stream = @conn.stream(Libvirt::Stream::NONBLOCK)
        volume.download(stream, 0, 0)
        stream.event_add_callback(0, proc { stream })
        ends.each { |name| stream.public_send(name) }
      end
      eventually_collected(ends)
    end
  end

  def eventually_collected(ends)
    20.times do
      GC.start
      return pass if ObjectSpace.each_object(Libvirt::Stream).count < 10

      sleep 0.05
      @conn.type
    end
    flunk "after #{ends} streams stay"
  end

  def test_wrong_arguments
    assert_raises(TypeError) { @stream.event_add_callback(READABLE, 5) }
    assert_raises(TypeError) { @stream.event_add_callback("1", proc {}) }
    assert_raises(ArgumentError) { @stream.event_add_callback(READABLE) }
    assert_raises(Libvirt::RetrieveError) { @stream.event_add_callback(READABLE, proc {}) }
    assert_raises(Libvirt::RetrieveError) { @stream.event_remove_callback }
    @stream.free
    assert_raises(ArgumentError) { @stream.event_add_callback(READABLE, proc {}) }
    assert_raises(ArgumentError) { @stream.event_remove_callback }
  end
end
