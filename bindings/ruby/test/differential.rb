# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Runs a walk in Debian's ruby-libvirt and in ours, each in a process of its own, and compares: they
# answer alike, and raise alike. What is decided otherwise stands in differences.tsv, with the reason.

require "json"
require "open3"
require "rbconfig"
require "tmpdir"

require_relative "support"

# For tests.
module Differential
  # The version that differences.tsv speaks of.
  VERSION = "0.7.1"
  SECONDS = 120

  # A line of differences.tsv.
  Difference = Struct.new(:walk, :calls, :ours, :reason) do
    def pattern
      @pattern ||= /\A#{calls.split('*', -1).map { |part| Regexp.escape(part) }.join('.*')}\z/m
    end

    def explains?(call, got)
      pattern.match?(call) && JSON.generate(got).include?(ours)
    end
  end

  # Theirs is not watched by sanitizers.
  def environment(sanitized: false)
    { "RUBYLIB" => nil, **(sanitized ? {} : { "RUBYOPT" => nil, "LD_PRELOAD" => nil }) }
  end

  # What it wrote, a Hash from calls to outcomes, and how it ended.
  def walk(name, options, arguments, sanitized: false)
    command = ["timeout", SECONDS.to_s, RbConfig.ruby, *options, File.join(__dir__, "walk_#{name}.rb"), *arguments]
    output, complaints, status = Dir.mktmpdir do |folder|
      Open3.capture3(environment(sanitized: sanitized), *command, chdir: folder)
    end
    [output.lines.to_h { |line| JSON.parse(line).then { |told| [told.delete("call"), told] } }, complaints, status]
  end

  def installed_version
    output, status = Open3.capture2e(environment, RbConfig.ruby, "-e", <<~RUBY)
      require "libvirt"
      print Gem::Specification.find_by_name("ruby-libvirt").version
    RUBY
    status.success? ? output : nil
  end

  def differences(walk)
    File.readlines(File.join(__dir__, "differences.tsv"), chomp: true).drop(1)
        .map { |line| Difference.new(*line.split("\t")) }.select { |one| one.walk == walk }
  end

  # Ours name the argument, so that texts about wrong ones differ. How many there are is told alike, but
  # ours may go on to say which is missing; and so is what has been freed.
  def same_refusal?(wanted, got)
    return false unless %w[ArgumentError RangeError TypeError].include?(wanted["raised"])
    return false if wanted["raised"] != got["raised"]

    wanted["message"].match?(/freed|wrong number/) ? got["message"].start_with?(wanted["message"]) : true
  end

  def same?(wanted, got)
    wanted == got || same_refusal?(wanted, got)
  end

  def skip_unless_installed
    version = installed_version
    skip "Debian's ruby-libvirt is not installed" unless version
    skip "the differences are those of ruby-libvirt #{VERSION}, this is #{version}" if version != VERSION
  end

  # Theirs may end with 1 when all was done: what it frees at the end, fails.
  def both(name, arguments)
    theirs, = walk(name, [], arguments)
    ours, complaints, status = walk(name, ["-W", "-I", BUILD], arguments, sanitized: ENV.key?("TEST_SANITIZED"))
    assert status.success?, complaints
    assert_empty complaints
    assert_equal theirs.keys, ours.keys
    [theirs, ours]
  end

  # A walk of at least so many calls.
  def assert_alike(name, calls, *arguments)
    skip_unless_installed
    theirs, ours = both(name, arguments)
    assert_operator theirs.size, :>=, calls
    known = differences(name)
    used = []
    unknown = theirs.reject do |call, wanted|
      reason = known.find { |difference| difference.explains?(call, ours[call]) }
      differs = !same?(wanted, ours[call])
      used << reason if differs && reason
      !differs || reason
    end
    assert_empty(unknown.map { |call, wanted| "#{call}\n  theirs #{wanted}\n  ours   #{ours[call]}" })
    assert_empty((known - used).map(&:to_a), "not needed")
  end
end
