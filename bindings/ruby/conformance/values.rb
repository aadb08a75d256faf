# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

require "tempfile"

# JSON's values, with the marks of docs/conformance.md, to Ruby's and back by their own types.
class Values
  INTEGERS = (-(1 << 63)..(1 << 64) - 1).freeze
  DOUBLES = { "nan" => Float::NAN, "inf" => Float::INFINITY, "-inf" => -Float::INFINITY }.freeze

  # `text_encoding` is what the binding's texts have, other than bytes; a binary one does not tell them
  # from bytes.
  def initialize(handles, callables, text_encoding)
    @handles = handles
    @callables = callables
    @binary_text = text_encoding == Encoding::BINARY
    @files = []
  end

  # ---- JSON to Ruby ----

  def read(value)
    case value
    when Array then value.map { |one| read(one) }
    when Hash then read_map(value)
    else value
    end
  end

  def close_files
    @files.each(&:close!).clear
  end

  # ---- Ruby to JSON ----

  # With `files` the integers in it are file descriptors.
  def write(value, files: false)
    case value
    when nil, true, false then value
    when Integer then write_integer(value, files)
    when String then write_string(value)
    when Symbol then write_text(value.to_s)
    when Array then value.map { |one| write(one, files: files) }
    when Hash then write_map(value, files)
    when Float then value.finite? ? value : { "$double" => value.to_s.downcase.sub("infinity", "inf") }
    else @handles.handle?(value) ? @handles.write(value) : write_object(value)
    end
  end

  def write_text(text)
    text = text.dup.force_encoding(Encoding::UTF_8)
    text.valid_encoding? ? text : { "$text" => text.unpack1("H*") }
  end

  private

  def read_map(value)
    mark, content = value.find { |key, _content| key.start_with?("$") }
    case mark
    when nil then value.transform_values { |one| read(one) }
    when "$callback" then @callables.find(value)
    when "$file" then open_file(content)
    when "$handle" then @handles.by_number(content)
    when "$bytes" then [content].pack("H*")
    when "$text" then [content].pack("H*").force_encoding(Encoding::UTF_8)
    when "$integer" then Integer(content)
    when "$double" then DOUBLES.fetch(content)
    when "$cpu-map" then content.each_index.select { |cpu| content[cpu] }
    when "$map" then read(content).to_h
    end
  end

  # A temporary file with this text, open until all is forgotten.
  def open_file(text)
    file = Tempfile.new
    file.write(text)
    file.rewind
    @files << file
    file.fileno
  end

  def write_integer(value, file)
    if file
      IO.for_fd(value).close
      return { "$file" => nil }
    end
    INTEGERS.cover?(value) ? value : { "$integer" => value.to_s }
  end

  def write_string(value)
    bytes = { "$bytes" => value.unpack1("H*") }
    return write_text(value) unless value.encoding == Encoding::BINARY

    @binary_text ? { "$either" => [write_text(value), bytes] } : bytes
  end

  def write_map(value, files)
    pairs = value.map { |name, one| [write_text(name.to_s), write(one, files: files)] }
    pairs.all? { |name, _one| name.is_a?(String) } ? pairs.to_h : { "$map" => pairs }
  end

  # An object of the binding's own is a record, by its readers.
  def write_object(value)
    type = value.class
    names = type.name&.start_with?("Libvirt::") ? type.public_instance_methods(false) : []
    names = names.select { |name| value.method(name).arity.zero? }
    { "$object" => type.name, "readers" => names.to_h { |name| [name, write(value.public_send(name))] } }
  end
end
