// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reports of what is asked of the allocator, to one of two listeners, or to nobody:
//
//   MINI_ALLOC_TRACE           `mini-alloc trace`, which writes every call to a file
//   __EMSCRIPTEN_TRACING__     Emscripten's --memoryprofiler and --tracing, of malloc's family
//
// Included once, by mini_alloc.c. Each function returns what the call returns.
#ifndef MINI_ALLOC_TRACE_H
#define MINI_ALLOC_TRACE_H

#include <stddef.h>

#include "heap.h"

#ifdef MINI_ALLOC_TRACE
#if THREADS
#error "MINI_ALLOC_TRACE is for one thread: leave it away with -pthread"
#endif

#include <emscripten.h>

// Numbers go to JavaScript as they are, and nothing is allocated there that would come back here.
// Without a recorder the program runs as ever. (No `?.`, which old Emscriptens cannot read.)
// clang-format off
// cppcheck-suppress unknownMacro
EM_JS(int, mini_alloc_trace,
      (int recording, int call, word block, word n, word z, word from, word pages), {
  var record = globalThis["miniAllocTrace"];
  return record ? record(recording, call, block, n, z, from, pages) : 0;
})
// clang-format on

// What the recorder calls this instance.
static int recording;

// Before the first call, wherever a constructor of the program makes it.
static __attribute__((constructor(101))) void begin_trace(void) {
  if (!recording) {
    recording = mini_alloc_trace(0, 'h', heap_base(), ALIGNMENT, 0, 0, memory_size());
  }
}

static inline void report(char call, word block, word n, word z, word from) {
  begin_trace();
  mini_alloc_trace(recording, call, block, n, z, from, memory_size());
}

#else

static inline void report(char call, word block, word n, word z, word from) {
  (void)call, (void)block, (void)n, (void)z, (void)from;
}

#endif

#ifdef __EMSCRIPTEN_TRACING__

#include <emscripten/trace.h>

static inline void profile(void *block, size_t size) {
  if (block) emscripten_trace_record_allocation(block, (int32_t)size);
}
static inline void profile_again(void *old, void *block, size_t size) {
  if (!old)
    profile(block, size);
  else if (block)
    emscripten_trace_record_reallocation(old, block, (int32_t)size);
}
static inline void profile_free(void *block) {
  if (block) emscripten_trace_record_free(block);
}

#else

static inline void profile(void *block, size_t size) {
  (void)block, (void)size;
}
static inline void profile_again(void *old, void *block, size_t size) {
  (void)old, (void)block, (void)size;
}
static inline void profile_free(void *block) {
  (void)block;
}

#endif

static inline void *traced_malloc(void *block, size_t size) {
  profile(block, size);
  report('m', address(block), size, 0, 0);
  return block;
}

static inline void *traced_calloc(void *block, size_t count, size_t size, size_t bytes) {
  profile(block, bytes);
  report('c', address(block), count, size, 0);
  return block;
}

static inline void *traced_realloc(void *old, void *block, size_t size) {
  profile_again(old, block, size);
  report('r', address(block), size, 0, address(old));
  return block;
}

// What is made of mini_alloc has been reported by it.
static inline void *traced_memalign(void *block, size_t size) {
  profile(block, size);
  return block;
}

// No profiler is told of these three.
static inline void *traced_aligned(void *block, size_t size, size_t align) {
  report('a', address(block), size, align, 0);
  return block;
}

static inline uintptr_t traced_mark(uintptr_t mark) {
  report('k', (word)mark, 0, 0, 0);
  return mark;
}

static inline int traced_reset(uintptr_t mark, int outcome) {
  report('x', (word)mark, (word)outcome, 0, 0);
  return outcome;
}

static inline void traced_free(void *block) {
  profile_free(block);
  report('f', 0, 0, 0, address(block));
}

#endif
