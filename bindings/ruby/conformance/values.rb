# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

require "tempfile"

# Canonical values (docs/conformance.md) to Ruby's and back, by the shapes of the manifest.
class Values
  # A value that does not have the shape that the manifest says: it is shown as it is.
  class Mismatch < StandardError; end

  MARKS = %w[$handle $bytes $text $integer $double $file $callback].freeze
  PARTS = %w[list map record records tagged scaled merged found zeroed reader transposed indexed zipped
             returned-failure].freeze
  INTEGERS = (-(1 << 63)..(1 << 64) - 1).freeze

  def initialize(handles, callables, text_encoding)
    @handles = handles
    @callables = callables
    @text_encoding = text_encoding
    @files = []
  end

  # ---- canonical to Ruby ----

  # The Ruby value; `callback` is the callback type where it is not the shape's.
  def read(value, shape = nil, callback = nil)
    return value if (value.nil? && shape != "counted") || shape == "opaque"
    return [data_of(value).bytesize, data_of(value)] if shape == "counted"
    return read_marked(value, shape, callback) if value.is_a?(Hash) && value.keys.intersect?(MARKS)
    return value.each_index.select { |cpu| value[cpu] } if shape == "cpu-map" && booleans?(value)
    return value == 1 if shape == "boolean" && [0, 1].include?(value)
    return read_shaped(value, shape) if shape.is_a?(Hash)

    case value
    when Array then value.map { |one| read(one) }
    when Hash then value.transform_values { |one| read(one) }
    else value
    end
  end

  def close_files
    @files.each(&:close!).clear
  end

  # ---- Ruby to canonical ----

  def write(value, shape = nil)
    return nil if shape == "null" || (value.nil? && !stands_for_nil?(shape))
    return value if shape == "opaque"

    write_shaped(value, shape)
  rescue Mismatch, NoMethodError, KeyError, TypeError
    write_plain(value)
  end

  def write_text(text)
    text = text.dup.force_encoding(Encoding::UTF_8)
    text.valid_encoding? ? text : { "$text" => text.unpack1("H*") }
  end

  private

  # Bytes, none where there are none.
  def data_of(value)
    value.is_a?(Hash) && value.key?("$bytes") ? [value["$bytes"]].pack("H*") : "".b
  end

  def booleans?(value)
    value.is_a?(Array) && value.all? { |one| [true, false].include?(one) }
  end

  # A value of one of the kinds that JSON does not have.
  def read_marked(value, shape, callback)
    mark = value.keys.find { |key| key.start_with?("$") }
    case mark
    when "$callback"
      @callables.find(value, callback || (shape.is_a?(Hash) ? shape["callback"] : nil))
    when "$file" then open_file(value[mark])
    when "$handle" then @handles.by_number(value["number"] || value[mark])
    when "$bytes" then [value[mark]].pack("H*")
    when "$text" then [value[mark]].pack("H*").force_encoding(Encoding::UTF_8)
    when "$integer" then Integer(value[mark])
    when "$double" then { "nan" => Float::NAN, "inf" => Float::INFINITY }.fetch(value[mark]) { -Float::INFINITY }
    end
  end

  def read_shaped(value, shape)
    if shape.key?("list") && value.is_a?(Array)
      value.map { |one| read(one, shape["list"]) }
    elsif shape.key?("map") && value.is_a?(Hash)
      value.transform_values { |one| read(one, shape["map"]) }
    elsif shape.key?("record") && value.is_a?(Hash)
      fields = shape["record"].to_h { |name, one| [name, read(value[name], one)] }
      shape["as"] == "map" ? fields : fields.values
    else
      read(value)
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

  def stands_for_nil?(shape)
    shape.is_a?(Hash) && (shape.key?("empty") || shape.key?("found") ||
                          (shape.key?("record") && shape["as"] == "value"))
  end

  # A value by its own type.
  def write_plain(value)
    case value
    when Array then value.map { |one| write_plain(one) }
    when Hash then value.to_h { |name, one| [write_key(name), write_plain(one)] }
    when nil, true, false then value
    when Integer then INTEGERS.cover?(value) ? value : { "$integer" => value.to_s }
    when Float then value.finite? ? value : { "$double" => value.to_s.downcase.sub("infinity", "inf") }
    when String then bytes?(value) ? write_bytes(value) : write_text(value)
    when Symbol then write_text(value.to_s)
    else @handles.handle?(value) ? @handles.write(value) : { "$object" => value.class.name }
    end
  end

  def bytes?(value)
    value.encoding == Encoding::BINARY && @text_encoding != Encoding::BINARY
  end

  def write_bytes(value)
    { "$bytes" => value.unpack1("H*") }
  end

  # Keys of maps are text in JSON.
  def write_key(name)
    text = write_text(name.to_s)
    text.is_a?(String) ? text : text["$text"]
  end

  def write_shaped(value, shape)
    return write_parts(value, shape) if shape.is_a?(Hash)

    case shape
    when "bytes" then write_bytes(value)
    when "switch" then [true, false].include?(value) ? (value ? 1 : 0) : write_plain(value)
    when "file"
      IO.for_fd(value).close
      { "$file" => nil }
    else write_plain(value)
    end
  end

  # A value that is made of others, by the one word that says how.
  def write_parts(value, shape)
    word = PARTS.find { |one| shape.key?(one) }
    raise Mismatch unless word

    send("write_#{word.tr('-', '_')}", value, shape[word], shape)
  end

  def write_list(value, item, _shape)
    raise Mismatch unless value.is_a?(Array)

    value.map { |one| write(one, item) }
  end

  def write_map(value, _item, _shape)
    value.to_h { |name, one| [write_key(name), write_plain(one)] }
  end

  def write_record(value, fields, shape)
    case shape["as"]
    when "value"
      name = fields.keys.find { |one| fits?(value, fields[one]) } || fields.keys.first
      { name => write(value, fields[name]) }
    when "object"
      shape["attributes"].to_h { |name, reader| [name, write(value.public_send(reader), fields[name])] }
    when "list"
      raise Mismatch unless value.is_a?(Array) && value.size == fields.size

      write_fields(fields.keys.zip(value).to_h, fields)
    else
      keys = shape.fetch("keys", {}).invert
      write_fields(value.transform_keys { |key| keys.fetch(key, key) }, fields)
    end
  end

  # The fields of a hash; those of which only the presence counts are left out.
  def write_fields(value, fields)
    shapes = (value.keys - fields.keys).to_h { |name| [name, nil] }.merge(fields)
    shapes.select { |name, one| value.key?(name) && !%w[null filled].include?(one) }
          .reject { |name, one| one == "bytes" && value[name].nil? } # nothing was read
          .to_h { |name, one| [name, write(value[name], one)] }
  end

  def write_records(value, fields, shape)
    value.map do |name, rest|
      rest = shape.key?("value") ? { shape["value"] => rest } : rest
      write_fields({ shape["key"] => name }.merge(rest), fields)
    end
  end

  def write_tagged(value, words, shape)
    value.map { |word, one| { shape["key"] => Integer(words.key(word)), shape["value"] => write_plain(one) } }
  end

  def write_scaled(value, item, shape)
    write(value * shape["by"], item)
  end

  def write_merged(value, parts, _shape)
    others, rest = value.partition { |name, _one| parts["with"].key?(name) }.map(&:to_h)
    others.to_h { |name, one| [name, write(one, parts["with"][name])] }
          .merge(parts["field"] => write(rest, parts["into"]))
  end

  def write_found(value, item, shape)
    found = !value.nil?
    return { shape["by"] => found }.merge(found ? write(value, item) : {}) if shape.key?("by")

    found ? write(value, item) : nil
  end

  def write_zeroed(value, item, _shape)
    write(value, item)
  end

  # Lists by the other of two keys.
  def write_transposed(value, item, _shape)
    value.values.map { |one| Array(one) }.transpose.flatten.map { |one| write(one, item) }
  end

  # A list by its places.
  def write_indexed(value, item, _shape)
    value.values.map { |one| write(one, item) }
  end

  # Objects with the readers of a record, and one besides.
  def write_zipped(value, lists, _shape)
    lists.transform_values do |readers|
      value.map do |one|
        next write_plain(one.public_send(readers)) unless readers.is_a?(Hash)

        readers.transform_values { |reader| write_plain(one.public_send(reader)) }
      end
    end
  end

  def write_reader(value, reader, shape)
    write(value.public_send(reader), shape["of"])
  end

  def write_returned_failure(value, item, _shape)
    write(value, item)
  end

  # Whether a value may be of this shape, among several.
  def fits?(value, shape)
    value.is_a?({ "integer" => Integer, "text" => String, "bytes" => String }.fetch(shape.to_s, Object))
  end
end
