#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Plays the steps of the conformance suite in Ruby: runner.rb [--binary-text] MANIFEST. It reads requests
# from standard input and answers on file descriptor 3, as docs/conformance.md says. All that it knows of
# libvirt stands in the manifest, so that it runs with any binding that has the same classes; --binary-text
# for one whose texts say nothing of their encoding.

require "json"
require "libvirt"
require_relative "callables"
require_relative "values"

# Not in this libvirt, or not in this binding.
class Absent < StandardError; end

# The binding refused a call; `cause` is its exception.
class WrongUse < StandardError; end

# libvirt failed, and that is no Libvirt::Error; `cause` is the exception.
class Failure < StandardError; end

# The handles that were seen, by number.
class Handles
  def initialize(runner)
    @runner = runner
    @seen = {}
    @last = 0
  end

  def by_number(number)
    @seen.fetch(number)
  end

  # One of the kind of a class.
  def any_of(owner)
    @seen.values.find { |one| one.is_a?(owner) }
  end

  def kind_of(value)
    @kinds ||= @runner.manifest["handles"].to_h { |kind, facts| [facts["class"], kind] }
    @kinds[value.class.name]
  end

  def handle?(value)
    !kind_of(value).nil?
  end

  def write(value)
    kind = kind_of(value)
    { "$handle" => kind, "number" => number_of(value),
      "key" => key_of(value, @runner.manifest["handles"][kind]["key"]) }
  end

  def forget(numbers)
    numbers ? numbers.each { |number| @seen.delete(number) } : @seen.clear
  end

  private

  def number_of(value)
    found, = @seen.find { |_number, one| one.equal?(value) }
    return found if found

    @seen[@last += 1] = value
    @last
  end

  def key_of(value, function)
    function && @runner.values.write_text(@runner.bound(function, value).call)
  rescue Absent, Libvirt::Error
    nil
  end
end

