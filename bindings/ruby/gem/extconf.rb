# frozen_string_literal: true

# SPDX-License-Identifier: LGPL-2.1-or-later

require "mkmf"

# All is there already: neither libvirt's headers nor its library are needed to build this.
folders = %w[ruby ruby/overrides common generated]
$INCFLAGS = "#{folders.map { |folder| "-I$(srcdir)/#{folder}" }.join(' ')} #{$INCFLAGS}"
$VPATH.concat(folders.map { |folder| "$(srcdir)/#{folder}" })
$srcs = folders.flat_map { |folder| Dir.glob(File.join(__dir__, folder, "*.c")) }
$objs = $srcs.map { |source| "#{File.basename(source, '.c')}.o" }
$CFLAGS = "#{$CFLAGS} -std=gnu11 -D_GNU_SOURCE -fvisibility=hidden -Wno-declaration-after-statement"
$defs << "-DPACKAGE_VERSION=\\\"#{File.read(File.join(__dir__, 'version')).strip}\\\""
have_library("dl")
create_makefile("_libvirt")
