# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# The surface of the established binding: every module, class, method and constant is there, takes as
# many arguments, and fails with the same class of exceptions. surface.tsv holds it as facts: of methods
# how many arguments are required, and how many more may be given.

require "json"

require_relative "support"

FACTS = File.readlines(File.join(__dir__, "surface.tsv"), chomp: true).drop(1)
            .map { |line| line.split("\t") }.group_by(&:first)
            .transform_values { |rows| rows.map { |row| row.drop(1) } }
FUNCTIONS, CONSTANTS = JSON.parse(File.read(File.join(BUILD, "manifest.json")))
                           .values_at("functions", "constants")

# Ours take more: flags, mostly of a younger function of libvirt's, where both are one method.
MORE = {
  "Libvirt::Connect#create_network_xml" => 1,
  "Libvirt::Connect#define_network_xml" => 1,
  "Libvirt::Connect#define_nwfilter_xml" => 1,
  "Libvirt::Domain#abort_job" => 1,
  "Libvirt::Domain#send_key" => 1,
  "Libvirt::Domain.restore" => 2, # XML, too
  "Libvirt::StorageVol#info" => 1
}.freeze

# Ours require it: libvirt refuses all calls without a disk.
REQUIRED = { "Libvirt::Domain#block_iotune" => 1 }.freeze

# [path, [required, optional]] of each method and function.
METHODS = [*FACTS["function"], *FACTS["method"]].map do |path, required, optional|
  must = REQUIRED.fetch(path, 0)
  [path, [required.to_i + must, optional.to_i - must + MORE.fetch(path, 0)]]
end.freeze

class Surface < Minitest::Test
  # The method at "Libvirt::Domain#create" or "Libvirt.open"; nil where there is none.
  def find(path)
    owner, separator, name = path.rpartition(/[#.]/)
    owner = Object.const_get(owner)
    separator == "#" ? owner.instance_method(name) : owner.method(name)
  rescue NameError
    nil
  end

  # What the manifest says of each name of each method; of those that are one, the one that takes most.
  def entries
    sorted = FUNCTIONS.values.sort_by { |function| function["parameters"].size }
    sorted.each_with_object({}) do |function, entries|
      separator = function["class"] ? "#" : "."
      [function["name"], *function["also"]].each do |name|
        entries["#{function['class'] || function['module']}#{separator}#{name}"] = function
      end
    end
  end

  def test_modules_and_classes
    FACTS["module"].each { |(path)| assert_instance_of Module, Object.const_get(path) }
    FACTS["class"].each do |path, superclass|
      assert_equal Object.const_get(superclass), Object.const_get(path).superclass, path
    end
  end

  def test_arity
    wrong = METHODS.reject do |path, (required, optional)|
      find(path)&.arity == (optional.zero? ? required : -1)
    end
    assert_empty(wrong.map { |path, counts| "#{path} #{counts}: #{find(path)&.arity.inspect}" })
  end

  def test_arguments_that_may_be_left_out
    known = entries
    told = METHODS.select { |path, _counts| known[path] && !path.end_with?("=") }
    wrong = told.reject do |path, counts|
      positional = known[path]["parameters"].reject { |one| one["block"] }
      counts == positional.partition { |one| !one.key?("default") }.map(&:size)
    end
    assert_empty wrong
    assert_operator told.size, :>, 280
  end

  def test_constants
    wrong = FACTS["constant"].reject do |path, value|
      Object.const_defined?(path) && Object.const_get(path).eql?(value.to_i)
    end
    assert_empty wrong
  end

  def test_constants_with_two_names
    assert_equal Libvirt::Domain::PAUSED_USER, Libvirt::Domain::DOMAIN_PAUSED_USER
    assert_equal Libvirt::Network::SECTION_IP, Libvirt::Network::NETWORK_SECTION_IP
    assert_equal Libvirt::StoragePool::XML_INACTIVE, Libvirt::StorageVol::XML_INACTIVE
    assert_equal Libvirt::Domain::DUMP_RESET, Libvirt::Domain::RESET
  end

  def test_every_constant_of_libvirt
    wrong = CONSTANTS.reject do |_name, constant|
      constant["left-out"] ||
        Object.const_get(constant["module"]).const_get(constant["name"], false) == constant["value"]
    end
    assert_empty wrong
  end

  def test_exceptions
    told = FUNCTIONS.to_h { |name, function| [function.fetch("reported-as", name), function["error"]] }
    told.update(FUNCTIONS.transform_values { |function| function["error"] })
    wrong = FACTS["error"].reject do |function, names|
      error = Object.const_get(told.fetch(function))
      names.split("|").any? { |name| error <= Libvirt.const_get(name) }
    end
    assert_empty wrong
  end

  def test_exceptions_tell_what_libvirt_said
    %i[libvirt_function_name libvirt_message libvirt_code libvirt_component libvirt_level].each do |name|
      assert_equal 0, Libvirt::Error.instance_method(name).arity
    end
  end
end

class ArgumentCounts < Minitest::Test
  MANY = Array.new(20, 0).freeze

  def setup
    @connection = Libvirt.open("test:///default")
    @domain = @connection.list_all_domains[0]
    @objects = [@connection, @domain, @connection.list_all_networks[0],
                @connection.list_all_storage_pools[0], @connection.list_all_nodedevices[0],
                @connection.list_all_interfaces[0]].to_h { |object| [object.class.name, object] }
  end

  def told_of(object, name)
    object.public_send(name, *MANY)
  rescue ArgumentError => error
    error.message
  end

  # What a method says of too many arguments tells how many it takes.
  def test_methods_say_how_many_arguments_they_take
    tried = METHODS.select do |path, _counts|
      owner, name = path.split("#")
      name && !name.end_with?("=") && @objects[owner] && !@objects[owner].method(name).source_location
    end
    wrong = tried.reject do |path, (required, optional)|
      owner, name = path.split("#")
      expected = optional.zero? ? required : "#{required}..#{required + optional}"
      told_of(@objects[owner], name) == "wrong number of arguments (given 20, expected #{expected})"
    end
    assert_empty wrong
    assert_operator tried.size, :>, 200
  end

  def test_setters_are_methods_as_well
    @domain.vcpus = 1
    assert_equal 1, @domain.num_vcpus(0)
    @domain.set_vcpus(2)
    assert_equal 2, @domain.num_vcpus(0)
    @domain.vcpus = [1, Libvirt::Domain::VCPU_LIVE]
    assert_equal 1, @domain.num_vcpus(0)
    @domain.set_vcpus(2, flags: Libvirt::Domain::VCPU_LIVE)
    assert_equal 2, @domain.num_vcpus(0)
    assert_raises(ArgumentError) { @domain.set_vcpus }
    assert_raises(TypeError) { @domain.set_vcpus([1, 0]) }
    assert_equal(-1, @domain.method(:set_vcpus).arity)
  end

  def test_setters_of_two_arguments
    assert_raises(TypeError) { @connection.keepalive = 5 }
    assert_raises(ArgumentError) { @connection.keepalive = [5] }
    assert_raises(ArgumentError) { @connection.keepalive = [5, 3, 1] }
    assert_equal 2, @connection.method(:set_keepalive).arity
  end

  def test_the_domain_of_a_snapshot
    snapshot = @domain.snapshot_create_xml("<domainsnapshot/>")
    assert_same @domain, snapshot.domain
    snapshot.free
    assert_raises(ArgumentError) { snapshot.domain }
  end
end
