# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the generator, then every language whose runtime is there. The rules of each part stand in
# its folder: generator/rules.mk, tests/rules.mk, bindings/LANG/rules.mk.

VERSION := 12.8.0
BUILD ?= build
PREFIX ?= /usr/local
CC ?= cc
CFLAGS ?= -O2 -g
# WERROR=1 turns warnings into errors.
WARNINGS := -Wall -Wextra $(if $(WERROR),-Werror)
# libvirt's own description, where it is installed.
API_INSTALLED ?= /usr/share/libvirt/api
INSTALL := install

languages := $(patsubst bindings/%/rules.mk,%,$(wildcard bindings/*/rules.mk))

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:

# For makes of their own, which compile one thing alone; where -j is given, that holds.
in_parallel = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

all: generator $(languages:%=try-%) ## build the generator and every language whose runtime is there

help: ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

include generator/rules.mk
include tests/rules.mk
include tests/conformance/rules.mk
include tests/conformance/reference.mk
include tests/stand-in/rules.mk
include tests/conformance/faults/rules.mk
include $(wildcard bindings/*/rules.mk)

# A missing runtime is named by MISSING_lang, an expression of the language's rules that is empty where
# all is there. It stops the language alone, and `make LANG`, `make check`.
define language_rules
try-$(1): generator
	@missing=$$$$($$(missing_$(1))); if [ -n "$$$$missing" ]; then \
	    echo "$(1): left out: $$$$missing" >&2; \
	else $$(MAKE) --no-print-directory build-$(1); fi
$(1): generator
	@missing=$$$$($$(missing_$(1))); if [ -n "$$$$missing" ]; then \
	    echo "$(1): $$$$missing" >&2; exit 1; fi
	@$$(MAKE) --no-print-directory build-$(1)
.PHONY: try-$(1) $(1) build-$(1) check-$(1)
endef
$(foreach language,$(languages),$(eval $(call language_rules,$(language))))

# Many of them wait for guests most of the time, so two run side by side; what one prints is shown when
# it is done. All is built before, the longest begin, the conformance suite's table comes last.
side_by_side = $(MAKE) --no-print-directory --keep-going -j2 --output-sync=target

check: ## run all tests
	@rm -rf $(BUILD)/results
	@status=0; $(MAKE) --no-print-directory --keep-going $(faults_built) || status=1; \
	$(side_by_side) $(addprefix check-,conformance-established $(languages) conformance-faults \
	    conformance-driver generator reference stand-in) || status=1; \
	$(MAKE) --no-print-directory check-conformance || status=1; \
	tests/summary $(BUILD)/results || status=1; exit $$status

check-asan: ## run the tests of the languages and the conformance suite with sanitizers
	@status=0; $(MAKE) --no-print-directory build-asan || status=1; \
	$(side_by_side) $(addprefix check-,$(addsuffix -asan,$(languages) conformance)) || status=1; \
	exit $$status

install: all $(languages:%=install-%) install-generator ## install under DESTDIR and PREFIX

clean: ## remove all that was built
	rm -rf $(BUILD)

.PHONY: all help check check-asan install clean
