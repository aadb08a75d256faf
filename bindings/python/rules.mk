# SPDX-License-Identifier: LGPL-2.1-or-later
# Python: build/python is ready to be used as PYTHONPATH.

PYTHON ?= python3

# What is missing to build it, in words; nothing where all is there.
missing_python = $(PYTHON) -c 'import os, sys, sysconfig; \
    sys.version_info >= (3, 11) or print("Python 3.11 or newer is needed, this is", sys.version.split()[0]) or sys.exit(); \
    os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")) or \
    print("Python.h is missing: install python3-dev (Debian, Ubuntu) or python3-devel (Fedora)")' \
    2>/dev/null || echo "there is no $(PYTHON): install python3 and python3-dev (Debian, Ubuntu) or python3-devel (Fedora)"

# In a make of its own, which sees what has been emitted.
build-python: generator
	@$(MAKE) $(in_parallel) --no-print-directory -f bindings/python/extension.mk BUILD=$(BUILD) CC="$(CC)" \
	    CFLAGS="$(CFLAGS)" LDFLAGS="$(LDFLAGS)" WARNINGS="$(WARNINGS)" PYTHON="$(PYTHON)" \
	    VERSION=$(VERSION)

check-python: python conformance ## run the tests of Python; TESTS=… chooses some
	@mkdir -p $(BUILD)/results
	$(PYTHON) bindings/python/tests/run.py --build $(BUILD)/python \
	    --summary $(BUILD)/results/python $(TESTS)

# Python itself is not built with the sanitizers, so their library is loaded before it.
check-python-asan: ## run the tests of Python with sanitizers
	$(asan_make) python
	@mkdir -p $(BUILD)/results
	$(PYTHON) bindings/python/tests/run.py --build $(BUILD)/asan/python \
	    --sanitizer $$($(CC) -print-file-name=libasan.so) \
	    --summary $(BUILD)/results/python-asan $(TESTS)

demo-python: python
	@for name in list_domains define_and_start lifecycle_events domain_statistics; do \
	    echo "-- bindings/python/examples/$$name.py"; \
	    PYTHONPATH=$(BUILD)/python $(PYTHON) bindings/python/examples/$$name.py \
	        test:///default || exit 1; done

install-python:
	@missing=$$($(missing_python)); if [ -z "$$missing" ]; then \
	    folder=$(DESTDIR)$$($(PYTHON) -c 'import sys, sysconfig; \
	        print(sysconfig.get_path("platlib", vars=dict.fromkeys(("base", "platbase"), sys.argv[1])))' \
	        $(PREFIX)); \
	    $(INSTALL) -d $$folder && \
	    $(INSTALL) -m 755 $(BUILD)/python/*.so $$folder/ && \
	    $(INSTALL) -m 644 $(BUILD)/python/*.py $$folder/ && \
	    $(INSTALL) -d $(DESTDIR)$(PREFIX)/share/doc/libvirt-bindings-python/examples && \
	    $(INSTALL) -m 644 bindings/python/README.md \
	        $(DESTDIR)$(PREFIX)/share/doc/libvirt-bindings-python/ && \
	    $(INSTALL) -m 644 bindings/python/examples/*.py \
	        $(DESTDIR)$(PREFIX)/share/doc/libvirt-bindings-python/examples/; \
	else echo "python: not installed: $$missing" >&2; fi

.PHONY: install-python check-python-asan demo-python
