// SPDX-License-Identifier: MIT OR Apache-2.0
//
// edge_cases, the test of the Rust crate mini-alloc (OffchainLabs/stylus-sdk-rs,
// mini-alloc/tests/misc.rs), as a measure: what the crate's README publishes is the gas of this
// test, for alloc and for alloc_zeroed. The demands that the test makes are left out, since only a
// mini-alloc meets them; tests/wasm/crate.c has them.
//
// It wants a memory that starts with one page and may grow to 4 GiB, and for each export an
// instance of its own. 0, or 1 if it was refused memory.
//
// Sizes follow from addresses and from how far memory has grown, so allocators are not asked for
// the same: where memory grows no further than it must, as in the crate, there are 82 requests, 40
// of them for nothing, and 3.4 GB in all. mini-alloc, growing by an eighth, meets 78 and 2.1 GB
// (with MINI_ALLOC_GROW_EXACT it is the 82); dlmalloc and emmalloc 82; mimalloc, which grows in
// large steps, 22 and 2.7 GB.
//
// With WITH_MINI_ALLOC the requests go to mini_alloc, with alignment 1 as in the crate; otherwise
// to malloc and calloc, which align to 8 or more, and where one for nothing takes a block too.
#include <emscripten/emscripten.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef MINI_ALLOC_INLINED
#include "../mini_alloc.c"
#elif defined WITH_MINI_ALLOC
#include <mini_alloc.h>
#endif

enum { PAGE = 65536, ENOUGH_PAGES = 32768 };

static inline uintptr_t pages(void) {
  return __builtin_wasm_memory_size(0);
}

// The address, by way of an instruction that is none, lest a compiler leaves out the request.
static inline __attribute__((always_inline)) uintptr_t next(bool zeroed, size_t size) {
#ifdef WITH_MINI_ALLOC
  void *block = zeroed ? mini_alloc_zeroed(size, 1) : mini_alloc(size, 1);
#else
  void *block = zeroed ? calloc(1, size) : malloc(size);
#endif
  __asm__ volatile("" : "+r"(block) : : "memory");
  return (uintptr_t)block;
}

static inline __attribute__((always_inline)) int edge_cases(bool zeroed) {
  uintptr_t start = next(zeroed, 0);
  next(zeroed, 0);
  next(zeroed, pages() * PAGE - start);  // the rest of the page
  uintptr_t first = next(zeroed, 1);
  next(zeroed, pages() * PAGE - (first + 1));
  next(zeroed, 4 * PAGE);

  uintptr_t random = 0;
  bool refused = false;
  while ((pages() < ENOUGH_PAGES) & !refused) {
    random = random * 1664525 + 1013904223;
    uintptr_t left_of_address_space = -next(zeroed, 0);
    uintptr_t size = random % 4 == 0   ? random % 1024
                     : random % 4 == 1 ? random % PAGE
                     : random % 4 == 2 ? next(zeroed, pages() * PAGE - next(zeroed, 0))
                                       : random % (PAGE * 200);
    refused |= !next(zeroed, size < left_of_address_space ? size : left_of_address_space);
  }
  return refused;
}

EMSCRIPTEN_KEEPALIVE int edge_cases_alloc(void) {
  return edge_cases(false);
}

EMSCRIPTEN_KEEPALIVE int edge_cases_alloc_zeroed(void) {
  return edge_cases(true);
}
