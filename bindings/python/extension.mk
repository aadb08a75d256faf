# SPDX-License-Identifier: LGPL-2.1-or-later
# Python's extension files out of the runtime and the emitted glue. Called by rules.mk, once the
# generator has run.

MAKEFLAGS += --no-builtin-rules

out := $(BUILD)/python
generated := $(out)/generated
objects := $(out)/objects
forwards := libvirt_admin libvirt_lxc libvirt_qemu libvirtmod libvirtmod_lxc libvirtmod_qemu

runtime := $(filter-out bindings/python/emit%,$(wildcard bindings/python/*.c)) \
    $(wildcard bindings/python/overrides/*.c bindings/common/*.c)
emitted := $(wildcard $(generated)/*.c $(BUILD)/common/*.c)
library_objects := $(runtime:%.c=$(objects)/%.o) $(emitted:$(BUILD)/%.c=$(objects)/emitted/%.o)

include_folder := $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')
flags := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden $(WARNINGS) -MMD -MP \
    -I$(include_folder) -Ibindings/python -Ibindings/common -I$(BUILD)/common -I$(generated) \
    -DPACKAGE_VERSION='"$(VERSION)"'
modules := $(out)/libvirt.abi3.so $(forwards:%=$(out)/%.abi3.so) $(out)/libvirtaio.py $(out)/manifest.json

all: $(modules)

$(out)/libvirt.abi3.so: $(library_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ -ldl

$(out)/%.abi3.so: $(objects)/forward/%.o
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^

$(out)/manifest.json: $(generated)/manifest.json
	cp $< $@

$(out)/%.py: bindings/python/%.py
	cp $< $@

$(objects)/forward/%.o: bindings/python/forward/module.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(flags) -DMODULE=$* -c -o $@ $<

$(objects)/emitted/%.o: $(BUILD)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(flags) -c -o $@ $<

$(objects)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(flags) -c -o $@ $<

-include $(library_objects:.o=.d) $(forwards:%=$(objects)/forward/%.d)

.PHONY: all
.SECONDARY:
