// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The seam: everything the allocator knows of the world outside. The native tests put a memory of
// their own behind it, which can be told to refuse.
//
//   memory_size()            pages there are now. With threads it may lag behind a growth that
//                            another thread made.
//   memory_grow(pages)       adds that many pages; returns the size before, or REFUSED with
//                            nothing changed.
//   memory_gained(old, n)    pages that a memory_grow(n) which returned `old` has added: n or more.
//   heap_base()              the first address after static data and stack.
//   PRIVATE(name)            defines a word that each thread has for itself.
//   require_shared_memory()  makes the link fail where memory is not shared.
#ifndef MINI_ALLOC_MEMORY_H
#define MINI_ALLOC_MEMORY_H

#include "arithmetic.h"

#define REFUSED ((word)-1)

// Memory is shared with -pthread, and with -sWASM_WORKERS, which does not define _REENTRANT.
#if defined _REENTRANT || defined __EMSCRIPTEN_SHARED_MEMORY__
#define THREADS 1
#else
#define THREADS 0
#endif

#ifdef __wasm__

// A WebAssembly global instead of a word in linear memory: cheaper to read (225 ink against 670)
// and to write (575 against 825), and there is one per instance, hence one per thread. Not static,
// because clang (14, 19 and 21) then fails to compile it with -fPIC; nor declared hidden, for the
// same reason. The assembler may say so: a main module of dynamic linking that exports everything
// shall not export it. The dot keeps the symbol apart from every C name.
#define PRIVATE(name)                                                              \
  __asm__(".hidden mini_alloc." #name);                                            \
  extern __attribute__((address_space(1))) word name __asm__("mini_alloc." #name); \
  __attribute__((address_space(1))) word name

extern unsigned char __heap_base;

static inline word heap_base(void) {
  return (word)&__heap_base;
}
#define INITIAL_BREAK ((word)&__heap_base)

static inline word memory_size(void) {
  return __builtin_wasm_memory_size(0);
}

#if THREADS
// wasm-ld defines __tls_size where memory is shared, and only there. Without it, it would link an
// object that was compiled with -pthread into any program.
static inline void require_shared_memory(void) {
  __asm__ volatile("" : : "r"(__builtin_wasm_tls_size()));
}
#endif

#ifdef MINI_ALLOC_RESIZE_HEAP
#if THREADS
#error "MINI_ALLOC_RESIZE_HEAP is for one thread: leave it away with -pthread"
#endif

// Through Emscripten's own growth, which honors ABORTING_MALLOC, the growth-step settings and
// GROWABLE_ARRAYBUFFERS, and may add more pages than it was asked for. Its argument is in bytes:
// it can not ask for the last page of a full address space.
int emscripten_resize_heap(size_t size);

static inline word memory_grow(word pages) {
  word old = memory_size();
  if (old + pages > ~(word)0 >> PAGE_BITS) return REFUSED;
  return emscripten_resize_heap((old + pages) << PAGE_BITS) ? old : REFUSED;
}
static inline word memory_gained(word old, word pages) {
  (void)pages;
  return memory_size() - old;
}

#else

static inline word memory_gained(word old, word pages) {
  (void)old;
  return pages;
}

static inline word memory_grow(word pages) {
  word old = __builtin_wasm_memory_grow(0, pages);
#ifdef __EMSCRIPTEN__
  // Emscripten's JavaScript holds views of the memory, which every growth detaches. Not told of a
  // refusal: where memory is fixed, 6.0.5 with assertions aborts the program for it.
  void emscripten_notify_memory_growth(size_t index);
  if (old != REFUSED) emscripten_notify_memory_growth(0);
#endif
  return old;
}

#endif  // MINI_ALLOC_RESIZE_HEAP

#else  // native: the tests

#define PRIVATE(name) static _Thread_local word name
#define INITIAL_BREAK 0
static inline void require_shared_memory(void) {}

word heap_base(void);
word memory_size(void);
word memory_grow(word pages);
word memory_gained(word old, word pages);

#endif  // __wasm__
#endif
