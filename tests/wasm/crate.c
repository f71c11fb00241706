// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the tests of the Rust crate mini-alloc demand (edge_cases, vec_test, vec_test_loop,
// vec_test_overallocate; OffchainLabs/stylus-sdk-rs, mini-alloc/tests/misc.rs), in our words.
// Each returns 0, or the line of the first demand that was not met.

#include <mini_alloc.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define DEMAND(condition)              \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

enum { PAGE = 65536, ENOUGH_PAGES = 32768 };

static uintptr_t pages(void) {
  return __builtin_wasm_memory_size(0);
}

static uintptr_t next(size_t size) {
  return (uintptr_t)mini_alloc(size, 1);
}

static uintptr_t room_for(size_t size, size_t align) {
  return (uintptr_t)mini_alloc(size, align);
}

// The first pages, one at a time: nothing bumps for nothing, a page is filled to its last byte
// before memory grows, and it grows by what is needed.
static int exact_pages(void) {
  DEMAND(pages() == 1);
  uintptr_t start = next(0);
  DEMAND(start != 0 && start == next(0));
  DEMAND(pages() == 1);
  DEMAND(next(PAGE - start) == start);
  DEMAND(pages() == 1);
  DEMAND(next(1) == PAGE);
  DEMAND(pages() == 2);
  DEMAND(next(PAGE - 1) == PAGE + 1);
  DEMAND(pages() == 2);
  DEMAND(next(4 * PAGE) == 2 * PAGE);
  DEMAND(pages() == 6);
  return 0;
}

// Sizes of every order, by the crate's random numbers, until there are 2 GiB.
EXPORT(edge_cases) int edge_cases(void) {
  int failed = exact_pages();
  if (failed) return failed;
  uintptr_t random = 0;
  while (pages() < ENOUGH_PAGES) {
    random = random * 1664525 + 1013904223;
    uintptr_t left_of_address_space = -next(0);
    uintptr_t size = random % 4 == 0   ? random % 1024
                     : random % 4 == 1 ? random % PAGE
                     : random % 4 == 2 ? next(pages() * PAGE - next(0))
                                       : random % (PAGE * 200);
    uintptr_t end = next(0);
    uintptr_t block = next(size < left_of_address_space ? size : left_of_address_space);
    DEMAND(block == end);
    DEMAND(block < pages() * PAGE || size == 0);
  }
  return 0;
}

EXPORT(vec_test) int vec_test(void) {
  uintptr_t first = room_for(700, 1), second = room_for(65536, 1), third = room_for(700000, 1);
  uintptr_t word = room_for(4, 4), byte = room_for(1, 1), half = room_for(2, 2);
  DEMAND(first != 0 && first + 700 == second && second + 65536 == third);
  DEMAND(word % 4 == 0 && word >= third + 700000 && word < third + 700004);
  DEMAND(word + 4 == byte && byte + 2 == half);
  return 0;
}

// Each block begins where the one before ended, from 1 byte to 4 MiB.
EXPORT(vec_test_loop) int vec_test_loop(void) {
  uintptr_t size = 1, block = room_for(size, 1);
  for (int i = 0; i < 22; i++) {
    uintptr_t larger = room_for(2 * size, 1);
    DEMAND(block + size == larger);
    block = larger;
    size *= 2;
  }
  return 0;
}

// The crate's allocation fails, and Rust panics; ours returns NULL, and goes on.
EXPORT(vec_test_overallocate) int vec_test_overallocate(void) {
  DEMAND(room_for(0xFFFFFFFF, 1) == 0);
  DEMAND(room_for(1, 1) != 0);
  return 0;
}
