# SPDX-License-Identifier: LGPL-2.1-or-later
# build/conformance/reference, in a make of its own that sees what has been emitted; see
# reference.mk. Libvirt's admin library is loaded when it is needed.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:

program := $(BUILD)/conformance/reference
objects := $(BUILD)/conformance/objects
by_hand := $(wildcard tests/conformance/reference/*.c)
generated := $(wildcard $(BUILD)/reference/*.c)
all_objects := $(by_hand:tests/conformance/reference/%.c=$(objects)/by-hand/%.o) \
    $(generated:$(BUILD)/reference/%.c=$(objects)/generated/%.o)
libraries := libvirt libvirt-qemu libvirt-lxc json-c
flags := -std=c11 -D_GNU_SOURCE $(WARNINGS) -MMD -MP -Itests/conformance/reference \
    -I$(BUILD)/reference $(shell pkg-config --cflags $(libraries))

$(program): $(all_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(libraries)) -ldl -lm

$(objects)/by-hand/%.o: tests/conformance/reference/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(flags) -c -o $@ $<

$(objects)/generated/%.o: $(BUILD)/reference/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(flags) -c -o $@ $<

-include $(all_objects:.o=.d)
