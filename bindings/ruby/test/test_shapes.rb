# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What methods take and give where that is not libvirt's arguments as they are: objects, hashes, and
# what is written by hand.

require_relative "support"
require "socket"

class ShapesTest < Minitest::Test
  def setup
    @conn = Libvirt.open("test:///default")
    @domain = @conn.lookup_domain_by_name("test")
  end

  def teardown
    @inactive&.undefine
    @conn.close
  end

  # The test driver's default node is one for all connections of a process.
  def inactive
    @inactive ||= begin
      name = "inactive-#{object_id}"
      xml = @domain.xml_desc.sub("<name>test<", "<name>#{name}<").sub(%r{<uuid>.*</uuid>}, "")
      @conn.define_domain_xml(xml)
    end
  end

  # The names of its readers, all of which have a value.
  def assert_object(path, readers, object)
    assert_equal path, object.class.name
    assert_equal readers.sort, object.class.instance_methods(false).sort
    readers.each { |reader| refute_nil object.public_send(reader), reader }
    assert_equal readers.size, object.instance_variables.size
  end

  # ---- objects ----

  def test_objects
    assert_object "Libvirt::Connect::Nodeinfo", %i[model memory cpus mhz nodes sockets cores threads],
                  @conn.node_info
    assert_equal [3_145_728, 16], [@conn.node_info.memory, @conn.node_info.cpus]
    assert_object "Libvirt::Connect::NodeSecurityModel", %i[model doi], @conn.node_security_model
    assert_object "Libvirt::Domain::Info", %i[state max_mem memory nr_virt_cpu cpu_time], @domain.info
    assert_equal [1, 8_388_608, 2_097_152, 2],
                 %i[state max_mem memory nr_virt_cpu].map { |name| @domain.info.public_send(name) }
    assert_object "Libvirt::Domain::ControlInfo", %i[state details stateTime], @domain.control_info
    assert_object "Libvirt::Domain::BlockInfo", %i[capacity allocation physical], @domain.blockinfo("vda")
    assert_object "Libvirt::Domain::BlockStats", %i[rd_req rd_bytes wr_req wr_bytes errs],
                  @domain.block_stats("vda")
    assert_object "Libvirt::Domain::SecurityLabel", %i[label enforcing], @domain.security_label
    assert_equal ["libvirt-test", 1], [@domain.security_label.label, @domain.security_label.enforcing]
    pool = @conn.list_all_storage_pools.first
    assert_object "Libvirt::StoragePoolInfo", %i[state capacity allocation available], pool.info
    volume = pool.create_volume_xml("<volume><name>v</name><capacity>5000</capacity></volume>")
    assert_object "Libvirt::StorageVolInfo", %i[type capacity allocation], volume.info
  end

  def test_no_interface
    assert_nil @domain.ifinfo(nil)
    assert_raises(Libvirt::RetrieveError) { @domain.ifinfo("nowhere") }
    assert_raises(TypeError) { @domain.ifinfo(5) }
    assert_raises(ArgumentError) { @domain.ifinfo }
    assert_equal 1, @domain.method(:ifinfo).arity
  end

  # Of all functions only this takes domains without a connection.
  def test_domains_of_statistics_belong_to_the_connection
    [@conn.domain_stats([@domain]), @conn.all_domain_stats].each do |records|
      found = records.map { |record| record["dom"] }
      assert_includes found, @domain
      found.each { |domain| assert_same @conn, domain.connection }
    end
    domain = @conn.domain_stats([@domain])[0]["dom"]
    @conn.close
    assert_raises(ArgumentError) { domain.name }
    @conn = Libvirt.open("test:///default")
  end

  def test_equality
    again = Libvirt.open("test:///default")
    objects = ->(conn) { [conn.list_all_domains, conn.list_all_networks, conn.list_all_storage_pools,
                          conn.list_all_nodedevices, conn.list_all_interfaces].flatten }
    objects.call(@conn).zip(objects.call(@conn), objects.call(again)) do |one, same, elsewhere|
      refute_same one, same
      assert_equal [true, true, one.hash], [one == same, one.eql?(same), same.hash], one.class
      assert_equal [false, false], [one == elsewhere, one.eql?(elsewhere)], one.class
      refute_equal one, one.name
    end
    assert_equal objects.call(@conn).size, objects.call(@conn).uniq.size
    again.close
  end

  def test_equality_of_what_belongs_to_others
    first, second = %w[first second].map { |name| @domain.snapshot_create_xml("<domainsnapshot><name>#{name}</name></domainsnapshot>") }
    refute_equal first, second
    assert_equal first, @conn.lookup_domain_by_name("test").lookup_snapshot_by_name("first")
    other = inactive.snapshot_create_xml("<domainsnapshot><name>first</name></domainsnapshot>")
    refute_equal first, other
    pool = @conn.list_all_storage_pools.first
    volume = pool.create_volume_xml("<volume><name>equal</name><capacity>1</capacity></volume>")
    assert_equal({ volume => 1 }[pool.lookup_volume_by_name("equal")], 1)
    refute_equal @conn.stream, @conn.stream
    [first, second, other, volume].each(&:delete)
    same = @conn.lookup_domain_by_name("test")
    same.free
    refute_equal @domain, same
    assert_equal same, same
  end

  def test_classes_without_a_call
    { "BlockJobInfo" => %i[type bandwidth cur end],
      "InterfaceInfo" => %i[rx_bytes rx_packets rx_errs rx_drop tx_bytes tx_packets tx_errs tx_drop],
      "JobInfo" => %i[type time_elapsed time_remaining data_total data_processed data_remaining mem_total
                      mem_processed mem_remaining file_total file_processed file_remaining] }.each do |name, readers|
      assert_equal readers.sort, Libvirt::Domain.const_get(name).instance_methods(false).sort
    end
    assert_nil Libvirt::Domain::JobInfo.new.type
  end

  def test_what_records_have
    info, same = Array.new(2) { @conn.node_get_info }
    assert_equal %i[model memory cpus mhz nodes sockets cores threads].sort, info.to_h.keys.sort
    assert_equal info.model, info.to_h[:model]
    assert_equal info, same
    assert_equal 1, [info, same].uniq.size
    refute_equal info, @domain.info
    refute_equal info, info.to_h
  end

  def test_memory_stats
    stats = @domain.memory_stats
    assert_object "Libvirt::Domain::MemoryStats", %i[tag value], stats.first
    by_tag = stats.to_h { |one| [one.tag, one.value] }
    assert_equal 2_097_152, by_tag[Libvirt::Domain::MemoryStats::ACTUAL_BALLOON]
    assert_operator stats.size, :>, 6
    assert_equal stats.size, by_tag.size
  end

  # ---- virtual CPUs ----

  def test_vcpus
    vcpus = @domain.vcpus
    assert_object "Libvirt::Domain::VCPUInfo", %i[number state cpu_time cpu cpumap], vcpus.first
    assert_equal [0, 1], vcpus.map(&:number)
    assert_equal [Libvirt::Domain::VCPUInfo::RUNNING] * 2, vcpus.map(&:state)
    @domain.pin_vcpu(0, [0, 2])
    assert_equal [true, false, true] + [false] * 5, @domain.get_vcpus[0].cpumap
    assert_equal [0, 1, 2], %i[OFFLINE RUNNING BLOCKED].map { |name| Libvirt::Domain::VCPUInfo.const_get(name) }
  end

  def test_vcpus_of_an_inactive_domain
    domain = inactive
    assert_equal [[0, 0, 0, -1, [true] * 8], [1, 0, 0, -1, [true] * 8]],
                 domain.vcpus.map { |one| [one.number, one.state, one.cpu_time, one.cpu, one.cpumap] }
    domain.undefine
    @inactive = nil
    error = assert_raises(Libvirt::RetrieveError) { domain.vcpus }
    assert_equal Libvirt::Error::ERR_NO_DOMAIN, error.libvirt_code
  end

  def test_emulator_pin_info
    assert_equal [true] * 8, @domain.emulator_pin_info
    @domain.pin_emulator([1])
    assert_equal [false, true] + [false] * 6, @domain.emulator_pin_info
  end

  # ---- hashes ----

  def test_cpu_stats
    assert_equal %w[cpu_time user_time system_time], @domain.cpu_stats["all"].keys
    assert_equal @domain.cpu_stats.keys, @domain.cpu_stats(-1, 1, 0).keys
    both = @domain.cpu_stats(0, 2)
    assert_equal [[0, 1], %w[cpu_time vcpu_time]], [both.keys, both[0].keys]
    refute_equal both[0], both[1]
    assert_equal both[1], @domain.cpu_stats(1)[1]
    assert_equal both, @domain.cpu_stats(0, 100)
    assert_raises(Libvirt::RetrieveError) { @domain.cpu_stats(-1, 2) }
    assert_raises(RangeError) { @domain.cpu_stats(0, -1) }
    assert_raises(Libvirt::RetrieveError) { inactive.cpu_stats }
  end

  def test_node_statistics
    assert_equal %w[user kernel idle iowait], @conn.node_cpu_stats.keys
    assert_equal @conn.node_cpu_stats.keys, @conn.node_cpu_stats(-1, 0).keys
    assert_equal({ "0" => true, "1" => false, "2" => true, "3" => false, "4" => true, "5" => false,
                   "6" => false, "7" => false }, @conn.node_cpu_map)
    assert_equal @conn.node_cpu_map, @conn.node_get_cpu_map(0)
    assert_raises(Libvirt::RetrieveError) { @conn.node_memory_stats }
    assert_equal [2_097_152, 4_194_304], @conn.node_cells_free_memory
    assert_equal [4_194_304], @conn.node_cells_free_memory(1)
    assert_equal [2_097_152], @conn.node_cells_free_memory(0, 1)
  end

  def test_free_pages
    assert_equal({ 4 => 19 }, @conn.node_free_pages([4], { "startCell" => 0, "cellCount" => 1 }))
    assert_equal({ 4 => 19, 2048 => 45 }, @conn.node_free_pages([4, 2048], { startCell: 0, cellCount: 1 }, 0))
    both = @conn.node_free_pages([4, 2048], { "startCell" => 0, "cellCount" => 2 })
    assert_equal [[4, 2048], [2, 2]], [both.keys, both.values.map(&:size)]
    assert_equal [19, 45], both.values.map(&:first)
    assert_equal 300, @conn.node_free_pages((1..300).to_a, { "startCell" => 0, "cellCount" => 1 }).size
  end

  def test_free_pages_wrongly
    assert_raises(TypeError) { @conn.node_free_pages(4, { "startCell" => 0, "cellCount" => 1 }) }
    assert_raises(TypeError) { @conn.node_free_pages([4], nil) }
    assert_raises(TypeError) { @conn.node_free_pages([4], { "startCell" => 0 }) }
    assert_raises(RangeError) { @conn.node_free_pages([4], { "startCell" => 0, "cellCount" => 2**32 }) }
    assert_raises(NoMemoryError) { @conn.node_free_pages([4], { "startCell" => 0, "cellCount" => 2**32 - 1 }) }
    assert_raises(ArgumentError) { @conn.node_free_pages([4]) }
    assert_raises(Libvirt::Error) { @conn.node_free_pages([], { "startCell" => 0, "cellCount" => 1 }) }
  end

  def test_alloc_pages
    error = assert_raises(Libvirt::Error) do
      @conn.node_alloc_pages([{ "size" => 4, "count" => 1 }], { "start" => 0, "count" => 1 })
    end
    assert_equal Libvirt::Error::ERR_NO_SUPPORT, error.libvirt_code
    assert_raises(Libvirt::Error) { @conn.node_alloc_pages([{ size: 4, count: 1 }]) }
    assert_raises(TypeError) { @conn.node_alloc_pages([{ "size" => 4 }], { "start" => 0, "count" => 1 }) }
    assert_raises(TypeError) { @conn.node_alloc_pages([5]) }
    assert_raises(TypeError) { @conn.node_alloc_pages(5) }
    assert_raises(TypeError) { @conn.node_alloc_pages([], 5) }
  end

  def test_time
    assert_equal %w[seconds nseconds], @domain.time.keys
    @domain.time = { "seconds" => 1, "nseconds" => 2 }
    @domain.time = [{ seconds: 1, nseconds: 2 }, 0]
    assert_raises(TypeError) { @domain.time = 5 }
    assert_raises(TypeError) { @domain.time = { "seconds" => 1 } }
    assert_raises(TypeError) { @domain.time = { "seconds" => "1", "nseconds" => 2 } }
    assert_raises(RangeError) { @domain.time = { "seconds" => 1, "nseconds" => -2 } }
    assert_raises(ArgumentError) { @domain.time = [{ "seconds" => 1, "nseconds" => 2 }, 0, 0] }
    assert_raises(Libvirt::Error) { inactive.time = { "seconds" => 1, "nseconds" => 2 } }
  end

  def test_other_hashes
    assert_equal({ "vda" => 1 }, @domain.disk_errors)
    assert_equal [{ "mountpoint" => "/", "name" => "vda1", "fstype" => "ext4", "aliases" => ["vda"] },
                  { "mountpoint" => "/boot", "name" => "vda2", "fstype" => "ext4", "aliases" => ["vda"] }],
                 @domain.fs_info
    assert_equal ["fair", 1], @domain.scheduler_type
    assert_equal 1, @domain.state[0]
  end

  # ---- arguments ----

  def test_version
    library, driver = Libvirt.version("Test")
    assert_equal [["libvirt", Integer], ["Test", Integer]], [library, driver].map { |one| [one.type, one.version.class] }
    assert_equal "#{library.major}.#{library.minor}.#{library.release}", library.to_s
    assert_equal library.version, Libvirt.version.first.version
    assert_nil Libvirt.version[1].type
    assert_raises(TypeError) { Libvirt.version(5) }
    assert_raises(ArgumentError) { Libvirt.version("a\0") }
  end

  def test_open_graphics
    ours, libvirts = UNIXSocket.pair
    [[libvirts], [libvirts.fileno, 0, 0], [ours, nil]].each do |arguments|
      error = assert_raises(Libvirt::Error) { @domain.open_graphics(*arguments) }
      assert_equal Libvirt::Error::ERR_NO_SUPPORT, error.libvirt_code
    end
    error = assert_raises(Libvirt::Error) { File.open(File::NULL) { |file| @domain.open_graphics(file) } }
    assert_includes error.message, "must be a socket"
    assert_raises(TypeError) { @domain.open_graphics("0") }
    assert_raises(TypeError) { @domain.open_graphics(nil) }
    assert_raises(IOError) { @domain.open_graphics(ours.tap(&:close)) }
  ensure
    libvirts&.close
  end

  def test_freezing
    assert_equal 2, @domain.fs_freeze
    assert_equal 2, @domain.fs_thaw
    assert_equal 1, @domain.fs_freeze(["/"])
    assert_equal 1, @domain.fs_thaw(nil, 0)
    assert_raises(TypeError) { @domain.fs_freeze("/") }
    assert_raises(Libvirt::RetrieveError) { @domain.fs_freeze(["/nowhere"]) }
  end

  def test_metadata
    @domain.metadata = [Libvirt::Domain::METADATA_TITLE, "söme title"]
    assert_equal "söme title", @domain.metadata(Libvirt::Domain::METADATA_TITLE)
    @domain.metadata = [Libvirt::Domain::METADATA_ELEMENT, "<a/>", "k", "urn:x", 0]
    assert_equal "<a/>", @domain.metadata(Libvirt::Domain::METADATA_ELEMENT, "urn:x").delete("\n")
    assert_raises(TypeError) { @domain.metadata = 5 }
    assert_raises(ArgumentError) { @domain.metadata = [1] }
    assert_raises(Libvirt::Error) { @domain.metadata(Libvirt::Domain::METADATA_DESCRIPTION) }
  end

  def test_setters_of_several_things
    @domain.user_password = ["user", "secret"]
    @domain.user_password = ["user", "secret", 0]
    assert_raises(TypeError) { @domain.user_password = "user" }
    [["vda"], ["vda", 5], ["vda", 5, 0], "vda"].each do |value|
      error = assert_raises(Libvirt::Error) { @domain.block_job_speed = value }
      assert_equal Libvirt::Error::ERR_NO_SUPPORT, error.libvirt_code
    end
    @domain.block_iotune = ["vda", { "total_bytes_sec" => 4096, "total_bytes_sec_max" => 8192 }]
    assert_equal 4096, @domain.block_iotune("vda")["total_bytes_sec"]
    assert_nil @domain.send_key(0, 0, [1, 2])
    assert_raises(TypeError) { @domain.send_key(0, 0, 1) }
    assert_raises(ArgumentError) { @domain.send_key(0, 0) }
    ["{}", ["{}", -2], ["{}", -2, 0]].each do |arguments|
      assert_raises(Libvirt::RetrieveError) { @domain.qemu_agent_command(*arguments) }
    end
    assert_raises(Libvirt::RetrieveError) { @conn.keepalive = [5, 3] }
    assert_raises(Libvirt::RetrieveError) { @conn.set_keepalive(5, 3) }
    assert_raises(ArgumentError) { @conn.keepalive = [5] }
  end

  def test_labels_are_given_as_objects
    assert_raises(Libvirt::RetrieveError) do
      Libvirt.lxc_enter_security_label(@conn.node_security_model, @domain.security_label)
    end
    assert_raises(TypeError) { Libvirt.lxc_enter_security_label(@domain.security_label, @domain.security_label) }
  end

  # ---- garbage ----

  def test_under_stress
    script = lambda do
      @domain.vcpus
      inactive.vcpus
      @domain.cpu_stats(0, 2)
      @conn.node_cpu_map
      @conn.node_free_pages([4], { "startCell" => 0, "cellCount" => 2 })
      @domain.time = { "seconds" => 1, "nseconds" => 2 }
      @domain.memory_stats
      Libvirt.version("Test")
      Libvirt.open_auth("test:///default", [1], :any) { nil }.close
    end
    begin
      GC.stress = true
      2.times { script.call }
    ensure
      GC.stress = false
    end
    GC.compact
    script.call
    assert_equal 2, @domain.vcpus.size
  end
