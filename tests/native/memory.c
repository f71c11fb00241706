// SPDX-License-Identifier: MIT OR Apache-2.0
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { STATIC_BYTE = 0xDD, OTHERS_BYTE = 0xEE, MOST_SPANS = 256 };

typedef struct span {
  uint64_t start, end;
} span;

static struct {
  bool busy;
  bool lagging;
  word pages, maximum, base;
  word oversize, last_asked;
  unsigned growths, refusals;
  unsigned refuse_first, refuse_count;
  unsigned spans;
  span others[MOST_SPANS];
} memory;

static _Thread_local word seen;

static void *page_address(word page) {
  return (void *)((uintptr_t)page << PAGE_BITS);
}

static void allow(word from, word to, int rights) {
  if (from == to) return;
  if (mprotect(page_address(from), (size_t)(to - from) << PAGE_BITS, rights) != 0) {
    perror("mprotect");
    exit(2);
  }
}

static void reserve(word from, word to, int how) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | how;
  size_t bytes = (size_t)(to - from) << PAGE_BITS;
  if (mmap(page_address(from), bytes, PROT_NONE, flags, -1, 0) != page_address(from)) {
    perror("mmap");
    exit(2);
  }
  madvise(page_address(from), bytes, MADV_NOHUGEPAGE);
}

static void lock(void) {
  while (__atomic_exchange_n(&memory.busy, true, __ATOMIC_ACQUIRE)) {
  }
}

static void unlock(void) {
  __atomic_store_n(&memory.busy, false, __ATOMIC_RELEASE);
}

// ---- what tests do to it -----------------------------------------------------------------------

void memory_fresh(word initial, word maximum, word base) {
  static bool reserved;
  if (initial > maximum || maximum > MOST_PAGES || base >> PAGE_BITS > initial) {
    fprintf(stderr, "no such memory: %ju of %ju pages\n", (uintmax_t)initial, (uintmax_t)maximum);
    exit(2);
  }
  if (!reserved)
    reserve(1, MOST_PAGES, MAP_FIXED_NOREPLACE);
  else if (memory.pages > 1)
    reserve(1, memory.pages, MAP_FIXED);
  reserved = true;
  memset(&memory, 0, sizeof memory);
  memory.pages = seen = initial;
  memory.maximum = maximum;
  memory.base = base;
  allow(1, initial, PROT_READ | PROT_WRITE);
  memset(page_address(base >> PAGE_BITS), STATIC_BYTE, base & (PAGE_SIZE - 1));
}

word memory_pages(void) {
  return __atomic_load_n(&memory.pages, __ATOMIC_RELAXED);
}

void memory_refuse(unsigned first, unsigned count) {
  memory.refuse_first = memory.growths + first;
  memory.refuse_count = count;
}

unsigned memory_growths(void) {
  return memory.growths;
}

unsigned memory_refusals(void) {
  return memory.refusals;
}

word memory_last_asked(void) {
  return memory.last_asked;
}

void memory_oversize(word pages) {
  memory.oversize = pages;
}

bool memory_static_intact(void) {
  const unsigned char *bytes = page_address(memory.base >> PAGE_BITS);
  size_t size = memory.base & (PAGE_SIZE - 1);
  return size == 0 || (bytes[0] == STATIC_BYTE && memcmp(bytes, bytes + 1, size - 1) == 0);
}

// ---- others ------------------------------------------------------------------------------------

bool memory_grow_others(word pages) {
  lock();
  word old = memory.pages;
  bool granted = pages <= memory.maximum - old && memory.spans < MOST_SPANS;
  if (granted && pages > 0) {
    allow(old, old + pages, PROT_READ | PROT_WRITE);
    memset(page_address(old), OTHERS_BYTE, (size_t)(pages < 16 ? pages : 16) << PAGE_BITS);
    allow(old, old + pages, PROT_READ);
    memory.others[memory.spans++] =
        (span){(uint64_t)old << PAGE_BITS, ((uint64_t)old + pages) << PAGE_BITS};
    __atomic_store_n(&memory.pages, old + pages, __ATOMIC_RELAXED);
  }
  unlock();
  return granted;
}

bool memory_is_others(uint64_t start, uint64_t end) {
  for (unsigned i = 0; i < memory.spans; i++) {
    if (start < memory.others[i].end && memory.others[i].start < end) return true;
  }
  return false;
}

bool memory_has_others(void) {
  return memory.spans > 0;
}

uint64_t memory_others_end(void) {
  return memory.spans > 0 ? memory.others[memory.spans - 1].end : 0;
}

// ---- lag ---------------------------------------------------------------------------------------

void memory_lag(bool on) {
  memory.lagging = on;
}

word memory_seen(void) {
  return seen;
}

void memory_see(word pages) {
  seen = pages;
}

// ---- the seam ----------------------------------------------------------------------------------

word heap_base(void) {
  return memory.base;
}

word memory_size(void) {
  return memory.lagging ? seen : memory_pages();
}

#ifdef MINI_ALLOC_RESIZE_HEAP

// As emscripten_resize_heap: never the last page of 4 GiB, and often more than it was asked for.
static word pages_to_add(word pages) {
  word most = memory.maximum < 65535 ? memory.maximum : 65535;
  if (memory.pages >= most || pages > most - memory.pages) return REFUSED;
  word left = most - memory.pages - pages;
  return pages + (memory.oversize < left ? memory.oversize : left);
}

word memory_gained(word old, word pages) {
  (void)pages;
  return memory.pages - old;
}

#else

static word pages_to_add(word pages) {
  return pages > memory.maximum - memory.pages ? REFUSED : pages;
}

word memory_gained(word old, word pages) {
  (void)old;
  return pages;
}

#endif

// By nothing: never refused, and not counted, but it makes a thread look.
static word look(void) {
  return seen = memory_pages();
}

word memory_grow(word pages) {
  if (pages == 0) return look();
  lock();
  unsigned number = memory.growths++;
  word old = memory.pages, added = pages_to_add(pages);
  memory.last_asked = pages;
  if (memory.refuse_count > 0 && number + 1 >= memory.refuse_first &&
      number + 1 - memory.refuse_first < memory.refuse_count)
    added = REFUSED;
  if (added == REFUSED) {
    memory.refusals++;
    old = REFUSED;
  } else {
    allow(old, old + added, PROT_READ | PROT_WRITE);
    __atomic_store_n(&memory.pages, old + added, __ATOMIC_RELAXED);
    seen = old + added;
  }
  unlock();
  return old;
}
