# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Error handlers, and the last error.

require_relative "support"

class ErrorHandlerTest < DriverTest
  KEYS = %w[code domain message level str1 str2 str3 int1 int2].freeze

  def setup
    super
    @seen = []
  end

  def teardown
    Libvirt.error_func = nil
    super
  end

  def fail_lookup(conn = @conn)
    assert_raises(Libvirt::RetrieveError) { conn.lookup_domain_by_name("none") }
  end

  def test_handler_of_all
    Libvirt.error_func = ->(*all) { @seen << all }, "opaque"
    error = fail_lookup
    (hash, opaque), = @seen
    assert_equal 1, @seen.size
    assert_equal KEYS, hash.keys
    assert_equal [42, 12, 2, "opaque"], [*hash.values_at("code", "domain", "level"), opaque]
    assert_equal error.libvirt_message, hash["message"]
    Libvirt.error_func = nil
    fail_lookup
    assert_equal 1, @seen.size
  end

  def test_handler_of_a_connection
    other = Libvirt.open(URI)
    @conn.error_func = ->(*all) { @seen << all }
    fail_lookup(other)
    assert_empty @seen
    fail_lookup
    assert_equal [42, nil], [@seen[0][0]["code"], @seen[0][1]]
    @conn.error_func = proc { @seen << 2 }
    fail_lookup
    assert_equal 2, @seen[1]
    @conn.error_func = nil
    fail_lookup
    assert_equal 2, @seen.size
    other.close
  end

  # The error that is raised stays this call's.
  def test_calls_within_a_handler
    Libvirt.error_func = lambda do |hash, _|
      @seen << [hash["code"], @conn.lookup_domain_by_name("test").name]
    end
    assert_equal 42, fail_lookup.libvirt_code
    assert_equal [[42, "test"]], @seen
  end

  def test_handler_that_raises
    Libvirt.error_func = ->(*) { raise IndexError, "mine" }
    assert_raises_message(IndexError, "mine") { @conn.lookup_domain_by_name("none") }
    Libvirt.error_func = ->(*) { throw :x, 5 }
    assert_equal 5, (catch(:x) { @conn.lookup_domain_by_name("none") })
    assert_equal "test", @conn.lookup_domain_by_name("test").name
  end

  def test_wrong_handlers
    assert_raises_message(TypeError, /\Ahandler: wrong argument type Integer/) { Libvirt.error_func = 5 }
    assert_raises(ArgumentError) { Libvirt.error_func = proc {}, 1, 2 }
    assert_raises(TypeError) { @conn.error_func = "text" }
    @conn.close
    assert_raises_message(ArgumentError, "Connect has been freed") { @conn.error_func = proc {} }
  end

  def test_connection_is_not_kept
    collected = 0
    20.times { leave_connection(->(*) { collected += 1 }) }
    clear_stack
    GC.start
    assert_operator collected, :>=, 15
  end

  def leave_connection(finalizer)
    conn = Libvirt.open(URI)
    conn.error_func = ->(*) { @seen << 1 }
    ObjectSpace.define_finalizer(conn, finalizer)
    assert_raises(Libvirt::RetrieveError) { conn.lookup_domain_by_name("none") }
  end

  def clear_stack(depth = 50)
    depth.zero? ? nil : clear_stack(depth - 1)
  end

  def test_stress
    @conn.error_func = ->(hash, _) { @seen << hash["message"] }
    GC.stress = true
    assert_raises(Libvirt::RetrieveError) { @conn.lookup_domain_by_name("none") }
    GC.stress = false
    assert_match(/\ADomain not found/, @seen[0])
  ensure
    GC.stress = false
  end

  # ---- the last error ----

  def test_last_error
    Libvirt.reset_last_error
    assert_nil Libvirt.last_error
    error = fail_lookup
    last = Libvirt.last_error
    assert_equal KEYS, last.keys
    assert_equal [42, error.libvirt_message], last.values_at("code", "message")
    assert_equal Encoding::UTF_8, last["message"].encoding
    assert_nil Thread.new { Libvirt.last_error }.value
  end

  def test_last_error_of_a_connection
    assert_equal 0, @conn.last_error["code"]
    fail_lookup
    assert_equal 42, @conn.last_error["code"]
    @conn.reset_last_error
    assert_equal 0, @conn.last_error["code"]
    @conn.close
    assert_raises(ArgumentError) { @conn.last_error }
  end

  def test_default_handler
    _, errors, status = run_program(<<~'RUBY')
      error = %w[code domain level int1 int2].to_h { |key| [key, 2] }
      error.update("message" => "mine", "str1" => nil, "str2" => nil, "str3" => nil)
      Libvirt.default_error_func(error)
      [nil, 5, {}, error.merge("code" => "x"), error.merge("message" => 5)].each do |wrong|
        Libvirt.default_error_func(wrong)
      rescue TypeError, ArgumentError
        next
      else
        warn "taken: #{wrong}"
      end
    RUBY
    assert_predicate status, :success?
    assert_match(/\Alibvirt: .*error : mine\n\z/, errors)
  end
end
