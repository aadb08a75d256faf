# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Bytes to and from a daemon: volumes as a whole, with holes, and consoles that say nothing.

require_relative "daemon"
require "digest"
require "stringio"
require "tempfile"
require "timeout"

MIB = 1 << 20

class VolumeStreamTest < DaemonTest
  def setup
    super
    @data = Random.new(7).bytes(3 * MIB + 12_345)
    @volume = volume(@data.bytesize)
  end

  def upload(flags = 0)
    stream = @conn.stream
    @volume.upload(stream, 0, 0, flags)
    stream
  end

  def download(flags = 0)
    stream = @conn.stream
    @volume.download(stream, 0, 0, flags)
    stream
  end

  def content
    stream = download
    sink = StringIO.new("".b)
    assert_nil stream.recvall(sink)
    stream.finish
    sink.string
  end

  def fill
    stream = upload
    stream.sendall(StringIO.new(@data))
    stream.finish
  end

  def assert_content(data = @data)
    got = content
    assert_equal [data.bytesize, Digest::SHA256.hexdigest(data)],
                 [got.bytesize, Digest::SHA256.hexdigest(got)]
  end

  def assert_aborted(stream)
    assert_raises(Libvirt::Error) { stream.finish }
  end

  def test_blocks
    rest = StringIO.new(@data)
    asked = []
    stream = upload
    result = stream.sendall("opaque") do |opaque, most|
      asked << opaque
      data = rest.read(most).to_s
      [data.bytesize, data]
    end
    assert_nil result
    assert_nil stream.finish
    assert_equal ["opaque"], asked.uniq
    got = "".b
    stream = download
    result = stream.recvall("opaque") do |data, opaque|
      assert_equal [Encoding::BINARY, "opaque"], [data.encoding, opaque]
      got << data
      data.bytesize
    end
    assert_nil result
    assert_nil stream.finish
    assert_equal Digest::SHA256.hexdigest(@data), Digest::SHA256.hexdigest(got)
  end

  def test_objects_like_files
    fill
    assert_content
    Tempfile.create("volume", binmode: true) do |file|
      stream = download
      stream.recvall(file)
      stream.finish
      file.rewind
      assert_equal Digest::SHA256.hexdigest(@data), Digest::SHA256.hexdigest(file.read)
    end
  end

  # A sink that takes little at a time, as sockets do.
  def test_short_writes
    fill
    taken = "".b
    sink = Object.new
    sink.define_singleton_method(:write) { |data| taken << data.byteslice(0, 100_000); [data.bytesize, 100_000].min }
    stream = download
    stream.recvall(sink)
    stream.finish
    assert_equal @data, taken
  end

  def test_copy_stream
    stream = upload
    assert_equal @data.bytesize, IO.copy_stream(StringIO.new(@data), stream)
    stream.finish
    assert_content
    stream = download
    sink = StringIO.new("".b)
    assert_equal @data.bytesize, IO.copy_stream(stream, sink)
    stream.finish
    assert_equal @data, sink.string
  end

  def test_reading_as_from_a_file
    fill
    stream = download
    assert_equal @data[0, 10], stream.read(10)
    assert_equal @data[10..], stream.read
    assert_nil stream.read(1)
    assert_equal "", stream.read
    assert_raises(EOFError) { stream.readpartial(1) }
    stream.finish
  end

  def test_send_and_recv
    stream = upload
    sent = stream.send(@data.byteslice(0, 250_000))
    assert_equal 250_000, sent
    stream.finish
    stream = download
    count, data = stream.recv(20_000_000)
    assert_equal [count, Encoding::BINARY, @data[0, 100]], [data.bytesize, data.encoding, data[0, 100]]
    assert_equal [0, ""], stream.recv(0)
    stream.abort
  end

  def test_wrong_answers_of_a_source
    { 5 => TypeError, [1] => ArgumentError, [1, "a", 2] => ArgumentError, ["1", "a"] => ArgumentError,
      [1, nil] => TypeError, [-1, ""] => Libvirt::RetrieveError, nil => TypeError }.each do |answer, kind|
      stream = upload
      assert_raises(kind, answer.inspect) { stream.sendall { answer } }
      assert_aborted(stream)
    end
  end

  def test_wrong_answers_of_a_sink
    fill
    { "1" => ArgumentError, nil => ArgumentError, -1 => Libvirt::RetrieveError }.each do |answer, kind|
      stream = download
      error = assert_raises(kind, answer.inspect) { stream.recvall { answer } }
      assert_equal "virStreamRecvAll", error.libvirt_function_name if kind == Libvirt::RetrieveError
      assert_aborted(stream)
    end
  end

  def test_ways_out_of_a_block
    fill
    stream = download
    assert_equal(:left, stream.recvall { break :left })
    assert_aborted(stream)
    stream = upload
    assert_equal(:thrown, catch(:out) { stream.sendall { throw :out, :thrown } })
    assert_aborted(stream)
    stream = upload
    assert_raises(ZeroDivisionError) { stream.sendall { 1 / 0 } }
    assert_aborted(stream)
    stream = download
    assert_nil stream.recvall { stream.free || break }
    assert_raises(ArgumentError) { stream.finish }
  end

  def test_without_a_block
    stream = @conn.stream
    assert_raises(RuntimeError) { stream.sendall }
    assert_raises(RuntimeError) { stream.recvall(5) }
    assert_raises(TypeError) { stream.sparse_recvall(5) { 0 } }
    assert_raises(TypeError) { stream.sparse_sendall(proc {}, nil) { 0 } }
    assert_raises(ArgumentError) { stream.recv(-1) }
    assert_raises(TypeError) { stream.recv("1") }
    assert_raises(TypeError) { stream.send(5) }
    assert_raises(Libvirt::RetrieveError) { stream.send("nobody takes it") }
    stream.free
    assert_raises(ArgumentError) { stream.recv(1) }
    assert_raises(ArgumentError) { stream.recvall { 0 } }
  end

  def test_nonblocking
    stream = @conn.stream(Libvirt::Stream::NONBLOCK)
    @volume.download(stream, 0, 0)
    error = assert_raises(Libvirt::AgainError) { 1000.times { stream.recv(1) } }
    assert_equal "virStreamRecv", error.libvirt_function_name
    error = assert_raises(Libvirt::RetrieveError) { 1000.times { stream.recvall { 0 } } }
    assert_includes error.message, "blocking"
  end

  # ---- holes ----

  def test_holes
    sections = [[1, 4096], [0, MIB], [1, 8192], [0, 2 * MIB]]
    told = []
    stream = upload(Libvirt::StorageVol::UPLOAD_SPARSE_STREAM)
    where = ->(opaque) { told << opaque; sections.first || [true, 0] }
    skip = lambda do |opaque, length|
      told << [opaque, length]
      sections.shift
      0
    end
    result = stream.sparse_sendall(where, skip, :opaque) do |_opaque, most|
      sections.shift
      [most, "d" * most]
    end
    assert_nil result
    stream.finish
    assert_includes told, [:opaque, MIB]
    assert_equal "#{"d" * 4096}#{"\0" * MIB}#{"d" * 8192}", content[0, 4096 + MIB + 8192]
    assert_equal [[4096, :data], [MIB, :hole], [8192, :data], [2 * MIB, :hole]],
                 pieces
  end

  # What comes, as the filesystem has it.
  def pieces
    list = []
    stream = download(Libvirt::StorageVol::DOWNLOAD_SPARSE_STREAM)
    stream.sparse_recvall(->(length, kinds) { list << [length, kinds[1]]; 0 }, %i[data hole]) do |data, kinds|
      list << [data.bytesize, kinds[0]]
      0
    end
    stream.finish
    list
  end

  def test_hole_that_is_refused
    stream = download(Libvirt::StorageVol::DOWNLOAD_SPARSE_STREAM)
    assert_raises(Libvirt::RetrieveError) { stream.sparse_recvall(->(*) { -1 }) { 0 } }
    assert_aborted(stream)
    stream = download(Libvirt::StorageVol::DOWNLOAD_SPARSE_STREAM)
    assert_equal [-3, nil], stream.recv_flags(10, Libvirt::Stream::RECV_STOP_AT_HOLE)
    assert_equal @data.bytesize, stream.recv_hole
    assert_equal [0, ""], stream.recv_flags(10, Libvirt::Stream::RECV_STOP_AT_HOLE)
    stream.finish
  end

  # ---- other threads ----

  def test_others_run_meanwhile
    fill
    ticks = 0
    ticker = Thread.new { loop { ticks += 1; Thread.pass } }
    10.times { content }
    assert_operator ticks, :>, 100
  ensure
    ticker&.kill
  end
