# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

require "open3"
require "tmpdir"

# Programs with the library of the sanitizers loaded before all others; nil for a library: plain ones.
class Sanitizer
  PROGRAM = File.expand_path("../../../tests/sanitizers.py", __dir__)
  MODULE = "_libvirt.so"

  def initialize(library)
    @library = library
  end

  # Yields the environment of a program: [what that answers, what was reported].
  def watch
    return [yield({}), ""] unless @library

    Dir.mktmpdir("sanitizer-") do |reports|
      [yield(environment(reports)), ask("findings", reports, MODULE).first]
    end
  end

  private

  def environment(reports)
    text, status = ask("environment", @library, reports)
    raise text unless status.success?

    text.lines(chomp: true).to_h { |line| line.split("=", 2) }
        .merge("TEST_SANITIZED" => "1", "RUBYOPT" => "-r#{__dir__}/leaks")
  end

  def ask(*arguments)
    text, status = Open3.capture2e("python3", PROGRAM, *arguments)
    [text.strip, status]
  end
end
