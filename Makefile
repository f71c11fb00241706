# mini-alloc: a bump allocator for WebAssembly
#
# SYNOPSIS
#   make [TARGET] [EMCC=emcc] [PREFIX=/usr/local] [PORT=8000] [V=1]
#
# EXAMPLES
#   make lib                              the archives, in build/ (another folder: BUILD=)
#   make lib EMCC=~/emsdk/upstream/emscripten/emcc
#   make test                             everything that can be tested
#   make test TESTS=tests/wasm/family.test.js
#   make test EMSCRIPTEN=all              also on the Emscriptens of two newer Debians, side by side
#   make test EMSCRIPTEN='~/a/emcc ~/b/emcc'
#   make demo                             the page, at http://localhost:8000
#   make cost                             ink, time, pages and bytes of every allocator
#   make install PREFIX=$HOME/.local
#
# REQUIREMENTS
#   make lib: Emscripten 3.1.6 or newer, nothing else. The other targets: Node 20.19 or newer with
#   npm; for `make test` clang, lld and llvm with their runtimes, wasi-libc, cmake, pkg-config, wabt
#   and Chromium; for `make lint` clang-format, clang-tidy, cppcheck and shellcheck. What is missing
#   is installed by apt-get as root on Debian, and named elsewhere.

EMCC ?= emcc
EMAR ?= $(patsubst %emcc,%emar,$(EMCC))
CC_NATIVE ?= clang
NODE ?= node
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
TESTS ?=
EMSCRIPTEN ?=
TOOLCHAINS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/mini-alloc/toolchains
PORT ?= 8000
BUILD := build
V ?= 0

# ---- nothing is meant to be changed below this line ----------------------------------------------

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
SHELL := /bin/sh
Q := $(if $(filter 1,$(V)),,@)

export EMCC EMAR CC_NATIVE NODE BUILD
unexport EMSCRIPTEN # to Emscripten's own tools it would be a path

