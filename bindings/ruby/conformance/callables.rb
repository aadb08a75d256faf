# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# The callables that the conformance suite gives, which note how they were called.
class Callables
  # One of them.
  class Callback
    LEFT_OUT = Object.new

    attr_reader :name, :facts

    def initialize(runner, name, kind)
      @runner = runner
      @name = name
      @facts = runner.manifest["callbacks"].fetch(kind, { "parameters" => [] })
      @answers = [LEFT_OUT]
      @raises = false
    end

    def set(value)
      @answers = answers_of(value["returns"]) if value.key?("returns")
      @raises = value.fetch("raises", @raises)
      @invokes = value.fetch("invokes", @invokes)
    end

    # Notes a call, and gives the answer that was asked for, as canonical value.
    def call(*given)
      @runner.note(@name, @facts["parameters"], each_of(given))
      raise "#{@name} raises, as it was told to" if @raises

      invoke(given.last) if @invokes
      answer = @answers.size > 1 ? @answers.shift : @answers.first
      # One that says nothing took all.
      return given.first.bytesize if @facts["result"] == "consumed" && (answer.nil? || answer.equal?(LEFT_OUT))

      answer.equal?(LEFT_OUT) ? default(@facts["result"]) : @runner.values.read(answer, @facts["result"])
    end

    # The same callable is always the same object.
    def to_proc
      @to_proc ||= method(:call).to_proc
    end

    private

    # One after the other; where it is called for each of a list, its answer is one of a list.
    def answers_of(returns)
      return [returns] unless returns.is_a?(Array) && !returns.empty?

      @facts.key?("each") ? returns.flatten(1) + [nil] : returns.dup
    end

    # What C's is called with for one of its list.
    def each_of(given)
      each = @facts["each"]
      return given unless each

      [[given.first.except(each["opaque"], each["filled"])], given.first[each["opaque"]]]
    end

    # Calls what libvirt wants to be called, with the numbers to be told and what came with it.
    def invoke(opaque)
      name = @invokes.size > 1 ? :event_invoke_handle_callback : :event_invoke_timeout_callback
      Libvirt.public_send(name, *@invokes, opaque)
    end

    # What is returned where nothing is said: that there is no more, or that it worked.
    def default(shape)
      case shape
      when "integer" then 0
      when "bytes" then "".b
      when "counted" then [0, "".b]
      when Hash then @runner.values.read(shape["record"].transform_values { 0 }, shape)
      end
    end
  end

  def initialize(runner)
    @runner = runner
    @named = {}
  end

  def find(value, kind)
    callback = @named[[value["$callback"], kind]] ||= Callback.new(@runner, value["$callback"], kind)
    callback.set(value)
    callback.to_proc
  end

  def clear
    @named.clear
  end
end
