# SPDX-License-Identifier: LGPL-2.1-or-later
# Faults: bindings broken on purpose, allocations that fail, daemons that die.

allocator := $(BUILD)/faults/allocator.so
allocator_sources := tests/conformance/faults/allocator.c tests/conformance/faults/blocks.c

# Preloaded before a sanitizer's library is: it is built without.
$(allocator): $(allocator_sources) $(wildcard tests/conformance/faults/*.h)
	@mkdir -p $(@D)
	$(CC) -O2 -g -std=c11 -D_GNU_SOURCE $(WARNINGS) -fPIC -fvisibility=hidden -shared -o $@ \
	    $(allocator_sources) -lpthread -ldl

# The headers are valgrind's, so this is built only where it is wanted.
leak_check := $(BUILD)/faults/leak_check.so

$(leak_check): tests/conformance/faults/leak_check.c
	@mkdir -p $(@D)
	$(CC) -O2 -g -std=c11 $(WARNINGS) -fPIC -shared -o $@ $<

faults_built = conformance reference stand-in $(languages) $(allocator)

check-conformance-faults: $(faults_built) ## break bindings, allocations, daemons
	@mkdir -p $(BUILD)/results
	tests/conformance/faults/run --summary $(BUILD)/results/conformance-faults --build $(BUILD) \
	    $(TESTS)

build-asan:
	$(asan_make) generator
	$(asan_make) conformance reference stand-in $(languages)

# Python itself is not built with the sanitizers, so their library is preloaded.
check-conformance-asan: build-asan ## play the conformance suite with sanitizers
	@mkdir -p $(BUILD)/results
	tests/conformance/faults/checked --build $(BUILD)/asan \
	    --sanitizer $$($(CC) -print-file-name=libasan.so) \
	    --summary $(BUILD)/results/conformance-asan

# Takes ten minutes; not among the tests.
check-conformance-valgrind: $(faults_built) $(leak_check) ## play the conformance suite's leg driver under valgrind
	tests/conformance/faults/checked --build $(BUILD) --valgrind $(leak_check)

.PHONY: build-asan check-conformance-faults check-conformance-asan check-conformance-valgrind
