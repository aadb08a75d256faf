# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

# The types in sig/: each method and constant that is there has them, each that they know is there, and
# methods take as many arguments as they say.

require "json"
require "pathname"

require_relative "support"

begin
  require "rbs"
rescue LoadError
  nil # a gem that comes with Ruby, unless it is packaged apart
end

class Signatures < BindingTest
  # What every object has, in the words of what is built in.
  COMMON = %i[== eql? hash inspect to_s initialize new].freeze
  # Tells about what is not in this libvirt.
  EXPLAINS = %i[method_missing].freeze

  def setup
    skip_with_sanitizers "what reads the types is not ours"
    skip "there is no rbs" unless defined?(RBS)
    loader = RBS::EnvironmentLoader.new
    loader.add(path: Pathname(File.join(BUILD, "sig")))
    @environment = RBS::Environment.from_loader(loader).resolve_type_names
    @builder = RBS::DefinitionBuilder.new(env: @environment)
  end

  def modules(from = Libvirt)
    inner = from.constants(false).map { |name| from.const_get(name) }
    [from] + inner.grep(Module).select { |one| one.name.start_with?("#{from.name}::") }.flat_map { |one| modules(one) }
  end

  # Both kinds of methods of a module: [those that are there, what they are there, those with types].
  def both(owner)
    name = RBS::TypeName.new(name: owner.name.split("::").last.to_sym,
                             namespace: RBS::Namespace.parse("::#{owner.name.rpartition('::').first}"))
    [[owner.public_instance_methods(false), ->(method) { owner.instance_method(method) }, @builder.build_instance(name)],
     [owner.singleton_methods(false), ->(method) { owner.method(method) }, @builder.build_singleton(name)]]
      .map { |there, find, definition| [name, there, find, typed(definition, name)] }
  end

  # What the running libvirt is too old for.
  def absent(owner)
    @absent ||= JSON.parse(File.read(File.join(BUILD, "manifest.json")))["functions"].values
                    .select { |one| one["since"] > Libvirt.version[0].version }
    @absent.select { |one| (one["class"] || one["module"]) == owner.name }
           .flat_map { |one| [one["name"], *one["also"], one["name"].sub(/\A(.*)=\z/, 'set_\1')].map(&:to_sym) }
  end

  def typed(definition, name)
    definition.methods.select { |_method, one| one.defined_in == name && one.public? }
  end

  # Everything is valid, and every type that is named is known.
  def test_valid
    @environment.class_decls.each_key do |name|
      next unless name.to_s.start_with?("::Libvirt")

      @builder.build_instance(name)
      @builder.build_singleton(name)
    end
  end

  def test_methods
    modules.each do |owner|
      both(owner).each do |name, there, _find, typed|
        assert_empty there - typed.keys - COMMON - EXPLAINS, "#{name}: without types"
        assert_empty typed.keys - there - COMMON - absent(owner), "#{name}: types of what is not there"
      end
    end
  end

  def arity_of(definition)
    functions = definition.method_types.map(&:type)
    required = functions.map { |one| one.required_positionals.size }.min
    optional = functions.any? { |one| one.optional_positionals.any? || one.rest_positionals || one.required_positionals.size != required }
    optional ? -required - 1 : required
  end

  def test_arguments
    modules.each do |owner|
      both(owner).each do |name, there, find, typed|
        (there & typed.keys - COMMON).each do |method|
          # Methods in C that have optional arguments take any number.
          arity = find.call(method).arity
          assert_equal arity, arity_of(typed[method]), "#{name} #{method}" unless arity == -1
        end
      end
    end
  end

  def test_constants
    there = modules.flat_map { |owner| owner.constants(false).map { |one| "::#{owner.name}::#{one}" } }
    known = @environment.constant_decls.keys.map(&:to_s) + @environment.class_decls.keys.map(&:to_s)
    assert_empty there - known
    assert_empty known.grep(/\A::Libvirt::/) - there
  end
end