end

# Streams from which nothing comes.
class QuietStreamTest < DaemonTest
  SOON = 2

  def setup
    super
    domain = guest(paused: true)
    @stream = @conn.stream
    domain.open_console(nil, @stream, 0)
  end

  def assert_soon
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - started, :<, SOON
  end

  def test_timeout_in_a_piece
    assert_soon { assert_raises(Timeout::Error) { Timeout.timeout(0.3) { loop { @stream.recv(100) } } } }
    assert_raises(Libvirt::Error) { @stream.finish }
    assert_equal 1, @conn.num_of_domains
  end

  def test_timeout_in_a_transfer
    assert_soon { assert_raises(Timeout::Error) { Timeout.timeout(0.3) { @stream.recvall { 0 } } } }
    assert_equal 1, @conn.num_of_domains
  end

  def test_kill
    thread = Thread.new { @stream.recvall { 0 } }
    sleep 0.3
    assert_soon { thread.kill.join }
    assert_equal 1, @conn.num_of_domains
  end

  # What does not end the thread does not end the transfer.
  def test_signal_with_a_handler
    seen = false
    before = trap("USR1") { seen = true }
    started = Thread.new { sleep 0.2; Process.kill(:USR1, $$); sleep 0.3; @stream.abort }
    assert_raises(Libvirt::RetrieveError) { loop { @stream.recv(100) } }
    assert seen
  ensure
    started&.join
    trap("USR1", before)
  end

  def test_interrupt
    before = trap("INT", "DEFAULT")
    Thread.new { sleep 0.3; Process.kill(:INT, $$) }
    assert_soon { assert_raises(Interrupt) { @stream.recvall { 0 } } }
  ensure
    trap("INT", before)
  end
  # Others of the thread's fibers go on, where there is a scheduler for them.
  def test_fibers
    stream = @stream
    ticks = 0
    Thread.new do
      Fiber.set_scheduler(Scheduler.new)
      Fiber.schedule { assert_raises(Libvirt::RetrieveError) { loop { stream.recv(100) } } }
      Fiber.schedule do
        20.times { sleep 0.01; ticks += 1 }
        stream.abort
      end
    end.join(10)
    assert_equal 20, ticks
  end
