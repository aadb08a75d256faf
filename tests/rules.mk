# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of what no language owns; those of a language are in its folder.

unit_tests := $(patsubst generator/tests/%_test.c,$(BUILD)/tests/%_test,$(wildcard generator/tests/*_test.c))
unit_objects = $(filter-out %/generator/main.o,$(generator_objects))

check-generator: generator $(unit_tests) ## run the tests of the generator
	@mkdir -p $(BUILD)/results
	@rm -f $(BUILD)/results/*
	@status=0; for test in $(unit_tests); do \
	    echo "$$test: $$($$test)" || status=1; done; exit $$status
	tests/generator/run --summary $(BUILD)/results/generator --build $(BUILD) $(TESTS)

$(BUILD)/tests/%_test: $(BUILD)/objects/generator/tests/%_test.o \
    $(BUILD)/objects/generator/tests/expect.o $(unit_objects)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(generator_libraries)

# Fuzzing needs clang's libFuzzer; FUZZ_SECONDS each. The corpus that grew out of it is run with all
# tests, by whatever compiler.
FUZZ_SECONDS ?= 60
fuzz: ## fuzz the readers of descriptions and notes
	@tests/fuzz/run $(BUILD)/fuzz $(FUZZ_SECONDS)

matrix: python ## try the very same Python modules on Debian 12, 13 and sid, in fresh roots
	@tests/matrix $(BUILD)/python

demo: python ## list, define, start and watch domains on libvirt's test driver
	PYTHONPATH=$(BUILD)/python $(PYTHON) bindings/python/examples/demo.py

bench: python ## measure, beside C and the established bindings
	bench/run $(BUILD)
	bench/generator $(BUILD)/libvirt-bindgen

check-asan: ## run the tests with address and undefined-behaviour sanitizers
	$(MAKE) BUILD=$(BUILD)/asan WERROR=1 CFLAGS="-O1 -g -fno-omit-frame-pointer \
	    -fsanitize=address,undefined -fno-sanitize-recover=undefined" check-generator
	$(MAKE) check-python-asan

-include $(unit_tests:$(BUILD)/tests/%=$(BUILD)/objects/generator/tests/%.d)

.PHONY: check-generator fuzz matrix demo bench check-asan
