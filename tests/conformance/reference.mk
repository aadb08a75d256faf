# SPDX-License-Identifier: LGPL-2.1-or-later
# The runner of C, which the languages are compared with: what the generator writes for it and what
# is written by hand, with the installed libvirt.

reference := $(BUILD)/conformance/reference

reference: $(reference) ## build the runner of C

# In a make of its own, which sees what has been emitted.
$(reference): $(BUILD)/reference/emitted FORCE
	@missing=$$($(missing_reference)); if [ -n "$$missing" ]; then \
	    echo "reference: $$missing" >&2; exit 1; fi
	@$(MAKE) $(in_parallel) --no-print-directory -f tests/conformance/reference/program.mk BUILD=$(BUILD) \
	    CC="$(CC)" CFLAGS="$(CFLAGS)" LDFLAGS="$(LDFLAGS)" WARNINGS="$(WARNINGS)" $@

# What is missing to build it, in words.
missing_reference = for library in libvirt libvirt-qemu libvirt-lxc libvirt-admin json-c; do \
    pkg-config --exists $$library || { \
    echo "$$library is missing: install libvirt-dev and libjson-c-dev (Debian, Ubuntu) or" \
    "libvirt-devel and json-c-devel (Fedora)"; break; }; done

$(BUILD)/reference/emitted: $(bindgen) $(facts)
	$(call bindgen_run,emit) --only reference --output $(BUILD)
	@touch $@

check-reference: $(reference) ## run the tests of the runner of C
	@mkdir -p $(BUILD)/results
	tests/conformance/reference/test_reference.py --reference $(reference) \
	    --summary $(BUILD)/results/reference $(TESTS)

check-reference-asan: ## run the tests of the runner of C with sanitizers
	$(asan_make) check-reference

.PHONY: reference check-reference check-reference-asan
