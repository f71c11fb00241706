// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Address arithmetic: pure, and without a single call, so that the text which runs in wasm is the
// text that the native tests drive to its limits.
//
// `word` is an address or a count of bytes. It is as wide as a pointer of the target; the native
// tests make it 32 bits wide to meet the end of a 4 GiB memory, where an end address is 0.
// Everything below is right modulo 2^width: compare distances, never sums.
#ifndef MINI_ALLOC_ARITHMETIC_H
#define MINI_ALLOC_ARITHMETIC_H

#include <stdbool.h>
#include <stdint.h>

#ifndef MINI_ALLOC_WORD
#define MINI_ALLOC_WORD uintptr_t
#endif
typedef MINI_ALLOC_WORD word;

#define PAGE_BITS 16
#define PAGE_SIZE ((word)1 << PAGE_BITS)

// Bytes from `at` up to the next multiple of `align`, a power of two.
static inline word padding(word at, word align) {
  return -at & (align - 1);
}

// Not __builtin_popcount: where instructions are paid for, it is the dearest of the integer ones.
static inline bool is_power_of_two(word n) {
  return n != 0 && (n & (n - 1)) == 0;
}

// 0 if `align` is a power of two and no larger than a page. Bits instead of a truth value, to be
// joined with others: a compiler turns truth values that are joined into branches.
static inline word odd_alignment(word align) {
  word mask = align - 1;
  return (align & mask) | (mask >> PAGE_BITS);
}

// Whole pages that hold `bytes`, which is at least 1; up to one page more than `word` can address.
static inline word pages_for(word bytes) {
  return ((bytes - 1) >> PAGE_BITS) + 1;
}

#endif
