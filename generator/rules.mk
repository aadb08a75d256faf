# SPDX-License-Identifier: LGPL-2.1-or-later
# The generator, what it emits for all languages, and the facts it reads.

bindgen := $(BUILD)/libvirt-bindgen
generator_folders := generator $(patsubst %/emit.c,%,$(wildcard bindings/*/emit.c))
generator_sources := $(wildcard generator/*.c bindings/*/emit*.c)
# What the stand-in shares with those who write down what it must answer.
shared_sources := tests/stand-in/canonical.c tests/stand-in/grid.c
generator_objects := $(generator_sources:%.c=$(BUILD)/objects/%.o) \
    $(shared_sources:%.c=$(BUILD)/objects/%.o) \
    $(BUILD)/objects/generator/backends.o
generator_flags = -std=c11 -D_GNU_SOURCE $(WARNINGS) -Igenerator -Itests/stand-in -MMD -MP \
    -DBINDGEN_VERSION='"$(VERSION)"' $(shell pkg-config --cflags libxml-2.0)
generator_libraries = $(shell pkg-config --libs libxml-2.0)
backend_names := $(patsubst bindings/%/emit.c,%,$(wildcard bindings/*/emit.c))

# What the generator reads.
facts := $(wildcard api-xml/*) $(wildcard bindings/*/names) $(wildcard $(API_INSTALLED)/*-api.xml)
bindgen_run = $(bindgen) $(1) --facts api-xml --bindings bindings --installed $(API_INSTALLED)

generator: $(BUILD)/emitted ## build the generator and what it writes

$(BUILD)/emitted: $(bindgen) $(facts)
	$(call bindgen_run,emit) --output $(BUILD)
	@touch $@

$(bindgen): $(generator_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(generator_libraries)

$(BUILD)/objects/generator/%.o: generator/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(generator_flags) -c -o $@ $<

$(BUILD)/objects/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(generator_flags) -c -o $@ $<

$(BUILD)/objects/bindings/%.o: bindings/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(generator_flags) -c -o $@ $<

# The languages that are there, as C; rewritten only where that changes, by whichever make is first.
$(BUILD)/objects/generator/backends.c: FORCE
	@mkdir -p $(@D)
	@new=$@.$$$$; \
	{ echo '#include "backend.h"'; \
	   for name in $(backend_names); do echo "extern const struct backend $${name}_backend;"; done; \
	   echo 'const struct backend *const backends[] = {'; \
	   for name in $(backend_names); do echo "    &$${name}_backend,"; done; \
	   echo '    NULL};'; } > $$new; \
	if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi

$(BUILD)/objects/generator/backends.o: $(BUILD)/objects/generator/backends.c
	$(CC) $(CFLAGS) $(generator_flags) -c -o $@ $<

update-api: $(bindgen) ## take the facts of another release: make update-api API_DIR=…
	@[ -n "$(API_DIR)" ] || { echo "update-api: say where: API_DIR=folder with libvirt-api.xml" >&2; \
	    exit 2; }
	-$(bindgen) diff api-xml $(API_DIR) --facts api-xml
	$(bindgen) facts --api $(API_DIR) --output api-xml
	rm -f api-xml/.generated
	@echo "Now make plan: it stops where a note is missing; docs/new-libvirt-release.md says more."

plan: $(bindgen) ## write the plan as text, which changes are reviewed by
	$(bindgen) dump --facts api-xml --installed none > $(BUILD)/libvirt.plan
	cp $(BUILD)/libvirt.plan api-xml/libvirt.plan

install-generator: generator
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	$(INSTALL) -m 755 $(bindgen) $(DESTDIR)$(PREFIX)/bin/
	$(INSTALL) -m 644 generator/libvirt-bindgen.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/share/libvirt-bindgen/api-xml
	$(INSTALL) -m 644 api-xml/* $(DESTDIR)$(PREFIX)/share/libvirt-bindgen/api-xml/
	for file in bindings/*/names; do \
	    $(INSTALL) -D -m 644 $$file $(DESTDIR)$(PREFIX)/share/libvirt-bindgen/$$file; done

-include $(generator_objects:.o=.d)

FORCE:
.PHONY: generator update-api plan install-generator FORCE
