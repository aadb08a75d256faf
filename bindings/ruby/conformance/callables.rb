# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# The callables that the conformance suite gives, which note how they were called.
class Callables
  # One of them.
  class Callback
    def initialize(runner, name, type)
      @runner = runner
      @name = name
      @type = type
      @answers = []
      @facts = {}
    end

    def set(facts)
      @facts = @facts.merge(facts)
      @answers = facts["answers"].dup if facts.key?("answers")
    end

    # Notes a call, and gives the answer that was asked for.
    def call(*given)
      @runner.callables.note(@name, @type, given)
      raise "#{@name} raises, as it was told to" if @facts["raises"]

      invoke(given.last) if @facts["invokes"]
      answer = @answers.size > 1 ? @answers.shift : @answers.fetch(0) { @facts["otherwise"] }
      # One that says nothing took all.
      return given.first.bytesize if answer.nil? && takes_bytes?

      @runner.values.read(answer)
    end

    # The same callable is always the same object.
    def to_proc
      @to_proc ||= method(:call).to_proc
    end

    private

    def takes_bytes?
      @runner.manifest["callbacks"].dig(@type, "result") == "consumed"
    end

    # Calls what libvirt wants to be called, with the numbers to be told and what came with it.
    def invoke(opaque)
      numbers = @facts["invokes"]
      name = numbers.size > 1 ? :event_invoke_handle_callback : :event_invoke_timeout_callback
      Libvirt.public_send(name, *numbers, opaque)
    end
  end

  # How many calls were noted so far.
  attr_reader :count

  def initialize(runner)
    @runner = runner
    @named = {}
    @events = []
    @count = 0
  end

  # By name and type: the same ones are the same, until all are forgotten.
  def find(facts)
    key = facts.values_at("$callback", "type")
    callback = @named[key] ||= Callback.new(@runner, *key)
    callback.set(facts)
    callback.to_proc
  end

  def clear
    @named.clear
  end

  def note(name, type, given)
    @events << { "callback" => name, "type" => type, "arguments" => @runner.values.write(given) }
    @count += 1
  end

  def take_events
    events, @events = @events, []
    events
  end
end
