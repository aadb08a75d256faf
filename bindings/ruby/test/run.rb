# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs the tests of the Ruby binding: run.rb [--build DIR] [--sanitizer LIBRARY] [--summary FILE] [NAME...]
#
# Each file runs in a process of its own, since an event loop is registered once in a process; all
# share one private daemon, one after the other. NAME is a part of a file's name or of Class#test. Where the extension was
# built with sanitizers, --sanitizer names their library: it is put into LD_PRELOAD of the processes
# that run tests, and what it reports counts as a failure, of leaks those that come from our code.

require "json"
require "optparse"
require "rbconfig"
require "tempfile"

require_relative "sanitizer"

HERE = __dir__
TOP = File.expand_path("../../..", HERE)
FILE_SECONDS = 300
SANITIZED_FILE_SECONDS = 900

# ---- one file, in this process ----

def selected_tests(file, names)
  return nil if names.empty? || names.any? { |name| File.basename(file, ".rb").include?(name) }

  Regexp.union(names)
end

def run_file(file, names, report)
  require "minitest"
  require_relative "recorder"
  require File.join(HERE, file)
  recorder = Recorder.new
  reporter = Minitest::CompositeReporter.new(Minitest::SummaryReporter.new, recorder)
  pattern = selected_tests(file, names)
  Minitest.seed = 0
  reporter.start
  Minitest.__run(reporter, { filter: pattern || /./, io: $stdout })
  reporter.reporters.first.report
  Minitest.class_variable_get(:@@after_run).reverse_each(&:call)
  File.write(report, JSON.generate(recorder.result))
end

# ---- all files ----

# The daemon that the files share, and what the environment then says of it.
class SharedDaemon
  attr_reader :environment

  def initialize(needed)
    @environment = {}
    start if needed
  end

  def start
    program = File.join(TOP, "tests", "daemon", "private_daemon.py")
    @pipe = IO.popen(["python3", program, "run", "--", "sh", "-c",
                      "env | grep ^LIBVIRT_; echo; read end", { err: %i[child out] }], "r+")
    text = @pipe.gets("\n\n").to_s
    @environment = text.scan(/^(LIBVIRT_\w+)=(.*)$/).to_h
    @environment = { "LIBVIRT_TEST_UNAVAILABLE" => text.strip } unless @environment["LIBVIRT_TEST_URI"]
  end

  # What it wrote, where it had ended before.
  def stop
    return "" unless @pipe

    @pipe.close_write
    @pipe.read.tap { @pipe.close }
  end
end

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

def wait_for(pid, seconds)
  deadline = now + seconds
  until now > deadline
    return $? if Process.wait(pid, Process::WNOHANG)

    sleep 0.02
  end
  Process.kill(:KILL, -pid)
  Process.wait(pid)
  $?
end

def start_file(file, options, environment)
  Tempfile.create("report") do |report|
    Tempfile.create("output") do |output|
      command = [RbConfig.ruby, "-W1", "-I", options[:build], __FILE__, "--file", file,
                 "--report", report.path, *options[:names]]
      started = now
      status, found = Sanitizer.new(options[:sanitizer]).watch do |sanitized|
        pid = spawn(environment.merge(sanitized), *command, in: File::NULL, %i[out err] => output.path,
                    pgroup: true)
        wait_for(pid, options[:sanitizer] ? SANITIZED_FILE_SECONDS : FILE_SECONDS)
      end
      text = File.read(report.path)
      result = text.empty? ? { "passed" => 0, "failed" => [], "skipped" => [] } : JSON.parse(text)
      # Other ways to fail: a crash, a hang.
      if result["failed"].empty? && !status.success?
        result["failed"] << "#{file} (ended with #{status.to_s.sub(/pid \d+ /, "")})"
      end
      result["failed"] << "#{file} (a sanitizer's report, above)" unless found.empty?
      result["seconds"] = now - started
      [result, "#{File.read(output.path)}#{found}"]
    end
  end
end

# Which tests are inside is known only to the process that runs a file, so a name that is no file's
# keeps them all.
def file_names(names)
  files = Dir.children(HERE).grep(/\Atest_.*\.rb\z/).sort
  named = names.map { |name| files.select { |file| file.delete_suffix(".rb").include?(name) } }
  named.empty? || named.any?(&:empty?) ? files : named.flatten.uniq
end

def show(file, result, output)
  puts "#{file}: #{result["passed"]} passed, #{result["failed"].size} failed, " \
       "#{result["skipped"].size} skipped, #{result["seconds"].round(1)} s"
  # What a crash of Ruby's prints is long.
  puts output.lines.first(200) unless result["failed"].empty?
  $stdout.flush
end

def run_all(options)
  files = file_names(options[:names])
  daemon = SharedDaemon.new(files.any? { |file| file.start_with?("test_daemon") })
  totals = { "passed" => 0, "failed" => [], "skipped" => [] }
  begin
    files.each do |file|
      result, output = start_file(file, options, daemon.environment)
      show(file, result, output)
      totals.each_key { |key| totals[key] += result[key] }
    end
  ensure
    print daemon.stop
  end
  conclude(totals, options[:summary])
end

def conclude(totals, summary)
  totals["skipped"].each { |text| puts "skipped: #{text}" }
  totals["failed"].each { |text| puts "FAILED: #{text}" }
  closing = "#{totals["passed"]} passed, #{totals["failed"].size} failed, " \
            "#{totals["skipped"].size} skipped"
  puts closing
  File.write(summary, "#{closing}\n") if summary
  totals["failed"].empty? && totals["passed"].positive?
end

options = { build: File.join(TOP, "build", "ruby") }
OptionParser.new do |parser|
  parser.banner = "Usage: run.rb [OPTIONS] [NAME...]"
  parser.on("--build DIR", "where the library under test is") { |value| options[:build] = value }
  parser.on("--sanitizer FILE", "the library of the sanitizers") { |value| options[:sanitizer] = value }
  parser.on("--summary FILE", "where to put the closing line as well") { |value| options[:summary] = value }
  parser.on("--file FILE", "runs this one, in this process") { |value| options[:file] = value }
  parser.on("--report FILE", "and writes what became of it") { |value| options[:report] = value }
end.parse!
options[:names] = ARGV
options[:build] = File.expand_path(options[:build])

# What a shell starts in the background has it ignored, and so would all that is started here.
trap("INT", "DEFAULT")
if options[:file]
  run_file(options[:file], options[:names], options[:report])
else
  exit run_all(options)
end
