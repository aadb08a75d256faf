# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Closing connections.

require_relative "support"

class CloseTest < BindingTest
  def setup
    @conn = Libvirt.open("test:///default")
  end

  def test_close
    refute_predicate @conn, :closed?
    assert_nil @conn.close
    assert_nil @conn.close
    assert_nil @conn.free
    assert_predicate @conn, :closed?
    assert_raises_message(ArgumentError, "Connect has been freed") { @conn.hostname }
  end

  def test_behind_a_block
    %i[open open_read_only].each do |name|
      kept = nil
      assert_equal(3, Libvirt.public_send(name, "test:///default") { |connection| (kept = connection).hostname && 3 })
      assert_predicate kept, :closed?
      assert_raises(IOError) { Libvirt.public_send(name, "test:///default") { |one| (kept = one) && raise(IOError) } }
      assert_predicate kept, :closed?
      assert_nil(Libvirt.public_send(name, "test:///default", &:close))
    end
    assert_raises(Libvirt::ConnectionError) { Libvirt.open("nowhere:///") { flunk "there is none" } }
    assert_raises_message(ArgumentError, /wrong number of arguments/) { Libvirt.open("test:///default", 1) { nil } }
  end

  def test_children_of_a_closed_one
    domain = @conn.lookup_domain_by_name("test")
    @conn.close
    assert_raises_message(ArgumentError, "Connect has been freed") { domain.name }
    assert_nil domain.free
    assert_nil domain.free
    assert_raises_message(ArgumentError, "Domain has been freed") { domain.name }
  end

  def test_close_callback
    assert_nil @conn.register_close_callback(proc {}, "opaque")
    assert_nil @conn.unregister_close_callback
    assert_raises(TypeError) { @conn.register_close_callback(5) }
    @conn.register_close_callback(proc {})
    @conn.close
    assert_raises(ArgumentError) { @conn.register_close_callback(proc {}) }
    assert_raises(ArgumentError) { @conn.unregister_close_callback }
  end

  # A call that is in flight keeps what it works on.
  def test_close_during_calls
    threads = Array.new(4) do
      Thread.new do
        200.times { @conn.list_all_domains.each(&:info) }
        :done
      rescue ArgumentError => e
        e.message
      end
    end
    sleep 0.005
    @conn.close
    threads.each { |thread| assert_includes [:done, "Connect has been freed"], thread.value }
  end

  def test_many
    200.times do
      conn = Libvirt.open("test:///default")
      conn.lookup_domain_by_name("test")
      conn.close
    end
    GC.start
    assert_equal "test", @conn.lookup_domain_by_name("test").name
  end
end
