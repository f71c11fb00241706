// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The allocator with its private words open, on the memory of memory.h. Its C names are renamed:
// in a file that includes this, `malloc` is ours, and the host keeps its own.
#ifndef NATIVE_HEAP_H
#define NATIVE_HEAP_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define malloc mini_malloc
#define calloc mini_calloc
#define realloc mini_realloc
#define free mini_free
#define memalign mini_memalign
#define aligned_alloc mini_aligned_alloc
#define posix_memalign mini_posix_memalign
#define reallocarray mini_reallocarray
#define malloc_trim mini_malloc_trim
#define sbrk mini_sbrk
#define brk mini_brk
#define emscripten_get_sbrk_ptr mini_get_sbrk_ptr
#define __libc_malloc mini_libc_malloc
#define __libc_calloc mini_libc_calloc
#define __libc_realloc mini_libc_realloc
#define __libc_free mini_libc_free

#include "../../src/mini_alloc.c"
#include "memory.h"

#define WORD_MAX ((word)-1)
#define WORD_BITS (sizeof(word) * 8)

// Can memory end where addresses do? Not through emscripten_resize_heap.
#ifdef MINI_ALLOC_RESIZE_HEAP
#define REACHES_THE_END 0
#else
#define REACHES_THE_END (MOST_PAGES == 65536)
#endif

// ---- threads, simulated ------------------------------------------------------------------------
// The private words of each are swapped in and out, so that one thread of the host plays many, one
// after the other, and every run is the same.

#define INSTANCES (THREADS ? 3 : 1)

typedef struct instance {
  word room, limit, region, last_block, last_end, seen;
} instance;

static instance instances[INSTANCES];
static unsigned current_instance;

static instance instance_now(void) {
  return (instance){room, limit, region, last_block, last_end, memory_seen()};
}

static void set_instance(instance to) {
  room = to.room;
  limit = to.limit;
  region = to.region;
  last_block = to.last_block;
  last_end = to.last_end;
  memory_see(to.seen);
}

static inline void switch_instance(unsigned to) {
  instances[current_instance] = instance_now();
  set_instance(instances[to]);
  current_instance = to;
}

// A heap that has not started, in a memory of its own.
static void reset_heap(word initial, word maximum, word base) {
  memory_fresh(initial, maximum, base);
  the_break = base;
  known_end = NOT_KNOWN;
  current_instance = 0;
  for (unsigned i = 0; i < INSTANCES; i++)
    instances[i] = (instance){.seen = initial};
  set_instance(instances[0]);
}

// ---- invariants --------------------------------------------------------------------------------

// The end of something, where 2^32 is written 0.
static uint64_t end_of(word end) {
  return end == 0 && WORD_BITS == 32 ? (uint64_t)1 << 32 : end;
}

static bool all_zero(uint64_t start, uint64_t end) {
  const unsigned char *bytes = (const unsigned char *)(uintptr_t)start;
  return start >= end || (bytes[0] == 0 && memcmp(bytes, bytes + 1, end - start - 1) == 0);
}

static const char *broken_instance(instance i, uint64_t dirty) {
  if (i.region == 0) return NULL;  // not started
  uint64_t end = end_of(i.limit), bump = end - i.room;
  if (bump < heap_base() || bump > end) return "I1: heap base <= bump pointer <= limit";
  if (i.limit % PAGE_SIZE != 0) return "I1: the limit is a multiple of the page size";
  if (end > (uint64_t)memory_pages() << PAGE_BITS) return "I1: the limit is within memory";
  if (end_of(the_break) < end) return "I7: the break is never below the limit";
  uint64_t last = dirty > bump + 256 ? dirty : bump + 256;
  if (!all_zero(bump, last < end ? last : end))
    return "I4: zero from the bump pointer to the limit";
  return NULL;
}

// Says which invariant does not hold, or NULL. Nothing at `dirty` or above was ever given out, so
// only a sample is taken from there.
static const char *broken_invariant(uint64_t dirty) {
  instances[current_instance] = instance_now();
  for (unsigned i = 0; i < INSTANCES; i++) {
    const char *broken = broken_instance(instances[i], dirty);
    if (broken) return broken;
  }
  if (the_break != 0 && the_break < heap_base()) return "I1: the break is below the heap base";
  uint64_t end = (uint64_t)memory_pages() << PAGE_BITS;
  if (end_of(the_break) > end) return "the break is within memory";
  if (known_end != NOT_KNOWN && known_end % PAGE_SIZE != 0) return "memory ends where a page does";
  if (!LIBC_HAS_SBRK && known_end != NOT_KNOWN && end_of(the_break) > end_of(known_end))
    return "the break is below the known end";
  if (!memory_static_intact()) return "I1: nothing below the heap base is written";
  return NULL;
}

#endif