# What requests ask for.
class Runner
  ERROR_READERS = { "function" => :libvirt_function_name, "domain" => :libvirt_component }
                  .merge(%w[code level message str1 str2 str3 int1 int2]
                         .to_h { |field| [field, :"libvirt_#{field}"] }).freeze
  NUMBERS = %w[code domain level int1 int2].freeze
  private_constant :ERROR_READERS, :NUMBERS

  attr_reader :manifest, :values, :callables

  # `text_encoding` is what the binding's texts have, other than bytes.
  def initialize(manifest, text_encoding)
    @manifest = manifest
    @handles = Handles.new(self)
    @callables = Callables.new(self)
    @values = Values.new(@handles, @callables, text_encoding)
  end

  def answer(request)
    send("do_#{request['do']}", request)
  rescue Failure => error
    { "error" => error_fields(error.cause) }
  rescue Libvirt::Error => error
    { "error" => error_fields(error) }
  rescue WrongUse => error
    { "wrong-use" => { "class" => error.cause.class.name, "message" => error.cause.message.scrub } }
  rescue Absent => error
    { "absent" => error.message }
  rescue NoMemoryError => error
    { "no-memory" => error.message }
  end

  # The function as a Method of its receiver, or of the module that has it.
  def bound(name, receiver)
    facts = facts_of(name)
    owner = owner_of(facts)
    return owner.method(facts["name"]) unless facts.key?("self")

    owner.instance_method(facts["name"]).bind(receiver)
  rescue NameError => error
    raise Absent, error.message
  end

  private

  # ---- where things are ----

  def facts_of(name)
    @manifest["functions"].fetch(name) { raise Absent, "the manifest has no #{name}" }
  end

  def owner_of(facts)
    Object.const_get(facts["class"] || facts["module"])
  rescue NameError => error
    raise Absent, error.message
  end

  # ---- calls ----

  # What the function answers, by its own types.
  def call(name, request)
    positional = @values.read(request.fetch("positional", []))
    keywords = @values.read(request.fetch("keywords", {})).transform_keys(&:to_sym)
    block = @values.read(request["block"])
    answer = invoke(name, @values.read(request["receiver"]), positional, keywords, block)
    @values.write(answer, files: request.fetch("files", false))
  end

  def invoke(name, receiver, positional, keywords, block)
    facts = facts_of(name)
    function = bound(name, facts.key?("through") ? receiver_through(facts, receiver) : receiver)
    # A setter takes one value, or an array of all.
    positional = [positional] if facts["name"].end_with?("=") && positional.size != 1
    function.call(*positional, **keywords, &block)
  rescue Libvirt::Error, NoMemoryError, Absent
    raise
  rescue StandardError, SystemStackError, NotImplementedError => error
    raise error.respond_to?(:libvirt_code) ? Failure : WrongUse
  end

  # The object whose method it is, which another function answers.
  def receiver_through(facts, value)
    first = value.is_a?(Array) && !value.empty? ? value.first : value
    # Where it is not of the kind that it should be, the call is to say so.
    return bound(facts["through"], first).call if @handles.handle?(first) && there?(facts["through"]) &&
                                                  first.is_a?(owner_of(facts_of(facts["through"])))

    @handles.any_of(owner_of(facts))
  end

  # ---- requests ----

  def do_hello(_request)
    { "language" => @manifest["language"], "runtime" => RUBY_VERSION,
      "libvirt" => call("virGetVersion", {}) }
  end

  def do_call(request)
    { "answer" => call(request["function"], request) }
  end

  def do_events(_request)
    { "events" => @callables.take_events }
  end

  # Runs the default loop until so many callables were called, or the time is up.
  def do_dispatch(request)
    before = @callables.count
    finish = Process.clock_gettime(Process::CLOCK_MONOTONIC) + request["seconds"]
    # Without it a turn of the loop might never end.
    timer = bound("virEventAddTimeout", nil).call((request["seconds"] * 1000).to_i, proc {}, nil)
    while @callables.count - before < request["events"] && Process.clock_gettime(Process::CLOCK_MONOTONIC) < finish
      bound("virEventRunDefaultImpl", nil).call
    end
    { "events" => @callables.count - before }
  ensure
    bound("virEventRemoveTimeout", nil).call(timer) if timer
  end

  def do_forget(request)
    @handles.forget(request["handles"])
    @callables.clear
    @values.close_files
    GC.start
    {}
  end

  def do_constants(_request)
    found = @manifest["constants"].reject { |_name, facts| facts.key?("left-out") }
                                  .select { |_name, facts| constant?(facts) }
    { "constants" => found.transform_values { |facts| @values.write(owner_of(facts).const_get(facts["name"])) } }
  end

  def constant?(facts)
    owner_of(facts).const_defined?(facts["name"], false)
  rescue Absent
    false
  end

  def do_functions(_request)
    { "functions" => @manifest["functions"].keys.select { |name| there?(name) } }
  end

  def there?(name)
    facts = facts_of(name)
    owner = owner_of(facts)
    facts.key?("self") ? owner.method_defined?(facts["name"]) : owner.respond_to?(facts["name"])
  rescue Absent
    false
  end

  # The fields of libvirt's error that the binding shows; those of none where it stored none.
  def error_fields(error)
    ERROR_READERS.select { |_field, reader| error.respond_to?(reader) }.to_h do |field, reader|
      value = error.public_send(reader)
      value = 0 if value.nil? && NUMBERS.include?(field)
      [field, @values.write(value)]
    end
  end
end

text_encoding = ARGV.delete("--binary-text") ? Encoding::BINARY : Encoding::UTF_8
runner = Runner.new(JSON.parse(File.read(ARGV.fetch(0))), text_encoding)
answers = IO.for_fd(3, "w")
$stdin.each_line do |line|
  answers.puts(JSON.generate(runner.answer(JSON.parse(line))))
  answers.flush
end
