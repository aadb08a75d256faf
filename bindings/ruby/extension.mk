# SPDX-License-Identifier: LGPL-2.1-or-later
# Ruby's extension out of the runtime and the emitted glue. Called by rules.mk, once the generator
# has run.

MAKEFLAGS += --no-builtin-rules

out := $(BUILD)/ruby
generated := $(out)/generated
objects := $(out)/objects

runtime := $(filter-out bindings/ruby/emit%,$(wildcard bindings/ruby/*.c)) \
    $(wildcard bindings/ruby/overrides/*.c bindings/common/*.c)
emitted := $(wildcard $(generated)/*.c $(BUILD)/common/*.c)
library_objects := $(runtime:%.c=$(objects)/%.o) $(emitted:$(BUILD)/%.c=$(objects)/emitted/%.o)

configured = $(shell $(RUBY) -rrbconfig -e 'print RbConfig::CONFIG["$(1)"]')
# Ruby's own headers are not clean under every warning, nor for every standard.
flags := -std=gnu11 -D_GNU_SOURCE -fPIC -fvisibility=hidden $(WARNINGS) -Wno-unused-parameter -Werror=implicit-function-declaration -MMD -MP \
    -isystem $(call configured,rubyhdrdir) -isystem $(call configured,rubyarchhdrdir) \
    -Ibindings/ruby -Ibindings/common -I$(BUILD)/common -I$(generated) \
    -DPACKAGE_VERSION='"$(VERSION)"'
# Ruby's exceptions leave by jumps that the sanitizer does not see, and its marks of frames would stay.
unmarked_frames = $(if $(findstring -fsanitize=address,$(CFLAGS)),--param asan-stack=0)
library := $(shell cd bindings/ruby/lib && find . -name '*.rb')
files := $(out)/_libvirt.so $(library:./%=$(out)/%) $(out)/manifest.json \
    $(out)/documentation.rb $(out)/sig/libvirt.rbs $(out)/sig/by_hand.rbs

all: $(files)

$(out)/_libvirt.so: $(library_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ -ldl

$(out)/manifest.json $(out)/documentation.rb: $(out)/%: $(generated)/%
	cp $< $@

$(out)/sig/libvirt.rbs: $(generated)/libvirt.rbs
	@mkdir -p $(@D)
	cp $< $@

$(out)/sig/%.rbs: bindings/ruby/sig/%.rbs
	@mkdir -p $(@D)
	cp $< $@

$(out)/%.rb: bindings/ruby/lib/%.rb
	@mkdir -p $(@D)
	cp $< $@

$(objects)/emitted/%.o: $(BUILD)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(unmarked_frames) $(flags) -c -o $@ $<

$(objects)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(unmarked_frames) $(flags) -c -o $@ $<

-include $(library_objects:.o=.d)

.PHONY: all
.SECONDARY:
