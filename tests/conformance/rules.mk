# SPDX-License-Identifier: LGPL-2.1-or-later
# The driver of the conformance suite, and its own tests.

conformance := $(BUILD)/conformance/conformance
conformance_sources := $(wildcard tests/conformance/driver/*.c)
conformance_page := $(wildcard tests/conformance/driver/page.*)
conformance_objects := $(conformance_sources:%.c=$(BUILD)/objects/%.o) \
    $(BUILD)/objects/tests/conformance/driver/page_parts.o \
    $(BUILD)/objects/tests/stand-in/control.o \
    $(BUILD)/objects/generator/base.o $(BUILD)/objects/generator/text.o
conformance_flags = -std=c11 -D_GNU_SOURCE $(WARNINGS) -Igenerator -Itests/conformance/driver \
    -Itests/stand-in -MMD -MP $(shell pkg-config --cflags json-c)

conformance: $(conformance) ## build the driver of the conformance suite

$(conformance): $(conformance_objects)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs json-c)

$(BUILD)/objects/tests/conformance/driver/%.o: tests/conformance/driver/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(conformance_flags) -c -o $@ $<

$(BUILD)/objects/tests/stand-in/%.o: tests/stand-in/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(conformance_flags) -c -o $@ $<

# The parts of the page as C text: page.css becomes page_css.
$(BUILD)/objects/tests/conformance/driver/page_parts.c: $(filter-out %.c,$(conformance_page)) \
    tests/conformance/rules.mk
	@mkdir -p $(@D)
	@{ echo '#include "page_parts.h"'; \
	   for file in $(filter-out %.mk,$^); do \
	       echo "const char $$(basename $$file | tr . _)[] ="; \
	       sed 's/\\/\\\\/g; s/"/\\"/g; s/^/    "/; s/$$/\\n"/' $$file; echo ';'; \
	   done; } > $@

$(BUILD)/objects/tests/conformance/driver/page_parts.o: \
    $(BUILD)/objects/tests/conformance/driver/page_parts.c
	$(CC) $(CFLAGS) $(conformance_flags) -c -o $@ $<

conformance_languages := $(patsubst bindings/%/conformance/command,%,$(wildcard bindings/*/conformance/command))

check-conformance: conformance reference stand-in $(conformance_languages) ## play the conformance suite: all legs, all languages
	@mkdir -p $(BUILD)/results
	tests/conformance/run --build $(BUILD) --summary $(BUILD)/results/conformance \
	    --html $(BUILD)/conformance.html --junit $(BUILD)/conformance.xml $(CONFORMANCE)

# The languages whose established binding can be played.
check-conformance-established: conformance reference $(conformance_languages) ## play the conformance suite's cases with the established bindings
	@mkdir -p $(BUILD)/results
	tests/conformance/run --established --build $(BUILD) \
	    --summary $(BUILD)/results/conformance-established $(CONFORMANCE)

check-conformance-driver: conformance ## run the tests of the conformance suite's driver
	@mkdir -p $(BUILD)/results
	tests/conformance/tests/run --summary $(BUILD)/results/conformance-driver --build $(BUILD) \
	    $(TESTS)

check-conformance-driver-asan: ## run the tests of the conformance suite's driver with sanitizers
	$(asan_make) check-conformance-driver

-include $(conformance_objects:.o=.d)

.PHONY: conformance check-conformance check-conformance-established check-conformance-driver check-conformance-driver-asan