VERSION := $(shell sed -n 's/.*"version": "\(.*\)".*/\1/p' package.json)
SOURCES := src/mini_alloc.c $(wildcard src/*.h) include/mini_alloc.h

.PHONY: help
help: ## this list
	@echo "mini-alloc $(VERSION)"
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'
	@echo "Variables: EMCC=$(EMCC) PREFIX=$(PREFIX) PORT=$(PORT) FUZZ_SECONDS=$(FUZZ_SECONDS) V=1 (show commands)"

# ---- the archives --------------------------------------------------------------------------------
# Position-independent, which costs nothing once linked, so one archive serves main modules of
# dynamic linking too. Native objects, as Emscripten's own: under -flto calls to malloc may appear
# after the linker has chosen its members. -fno-builtin: no clang shall see through malloc here.

LIBRARIES := mini_alloc mini_alloc-mt mini_alloc-resize mini_alloc-memoryprofiler mini_alloc-trace
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-align -Wundef -Wvla
CFLAGS_LIB := -std=c11 $(WARNINGS) -O2 -fPIC -fno-builtin -fno-lto -Iinclude
FLAGS_mini_alloc :=
FLAGS_mini_alloc-mt := -pthread
FLAGS_mini_alloc-resize := -DMINI_ALLOC_RESIZE_HEAP
FLAGS_mini_alloc-memoryprofiler := -D__EMSCRIPTEN_TRACING__=1
FLAGS_mini_alloc-trace := -DMINI_ALLOC_TRACE
ARCHIVES := $(LIBRARIES:%=$(BUILD)/lib%.a)

.PHONY: lib
lib: $(ARCHIVES) ## the archives build/libmini_alloc*.a
	@for a in $(ARCHIVES); do echo "$$a"; done

$(ARCHIVES): $(BUILD)/lib%.a: $(BUILD)/obj/%.o
	$(Q)rm -f $@
	$(Q)$(EMAR) rcs $@ $<

$(BUILD)/obj/%.o: $(SOURCES) $(BUILD)/emcc-version
	$(Q)mkdir -p $(@D)
	$(Q)$(EMCC) $(CFLAGS_LIB) $(FLAGS_$*) -c src/mini_alloc.c -o $@

# Changes when the compiler does, so that another EMCC never meets old objects. Two makes may be at
# it at once, as some tests install.
$(BUILD)/emcc-version: FORCE
	$(Q)mkdir -p $(@D)
	$(Q).ci/need $(EMCC)=emscripten
	$(Q)all=$$($(EMCC) --version) && echo "$$all" | sed -n 1p > $@.$$$$ && \
	if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi
FORCE:

# ---- install -------------------------------------------------------------------------------------

INSTALL_TO = $(DESTDIR)$(PREFIX)

.PHONY: install
install: lib ## headers, archives, port, CMake module and pkg-config files below PREFIX
	$(Q)mkdir -p $(addprefix $(INSTALL_TO)/,include lib/cmake/mini_alloc lib/pkgconfig share/mini_alloc/src share/mini_alloc/include)
	$(Q)cp include/mini_alloc.h $(INSTALL_TO)/include/
	$(Q)cp $(ARCHIVES) $(INSTALL_TO)/lib/
	$(Q)cp src/mini_alloc.py src/mini_alloc.c src/*.h $(INSTALL_TO)/share/mini_alloc/src/
	$(Q)cp include/mini_alloc.h $(INSTALL_TO)/share/mini_alloc/include/
	$(Q)cp emscripten.cmake $(INSTALL_TO)/lib/cmake/mini_alloc/mini_alloc-config.cmake
	$(Q)sed 's|@VERSION@|$(VERSION)|' src/mini_alloc-config-version.cmake.in \
	  > $(INSTALL_TO)/lib/cmake/mini_alloc/mini_alloc-config-version.cmake
	$(Q)set -e; $(foreach l,$(LIBRARIES), \
	  sed 's|@VERSION@|$(VERSION)|; s|@LIBRARY@|$l|; s|@THREADS@|$(filter -pthread,$(FLAGS_$l))|; s| *$$||' \
	    src/mini_alloc.pc.in > $(INSTALL_TO)/lib/pkgconfig/$l.pc;)
	@echo "installed mini-alloc $(VERSION) in $(INSTALL_TO)"

# ---- Node and its packages -----------------------------------------------------------------------

NODE_IS_OLD := const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019 ? 1 : 0)

.PHONY: node
node:
	$(Q).ci/need $(NODE)=nodejs npm=npm
	$(Q)$(NODE) -e '$(NODE_IS_OLD)' || { \
	  echo "mini-alloc: $(NODE) is too old: Node 20.19 or newer is needed" >&2; exit 1; }

node_modules/.package-lock.json: package.json package-lock.json .npmrc | node
	$(Q)npm ci --ignore-scripts
	$(Q)touch $@

# ---- the demo ------------------------------------------------------------------------------------
# What is built: build/demo/modules and build/demo/examples, which the page has inside; from them
# build/demo/dist, for a web server, and build/demo.html, one file.

PAGE_FILES := $(shell find demo -name build -prune -o -type f ! -name '*.png' -print) $(wildcard demo/build/*.js)
MODULE_FILES := $(SOURCES) $(wildcard demo/*.c demo/engine/log.js demo/build/module*.js) \
  $(wildcard src/*.js src/cost/*.js src/meter/*.js)
EXAMPLE_FILES := $(SOURCES) demo/build/examples.js tests/programs/sqlite.c $(wildcard tests/programs/*.h) \
  $(wildcard demo/formats/*.js src/*.js src/cost/*.js src/trace/*.js)

.PHONY: demo
demo: page ## the demo, at http://localhost:PORT, until Ctrl-C
	$(Q)$(NODE) demo/build/serve.js --port $(PORT)

.PHONY: page
page: build/demo.html ## only builds it: build/demo.html, one file, and build/demo/dist to put online

build/demo.html: $(PAGE_FILES) $(SOURCES) src/trace/format.js \
  build/demo/modules/manifest.json build/demo/examples/sqlite.json
	@echo "building the page"
	$(Q)$(NODE) demo/build/page.js

build/demo/modules/manifest.json: $(MODULE_FILES) build/emcc-version node_modules/.package-lock.json
	@echo "building the demo's modules"
	$(Q)$(NODE) demo/build/modules.js

build/demo/examples/sqlite.json: $(EXAMPLE_FILES) build/emcc-version node_modules/.package-lock.json
	@echo "recording the demo's example (compiles SQLite, half a minute, once)"
	$(Q)$(NODE) demo/build/examples.js

.PHONY: chromium
chromium: node_modules/.package-lock.json
	$(Q)$(NODE) demo/build/browser.js >/dev/null 2>&1 || .ci/need chromium=chromium

.PHONY: picture
picture: page chromium ## the README's pictures of the demo: demo/picture.png and demo/picture-dark.png
	$(Q)$(NODE) demo/build/picture.js

.PHONY: screenshots
screenshots: page chromium ## the pictures that tests of the page compare with: tests/demo/page/screenshots
	$(Q)$(NODE) node_modules/@playwright/test/cli.js test screenshots.spec.js --update-snapshots \
	  -c tests/demo/page/playwright.config.js

# ---- tests ---------------------------------------------------------------------------------------

TEST_TOOLS := $(EMCC)=emscripten $(CC_NATIVE)=clang llvm-cov=llvm llvm-profdata=llvm cmake=cmake \
  pkg-config=pkg-config wat2wasm=wabt wasm-objdump=wabt wasm-ld=lld
WASI_BUILTINS = $(shell $(CC_NATIVE) --print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a
WASI_TOOLS = /usr/lib/wasm32-wasi/libc.a=wasi-libc $(WASI_BUILTINS)=libclang-rt-dev-wasm32

.PHONY: test-tools
test-tools: node
	$(Q).ci/need $(TEST_TOOLS)
	$(Q)ls "$$($(CC_NATIVE) --print-runtime-dir)"/libclang_rt.fuzzer*.a >/dev/null 2>&1 \
	  || .ci/need libclang_rt.fuzzer=libclang-rt-dev
	$(Q).ci/need $(WASI_TOOLS) || echo "mini-alloc: the tests of WASI are skipped" >&2

# Playwright's tests need the page and a browser, the others do not.
PAGE_TESTS := $(if $(TESTS),$(filter %.spec.js,$(TESTS)),all)

# Other Emscriptens: those of newer Debians, which need a root of their own, or any by their path.
SUITES := trixie forky
OTHERS := $(if $(filter all,$(EMSCRIPTEN)),$(SUITES:%=--if-there $(TOOLCHAINS)/%/bin/emcc),$(EMSCRIPTEN:%=--also %))
CANNOT_BE_HAD := 3

.PHONY: toolchains
toolchains: ## the Emscriptens of two newer Debians, in TOOLCHAINS (1 to 3 GB each, kept)
	$(Q).ci/toolchain $(TOOLCHAINS) $(SUITES)

.PHONY: test
test: test-tools lib node_modules/.package-lock.json $(if $(PAGE_TESTS),page chromium) ## all tests; ends with 'N passed, M failed'
	$(Q)$(if $(filter all,$(EMSCRIPTEN)),.ci/toolchain $(TOOLCHAINS) $(SUITES) || [ $$? -eq $(CANNOT_BE_HAD) ])
	$(Q)$(NODE) tests/run.js $(OTHERS) $(TESTS)

.PHONY: size
size: test-tools lib ## bytes of a small module, against the other allocators (WRITE=1: into README)
	$(Q)$(NODE) tests/wasm/size.js $(if $(WRITE),--write)

# What SUITE names: modes (core2), tests (core0.test_sbrk), patterns (core0.*dylink*); all if nothing.
SUITE_TOOLS := $(EMCC)=emscripten /usr/bin/python3=python3 \
  /usr/lib/python3/dist-packages/ply=python3-ply

.PHONY: suite
suite: node lib node_modules/.package-lock.json ## Emscripten's own tests with mini-alloc and with dlmalloc; takes two hours (SUITE=, WRITE=1)
	$(Q).ci/need $(SUITE_TOOLS)
	$(Q)$(NODE) tests/suite/run.js $(if $(JOBS),--jobs $(JOBS)) $(if $(AGAIN),--again) \
	  $(if $(WRITE),--write README.md) $(foreach word,$(SUITE),'$(word)')

.PHONY: modes
modes: ## every way to build, on EMCC and on EMSCRIPTEN (WRITE=1: the table into README)
	$(Q)$(MAKE) --no-print-directory test TESTS="$(wildcard tests/modes/*.test.js)"; outcome=$$?; \
	$(NODE) tests/modes/table.js $(BUILD) $(wildcard build/emscripten/*) $(if $(WRITE),--write) && exit $$outcome

COST_TOOLS := $(EMCC)=emscripten $(NODE)=nodejs

.PHONY: cost
cost: node_modules/.package-lock.json ## what allocation costs with each allocator; also writes the README's table
	$(Q).ci/need $(COST_TOOLS)
	$(Q)$(NODE) src/cli.js cost --workloads all --update README.md

.PHONY: fuzz
fuzz: test-tools ## look for a failing sequence of calls, for FUZZ_SECONDS
	$(Q)$(MAKE) --no-print-directory -f tests/native/native.mk fuzz FUZZ_SECONDS=$(FUZZ_SECONDS)

# ---- lint ----------------------------------------------------------------------------------------

C_FILES := $(shell git ls-files '*.c' '*.cc' '*.cpp' '*.h' 2>/dev/null)
SHELL_FILES := .ci/need .ci/run .ci/toolchain

.PHONY: lint
lint: node_modules/.package-lock.json ## formatting and static analysis; changes nothing
	$(Q).ci/need clang-format=clang-format clang-tidy=clang-tidy cppcheck=cppcheck shellcheck=shellcheck
	clang-format --dry-run --Werror $(C_FILES)
	clang-tidy --quiet src/mini_alloc.c -- -std=c11 -Iinclude
	clang-tidy --quiet src/mini_alloc.c -- -std=c11 -Iinclude -D_REENTRANT
	clang-tidy --quiet src/mini_alloc.c -- -std=c11 -Iinclude --target=wasm32-unknown-unknown
	cppcheck --quiet --force --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	  -Iinclude src/mini_alloc.c
	npx --no-install oxlint src tests demo
	npx --no-install prettier --check .
	npx --no-install tsc --noEmit -p src/jsconfig.json
	npx --no-install tsc --noEmit -p tests/jsconfig.json
	npx --no-install tsc --noEmit -p demo/jsconfig.json
	npx --no-install tsc --noEmit -p demo/build/jsconfig.json
	shellcheck $(SHELL_FILES)

.PHONY: format
format: node_modules/.package-lock.json ## formats everything in place
	$(Q).ci/need clang-format=clang-format
	clang-format -i $(C_FILES)
	npx --no-install prettier --write --log-level warn .

.PHONY: clean
clean: ## removes everything generated
	rm -rf build