end

# A daemon that has stopped answers nobody.
class StoppedDaemonTest < DaemonTest
  def daemon
    @daemon ||= Daemon.start
  end

  def teardown
    Process.kill(:CONT, daemon.pid) if @conn
    super
    daemon.stop
  end

  def test_left
    stream = @conn.stream
    volume(64 * MIB).download(stream, 0, 0)
    Process.kill(:STOP, daemon.pid)
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    assert_raises(Timeout::Error) { Timeout.timeout(0.5) { stream.recvall { 0 } } }
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - started, :<, 2
  end
end

# The least that a scheduler of fibers is made of.
class Scheduler
  def initialize
    @readable = {}
    @waiting = {}
    @ready = []
  end

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def run
    until @readable.empty? && @waiting.empty? && @ready.empty?
      soonest = @ready.empty? ? @waiting.values.min : now
      ready, = IO.select(@readable.keys, nil, nil, soonest && [soonest - now, 0].max)
      (ready || []).each { |io| @readable.delete(io).transfer }
      due = @waiting.select { |_, at| at <= now }.keys
      due.each { |fiber| @waiting.delete(fiber) }
      (due + @ready.slice!(0..)).each(&:transfer)
    end
  end

  def close = run

  def switch = @root.transfer

  def io_wait(io, events, _timeout)
    @readable[io] = Fiber.current
    switch
    events
  end

  def kernel_sleep(duration = nil)
    @waiting[Fiber.current] = now + duration
    switch
  end

  def block(_blocker, timeout = nil)
    @waiting[Fiber.current] = now + timeout if timeout
    switch
  end

  def unblock(_blocker, fiber) = @ready << fiber

  def fiber(&block)
    @root ||= Fiber.current
    Fiber.new(blocking: false) { block.call; switch }.tap(&:transfer)
  end
end