end

# The test driver's pictures are streams.
class PictureStreamTest < Minitest::Test
  def setup
    @conn = Libvirt.open("test:///default")
    @stream = @conn.stream
    assert_equal "image/png", @conn.lookup_domain_by_name("test").screenshot(@stream, 0)
  end

  # Libvirt keeps what is not brought to an end.
  def teardown
    return if @conn.closed?

    begin
      @stream.abort
    rescue Libvirt::Error
      nil # it has ended
    end
    @conn.close
  end

  PNG = "\x89PNG".b

  def test_recv
    count, data = @stream.recv(4)
    assert_equal [4, PNG, Encoding::BINARY], [count, data, data.encoding]
  end

  def test_recvall
    size = 0
    assert_nil(@stream.recvall { |data| size += data.bytesize })
    assert_nil @stream.finish
    assert_operator size, :>, 1000
  end

  def test_under_stress
    GC.stress = true
    assert_equal PNG, @stream.recv(4)[1]
    assert_equal 3, @stream.recvall { break 3 }
  ensure
    GC.stress = false
  end

  def test_many
    pipes = Dir.children("/proc/self/fd").size
    500.times { @stream.recv(1) }
    assert_in_delta pipes, Dir.children("/proc/self/fd").size, 3
  end

  def test_closed
    @stream.abort
    @conn.close
    assert_raises(ArgumentError) { @stream.recv(1) }
    assert_raises(ArgumentError) { @stream.recvall { 0 } }
  end

  # Hides Object#send, as the established one does.
  def test_send
    assert_raises(TypeError) { @stream.send(:inspect) }
    assert_kind_of String, @stream.__send__(:inspect)
  end
end
