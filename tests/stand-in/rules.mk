# SPDX-License-Identifier: LGPL-2.1-or-later
# The stand-in for libvirt's libraries, its ledger, and the vectors that are played on it.

stand_in := $(BUILD)/stand-in
stand_in_libraries := libvirt libvirt-qemu libvirt-lxc libvirt-admin
stand_in_hand := $(patsubst tests/stand-in/%.c,%,$(filter-out tests/stand-in/ledger.c,$(wildcard tests/stand-in/*.c)))
stand_in_flags = -std=c11 -D_GNU_SOURCE $(WARNINGS) -fPIC -Itests/stand-in -I$(stand_in) -I$(BUILD)/common -MMD -MP
# The release of the headers that are installed; 0: there are none.
stand_in_real = $(shell echo LIBVIR_VERSION_NUMBER | $(CC) -E -P -include libvirt/libvirt.h - 2>/dev/null | \
    tail -n 1 | grep -x '[0-9]*' || echo 0)

stand-in: ## build the stand-in for libvirt, its ledger and the vectors
	@$(MAKE) --no-print-directory generator
	@$(MAKE) --no-print-directory $(stand_in)/emitted
	@$(MAKE) $(in_parallel) --no-print-directory $(stand_in_libraries:%=$(stand_in)/%.so.0) $(stand_in)/ledger.so

$(stand_in)/emitted: $(bindgen) $(facts)
	$(call bindgen_run,emit) --only stand-in --output $(BUILD)
	@touch $@

# What the headers have is compiled with them, the rest with our own declarations.
stand_in_main = $(filter-out libvirt-qemu libvirt-lxc libvirt-admin,$(patsubst $(stand_in)/%.c,%,$(wildcard $(stand_in)/*.c)))
stand_in_objects = $(foreach name,$(1),$(stand_in)/objects/real/$(name).o $(stand_in)/objects/own/$(name).o)

$(stand_in)/objects/real/%.o: $(stand_in)/%.c
	@mkdir -p $(@D)
	if [ $(stand_in_real) -eq 0 ]; then echo | $(CC) -x c -c -o $@ -; \
	else $(CC) $(CFLAGS) $(stand_in_flags) -DSTAND_IN_REAL_HEADERS -c -o $@ $<; fi

$(stand_in)/objects/own/%.o: $(stand_in)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(stand_in_flags) -DSTAND_IN_REAL_VERSION=$(stand_in_real) -c -o $@ $<

$(stand_in)/objects/%.o: tests/stand-in/%.c
	@mkdir -p $(@D)
	real=$(stand_in_real); $(CC) $(CFLAGS) $(stand_in_flags) -DSTAND_IN_REAL_VERSION=$$real \
	    $$([ $$real -eq 0 ] || echo -DSTAND_IN_REAL_HEADERS) -c -o $@ $<

stand_in_link = $(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(@F) -Wl,--version-script=$(@:.so.0=.map) \
    -Wl,-Bsymbolic -Wl,-z,defs -o $@ $(filter %.o %.so.0,$^) -lpthread -lm

$(stand_in)/libvirt.so.0: $(stand_in_hand:%=$(stand_in)/objects/%.o) $(call stand_in_objects,$(stand_in_main)) \
    $(stand_in)/libvirt.map
	$(stand_in_link)

$(stand_in)/libvirt-%.so.0: $(stand_in)/objects/real/libvirt-%.o $(stand_in)/objects/own/libvirt-%.o \
    $(stand_in)/libvirt.so.0 $(stand_in)/libvirt-%.map
	$(stand_in_link)

# Preloaded before a sanitizer's library is.
$(stand_in)/ledger.so: tests/stand-in/ledger.c tests/stand-in/control.c tests/stand-in/control.h tests/stand-in/ledger.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fno-sanitize=all -std=c11 -D_GNU_SOURCE $(WARNINGS) -fPIC \
	    -fvisibility=hidden -shared -o $@ $(filter %.c,$^) -lpthread -ldl

check-stand-in: stand-in ## run the tests of the stand-in
	@mkdir -p $(BUILD)/results
	tests/generator/run --folder tests/stand-in --summary $(BUILD)/results/stand-in --build $(BUILD) $(TESTS)

-include $(wildcard $(stand_in)/objects/*.d $(stand_in)/objects/*/*.d)

.PHONY: stand-in check-stand-in
