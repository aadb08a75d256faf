# SPDX-License-Identifier: LGPL-2.1-or-later
# Ruby: build/ruby is ready to be used with ruby -I.

RUBY ?= ruby

# What is missing to build it, in words; nothing where all is there.
missing_ruby = $(RUBY) -e 'require "rbconfig"; \
    (RUBY_VERSION.split(".").map(&:to_i) <=> [3, 1]) < 0 and (puts "Ruby 3.1 or newer is needed, this is \#{RUBY_VERSION}"; exit); \
    File.exist?(File.join(RbConfig::CONFIG["rubyhdrdir"], "ruby.h")) or \
    puts "ruby.h is missing: install ruby-dev (Debian, Ubuntu) or ruby-devel (Fedora)"' \
    2>/dev/null || echo "there is no $(RUBY): install ruby and ruby-dev (Debian, Ubuntu) or ruby and ruby-devel (Fedora)"

# In a make of its own, which sees what has been emitted.
build-ruby: generator
	@$(MAKE) $(in_parallel) --no-print-directory -f bindings/ruby/extension.mk BUILD=$(BUILD) CC="$(CC)" \
	    CFLAGS="$(CFLAGS)" LDFLAGS="$(LDFLAGS)" WARNINGS="$(WARNINGS)" RUBY="$(RUBY)" \
	    VERSION=$(VERSION)

check-ruby: ruby ## run the tests of Ruby; TESTS=… chooses some
	@mkdir -p $(BUILD)/results
	$(RUBY) bindings/ruby/test/run.rb --build $(BUILD)/ruby \
	    --summary $(BUILD)/results/ruby $(TESTS)

# Ruby itself is not built with the sanitizers, so their library is loaded before it.
check-ruby-asan: ## run the tests of Ruby with sanitizers
	$(asan_make) ruby
	@mkdir -p $(BUILD)/results
	$(RUBY) bindings/ruby/test/run.rb --build $(BUILD)/asan/ruby \
	    --sanitizer $$($(CC) -print-file-name=libasan.so) \
	    --summary $(BUILD)/results/ruby-asan $(TESTS)

dist-ruby: ruby ## make Ruby's gems, one of sources and one for this platform
	$(RUBY) bindings/ruby/gem/build.rb $(BUILD) $(VERSION)

demo-ruby: ruby
	@for name in list_domains define_and_start lifecycle_events domain_statistics; do \
	    echo "-- bindings/ruby/examples/$$name.rb"; \
	    $(RUBY) -I$(BUILD)/ruby bindings/ruby/examples/$$name.rb test:///default || exit 1; done

install-ruby:
	@missing=$$($(missing_ruby)); if [ -z "$$missing" ]; then \
	    libraries=$(DESTDIR)$$($(RUBY) -rrbconfig -e 'print RbConfig::CONFIG["vendorlibdir"].sub(RbConfig::CONFIG["prefix"], ARGV[0])' $(PREFIX)); \
	    extensions=$(DESTDIR)$$($(RUBY) -rrbconfig -e 'print RbConfig::CONFIG["vendorarchdir"].sub(RbConfig::CONFIG["prefix"], ARGV[0])' $(PREFIX)); \
	    documents=$(DESTDIR)$(PREFIX)/share/doc/libvirt-bindings-ruby; \
	    $(INSTALL) -d $$libraries/libvirt $$extensions $$documents/examples && \
	    $(INSTALL) -m 644 bindings/ruby/lib/libvirt.rb $$libraries/ && \
	    $(INSTALL) -m 644 bindings/ruby/lib/libvirt/*.rb $$libraries/libvirt/ && \
	    $(INSTALL) -m 755 $(BUILD)/ruby/_libvirt.so $$extensions/ && \
	    $(INSTALL) -m 644 bindings/ruby/README.md $$documents/ && \
	    $(INSTALL) -m 644 bindings/ruby/examples/*.rb $$documents/examples/; \
	else echo "ruby: not installed: $$missing" >&2; fi

.PHONY: check-ruby-asan dist-ruby demo-ruby install-ruby
