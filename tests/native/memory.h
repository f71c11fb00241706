// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A WebAssembly memory for native programs: page n lies at address n << 16, so an address is the
// same number as in wasm. It implements the seam of src/memory.h, and can be told to refuse to
// grow, to grow for others, and to tell a thread of a growth late. Page 0 cannot be had.
#ifndef NATIVE_MEMORY_H
#define NATIVE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "../../src/memory.h"

// AddressSanitizer keeps the addresses from 0x7fff8000 up for itself.
#if __has_feature(address_sanitizer)
#define MOST_PAGES 0x7fffu
#else
#define MOST_PAGES 65536u
#endif

// A fresh memory of `initial` pages, all zero from `base` up; below it, static data.
void memory_fresh(word initial, word maximum, word base);

// Pages there are, whatever a thread may believe.
word memory_pages(void);

// Refuses `count` growths from the `first`-th from now on, where 1 is the next.
void memory_refuse(unsigned first, unsigned count);

// Growths asked for, and growths refused, since the memory was fresh; pages of the last one asked.
unsigned memory_growths(void);
unsigned memory_refusals(void);
word memory_last_asked(void);

// MINI_ALLOC_RESIZE_HEAP only: every growth adds `pages` more than it was asked for, if it can.
void memory_oversize(word pages);

// Somebody else grows memory. Their pages are full of 0xEE, and writing to them is a crash.
bool memory_grow_others(word pages);

// Is any byte of [start, end) theirs? Have they any page at all?
bool memory_is_others(uint64_t start, uint64_t end);
bool memory_has_others(void);

// Where the pages end that they took last.
uint64_t memory_others_end(void);

// The static data below the heap base is as it was.
bool memory_static_intact(void);

// With lag, memory_size() is what the calling thread has seen: the size when it grew memory last,
// or what it was made to see.
void memory_lag(bool on);
word memory_seen(void);
void memory_see(word pages);

#endif
