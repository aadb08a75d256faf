# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Libvirt.open_auth against a daemon that asks for user and password over TCP.

require_relative "daemon"
require "open3"
require "rbconfig"
require "timeout"

class AuthenticationTest < Minitest::Test
  USER = "meerkat"
  PASSWORD = "söme password"
  TYPES = [Libvirt::CRED_AUTHNAME, Libvirt::CRED_PASSPHRASE].freeze

  def self.daemon
    @daemon ||= Daemon.start("--sasl", "#{USER}:#{PASSWORD}").tap { |one| Minitest.after_run { one.stop } }
  end

  def setup
    skip self.class.daemon.unavailable if self.class.daemon.unavailable
    @uri = self.class.daemon.tcp_uri
  end

  def answer(question)
    question["type"] == Libvirt::CRED_AUTHNAME ? USER : PASSWORD
  end

  def refuse(kind = Libvirt::ConnectionError, types = TYPES, &block)
    error = assert_raises(kind) { Libvirt.open_auth(@uri, types, &block) }
    return unless kind == Libvirt::ConnectionError

    assert_equal [Libvirt::Error::ERR_AUTH_FAILED, "virConnectOpenAuth"],
                 [error.libvirt_code, error.libvirt_function_name]
  end

  def test_right
    asked = []
    conn = Libvirt.open_auth(@uri, TYPES, "userdata") do |question|
      asked << question
      answer(question)
    end
    assert_equal "QEMU", conn.type
    assert_equal [], conn.list_all_domains
    conn.close
    assert_equal TYPES, asked.map { |one| one["type"] }
    asked.each do |one|
      assert_equal %w[type prompt challenge defresult result userdata], one.keys
      assert_kind_of String, one["prompt"]
      assert_equal [Encoding::UTF_8, "userdata", nil], [one["prompt"].encoding, one["userdata"], one["result"]]
    end
  end

  def test_wrong
    refuse { |question| question["type"] == Libvirt::CRED_AUTHNAME ? USER : "wrong" }
    refuse { "nobody" }
    refuse { nil }
    refuse(Libvirt::ConnectionError, []) { flunk "nothing is offered" }
  end

  def test_answers_that_are_none
    refuse(TypeError) { 5 }
    refuse(TypeError) { :symbol }
  end

  def test_ways_out_of_the_block
    refuse(ZeroDivisionError) { 1 / 0 }
    assert_equal(:thrown, catch(:out) { Libvirt.open_auth(@uri, TYPES) { throw :out, :thrown } })
    assert_equal(:left, Libvirt.open_auth(@uri, TYPES) { break :left })
    conn = Libvirt.open_auth(@uri, TYPES) { |question| next answer(question) }
    assert_predicate conn, :alive?
    conn.close
  end

  def test_second_answer_raises
    asked = 0
    refuse(ZeroDivisionError) do |question|
      asked += 1
      raise ZeroDivisionError if question["type"] == Libvirt::CRED_PASSPHRASE

      USER
    end
    assert_equal 2, asked
  end

  def test_many_and_garbage
    20.times do
      Libvirt.open_auth(@uri, TYPES) { |question| GC.start && answer(question) || answer(question) }.close
      refuse(ZeroDivisionError) { GC.compact && 1 / 0 }
    end
  end

  # The lock is free while libvirt waits, and taken where the block runs.
  def test_others_run_meanwhile
    ticks = 0
    ticker = Thread.new { loop { ticks += 1; sleep 0.001 } }
    Libvirt.open_auth(@uri, TYPES) do |question|
      sleep 0.05
      answer(question)
    end.close
    assert_operator ticks, :>, 20
  ensure
    ticker&.kill
  end

  # Interrupts that come while libvirt asks do not unwind it.
  def test_interrupted
    10.times do
      assert_raises(Timeout::Error) { Timeout.timeout(0.05) { Libvirt.open_auth(@uri, TYPES) { sleep } } }
    end
    thread = Thread.new { Libvirt.open_auth(@uri, TYPES) { Thread.stop } }
    Thread.pass until thread.stop?
    assert_same thread, thread.kill.join(10)
    reached = false
    thread = Thread.new do
      Libvirt.open_auth(@uri, TYPES) do |question|
        Thread.handle_interrupt(RuntimeError => :never) do
          Thread.current.raise("waiting")
          reached = true
        end
        answer(question)
      end
    end
    error = assert_raises(RuntimeError) { thread.tap { |one| one.report_on_exception = false }.value }
    assert_equal ["waiting", true], [error.message, reached]
    Libvirt.open_auth(@uri, TYPES) { |question| answer(question) }.close
  end

  # Libvirt's own way to ask: on the terminal.
  def test_without_a_block
    script = "p(begin; Libvirt.open_auth(ARGV[0]).type; rescue Libvirt::ConnectionError; $!.class; end)"
    output, = Open3.capture2e(RbConfig.ruby, "-I", $LOAD_PATH.grep(/build/).first || ".", "-rlibvirt",
                              "-e", script, @uri, stdin_data: "#{USER}\nwrong\n")
    assert_includes output, "Please enter your"
    assert_includes output, "Libvirt::ConnectionError"
  end

  def test_wrong_arguments
    assert_raises(TypeError) { Libvirt.open_auth(5) { nil } }
    assert_raises(TypeError) { Libvirt.open_auth(@uri, 5) { nil } }
    assert_raises(TypeError) { Libvirt.open_auth(@uri, ["2"]) { nil } }
    assert_raises(TypeError) { Libvirt.open_auth(@uri, [], nil, "0") { nil } }
    assert_raises(ArgumentError) { Libvirt.open_auth(@uri, [], nil, 0, 0) { nil } }
    assert_raises(ArgumentError) { Libvirt.open_auth("a\0b") { nil } }
  end

  def test_without_questions
    conn = Libvirt.open_auth(self.class.daemon.uri, TYPES) { flunk "nobody asks here" }
    assert_equal "QEMU", conn.type
    conn.close
    assert_equal "TEST", Libvirt.open_auth("test:///default", nil, nil, nil) {}.type
    assert_equal "TEST", Libvirt.open_auth("test:///default").type
  end
end
