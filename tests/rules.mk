# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of what no language owns; those of a language are in its folder.

unit_tests := $(patsubst generator/tests/%_test.c,$(BUILD)/tests/%_test,$(wildcard generator/tests/*_test.c))
unit_objects = $(filter-out %/generator/main.o,$(generator_objects))

fuzz_targets := descriptions notes
fuzz_tests := $(fuzz_targets:%=$(BUILD)/tests/fuzz-%)

check-generator: generator $(unit_tests) $(fuzz_tests) ## run the tests of the generator
	@mkdir -p $(BUILD)/results
	@status=0; for test in $(unit_tests); do \
	    echo "$$test: $$($$test)" || status=1; done; exit $$status
	@for target in $(fuzz_targets); do \
	    $(BUILD)/tests/fuzz-$$target tests/fuzz/corpus/$$target/* tests/bad/* \
	        > $(BUILD)/tests/fuzz-$$target.log 2>&1 || \
	        { tail -30 $(BUILD)/tests/fuzz-$$target.log; exit 1; }; done
	tests/generator/run --summary $(BUILD)/results/generator --build $(BUILD) $(TESTS)

$(BUILD)/tests/%_test: $(BUILD)/objects/generator/tests/%_test.o \
    $(BUILD)/objects/generator/tests/expect.o $(unit_objects)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(generator_libraries)

# The corpus of the fuzzing targets, with sanitizers whatever else is built without them.
sanitize := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
fuzz_objects = $(patsubst $(BUILD)/objects/%,$(BUILD)/sanitized/%,$(filter-out \
    %/main.o,$(generator_objects))) $(BUILD)/sanitized/tests/fuzz/target.o \
    $(BUILD)/sanitized/tests/fuzz/corpus.o

$(BUILD)/tests/fuzz-%: $(BUILD)/sanitized/tests/fuzz/%.o $(fuzz_objects)
	@mkdir -p $(@D)
	$(CC) $(sanitize) -o $@ $^ $(generator_libraries)

$(BUILD)/sanitized/generator/backends.o: $(BUILD)/objects/generator/backends.c
	@mkdir -p $(@D)
	$(CC) $(sanitize) $(generator_flags) -c -o $@ $<

$(BUILD)/sanitized/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(sanitize) $(generator_flags) -DGOLDEN='"$(CURDIR)/tests/golden"' -c -o $@ $<

# Fuzzing needs clang's libFuzzer; FUZZ_SECONDS each.
FUZZ_SECONDS ?= 60
fuzz: ## fuzz the readers of descriptions and notes
	@tests/fuzz/run $(BUILD)/fuzz $(FUZZ_SECONDS)

matrix: python ## try the very same Python modules on Debian 12, 13 and sid, in fresh roots
	@tests/matrix $(BUILD)/python

demo: $(languages:%=demo-%) ## list, define, start and watch domains on libvirt's test driver

bench: all ## measure, beside C and the established bindings
	bench/run $(BUILD)
	bench/generator $(BUILD)/libvirt-bindgen

# Builds and tests all anew with sanitizers; a language's rules say how its tests run with them.
asan_flags := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
    -fno-sanitize-recover=undefined
asan_make = $(MAKE) --no-print-directory BUILD=$(BUILD)/asan CFLAGS="$(asan_flags)"

check-generator-asan: ## run the tests of the generator with sanitizers
	$(asan_make) check-generator

-include $(fuzz_objects:.o=.d) $(unit_tests:$(BUILD)/tests/%=$(BUILD)/objects/generator/tests/%.d)

.PHONY: check-generator check-generator-asan fuzz matrix demo bench
