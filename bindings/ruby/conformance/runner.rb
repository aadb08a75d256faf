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
  LEFT_OUT = Object.new
  ERROR_READERS = { "function" => :libvirt_function_name, "domain" => :libvirt_component }
                  .merge(%w[code level message str1 str2 str3 int1 int2]
                         .to_h { |field| [field, :"libvirt_#{field}"] }).freeze
  NUMBERS = %w[code domain level int1 int2].freeze
  private_constant :LEFT_OUT, :ERROR_READERS, :NUMBERS

  attr_reader :manifest, :values

  # `text_encoding` is what the binding's texts have, other than bytes.
  def initialize(manifest, text_encoding)
    @manifest = manifest
    @events = []
    @event_count = 0
    @handles = Handles.new(self)
    @callables = Callables.new(self)
    @values = Values.new(@handles, @callables, text_encoding)
    @event_types = manifest["constants"].values.select { |one| one.key?("callback") }
                                        .to_h { |one| [[one["enum"], one["value"]], one["callback"]] }
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
    return module_method(owner, facts) unless facts.key?("self")

    method = owner.instance_method(facts["name"])
    method.bind(receiver)
  rescue NameError => error
    raise Absent, error.message
  end

  # Notes a call of a callable: C's order, but opaque values last.
  def note(name, parameters, given)
    parameters = [{ "shape" => nil, "pattern" => "" }] * given.size if parameters.size != given.size
    both = parameters.zip(given).reject { |parameter, _value| parameter["shape"] == "null" }
    both = both.partition { |parameter, _value| parameter["pattern"] != "opaque" }.flatten(1)
    @events << { "callback" => name,
                 "arguments" => both.map { |parameter, value| @values.write(value, parameter["shape"]) } }
    @event_count += 1
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

  def module_method(owner, facts)
    owner.method(facts["name"])
  end

  # ---- calls ----

  # What the function answers, in canonical form.
  def call(name, arguments, surplus = [])
    facts = facts_of(name)
    given = facts["arguments"].map { |one| one["name"] }.zip(arguments).first(arguments.size).to_h
    given.reject! { |_name, value| value == { "$left-out" => true } }
    answer = invoke(name, facts, given, surplus)
    @values.write(answer, facts["result"])
  end

  def invoke(name, facts, given, surplus)
    positional, keywords, block = parameters(facts, given, surplus)
    begin
      receiver = receiver_of(facts, given)
      function = bound(name, receiver)
      return function.call(setter_value(positional), &block) if facts["name"].end_with?("=")

      keywords.empty? ? function.call(*positional, &block) : function.call(*positional, **keywords, &block)
    rescue Libvirt::Error, NoMemoryError, Absent
      raise
    rescue StandardError, SystemStackError, NotImplementedError => error
      raise error.respond_to?(:libvirt_code) ? Failure : WrongUse
    end
  end

  # A setter takes one value, or an array of all.
  def setter_value(positional)
    positional.size == 1 ? positional.first : positional
  end

  # The object whose method it is.
  def receiver_of(facts, given)
    return nil unless facts.key?("self")

    value = @values.read(given[facts["self"]])
    return value unless facts.key?("through")

    first = value.is_a?(Array) && !value.empty? ? value.first : value
    # Where it is not of the kind that it should be, the call is to say so.
    return bound(facts["through"], first).call if @handles.handle?(first) && there?(facts["through"]) &&
                                                  first.is_a?(owner_of(facts_of(facts["through"])))

    @handles.any_of(owner_of(facts))
  end

  # What is given by position, by name behind what is left out, and as block.
  def parameters(facts, given, surplus)
    positional = []
    keywords = {}
    block = nil
    by_name = false
    facts["parameters"].each do |parameter|
      value = parameter(facts, parameter, given)
      if parameter["block"]
        block = value unless value.equal?(LEFT_OUT)
        next
      end
      value = parameter["default"] if value.equal?(LEFT_OUT) && !surplus.empty? && parameter.key?("default")
      if value.equal?(LEFT_OUT) then by_name = true
      elsif by_name then keywords[parameter["name"].to_sym] = value
      else positional << value
      end
    end
    [positional + surplus.map { |value| @values.read(value) }, keywords, block]
  end

  def parameter(facts, parameter, given)
    names = Array(parameter["from"])
    there = names.select { |name| given.key?(name) }
    return LEFT_OUT if there.empty?

    value = given[there.first]
    case parameter["as"]
    when "opaque" then value
    when "length" then value.respond_to?(:size) ? value.size : 0
    when "member" then member(facts, parameter, value)
    when "records" then records(parameter, names.map { |name| @values.read(given[name]) })
    when "record" then record(parameter, names, given)
    when "zip" then zipped(names.map { |name| @values.read(given[name]) })
    else @values.read(value, parameter["shape"], callback_type(facts, names.first, given))
    end
  end

  # A member of a record; what is no such record is for the binding to refuse.
  def member(facts, parameter, value)
    of_record = facts["parameters"].select { |one| one["from"] == parameter["from"] }
    if value.is_a?(Hash) && of_record.any? { |one| value.key?(one["member"]) }
      return value.key?(parameter["member"]) ? @values.read(value[parameter["member"]], parameter["shape"]) : LEFT_OUT
    end

    parameter.equal?(of_record.first) && !value.nil? ? @values.read(value) : LEFT_OUT
  end

  def records(parameter, lists)
    return lists unless lists.all?(Array) && lists.map(&:size).uniq.size == 1

    lists.transpose.map { |one| parameter["keys"].zip(one).to_h }
  end

  def record(parameter, names, given)
    parameter["keys"].zip(names).select { |_key, name| given.key?(name) }
                     .to_h { |key, name| [key, @values.read(given[name])] }
  end

  # A map from one list to the other; what does not make one is for the binding to refuse.
  def zipped(lists)
    lists.all?(Array) && lists.map(&:size).uniq.size == 1 ? lists.first.zip(lists.last).to_h : lists
  end

  # The callback type that an event's id asks for; nil: the argument's own.
  def callback_type(facts, name, given)
    argument = facts["arguments"].find { |one| one["name"] == name }
    return nil unless argument["pattern"] == "callback"

    facts["arguments"].each do |other|
      type = @event_types[[other["kind"], given[other["name"]]]]
      return type if type
    end
    argument["kind"]
  end

  # ---- requests ----

  def do_hello(_request)
    { "language" => @manifest["language"], "runtime" => RUBY_VERSION,
      "libvirt" => call("virGetVersion", [])["libVer"] }
  end

  def do_call(request)
    { "answer" => call(request["function"], request.fetch("arguments", []), request.fetch("surplus", [])) }
  end

  def do_events(_request)
    events, @events = @events, []
    { "events" => events }
  end

  # Runs the default loop until so many callables were called, or the time is up.
  def do_dispatch(request)
    before = @event_count
    finish = Process.clock_gettime(Process::CLOCK_MONOTONIC) + request["seconds"]
    # Without it a turn of the loop might never end.
    timer = bound("virEventAddTimeout", nil).call((request["seconds"] * 1000).to_i, proc {}, nil)
    while @event_count - before < request["events"] && Process.clock_gettime(Process::CLOCK_MONOTONIC) < finish
      bound("virEventRunDefaultImpl", nil).call
    end
    { "events" => @event_count - before }
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
