#!/usr/bin/env ruby
# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# Makes the gems: build.rb BUILD VERSION. BUILD/ruby-libvirt-VERSION.gem holds the emitted C, to be compiled
# where it is installed; the other one is compiled for this platform and this version of Ruby.

require "fileutils"
require "rubygems/package"

TOP = File.expand_path("../../..", __dir__)

# A folder in which a gem is put together.
class Stage
  def initialize(folder)
    @folder = folder
    FileUtils.rm_rf(folder)
  end

  def add(path, source)
    target = File.join(@folder, path)
    FileUtils.mkdir_p(File.dirname(target))
    FileUtils.cp(source, target)
  end

  def write(path, text)
    FileUtils.mkdir_p(File.dirname(File.join(@folder, path)))
    File.write(File.join(@folder, path), text)
  end

  def package(specification)
    Dir.chdir(@folder) do
      specification.files = Dir.glob("**/*").select { |path| File.file?(path) }.sort
      Gem::Package.build(specification)
    end
  end
end

def specification(version)
  Gem::Specification.new do |spec|
    spec.name = "ruby-libvirt"
    spec.version = version
    spec.summary = "Ruby's binding of libvirt, complete"
    spec.description = "Manages virtual machines, networks and storage through libvirt. All of libvirt's functions " \
                       "and constants, under the names that Ruby's programs know, released with libvirt."
    spec.authors = ["The libvirt-bindings developers"]
    spec.license = "LGPL-2.1-or-later"
    spec.homepage = "https://libvirt.org"
    spec.required_ruby_version = ">= 3.1"
    spec.require_paths = ["lib"]
    spec.extra_rdoc_files = ["README.md", "documentation.rb"]
    spec.rdoc_options = ["--main", "README.md", "--exclude", "ext/"]
  end
end

# What both gems have.
def add_common(stage, build)
  library = File.join(TOP, "bindings/ruby/lib")
  Dir.glob("**/*.rb", base: library).each { |path| stage.add("lib/#{path}", File.join(library, path)) }
  stage.add("documentation.rb", File.join(build, "ruby/documentation.rb"))
  stage.add("README.md", File.join(TOP, "bindings/ruby/README.md"))
  stage.add("COPYING.LESSER", File.join(TOP, "COPYING.LESSER"))
  Dir.glob(File.join(build, "ruby/sig/*.rbs")).each { |path| stage.add("sig/#{File.basename(path)}", path) }
  Dir.glob(File.join(TOP, "bindings/ruby/examples/*.rb")).each do |path|
    stage.add("examples/#{File.basename(path)}", path)
  end
end

# The sources of the extension, by the folder that they stand in.
def sources(build)
  {
    "ruby" => Dir.glob(File.join(TOP, "bindings/ruby/*.[ch]")).reject { |path| File.basename(path).start_with?("emit") },
    "ruby/overrides" => Dir.glob(File.join(TOP, "bindings/ruby/overrides/*.[ch]")),
    "common" => Dir.glob(File.join(TOP, "bindings/common/*.[ch]")),
    "generated" => Dir.glob(File.join(build, "ruby/generated/*.[ch]")) + Dir.glob(File.join(build, "common/*.[ch]"))
  }
end

# mkmf puts all objects into one folder.
def check_names(sources)
  names = sources.values.flatten.grep(/\.c\z/).map { |path| File.basename(path) }
  twice = names.tally.select { |_name, count| count > 1 }.keys
  abort "two sources have one name: #{twice.join(', ')}" unless twice.empty?
end

def build_source_gem(build, version)
  stage = Stage.new(File.join(build, "ruby/gem/source"))
  add_common(stage, build)
  check_names(sources(build))
  sources(build).each do |folder, paths|
    paths.each { |path| stage.add("ext/libvirt/#{folder}/#{File.basename(path)}", path) }
  end
  stage.add("ext/libvirt/extconf.rb", File.join(__dir__, "extconf.rb"))
  stage.write("ext/libvirt/version", version)
  spec = specification(version)
  spec.extensions = ["ext/libvirt/extconf.rb"]
  File.join(build, "ruby/gem/source", stage.package(spec))
end

def build_platform_gem(build, version)
  stage = Stage.new(File.join(build, "ruby/gem/platform"))
  add_common(stage, build)
  stage.add("lib/_libvirt.so", File.join(build, "ruby/_libvirt.so"))
  spec = specification(version)
  spec.platform = Gem::Platform.local
  spec.required_ruby_version = "~> #{RUBY_VERSION[/\A\d+\.\d+/]}.0"
  File.join(build, "ruby/gem/platform", stage.package(spec))
end

build = File.expand_path(ARGV.fetch(0))
version = ARGV.fetch(1)
[build_source_gem(build, version), build_platform_gem(build, version)].each do |gem|
  FileUtils.mkdir_p(File.join(build, "dist"))
  FileUtils.mv(gem, File.join(build, "dist"))
  puts File.join(build, "dist", File.basename(gem))
end
