# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

module Libvirt
  # Besides libvirt's own calls: as much of an IO as IO.copy_stream needs, at both ends. They are
  # for blocking streams; at the end, finish tells whether all has arrived.
  class Stream
    CHUNK = 262_120
    private_constant :CHUNK

    # What is there, at most so many bytes.
    def readpartial(maxlen, buffer = nil)
      _, data = recv(maxlen)
      raise EOFError, "end of stream reached" if data.empty? && maxlen.positive?

      buffer ? buffer.replace(data) : data
    end

    # So many bytes, fewer at the end and nil behind it; without a length all that come.
    def read(length = nil)
      data = "".b
      until data.bytesize == length
        count, piece = recv([length ? length - data.bytesize : CHUNK, CHUNK].min)
        break if count.zero?

        data << piece
      end
      data.empty? && length&.positive? ? nil : data
    end

    # All of it.
    def write(*texts)
      texts.sum do |text|
        data = text.to_s.b
        rest = data
        until rest.empty?
          count = send(rest)
          raise AgainError, "the stream takes no more just now" if count == -2

          rest = rest.byteslice(count..)
        end
        data.bytesize
      end
    end
  end
end
