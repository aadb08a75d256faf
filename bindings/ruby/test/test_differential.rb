# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The established binding and ours on the test driver.

require_relative "differential"

class DifferentialTest < Minitest::Test
  include Differential

  def test_same_calls_same_outcomes
    assert_alike "driver", 1400
  end
end
