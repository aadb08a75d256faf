# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Remembers what became of each test, for the process that adds up.
class Recorder < Minitest::AbstractReporter
  attr_reader :result

  def initialize
    super
    @result = { passed: 0, failed: [], skipped: [] }
  end

  def record(test)
    name = "#{test.klass}##{test.name}"
    if test.passed?
      @result[:passed] += 1
    elsif test.skipped?
      @result[:skipped] << "#{name}: #{test.failure.message.tr("\n", " ")}"
    else
      @result[:failed] << name
    end
  end
end
