# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# The gems: each is installed into a folder of its own, and used from there.

require "fileutils"
require "rubygems"
require "tmpdir"

require_relative "support"

class Gems < BindingTest
  BUILDER = File.expand_path("../gem/build.rb", __dir__)
  VERSION = "0.0.1"

  def setup
    skip_with_sanitizers "gems are built without them"
    @folder = Dir.mktmpdir("libvirt-gems-")
    FileUtils.cp_r(BUILD, File.join(@folder, "ruby"))
    FileUtils.cp_r(File.join(File.dirname(BUILD), "common"), @folder)
    run_command(RbConfig.ruby, BUILDER, @folder, VERSION)
  end

  def teardown
    FileUtils.rm_rf(@folder) if @folder
  end

  def run_command(*command, environment: {})
    output, status = Open3.capture2e(environment, *command, chdir: @folder)
    assert_predicate status, :success?, "#{command.join(' ')}: #{output}"
    output
  end

  # Where the gem is installed.
  def install(file, *options)
    home = File.join(@folder, "home")
    run_command(RbConfig.ruby, "-S", "gem", "install", "--local", "--install-dir", home, *options,
                File.join(@folder, "dist", file))
    home
  end

  def use(home)
    run_command(RbConfig.ruby, "-e", <<~'RUBY', environment: { "GEM_PATH" => home, "RUBYLIB" => nil })
      gem "ruby-libvirt"
      require "libvirt"
      puts $LOADED_FEATURES.grep(/_libvirt\.so\z/), Libvirt.open("test:///default").list_all_domains.map(&:name)
    RUBY
  end

  def test_sources
    home = install("ruby-libvirt-#{VERSION}.gem", "--no-document")
    library, domain = use(home).lines(chomp: true)
    assert library.start_with?(home), library
    assert_equal "test", domain
  end

  def test_platform
    home = install("ruby-libvirt-#{VERSION}-#{Gem::Platform.local}.gem", "--document=ri")
    library, domain = use(home).lines(chomp: true)
    assert library.start_with?(home), library
    assert_equal "test", domain
    text = run_command(RbConfig.ruby, "-S", "ri", "--no-pager", "--format=markdown", "--no-standard-docs",
                       "--doc-dir", Dir[File.join(home, "doc/*/ri")].first, "Libvirt::Domain#migrate3")
    assert_match(/migrate3\(dconn, params = nil, flags = 0\)/, text)
    assert_match(/In C: virDomainMigrate3\. Since libvirt 1\.1\.0\./, text)
  end
end
