# The fuzzer, called by `make fuzz` from the root of the repository:
#   make -f tests/native/native.mk fuzz FUZZ_SECONDS=60
#
# Two of them, of one thread and of several, side by side on one corpus, which grows from run to
# run. Without AddressSanitizer, which takes the addresses from 2 GiB up for itself; and
# where 4 GiB end, address 0 is one like any other, for a memset of no bytes too.

CC_NATIVE ?= clang
FUZZ_SECONDS ?= 60

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

OUT := build/native
FLAGS := -std=c11 -D_GNU_SOURCE -g -O1 -fno-inline-functions -Iinclude \
  -Wall -Wextra -Werror -Wno-unused-function -mlong-double-64 -DMINI_ALLOC_WORD=uint32_t \
  -fsanitize=fuzzer,undefined -fno-sanitize-recover=all -fno-sanitize=nonnull-attribute
SOURCES := $(wildcard src/*.h src/*.c include/*.h tests/native/*.h tests/native/*.c)

$(OUT)/fuzz: VARIANT :=
$(OUT)/fuzz-mt: VARIANT := -D_REENTRANT
$(OUT)/fuzz $(OUT)/fuzz-mt: $(SOURCES)
	@mkdir -p $(@D)
	@$(CC_NATIVE) $(FLAGS) $(VARIANT) tests/native/memory.c tests/native/fuzz.c -o $@

RUN = $(1) -max_total_time=$(FUZZ_SECONDS) -max_len=1024 -rss_limit_mb=4096 -print_final_stats=1 \
  -artifact_prefix=$(1)- $(OUT)/corpus > $(1).log 2>&1
RUNS = $$(sed -n 's/^stat::number_of_executed_units: *//p' $(1).log)
WHY = grep -a -e '^. call' -e 'ERROR' -e 'runtime error' -e '/src/' -e 'Test unit' $(1).log
FOUND = "fuzz: a sequence fails: see the log in $(OUT)"

.PHONY: fuzz
fuzz: $(OUT)/fuzz $(OUT)/fuzz-mt
	@mkdir -p $(OUT)/corpus
	@$(call RUN,$(OUT)/fuzz-mt) & other=$$!; \
	$(call RUN,$(OUT)/fuzz); one=$$?; \
	wait $$other; other=$$?; \
	if [ $$one -ne 0 ]; then $(call WHY,$(OUT)/fuzz); fi; \
	if [ $$other -ne 0 ]; then $(call WHY,$(OUT)/fuzz-mt); fi; \
	if [ $$one -ne 0 ] || [ $$other -ne 0 ]; then echo $(FOUND); exit 1; fi; \
	echo "fuzz: $(call RUNS,$(OUT)/fuzz) + $(call RUNS,$(OUT)/fuzz-mt) sequences in" \
	  "$(FUZZ_SECONDS) s, corpus of $$(ls $(OUT)/corpus | wc -l), no failure"
